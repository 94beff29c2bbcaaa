/** What both languages of a message share: its parts, quotes made harmless, and times as people in China read them. */

import { KINDS } from '../token/kinds.ts';
import { HOUR_MS, MINUTE_MS } from '../token/policy.ts';
import type { Failure } from '../token/ports.ts';
import type { Finding } from './conditions.ts';
import type { Incident } from './incidents.ts';

/** One language. */
export interface Wording {
  heading: string;
  allApps: string;
  title(finding: Finding): string;
  /** The lines below it: since when, why, what it means, what to do now. */
  since(time: string): string;
  cause(finding: Finding): string;
  nothingLeft(name: string): string;
  goodUntil(name: string, time: string): string;
  advice(finding: Finding): string;
  recovered(incident: Incident, nowMs: number): string;
  /** What did not fit in. */
  rest(count: number): string;
}

/** WeChat's own words. */
export const quoteOf = ({ errcode, errmsg }: Failure): string => inCode(`${errcode} ${errmsg}`);

/** The longest that WeChat's own text is shown; its longest known is shorter. */
const LONGEST_QUOTE = 200;

/**
 * As inline code, which WeCom shows as it is. Nothing in it can end the code, and `<@all>`, which would call
 * everybody, is written with other brackets.
 */
export function inCode(text: string): string {
  const harmless = text
    .replace(/[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]+/gu, ' ')
    .replaceAll('`', "'")
    .replaceAll('<', '＜')
    .replaceAll('>', '＞');
  return `\`${cut(harmless)}\``;
}

/** By whole characters: half of one is not UTF-8. */
function cut(text: string): string {
  const signs = Array.from(text);
  return signs.length > LONGEST_QUOTE ? `${signs.slice(0, LONGEST_QUOTE).join('')}…` : text;
}

/** In short: everybody knows whose token it is. */
export const nameOf = ({ api = 'token' }: Finding): string => KINDS[api].noun.replace('access_', '');

/**
 * 2026-11-22 12:00, in UTC+8, where WeChat's days turn and no clock is ever put forward. Not by `Intl`: its tables cost
 * every cold start 15 ms and 8 MB.
 */
export function clockTime(atMs: number): string {
  return new Date(atMs + 8 * HOUR_MS).toISOString().slice(0, 16).replace('T', ' ');
}

export function duration(durationMs: number): { count: number; unit: 'minutes' | 'hours' } {
  if (durationMs < 2 * HOUR_MS)
    return { count: Math.max(1, Math.round(durationMs / MINUTE_MS)), unit: 'minutes' };
  return { count: Math.round(durationMs / HOUR_MS), unit: 'hours' };
}
