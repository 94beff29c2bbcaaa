/** The findings as lines for a terminal: aligned, and under each that needs an act, why it matters and what cures it. */

import pc from 'picocolors';
import { pick } from '../command/language.ts';
import { nameOfPart } from '../place/texts/parts.ts';
import { columns, widthOf, wrapped } from '../command/columns.ts';
import { exitCodeOf, skipped, type Finding, type Severity } from './finding.ts';

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
  const shown = folded(inOrder(findings));
  const heads = columns(
    shown.map(({ severity, check, appid }) => [`${MARKS[severity]} ${nameOfPart(check)}`, appid ?? '', '']),
  );
  const width =
    Math.max(...shown.map(({ check, appid }) => widthOf(nameOfPart(check)) + (appid?.length ?? 0))) + 6;
  const body = shown.flatMap((finding, index) => renderOne(heads[index] ?? '', width, finding));
  return [environment, '', ...body, '', summary(findings)].join('\n');
}

const ORDER: readonly Severity[] = ['problem', 'unseen', 'hint', 'ok', 'skipped'];

/** What is wrong comes first, and of that the trouble that the rest follows from. */
function inOrder(findings: readonly Finding[]): Finding[] {
  const rank = ({ severity, title }: Finding): number =>
    ORDER.indexOf(severity) * 2 + (title === undefined ? 1 : 0);
  return findings.toSorted((a, b) => rank(a) - rank(b));
}

/** What is skipped for one reason is one line. */
function folded(findings: readonly Finding[]): Finding[] {
  const lines = new Map<string, Finding[]>();
  for (const one of findings) {
    const key = one.severity === 'skipped' ? one.finding : JSON.stringify(one);
    lines.set(key, [...(lines.get(key) ?? []), one]);
  }
  return [...lines.values()].flatMap((same) =>
    same.length === 1 ? same : [skipped(`${same.length} checks`, same[0]?.finding ?? '')],
  );
}

function renderOne(head: string, width: number, { severity, title, finding, why, cure }: Finding): string[] {
  const visible = `${head}${' '.repeat(Math.max(0, width - widthOf(head)))}`;
  const [first = '', ...rest] = wrapped(
    title === undefined ? finding : `${title}${pick({ en: ': ', zh: '：' })}${finding}`,
    TEXT_WIDTH,
  );
  const aside = (name: string, text: string | undefined): string[] =>
    text === undefined || severity === 'ok'
      ? []
      : wrapped(text, TEXT_WIDTH).map(
          (line, index) => INDENT + (index === 0 ? name : ' '.repeat(widthOf(name))) + line,
        );
  return [
    `${visible}${first}`,
    ...rest.map((line) => ' '.repeat(width) + line),
    ...aside(pick({ en: 'why:  ', zh: '影响：' }), why).map((line) => pc.dim(line)),
    ...aside(pick({ en: 'cure: ', zh: '处理：' }), cure),
  ];
}

function summary(findings: readonly Finding[]): string {
  const count = (severity: Severity): number =>
    findings.filter((finding) => finding.severity === severity).length;
  const [unseen, left] = [count('unseen'), count('skipped')];
  const [problems, hints] = [count('problem'), count('hint')];
  const told = pick({
    en: [
      counted(problems, 'problem'),
      counted(hints, 'hint'),
      ...(unseen > 0 ? [`${unseen} not seen`] : []),
      ...(left > 0 ? [`${left} skipped`] : []),
    ],
    zh: [
      `${problems} 个问题`,
      `${hints} 条提示`,
      ...(unseen > 0 ? [`${unseen} 项无法检查`] : []),
      ...(left > 0 ? [`跳过 ${left} 项`] : []),
    ],
  });
  const verdict = pick(VERDICTS)[exitCodeOf(findings)];
  return pick({ en: `${verdict}: ${told.join(', ')}.`, zh: `${verdict}：${told.join('，')}。` });
}

const VERDICTS = {
  en: ['All is well', 'Something needs you', 'Could not look at everything'],
  zh: ['一切正常', '有问题需要处理', '有项目无法检查'],
};

function counted(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? '' : 's'}`;
}
