/** What our entry of a function in the user's cloudbaserc.json is to hold, and how it differs from the one that is there. */

import { isDeepStrictEqual } from 'node:util';
import type { FunctionDeclaration } from '../build/declarations.ts';
import { CODE_MARK, type WantedFunction } from '../deploy/wanted.ts';

/** Of our own cloudbaserc.json: `{{env.WX_APPID}}` for WX_APPID. */
export function placeholdersOf(declarations: readonly FunctionDeclaration[]): ReadonlyMap<string, string> {
  return new Map(declarations.flatMap(({ envVariables }) => Object.entries(envVariables)));
}

/** The set ones alone: the CLI makes an empty variable of an unset placeholder, and the platform refuses one. */
export function variablesOf(
  one: WantedFunction,
  placeholders: ReadonlyMap<string, string>,
): ReadonlyMap<string, string> {
  const left = new Set(unsuited(one));
  const names = [...one.variables.keys()].filter((name) => placeholders.has(name) && !left.has(name));
  const set = names.map((name) => [name, placeholders.get(name)!] as const);
  return new Map([...set, [CODE_MARK, one.variables.get(CODE_MARK) ?? '']]);
}

/** The CLI puts values into the file's text as they are: with these it is JSON no more, for no function of the project. */
export function unsuited({ variables }: WantedFunction): string[] {
  return [...variables].filter(([, value]) => /["\\\p{Cc}]/u.test(value)).map(([name]) => name);
}

export function entryOf(
  { forCli, triggers }: WantedFunction,
  variables: ReadonlyMap<string, string>,
): Record<string, unknown> {
  const timers = timersOf(triggers);
  return {
    ...forCli,
    envVariables: Object.fromEntries(variables),
    ...(timers.length === 0 ? {} : { triggers: timers }),
  };
}

type Edit = [path: [string, ...string[]], value: unknown];

interface Present {
  envVariables: Readonly<Record<string, string>>;
  triggers: readonly { name: string }[];
  [setting: string]: unknown;
}

/** What has to change in an entry that is there, by its path within; `undefined` takes it away. */
export function editsOf(
  { envVariables, triggers, ...settings }: Present,
  one: WantedFunction,
  {
    variables,
    placeholders,
    declared,
  }: Record<'variables' | 'placeholders', ReadonlyMap<string, string>> & { declared: ReadonlySet<string> },
): Edit[] {
  const meant = triggersOf(triggers, one, declared);
  return [
    ...settingsOf(settings, one).map(([name, value]): Edit => [[name], value]),
    ...changesOf(envVariables, variables, placeholders).map(([name, value]): Edit => [
      ['envVariables', name],
      value,
    ]),
    ...(meant === triggers ? [] : [[['triggers'], meant] satisfies Edit]),
  ];
}

/**
 * Where the entry differs in what an upload needs: the mark of the code says that it was uploaded with these. What of
 * its own the entry has beside them stays.
 */
function settingsOf(
  present: Readonly<Record<string, unknown>>,
  { forCli }: WantedFunction,
): [string, unknown][] {
  return Object.entries(forCli).filter(([name, value]) => !isDeepStrictEqual(present[name], value));
}

function timersOf(triggers: WantedFunction['triggers']): { name: string; type: 'timer'; config: string }[] {
  return triggers.map(({ name, config }) => ({ name, type: 'timer', config }));
}

/** Ours as `TICKS` wants them, and the user's own; the very list that is there when nothing has to change. */
function triggersOf(
  present: readonly { name: string }[],
  { triggers }: WantedFunction,
  declared: ReadonlySet<string>,
): readonly { name: string }[] {
  const isWanted = (name: string): boolean => triggers.some((one) => one.name === name);
  const kept = present.filter(({ name }) => !declared.has(name) || isWanted(name));
  const missing = triggers.filter(({ name }) => !present.some((one) => one.name === name));
  if (kept.length === present.length && missing.length === 0) return present;
  return [...kept, ...timersOf(missing)];
}

/** What the user has written himself in place of a placeholder stays. */
function changesOf(
  present: Readonly<Record<string, string>>,
  wanted: ReadonlyMap<string, string>,
  placeholders: ReadonlyMap<string, string>,
): [string, string | undefined][] {
  const missing = [...wanted].filter(([name]) => present[name] === undefined || name === CODE_MARK);
  const unset = Object.entries(present).filter(
    ([name, value]) => value === placeholders.get(name) && !wanted.has(name),
  );
  return [
    ...missing.filter(([name, value]) => present[name] !== value),
    ...unset.map(([name]): [string, undefined] => [name, undefined]),
  ];
}
