/** Knobs that make the cloud fail on demand: late, lost, wrong or no answers, before or after the work is done. */

import { setTimeout as sleep } from 'node:timers/promises';
import type { HttpAnswer } from '../http-server.ts';

export interface InterceptedRequest {
  /** `before`: a fault here means that nothing was executed. `after`: it was, and only the answer suffers. */
  stage: 'before' | 'after';
  action: string;
  collectionName: string | undefined;
  functionName: string | undefined;
  body: Readonly<Record<string, unknown>>;
}

/** A delay alone delays; everything else takes the place of the answer. */
export interface Fault {
  delayMs?: number;
  /** `json` is sent as JSON, `text` as it is. */
  answer?: { status: number; json?: unknown; text?: string };
  /** Ends the connection without an answer. */
  drop?: true;
  /** Leaves the caller waiting until this settles, then drops the connection. */
  hang?: Promise<unknown>;
}

type Intercept = (request: InterceptedRequest) => Fault | undefined | Promise<Fault | undefined>;

export type OutageMode = 'http-500' | 'http-403' | 'not-json' | 'drop' | 'hang';

export interface Faults {
  /** Asked for every request at both stages until the returned function is called. */
  intercept(fn: Intercept): () => void;
  /** Fails every request that `hits` picks (all without it), unexecuted, until the returned function is called. */
  outage(mode: OutageMode, hits?: (request: InterceptedRequest) => boolean): () => void;
  /** Takes all faults away and lets hanging requests go. */
  clear(): void;
}

export function createFaults(): Faults & {
  apply(request: InterceptedRequest): Promise<HttpAnswer | undefined>;
} {
  const intercepts = new Set<Intercept>();
  const releases = new Set<() => void>();
  return {
    intercept(fn) {
      intercepts.add(fn);
      return () => void intercepts.delete(fn);
    },
    outage(mode, hits = () => true) {
      const over = deferred();
      const intercept: Intercept = (request) =>
        request.stage === 'before' && hits(request) ? outageFault(mode, over.promise) : undefined;
      intercepts.add(intercept);
      const release = (): void => {
        intercepts.delete(intercept);
        releases.delete(release);
        over.resolve();
      };
      releases.add(release);
      return release;
    },
    clear() {
      intercepts.clear();
      for (const release of releases) release();
    },
    async apply(request) {
      for (const intercept of intercepts) {
        const fault = await intercept(request);
        const answer = fault && (await carryOut(fault));
        if (answer) return answer;
      }
      return undefined;
    },
  };
}

async function carryOut({ delayMs, answer, drop, hang }: Fault): Promise<HttpAnswer | undefined> {
  if (delayMs !== undefined) await sleep(delayMs, undefined, { ref: false });
  if (hang) await hang.catch(() => undefined);
  if (hang || drop) return { status: 0, drop: true };
  if (!answer) return undefined;
  return { status: answer.status, body: answer.text ?? JSON.stringify(answer.json ?? {}) };
}

function outageFault(mode: OutageMode, over: Promise<void>): Fault {
  switch (mode) {
    case 'http-500':
      return { answer: { status: 500 } };
    case 'http-403':
      return { answer: { status: 403 } };
    case 'not-json':
      return { answer: { status: 200, text: '<html>' } };
    case 'drop':
      return { drop: true };
    case 'hang':
      return { hang: over };
  }
}

function deferred(): { promise: Promise<void>; resolve: () => void } {
  let resolve = (): void => undefined;
  const promise = new Promise<void>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}
