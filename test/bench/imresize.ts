/**
 * How fast images are shrunk, enlarged and scored, in megapixels of the larger image a second of processor time, which
 * other work on the machine does not change much; and next to it sharp's own cubic kernel, which is fast and gives other
 * pixels.
 */
import sharp from 'sharp';
import { createImage } from '../../src/imaging/image';
import { conventions, imresize } from '../../src/imaging/imresize';
import { scoreImages } from '../../src/imaging/metrics';
import { makeImage } from '../support/pictures';
import { median, processorSeconds } from './statistics';

const large = makeImage(4000, 3000);
const small = makeImage(500, 500);
const [sr, hr] = [makeImage(1000, 1000, 1), makeImage(1000, 1000, 2)];

/** Prints the median of seven runs after two that warm up. */
async function measure(name: string, megapixels: number, work: () => unknown): Promise<void> {
  const seconds: number[] = [];
  for (let run = 0; run < 9; run++) {
    const used = await processorSeconds(work);
    if (run >= 2) seconds.push(used);
  }
  console.log(`${name.padEnd(36)} ${(megapixels / median(seconds)).toFixed(1).padStart(7)} MP/s`);
}

export async function benchImresize(): Promise<void> {
  sharp.concurrency(1);
  sharp.cache(false);
  for (const convention of conventions) {
    for (const scale of [2, 4]) {
      await measure(`shrink ×1/${scale}, ${convention}`, 12, () =>
        imresize(large, 1 / scale, { convention }),
      );
    }
  }
  await measure('enlarge ×4', 4, () => imresize(small, 4));
  await measure('enlarge to 2000×2000, lanczos3', 4, () =>
    imresize(small, { width: 2000, height: 2000 }, { kernel: 'lanczos3' }),
  );
  await measure('PSNR and SSIM', 1, () => scoreImages(sr, hr, { border: 4 }));
  const raw = { width: large.width, height: large.height, channels: 3 } as const;
  await measure('sharp, cubic, shrink ×1/4', 12, () =>
    sharp(large.data, { raw }).resize(1000, 750, { kernel: 'cubic' }).raw().toBuffer(),
  );
  // The floor: reading and writing every byte once.
  await measure('copy', 12, () => {
    createImage(large.width, large.height).data.set(large.data);
  });
}
