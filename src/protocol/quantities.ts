/** Numbers and durations in words, the same in every view, tooltip and notification. */

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
