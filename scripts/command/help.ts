/** The help texts, as plain as a pipe wants them. */

import { pick } from './language.ts';
import { callOf } from './call.ts';
import type { Command, Group } from './definition.ts';
import type { Flags } from './flags.ts';
import type { Text } from './language.ts';
import { columns } from './columns.ts';

export function helpOf(name: string, { description, flags, words = [] }: Command): string {
  const usage = callOf(name, ...words, pick({ en: '[FLAGS]', zh: '[参数]' }));
  const rows = Object.entries(flags).map(([flag, definition]) => [
    nameOf(flag, definition),
    told(definition),
  ]);
  return [
    `${usageWord()} ${usage}`,
    '',
    pick(description),
    '',
    pick({ en: 'FLAGS', zh: '参数' }),
    ...columns(rows).map((row) => `  ${row}`),
    '',
  ].join('\n');
}

function usageWord(): string {
  return pick({ en: 'USAGE', zh: '用法' });
}

type Definition = Flags[string];

/** Names beside descriptions. */
export function tableOf(entries: Iterable<readonly [string, { description: Text }]>): string[] {
  return columns([...entries].map(([name, { description }]) => [name, pick(description)])).map(
    (row) => `  ${row}`,
  );
}

export function groupHelp(name: string, { description, commands }: Group): string {
  const usage = callOf(name, `${Object.keys(commands).join('|')} …`);
  const more = pick({
    en: `${callOf(name, 'WORD --help')} tells the flags of each.`,
    zh: `${callOf(name, '子命令 --help')} 列出各自的参数。`,
  });
  return [
    `${usageWord()} ${usage}`,
    '',
    pick(description),
    '',
    ...tableOf(Object.entries(commands)),
    '',
    more,
    '',
  ].join('\n');
}

function nameOf(flag: string, { type }: Definition): string {
  return type === 'boolean' ? `--${flag}` : `--${flag}=…`;
}

function told(definition: Definition): string {
  const usual = definition.type === 'string' ? definition.default : undefined;
  const options = definition.type === 'string' ? definition.options : undefined;
  const notes = [
    ...(options ? [options.join(pick({ en: ' or ', zh: '、' }))] : []),
    ...(usual ? [pick({ en: `default: ${usual}`, zh: `默认 ${usual}` })] : []),
    ...(definition.requires
      ? [pick({ en: `only with --${definition.requires}`, zh: `须与 --${definition.requires} 同用` })]
      : []),
  ];
  const description = pick(definition.description);
  if (notes.length === 0) return description;
  return description + pick({ en: ` (${notes.join('; ')})`, zh: `（${notes.join('；')}）` });
}
