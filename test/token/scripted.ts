/** An app whose clock, chance and database do exactly what a test says: for waits, tries and bounds. */

import { createApp } from '../../functions/_shared/token/app.ts';
import type { App } from '../../functions/_shared/token/app.ts';
import type { HistoryEntry, MintOutcome, Ports, Stored } from '../../functions/_shared/token/ports.ts';
import type { ProbeOutcome, TokenRecord } from '../../functions/_shared/token/record.ts';
import { classic, minted, NOW_MS, tokenOf } from './samples.ts';

export interface Script {
  policy?: typeof classic;
  chance?: number;
  /** What is stored at the n-th read, which may throw, and how long that read takes. */
  record(read: number): TokenRecord;
  readMs?(read: number): number;
  /** Is the n-th write the first? */
  wins?(write: number): boolean;
  prepare?: NonNullable<Ports['prepare']>;
  mint?(isForced: boolean): MintOutcome;
  probe?(): ProbeOutcome;
}

export interface Scripted {
  app: App;
  clock: { nowMs: number };
  sleeps: number[];
  reads(): number;
  written: { next: TokenRecord; entry: HistoryEntry | undefined }[];
  /** Of each call of WeChat: was it forced? */
  mints: boolean[];
  probes: string[];
  lines: [string, object][];
}

export const storedOf = (record: TokenRecord): Stored => ({ record, basis: record.version, damaged: [] });

export function scripted(script: Script): Scripted {
  const clock = { nowMs: NOW_MS };
  const sleeps: number[] = [];
  const written: Scripted['written'] = [];
  const mints: boolean[] = [];
  const probes: string[] = [];
  const lines: [string, object][] = [];
  let reads = 0;
  let writes = 0;
  let ids = 0;
  const ports: Ports = {
    store: {
      async read() {
        reads += 1;
        clock.nowMs += script.readMs?.(reads) ?? 0;
        return storedOf(script.record(reads));
      },
      async swap(_basis, next, entry) {
        writes += 1;
        if (script.wins?.(writes) === false) return null;
        written.push({ next, entry });
        return storedOf(next);
      },
    },
    ...(script.prepare && { prepare: script.prepare }),
    async mint(isForced = false) {
      mints.push(isForced);
      return script.mint?.(isForced) ?? minted(tokenOf({ value: 't2', mintedAtMs: clock.nowMs }));
    },
    async probe(token) {
      probes.push(token);
      return script.probe?.() ?? 'accepted';
    },
    now: () => clock.nowMs,
    async sleep(durationMs) {
      sleeps.push(durationMs);
      clock.nowMs += durationMs;
    },
    random: () => script.chance ?? 0.5,
    newId: () => `c${++ids}`,
    who: 'test',
    log: (event, fields) => void lines.push([event, fields]),
  };
  const app = createApp('wx1', script.policy ?? classic, ports);
  return { app, clock, sleeps, reads: () => reads, written, mints, probes, lines };
}
