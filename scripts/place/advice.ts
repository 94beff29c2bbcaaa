/** A judgement in words, with the commands as they are called where the reader stands. Runs in the browser, too. */

import { respellFor } from '../command/respell.ts';
import type { Judgement } from './judge.ts';
import { en } from './texts/troubles.en.ts';
import type { Trouble } from './texts/troubles.en.ts';
import { zh } from './texts/troubles.zh.ts';

/** Where the reader stands, and what is looked at from there. */
export interface Whereabouts {
  /** The package is a dependency: commands are called by npx. */
  isInstalled: boolean;
  /** WeChat is the sandbox. */
  isSandbox: boolean;
  /** The flags that bring a command there; empty for a CloudBase environment. */
  flags: string;
}

export interface Advice {
  title: string;
  todo: string;
}

export const TROUBLES = { en, zh };

export function adviceOn(
  { trouble }: Pick<Judgement, 'trouble'>,
  at: Whereabouts,
  language: keyof typeof TROUBLES,
): Advice {
  const { troubles, ofSandbox, lateHere } = TROUBLES[language];
  const { title, todo } = troubles[trouble];
  const here = at.isSandbox && MADE_IN_SANDBOX.has(trouble) ? ofSandbox : todo;
  // The embedded cloud has no trigger that a deployment could repair.
  const told = trouble === 'late' && at.flags !== '' ? lateHere : here;
  return { title, todo: respellFor(at.isInstalled, told, at.flags) };
}

/** In the sandbox only its knobs can have caused them, and no setting cures them. */
const MADE_IN_SANDBOX: ReadonlySet<Trouble> = new Set<Trouble>([
  'account',
  'appid',
  'confirm',
  'down',
  'foreign',
  'frozen',
  'future',
  'limit',
  'many',
  'quota',
  'refused',
  'secret',
  'weather',
  'whitelist',
]);
