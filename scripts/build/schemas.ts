/**
 * JSON Schemas of the marker files, made from the definitions that validate them, so that VS Code completes and checks
 * the files as they are typed. They describe what may be written: fields with a default may be left out.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { datasetFileSchema } from '../../src/protocol/dataset-file';
import { runConfigurationSchema } from '../../src/protocol/run-configuration';
import { transferConfigurationSchema } from '../../src/protocol/transfer';

const schemas = {
  run: { title: 'SRGAN Lab: training run', schema: runConfigurationSchema },
  dataset: { title: 'SRGAN Lab: data set', schema: datasetFileSchema },
  transfer: { title: 'SRGAN Lab: transfer measurement', schema: transferConfigurationSchema },
};

/** Writes `FOLDER/{run,dataset,transfer}.schema.json`. */
export async function writeSchemas(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const [name, { title, schema }] of Object.entries(schemas)) {
    // VS Code's JSON language service knows draft 7 best.
    const json = z.toJSONSchema(schema, { io: 'input', target: 'draft-7' });
    const text = JSON.stringify({ ...json, title, allowComments: false }, null, 2);
    await writeFile(join(folder, `${name}.schema.json`), `${text}\n`);
  }
}
