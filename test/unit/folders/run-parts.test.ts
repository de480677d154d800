/** What a run folder holds, as the tree lists it. */
import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, it } from 'mocha';
import { listRunParts, type RunPart } from '../../../src/folders/run-parts';
import { temporaryFolders } from '../../support/temporary-folder';

/** Labels with what is below them, and the description in brackets. */
async function outline(parts: readonly RunPart[], indent = ''): Promise<string[]> {
  const rows: string[] = [];
  for (const { label, description, list } of parts) {
    rows.push(`${indent}${label}${description === undefined ? '' : ` (${description})`}`);
    if (list) rows.push(...(await outline(await list(), `${indent}  `)));
  }
  return rows;
}

describe('run parts', () => {
  const temporary = temporaryFolders();

  it('are none before a run has started', async () => {
    assert.deepEqual(await listRunParts(temporary()), []);
  });

  it('are pictures and checkpoints with the newest first, model, record and log', async () => {
    const run = temporary();
    const files = [
      ...['samples/reference/fig-hr.png', 'samples/reference/fig-bicubic.png'],
      ...[
        'samples/step-000000/fig.png',
        'samples/step-001000/fig.png',
        'samples/step-001000/.fig.png.partial',
      ],
      ...['checkpoints/step-000400/checkpoint.json', 'checkpoints/step-001000/checkpoint.json'],
      ...['checkpoints/damaged-step-000900/checkpoint.json', 'model/card.json', 'metrics.jsonl', 'log.txt'],
    ];
    for (const file of files) {
      mkdirSync(dirname(join(run, file)), { recursive: true });
      writeFileSync(join(run, file), '');
    }
    writeFileSync(join(run, 'checkpoints', 'best'), 'step-000400\n');
    assert.deepEqual(await outline(await listRunParts(run)), [
      ...['Pictures', '  Step 1,000', '    fig', '  Step 0', '    fig'],
      ...['  HR and bicubic', '    fig-bicubic', '    fig-hr'],
      ...['Checkpoints', '  Step 1,000', '  Step 400 (best)', 'Model', 'Record', 'Log'],
    ]);
  });
});
