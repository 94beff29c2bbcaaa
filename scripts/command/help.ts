/** The help texts, as plain as a pipe wants them. */

import { callOf } from './call.ts';
import type { Command, Group } from './definition.ts';
import type { Flags } from './flags.ts';
import { columns } from './columns.ts';

export function helpOf(name: string, { description, flags, words = [] }: Command): string {
  const usage = callOf(name, ...words, '[FLAGS]');
  const rows = Object.entries(flags).map(([flag, definition]) => [
    nameOf(flag, definition),
    told(definition),
  ]);
  return [`USAGE ${usage}`, '', description, '', 'FLAGS', ...columns(rows).map((row) => `  ${row}`), ''].join(
    '\n',
  );
}

type Definition = Flags[string];

/** Names beside descriptions. */
export function tableOf(entries: Iterable<readonly [string, { description: string }]>): string[] {
  return columns([...entries].map(([name, { description }]) => [name, description])).map((row) => `  ${row}`);
}

export function groupHelp(name: string, { description, commands }: Group): string {
  const usage = callOf(name, `${Object.keys(commands).join('|')} …`);
  const more = `${callOf(name, 'WORD --help')} tells the flags of each.`;
  return [`USAGE ${usage}`, '', description, '', ...tableOf(Object.entries(commands)), '', more, ''].join(
    '\n',
  );
}

function nameOf(flag: string, { type }: Definition): string {
  return type === 'boolean' ? `--${flag}` : `--${flag}=…`;
}

function told(definition: Definition): string {
  const usual = definition.type === 'string' ? definition.default : undefined;
  const options = definition.type === 'string' ? definition.options : undefined;
  const notes = [
    ...(options ? [options.join(' or ')] : []),
    ...(usual ? [`default: ${usual}`] : []),
    ...(definition.requires ? [`only with --${definition.requires}`] : []),
  ];
  return notes.length === 0 ? definition.description : `${definition.description} (${notes.join('; ')})`;
}
