/** Taking over what an older page, or an older version of the lab, has kept: whatever still fits, and nothing else. */

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function mergeValue(fallback: unknown, stored: unknown): unknown {
  if (stored === undefined) return fallback;
  if (isRecord(fallback)) return mergeState(fallback, stored);
  return fallback === null || (typeof fallback === typeof stored && stored !== null) ? stored : fallback;
}

/** Keeps of `stored` what has the type of `defaults` at the same name, recursively; where the default is `null`, anything. */
export function mergeState<T extends object>(defaults: T, stored: unknown): T {
  if (!isRecord(stored)) return defaults;
  const entries = Object.entries(defaults) as [string, unknown][];
  return Object.fromEntries(entries.map(([name, value]) => [name, mergeValue(value, stored[name])])) as T;
}
