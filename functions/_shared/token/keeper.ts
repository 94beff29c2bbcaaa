/** What one process knows of one app between calls: state that is passed to every function, never a global. */

import type { Debt, Paid } from './debt.ts';
import type { Answer } from './getAccessToken.ts';
import type { Policy } from './policy.ts';
import type { Ports, Stored } from './ports.ts';
import type { TokenRecord } from './record.ts';

export interface Keeper {
  readonly appid: string;
  readonly policy: Policy;
  readonly ports: Ports;
  /** The document as last read or written here. */
  memory: { record: TokenRecord; readAtMs: number; ticket: number } | null;
  /** A finished mint whose result is not in the database yet. */
  debt: Debt | null;
  paying: Promise<Paid> | null;
  /** While the database is failing, memory answers without asking it again until `untilAtMs`. */
  storePause: { failures: number; untilAtMs: number };
  /** Calls under way, by the token that they report ('' for none): one flight serves all that ask the same. */
  flights: Map<string, Promise<Answer>>;
  tickets: number;
}

export function createKeeper(appid: string, policy: Policy, ports: Ports): Keeper {
  return {
    appid,
    policy,
    ports,
    memory: null,
    debt: null,
    paying: null,
    storePause: { failures: 0, untilAtMs: 0 },
    flights: new Map(),
    tickets: 0,
  };
}

/** Reads the document and remembers it. */
export async function look(keeper: Keeper): Promise<Stored> {
  const readAtMs = keeper.ports.now();
  const ticket = ++keeper.tickets;
  const stored = await keeper.ports.store.read();
  keeper.storePause = { failures: 0, untilAtMs: 0 };
  if (stored.damaged.length > 0) {
    keeper.ports.log('document_damaged', { appid: keeper.appid, damaged: stored.damaged.join(',') });
  }
  remember(keeper, stored.record, readAtMs, ticket);
  return stored;
}

/** A read that began before another one ended must not put an older record over a newer one. */
export function remember(
  keeper: Keeper,
  record: TokenRecord,
  readAtMs: number,
  ticket = ++keeper.tickets,
): void {
  if (keeper.memory !== null && keeper.memory.ticket > ticket) return;
  keeper.memory = { record, readAtMs, ticket };
}
