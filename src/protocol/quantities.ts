/** Numbers, durations and sizes in words: the same in the terminal, in the log, in every view and notification. */

/** `12345` → `12,345`. */
export function formatCount(count: number): string {
  return count.toLocaleString('en-GB');
}

/** `1, 'image'` → `1 image`; `1200, 'step'` → `1,200 steps`. */
export function countOf(count: number, noun: string): string {
  return `${formatCount(count)} ${noun}${count === 1 ? '' : 's'}`;
}

/** Seconds as a person says them: `8 s`, `3 min`, `2 h 5 min`, `4 d 3 h`. */
export function formatDuration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 90) return `${whole} s`;
  const minutes = Math.round(whole / 60);
  if (minutes < 90) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return `${hours} h ${minutes % 60} min`;
  return `${Math.floor(hours / 24)} d ${hours % 24} h`;
}

/** A difference in dB with its sign: `+0.31 dB`, `−0.02 dB`. */
export function formatGain(decibels: number): string {
  const digits = Math.abs(decibels).toFixed(2);
  const sign = decibels < 0 && digits !== '0.00' ? '−' : '+';
  return `${sign}${digits} dB`;
}

/** Bytes as a person says them: `640 MB`, `2.3 GB` (binary units, as memory is counted). */
export function formatBytes(bytes: number): string {
  const megabytes = bytes / 2 ** 20;
  return megabytes < 1000 ? `${megabytes.toFixed(0)} MB` : `${(bytes / 2 ** 30).toFixed(1)} GB`;
}

/** Seconds of something short: `0.8 ms`, `35 ms`, `2.4 s`. */
export function formatShortTime(seconds: number): string {
  if (seconds >= 1) return `${seconds.toFixed(1)} s`;
  const milliseconds = seconds * 1000;
  return `${milliseconds.toFixed(milliseconds < 10 ? 1 : 0)} ms`;
}

/** `1st`, `2nd`, `3rd`, `11th`, `21st`: English ordinal of a whole number. */
export function ordinal(value: number): string {
  const suffixes: Partial<Record<Intl.LDMLPluralRule, string>> = { one: 'st', two: 'nd', few: 'rd' };
  return `${value}${suffixes[ordinalRules.select(value)] ?? 'th'}`;
}

const ordinalRules = new Intl.PluralRules('en', { type: 'ordinal' });
