/** Nothing is removed unasked: a flag, or the name typed at a terminal. */

import { requireTyped, type Terminal } from '../place/typed.ts';

/** Throws one readable line unless it is confirmed. */
export async function requireConfirmation(
  name: string,
  isConfirmed: boolean,
  terminal?: Terminal,
): Promise<void> {
  if (isConfirmed) return;
  const question = {
    prompt: `Type ${name} to remove that for good: `,
    otherwise: 'nothing has been removed',
    withoutTerminal: 'add --yes if you mean it',
  };
  await requireTyped(name, question, terminal);
}
