/** Says in one line why a command line can't be read, and which flag was probably meant. */

import { parseArgs } from 'node:util';
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
          ? strayWord(name, flags, token.value)
          : undefined;
    if (problem !== undefined) return problem;
  }
  return undefined;
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
    return `unknown flag ${rawName}${suggest(rawName, Object.keys(flags), '--')} (${helpHint(name)})`;
  if (flag.type === 'boolean')
    return value === undefined ? undefined : `${rawName} takes no value: ${rawName} alone switches it on`;
  const isNext = !inlineValue && value !== undefined && value.length > 1 && value.startsWith('-');
  return value === undefined || isNext ? `${rawName} needs a value: ${rawName}=…` : undefined;
}

/** A flag whose dashes were left out, or made pretty by a word processor, is such a word. */
function strayWord(name: string, flags: Flags, word: string): string {
  const meant = suggest(word, Object.keys(flags), '--');
  return `${JSON.stringify(word)} belongs to no flag${meant} (${helpHint(name)})`;
}
