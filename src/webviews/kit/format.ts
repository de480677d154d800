/**
 * Numbers in words, the same on every page: units always, thousands separated, a real minus sign.
 * Fixed to English, as the sentences around them are.
 */

const MINUS = '−';
const integers = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });

/** What is rounded to nothing has no sign. */
const withMinus = (text: string): string => text.replace(/^-(?=[0.]*$)/, '').replace(/^-/, MINUS);

/** `1200` → `1,200`. */
export function count(value: number): string {
  return withMinus(integers.format(value));
}

/** `1`, `image` → `1 image`; `2`, `image` → `2 images`. */
export function counted(value: number, singular: string, plural = `${singular}s`): string {
  return `${count(value)} ${value === 1 ? singular : plural}`;
}

/** Three significant digits, in scientific notation below 0.001 and from 100,000 on; `–` where there is no number. */
export function significant(value: number | null | undefined): string {
  if (value === null || value === undefined || Number.isNaN(value)) return '–';
  if (!Number.isFinite(value)) return value > 0 ? '∞' : `${MINUS}∞`;
  const size = Math.abs(value);
  if (size === 0) return '0';
  if (size < 1e-3 || size >= 1e5) {
    return withMinus(value.toExponential(2)).replace('e+', 'e').replace('e-', `e${MINUS}`);
  }
  return withMinus(size >= 1000 ? integers.format(value) : String(Number(value.toPrecision(3))));
}

const TICK_DIGITS = 4;
/** More than any axis needs, and no more than a double has. */
const MOST_TICK_DIGITS = 12;

/** Labels of an axis: as few digits as it takes to tell them apart; empty where there is no value. */
export function ticks(values: readonly (number | null)[]): string[] {
  const distinct = new Set(values.filter((value) => value !== null)).size;
  for (let digits = TICK_DIGITS; ; digits++) {
    const labels = values.map((value) => (value === null ? '' : tick(value, digits)));
    const told = new Set(labels.filter((label) => label !== '')).size;
    if (told >= distinct || digits >= MOST_TICK_DIGITS) return labels;
  }
}

/** As few digits as it takes, for axes: `0.0001` → `1e−4`. */
export function tick(value: number, digits = TICK_DIGITS): string {
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-3 || size >= 1e6)) {
    return withMinus(Number(value.toPrecision(6)).toExponential())
      .replace('e+', 'e')
      .replace('e-', `e${MINUS}`);
  }
  return withMinus(value.toLocaleString('en-US', { maximumFractionDigits: digits }));
}

export function fixed(value: number | null | undefined, digits: number): string {
  return value === null || value === undefined || !Number.isFinite(value)
    ? '–'
    : withMinus(value.toFixed(digits));
}

/** Peak signal-to-noise ratio: `28.43 dB`. */
export function decibels(value: number | null | undefined): string {
  return `${fixed(value, 2)} dB`;
}

/** A difference in dB with its sign: `+0.42 dB`, `−0.10 dB`, `±0.00 dB`. */
export function gain(value: number): string {
  const text = Math.abs(value).toFixed(2);
  if (Number(text) === 0) return '±0.00 dB';
  return `${value > 0 ? '+' : MINUS}${text} dB`;
}

/** A share in [0, 1] as `1.2 %`. */
export function percent(share: number): string {
  if (!Number.isFinite(share)) return '–';
  const value = share * 100;
  return `${withMinus(value.toFixed(Math.abs(value) < 10 ? 1 : 0))} %`;
}

/** `0.0352` → `35 ms`, `0.213` → `0.21 s`, `75` → `1 min 15 s`. */
export function seconds(value: number): string {
  if (value < 0.1) return `${(value * 1000).toFixed(value < 0.01 ? 1 : 0)} ms`;
  if (value < 10) return `${value.toFixed(2)} s`;
  return duration(value);
}

/** Two units at most: `42 s`, `3 min 5 s`, `2 h 10 min`, `3 d 4 h`. */
export function duration(value: number): string {
  const total = Math.max(0, Math.round(value));
  const units: [number, string][] = [
    [86_400, 'd'],
    [3600, 'h'],
    [60, 'min'],
    [1, 's'],
  ];
  const first = units.findIndex(([size]) => total >= size);
  if (first === -1) return '0 s';
  const [size, unit] = units[first]!;
  const text = `${Math.floor(total / size)} ${unit}`;
  const next = units[first + 1];
  const rest = next ? Math.floor((total % size) / next[0]) : 0;
  return next && rest > 0 ? `${text} ${rest} ${next[1]}` : text;
}

/** `3 min left`; seconds are told only in the last minute, hours with minutes. */
export function timeLeft(value: number): string {
  if (value < 1) return 'nearly done';
  if (value < 55) return `${Math.ceil(value / 5) * 5} s left`;
  if (value < 3570) return `${Math.max(1, Math.round(value / 60))} min left`;
  return `${duration(Math.round(value / 60) * 60)} left`;
}

/** Elapsed time on an axis: `0:45`, `12:30`, `1:05:00`. */
export function clock(value: number): string {
  const total = Math.max(0, Math.round(value));
  const pad = (part: number) => String(part).padStart(2, '0');
  const [hours, minutes, rest] = [Math.floor(total / 3600), Math.floor(total / 60) % 60, total % 60];
  return hours > 0 ? `${hours}:${pad(minutes)}:${pad(rest)}` : `${minutes}:${pad(rest)}`;
}

/** Local date and time of milliseconds since 1970: `2025-01-31 14:02:09`. */
export function dateTime(milliseconds: number): string {
  const date = new Date(milliseconds);
  const pad = (part: number) => String(part).padStart(2, '0');
  return (
    `${date.getFullYear()}-${pad(date.getMonth() + 1)}-${pad(date.getDate())} ` +
    `${pad(date.getHours())}:${pad(date.getMinutes())}:${pad(date.getSeconds())}`
  );
}
