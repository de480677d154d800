/**
 * How fast images are shrunk, enlarged and scored, in megapixels of the larger image a second of processor time, which
 * other work on the machine does not change much; and next to it sharp's own cubic kernel, which is fast and gives other
 * pixels. Where `SRGAN_LAB_BENCH_PYTHON` names a Python with Pillow and NumPy, `imresize` is measured against them, in
 * turns: Pillow's bicubic is fixed-point and gives other pixels, NumPy's gives ours.
 */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import sharp from 'sharp';
import { createImage } from '../../src/imaging/image';
import { conventions, imresize } from '../../src/imaging/imresize';
import { colourProtocols } from '../../src/imaging/protocols';
import { scoreByProtocol } from '../../src/imaging/score-by-protocol';
import { z } from 'zod';
import { makeImage } from '../support/pictures';
import { median, processorSeconds } from './statistics';

const large = makeImage(4000, 3000);
const small = makeImage(500, 500);

/** Prints the median of seven runs after two that warm up. */
async function measure(name: string, megapixels: number, work: () => unknown): Promise<void> {
  const seconds: number[] = [];
  for (let run = 0; run < 9; run++) {
    const used = await processorSeconds(work);
    if (run >= 2) seconds.push(used);
  }
  console.log(`${name.padEnd(36)} ${(megapixels / median(seconds)).toFixed(1).padStart(7)} MP/s`);
}

const pythonSchema = z.object({ pillow: z.number(), numpy: z.number() });

/** Processor seconds of ours over those of each; below 1 we are faster. The least of each in five rounds. */
async function compareWithPython(python: string, factor: number): Promise<void> {
  const least = { double: Infinity, 'uint8-symmetric': Infinity, pillow: Infinity, numpy: Infinity };
  const script = join(__dirname, 'pillow.py');
  for (let round = 0; round < 5; round++) {
    for (const convention of ['double', 'uint8-symmetric'] as const) {
      for (let run = 0; run < 4; run++) {
        const used = await processorSeconds(() => imresize(large, 1 / factor, { convention }));
        least[convention] = Math.min(least[convention], used);
      }
    }
    const numbers = [large.width, large.height, factor, 4].map(String);
    // One thread, as ours.
    const env = { ...process.env, OMP_NUM_THREADS: '1', OPENBLAS_NUM_THREADS: '1' };
    const { pillow, numpy } = pythonSchema.parse(
      JSON.parse(execFileSync(python, [script, ...numbers], { encoding: 'utf8', env })),
    );
    least.pillow = Math.min(least.pillow, pillow);
    least.numpy = Math.min(least.numpy, numpy);
  }
  for (const convention of ['double', 'uint8-symmetric'] as const) {
    const [toPillow, toNumPy] = [least[convention] / least.pillow, least[convention] / least.numpy];
    console.log(
      `${`shrink ×1/${factor}, ${convention}`.padEnd(36)} ${toPillow.toFixed(2)} × Pillow's time, ${toNumPy.toFixed(2)} × NumPy's`,
    );
  }
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
  const other = makeImage(4000, 3000, 2);
  for (const protocol of colourProtocols) {
    await measure(`score under ${protocol}, with MS-SSIM`, 12, () =>
      scoreByProtocol(other, large, protocol, 4),
    );
  }
  const raw = { width: large.width, height: large.height, channels: 3 } as const;
  await measure('sharp, cubic, shrink ×1/4', 12, () =>
    sharp(large.data, { raw }).resize(1000, 750, { kernel: 'cubic' }).raw().toBuffer(),
  );
  // The floor: reading and writing every byte once.
  await measure('copy', 12, () => {
    createImage(large.width, large.height).data.set(large.data);
  });
  const python = process.env['SRGAN_LAB_BENCH_PYTHON'];
  if (python === undefined) return;
  for (const factor of [2, 3, 4]) await compareWithPython(python, factor);
}
