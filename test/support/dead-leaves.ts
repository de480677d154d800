/** Made-up pictures with detail of all sizes, whose spectrum falls as that of photographs. */
import { createImage, type RgbImage } from '../../src/imaging/image';
import { randomStream } from '../../src/random/random-stream';

/** Discs of random place, size and colour over each other (a dead-leaves picture); the same seed, the same picture. */
export function deadLeaves(width: number, height: number, seed = 1): RgbImage {
  const image = createImage(width, height);
  const random = randomStream(seed, 'leaves');
  for (let leaf = 0; leaf < (width * height) / 60; leaf++) {
    const radius = 1.5 / (0.03 + 0.97 * random.uniform());
    const [centreX, centreY] = [random.uniform() * width, random.uniform() * height];
    const colour = [0, 1, 2].map(() => 40 + random.uniform() * 170);
    for (let y = Math.max(0, Math.ceil(centreY - radius)); y < Math.min(height, centreY + radius); y++) {
      for (let x = Math.max(0, Math.ceil(centreX - radius)); x < Math.min(width, centreX + radius); x++) {
        if ((x - centreX) ** 2 + (y - centreY) ** 2 < radius ** 2)
          image.data.set(colour, (y * width + x) * 3);
      }
    }
  }
  return image;
}
