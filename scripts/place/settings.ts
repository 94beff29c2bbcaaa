/** What this machine knows of the functions' configuration; an operator's machine may know little, and it still works. */

import {
  readConfig,
  readTicks,
  type Config,
  type TickSource,
} from '../../functions/_shared/runtime/config.ts';
import { dayOf } from '../../functions/_shared/token/backoff.ts';
import { ticketId } from '../../functions/_shared/ticket/settings.ts';
import type { Api } from '../../functions/_shared/token/record.ts';
import type { Values } from '../platform/settings.ts';

export interface Settings {
  /** As configured here; empty where the configuration is incomplete. */
  apps: readonly { appid: string; api: Api }[];
  /** By the ids of their documents. */
  tickets: readonly { appid: string; api: Api }[];
  refreshAfterMs: number;
  mintLimitPerDay: number;
  encryptionKeys: readonly Buffer[];
  ticks: TickSource;
  /** Names of variables that are missing or malformed, with the rule, never with the value. */
  problems: readonly string[];
}

export function readSettings(values: Values): Settings {
  const result = readConfig(values);
  if (result.ok) return settingsFrom(result.config, []);
  const { WX_APPS: _, ...rest } = values;
  const numbers = readConfig({ ...rest, ...STAND_IN });
  const config = numbers.ok ? numbers.config : (readConfig(STAND_IN) as { config: Config }).config;
  const ticks = readTicks(values['TICKS']) ?? 'timer';
  return { ...settingsFrom(config, result.problems), apps: [], tickets: [], ticks };
}

/** Completes a configuration without credentials, so that its other settings can be read. */
const STAND_IN = { WX_APPID: 'none', WX_APPSECRET: 'none' };

function settingsFrom(config: Config, problems: readonly string[]): Settings {
  const { apps, tickets, refreshAfterMs, mintLimitPerDay, encryptionKeys, ticks } = config;
  return {
    apps: apps.map(({ appid, api }) => ({ appid, api })),
    tickets: tickets.map((ticket) => ({ appid: ticketId(ticket), api: 'ticket' })),
    refreshAfterMs,
    mintLimitPerDay,
    encryptionKeys,
    ticks,
    problems,
  };
}

/** Counters of another day than today's (UTC+8) count as 0. */
export function countToday(counter: { day: number; count: number }, nowMs: number): number {
  return counter.day === dayOf(nowMs) ? counter.count : 0;
}
