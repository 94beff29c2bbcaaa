/** A name typed at a terminal, before anything is done that can't be undone. */

import type { Readable, Writable } from 'node:stream';
import { createInterface, type Interface } from 'node:readline/promises';
import { pick } from '../command/language.ts';
import { PlatformError } from '../platform/errors.ts';

export interface Terminal {
  input: Readable & { isTTY?: boolean };
  output: Writable;
}

export interface Question {
  /** Ends with a colon. */
  prompt: string;
  /** What is so where it was not typed: "nothing has been removed". */
  otherwise: string;
  /** What to do where there is no terminal. */
  withoutTerminal: string;
}

/** Throws one readable line unless the whole name is typed. */
export async function requireTyped(
  name: string,
  { prompt, otherwise, withoutTerminal }: Question,
  { input, output }: Terminal = { input: process.stdin, output: process.stdout },
): Promise<void> {
  const refusal = (cure: string) => new PlatformError(otherwise, { code: 'NOT_CONFIRMED', cure });
  if (!input.isTTY)
    throw refusal(
      pick({
        en: `there is no terminal to ask at: ${withoutTerminal}`,
        zh: `这里不是终端，无法询问：${withoutTerminal}`,
      }),
    );
  const terminal = createInterface({ input, output });
  try {
    const answer = await ask(terminal, prompt);
    if (answer.trim() === name) return;
  } finally {
    terminal.close();
  }
  throw refusal(
    pick({
      en: `that was not ${name}; run it again if you mean it`,
      zh: `输入的不是 ${name}；确实要执行就再来一次`,
    }),
  );
}

/** Empty when the terminal is closed instead (Ctrl-D, Ctrl-C): the question alone would then wait for ever. */
function ask(terminal: Interface, question: string): Promise<string> {
  const closed = new Promise<string>((resolve) => terminal.once('close', () => resolve('')));
  return Promise.race([terminal.question(question), closed]);
}
