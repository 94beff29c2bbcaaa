/** Section: what a function of the user's own costs in `npm start`, asked from outside as a mini program asks. */

import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { markdownTable } from 'markdown-table';
import { callOf } from '../command/call.ts';
import type { DoorAccess } from '../local/door/door-file.ts';
import { median, ms, spread } from './figures.ts';
import type { Plan } from './plan.ts';
import type { Built } from './harness.ts';
import { atMost, type Section } from './section.ts';
import { withStart, type Started } from './start.ts';

const MOST_COLD_MS = 300;
const MOST_WARM_MS = 5;
const MOST_MEMORY_MB = 100;
const FUNCTIONS = 50;
/** Whoever edits a function and calls it again takes longer. */
const PAUSE_MS = 500;

const KINDS = {
  plain: { label: 'without packages', code: 'exports.main = async (event) => event;\n' },
  sdk: {
    label: 'with wx-server-sdk',
    code: "const cloud = require('wx-server-sdk');\ncloud.init({ env: cloud.DYNAMIC_CURRENT_ENV });\nexports.main = async (event) => event;\n",
  },
} as const;

type Kind = keyof typeof KINDS;
type Times = Record<Kind, { cold: number[]; warm: number[] }>;

export async function ownFunctions({ root }: Built, plan: Plan): Promise<Section> {
  const folder = await writeFunctions(join(root, 'dist/bench/own'));
  const empty: number[] = [];
  const full: number[] = [];
  for (let round = 1; round < (plan.isQuick ? 1 : 3); round++) {
    empty.push(await withStart(root, [], memoryOf));
    full.push(await withStart(root, ['--functions', folder], memoryOf));
  }
  empty.push(await withStart(root, [], memoryOf));
  const times = await withStart(root, ['--functions', folder, '--quiet'], async (started) => {
    full.push(await started.memoryMB());
    return timesOf(started.door, plan);
  });
  const moreMB = median(full) - median(empty);
  return {
    title: 'Your own functions',
    text: [
      HOW(plan.coldStarts),
      table(times),
      `\`${callOf('start')}\` with ${FUNCTIONS} such functions, none of them called yet: ${spread(full, mb)} in all its processes, and without them ${spread(empty, mb)}.`,
    ].join('\n\n'),
    targets: [
      atMost('cold call of a function of yours', MOST_COLD_MS, median(times.plain.cold), ms),
      atMost('cold call of one with wx-server-sdk', MOST_COLD_MS, median(times.sdk.cold), ms),
      atMost('warm call of a function of yours', MOST_WARM_MS, median(times.sdk.warm), ms),
      atMost(`memory for ${FUNCTIONS} functions until they are called`, MOST_MEMORY_MB, moreMB, mb),
    ],
  };
}

const memoryOf = ({ memoryMB }: Started): Promise<number> => memoryMB();

async function writeFunctions(folder: string): Promise<string> {
  await rm(folder, { recursive: true, force: true });
  for (let index = 0; index < FUNCTIONS; index++) {
    const kind = index % 2 === 0 ? 'plain' : 'sdk';
    const own = join(folder, nameOf(kind, index >> 1));
    await mkdir(own, { recursive: true });
    await writeFile(join(own, 'index.js'), KINDS[kind].code);
    await writeFile(join(own, 'package.json'), '{"type":"commonjs"}\n');
  }
  return folder;
}

function nameOf(kind: Kind, index: number): string {
  return `${kind}${index}`;
}

/** In turns, so that whatever else the machine does falls on both. */
async function timesOf(door: DoorAccess, { coldStarts, timedCalls }: Plan): Promise<Times> {
  const times: Times = { plain: { cold: [], warm: [] }, sdk: { cold: [], warm: [] } };
  for (let turn = 0; turn < coldStarts; turn++)
    for (const kind of ['plain', 'sdk'] as const) {
      await sleep(PAUSE_MS);
      times[kind].cold.push(await timeOf(door, nameOf(kind, turn)));
    }
  for (let call = 0; call < timedCalls; call++)
    for (const kind of ['plain', 'sdk'] as const) times[kind].warm.push(await timeOf(door, nameOf(kind, 0)));
  return times;
}

async function timeOf({ url, secret }: DoorAccess, name: string): Promise<number> {
  const beganAtMs = performance.now();
  const response = await fetch(`${url}/call/${name}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${secret}` },
    body: '{"a":1}',
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${name}: ${response.status} ${text}`);
  return performance.now() - beganAtMs;
}

function table(times: Times): string {
  const rows = (['plain', 'sdk'] as const).map((kind) => [
    KINDS[kind].label,
    spread(times[kind].cold, ms),
    spread(times[kind].warm, ms),
  ]);
  return markdownTable([['', 'cold', 'warm'], ...rows], { align: ['l', 'r', 'r'] });
}

function mb(value: number): string {
  return `${value.toFixed(1)} MB`;
}

const HOW = (turns: number): string =>
  `A function that answers with its event, called over HTTP as a mini program calls. Cold: the first call of each of ${turns} functions, half a second apart. Medians [least … most]. What the second line takes longer is the loading of the SDK (see Cold start), which takes its time on CloudBase too.`;
