/** Says in one line why a command line can't be read, and which flag was probably meant. */

import { parseArgs } from 'node:util';
import { pick } from './language.ts';
import { helpHint } from './call.ts';
import { toParserOptions, type Flags } from './flags.ts';
import { suggest } from './nearest.ts';

/** Undefined when the words here don't cover it. A value is never quoted: it may be a secret. */
export function explain(
  name: string,
  flags: Flags,
  words: readonly string[],
  args: readonly string[],
): string | undefined {
  const options = toParserOptions(flags);
  const { tokens } = parseArgs({
    args: [...args],
    options,
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  let wordsLeft = words.length;
  for (const token of tokens) {
    const problem =
      token.kind === 'option'
        ? flagProblem(name, flags, token)
        : token.kind === 'positional' && wordsLeft-- <= 0
          ? stray(name, flags, token.value)
          : undefined;
    if (problem !== undefined) return problem;
  }
  return undefined;
}

export function strayWord(word: string, hint: string, meant = ''): string {
  const given = JSON.stringify(word);
  return pick({
    en: `${given} belongs to no flag${meant} (${hint})`,
    zh: `${given} 是多余的${meant}（${hint}）`,
  });
}

export function needsValue(flag: string): string {
  return pick({ en: `${flag} needs a value: ${flag}=…`, zh: `${flag} 后面要有值：${flag}=…` });
}

function unknownFlag(flag: string, meant: string, hint: string): string {
  return pick({ en: `unknown flag ${flag}${meant} (${hint})`, zh: `没有参数 ${flag}${meant}（${hint}）` });
}

interface OptionToken {
  name: string;
  rawName: string;
  value: string | undefined;
  inlineValue: boolean | undefined;
}

function flagProblem(name: string, flags: Flags, token: OptionToken): string | undefined {
  const { rawName, value, inlineValue } = token;
  const flag = Object.hasOwn(flags, token.name) ? flags[token.name] : undefined;
  if (flag === undefined)
    return unknownFlag(rawName, suggest(rawName, Object.keys(flags), '--'), helpHint(name));
  if (flag.type === 'boolean')
    return value === undefined
      ? undefined
      : pick({
          en: `${rawName} takes no value: ${rawName} alone switches it on`,
          zh: `${rawName} 不接受值：直接写 ${rawName} 即可`,
        });
  const isNext = !inlineValue && value !== undefined && value.length > 1 && value.startsWith('-');
  return value === undefined || isNext ? needsValue(rawName) : undefined;
}

/** A flag whose dashes were left out, or made pretty by a word processor, is such a word. */
function stray(name: string, flags: Flags, word: string): string {
  const meant = suggest(word, Object.keys(flags), '--');
  return strayWord(word, helpHint(name), meant);
}
