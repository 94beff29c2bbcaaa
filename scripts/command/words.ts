/** Times, durations and tokens as an operator reads them. */

import { language, type Language } from './language.ts';

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** The two largest units: `1 h 50 min`, `4 min 20 s`, `12 s`, `0.4 s`. */
export function duration(lengthMs: number): string {
  return durationIn(language(), lengthMs);
}

export function durationIn(reader: Language, lengthMs: number): string {
  const ms = Math.max(0, lengthMs);
  const { day, hour, minute, second } = UNITS[reader];
  if (ms >= DAY_MS) return pair(ms, DAY_MS, day, HOUR_MS, hour);
  if (ms >= HOUR_MS) return pair(ms, HOUR_MS, hour, MINUTE_MS, minute);
  if (ms >= MINUTE_MS) return pair(ms, MINUTE_MS, minute, SECOND_MS, second);
  return ms >= 10 * SECOND_MS || ms === 0
    ? `${Math.floor(ms / SECOND_MS)} ${second}`
    : `${(ms / SECOND_MS).toFixed(1)} ${second}`;
}

const UNITS = {
  en: { day: 'd', hour: 'h', minute: 'min', second: 's' },
  zh: { day: '天', hour: '小时', minute: '分钟', second: '秒' },
};

export function ago(atMs: number, nowMs: number): string {
  return agoIn(language(), atMs, nowMs);
}

/** An instant in the future is told as such. */
export function agoIn(reader: Language, atMs: number, nowMs: number): string {
  const length = durationIn(reader, Math.abs(nowMs - atMs));
  if (reader === 'zh') return atMs > nowMs ? `${length}后` : `${length}前`;
  return atMs > nowMs ? `in ${length}` : `${length} ago`;
}

/** In this machine's time zone; with the day when it isn't today. */
export function clockTime(atMs: number, nowMs: number): string {
  const [at, now] = [new Date(atMs), new Date(nowMs)];
  const time = [at.getHours(), at.getMinutes(), at.getSeconds()].map(twoDigits).join(':');
  if (at.toDateString() === now.toDateString()) return time;
  return `${twoDigits(at.getMonth() + 1)}-${twoDigits(at.getDate())} ${time}`;
}

function pair(ms: number, large: number, largeName: string, small: number, smallName: string): string {
  const rest = Math.floor((ms % large) / small);
  return `${Math.floor(ms / large)} ${largeName}${rest === 0 ? '' : ` ${rest} ${smallName}`}`;
}

function twoDigits(number: number): string {
  return String(number).padStart(2, '0');
}

/** All that is ever shown of a token. */
export function masked(token: string): string {
  return `${token.slice(0, 4)}… (${token.length} characters)`;
}

/** What `masked` has made, in the reader's language: programs read the English of it. */
export function shownToken(shown: string): string {
  if (language() === 'en') return shown;
  return shown.replace(/ \((\d+) characters\)/, '（$1 个字符）').replace(/^encrypted$/, '已加密');
}

/** A value that there is no word for is shown unchanged. */
export function wordFor(name: string, words: Readonly<Record<string, string>>): string {
  return (Object.hasOwn(words, name) ? words[name] : undefined) ?? name;
}

/** A path as a shell takes it, in a command that is told. */
export function asWord(path: string): string {
  return /^[\p{L}\p{N}_@%+=:,./\\-]+$/u.test(path) ? path : `"${path.replaceAll(/["$`]/g, '\\$&')}"`;
}
