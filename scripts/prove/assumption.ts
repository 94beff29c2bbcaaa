/** One thing that this project takes for granted of the platform, and how it is tried. */

import { pick, type Text } from '../command/language.ts';
import type { ProveDatabase, ProveDatabaseOf } from './database.ts';
import type { ScratchFunction } from './scratch-function.ts';
import { NotTried } from './not-tried.ts';

export interface Assumption {
  /** Names the line; stable, so that a report can be compared with another. */
  id: string;
  assumption: Text;
  /** What rests on it. */
  reliedOnFor: Text;
  /** What follows, and what to do, where it does not hold. */
  ifNot: Text;
  /** What was seen, in words without ids; throws where it could not be tried. */
  observe(database: ProveDatabase, scratchFunction: ScratchFunction): Promise<Seen>;
}

export interface Seen {
  holds: boolean;
  seen: string;
}

export interface Line extends Omit<Assumption, 'observe'> {
  verdict: 'holds' | 'differs' | 'not tried';
  seen: string;
}

/** What the assumptions are tried on. */
export interface Subject {
  database: ProveDatabaseOf;
  scratchFunction: ScratchFunction;
}

/** An error that is not an answer says nothing about the assumption; the code alone is told, no text that may quote. */
export async function tryOne(
  { observe, ...about }: Assumption,
  { database, scratchFunction }: Subject,
): Promise<Line> {
  try {
    const { holds, seen } = await observe(database(about.id), scratchFunction);
    return { ...about, verdict: holds ? 'holds' : 'differs', seen };
  } catch (error) {
    const seen =
      error instanceof NotTried
        ? error.message
        : pick({ en: `the call failed (${codeOf(error)})`, zh: `调用失败（${codeOf(error)}）` });
    return { ...about, verdict: 'not tried', seen };
  }
}

/** The platform's or Node's code. */
export function codeOf(error: unknown): string {
  const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
  return /^[\w.-]{1,60}$/.test(code) ? code : 'no code';
}
