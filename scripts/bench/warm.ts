/** Section: what one call costs once everything is warm, in memory, inside the function and through the SDK. */

import { markdownTable } from 'markdown-table';
import { time } from './figures.ts';
import type { Stats } from './guests/timing.ts';
import type { Plan } from './plan.ts';
import { withHarness, type Built, type Harness } from './harness.ts';
import { atMost, type Section } from './section.ts';
import { SYSTEMS } from './systems.ts';

const MOST_CLIENT_NS = 150;
const MOST_MAIN_NS = 20_000;

interface Line {
  what: string;
  stats: Stats;
}

export interface Warm extends Section {
  /** Milliseconds inside one warm call of getAccessToken. */
  mainMs: number;
}

export async function warm(built: Built, plan: Plan): Promise<Warm> {
  return withHarness(built, async (harness) => {
    const cached = await lines(harness, HOLDERS, { what: 'loop', loopMs: plan.loopMs });
    const inside = await mains(harness, plan);
    const whole = await lines(harness, ASKERS, { what: 'time', calls: plan.timedCalls });
    const client = cached[0]?.stats.p50 ?? Number.NaN;
    const main = inside[0]?.stats.p50 ?? Number.NaN;
    return {
      title: 'A warm call',
      text: [
        HOW,
        `### A token that the process holds\n\n${table(cached)}`,
        `### Inside the function\n\n${table(inside)}`,
        `### A call from function to function, or to the database\n\n${table(whole)}`,
      ].join('\n\n'),
      targets: [
        atMost("the client's cached token", MOST_CLIENT_NS, client, time),
        atMost('`main` of getAccessToken, warm', MOST_MAIN_NS, main, time),
      ],
      mainMs: main / 1e6,
    };
  });
}

/** This project's first. */
const HOLDERS = ['ours', 'coMemory', 'wechatMemory', 'octokit'];
const ASKERS = ['oursPlain', 'naive', 'coShared', 'wechatShared'];

async function mains(harness: Harness, { timedCalls, loopMs }: Plan): Promise<Line[]> {
  await harness.tick('naiveRefresh');
  return [
    { what: '`main` of getAccessToken', stats: await harness.alone<Stats>('insideOurs', { loopMs }) },
    {
      what: '`main` of the naive getter',
      stats: await harness.alone<Stats>('insideNaive', { calls: timedCalls }),
    },
  ];
}

async function lines(harness: Harness, ids: readonly string[], task: object): Promise<Line[]> {
  const found: Line[] = [];
  for (const id of ids) {
    const system = SYSTEMS.find((one) => one.id === id);
    if (system?.timer !== undefined) await harness.tick(system.timer);
    found.push({ what: system?.label ?? id, stats: await harness.alone<Stats>(id, task) });
  }
  return found;
}

function table(rows: readonly Line[]): string {
  const body = rows.map(({ what, stats }) => [what, time(stats.p50), time(stats.p99), String(stats.samples)]);
  return markdownTable([['', 'p50', 'p99', 'samples'], ...body], { align: ['l', 'r', 'r', 'r'] });
}

const HOW = `Each is measured in a process of its own with the environment of an instance, the way to the token and nothing else. In the first table mitata runs the call in a loop, the \`await\` included; a sample is the mean of a batch of them. \`main\` of getAccessToken answers from its memory and reads the database once a minute; the naive getter reads it every time. In the last table the calls come one after the other through the real SDK over HTTP on this machine, where the database and the platform answer at once: in the cloud each has a network on top.`;
