import assert from 'node:assert/strict';
import { appendFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { readJsonLines } from '../../../src/folders/json-lines';
import { temporaryFolders } from '../../support/temporary-folder';

const schema = z.object({ step: z.int() });
const line = (step: number): string => `${JSON.stringify({ step })}\n`;

describe('json lines', () => {
  const folder = temporaryFolders();

  it('reads complete lines and leaves a torn one for later', async () => {
    const path = join(folder(), 'm.jsonl');
    writeFileSync(path, line(1) + line(2) + '{"step":');
    const first = await readJsonLines(path, schema);
    assert.deepEqual(first.lines, [{ step: 1 }, { step: 2 }]);
    appendFileSync(path, '3}\n' + line(4));
    const second = await readJsonLines(path, schema, first.position);
    assert.deepEqual(second.lines, [{ step: 3 }, { step: 4 }]);
    assert.equal(second.restarted, false);
  });

  it('passes over damaged lines and those of another kind', async () => {
    const path = join(folder(), 'm.jsonl');
    writeFileSync(path, `${line(1)}garbage\n{"other":1}\n${line(2)}`);
    assert.deepEqual((await readJsonLines(path, schema)).lines, [{ step: 1 }, { step: 2 }]);
  });

  it('keeps characters whole that fall on the border of two reads', async () => {
    const path = join(folder(), 'm.jsonl');
    const text = z.object({ text: z.string() });
    const long = 'é'.repeat((1 << 19) + 3);
    writeFileSync(path, `${JSON.stringify({ text: long })}\n${JSON.stringify({ text: 'ü' })}\n`);
    assert.deepEqual(
      (await readJsonLines(path, text)).lines.map((read) => read.text),
      [long, 'ü'],
    );
  });

  it('starts again when the file was cut or replaced', async () => {
    const path = join(folder(), 'm.jsonl');
    writeFileSync(path, line(1) + line(2) + line(3));
    const { position } = await readJsonLines(path, schema);
    writeFileSync(`${path}.new`, line(1));
    renameSync(`${path}.new`, path);
    const again = await readJsonLines(path, schema, position);
    assert.equal(again.restarted, true);
    assert.deepEqual(again.lines, [{ step: 1 }]);
  });

  it('has no lines where there is no file', async () => {
    assert.deepEqual((await readJsonLines(join(folder(), 'none'), schema)).lines, []);
  });
});
