/** Nothing is removed unasked: a flag, or the name typed at a terminal. */

import { createInterface } from 'node:readline/promises';
import { PlatformError } from '../platform/errors.ts';

/** Throws one readable line unless it is confirmed. */
export async function requireConfirmation(name: string, isConfirmed: boolean): Promise<void> {
  if (isConfirmed) return;
  if (!process.stdin.isTTY) {
    throw new PlatformError('nothing has been removed', {
      code: 'NOT_CONFIRMED',
      cure: 'there is no terminal to ask at: add --yes if you mean it',
    });
  }
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  try {
    const answer = await terminal.question(`Type ${name} to remove that for good: `);
    if (answer.trim() === name) return;
  } finally {
    terminal.close();
  }
  throw new PlatformError('nothing has been removed', {
    code: 'NOT_CONFIRMED',
    cure: `that was not ${name}; run it again if you mean it`,
  });
}
