/** Which addresses an AppSecret may be used from: the optional whitelist, and WeChat's own "risk call" confirmation. */

import { MAX_WHITELIST_ENTRIES, REFUSED_ONCE_MS, REFUSED_TWICE_MS } from './constants.ts';

/** Where an address stands with the account's administrator. */
export type RiskState = 'ok' | 'confirm' | 'waiting' | 'refusedOnce' | 'refusedTwice';

export interface RiskEntry {
  state: RiskState;
  sinceMs: number;
}

/** Whether an IPv4 address is covered by `1.2.3.4`, `1.2.3.*` or `1.2.3.0/24`, the three forms WeChat takes. */
export function isWhitelisted(ip: string, entries: readonly string[]): boolean {
  return entries.some((entry) => {
    if (entry.endsWith('.*')) return ip.startsWith(entry.slice(0, -1));
    const [base = '', bits] = entry.split('/');
    if (bits === undefined) return ip === entry;
    const size = 2 ** (32 - Number(bits));
    return Math.floor(toNumber(ip) / size) === Math.floor(toNumber(base) / size);
  });
}

export function assertWhitelist(entries: readonly string[]): void {
  if (entries.length > MAX_WHITELIST_ENTRIES)
    throw new RangeError(`at most ${MAX_WHITELIST_ENTRIES} entries`);
  const wrong = entries.find((entry) => !WHITELIST_ENTRY.test(entry));
  if (wrong !== undefined) throw new TypeError(`not 1.2.3.4, 1.2.3.* or 1.2.3.0/24: ${wrong}`);
}

/** The code for a call from this address, and the step that the call itself brings about: asking the administrator. */
export function riskErrcode(risks: Map<string, RiskEntry>, ip: string, nowMs: number): number | undefined {
  const entry = risks.get(ip);
  if (entry === undefined || entry.state === 'ok') return undefined;
  if (hasBlockEnded(entry, nowMs)) entry.state = 'confirm';
  const errcode = RISK_ERRCODE[entry.state];
  if (entry.state === 'confirm') risks.set(ip, { state: 'waiting', sinceMs: nowMs });
  return errcode;
}

/** https://developers.weixin.qq.com/miniprogram/dev/server/API/mp-access-token/api_getaccesstoken.html, read 2026-11-22; 89501 is from its older edition. */
const RISK_ERRCODE = { confirm: 89503, waiting: 89501, refusedOnce: 89507, refusedTwice: 89506 } as const;

const WHITELIST_ENTRY = /^\d{1,3}\.\d{1,3}\.\d{1,3}\.(\*|\d{1,3}(\/([0-9]|[12]\d|3[0-2]))?)$/;

/** Own decision: after the block the administrator is asked anew. */
function hasBlockEnded({ state, sinceMs }: RiskEntry, nowMs: number): boolean {
  if (state === 'refusedOnce') return nowMs - sinceMs >= REFUSED_ONCE_MS;
  return state === 'refusedTwice' && nowMs - sinceMs >= REFUSED_TWICE_MS;
}

function toNumber(ip: string): number {
  return ip.split('.').reduce((number, byte) => number * 256 + Number(byte), 0);
}
