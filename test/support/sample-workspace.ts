/** A workspace for one test, with some of the sample photographs in it. */
import { copyFile, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inProject } from '../../scripts/lib/project';
import { stopRuns } from '../../scripts/start/stop-runs';

export interface SampleWorkspace {
  folder: string;
  photographs: string;
  /** Stops what trains in it and removes it. */
  remove: () => Promise<void>;
}

const photographs = ['blossom.png', 'dandelions.jpg', 'fig.jpg', 'mountain-path.jpg', 'tulips.png'];

export async function makeSampleWorkspace(): Promise<SampleWorkspace> {
  const folder = await mkdtemp(join(tmpdir(), 'srgan-lab-workspace-'));
  const target = join(folder, 'photographs');
  await mkdir(target);
  for (const name of photographs) await copyFile(inProject('media', 'samples', name), join(target, name));
  return {
    folder,
    photographs: target,
    async remove() {
      await stopRuns(folder);
      await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
    },
  };
}
