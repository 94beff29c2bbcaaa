/** A dashboard on an embedded cloud, as `npm start` serves it, and what the tests send to it. */

import { onTestFinished } from 'vitest';
import type { HistoryEntry } from '../../functions/_shared/token/ports.ts';
import { dayOf } from '../../functions/_shared/token/backoff.ts';
import { embeddedSource } from '../../scripts/dashboard/embedded.ts';
import { createKnobs } from '../../scripts/dashboard/knobs.ts';
import { startDashboard, type Dashboard } from '../../scripts/dashboard/serve.ts';
import type { Update } from '../../scripts/dashboard/snapshot.ts';
import { createTicks, type Ticks } from '../../scripts/dashboard/ticks.ts';
import { COLLECTION } from '../../scripts/local/cloud.ts';
import { appsIn } from '../../scripts/local/variables.ts';
import {
  APPID,
  bearer,
  borrowCloud,
  ROOT,
  SECRET,
  startTestCloud,
  type TestCloud,
  type TestCloudOptions,
} from '../support/cloud.ts';

export interface Served extends Dashboard {
  cloud: TestCloud;
  ticks: Ticks;
  /** A tick of the timer, as the page hears of it. */
  tick(): Promise<void>;
  /** Changes these fields of the app's document, and nothing else. */
  write(fields: object): Promise<void>;
  /** Puts these refreshes in the place of those that have happened. */
  writeHistory(history: readonly HistoryEntry[]): Promise<void>;
}

export async function serveCloud(options: TestCloudOptions = {}): Promise<Served> {
  const variables = options.variables ?? { WX_APPID: APPID, WX_APPSECRET: SECRET };
  const ticks = createTicks();
  const cloud = await cloudFor({ ...options, variables }, ticks);
  const at = { isInstalled: false, isSandbox: true, flags: flagsOf(options) };
  const knobs = createKnobs({ cloud, sandbox: cloud.sandbox, apps: appsIn(variables) });
  const source = await embeddedSource({ root: ROOT, cloud, variables, ticks, knobs, at });
  const dashboard = await startDashboard({ port: 0, secret: SECRET_OF_START, source, knobs });
  onTestFinished(() => dashboard.close());
  const write = async (fields: object): Promise<void> => {
    const documents = cloud.database.collection(COLLECTION);
    await documents.update({ query: { _id: APPID }, update: { $set: fields }, multi: false });
  };
  return {
    ...dashboard,
    cloud,
    ticks,
    async tick() {
      const caller = { kind: 'timer', variety: 'native' } as const;
      const outcome = await cloud.host.invoke({ name: 'refreshAccessToken', event: {}, caller });
      ticks.record(outcome, cloud.clock.now());
    },
    write,
    async writeHistory(history) {
      const day = dayOf(cloud.clock.now());
      const today = history.filter(({ atMs, outcome }) => outcome === 'minted' && dayOf(atMs) === day);
      await write({ history: [...history], mints: { day, count: today.length } });
    },
  };
}

/** One with a timer is for one test alone, and one on a clock of the test's own: the page can move it 30 days. */
async function cloudFor(options: TestCloudOptions, ticks: Ticks): Promise<TestCloud> {
  if (!options.hasTimer && options.clock === undefined) return borrowCloud(options);
  const cloud: TestCloud = await startTestCloud({
    ...options,
    onTick: (_, outcome) => ticks.record(outcome, cloud.clock.now()),
  });
  return cloud;
}

/** As `npm start` was called, for the commands on the page. */
export function flagsOf({ dataFolder }: TestCloudOptions): string {
  return `--local --sandbox${dataFolder === undefined ? '' : ` --data ${dataFolder}`}`;
}

/** Each start has one of its own; these last as long as a test. */
const SECRET_OF_START = 'dashboard-secret';

/** What the page sends with whatever it asks for: `address` is what a browser is given. */
export function authorizationFor(address: string): { authorization: string } {
  return bearer(new URLSearchParams(new URL(address).hash.slice(1)).get('secret') ?? '');
}

export interface Stream {
  /** The first update, from now on, that is as wanted. */
  until(isWanted: (update: Update) => boolean): Promise<Update>;
  /** Every byte that has come so far, asked for or not. */
  text(): string;
  /** How many updates are in it. */
  updates(): number;
  close(): void;
}

/** Listens to the updates as a page does. */
export async function listenTo(address: string): Promise<Stream> {
  const ending = new AbortController();
  const { signal } = ending;
  const response = await fetch(new URL('/events', address), { headers: authorizationFor(address), signal });
  if (!response.ok || response.body === null) throw new Error(`the stream answers ${response.status}`);
  let [text, read, hasEnded] = ['', 0, false];
  let wake = (): void => undefined;
  const chunks = response.body.pipeThrough(new TextDecoderStream());
  void (async () => {
    for await (const chunk of chunks) {
      text += chunk;
      wake();
    }
  })()
    .catch(() => undefined)
    .finally(() => {
      hasEnded = true;
      wake();
    });
  onTestFinished(() => ending.abort());
  return {
    text: () => text,
    updates: () => text.split('\n\n').filter(isUpdate).length,
    close: () => ending.abort(),
    async until(isWanted) {
      for (;;) {
        const end = text.indexOf('\n\n', read);
        if (end >= 0) {
          const message = text.slice(read, end);
          read = end + 2;
          const update = isUpdate(message) && (JSON.parse(message.slice(PREFIX.length)) as Update);
          if (update && isWanted(update)) return update;
          continue;
        }
        if (hasEnded) throw new Error('the stream has ended');
        await new Promise<void>((resolve) => (wake = resolve));
      }
    },
  };
}

const PREFIX = 'data: ';
const isUpdate = (message: string): boolean => message.startsWith(PREFIX);
