/** One run of `npm run prove`: the place, the lines as they come, the report. */

import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import type { ExitCode } from '../command/definition.ts';
import { PROJECT_FOLDER } from '../command/folders.ts';
import type { Line } from './assumption.ts';
import { ASSUMPTIONS, prove, type Scratch } from './prove.ts';
import { renderLine, renderReport, summary } from './report.ts';

interface Place {
  scratch: Scratch;
  /** Without its name. */
  kind: string;
}

export async function runProve(isLocal: boolean, report: string): Promise<ExitCode> {
  const { scratch, kind } = isLocal ? await openLocal() : await openCloud();
  console.log(`On ${kind}; on a scratch collection, which is removed afterwards.\n`);
  const ending = new AbortController();
  const stop = (): void => ending.abort();
  process.once('SIGINT', stop).once('SIGTERM', stop);
  const lines = await prove(scratch, ending.signal, (line) => console.log(renderLine(line)));
  process.off('SIGINT', stop).off('SIGTERM', stop);
  const file = resolve(PROJECT_FOLDER, report);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, renderReport(kind, lines, ASSUMPTIONS.length));
  console.log(`\n${summary(lines, ASSUMPTIONS.length)} The report is in ${report}.`);
  return exitCodeOf(lines);
}

function exitCodeOf(lines: readonly Line[]): ExitCode {
  if (lines.some(({ verdict }) => verdict === 'differs')) return 1;
  const isWhole = lines.length === ASSUMPTIONS.length;
  return isWhole && lines.every(({ verdict }) => verdict === 'holds') ? 0 : 2;
}

async function openLocal(): Promise<Place> {
  const { localScratch } = await import('./local.ts');
  return { scratch: localScratch(), kind: 'the embedded cloud' };
}

/** Throws one readable line, before anything is made, where the environment is of a kind that is unknown. */
async function openCloud(): Promise<Place> {
  const [{ readPlatformSettings }, { openEnvironment }, { describeKind, whyUnsupported }, { cloudScratch }] =
    await Promise.all([
      import('../platform/settings.ts'),
      import('../platform/open.ts'),
      import('../platform/kind.ts'),
      import('./cloud.ts'),
    ]);
  const settings = readPlatformSettings(PROJECT_FOLDER);
  const { environment, source } = await openEnvironment(settings);
  const info = await environment.describe();
  const why = whyUnsupported(info);
  if (why !== undefined) throw why;
  return {
    scratch: cloudScratch(environment, settings, source.credentials),
    kind: `an environment with ${describeKind(info)}`,
  };
}
