/** What a data set's folder is known to hold, found by name and by content. */
import assert from 'node:assert/strict';
import { memoryUsage } from 'node:process';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, it } from 'mocha';
import { KnownImages } from '../../../src/datasets/build/known-images';
import { hashOf } from '../../../src/datasets/hash';
import type { MadeImage } from '../../../src/datasets/make-images';

const [one, two, three] = [hashOf('one'), hashOf('two'), hashOf('three')];

function made(name: string, sha256: string): { name: string; images: MadeImage[] } {
  const size = { width: 96, height: 96, sourceWidth: 96, sourceHeight: 96 };
  return { name, images: [{ name, ...size, sha256, hrSha256: one, lrSha256: two, notes: [] }] };
}

const namesOf = (known: KnownImages, sha256: string): string[] =>
  [...known.withHash(sha256)].map((number) => known.at(number).name);

describe('known images', () => {
  it('are found by content in the order they came, the last one of each name', () => {
    const known = new KnownImages();
    for (const [name, sha256] of [
      ['a', one],
      ['b', one],
      ['c', two],
      ['a', two],
    ] as const)
      known.add(made(name, sha256));
    assert.deepEqual([namesOf(known, one), namesOf(known, two)], [['b'], ['c', 'a']]);
    assert.equal(known.at(known.numberOf('a')!).sha256, two);
    assert.deepEqual([namesOf(known, three), known.numberOf('d'), known.size], [[], undefined, 3]);
  });

  it('may all be copies of one file', () => {
    const known = new KnownImages();
    const count = 100_000;
    for (let index = 0; index < count; index++) known.add(made(`copy ${index}`, one));
    for (let index = 0; index < count; index += 2) known.add(made(`copy ${index}`, two));
    assert.equal(namesOf(known, one).length, count / 2);
  });

  it('take less than a kilobyte an image, whatever the size of the collection', () => {
    const count = 20_000;
    const before = bytesInUse();
    const known = new KnownImages();
    for (let index = 0; index < count; index++)
      known.add(made(`a rather long name of a photograph ${index}`, hashOf(String(index))));
    const all = bytesInUse() - before;
    assert.equal(known.size, count);
    assert.ok(all / count < 1000, `${Math.round(all / count)} bytes an image`);
  });
});

/** After everything that nobody can reach was given back. */
function bytesInUse(): number {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
  const { heapUsed, external } = memoryUsage();
  return heapUsed + external;
}
