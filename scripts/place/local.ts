/** The embedded cloud's data folder, looked at from outside; functions are called in `npm start`, or in a cloud of its own. */

import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { callOf } from '../command/call.ts';
import { textsOf, pick } from '../command/language.ts';
import { PACKAGE_FOLDER } from '../command/folders.ts';
import type { CloudClock } from '../local/clock.ts';
import type { Cloud } from '../local/cloud.ts';
import { openDatabase } from '../local/database/open.ts';
import type { Invocation } from '../platform/environment.ts';
import { namesWith } from '../local/names.ts';
import { readSettings as readStartSettings, type Settings } from '../local/settings.ts';
import { knockAt, resetAt } from './door.ts';
import { createLocalClock, noticeFuture } from './local-clock.ts';
import { documentsOf } from './local-documents.ts';
import { systemClock, type Clock, type Reach } from './reach.ts';
import { definedOnly } from '../local/variables.ts';

const cloudIn = textsOf({
  en: (folder: string) => `the embedded cloud in ${folder}`,
  zh: (folder: string) => `本地模拟云环境 ${folder}`,
});

export interface LocalOptions {
  /** Of the project: its .env.local holds. */
  root: string;
  /** The database's folder, relative to `root`. */
  data: string;
  /** WeChat is the sandbox, whatever credentials are set. */
  isSandbox: boolean;
}

export interface Local {
  reach: Reach;
  values: Record<string, string>;
  clock: Clock;
  /** The instant there, asked anew. */
  readClock(): Promise<number>;
  /** How far that clock was ahead of this machine's when it was last read. */
  offsetMs(): number;
  /** A line worth knowing before anything else, if there is one. */
  notice: string | null;
  isWeChatReal: boolean;
  /** Resets the sandbox of the `npm start` that runs there; false: none does. */
  reset(): Promise<boolean>;
}

/** Throws one readable line when no embedded cloud has run on that folder. */
export async function openLocal({ root, data, isSandbox }: LocalOptions): Promise<Local> {
  const folder = resolve(root, data);
  if (!existsSync(join(folder, 'data.mdb'))) throw neverStarted(folder);
  const settings = readStartSettings(root, { once: true, sandbox: isSandbox, data });
  const localClock = createLocalClock(folder);
  const { clock, follow } = localClock;
  const database = openDatabase({ folder, clock });
  const own = createOwnCloud(settings, clock);
  const documents = (name: string) => documentsOf(database, name);
  const reach: Reach = {
    kind: 'local',
    names: namesWith(''),
    envId: cloudIn()(folder),
    documents,
    invoke: invokeWhereItRuns(localClock, own),
    async close() {
      await own.close();
      await database.close();
    },
  };
  const running = await follow();
  return {
    reach,
    values: definedOnly(settings.variables),
    clock: { ...systemClock, now: clock.now },
    readClock: async () => follow().then(clock.now),
    offsetMs: clock.offsetMs,
    notice: running === null ? await noticeFuture(documents, clock.now()) : null,
    isWeChatReal: settings.isWeChatReal,
    async reset() {
      const there = await follow();
      if (there === null) return false;
      await resetAt(there);
      await follow();
      return true;
    },
  };
}

function neverStarted(folder: string): Error {
  return new Error(
    pick({
      en: `no embedded cloud has run on ${folder}: start one with ${callOf('start', '--once')}, or choose another folder with --data`,
      zh: `数据目录 ${folder} 里还没有本地模拟云环境的数据：请用 ${callOf('start', '--once')} 启动一次，或者用 --data 换一个目录`,
    }),
  );
}

/** Never in a cloud of its own beside an `npm start`: that one's WeChat would not know the token. */
function invokeWhereItRuns(
  { follow }: ReturnType<typeof createLocalClock>,
  own: Pick<Reach, 'invoke'>,
): Reach['invoke'] {
  return async (name, event) => {
    const running = await follow();
    if (running === null) return own.invoke(name, event);
    const answer = await knockAt(running, name, event);
    await follow();
    return (
      answer ?? {
        failure: pick({
          en: `the ${callOf('start')} at ${running.url} went away, or has no ${name}`,
          zh: `${running.url} 的 ${callOf('start')} 已退出，或者没有 ${name}`,
        }),
      }
    );
  };
}

/** A cloud that is started for the first call, on the same data. */
function createOwnCloud(
  { dataFolder, variables, isWeChatReal, proxy }: Settings,
  clock: CloudClock,
): Pick<Reach, 'invoke' | 'close'> {
  let starting: Promise<Cloud> | undefined;
  const start = async (): Promise<Cloud> => {
    // Loaded here: to look at the data, neither is needed.
    const [{ configFiles }, { buildFunctions }, { startCloud }] = await Promise.all([
      import('../build/declarations.ts'),
      import('../build/functions.ts'),
      import('../local/cloud.ts'),
    ]);
    await buildFunctions({ files: configFiles(variables) });
    const root = PACKAGE_FOLDER;
    const codeRoot = join(root, 'dist/functions');
    return startCloud({ root, codeRoot, clock, dataFolder, variables, isWeChatReal, proxy });
  };
  return {
    async invoke(name, event): Promise<Invocation> {
      const cloud = await (starting ??= start());
      const outcome = await cloud.host.invoke({ name, event, caller: { kind: 'management' } });
      return 'failure' in outcome ? { failure: outcome.failure.message } : outcome;
    },
    async close() {
      const cloud = await starting?.catch(() => undefined);
      await cloud?.close();
    },
  };
}
