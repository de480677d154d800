/** Errors of reading a JSON file say which file, what is wrong with it, and what to do. */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import { z } from 'zod';
import { LabError } from '../../../src/folders/lab-error';
import { parseValue, readJson } from '../../../src/folders/read-json';
import { temporaryFolders } from '../../support/temporary-folder';

const schema = z.strictObject({ format: z.literal(1), steps: z.int() });

describe('readJson', () => {
  const makeFolder = temporaryFolders();

  async function failure(text: string | undefined): Promise<string> {
    const path = join(makeFolder(), 'a.json');
    if (text !== undefined) writeFileSync(path, text);
    const error: unknown = await readJson(path, schema).then(
      () => assert.fail('it was read'),
      (reason: unknown) => reason,
    );
    assert.ok(error instanceof LabError);
    assert.ok(error.message.includes(path), error.message);
    return error.message;
  }

  it('names what is wrong', async () => {
    assert.match(await failure(undefined), /Could not read/);
    assert.match(await failure('{'), /not valid JSON/);
    assert.match(await failure('{ "format": 1, "steps": "ten" }'), /steps:/);
    assert.match(await failure('{ "format": 1, "stepz": 1 }'), /stepz/);
    assert.match(await failure('null'), /not valid/);
  });

  it('names the kinds that there are where it is none of them', () => {
    const kinds = z.discriminatedUnion('type', [
      z.object({ type: z.literal('blur') }),
      z.object({ type: z.literal('jpeg') }),
    ]);
    assert.throws(
      () => parseValue(z.array(kinds), [{ type: 'blr' }], 'The recipe'),
      /^LabError: The recipe is not valid\. 0\.type: must be one of blur, jpeg\.$/,
    );
  });

  it('tells another version of the format as such', async () => {
    assert.match(await failure('{ "format": 2, "epochs": 3 }'), /has format 2, .* reads format 1/);
  });
});
