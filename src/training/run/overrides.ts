/** `--set data.batch=8`: settings by dotted path, laid over a configuration before it is validated. */
import { LabError } from '../../folders/lab-error';

interface Override {
  readonly path: readonly string[];
  readonly value: unknown;
}

/** Keys that would reach outside the value that is being changed. */
const forbiddenKeys = new Set(['__proto__', 'constructor', 'prototype']);

/** Reads `key=value`. The value is JSON; what is not JSON is taken as text, so that `engine=embedded` needs no quotes. */
export function parseOverride(text: string): Override {
  const equals = text.indexOf('=');
  const path = text.slice(0, equals).split('.');
  if (equals < 1 || path.includes('')) {
    throw new LabError(
      `--set ${text} is not of the form key=value, for example --set data.batch=8 or --set stages.0.steps=500.`,
    );
  }
  return { path, value: parseValue(text.slice(equals + 1)) };
}

function parseValue(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

/**
 * A copy of `configuration` with the overrides in it, unchecked: the schema has the last word. Throws a `LabError` for a
 * path through something that has no parts.
 */
export function applyOverrides(configuration: object, overrides: readonly string[]): unknown {
  const copy: unknown = structuredClone(configuration);
  for (const text of overrides) {
    const { path, value } = parseOverride(text);
    let parent: unknown = copy;
    path.forEach((key, depth) => {
      const place = path.slice(0, depth).join('.');
      const container = containerAt(parent, key, place, text);
      if (depth === path.length - 1) container[key] = value;
      else parent = container[key];
    });
  }
  return copy;
}

function containerAt(parent: unknown, key: string, place: string, text: string): Record<string, unknown> {
  if (Array.isArray(parent)) {
    if (!/^\d+$/.test(key) || Number(key) > parent.length) {
      const range = `0 to ${parent.length - 1}, or ${parent.length} to append`;
      throw new LabError(
        `--set ${text}: ${place} is a list; it is indexed by number (${range}), not by “${key}”.`,
      );
    }
  } else if (typeof parent !== 'object' || parent === null || forbiddenKeys.has(key)) {
    throw new LabError(`--set ${text}: there is no setting “${key}” in ${place === '' ? 'a run' : place}.`);
  }
  return parent as Record<string, unknown>;
}
