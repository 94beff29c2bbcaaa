/** One run of `npm run prove`: the place, the lines as they come, the report. */

import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { callOf } from '../command/call.ts';
import type { ExitCode } from '../command/definition.ts';
import { PROJECT_FOLDER } from '../command/folders.ts';
import type { Assumption, Line } from './assumption.ts';
import { ASSUMPTIONS, LOCAL_ASSUMPTIONS, prove, type Scratch } from './prove.ts';
import { renderLine, renderReport, summary } from './report.ts';

interface Place {
  scratch: Scratch;
  /** Without its name. */
  kind: string;
  assumptions: readonly Assumption[];
}

export interface ProveFlags {
  local: boolean;
  report: string;
  'no-wait': boolean;
}

export async function runProve(flags: ProveFlags): Promise<ExitCode> {
  const ending = new AbortController();
  const stop = (): void => {
    console.log('\nInterrupted: taking the scratch away. (Again: end at once, and leave it.)');
    ending.abort();
  };
  const { scratch, kind, assumptions } = await (flags.local ? openLocal : openCloud)(ending.signal, flags);
  console.log(`On ${kind}; on a scratch collection and a scratch function, which are removed afterwards.\n`);
  process.once('SIGINT', stop).once('SIGTERM', stop);
  const lines = await prove(scratch, ending.signal, (line) => console.log(renderLine(line)), assumptions);
  process.off('SIGINT', stop).off('SIGTERM', stop);
  const file = resolve(PROJECT_FOLDER, flags.report);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, renderReport(kind, lines, assumptions.length));
  console.log(`\n${summary(lines, assumptions.length)} The report is in ${flags.report}.`);
  const left = ASSUMPTIONS.length - assumptions.length;
  if (left > 0) console.log(`${left} more, about ${callOf('deploy')}, are tried on a real environment only.`);
  return exitCodeOf(lines, assumptions.length);
}

function exitCodeOf(lines: readonly Line[], all: number): ExitCode {
  if (lines.some(({ verdict }) => verdict === 'differs')) return 1;
  return lines.length === all && lines.every(({ verdict }) => verdict === 'holds') ? 0 : 2;
}

async function openLocal(signal: AbortSignal, { 'no-wait': isHasty }: ProveFlags): Promise<Place> {
  const { localScratch } = await import('./local.ts');
  const scratch = localScratch(signal, { isTickAwaited: !isHasty });
  return { scratch, kind: 'the embedded cloud', assumptions: LOCAL_ASSUMPTIONS };
}

/** Throws one readable line, before anything is made, where the environment is of a kind that is unknown. */
async function openCloud(signal: AbortSignal, { 'no-wait': isHasty }: ProveFlags): Promise<Place> {
  const { partsOfCloud } = await import('./open-cloud.ts');
  const { cloudScratch } = await import('./cloud.ts');
  const { parts, kind } = await partsOfCloud(signal, !isHasty);
  return { scratch: cloudScratch(parts), kind: `an environment with ${kind}`, assumptions: ASSUMPTIONS };
}
