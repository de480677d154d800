/**
 * Memory in which threads share pixels. The collector of garbage does not count shared memory, so that rooms that are let go pile
 * up: they are kept for whoever scores next, two of them as a rule, as large as the largest picture asked for.
 */
const free: SharedArrayBuffer[] = [];

/** A room of at least so many bytes, which nobody else has until it is given back. */
export function takeRoom(bytes: number): SharedArrayBuffer {
  const fitting = free.findIndex(({ byteLength }) => byteLength >= bytes);
  if (fitting >= 0) return free.splice(fitting, 1)[0]!;
  // One that is too small gives way. Sizes double: pictures that grow by a little each time do not leave one room each.
  free.pop();
  return new SharedArrayBuffer(2 ** Math.ceil(Math.log2(bytes)));
}

/** When no thread reads it any more. */
export function giveBackRoom(room: SharedArrayBuffer): void {
  free.push(room);
}
