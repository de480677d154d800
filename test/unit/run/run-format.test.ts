/** docs/run-format.md holds every field of the files that it describes, and its example reads a real run. */
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { checkpointFileSchema } from '../../../src/protocol/checkpoint-file';
import { leaseSchema } from '../../../src/protocol/lease';
import { metricsLineSchema } from '../../../src/protocol/metrics';
import { makeMicroRun, sharedMicroDataset } from '../../support/micro-run';
import { temporaryFolders } from '../../support/temporary-folder';
import { metricsOf, trainHere } from '../../support/train-here';

const text = readFileSync(join(__dirname, '../../../docs/run-format.md'), 'utf8');

/** Names of all properties of a JSON schema, those of objects in objects as well. */
function propertiesOf(schema: unknown): string[] {
  if (Array.isArray(schema)) return schema.flatMap(propertiesOf);
  if (typeof schema !== 'object' || schema === null) return [];
  return Object.entries(schema).flatMap(([key, value]: [string, unknown]) =>
    key === 'properties'
      ? Object.entries(value as object).flatMap(([name, inner]: [string, unknown]) => [
          name,
          ...propertiesOf(inner),
        ])
      : propertiesOf(value),
  );
}

describe('run: format of the folder', function () {
  this.timeout(60_000);
  const temporary = temporaryFolders();
  const microDataset = sharedMicroDataset();

  for (const [file, schema] of Object.entries({
    'metrics.jsonl': metricsLineSchema,
    'lease.json': leaseSchema,
    'checkpoint.json': checkpointFileSchema,
  })) {
    it(`has every field of ${file}`, () => {
      const fields = new Set(propertiesOf(z.toJSONSchema(schema)));
      // The version of a format is the same word in every file.
      fields.delete('format');
      assert.ok(fields.size > 5);
      assert.deepEqual(
        [...fields].filter((field) => !text.includes(`\`${field}\``) && !text.includes(`"${field}"`)),
        [],
      );
    });
  }

  it('is read by the example in Python', async function () {
    if (spawnSync('python3', ['--version']).status !== 0) {
      if (this.test) this.test.title += ' (skipped: no python3 on PATH)';
      this.skip();
    }
    const example = /```python\n([^]+?)```/.exec(text)?.[1] ?? '';
    assert.equal(example.trim().split('\n').length, 3);
    const folder = temporary();
    await makeMicroRun(folder, microDataset());
    const run = join(folder, 'run');
    await trainHere(run);
    const printed = execFileSync('python3', ['-c', example], { cwd: run, encoding: 'utf8' });
    const expected = metricsOf(run).flatMap((line) =>
      line.kind === 'validation' ? [[line.step, line.model.psnr]] : [],
    );
    assert.ok(expected.length > 1);
    const pairs = printed
      .trim()
      .split('\n')
      .map((line) => line.replace(/[()]/g, '').split(', ').map(Number));
    assert.deepEqual(pairs, expected);
  });
});
