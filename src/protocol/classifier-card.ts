/** `model/card.json` of a fine-tuned classifier: what it tells apart, what it was made of, how it scored. */
import { z } from 'zod';
import { discriminatorSchema } from './run-configuration';

const share = z.number().min(0).max(1);

export const classifierCardSchema = z.object({
  format: z.literal(1),
  name: z.string(),
  created: z.iso.datetime(),
  kind: z.literal('classifier'),
  classes: z.array(z.string()).min(2).describe('In the order of the outputs.'),
  trunk: discriminatorSchema.shape.layers.describe('Convolutions of the discriminator that it stands on.'),
  side: z.int().min(1).describe('Side of the images it was trained with; the network itself takes any size.'),
  trainedOn: z.string().describe('The labelled images, by name.'),
  from: z.string().describe('Whose weights it started from, in words.'),
  score: z.object({ validation: share, test: share, images: z.int().describe('Of the test part.') }),
});
export type ClassifierCard = z.infer<typeof classifierCardSchema>;

export const CLASSIFIER_FILE = 'classifier.safetensors';
