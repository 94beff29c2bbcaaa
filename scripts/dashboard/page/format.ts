/** Durations, instants and names as a reader of either language writes them. Pure. */

import { respellFor } from '../../command/respell.ts';
import { duration as inEnglish } from '../../command/words.ts';
import type { Snapshot } from '../snapshot.ts';

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** The two largest units, as `npm run status` has them. */
export function durationIn(language: 'en' | 'zh', lengthMs: number): string {
  return language === 'en' ? inEnglish(lengthMs) : inChinese(Math.max(0, lengthMs));
}

/** `1:53:42`: a countdown. */
export function countdown(lengthMs: number): string {
  const seconds = Math.floor(Math.max(0, lengthMs) / SECOND_MS);
  const [hours, minutes, rest] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  return [hours, twoDigits(minutes), twoDigits(rest)].join(':');
}

/** A value that the page has no word for is shown unchanged. */
export function wordFor(name: string, words: Readonly<Record<string, string>>): string {
  return (Object.hasOwn(words, name) ? words[name] : undefined) ?? name;
}

function inChinese(ms: number): string {
  if (ms >= DAY_MS) return pair(ms, DAY_MS, '天', HOUR_MS, '小时');
  if (ms >= HOUR_MS) return pair(ms, HOUR_MS, '小时', MINUTE_MS, '分');
  if (ms >= MINUTE_MS) return pair(ms, MINUTE_MS, '分', SECOND_MS, '秒');
  return ms >= 10 * SECOND_MS || ms === 0
    ? `${Math.floor(ms / SECOND_MS)} 秒`
    : `${(ms / SECOND_MS).toFixed(1)} 秒`;
}

function pair(ms: number, large: number, largeName: string, small: number, smallName: string): string {
  const rest = Math.floor((ms % large) / small);
  return `${Math.floor(ms / large)} ${largeName}${rest === 0 ? '' : ` ${rest} ${smallName}`}`;
}

function twoDigits(number: number): string {
  return String(number).padStart(2, '0');
}

/** The commands that a text names, as they are called where the server runs. */
export function withCommandsOf(at: Pick<Snapshot, 'place' | 'isInstalled'>, text: string): string {
  return respellFor(at.isInstalled, text, at.place === 'cloud' ? '' : '--local');
}
