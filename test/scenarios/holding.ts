/** Holds one request of a function where the test wants it held, as a slow network or a slow server would. */

import { onTestFinished } from 'vitest';
import type { TestCloud } from '../support/cloud.ts';

export interface Held {
  /** Resolves when a request has come to that place. */
  reached: Promise<void>;
  letGo: () => void;
}

type Stage = 'before' | 'after';

/** The first request for a token: before WeChat has seen it, or minted and with the answer not yet sent. */
export function holdAtWeChat(cloud: TestCloud, stage: Stage): Held {
  const { held, catchFirst } = createGate();
  cloud.sandbox.faults.intercept((moment) => (moment.stage === stage ? catchFirst() : undefined));
  return held;
}

/** The database's `nth` write from here on: not yet done, or done and with the answer not yet sent. */
export function holdWrite(cloud: TestCloud, stage: Stage, nth: number): Held {
  const { held, catchFirst } = createGate();
  let writes = 0;
  cloud.gateway.faults.intercept(({ stage: now, action }) => {
    if (!isWrite(action)) return undefined;
    if (now === 'before') writes += 1;
    return now === stage && writes === nth ? catchFirst() : undefined;
  });
  return held;
}

export function isWrite(action: string): boolean {
  return action === 'database.insertDocument' || action === 'database.modifyDocument';
}

/** How often WeChat has been asked for a token from here on, whatever came of it. */
export function countFetches(cloud: TestCloud): () => number {
  let fetches = 0;
  cloud.sandbox.faults.intercept(({ stage, path }) => {
    if (stage === 'before' && path.endsWith('token')) fetches += 1;
  });
  return () => fetches;
}

function createGate(): { held: Held; catchFirst: () => Promise<undefined> | undefined } {
  let arrive = (): void => undefined;
  let letGo = (): void => undefined;
  const reached = new Promise<void>((resolve) => (arrive = resolve));
  const open = new Promise<void>((resolve) => (letGo = resolve));
  onTestFinished(letGo);
  let isTaken = false;
  const catchFirst = (): Promise<undefined> | undefined => {
    if (isTaken) return undefined;
    isTaken = true;
    arrive();
    return open.then(() => undefined);
  };
  return { held: { reached, letGo }, catchFirst };
}
