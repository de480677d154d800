import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { safeName, uniqueNames } from '../../../src/datasets/names';

describe('names of images', () => {
  it('come from the path, with its folders', () => {
    assert.equal(safeName('beach.jpg'), 'beach');
    assert.equal(safeName('2024/summer/beach 01.final.jpg'), '2024-summer-beach-01-final');
    assert.equal(safeName('no-extension'), 'no-extension');
  });

  it('are safe on every system and in every shell', () => {
    const hostile = [
      'with space.png',
      `quotes '"\`.png`,
      'hash#50%?.png',
      'line\nbreak\ttab.png',
      'back\\slash:colon*.png',
      '..dots...png',
      '-rf.png',
      '日本語 写真.png',
      'e\u0301te\u0301.png',
      '😀.png',
      '.png',
      'CON.png',
      'nul.txt.png',
      'Lpt1.png',
      `${'long'.repeat(100)}.png`,
    ];
    for (const name of uniqueNames(hostile)) {
      assert.match(name, /^[\p{L}\p{M}\p{N}_][\p{L}\p{M}\p{N}_+-]*$/u);
      assert.doesNotMatch(name, /^(con|nul|lpt1)$/i);
      assert.ok(Buffer.byteLength(name) <= 250, name);
      assert.equal(name, name.normalize('NFC'));
    }
    assert.equal(safeName('日本語 写真.png'), '日本語-写真');
  });

  it('are unique, also where upper and lower case are the same', () => {
    const names = uniqueNames([
      'a.png',
      'a.jpg',
      'A.webp',
      'a-2.png',
      'b/c.png',
      'b-c.png',
      '😀.png',
      '😁.png',
    ]);
    assert.equal(new Set(names.map((name) => name.toLowerCase())).size, names.length);
    assert.deepEqual(names.slice(0, 4), ['a', 'a-2', 'A-3', 'a-2-2']);
  });

  it('of long paths keep their end and stay different', () => {
    const folder = 'folder'.repeat(20);
    const [first, second] = uniqueNames([`${folder}/1/picture.png`, `${folder}/2/picture.png`]);
    assert.match(first!, /1-picture-[0-9a-f]{6}$/);
    assert.notEqual(first, second);
  });
});
