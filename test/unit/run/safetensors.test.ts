/** The safetensors format: what is written comes back to the bit, and a hostile file is refused in words. */
import assert from 'node:assert/strict';
import {
  decodeSafetensors,
  encodeSafetensors,
  readSafetensors,
  safetensorsPieces,
} from '../../../src/training/run/safetensors';
import { sharedData } from '../../support/shared-data';

const tensors = {
  'b/kernel': { shape: [2, 3], data: new Float32Array([1, -2, 3.5, Number.NaN, Infinity, 1e-40]) },
  'a/scalar': { shape: [], data: new Float32Array([0.1]) },
  'c/empty': { shape: [0, 4], data: new Float32Array() },
};

/** A file with the header given as JSON and `bytes` bytes of data. */
function fileOf(header: unknown, bytes: number): Uint8Array {
  const json = Buffer.from(typeof header === 'string' ? header : JSON.stringify(header));
  const file = Buffer.alloc(8 + json.length + bytes);
  file.writeBigUInt64LE(BigInt(json.length));
  json.copy(file, 8);
  return file;
}

function entry(shape: number[], begin: number, end: number, dtype = 'F32') {
  return { dtype, shape, data_offsets: [begin, end] };
}

describe('run: safetensors', () => {
  it('gives back names, shapes and every bit', () => {
    const decoded = decodeSafetensors(encodeSafetensors(tensors, { format: 'test' }), 'a file');
    assert.deepEqual(Object.keys(decoded).sort(), Object.keys(tensors).sort());
    for (const [name, { shape, data }] of Object.entries(tensors)) {
      assert.deepEqual(decoded[name]!.shape, shape);
      const bits = ({ buffer, byteOffset, length }: Float32Array) =>
        new Uint32Array(buffer, byteOffset, length);
      assert.deepEqual(bits(decoded[name]!.data), bits(data));
    }
  });

  it('does not depend on the order of the tensors, and aligns the data to eight bytes', () => {
    const forwards = encodeSafetensors(tensors);
    const backwards = encodeSafetensors(Object.fromEntries(Object.entries(tensors).reverse()));
    assert.deepEqual(forwards, backwards);
    assert.equal(Buffer.from(forwards).readBigUInt64LE(0) % 8n, 0n);
  });

  it('makes the same file in pieces', async () => {
    const shapes = Object.fromEntries(Object.entries(tensors).map(([name, { shape }]) => [name, shape]));
    const read = (name: string) => Promise.resolve(tensors[name as keyof typeof tensors].data);
    const pieces: Uint8Array[] = [];
    for await (const piece of safetensorsPieces({ shapes, read }, { format: 'test' })) pieces.push(piece);
    assert.deepEqual(Buffer.concat(pieces), encodeSafetensors(tensors, { format: 'test' }));
  });

  it('reads halves, bfloat16 and doubles of others as float32, and passes over counters of batches', () => {
    const header = {
      half: entry([5], 0, 10, 'F16'),
      brain: entry([2], 10, 14, 'BF16'),
      double: entry([1], 14, 22, 'F64'),
      'norm.num_batches_tracked': entry([], 22, 30, 'I64'),
    };
    const file = Buffer.from(fileOf(header, 30));
    const data = file.subarray(file.length - 30);
    // 1, the largest, the smallest, minus infinity, −2/3 as near as it gets.
    for (const [index, bits] of [0x3c00, 0x7bff, 0x0001, 0xfc00, 0xb955].entries())
      data.writeUInt16LE(bits, 2 * index);
    data.writeUInt16LE(0x3f80, 10);
    data.writeUInt16LE(0xc049, 12);
    data.writeDoubleLE(Math.PI, 14);
    const decoded = decodeSafetensors(file, 'a file', true);
    assert.deepEqual(Object.keys(decoded).sort(), ['brain', 'double', 'half']);
    assert.deepEqual([...decoded['half']!.data], [1, 65504, 2 ** -24, -Infinity, -1365 / 2048]);
    assert.deepEqual([...decoded['brain']!.data], [1, -3.140625]);
    assert.deepEqual([...decoded['double']!.data], [Math.fround(Math.PI)]);
    assert.throws(() => decodeSafetensors(file, 'a file'), /half is F16, and only F32 is supported/);
    const lying = fileOf({ 'x.num_batches_tracked': entry([2], 0, 8, 'I64') }, 8);
    assert.throws(() => decodeSafetensors(lying, 'a file', true), /of shape \[2\] has 8 bytes/);
    const integers = fileOf({ steps: entry([], 0, 8, 'I64') }, 8);
    assert.throws(() => decodeSafetensors(integers, 'a file', true), /only F32, F16, BF16, F64/);
  });

  it('reads tensors that lie at an odd address, and a view of a larger buffer', () => {
    const encoded = encodeSafetensors(tensors);
    const shifted = new Uint8Array(encoded.length + 3);
    shifted.set(encoded, 3);
    assert.deepEqual(decodeSafetensors(shifted.subarray(3), 'a file'), decodeSafetensors(encoded, 'a file'));
    const view = new Float32Array([9, 1, 2, 9]).subarray(1, 3);
    const decoded = decodeSafetensors(encodeSafetensors({ view: { shape: [2], data: view } }), 'a file');
    assert.deepEqual([...decoded['view']!.data], [1, 2]);
  });

  it('keeps a tensor named __proto__ an ordinary tensor', () => {
    const decoded = decodeSafetensors(
      fileOf('{"__proto__":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}', 4),
      'f',
    );
    assert.deepEqual(Object.keys(decoded), ['__proto__']);
    assert.equal(Object.getPrototypeOf(decoded), Object.prototype);
  });

  const hostile: [string, Uint8Array, RegExp][] = [
    ['nothing', new Uint8Array(), /only 0 bytes/],
    ['a header longer than the file', Buffer.from([255, 0, 0, 0, 0, 0, 0, 0, 123]), /claims a header of 255/],
    ['an absurd header', Buffer.from([255, 255, 255, 255, 255, 255, 255, 255]), /claims a header/],
    ['a header that is not JSON', fileOf('{oh', 0), /not JSON/],
    ['a header that is a list', fileOf('[]', 0), /not a JSON object/],
    [
      'a malformed entry',
      fileOf({ t: { dtype: 'F32', shape: [-1], data_offsets: [0, 4] } }, 4),
      /entry of t/,
    ],
    ['fractional offsets', fileOf({ t: entry([1], 0.5, 4.5) }, 8), /entry of t/],
    ['another type', fileOf({ t: entry([1], 0, 2, 'F16') }, 2), /t is F16/],
    ['a shape that is not its bytes', fileOf({ t: entry([2], 0, 4) }, 4), /shape \[2\] has 4 bytes/],
    ['an overflowing shape', fileOf({ t: entry([2 ** 31, 2 ** 31], 0, 4) }, 4), /has 4 bytes/],
    ['data past the end', fileOf({ t: entry([2], 0, 8) }, 4), /where it cannot/],
    ['overlapping tensors', fileOf({ a: entry([1], 0, 4), b: entry([1], 0, 4) }, 4), /b lies at/],
    ['a gap', fileOf({ a: entry([1], 4, 8) }, 8), /a lies at/],
    ['bytes that belong to nothing', fileOf({ a: entry([1], 0, 4) }, 8), /4 bytes at its end/],
  ];
  for (const [what, file, message] of hostile) {
    it(`refuses ${what}`, () => {
      assert.throws(() => decodeSafetensors(file, 'bad.safetensors'), { name: 'LabError', message });
      assert.throws(() => decodeSafetensors(file, 'bad.safetensors'), /^LabError: bad\.safetensors/);
    });
  }

  it('refuses a truncated file, wherever it is cut', () => {
    const whole = encodeSafetensors(tensors);
    for (let length = 0; length < whole.length; length++) {
      assert.throws(
        () => decodeSafetensors(whole.subarray(0, length), 'cut'),
        { name: 'LabError' },
        `${length}`,
      );
    }
  });

  it('reads a file made by others', async function () {
    const weights = await readSafetensors(sharedData(this, 'srgan-generator-x4', 'model.safetensors'));
    assert.ok(Object.keys(weights).length > 20);
  });
});
