/** The smallest thing that trains: a data set of a few drawn pictures, and a run of a dozen steps on it. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before } from 'mocha';
import { createDataset } from '../../src/datasets/create';
import { writePng } from '../../src/datasets/images';
import { createImage, type RgbImage } from '../../src/imaging/image';
import type { RunConfiguration } from '../../src/protocol/run-configuration';
import { createRun } from '../../src/training/run/create-run';

/** A picture with edges, ramps and texture, different for every seed. */
export function drawPicture(width: number, height: number, seed: number): RgbImage {
  const image = createImage(width, height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const disc = Math.hypot(x - width / 2, y - height / 2) < (width * (2 + seed)) / 12 ? 90 : 0;
      const stripes = ((x + seed * y) >> 2) % 2 === 0 ? 50 : 0;
      const ramp = (100 * (x + y)) / (width + height);
      image.data.set([disc + ramp, stripes + ramp, disc + stripes + 20 * seed], (y * width + x) * 3);
    }
  }
  return image;
}

/** Makes `folder/data`: five pictures of 120×104 pixels at ×4, one of them for validation. Returns its path. */
export async function makeMicroDataset(folder: string, scale: 2 | 3 | 4 | 8 = 4): Promise<string> {
  const from = join(folder, 'photos');
  mkdirSync(from, { recursive: true });
  for (let seed = 0; seed < 5; seed++) {
    await writePng(join(from, `picture-${seed}.png`), drawPicture(120, 104, seed));
  }
  const dataset = join(folder, 'data');
  await createDataset({ folder: dataset, from: [from], scale, validation: { share: 0.2 }, workers: 1 });
  return dataset;
}

/** Call inside `describe`: makes the data set once for all its tests, which may read it only; returns where it lies. */
export function sharedMicroDataset(): () => string {
  let folder = '';
  let dataset = '';
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'srgan-lab-test-'));
    dataset = await makeMicroDataset(folder);
  });
  after(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  return () => dataset;
}

/** Settings of a run that takes a second: one block of 8 channels, two stages. */
export const microSettings = [
  'generator.blocks=1',
  'generator.channels=8',
  'generator.normalisation=batch',
  'discriminator={"layers":[{"channels":8,"stride":1},{"channels":8,"stride":2}],"denseUnits":8}',
  'content.width=0.1',
  'data.patch=24',
  'data.batch=2',
  'stages=[{"name":"pixel","steps":8,"learningRate":{"schedule":"cosine","initial":0.001,"final":1e-5,"warmup":2}},' +
    '{"name":"adversarial","steps":4,"learningRate":{"schedule":"constant","initial":0.0001}}]',
  'validation={"every":4,"images":1,"crop":32}',
  'checkpoints={"every":3,"keepLast":2}',
];

/** Makes a micro run at `folder/NAME` on a data set; `overrides` are laid over its settings. */
export function makeMicroRun(
  folder: string,
  dataset: string,
  overrides: readonly string[] = [],
  name = 'run',
): Promise<RunConfiguration> {
  return createRun({
    folder: join(folder, name),
    dataset,
    preset: 'quick',
    engine: 'embedded',
    seed: 7,
    overrides: [...microSettings, ...overrides],
  });
}
