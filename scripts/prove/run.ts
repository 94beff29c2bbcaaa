/** Runs `npm run prove`: opens a cloud or an environment, prints each line as it comes, and writes the report. */

import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { pick } from '../command/language.ts';
import { callOf } from '../command/call.ts';
import type { ExitCode } from '../command/definition.ts';
import { OWN_FOLDER, PROJECT_FOLDER } from '../command/folders.ts';
import { makeOwnFolder } from '../command/own-folder.ts';
import type { Assumption, Line } from './assumption.ts';
import { ASSUMPTIONS, LOCAL_ASSUMPTIONS } from './assumptions/all.ts';
import { wechatAssumptions } from './assumptions/wechat.ts';
import { tryAll, type Scratch } from './try-all.ts';
import { renderLine, renderReport, summary } from './report.ts';

interface Place {
  scratch: Scratch;
  /** Without its name. */
  kind: string;
  assumptions: readonly Assumption[];
  /** What is not tried here. */
  left: number;
}

export interface ProveFlags {
  local: boolean;
  report: string;
  'no-wait': boolean;
  'with-wechat': boolean;
}

export async function runProve(flags: ProveFlags): Promise<ExitCode> {
  const ending = new AbortController();
  const place = await (flags.local ? openLocal : openCloud)(ending.signal, flags);
  const { scratch, kind, assumptions, left } = place;
  console.log(
    pick({
      en: `On ${kind}; on a scratch collection and a scratch function, which are removed afterwards.\n`,
      zh: `环境：${kind}；在临时集合和临时云函数上测试，之后删除。\n`,
    }),
  );
  const stop = (): void => interrupt(ending);
  process.once('SIGINT', stop).once('SIGTERM', stop);
  const lines = await tryAll(scratch, ending.signal, (line) => console.log(renderLine(line)), assumptions);
  process.off('SIGINT', stop).off('SIGTERM', stop);
  await writeReport(flags.report, renderReport(kind, lines, assumptions.length));
  showEnd(summary(lines, assumptions.length), flags.report, left);
  return exitCodeOf(lines, assumptions.length);
}

function interrupt(ending: AbortController): void {
  console.log(
    pick({
      en: '\nInterrupted: removing the scratch collection and function. (Again: end at once, and leave them.)',
      zh: '\n已中断：正在删除临时内容。（再按一次：立即结束，不删除。）',
    }),
  );
  ending.abort();
}

async function writeReport(path: string, report: string): Promise<void> {
  const file = resolve(PROJECT_FOLDER, path);
  if (path.startsWith(`${OWN_FOLDER}/`)) makeOwnFolder(PROJECT_FOLDER);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, report);
}

function showEnd(counts: string, path: string, left: number): void {
  console.log(pick({ en: `\n${counts} The report is in ${path}.`, zh: `\n${counts}报告在 ${path}。` }));
  if (left > 0)
    console.log(
      pick({
        en: `${left} more, about ${callOf('deploy')}, are tried on a real environment only.`,
        zh: `另有 ${left} 项关于 ${callOf('deploy')}，只在真实环境上测试。`,
      }),
    );
}

function exitCodeOf(lines: readonly Line[], all: number): ExitCode {
  if (lines.some(({ verdict }) => verdict === 'differs')) return 1;
  return lines.length === all && lines.every(({ verdict }) => verdict === 'holds') ? 0 : 2;
}

async function openLocal(signal: AbortSignal, flags: ProveFlags): Promise<Place> {
  const { localScratch } = await import('./local.ts');
  const scratch = localScratch(signal, { isTickAwaited: !flags['no-wait'] });
  const left = ASSUMPTIONS.length - LOCAL_ASSUMPTIONS.length;
  const place = {
    scratch,
    kind: pick({ en: 'the embedded cloud', zh: '本地模拟云环境' }),
    assumptions: LOCAL_ASSUMPTIONS,
    left,
  };
  if (!flags['with-wechat']) return place;
  const { openSandbox } = await import('./open-wechat.ts');
  const { wechat, sandbox } = await openSandbox();
  const remove = async (): Promise<void> => {
    await sandbox.close();
    await scratch.remove();
  };
  const assumptions = [...LOCAL_ASSUMPTIONS, ...wechatAssumptions(wechat)];
  return { ...place, scratch: { ...scratch, remove }, assumptions };
}

/** Throws one readable line, before anything is made, where the environment is of a kind that is unknown. */
async function openCloud(signal: AbortSignal, flags: ProveFlags): Promise<Place> {
  const { partsOfCloud } = await import('./open-cloud.ts');
  const { cloudScratch } = await import('./cloud.ts');
  const mayWait = !flags['no-wait'];
  const { parts, kind, values } = await partsOfCloud(signal, mayWait);
  const place = {
    scratch: cloudScratch(parts),
    kind: pick({ en: `an environment with ${kind}`, zh: `云开发环境（${kind}）` }),
    left: 0,
  };
  if (!flags['with-wechat']) return { ...place, assumptions: ASSUMPTIONS };
  const { openRealWeChat } = await import('./open-wechat.ts');
  const wechat = await openRealWeChat({
    values,
    signal,
    mayWait,
    say: (line) => console.log(line),
  });
  return { ...place, assumptions: [...ASSUMPTIONS, ...wechatAssumptions(wechat)] };
}
