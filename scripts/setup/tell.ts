/** What setup says once the file is written. */

import { relative } from 'node:path';
import { callOf } from '../command/call.ts';
import type { EnvironmentInfo } from '../platform/environment.ts';
import { describeKind, whyUnsupported } from '../platform/kind.ts';
import type { Values } from '../platform/settings.ts';
import type { Answers } from './answers.ts';
import type { Changes } from './env-text.ts';
import { texts } from './texts.ts';

/** `isGood`: null for what is only worth knowing. */
export type Tell = (isGood: boolean | null, line: string) => void;

/** As the reader would type it. */
export function fromHere(file: string): string {
  const path = relative(process.cwd(), file);
  return path.startsWith('..') ? file : path;
}

interface Kind {
  isChecked: boolean;
  tell: Tell;
  /** What kind the environment is of; null where there are no credentials to look with. */
  readEnvironmentInfo?(values: Values): Promise<EnvironmentInfo | null>;
}

/** Only to be told, no condition: the file is written, and another environment can be named in it. */
export async function tellKind(
  { isChecked, readEnvironmentInfo, tell }: Kind,
  values: Values & { TCB_ENV_ID: string },
): Promise<void> {
  if (!isChecked || readEnvironmentInfo === undefined) return;
  const envId = values.TCB_ENV_ID;
  try {
    const info = await readEnvironmentInfo(values);
    if (info === null) return;
    const why = whyUnsupported(info);
    if (why === undefined) tell(true, `${envId}: ${describeKind(info)}`);
    else tell(false, why.message);
  } catch (error) {
    tell(null, texts().notLookedAt(envId, error instanceof Error ? error.message : String(error)));
  }
}

export function tellConsequences(
  { keys, isKeyNew }: Answers,
  changes: Changes,
  env: Readonly<Record<string, string>>,
  tell: Tell,
): void {
  if (isKeyNew) tell(null, texts().newKey);
  if (keys === null) tell(null, texts().inClear);
  const tickets = changes['WX_TICKETS'];
  if (tickets !== undefined) tell(null, texts().tickets(tickets, callOf('deploy')));
  const overruled = Object.keys(changes).filter(
    (name) => env[name] !== undefined && env[name] !== changes[name],
  );
  if (overruled.length > 0) tell(null, texts().overruled(overruled.join(', ')));
  tell(null, texts().next(callOf('deploy')));
}
