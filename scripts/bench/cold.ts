/** Section: what loading the code costs a new instance, against the SDK and axios as an install brings them. */

import { stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { markdownTable } from 'markdown-table';
import { count, kB, median, ms, spread } from './figures.ts';
import { ENVIRONMENT, load, type Loaded } from './load.ts';
import type { Plan } from './plan.ts';
import { profileOf } from './profile.ts';
import type { Built } from './harness.ts';
import { atMost, type Section } from './section.ts';

interface Case {
  what: string;
  modules: readonly string[];
}

interface Measured extends Case {
  runs: Loaded[];
}

const MOST_SHARE = { getAccessToken: 25, refreshAccessToken: 40 } as const;
const UNBUNDLED = '@cloudbase/node-sdk and axios, not bundled';

export async function cold(built: Built, plan: Plan): Promise<Section> {
  const measured = await loadInTurns(casesOf(built), plan);
  const medianMs = (wanted: string): number =>
    median(measured.find(({ what }) => what === wanted)?.runs.map((run) => run.ms) ?? []);
  const share = (what: string): number => Math.round((medianMs(what) / medianMs(UNBUNDLED)) * 100);
  const rows = await Promise.all(measured.map((one) => row(one, share(one.what))));
  const header = ['', '`require`', 'of unbundled', 'memory', 'files', 'size'];
  const times = markdownTable([header, ...rows], { align: ['l', 'r', 'r', 'r', 'r', 'r'] });
  return {
    title: 'Cold start',
    text: [HOW(plan.coldStarts), times, PROFILE, await profiles(measured)].join('\n\n'),
    targets: Object.entries(MOST_SHARE).map(([name, most]) =>
      atMost(`cold \`require\` of ${name}, of unbundled`, most, share(name), (value) => `${value} %`),
    ),
  };
}

function casesOf({ root, codeRoot }: Built): Case[] {
  const bundle = (name: string): Case => ({ what: name, modules: [join(codeRoot, name, 'index.js')] });
  const find = createRequire(join(root, 'package.json')).resolve;
  return [
    { what: 'Node.js alone', modules: [] },
    { what: UNBUNDLED, modules: [find('@cloudbase/node-sdk'), find('axios')] },
    { what: 'wx-server-sdk, not bundled', modules: [find('wx-server-sdk')] },
    bundle('getAccessToken'),
    bundle('refreshAccessToken'),
    bundle('getTicket'),
  ];
}

/** In turns, so that whatever else the machine does falls on all; a first turn warms the disk's cache, where that counts. */
async function loadInTurns(cases: readonly Case[], { coldStarts, isQuick }: Plan): Promise<Measured[]> {
  const measured: Measured[] = cases.map(({ what, modules }) => ({ what, modules, runs: [] }));
  for (let turn = isQuick ? 0 : -1; turn < coldStarts; turn++)
    for (const { modules, runs } of measured) {
      const loaded = await load(modules);
      if (turn >= 0) runs.push(loaded);
    }
  return measured;
}

async function row({ what, runs }: Measured, share: number): Promise<string[]> {
  const files = runs[0]?.files ?? [];
  const sizes = await Promise.all(files.map(async (file) => (await stat(file)).size));
  const bytes = sizes.reduce((sum, size) => sum + size, 0);
  const times = runs.map((run) => run.ms);
  const isNothing = files.length === 0;
  return [
    what,
    isNothing ? '' : spread(times, ms),
    isNothing ? '' : `${share} %`,
    `${median(runs.map((run) => run.rssMB)).toFixed(1)} MB`,
    count(files.length),
    kB(bytes),
  ];
}

async function profiles(measured: readonly Measured[]): Promise<string> {
  const rows: string[][] = [];
  for (const { what, modules } of measured.slice(1)) {
    const { parsing, nodeModules, running, rest } = await profileOf(modules, ENVIRONMENT);
    rows.push([what].concat([parsing, nodeModules, running, rest].map((share) => `${share} %`)));
  }
  const header = ['', 'parsing', "Node's own modules", 'running the modules', 'garbage collection, idle'];
  return markdownTable([header, ...rows], { align: ['l', 'r', 'r', 'r', 'r'] });
}

const HOW = (turns: number): string =>
  `Each line: a new process, ${turns} times, in turns with the others, files in the disk's cache. Time is that of \`require\`, memory the resident set afterwards; size is that of the files that were read. axios is in all bundles and runs only when a token has to be fetched. What was left out of the bundles and why: [decision 20](decisions/0020-unused-parts-stay-out-of-the-bundles.md).`;

const PROFILE =
  "Where that time goes, by V8's profile of one more load each. Finding and reading files counts as Node's own.";
