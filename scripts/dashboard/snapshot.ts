/**
 * What the server and its page have to agree on. What the page is told, as JSON: the same reports that `npm run status`
 * shows, and what only the place itself knows. And what the page asks for: the knobs. Runs in the browser, too.
 */

import type { Whereabouts } from '../place/advice.ts';
import type { AppReport } from '../place/report.ts';

export interface Snapshot {
  /** Of this run of the server: when it changes, the page loads itself anew. */
  runId: string;
  /** `embedded`: inside `npm start`; `local`: its data, seen from outside; `cloud`: a CloudBase environment. */
  place: 'embedded' | 'local' | 'cloud';
  environment: string;
  /** So that the commands on the page are those that work there. */
  at: Whereabouts;
  /** How often it is looked while a page is open. */
  periodMs: number;
  /** When this was read, on the clock that `apps` goes by. */
  atMs: number;
  apps: readonly AppReport[];
  /** Of each ticket that is configured. */
  tickets: readonly AppReport[];
  /** Null where it can't be known: a tick with nothing to do writes nothing down. */
  timer: TimerState | null;
  /** What is the user's own in an embedded cloud; null where there is none. */
  userProject: UserProjectState | null;
  /** Null where WeChat is not the sandbox. */
  sandbox: SandboxState | null;
}

export interface TimerState {
  /** Null: none since the start. */
  last: Tick | null;
  nextAtMs: number | null;
}

export interface Tick {
  atMs: number;
  /** What the function threw; null when it returned. */
  failure: string | null;
  /** One per app: `refreshed`, `fresh`, `busy` or `failed`. */
  actions: readonly { appid: string; action: string }[];
}

export interface UserProjectState {
  functions: readonly {
    name: string;
    calls: number;
    errors: number;
    coldStarts: number;
    /** That it has printed. */
    lastLine: string;
  }[];
  /** Names. */
  collections: readonly string[];
}

export interface SandboxState {
  /** How far the cloud's clock is ahead of the machine's. */
  offsetMs: number;
  isOut: boolean;
  /** The answer to the next fetch will be lost. */
  isLosing: boolean;
  /** Processes of the two functions. */
  instances: number;
  apps: readonly { appid: string; isQuotaSpent: boolean; isSecretWrong: boolean }[];
}

/** One message of the stream. */
export interface Update {
  /** The last good one; null when there is none yet. */
  snapshot: Snapshot | null;
  /** How long ago it was read, by the time it is sent. */
  ageMs: number;
  /** Why the last read failed, in one line; null when it didn't. */
  problem: string | null;
}

/** `POST /knobs/` and one of these. */
export type KnobName =
  | 'ask'
  | 'forward'
  | 'outage'
  | 'loseAnswer'
  | 'kill'
  | 'reset'
  | 'revoke'
  | 'foreignMint'
  | 'quota'
  | 'secret';

/** The steps that the clock can be moved ahead by. */
export const FORWARD_MINUTES = [5, 60, 120] as const;

/** What the page is told about one call of getAccessToken, step by step. No token is in it. */
export interface AskedStep {
  step: 'ask' | 'use' | 'report';
  errcode: number;
  errmsg: string;
  /** First 4 characters and length. */
  token?: string;
  /** Another one than in the step before. */
  isNew?: boolean;
  /** How long it may be kept. */
  lifeMs?: number;
}
