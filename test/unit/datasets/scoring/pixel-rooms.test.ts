import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { giveBackRoom, takeRoom } from '../../../../src/datasets/scoring/pixel-rooms';

describe('rooms of pixels', () => {
  it('are used again, two of them for any number of pairs, also when pictures grow', () => {
    const rooms = new Set<SharedArrayBuffer>();
    for (let bytes = 70_000; bytes < 130_000; bytes += 500) {
      const pair = [takeRoom(bytes), takeRoom(bytes)] as const;
      assert.notEqual(pair[0], pair[1]);
      for (const room of pair) {
        assert.ok(room.byteLength >= bytes);
        rooms.add(room);
        giveBackRoom(room);
      }
    }
    // Sizes cross one power of two at most, if there was no room before.
    assert.ok(rooms.size <= 4, `${rooms.size} rooms`);
  });
});
