/** The embedded cloud as the benchmark uses it: the real bundles beside the others' functions, and a count of fetches. */

import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { buildFunctions } from '../build/functions.ts';
import { configFiles, readDeclarations, type FunctionDeclaration } from '../build/declarations.ts';
import { createCloudClock } from '../local/clock.ts';
import { TICKETS_COLLECTION } from '../../functions/_shared/store/document.ts';
import { COLLECTION, startCloud, type Cloud } from '../local/cloud.ts';
import type { Caller } from '../local/functions/caller-context.ts';
import type { FunctionHostOptions } from '../local/functions/host.ts';
import { TOKEN_PATHS } from '../local/wechat/faults.ts';
import type { WeChatSandbox } from '../local/wechat/sandbox.ts';
import { HELPERS, SYSTEMS, type System } from './systems.ts';

/** Where everything lies, built once for all sections. */
export interface Built {
  root: string;
  codeRoot: string;
  guestRoot: string;
}

export interface Harness {
  cloud: Cloud & { sandbox: WeChatSandbox };
  /** Requests at WeChat's token endpoints since the last question. */
  takeFetches(): number;
  /** Throws what the platform would report. */
  invoke<T>(name: string, event: object, caller?: Caller): Promise<T>;
  /** The same in a process of its own, where the clock is the machine's and costs what it costs. */
  alone<T>(name: string, event: object): Promise<T>;
  tick(name: string): Promise<void>;
  isAlive(token: string): boolean;
  /** The right one. */
  secret: string;
  /** Empties every store. */
  forget(): Promise<void>;
}

export const APPID = 'wxbench00000000001';
const SECRET = 'bench-app-secret-0001';
const SHARED_COLLECTION = 'bench_tokens';
const FUNCTION: Caller = { kind: 'function', source: ',scf' };
const TIMER: Caller = { kind: 'timer', variety: 'native' };

export async function build(root: string): Promise<Built> {
  // In a folder of its own: whatever is built meanwhile for another purpose takes getTicket out of dist/functions.
  const codeRoot = join(root, 'dist/bench/product/functions');
  const guestRoot = join(root, 'dist/bench/guests/functions');
  await buildFunctions({ root, outDir: codeRoot, files: configFiles({ WX_TICKETS: 'jsapi' }) });
  const guests = [...new Set(ALL.map(({ guest }) => guest))];
  const functions = guests.map((name) => ({ name, entry: `scripts/bench/guests/${name}.ts` }));
  await buildFunctions({ root, outDir: guestRoot, functions });
  return { root, codeRoot, guestRoot };
}

/** As far as WeChat is over the internet: 80 to 120 ms, the same row in every run. */
const FETCH_MS = 80;
const JITTER_MS = 40;
const SLOW_PATHS = new Set([...TOKEN_PATHS, '/cgi-bin/ticket/getticket']);

export interface HarnessOptions {
  variables?: Record<string, string>;
  /** WX_TICKETS. */
  tickets?: string;
  host?: Partial<FunctionHostOptions>;
}

/** Whatever `run` does, nothing is left running. */
export async function withHarness<T>(
  built: Built,
  run: (harness: Harness) => Promise<T>,
  { variables, tickets = '', host }: HarnessOptions = {},
): Promise<T> {
  const cloud = await startCloud({
    ...built,
    clock: createCloudClock(),
    variables: { ...(variables ?? { WX_APPID: APPID, WX_APPSECRET: SECRET }), WX_TICKETS: tickets },
    guests: await guestsOf(built),
    ...(host ? { host } : {}),
  });
  try {
    return await run(harnessOf(cloud, built));
  } finally {
    await cloud.close();
  }
}

function harnessOf(cloud: Cloud, built: Built): Harness {
  const { sandbox } = cloud;
  if (sandbox === undefined) throw new Error('the benchmark never talks to the real WeChat');
  cloud.database.createCollection(SHARED_COLLECTION);
  // The quota would end a stampede of the others half-way.
  for (const appid of sandbox.wechat.appids()) sandbox.wechat.account(appid).setLimits({ legacyPerDay: 1e9 });
  let fetches = 0;
  let jitter = 0;
  sandbox.faults.intercept(async ({ stage, path }) => {
    if (stage !== 'before' || !SLOW_PATHS.has(path)) return;
    if (TOKEN_PATHS.includes(path)) fetches += 1;
    jitter = (jitter + 13) % JITTER_MS;
    await sleep(FETCH_MS + jitter);
  });
  const invoke: Harness['invoke'] = async <T>(name: string, event: object, caller = FUNCTION) => {
    const outcome = await cloud.host.invoke({ name, event, caller });
    if ('failure' in outcome) throw new Error(`${name}: ${outcome.failure.code} ${outcome.failure.message}`);
    return outcome.result as T;
  };
  return {
    cloud: { ...cloud, sandbox },
    takeFetches() {
      const taken = fetches;
      fetches = 0;
      return taken;
    },
    invoke,
    alone(name, event) {
      const guest = ALL.find(({ id }) => id === name);
      if (guest === undefined) throw new Error(`the benchmark has no guest ${name}`);
      const directory = join(built.guestRoot, guest.guest);
      return invoke('alone', { directory, variables: variablesOf(guest, built), event });
    },
    // A refresh that fails for a reason that may pass throws: the platform's affair, not the benchmark's.
    tick: (name) =>
      invoke(name, { Type: 'Timer' }, TIMER).then(
        () => undefined,
        () => undefined,
      ),
    secret: SECRET,
    isAlive: (token) => sandbox.wechat.useToken(token, cloud.clock.now()).errcode === 0,
    async forget() {
      for (const name of [COLLECTION, TICKETS_COLLECTION, SHARED_COLLECTION])
        if (cloud.database.hasCollection(name)) await cloud.database.collection(name).remove({}, true);
    },
  };
}

const ALL = [...SYSTEMS, ...HELPERS];

async function guestsOf(built: Built): Promise<FunctionDeclaration[]> {
  const declared = (await readDeclarations(built.root)).find(({ name }) => name === 'getAccessToken');
  return ALL.map((guest) => ({
    name: guest.id,
    directory: join(built.guestRoot, guest.guest),
    handler: 'index.main',
    timeout: 60,
    memorySize: 256,
    envVariables: {
      ...declared?.envVariables,
      WX_API_BASE_URL: '{{env.WX_API_BASE_URL}}',
      MITATA_URL: import.meta.resolve('mitata'),
      ...variablesOf(guest, built),
    },
    triggers: [],
  }));
}

/** `TARGET` names a built function, and becomes the path of its file. */
function variablesOf({ variables }: Pick<System, 'variables'>, built: Built): Record<string, string> {
  const { TARGET: target } = variables as { TARGET?: string };
  if (target === undefined) return variables;
  const folder = target.startsWith('get') ? built.codeRoot : built.guestRoot;
  return { ...variables, TARGET: join(folder, target, 'index.js') };
}
