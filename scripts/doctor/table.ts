/** The findings as lines for a terminal: aligned, and under each that needs an act, why it matters and what cures it. */

import pc from 'picocolors';
import { columns, wrapped } from '../command/columns.ts';
import { exitCodeOf, type Finding, type Severity } from './finding.ts';

const MARKS: Record<Severity, string> = {
  ok: pc.green('✓'),
  hint: pc.yellow('!'),
  problem: pc.red('✗'),
  unseen: pc.yellow('?'),
  skipped: pc.dim('-'),
};

const TEXT_WIDTH = 100;
const INDENT = '    ';

export function renderFindings(environment: string, findings: readonly Finding[]): string {
  const heads = columns(
    findings.map(({ severity, check, appid }) => [`${MARKS[severity]} ${check}`, appid ?? '', '']),
  );
  const width = Math.max(...findings.map(({ check, appid }) => check.length + (appid?.length ?? 0))) + 6;
  const body = findings.flatMap((finding, index) => renderOne(heads[index] ?? '', width, finding));
  return [environment, '', ...body, '', summary(findings)].join('\n');
}

function renderOne(head: string, width: number, { severity, finding, why, cure }: Finding): string[] {
  const visible = `${head}${' '.repeat(Math.max(0, width - plainLength(head)))}`;
  const [first = '', ...rest] = wrapped(finding, TEXT_WIDTH);
  const aside = (name: string, text: string | undefined): string[] =>
    text === undefined || severity === 'ok'
      ? []
      : wrapped(text, TEXT_WIDTH).map((line, index) => INDENT + (index === 0 ? name : '     ') + ` ${line}`);
  return [
    `${visible}${first}`,
    ...rest.map((line) => ' '.repeat(width) + line),
    ...aside('why: ', why).map((line) => pc.dim(line)),
    ...aside('cure:', cure),
  ];
}

function summary(findings: readonly Finding[]): string {
  const count = (severity: Severity): number =>
    findings.filter((finding) => finding.severity === severity).length;
  const told = [
    counted(count('problem'), 'problem'),
    counted(count('hint'), 'hint'),
    ...(count('unseen') > 0 ? [`${count('unseen')} not seen`] : []),
    ...(count('skipped') > 0 ? [`${count('skipped')} skipped`] : []),
  ].join(', ');
  const verdict = ['All is well', 'Something needs you', 'Could not look at everything'][
    exitCodeOf(findings)
  ];
  return `${verdict}: ${told}.`;
}

function counted(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? '' : 's'}`;
}

function plainLength(text: string): number {
  // oxlint-disable-next-line no-control-regex -- the escape character begins a colour
  return text.replace(/\u001B\[\d+m/g, '').length;
}
