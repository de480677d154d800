/** Random numbers for tests that try many cases: Lehmer 1951, with the multiplier of Park and Miller. */

/** Numbers in [0, `limit`), always the same. */
export function lehmer(seed: number): (limit: number) => number {
  let state = seed;
  return (limit) => (state = (state * 48271) % 2147483647) % limit;
}
