/** What a data set's folder is known to hold, found by name and by content. */
import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { KnownImages } from '../../../src/datasets/build/known-images';
import type { MadeImage } from '../../../src/datasets/make-images';

function made(name: string, sha256: string): { name: string; images: MadeImage[] } {
  const size = { width: 96, height: 96, sourceWidth: 96, sourceHeight: 96 };
  return { name, images: [{ name, ...size, sha256, hrSha256: 'h', lrSha256: 'l', notes: [] }] };
}

const namesOf = (known: KnownImages, sha256: string): string[] =>
  [...known.withHash(sha256)].map(({ name }) => name);

describe('known images', () => {
  it('are found by content in the order they came, the last one of each name', () => {
    const known = new KnownImages();
    for (const [name, sha256] of [
      ['a', 'one'],
      ['b', 'one'],
      ['c', 'two'],
      ['a', 'two'],
    ] as const)
      known.add(made(name, sha256));
    assert.deepEqual([namesOf(known, 'one'), namesOf(known, 'two')], [['b'], ['c', 'a']]);
    assert.equal(known.named('a')?.sha256, 'two');
    assert.deepEqual([namesOf(known, 'three'), known.named('d')], [[], undefined]);
  });

  it('may all be copies of one file', () => {
    const known = new KnownImages();
    const count = 100_000;
    for (let index = 0; index < count; index++) known.add(made(`copy ${index}`, 'same'));
    for (let index = 0; index < count; index += 2) known.add(made(`copy ${index}`, 'other'));
    assert.equal(namesOf(known, 'same').length, count / 2);
  });
});
