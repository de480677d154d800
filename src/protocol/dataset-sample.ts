/**
 * `srgan-lab dataset sample --serve`: one request a line on stdin, one answer a line on stdout. Only the newest request
 * matters to a person who is turning a knob, so one that waits is given up when another comes.
 */
import { z } from 'zod';
import { degradationSchema } from './degradation';
import { scaleSchema } from './run-configuration';

const side = z.int().min(1).max(4096);
const offset = z.int().min(0);

export const sampleRequestSchema = z.strictObject({
  id: z.int().min(0),
  /** The HR image, absolute. */
  image: z.string().min(1),
  /** Hash that decides what is drawn; that of the source file where `image` is a data set’s copy. */
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  scale: scaleSchema,
  degradation: degradationSchema,
  /** In pixels of the image; what lies outside of it is cut off. */
  crop: z.strictObject({ left: offset, top: offset, width: side, height: side }),
});
export type SampleRequest = z.infer<typeof sampleRequestSchema>;

const drawnSchema = z.object({
  id: z.int(),
  hr: z.string().describe('PNG in base64.'),
  lr: z.string().describe('PNG in base64.'),
  width: z.int().describe('Of HR.'),
  height: z.int(),
  operations: z.array(z.string()).describe('What was drawn, in words.'),
});

export const sampleAnswerSchema = z.union([
  drawnSchema,
  z.object({ id: z.int(), superseded: z.literal(true) }),
  z.object({ id: z.int().nullable(), error: z.string() }),
]);
export type SampleAnswer = z.infer<typeof sampleAnswerSchema>;
export type DrawnSample = z.infer<typeof drawnSchema>;
