/** The help of every command: citty's text, without trailing blanks, and in colour only where colours are wanted. */

import { stripVTControlCharacters } from 'node:util';
import { renderUsage, type ArgsDef, type CommandDef } from 'citty';
import pc from 'picocolors';

/** For citty's `runMain`, whose own version colours a pipe, too. */
export async function showUsage<T extends ArgsDef>(
  command: CommandDef<T>,
  parent?: CommandDef<T>,
): Promise<void> {
  const text = await renderUsage(command, parent);
  const told = pc.isColorSupported ? text : stripVTControlCharacters(text);
  console.log(`${told.replaceAll(/ +$/gm, '')}\n`);
}
