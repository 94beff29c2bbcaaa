/** Nothing is removed unasked: a flag, or the name typed at a terminal. */

import { pick } from '../command/language.ts';
import { requireTyped, type Terminal } from '../place/typed.ts';

/** Throws one readable line unless it is confirmed. */
export async function requireConfirmation(
  name: string,
  isConfirmed: boolean,
  terminal?: Terminal,
): Promise<void> {
  if (isConfirmed) return;
  const question = {
    prompt: pick({ en: `Type ${name} to remove that for good: `, zh: `输入 ${name} 以确认永久删除：` }),
    otherwise: pick({ en: 'nothing has been removed', zh: '没有删除任何内容' }),
    withoutTerminal: pick({ en: 'add --yes if you mean it', zh: '确认要删除就加 --yes' }),
  };
  await requireTyped(name, question, terminal);
}
