/** Drawing samples on request: what a data set would hold, the newest request first, and an answer to each. */
import assert from 'node:assert/strict';
import { Readable, Writable } from 'node:stream';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import sharp from 'sharp';
import { serveSamples } from '../../../src/cli/commands/dataset-sample-serve';
import { decodeImage } from '../../../src/datasets/decode';
import { degrade } from '../../../src/datasets/degrade';
import { encodePng } from '../../../src/datasets/encode';
import { writePng } from '../../../src/datasets/images';
import { SampleServer } from '../../../src/datasets/sample-server';
import { cropImage } from '../../../src/imaging/image';
import { presetStages } from '../../../src/protocol/degradation-presets';
import {
  sampleAnswerSchema,
  type SampleAnswer,
  type SampleRequest,
} from '../../../src/protocol/dataset-sample';
import { temporaryFolders } from '../../support/temporary-folder';

const sha256 = 'a1b2c3d4'.repeat(8);
const plain = { kernel: 'bicubic', convention: 'uint8-symmetric', antialias: true } as const;

function pattern(width: number, height: number) {
  const data = Uint8Array.from(
    { length: width * height * 3 },
    (_, index) => (index * index * 31 + index) % 256,
  );
  return { width, height, data };
}

/** Answers in the order in which they came. */
function serve(): { server: SampleServer; answers: SampleAnswer[] } {
  const answers: SampleAnswer[] = [];
  return { server: new SampleServer((answer) => answers.push(answer)), answers };
}

describe('Samples on request', () => {
  const temporaryFolder = temporaryFolders();
  const request = (image: string, change: Partial<SampleRequest> = {}): SampleRequest => ({
    id: 1,
    image,
    sha256,
    scale: 4,
    degradation: plain,
    crop: { left: 0, top: 0, width: 64, height: 48 },
    ...change,
  });

  async function imageFile(): Promise<string> {
    const path = join(temporaryFolder(), 'hr.png');
    await writePng(path, pattern(64, 48));
    return path;
  }

  it('are what the data set would hold, with what was drawn in words', async () => {
    const { server, answers } = serve();
    const degradation = { ...plain, stages: presetStages('real-esrgan'), seed: 5 };
    server.ask(request(await imageFile(), { degradation }));
    await server.idle();
    const [answer] = answers;
    assert.ok(answer && 'lr' in answer);
    const expected = await degrade(pattern(64, 48), 4, degradation, sha256);
    assert.equal(answer.lr, (await encodePng(expected.lr)).toString('base64'));
    assert.equal(answer.operations.length, expected.operations.length);
    assert.deepEqual([answer.width, answer.height], [64, 48]);
  });

  it('are of the part that was asked for, from a multiple of the scale on and within the image', async () => {
    const { server, answers } = serve();
    const path = await imageFile();
    server.ask(request(path, { crop: { left: 18, top: 1000, width: 32, height: 32 } }));
    await server.idle();
    const [answer] = answers;
    assert.ok(answer && 'hr' in answer);
    const { image } = await decodeImage(Buffer.from(answer.hr, 'base64'));
    assert.deepEqual(image.data, cropImage(pattern(64, 48), 16, 16, 32, 32).data);
    const lr = await sharp(Buffer.from(answer.lr, 'base64')).metadata();
    assert.deepEqual([lr.width, lr.height], [8, 8]);
  });

  it('give up what a newer request overtakes, and answer each once', async () => {
    const { server, answers } = serve();
    const path = await imageFile();
    for (const id of [1, 2, 3, 4]) server.ask(request(path, { id }));
    await server.idle();
    const told = answers.map((answer) => [answer.id, 'superseded' in answer]);
    assert.deepEqual(told.toSorted(), [
      [1, false],
      [2, true],
      [3, true],
      [4, false],
    ]);
    server.ask(request(path, { id: 5 }));
    await server.idle();
    assert.equal(answers.at(-1)?.id, 5);
  });

  it('see that an image has changed', async () => {
    const { server, answers } = serve();
    const path = await imageFile();
    server.ask(request(path));
    await server.idle();
    await writePng(path, pattern(128, 48));
    server.ask(request(path, { id: 2, crop: { left: 0, top: 0, width: 128, height: 48 } }));
    await server.idle();
    const last = answers.at(-1);
    assert.equal(last && 'width' in last && last.width, 128);
  });

  it('say what is wrong with a request or an image, and go on', async () => {
    const path = await imageFile();
    const lines = [
      'not json',
      JSON.stringify({ ...request(path), scale: 5 }),
      JSON.stringify({ ...request(`${path}.missing`), id: 2 }),
    ];
    const written: string[] = [];
    const output = new Writable({
      write(chunk: Buffer, _encoding, done) {
        written.push(...chunk.toString().trim().split('\n'));
        done();
      },
    });
    const input = Readable.from(lines.map((line) => `${line}\n`));
    assert.equal(await serveSamples(input, output, new AbortController().signal), 3);
    const answers = written.map((line) => sampleAnswerSchema.parse(JSON.parse(line)));
    assert.deepEqual(
      answers.map(({ id }) => id),
      [null, 1, 2],
    );
    const [first, second, third] = answers.map((answer) => ('error' in answer ? answer.error : ''));
    assert.match(first ?? '', /JSON/);
    assert.match(second ?? '', /scale/);
    assert.match(third ?? '', /does not exist/);
  });
});
