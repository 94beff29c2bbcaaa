/** What one process knows of one app between calls: state that is passed to every function, never a global. */

import type { UnsavedResult, Saved } from './unsaved.ts';
import type { Answer } from './getAccessToken.ts';
import type { Policy } from './policy.ts';
import type { Ports, Stored } from './ports.ts';
import type { TokenRecord } from './record.ts';

export interface App {
  readonly appid: string;
  readonly policy: Policy;
  readonly ports: Ports;
  /** The document as last read or written here. */
  memory: { record: TokenRecord; readAtMs: number; ticket: number } | null;
  /** A finished mint whose result is not in the database yet. */
  unsaved: UnsavedResult | null;
  saving: Promise<Saved> | null;
  /** While the database is failing, memory answers without asking it again until `untilAtMs`. */
  storePause: { failures: number; untilAtMs: number };
  /** Calls under way, by the token that they report ('' for none): one flight serves all that ask the same. */
  flights: Map<string, Promise<Answer>>;
  tickets: number;
}

export function createApp(appid: string, policy: Policy, ports: Ports): App {
  return {
    appid,
    policy,
    ports,
    memory: null,
    unsaved: null,
    saving: null,
    storePause: { failures: 0, untilAtMs: 0 },
    flights: new Map(),
    tickets: 0,
  };
}

/** Reads the document and remembers it. */
export async function readRecord(app: App): Promise<Stored> {
  const readAtMs = app.ports.now();
  const ticket = ++app.tickets;
  const stored = await app.ports.store.read();
  app.storePause = { failures: 0, untilAtMs: 0 };
  if (stored.damaged.length > 0) {
    app.ports.log('document_damaged', { appid: app.appid, damaged: stored.damaged.join(',') });
  }
  remember(app, stored.record, readAtMs, ticket);
  return stored;
}

/** A read that began before another one ended must not put an older record over a newer one. */
export function remember(app: App, record: TokenRecord, readAtMs: number, ticket = ++app.tickets): void {
  if (app.memory !== null && app.memory.ticket > ticket) return;
  app.memory = { record, readAtMs, ticket };
}
