/** Section: what getTicket costs, and that without WX_TICKETS there is nothing of it in a tick, nor much in the bundles. */

import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { markdownTable } from 'markdown-table';
import { bundleWithInputs } from '../build/bundle.ts';
import { LEFT_OUT } from '../build/left-out.ts';
import { count, ms, spread, time } from './figures.ts';
import type { Stats } from './guests/timing.ts';
import { APPID, withHarness, type Built, type Harness } from './harness.ts';
import type { Plan } from './plan.ts';
import { atMost, exactly, type Section } from './section.ts';

const GETTICKET = '/cgi-bin/ticket/getticket';
const MINUTE_MS = 60_000;
const TICKET_CODE = /^functions\/(_shared\/ticket|getTicket)\/|^functions\/accessTokenHttp\/ticket\.ts$/;
/** What is loaded only where a ticket is kept: reading WX_TICKETS itself is part of every configuration. */
const ONLY_WITH_TICKETS = ['functions/_shared/ticket/tickets.ts', 'functions/_shared/ticket/fetch.ts'];
const MOST_SHARE = 0.02;
const OTHERS = ['getAccessToken', 'refreshAccessToken'] as const;

export async function tickets(built: Built, plan: Plan): Promise<Section> {
  const without = await ticksOf(built, '');
  const withOne = await ticksOf(built, 'jsapi');
  const asked = await questionsOf(built, plan);
  const bundles = await Promise.all(OTHERS.map((name) => codeOf(built, name)));
  return {
    title: 'Tickets',
    text: [
      `### A tick with and without them\n\n${TICKS}\n\n${tickTable(without, withOne)}`,
      `### Ticket code in the other bundles\n\n${BUNDLES}\n\n${bundleTable(bundles)}`,
      `### A call of getTicket\n\n${CALLS}\n\n${callTable(asked)}`,
    ].join('\n\n'),
    targets: [
      exactly('reads of tickets, and requests for one, in a tick without WX_TICKETS', 0, [
        without.due.reads - without.idle.reads,
        without.due.tickets + without.idle.tickets,
      ]),
      exactly('modules of tickets that a tick evaluates without WX_TICKETS', 0, [without.evaluated]),
      ...bundles.map(({ name, bytes, ofTickets }) =>
        atMost(`bytes of ticket code in ${name}`, Math.floor(bytes * MOST_SHARE), ofTickets, count),
      ),
      exactly('requests for a ticket by callers that all start at once', 1, asked.fetches),
    ],
  };
}

interface Counted {
  reads: number;
  writes: number;
  /** Requests at WeChat for a ticket. */
  tickets: number;
}

interface Ticks {
  idle: Counted;
  /** 31 minutes later: a ticket would be due, the token is not. */
  due: Counted;
  /** Of ONLY_WITH_TICKETS. */
  evaluated: number;
}

const withTickets = <T>(built: Built, wanted: string, run: (harness: Harness) => Promise<T>): Promise<T> =>
  withHarness(built, run, { tickets: wanted });

async function ticksOf(built: Built, wanted: string): Promise<Ticks> {
  return withTickets(built, wanted, async (harness) => {
    const evaluated = await evaluatedBy(harness, built);
    await harness.tick('refreshAccessToken');
    const after = async (minutes: number): Promise<Counted> => {
      harness.cloud.clock.advance(minutes * MINUTE_MS);
      const { stats } = harness.cloud.gateway;
      stats.reset();
      const before = fetchesOf(harness);
      await harness.tick('refreshAccessToken');
      const { reads, writes } = stats.snapshot();
      return { reads: sum(reads), writes: sum(writes), tickets: fetchesOf(harness) - before };
    };
    return { idle: await after(5), due: await after(26), evaluated };
  });
}

/** By V8's own count of calls: a module that only `import()` reaches is a function under its path in the bundle. */
async function evaluatedBy(harness: Harness, { codeRoot }: Built): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'bench-coverage-'));
  try {
    const directory = join(codeRoot, 'refreshAccessToken');
    const variables = { NODE_V8_COVERAGE: folder };
    const event = { Type: 'Timer' };
    await harness.invoke('alone', { directory, variables, event }, { kind: 'timer', variety: 'native' });
    const texts = await Promise.all(
      (await readdir(folder)).map((name) => readFile(join(folder, name), 'utf8')),
    );
    const called = new Set(texts.flatMap(calledIn));
    if (!called.has('tickAll')) throw new Error('the coverage of a tick does not show the tick');
    return ONLY_WITH_TICKETS.filter((path) => called.has(path)).length;
  } finally {
    await rm(folder, { recursive: true });
  }
}

function calledIn(text: string): string[] {
  const functions = (JSON.parse(text) as Coverage).result.flatMap((script) => script.functions);
  return functions.filter(({ ranges }) => ranges[0]!.count > 0).map(({ functionName }) => functionName);
}

interface Coverage {
  result: { functions: { functionName: string; ranges: { count: number }[] }[] }[];
}

