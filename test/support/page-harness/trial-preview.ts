/** The dataset page's preview without VS Code, drawn by what draws it there. */
import { join } from 'node:path';
import { z } from 'zod';
import { SampleServer } from '../../../src/datasets/sample-server';
import { sampleRequestSchema } from '../../../src/protocol/dataset-sample';

const parametersSchema = sampleRequestSchema
  .pick({ sha256: true, degradation: true, crop: true })
  .extend({ name: z.string() });

/** @param files folder with `hr-NUMBER.png` */
export function trialPreview(files: string, parameters: unknown): Promise<unknown> {
  const { name, ...request } = parametersSchema.parse(parameters);
  const number = name.split('-').at(-1) ?? '0';
  return new Promise((resolve) => {
    new SampleServer(resolve).ask({ id: 1, image: join(files, `hr-${number}.png`), scale: 4, ...request });
  });
}
