/** Nothing is removed unasked: a flag, or the name typed at a terminal. */

import type { Readable, Writable } from 'node:stream';
import { createInterface, type Interface } from 'node:readline/promises';
import { PlatformError } from '../platform/errors.ts';

export interface Terminal {
  input: Readable & { isTTY?: boolean };
  output: Writable;
}

/** Throws one readable line unless it is confirmed. */
export async function requireConfirmation(
  name: string,
  isConfirmed: boolean,
  { input, output }: Terminal = { input: process.stdin, output: process.stdout },
): Promise<void> {
  if (isConfirmed) return;
  if (!input.isTTY) throw refusal('there is no terminal to ask at: add --yes if you mean it');
  const terminal = createInterface({ input, output });
  try {
    const answer = await ask(terminal, `Type ${name} to remove that for good: `);
    if (answer.trim() === name) return;
  } finally {
    terminal.close();
  }
  throw refusal(`that was not ${name}; run it again if you mean it`);
}

/** Empty when the terminal is closed instead (Ctrl-D, Ctrl-C): the question alone would then wait for ever. */
function ask(terminal: Interface, question: string): Promise<string> {
  const closed = new Promise<string>((resolve) => terminal.once('close', () => resolve('')));
  return Promise.race([terminal.question(question), closed]);
}

function refusal(cure: string): PlatformError {
  return new PlatformError('nothing has been removed', { code: 'NOT_CONFIRMED', cure });
}
