/** What one instance knows of one app between calls. The state changes in this file only. */

import type { Policy } from './policy.ts';
import type { Answer, HistoryEntry, MintOutcome, Ports, Stored } from './ports.ts';
import type { Claim, TokenRecord } from './record.ts';

/** What came of a mint, as long as it is not in the database: plain data, applied by the functions of result.ts. */
export interface UnsavedResult {
  claim: Claim;
  outcome: MintOutcome;
  beganAtMs: number;
  endedAtMs: number;
  /** From 0 to 1: spreads the retries of many instances. */
  chance: number;
  entry: HistoryEntry;
}

/** The document after the save. `isLost`: another holder had taken over, and it is that one's. */
export interface Saved extends Stored {
  isLost: boolean;
}

interface State {
  readonly appid: string;
  readonly policy: Policy;
  readonly ports: Ports;
  /** The document as last read or written here. */
  memory: { record: TokenRecord; readAtMs: number; readNumber: number } | null;
  unsaved: UnsavedResult | null;
  saving: Promise<Saved> | null;
  /** While the database is failing, memory answers without asking it again until `untilAtMs`. */
  storePause: { failures: number; untilAtMs: number };
  /** Calls under way, by the token that they report ('' for none). */
  readonly flights: Map<string, Promise<Answer>>;
  reads: number;
}

export type App = Readonly<State>;

/** First pause while the database fails; it doubles. Waiting would block the instance, and a cold one has no token. */
export const STORE_PAUSE_MS = 5_000;
const LONGEST_STORE_PAUSE_MS = 30_000;
const NO_PAUSE = { failures: 0, untilAtMs: 0 };

export function createApp(appid: string, policy: Policy, ports: Ports): App {
  return {
    appid,
    policy,
    ports,
    memory: null,
    unsaved: null,
    saving: null,
    storePause: NO_PAUSE,
    flights: new Map(),
    reads: 0,
  };
}

/** Reads the document and remembers it. Throws a TokenError as the store does. */
export async function readRecord(app: State): Promise<Stored> {
  const readAtMs = app.ports.now();
  const readNumber = ++app.reads;
  const stored = await app.ports.store.read();
  app.storePause = NO_PAUSE;
  if (stored.damaged.length > 0) {
    app.ports.log('document_damaged', { appid: app.appid, damaged: stored.damaged.join(',') });
  }
  remember(app, stored.record, readAtMs, readNumber);
  return stored;
}

/** A read that began before another one ended must not put an older record over a newer one. */
export function remember(app: State, record: TokenRecord, readAtMs: number, readNumber = ++app.reads): void {
  if (app.memory !== null && app.memory.readNumber > readNumber) return;
  app.memory = { record, readAtMs, readNumber };
}

export function setUnsaved(app: State, result: UnsavedResult | null): void {
  app.unsaved = result;
}

/** One save at a time: two saves of one result would take each other for another holder. */
export function shareSave(app: State, save: Promise<Saved>): Promise<Saved> {
  app.saving = save.finally(() => {
    app.saving = null;
  });
  return app.saving;
}

/** Single-flight: all calls that ask the same share one. */
export function shareFlight(app: State, key: string, start: () => Promise<Answer>): Promise<Answer> {
  const running = app.flights.get(key);
  if (running !== undefined) return running;
  const flight = start();
  app.flights.set(key, flight);
  return flight.finally(() => app.flights.delete(key));
}

export function pauseStore(app: State): void {
  const failures = app.storePause.failures + 1;
  const pauseMs = Math.min(STORE_PAUSE_MS * 2 ** Math.min(failures - 1, 10), LONGEST_STORE_PAUSE_MS);
  app.storePause = { failures, untilAtMs: app.ports.now() + pauseMs };
}

export function isStorePaused({ storePause }: App, nowMs: number): boolean {
  const pauseMs = storePause.untilAtMs - nowMs;
  return pauseMs > 0 && pauseMs <= LONGEST_STORE_PAUSE_MS;
}
