/** The lines for a terminal, and the file for a maintainer: neither holds an id, an address or a secret. */

import pc from 'picocolors';
import { markdownTable } from 'markdown-table';
import type { Line } from './assumption.ts';

const MARKS = { holds: pc.green('✓'), differs: pc.red('✗'), 'not tried': pc.yellow('?') } as const;

export function renderLine({ verdict, assumption, seen, reliedOnFor, ifNot }: Line): string {
  const first = `${MARKS[verdict]} ${assumption}: ${seen}`;
  if (verdict === 'holds') return first;
  return [first, `    for:  ${reliedOnFor}`, `    else: ${ifNot}`].join('\n');
}

export function summary(lines: readonly Line[], all: number): string {
  const count = (verdict: Line['verdict']): number => lines.filter((line) => line.verdict === verdict).length;
  const left = all - lines.length;
  return `${count('holds')} hold, ${count('differs')} differ, ${count('not tried') + left} could not be tried.`;
}

const UNTRIED =
  'When this version was made, no line of the table had been tried on a real environment, only on the embedded cloud and a stand-in for Tencent’s API: whatever it says, a maintainer would like to see it.';

/** `place`: what kind of environment it was, without its name. */
export function renderReport(place: string, lines: readonly Line[], all: number): string {
  const head = ['', 'assumption', 'what rests on it', 'seen', 'verdict', 'if it differs'];
  const rows = lines.map(({ id, assumption, reliedOnFor, seen, verdict, ifNot }) => [
    id,
    assumption,
    reliedOnFor,
    seen,
    verdict,
    verdict === 'holds' ? '' : ifNot,
  ]);
  return [
    '# What this project takes for granted, tried',
    '',
    `On ${place}. ${summary(lines, all)}`,
    '',
    UNTRIED,
    '',
    markdownTable([head, ...rows]),
    '',
  ].join('\n');
}
