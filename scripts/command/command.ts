/** Runs a command: strict flags, one line per error, exit codes that mean something. */

import type { Command, Environment, ExitCode, Group } from './definition.ts';
import { groupHelp, helpOf } from './help.ts';
import { PACKAGE_FOLDER } from './folders.ts';
import { language, LANGUAGES, names, pick } from './language.ts';
import { explainReadOnly } from './read-only.cjs';
import { respell } from './call.ts';
import { suggest } from './nearest.ts';
import { parse } from './parse.ts';

/** Of every command. */
const LANG = {
  type: 'string',
  options: LANGUAGES,
  description: { en: 'of what is told; else the locale', zh: '输出的语言；不指定时按系统的语言环境' },
} as const;

/** Prints what went wrong, and gives back what the process is to end with. */
export async function runCommand(
  name: string,
  command: Command | Group,
  args: readonly string[],
  env: Environment,
): Promise<ExitCode> {
  if ('commands' in command) return runOneOf(name, command, args, env);
  const told = { ...command, flags: { ...command.flags, lang: LANG } };
  if (asksForHelp(args)) return show(helpOf(name, told));
  try {
    const { values, words } = parse(name, told, args, env);
    return await command.run(values, words);
  } catch (error) {
    return fail(messageOf(error), command.failsWith);
  }
}

function messageOf(error: unknown): string {
  const told = explainReadOnly(error, PACKAGE_FOLDER, language() === 'zh');
  return told ?? respell(error instanceof Error ? error.message : String(error));
}

/** `--help` wins over everything else on the line: showing it changes nothing. */
export function asksForHelp(args: readonly string[]): boolean {
  const end = args.indexOf('--');
  return args.slice(0, end < 0 ? args.length : end).some((word) => word === '--help' || word === '-h');
}

export function show(text: string): ExitCode {
  console.log(text);
  return 0;
}

/** One line on the error stream. */
export function fail(problem: string, code: ExitCode = 1): ExitCode {
  console.error(`✗ ${problem}`);
  return code;
}

async function runOneOf(
  name: string,
  group: Group,
  [word = '', ...rest]: readonly string[],
  env: Environment,
): Promise<ExitCode> {
  const words = Object.keys(group.commands);
  const chosen = Object.hasOwn(group.commands, word) ? group.commands[word] : undefined;
  if (chosen !== undefined) return runCommand(`${name} ${word}`, chosen, rest, env);
  const help = groupHelp(name, group);
  if (asksForHelp([word, ...rest])) return show(help);
  const choice = names(words);
  if (word === '')
    return fail(
      pick({
        en: `${name} needs a word that says what to do: ${choice}`,
        zh: `${name} 后面要写明做什么：${choice}`,
      }),
    );
  const given = JSON.stringify(word);
  const meant = suggest(word, words);
  return fail(
    pick({
      en: `${name} has no ${given}${meant}; it has ${choice}`,
      zh: `${name} 没有子命令 ${given}${meant}（可用：${choice}）`,
    }),
  );
}