interface Questions {
  /** Milliseconds of a first call, the start of its instance included: nothing stored, and a ticket stored. */
  nothing: number[];
  stored: number[];
  warm: Stats;
  signature: Stats;
  fetches: number[];
}

async function questionsOf(built: Built, plan: Plan): Promise<Questions> {
  return withTickets(built, 'jsapi', async (harness) => {
    const timed = async (): Promise<number> => {
      await harness.cloud.host.recycle('getTicket');
      const beganAtMs = performance.now();
      await ask(harness, {});
      return performance.now() - beganAtMs;
    };
    const nothing: number[] = [];
    const stored: number[] = [];
    const fetches: number[] = [];
    for (let round = 0; round < plan.rounds; round++) {
      await harness.forget();
      harness.cloud.clock.advance(3 * MINUTE_MS);
      nothing.push(await timed());
      stored.push(await timed());
      await harness.forget();
      harness.cloud.clock.advance(3 * MINUTE_MS);
      const before = fetchesOf(harness);
      await Promise.all(Array.from({ length: plan.ticketCallers }, () => ask(harness, {})));
      fetches.push(fetchesOf(harness) - before);
    }
    const url = 'https://www.example.com/a/b?x=1&y=%E4%B8%AD';
    const { loopMs } = plan;
    const warm = await harness.alone<Stats>('insideTicket', { loopMs });
    const signature = await harness.alone<Stats>('insideTicket', { loopMs, event: { url } });
    return { nothing, stored, warm, signature, fetches };
  });
}

async function ask(harness: Harness, event: object): Promise<void> {
  const reply = await harness.invoke<{ errcode: number; errmsg: string }>('getTicket', event);
  if (reply.errcode !== 0) throw new Error(`getTicket: ${reply.errcode} ${reply.errmsg}`);
}

function fetchesOf({ cloud }: Harness): number {
  return cloud.sandbox.wechat.account(APPID).quota(GETTICKET, cloud.clock.now())?.used ?? 0;
}

interface Code {
  name: string;
  bytes: number;
  ofTickets: number;
}

async function codeOf({ root }: Built, name: string): Promise<Code> {
  const entry = join(root, `functions/${name}/index.ts`);
  const { code, bytesOf } = await bundleWithInputs(entry, root, LEFT_OUT);
  const parts = Object.entries(bytesOf).filter(([file]) => TICKET_CODE.test(file));
  return { name, bytes: code.byteLength, ofTickets: parts.reduce((total, [, bytes]) => total + bytes, 0) };
}

function sum(counts: Record<string, number>): number {
  return Object.values(counts).reduce((total, one) => total + one, 0);
}

function tickTable(without: Ticks, withOne: Ticks): string {
  const cell = ({ reads, writes, tickets: asked }: Counted): string => `${reads}, ${writes}, ${asked}`;
  const rows = [
    ['nothing due', cell(without.idle), cell(withOne.idle)],
    ['31 minutes on', cell(without.due), cell(withOne.due)],
    ['modules evaluated', String(without.evaluated), String(withOne.evaluated)],
  ];
  const header = ['reads, writes, requests for a ticket', 'WX_TICKETS unset', '`WX_TICKETS=jsapi`'];
  return markdownTable([header, ...rows], { align: ['l', 'r', 'r'] });
}

function bundleTable(bundles: readonly Code[]): string {
  const rows = bundles.map(({ name, bytes, ofTickets }) => [
    name,
    count(bytes),
    count(ofTickets),
    `${((100 * ofTickets) / bytes).toFixed(1)} %`,
  ]);
  return markdownTable([['bundle', 'bytes', 'of tickets', 'share'], ...rows], {
    align: ['l', 'r', 'r', 'r'],
  });
}

function callTable({ nothing, stored, warm, signature }: Questions): string {
  const rows = [
    ['a new instance, nothing stored: a token and a ticket are fetched', spread(nothing, ms)],
    ['a new instance, the ticket stored', spread(stored, ms)],
    ['`main`, warm: the ticket', `${time(warm.p50)}, p99 ${time(warm.p99)}`],
    ['`main`, warm: a signature', `${time(signature.p50)}, p99 ${time(signature.p99)}`],
  ];
  return markdownTable([['', 'time'], ...rows], { align: ['l', 'r'] });
}

const TICKS = `One app, a warm \`refreshAccessToken\`: a tick five minutes after the last, and one when a ticket would be due (at 30 minutes) and the token is not. Modules: those that only tickets need (${ONLY_WITH_TICKETS.map((path) => `\`${path.replace('functions/_shared/', '')}\``).join(', ')}), by V8's count of calls in one tick of a new process.`;
const BUNDLES =
  "By esbuild's own account of what each file has in the bundle. Reading `WX_TICKETS` is in every function; fetching a ticket is loaded only where one is kept.";
const CALLS =
  'The first two are of the embedded platform, the start of a process included, WeChat answering after 80 to 120 ms. `main` is measured in a process of its own, as that of getAccessToken is.';
