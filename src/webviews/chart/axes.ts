/** Where the lines of an axis are: whole steps, round times, powers of ten. Pure. */

/** 1, 2 and 5 times the powers of ten: no halves of a step. */
export const stepIncrements = Array.from({ length: 9 }, (_, power) =>
  [1, 2, 5].map((digit) => digit * 10 ** power),
).flat();

/** Seconds, minutes, hours and days that a clock shows as round. */
export const timeIncrements = [
  1, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 43_200, 86_400, 172_800, 432_000,
  864_000,
];

/** Of the lines of a logarithmic axis only the powers of ten, where there are several of these; null draws none. */
export function decades(lines: readonly number[], range: { min?: number; max?: number }): (number | null)[] {
  const { min = 1, max = 1 } = range;
  if (max / min < 100) return [...lines];
  return lines.map((line) => {
    const power = Math.log10(line);
    return Math.abs(power - Math.round(power)) < 1e-6 ? line : null;
  });
}
