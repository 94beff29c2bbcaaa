/** Countdowns and names as the page shows them. Pure. */

const SECOND_MS = 1_000;

/** `1:53:42`: a countdown. */
export function countdown(lengthMs: number): string {
  const seconds = Math.floor(Math.max(0, lengthMs) / SECOND_MS);
  const [hours, minutes, rest] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  return [hours, twoDigits(minutes), twoDigits(rest)].join(':');
}

function twoDigits(number: number): string {
  return String(number).padStart(2, '0');
}
