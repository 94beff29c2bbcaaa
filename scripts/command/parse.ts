/** Reads a command line strictly: what isn't known is refused before anything happens. */

import { parseArgs } from 'node:util';
import { pick, names } from './language.ts';
import { callOf, helpHint } from './call.ts';
import type { Command, Environment } from './definition.ts';
import { toParserOptions, type Flags } from './flags.ts';
import { suggest } from './nearest.ts';
import { requireNothingSwallowed } from './swallowed.ts';
import { explain, needsValue, strayWord } from './unreadable.ts';

type Value = string | boolean | readonly string[] | undefined;

export interface Parsed {
  values: Record<string, Value>;
  words: readonly string[];
}

/** Throws one line that names the flag. */
export function parse(name: string, command: Command, args: readonly string[], env: Environment): Parsed {
  const { flags, words = [] } = command;
  requireNothingSwallowed(name, flags, args, env);
  const { values, positionals, tokens } = read(name, flags, words, args);
  const given = tokens.flatMap((token) => (token.kind === 'option' ? [token.name] : []));
  requireOnce(given.filter((flag) => flags[flag]?.type !== 'list'));
  requireWords(name, words, positionals);
  const complete = withDefaults(flags, values);
  requireAgreement(name, flags, given);
  return { values: complete, words: positionals };
}

function read(name: string, flags: Flags, words: readonly string[], args: readonly string[]) {
  const options = toParserOptions(flags);
  try {
    return parseArgs({
      args: [...args],
      options,
      strict: true,
      allowPositionals: words.length > 0,
      tokens: true,
    });
  } catch (error) {
    const problem = explain(name, flags, words, args) ?? (error as Error).message;
    throw new Error(problem, { cause: error });
  }
}

function requireOnce(given: readonly string[]): void {
  const twice = given.find((flag, index) => given.indexOf(flag) !== index);
  if (twice !== undefined)
    throw new Error(
      pick({ en: `--${twice} is given twice: give it once`, zh: `--${twice} 重复指定：只能写一次` }),
    );
}

function requireWords(name: string, words: readonly string[], positionals: readonly string[]): void {
  const missing = words[positionals.length];
  if (missing !== undefined && !missing.startsWith('['))
    throw new Error(
      pick({
        en: `${missing} is missing: ${callOf(name, ...words)}`,
        zh: `缺少 ${missing}：${callOf(name, ...words)}`,
      }),
    );
  const stray = positionals[words.length];
  if (stray !== undefined) throw new Error(strayWord(stray, helpHint(name)));
}

function requireAgreement(name: string, flags: Flags, given: readonly string[]): void {
  for (const flag of given) {
    const { requires, excludes } = flags[flag] ?? {};
    if (requires !== undefined && !given.includes(requires))
      throw new Error(
        pick({
          en: `--${flag} needs --${requires}: ${helpHint(name)}`,
          zh: `--${flag} 须与 --${requires} 同用：${helpHint(name)}`,
        }),
      );
    if (excludes !== undefined && given.includes(excludes))
      throw new Error(
        pick({
          en: `--${flag} and --${excludes} exclude each other: give one of them`,
          zh: `--${flag} 与 --${excludes} 不能同用：只能选一个`,
        }),
      );
  }
}

function listOf(flag: string, value: unknown): readonly string[] {
  const given = [value ?? []].flat() as string[];
  if (given.includes('')) throw new Error(needsValue(`--${flag}`));
  return given;
}

function withDefaults(flags: Flags, values: Record<string, unknown>): Parsed['values'] {
  return Object.fromEntries(
    Object.entries(flags).map(([flag, definition]) => {
      const value = values[flag];
      if (definition.type === 'boolean') return [flag, value === true];
      if (definition.type === 'list') return [flag, listOf(flag, value)];
      if (value === '') throw new Error(needsValue(`--${flag}`));
      const { options } = definition;
      if (options !== undefined && value !== undefined && !options.includes(value as string)) {
        const given = JSON.stringify(value);
        const meant = suggest(value as string, options);
        throw new Error(
          pick({
            en: `--${flag} is one of ${names(options)}, not ${given}${meant}`,
            zh: `--${flag} 只能是 ${names(options)}，不能是 ${given}${meant}`,
          }),
        );
      }
      return [flag, (value as string | undefined) ?? definition.default];
    }),
  );
}
