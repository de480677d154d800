/**
 * The sample pictures of runs, with keys by which a page sees whether two runs show the same scene: HR crops of another size,
 * or of another image with the same name, must never be compared pixel by pixel.
 */
import { open } from 'node:fs/promises';
import { createHash } from 'node:crypto';
import { listSamples } from '../../folders/sample-pictures';
import type { ComparedSample, KeyedPicture } from '../../protocol/compare-page';

/** Of a PNG file so much is looked at: its size, and its first rows. Two pictures that agree in both are the same. */
const PREFIX_BYTES = 16_384;

interface KnownKey {
  readonly version: string;
  readonly key: string;
}

export class ComparedSamples {
  private readonly known = new Map<string, KnownKey>();

  /** @param address of a file, as the page can load it */
  constructor(private readonly address: (path: string) => string) {}

  /** All sampled images of a run, by name. */
  async of(run: string): Promise<ComparedSample[]> {
    const samples: ComparedSample[] = [];
    for (const { name, bicubic, hr, sr } of await listSamples(run)) {
      samples.push({
        name,
        bicubic: await this.keyed(bicubic),
        hr: await this.keyed(hr),
        sr: sr.map(({ step, path }) => ({ step, uri: this.address(path) })),
      });
    }
    return samples;
  }

  private async keyed(path: string): Promise<KeyedPicture> {
    return { uri: this.address(path), key: await this.keyOf(path) };
  }

  /** The path itself where the file cannot be read: it is then like no other. */
  private async keyOf(path: string): Promise<string> {
    try {
      const file = await open(path, 'r');
      try {
        const { size, mtimeMs } = await file.stat();
        const version = `${size}:${mtimeMs}`;
        const known = this.known.get(path);
        if (known?.version === version) return known.key;
        const { buffer, bytesRead } = await file.read(Buffer.alloc(PREFIX_BYTES), 0, PREFIX_BYTES, 0);
        const hash = createHash('sha256').update(buffer.subarray(0, bytesRead)).digest('base64url');
        const key = `${size}:${hash.slice(0, 16)}`;
        this.known.set(path, { version, key });
        return key;
      } finally {
        await file.close();
      }
    } catch {
      return path;
    }
  }
}
