/** docs/benchmarks.md: the sections of one run, the verdicts in front, and the machine that they hold for. */

import { arch, cpus, loadavg, platform, release, totalmem } from 'node:os';
import { markdownTable } from 'markdown-table';
import { callOf } from '../command/call.ts';
import type { Section, Target } from './section.ts';

export interface Machine {
  cpu: string;
  cores: number;
  memoryGB: number;
  system: string;
  node: string;
}

export function thisMachine(): Machine {
  const all = cpus();
  return {
    cpu: all[0]?.model.trim() ?? 'unknown processor',
    cores: all.length,
    memoryGB: Math.round(totalmem() / 2 ** 30),
    system: `${platform()} ${release()} ${arch()}`,
    node: process.version,
  };
}

/** Runnable processes per core over the last minute. */
export function loadPerCore(): number {
  return (loadavg()[0] ?? 0) / cpus().length;
}

export interface Run {
  machine: Machine;
  beganAtMs: number;
  tookMs: number;
  /** Before the run: what others were doing. */
  loadBefore: number;
  isQuick: boolean;
}

/** Above it somebody else uses the machine, and the times are not those of this project. */
const MOST_LOAD = 0.5;

export function report(run: Run, sections: readonly Section[]): string {
  const targets = sections.flatMap((section) => section.targets);
  const parts = [
    '# Benchmarks',
    `\`${callOf('bench')}\` measures all of this in one run and writes this page. The packages of others are unmodified, and everything runs on the embedded cloud with the bundles that get deployed: nothing here was measured on CloudBase itself.`,
    describe(run),
    '## Targets',
    targetTable(targets),
    ...sections.flatMap(({ title, text }) => [`## ${title}`, text]),
  ];
  return `${parts.join('\n\n')}\n`;
}

export function targetTable(targets: readonly Target[]): string {
  const rows = targets.map(({ what, wanted, got, isMet }) => [
    what,
    wanted,
    got,
    isMet ? 'met' : '**missed**',
  ]);
  return markdownTable([['', 'wanted', 'measured', ''], ...rows]);
}

function describe({ machine, beganAtMs, tookMs, loadBefore, isQuick }: Run): string {
  const { cpu, cores, memoryGB, system, node } = machine;
  const date = new Date(beganAtMs).toISOString().slice(0, 10);
  const facts = `Measured on ${date} in ${Math.round(tookMs / 1_000)} s: ${cpu}, ${cores} cores, ${memoryGB} GB, ${system}, Node.js ${node}. Load before the run: ${loadBefore.toFixed(2)} per core.`;
  const warnings = [
    ...(loadBefore > MOST_LOAD
      ? ['Provisional: other work ran on the machine, so the times are too long.']
      : []),
    ...(isQuick ? ['A quick run with tiny counts: it shows that everything works, and no figure.'] : []),
  ];
  return [facts, ...warnings.map((warning) => `**${warning}**`)].join(' ');
}
