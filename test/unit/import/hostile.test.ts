/** Files that lie: each is refused in words that name it, and nothing is left behind. */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { describe, it } from 'mocha';
import { readAnyJson } from '../../../src/folders/read-json';
import type { ExportFormat, ImportKind } from '../../../src/protocol/exported-model';
import { exportModel } from '../../../src/training/export/export-model';
import { hdf5Library, memoryFile, type Hdf5File } from '../../../src/training/hdf5/library';
import { importModel } from '../../../src/training/import/import-model';
import { encodeSafetensors, readSafetensors } from '../../../src/training/run/safetensors';
import { temporaryFolders } from '../../support/temporary-folder';
import { makeGeneratorModel, smallDiscriminator, smallGenerator } from './support';

/** A hundred gigabytes of float32. */
const HUGE = [50_000, 50_000, 10];

describe('import of hostile files', () => {
  const temporary = temporaryFolders();

  async function exported(
    format: ExportFormat,
    what: 'generator' | 'discriminator' = 'generator',
  ): Promise<string> {
    const folder = temporary();
    const { model } = await makeGeneratorModel(folder, smallGenerator, 4, smallDiscriminator);
    const out = join(folder, 'exported');
    return (await exportModel({ source: model, what, format, out })).file;
  }

  /** Imports the file: it must be refused by its name, for this reason. */
  async function refuses(file: string, reason: RegExp, as: ImportKind = 'generator'): Promise<void> {
    const out = join(temporary(), 'out');
    await assert.rejects(importModel({ source: file, as, out }), (error: unknown) => {
      assert.ok(error instanceof Error && error.name === 'LabError', String(error));
      assert.match(error.message, reason);
      return true;
    });
    assert.ok(!existsSync(out));
  }

  async function changeJson(file: string, change: (text: string) => string): Promise<void> {
    const before = await readFile(file, 'utf8');
    const after = change(before);
    assert.notEqual(after, before);
    await writeFile(file, after);
  }

  describe('LayersModel', () => {
    it('whose tensor claims a hundred gigabytes', async () => {
      const file = await exported('tfjs');
      await changeJson(file, (text) => text.replace('"shape":[9,9,3,6]', `"shape":[${HUGE.join(',')}]`));
      await refuses(file, /do not fit the network: input_conv\/kernel is \[50000, 50000, 10\]/);
    });

    it('whose sizes are not those of its file', async () => {
      const file = await exported('tfjs');
      const weights = join(file, '..', 'weights.bin');
      const bytes = await readFile(weights);
      await writeFile(weights, bytes.subarray(0, -4));
      await refuses(file, /weights\.bin .*should hold \d+ bytes but has \d+/);
      await writeFile(weights, Buffer.concat([bytes, bytes]));
      await refuses(file, /should hold \d+ bytes but has \d+/);
    });

    for (const path of ['../secret.bin', '/etc/passwd', 'a/../../secret.bin']) {
      it(`whose weights lie at ${path}`, async () => {
        const file = await exported('tfjs');
        await changeJson(file, (text) => text.replace('"weights.bin"', JSON.stringify(path)));
        await refuses(file, /names a file outside of its folder/);
      });
    }

    it('that is no JSON, lacks its weights, or has a shape that is none', async () => {
      const file = await exported('tfjs');
      const whole = await readFile(file, 'utf8');
      await writeFile(file, whole.slice(0, 200));
      await refuses(file, /not valid JSON/);
      await writeFile(file, whole.replace('"shape":[9,9,3,6]', '"shape":[-9,9,3,6]'));
      await refuses(file, /is not valid\. weightsManifest/);
      await writeFile(file, whole.replace('"shape":[9,9,3,6]', '"shape":["9",9,3,6]'));
      await refuses(file, /is not valid\. weightsManifest/);
      await writeFile(file, whole.replace('input_conv/kernel', 'constructor/kernel'));
      await refuses(file, /input_conv\/kernel is missing/);
    });
  });

  describe('safetensors', () => {
    it('whose header is longer than the file, or claims a hundred gigabytes', async () => {
      const file = await exported('safetensors');
      const whole = await readFile(file);
      const longer = Buffer.from(whole);
      longer.writeBigUInt64LE(2n ** 60n, 0);
      await writeFile(file, longer);
      await refuses(file, /claims a header of/);
      const text = whole.toString('latin1');
      const lying = text.replace('"shape":[6,3,9,9]', '"shape":[6,3,9999999,9]'.slice(0, 17) + ']');
      await writeFile(file, lying, 'latin1');
      await refuses(file, /not a usable safetensors file/);
      await writeFile(file, whole.subarray(0, whole.length - 8));
      await refuses(file, /lies at bytes/);
      await writeFile(file, '');
      await refuses(file, /has only 0 bytes/);
    });

    it('with weights that are no numbers', async () => {
      const file = await exported('safetensors');
      const tensors = { ...(await readSafetensors(file)) };
      const bias = tensors['output_conv.bias']!;
      tensors['output_conv.bias'] = { ...bias, data: bias.data.map(() => NaN) };
      const description = JSON.stringify({ what: 'generator', scale: 4, generator: smallGenerator });
      await writeFile(file, encodeSafetensors(tensors, { 'srgan-lab': description }));
      await refuses(file, /output\/conv\/bias holds values that are no finite numbers/);
    });

    it('that says it is a far larger network, another one, or none', async () => {
      const file = await exported('safetensors');
      const tensors = await readSafetensors(file);
      const describedAs = async (description: unknown): Promise<void> => {
        await writeFile(file, encodeSafetensors(tensors, { 'srgan-lab': JSON.stringify(description) }));
      };
      await describedAs({
        what: 'generator',
        scale: 8,
        generator: { ...smallGenerator, blocks: 64, channels: 512 },
      });
      await refuses(file, /holds \d+ numbers, and the generator that it says it is has \d+/);
      await describedAs({ what: 'generator', scale: 4, generator: { ...smallGenerator, channels: 1e9 } });
      await refuses(file, /cannot be understood/);
      await describedAs({ what: 'generator', scale: 2, generator: smallGenerator });
      await refuses(file, /do not fit the network: it has no upscale2_/);
      await describedAs({
        what: 'trunk',
        discriminator: { layers: [{ channels: 8, stride: 1 }], denseUnits: 8, patch: 8 },
      });
      await refuses(file, /holds a trunk, and no generator/);
      await writeFile(file, encodeSafetensors(tensors));
      await refuses(file, /holds no generator that is known/);
    });

    it('with the names of a known generator and other shapes', async () => {
      const file = join(temporary(), 'theirs.safetensors');
      const one = { shape: [1], data: new Float32Array(1) };
      const kernel = { shape: [64, 3, 9, 9], data: new Float32Array(64 * 243) };
      const names = { 'block1.0.weight': kernel, 'block2.conv1.weight': one, 'block4.0.conv.weight': one };
      await writeFile(file, encodeSafetensors(names));
      await refuses(file, /holds \d+ numbers/);
    });
  });

  describe('HDF5', () => {
    /** A file that `fill` makes. */
    async function hdf5(fill: (file: Hdf5File) => void): Promise<string> {
      const { File } = await hdf5Library();
      const { name, bytes } = await memoryFile();
      const file = new File(name, 'w');
      fill(file);
      file.close();
      const path = join(temporary(), 'model.h5');
      await writeFile(path, bytes.read());
      bytes.forget();
      return path;
    }

    function layer(file: Hdf5File, weights: readonly string[]): ReturnType<Hdf5File['create_group']> {
      file.create_attribute('layer_names', ['block1_conv1']);
      const group = file.create_group('block1_conv1');
      group.create_attribute('weight_names', [...weights]);
      return group;
    }

    it('that is none, or cut off', async () => {
      const file = await exported('keras');
      const whole = await readFile(file);
      for (const [length, reason] of [
        [0, /is no HDF5 file/],
        [4, /is no HDF5 file/],
        [300, /not a usable HDF5 file/],
        [Math.floor(whole.length / 2), /truncated|not a usable HDF5 file/],
      ] as const) {
        await writeFile(file, whole.subarray(0, length));
        await refuses(file, reason);
      }
    });

    it('whose data set claims a hundred gigabytes', async () => {
      const file = await hdf5((each) => {
        const group = layer(each, ['kernel:0']);
        const dataset = group.create_dataset({
          name: 'kernel:0',
          data: new Float32Array(4),
          shape: [4],
          maxshape: [null],
          chunks: [4],
        });
        dataset.resize([25_000_000_000]);
      });
      await refuses(file, /claims to be \[25000000000\], which is more than/, 'content');
    });

    it('with links to other files, weights that are no numbers of ours, or none at all', async () => {
      const linked = await hdf5((each) => {
        layer(each, ['kernel:0']).create_external_link('/etc/passwd', '/kernel', 'kernel:0');
      });
      await refuses(linked, /kernel:0 of block1_conv1 are missing/, 'content');
      const traversing = await hdf5((each) => {
        layer(each, ['../../etc/passwd']);
      });
      await refuses(traversing, /\.\.\/\.\.\/etc\/passwd of block1_conv1 are missing/, 'content');
      const text = await hdf5((each) => {
        layer(each, ['kernel:0']).create_dataset({ name: 'kernel:0', data: ['text'] });
      });
      await refuses(text, /is not float32/, 'content');
      const double = await hdf5((each) => {
        layer(each, ['kernel:0']).create_dataset({ name: 'kernel:0', data: new Float64Array(4) });
      });
      await refuses(double, /is not float32/, 'content');
      const nothing = await hdf5((each) => {
        each.create_group('layers');
      });
      await refuses(nothing, /names no layers/, 'content');
    });

    it('with bytes changed anywhere: refused, or read as what it is', async function () {
      this.timeout(120_000);
      const file = await exported('keras');
      const whole = await readFile(file);
      for (let trial = 0; trial < 60; trial++) {
        const changed = Buffer.from(whole);
        for (let change = 0; change < 8; change++) {
          changed[(trial * 7919 + change * 104_729) % Math.min(changed.length, 40_000)]! ^= 1 << (trial % 8);
        }
        await writeFile(file, changed);
        const out = join(temporary(), 'out');
        try {
          await importModel({ source: file, as: 'generator', out });
        } catch (error) {
          assert.ok(error instanceof Error && error.name === 'LabError', String(error));
          assert.ok(error.message.includes(basename(file)), error.message);
          assert.ok(!existsSync(out));
        }
      }
    });
  });

  describe('as a discriminator', () => {
    const refusesDiscriminator = (file: string, reason: RegExp): Promise<void> =>
      refuses(file, reason, 'discriminator');

    it('that says it is a far larger one, one of another patch, or nothing that can be', async () => {
      const file = await exported('safetensors', 'discriminator');
      const tensors = await readSafetensors(file);
      const describedAs = async (discriminator: unknown): Promise<void> => {
        const description = JSON.stringify({ what: 'discriminator', discriminator });
        await writeFile(file, encodeSafetensors(tensors, { 'srgan-lab': description }));
      };
      await describedAs({ ...smallDiscriminator, patch: 2 ** 40 });
      await refusesDiscriminator(file, /holds \d+ numbers, and the discriminator that it says it is has \d+/);
      await describedAs({ ...smallDiscriminator, denseUnits: 8192 });
      await refusesDiscriminator(file, /holds \d+ numbers/);
      await describedAs({ ...smallDiscriminator, patch: 12 });
      await refusesDiscriminator(file, /do not fit the network: dense1\.weight is \[7, 125\] and should be/);
      await describedAs({ ...smallDiscriminator, layers: smallDiscriminator.layers.slice(0, 2), patch: 3 });
      await refusesDiscriminator(file, /do not fit the network: /);
      await describedAs({ ...smallDiscriminator, patch: 1.5 });
      await refusesDiscriminator(file, /cannot be understood/);
      await describedAs({ ...smallDiscriminator, layers: [] });
      await refusesDiscriminator(file, /cannot be understood/);
      await writeFile(file, encodeSafetensors(tensors));
      await refusesDiscriminator(file, /holds no discriminator that is known: it is \d+ layers \(conv1, /);
      await writeFile(file, encodeSafetensors({}));
      await refusesDiscriminator(file, /holds no discriminator that is known: it has no weights at all/);
    });

    it('with weights that are no numbers', async () => {
      const file = await exported('safetensors', 'discriminator');
      const tensors = { ...(await readSafetensors(file)) };
      const variance = tensors['norm2.running_var']!;
      tensors['norm2.running_var'] = { ...variance, data: variance.data.map(() => Infinity) };
      const description = JSON.stringify({ what: 'discriminator', discriminator: smallDiscriminator });
      await writeFile(file, encodeSafetensors(tensors, { 'srgan-lab': description }));
      await refusesDiscriminator(file, /norm2\/variance holds values that are no finite numbers/);
    });

    it('a LayersModel whose tensor claims a hundred gigabytes, or whose weights lie elsewhere', async () => {
      const file = await exported('tfjs', 'discriminator');
      const whole = await readFile(file, 'utf8');
      await changeJson(file, (text) => text.replace('"shape":[125,7]', `"shape":[${HUGE.join(',')}]`));
      await refusesDiscriminator(file, /do not fit the network: dense1\/kernel is \[50000, 50000, 10\]/);
      await writeFile(file, whole);
      await changeJson(file, (text) => text.replace('"weights.bin"', '"../../weights.bin"'));
      await refusesDiscriminator(file, /names a file outside of its folder/);
      await writeFile(file, whole);
      await writeFile(join(file, '..', 'weights.bin'), '');
      await refusesDiscriminator(file, /should hold \d+ bytes but has 0/);
    });

    it('an HDF5 file that is cut off', async () => {
      const file = await exported('keras', 'discriminator');
      const whole = await readFile(file);
      await writeFile(file, whole.subarray(0, Math.floor(whole.length / 2)));
      await refusesDiscriminator(file, /truncated|not a usable HDF5 file/);
    });
  });

  it('names that are no files of a model', async () => {
    const folder = temporary();
    await refuses(join(folder, 'nothing.h5'), /does not exist/);
    await refuses(folder, /holds no model that can be imported/);
    await writeFile(join(folder, 'model.pth'), 'x');
    await refuses(join(folder, 'model.pth'), /of no kind that can be imported/);
    await writeFile(join(folder, 'weights.json'), '{}');
    await refuses(join(folder, 'weights.json'), /must be called model\.json/);
    assert.ok(await readAnyJson(join(folder, 'weights.json')));
  });
});
