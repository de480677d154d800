/** The settings in which runs differ: what a comparison puts beside their scores. Pure, and free of schemas, as pages use it. */
import type { RunConfiguration } from './run-configuration';

/** What differs between any two runs and says nothing of how they train. */
const identity = new Set(['$schema', 'format', 'name', 'created']);

/** Every leaf of a configuration by its path; what is in a list is numbered. */
function leavesOf(value: unknown, path = ''): [path: string, leaf: unknown][] {
  if (typeof value !== 'object' || value === null) return [[path, value]];
  return Object.entries(value).flatMap(([key, inner]: [string, unknown]) =>
    leavesOf(inner, path === '' ? key : `${path}.${key}`),
  );
}

/** The settings that not all configurations have with the same value, in the order of the files; and each one's values. */
export function differingSettings(configurations: readonly RunConfiguration[]): {
  settings: string[];
  values: Record<string, unknown>[];
} {
  const all = configurations.map((configuration) => new Map(leavesOf(configuration)));
  const paths = new Set(all.flatMap((leaves) => [...leaves.keys()]));
  const settings = [...paths].filter(
    (path) => !identity.has(path) && all.some((leaves) => leaves.get(path) !== all[0]!.get(path)),
  );
  const values = all.map((leaves) =>
    Object.fromEntries(
      settings.flatMap((path) => (leaves.has(path) ? [[path, leaves.get(path)] as const] : [])),
    ),
  );
  return { settings, values };
}

/** A setting as it is written in `run.srgan.json`, but for the quotation marks of a word; empty where a run has it not. */
export function settingText(value: unknown): string {
  if (value === undefined) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
