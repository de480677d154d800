/**
 * The distance of two pictures in the features of VGG19, as results tell it: with what it is made of, because distances of
 * other layers or other weights cannot be compared, and because it is not LPIPS.
 */
import { z } from 'zod';

export const vggDistanceSchema = z.object({
  name: z.string().describe('What the distance is, in words.'),
  layers: z
    .array(z.string())
    .describe('Convolutions of VGG19 whose features, after their activation, count.'),
  model: z.string().describe('Folder of the imported VGG19.'),
});
/** Which distance was measured. */
export type VggDistanceDescription = z.infer<typeof vggDistanceSchema>;
