import assert from 'node:assert/strict';
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import { readAnyJson } from '../../../src/folders/read-json';
import {
  EXPORT_CARD_FILE,
  exportCardSchema,
  exportFormats,
  type ExportablePart,
} from '../../../src/protocol/exported-model';
import { exportModel } from '../../../src/training/export/export-model';
import { shuffleKernel, plainKernel, transposedKernel } from '../../../src/training/export/keras/transposed';
import {
  channelsForPyTorch,
  channelsFromPyTorch,
  rowsByChannel,
  rowsByPixel,
  transpose,
} from '../../../src/training/export/layouts';
import { randomTensor } from '../../support/run-operation';
import { temporaryFolders } from '../../support/temporary-folder';
import { makeGeneratorModel, smallDiscriminator, smallGenerator } from '../import/support';

describe('export', () => {
  const temporary = temporaryFolders();

  it('writes the files of each format, how to use them, and a card', async () => {
    const folder = temporary();
    const { model } = await makeGeneratorModel(folder, { ...smallGenerator, globalSkip: 'bicubic' }, 4);
    for (const format of exportFormats) {
      const out = join(folder, format);
      const result = await exportModel({ source: model, what: 'generator', format, out, licence: 'CC0-1.0' });
      assert.ok(existsSync(result.file));
      assert.deepEqual(readdirSync(out).sort(), [...result.files, EXPORT_CARD_FILE].sort());
      const card = exportCardSchema.parse(await readAnyJson(join(out, EXPORT_CARD_FILE)));
      assert.deepEqual(
        [card.name, card.what, card.fileFormat, card.licence, card.trainedOn, card.input.size],
        ['first-run', 'generator', format, 'CC0-1.0', 'photos', 'any'],
      );
      const text = await readFile(join(out, 'README.md'), 'utf8');
      assert.match(text, /^# first-run: generator\n/);
      assert.match(text, /\*\*Licence of the images\*\*: CC0-1\.0/);
      assert.match(text, /10 steps, of the pixel loss alone/);
      assert.match(
        text,
        format === 'tfjs' ? /UpscalerJS/ : /pip install .*\npython use\.py picture\.png enlarged\.png\n/,
      );
      if (format === 'onnx') assert.match(text, /ONNX model \(opset 17\)/);
      assert.equal(text.includes('srgan-lab import FOLDER --as generator'), format !== 'onnx');
    }
  });

  it('says of a discriminator and its trunk what they are for, and only of what is taken back that it is', async () => {
    const folder = temporary();
    const { model } = await makeGeneratorModel(folder, smallGenerator, 2, smallDiscriminator);
    for (const what of ['discriminator', 'trunk'] as const) {
      const out = join(folder, what);
      await exportModel({ source: model, what, format: 'keras', out });
      const text = await readFile(join(out, 'README.md'), 'utf8');
      assert.match(text, /None: a discriminator is part of the training of its generator/);
      assert.equal(text.includes('--as discriminator'), what === 'discriminator');
      assert.match(text, what === 'trunk' ? /use\.py picture\.png features\.npy/ : /use\.py patch\.png/);
    }
  });

  it('replaces an earlier export only when told to, and nothing else at all', async () => {
    const folder = temporary();
    const { model } = await makeGeneratorModel(folder, smallGenerator, 2);
    const out = join(folder, 'onnx');
    const options = { source: model, what: 'generator', format: 'onnx', out } as const;
    await exportModel(options);
    await assert.rejects(exportModel(options), { name: 'LabError', message: /holds an export already/ });
    await exportModel({ ...options, overwrite: true });
    const other = join(folder, 'model', 'notes.txt');
    writeFileSync(other, 'mine');
    await assert.rejects(exportModel({ ...options, out: model, overwrite: true }), {
      name: 'LabError',
      message: /something else in it/,
    });
    assert.ok(existsSync(other));
  });

  it('says what a model does not have', async () => {
    const folder = temporary();
    const { model } = await makeGeneratorModel(folder, smallGenerator, 2);
    const wanted: [ExportablePart, RegExp][] = [
      ['discriminator', /has no discriminator/],
      ['trunk', /has no discriminator/],
      ['classifier', /holds no classifier/],
    ];
    for (const [what, message] of wanted) {
      const out = join(folder, what);
      await assert.rejects(exportModel({ source: model, what, format: 'onnx', out }), {
        name: 'LabError',
        message,
      });
      assert.ok(!existsSync(out));
    }
  });

  it('reorders weights such that nothing is lost', () => {
    const kernel = randomTensor([3, 3, 5, 24], 'kernel');
    assert.deepEqual(plainKernel(transposedKernel(kernel, 2), 2), kernel);
    assert.deepEqual(channelsFromPyTorch(channelsForPyTorch(kernel, 2), 2), kernel);
    assert.deepEqual(transpose(transpose(kernel, [3, 2, 0, 1]), [2, 3, 1, 0]), kernel);
    const rows = randomTensor([4 * 4 * 6, 7], 'rows');
    assert.deepEqual(rowsByPixel(rowsByChannel(rows, 4, 6), 4, 6), rows);
    // A 1×1 convolution that passes channels on, shuffled, is the shuffle itself.
    const identity = { shape: [1, 1, 8, 8], data: new Float32Array(64).map((_, i) => (i % 9 === 0 ? 1 : 0)) };
    assert.deepEqual(transposedKernel(identity, 2), shuffleKernel(2, 2));
  });
});
