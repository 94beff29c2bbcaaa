/** The lines for a terminal, and the file for a maintainer: neither holds an id, an address or a secret. */

import pc from 'picocolors';
import { markdownTable } from 'markdown-table';
import { pick } from '../command/language.ts';
import type { Line } from './assumption.ts';

const MARKS = { holds: pc.green('✓'), differs: pc.red('✗'), 'not tried': pc.yellow('?') } as const;

export function renderLine({ verdict, assumption, seen, reliedOnFor, ifNot }: Line): string {
  const first = `${MARKS[verdict]} ${pick(assumption)}${pick({ en: ': ', zh: '：' })}${seen}`;
  if (verdict === 'holds') return first;
  return [
    first,
    `    ${pick({ en: 'for:  ', zh: '用于：' })}${pick(reliedOnFor)}`,
    `    ${pick({ en: 'else: ', zh: '否则：' })}${pick(ifNot)}`,
  ].join('\n');
}

export function summary(lines: readonly Line[], all: number): string {
  const count = (verdict: Line['verdict']): number => lines.filter((line) => line.verdict === verdict).length;
  const left = all - lines.length;
  const [holds, differs, untried] = [count('holds'), count('differs'), count('not tried') + left];
  return pick({
    en: `${holds} hold, ${differs} differ, ${untried} could not be tried.`,
    zh: `${holds} 项成立，${differs} 项不成立，${untried} 项无法测试。`,
  });
}

const UNTRIED = {
  en: 'When this version was made, no line of the table had been tried on a real environment, only on the embedded cloud and a stand-in for Tencent’s API: whatever it says, a maintainer would like to see it.',
  zh: '本版本发布时，表中没有一行在真实环境上测过，只在本地模拟云环境和模拟的腾讯云 API 上测过：无论结果如何，维护者都希望看到。',
};

const HEAD = {
  en: ['', 'assumption', 'what rests on it', 'seen', 'verdict', 'if it differs'],
  zh: ['', '前提', '用于', '结果', '结论', '不成立时'],
};
const VERDICTS: Record<'en' | 'zh', Record<Line['verdict'], string>> = {
  en: { holds: 'holds', differs: 'differs', 'not tried': 'not tried' },
  zh: { holds: '成立', differs: '不成立', 'not tried': '未测试' },
};

/** `place`: what kind of environment it was, without its name. */
export function renderReport(place: string, lines: readonly Line[], all: number): string {
  const head = pick(HEAD);
  const rows = lines.map(({ id, assumption, reliedOnFor, seen, verdict, ifNot }) => [
    id,
    pick(assumption),
    pick(reliedOnFor),
    seen,
    pick(VERDICTS)[verdict],
    verdict === 'holds' ? '' : pick(ifNot),
  ]);
  return [
    pick({ en: '# What this project takes for granted, tried', zh: '# 本项目所依赖的前提，实测结果' }),
    '',
    pick({ en: `On ${place}. ${summary(lines, all)}`, zh: `环境：${place}。${summary(lines, all)}` }),
    '',
    pick(UNTRIED),
    '',
    markdownTable([head, ...rows]),
    '',
  ].join('\n');
}
