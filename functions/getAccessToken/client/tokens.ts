/**
 * The token in this instance's memory: fresh for a minute, served to the end of its promised life while no fresh one
 * can be had, and never again once WeChat has refused it, unless getAccessToken hands it out in answer to the report.
 */

import { ask, LONGEST_QUESTION_MS, noAnswer } from './ask.ts';
import type { Held } from './ask.ts';
import { createRefusals } from './refusals.ts';
import { within } from './limit.ts';
import type { Settings } from './settings.ts';

export interface Tokens {
  accessToken(): Promise<string>;
  current(): Promise<Held>;
  /** Another token than the one that WeChat has just refused, or the same if getAccessToken vouches for it. */
  replace(refused: string): Promise<Held>;
  /** WeChat has refused the token once more: it is reported before anything is sent with it again. */
  refuse(token: string): void;
}

/** WeChat's servers don't all know a new token at once. */
const REPLICA_LAG_MS = 1_000;
/** A call that has a token alive waits no longer than this for a fresh one. */
const WAIT_WHILE_ALIVE_MS = 8_000;
/** Pauses between questions that fail while a token is alive; each is twice the last. */
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 30_000;

interface Pause {
  lengthMs: number;
  untilMs: number;
}

interface Report {
  of: string;
  promise: Promise<Held>;
}

export function createTokens(settings: Settings): Tokens {
  const { now, sleep, functionName } = settings;
  const refusals = createRefusals();
  let held: Held | null = null;
  let reading: Promise<Held> | null = null;
  let reporting: Report | null = null;
  /** Set while questions fail: what is alive is then served at once. */
  let pause: Pause | null = null;

  function current(): Promise<Held> {
    const nowMs = now();
    if (held !== null && isFresh(held, nowMs)) return Promise.resolve(held);
    const alive = held !== null && isAlive(held, nowMs) ? held : null;
    if (alive === null || pause === null) return orAlive(question(), alive);
    if (isOver(pause, nowMs)) question().catch(() => undefined);
    return Promise.resolve(alive);
  }

  /** One at a time. A report that has brought nothing yet goes before a plain question. */
  function question(): Promise<Held> {
    const unanswered = refusals.unanswered();
    return reporting?.promise ?? (unanswered === null ? (reading ?? read()) : replace(unanswered));
  }

  function read(): Promise<Held> {
    const mine: Promise<Held> = ask(settings, undefined)
      .then((answer) => {
        // It may come from the memory of another instance, which does not know of the refusal yet.
        if (refusals.has(answer.token)) return replace(answer.token);
        // Else a report has begun meanwhile, and knows better.
        if (reading === mine) keep(answer);
        return answer;
      })
      .catch((error: unknown) => {
        if (reading === mine) postpone();
        throw error;
      })
      .finally(() => {
        if (reading === mine) reading = null;
      });
    reading = mine;
    return mine;
  }

  function replace(refused: string): Promise<Held> {
    if (reporting?.of === refused) return reporting.promise;
    if (held !== null && held.token !== refused && isFresh(held, now())) return Promise.resolve(held);
    refuse(refused);
    if (reporting !== null) return reporting.promise.catch(() => undefined).then(() => replace(refused));
    reading = null;
    const promise = report(refused)
      .catch((error: unknown) => {
        postpone();
        throw error;
      })
      .finally(() => {
        reporting = null;
      });
    reporting = { of: refused, promise };
    return promise;
  }

  async function report(refused: string): Promise<Held> {
    const answer = await ask(settings, refused);
    refusals.answer(answer.token);
    keep(answer);
    await sleep(REPLICA_LAG_MS);
    return answer;
  }

  function keep(answer: Held): void {
    held = answer;
    pause = null;
  }

  function refuse(token: string): void {
    const isHeld = held?.token === token;
    refusals.add(token, isHeld);
    if (isHeld) held = null;
  }

  function postpone(): void {
    const lengthMs = pause === null ? FIRST_PAUSE_MS : Math.min(2 * pause.lengthMs, LONGEST_PAUSE_MS);
    pause = { lengthMs, untilMs: now() + lengthMs };
  }

  async function orAlive(answer: Promise<Held>, alive: Held | null): Promise<Held> {
    const limitMs = alive === null ? LONGEST_QUESTION_MS : WAIT_WHILE_ALIVE_MS;
    try {
      return await within(answer, limitMs, () => {
        if (pause === null) postpone();
        return noAnswer(functionName, limitMs);
      });
    } catch (error) {
      if (alive !== null && isAlive(alive, now()) && !refusals.has(alive.token)) return alive;
      throw error;
    }
  }

  return {
    accessToken() {
      const nowMs = now();
      if (held !== null && nowMs < held.freshUntilMs && nowMs >= held.askedAtMs) return held.promise;
      return current().then(({ token }) => token);
    },
    current,
    replace(refused) {
      const isOther = held !== null && held.token !== refused && isAlive(held, now());
      return orAlive(replace(refused), isOther ? held : null);
    },
    refuse,
  };
}

/** A clock that steps back must not stretch a pause. */
function isOver({ lengthMs, untilMs }: Pause, nowMs: number): boolean {
  return nowMs >= untilMs || nowMs < untilMs - lengthMs;
}

/** An age below zero means that the clock stepped back: nothing can be said about it. */
function isFresh({ askedAtMs, freshUntilMs }: Held, nowMs: number): boolean {
  return nowMs < freshUntilMs && nowMs >= askedAtMs;
}

function isAlive({ askedAtMs, endsAtMs }: Held, nowMs: number): boolean {
  return nowMs < endsAtMs && nowMs >= askedAtMs;
}
