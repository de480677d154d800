import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { splitByContent, splitSources, unmatchedNames } from '../../../src/datasets/split';
import type { ValidationRule } from '../../../src/protocol/dataset-file';

const hashes = Array.from({ length: 40 }, (_, i) => i.toString(16).padStart(64, '0'));

function validationOf(list: readonly string[], share: number, seed: number): string[] {
  const splits = splitByContent(list, { share, seed });
  return list.filter((_, i) => splits[i] === 'validation').sort();
}

describe('the validation split', () => {
  it('has its share, at least one image and never all', () => {
    assert.equal(validationOf(hashes, 0.1, 0).length, 4);
    assert.equal(validationOf(hashes, 0, 0).length, 0);
    assert.equal(validationOf(hashes.slice(0, 2), 0.01, 0).length, 1);
    assert.equal(validationOf(hashes.slice(0, 3), 0.99, 0).length, 2);
    assert.equal(validationOf(hashes.slice(0, 1), 0.5, 0).length, 0);
    assert.deepEqual(splitByContent([], { share: 0.5, seed: 0 }), []);
  });

  it('does not depend on the order in which images were found', () => {
    const shuffled = [...hashes].sort((a, b) => (a.slice(-1) + a < b.slice(-1) + b ? 1 : -1));
    assert.notDeepEqual(shuffled, hashes);
    assert.deepEqual(validationOf(shuffled, 0.25, 3), validationOf(hashes, 0.25, 3));
  });

  it('has files of equal content on one side', () => {
    for (let seed = 0; seed < 20; seed++) {
      const list = [...hashes.slice(0, 12), ...hashes.slice(0, 6), ...hashes.slice(0, 3)];
      const splits = splitByContent(list, { share: 0.25, seed });
      const sides = new Map<string, Set<string>>();
      for (const [index, hash] of list.entries())
        sides.set(hash, (sides.get(hash) ?? new Set()).add(splits[index]!));
      assert.ok([...sides.values()].every(({ size }) => size === 1));
      const held = splits.filter((split) => split === 'validation').length;
      assert.ok(held >= 3 && held <= 5, `${held} of 21 held out`);
    }
    assert.deepEqual(splitByContent([hashes[0]!, hashes[0]!], { share: 0.5, seed: 0 }), ['train', 'train']);
  });

  it('depends on the seed', () => {
    assert.notDeepEqual(validationOf(hashes, 0.25, 1), validationOf(hashes, 0.25, 2));
  });

  it('keeps most of its images when others are added', () => {
    const before = validationOf(hashes.slice(0, 30), 0.2, 0);
    const after = validationOf(hashes, 0.2, 0);
    const kept = before.filter((hash) => after.includes(hash));
    assert.ok(kept.length >= before.length - 2, `${kept.length} of ${before.length} kept`);
  });
});

describe('the other rules of validation', () => {
  const sources = ['a.png', 'val/b.png', 'scenes/val-2/c.png', 'scenes/deep/er/d.png'].map(
    (source, index) => ({
      source,
      sha256: String(index),
    }),
  );
  const held = (rule: ValidationRule): string[] =>
    splitSources(sources, rule).flatMap((split, index) =>
      split === 'validation' ? [sources[index]!.source] : [],
    );

  it('hold out folders that match a pattern, with all that is in them', () => {
    assert.deepEqual(held({ by: 'folder', folders: ['val*'] }), ['val/b.png', 'scenes/val-2/c.png']);
    assert.deepEqual(held({ by: 'folder', folders: ['VAL'] }), ['val/b.png']);
    assert.deepEqual(held({ by: 'folder', folders: ['scenes/deep'] }), ['scenes/deep/er/d.png']);
    assert.deepEqual(held({ by: 'folder', folders: ['deep/er'] }), []);
    assert.deepEqual(held({ by: 'folder', folders: ['a.png'] }), [], 'a file is no folder');
  });

  it('hold out the sources of a list', () => {
    assert.deepEqual(held({ by: 'list', sources: ['scenes/deep/er/d.png', 'a.png', 'gone.png'] }), [
      'a.png',
      'scenes/deep/er/d.png',
    ]);
  });

  it('are told where none of what they name is there', () => {
    const rules: ValidationRule[] = [
      { by: 'folder', folders: ['holdiay'] },
      { by: 'list', sources: ['a.png', 'b.png', 'c.png', 'd.png'] },
    ];
    for (const rule of rules) {
      assert.throws(() => {
        unmatchedNames(['holiday/a.png'], rule);
      }, /not among the sources.*holiday\/a\.png/);
    }
    assert.deepEqual(unmatchedNames([], { by: 'list', sources: ['a.png'] }), []);
  });

  it('are told what they name that is not there', () => {
    const sources = ['holiday/a.png', 'work/b.png'];
    assert.deepEqual(unmatchedNames(sources, { by: 'folder', folders: ['holiday', 'wrok', 'w*'] }), ['wrok']);
    const listed = ['work/b.png', 'holiday/a.jpg'];
    assert.deepEqual(unmatchedNames(sources, { by: 'list', sources: listed }), ['holiday/a.jpg']);
    assert.deepEqual(unmatchedNames(sources, { by: 'image', share: 0.1, seed: 1 }), []);
  });
});
