/** A deployment without the CLI and without a network: the steps themselves, against the fake's state. */

import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { readTicks } from '../../functions/_shared/runtime/config.ts';
import { buildOutside, OUTSIDE_CONFIG } from '../../scripts/build/outside.ts';
import type { TakeOver } from '../../scripts/deploy/backup.ts';
import { createScreen } from '../../scripts/deploy/screen.ts';
import { runDeployment } from '../../scripts/deploy/run.ts';
import type { Upload } from '../../scripts/deploy/upload.ts';
import {
  COLLECTION,
  TICKETS_COLLECTION,
  readWanted,
  type WantedFunction,
} from '../../scripts/deploy/wanted.ts';
import { withPlainErrors, type Send } from '../../scripts/platform/api.ts';
import { cloudEnvironment } from '../../scripts/platform/cloud.ts';
import type { Documents, Environment, StoredDocument } from '../../scripts/platform/environment.ts';
import { readPlatformSettings, type PlatformSettings } from '../../scripts/platform/settings.ts';
import { ROOT } from '../support/cloud.ts';
import { answerHttpAccess } from '../platform/fake/http-access.ts';
import type { FakeTencent } from '../platform/fake/tencent.ts';

export const SECRET = 'canary"of$the\\secret{{env.X}}0001';
const VALUES = { WX_APPID: 'wxfake', WX_APPSECRET: SECRET };

export function settingsFor(fake: FakeTencent, variables: Record<string, string> = {}): PlatformSettings {
  const { envId, secretId, secretKey } = fake.state;
  const env = { TCB_ENV_ID: envId, TENCENTCLOUD_SECRETID: secretId, TENCENTCLOUD_SECRETKEY: secretKey };
  // Another folder than the repository: a developer may have a .env.local there.
  const settings = readPlatformSettings(join(ROOT, 'test'), { ...env, ...VALUES, ...variables });
  return { ...settings, values: settings.values, root: ROOT };
}

export function environmentOf(
  fake: FakeTencent,
  settings: PlatformSettings,
  documents: (name: string) => Documents = () => {
    throw new Error('no documents here');
  },
): Environment {
  const send: Send = (service, action, params) => fake.answerDirectly(service, action, { ...params });
  return cloudEnvironment(settings, { call: withPlainErrors(send, settings.redact), documents });
}

export interface Deployment {
  isDone: boolean;
  /** Without colours. */
  output: string;
  /** The actions that were asked for, in their order. */
  actions: string[];
}

export interface DeploymentOptions {
  isDryRun?: boolean;
  variables?: Record<string, string>;
  /** What stands in the collection of the servers; left out, it is not to be read. */
  servers?: StoredDocument[];
  /** What stands in the collection of the tokens. */
  tokens?: StoredDocument[];
  /** What is not from here is replaced, after a copy into this folder. */
  backups?: string;
  /** Where the functions are built; in a clone they differ by the paths of its packages. */
  codeRoot?: string;
}

export async function deploy(
  fake: FakeTencent,
  { isDryRun = false, variables = {}, servers, tokens = [], backups, codeRoot }: DeploymentOptions = {},
): Promise<Deployment> {
  const settings = settingsFor(fake, variables);
  const environment = environmentOf(fake, settings, (name) =>
    documentsIn(name === COLLECTION ? tokens : name === TICKETS_COLLECTION ? [] : requireGiven(servers)),
  );
  const wanted = await wantedFor(settings.values, codeRoot);
  const lines: string[] = [];
  const screen = createScreen(settings.redact, (line) => lines.push(stripVTControlCharacters(line)));
  const before = fake.calls.length;
  const upload = uploadOf(environment);
  const outside = async () => ({ wanted: await wantedOutside(settings), upload });
  const get = (address: string) => answerHttpAccess(fake.state, address);
  const takeOver = backups === undefined ? {} : { takeOver: takeOverInto(backups, fake) };
  const ticks = readTicks(settings.values['TICKS']) ?? 'timer';
  const site = {
    environment,
    wanted,
    ticks,
    upload,
    outside,
    ...takeOver,
    sleep: () => Promise.resolve(),
    get,
  };
  const isDone = await runDeployment(site, screen, isDryRun);
  const actions = fake.calls.slice(before).map(({ action }) => action);
  return { isDone, output: lines.join('\n'), actions };
}

function requireGiven(servers: StoredDocument[] | undefined): StoredDocument[] {
  if (servers === undefined) throw new Error('no documents here');
  return servers;
}

function takeOverInto(root: string, { state }: FakeTencent): TakeOver {
  return {
    root,
    stamp: 'now',
    async download(address) {
      const name = new URL(address).pathname.split('/').at(-1) ?? '';
      return state.functions.get(name)?.code ?? Buffer.alloc(0);
    },
  };
}

const read = new Map<string, ReturnType<typeof readWanted>>();

/** Read once for the same values: it reads all of the code, and a test deploys hundreds of times. */
function wantedFor(
  values: PlatformSettings['values'],
  codeRoot = join(ROOT, 'dist/test-functions'),
  files?: string[],
): ReturnType<typeof readWanted> {
  const key = JSON.stringify([values, codeRoot]);
  const wanted = read.get(key) ?? readWanted(ROOT, codeRoot, values, files);
  read.set(key, wanted);
  return wanted;
}

let built: ReturnType<typeof buildOutside> | undefined;

/** Built once: it takes a second, and a test deploys a hundred times. */
async function wantedOutside({ values }: PlatformSettings): Promise<WantedFunction> {
  const { directory = '' } = await (built ??= buildOutside(ROOT, mkdtempSync(join(tmpdir(), 'outside-'))));
  const [wanted] = await wantedFor(values, dirname(directory), [OUTSIDE_CONFIG]);
  if (wanted === undefined) throw new Error('no outside door is declared');
  return wanted;
}

/** A collection that is only listed and removed from. */
export function documentsIn(stored: StoredDocument[]): Documents {
  const unused = () => Promise.reject(new Error('not needed here'));
  return {
    get: unused,
    insert: unused,
    replaceIf: unused,
    list: async (limit) => stored.slice(0, limit),
    async remove(id) {
      const at = stored.findIndex(({ _id }) => _id === id);
      if (at >= 0) stored.splice(at, 1);
      return at >= 0;
    },
  };
}

/** What `tcb fn deploy` does at the functions' API, by the same calls. */
export function uploadOf(environment: Environment): Upload {
  return async (functions) => {
    const { namespace } = await environment.describe();
    for (const { name, handler, runtime, timeout, memorySize, description } of functions) {
      const target = { FunctionName: name, Namespace: namespace };
      const settings = { Timeout: timeout, MemorySize: memorySize, Description: description };
      const code = { Handler: handler, Code: { ZipFile: '' } };
      if ((await environment.describeFunction(name)) === null) {
        await environment.call('scf', 'CreateFunction', {
          ...target,
          ...code,
          ...settings,
          Runtime: runtime,
        });
        continue;
      }
      await environment.call('scf', 'UpdateFunctionCode', { ...target, ...code });
      await environment.describeFunction(name);
      await environment.call('scf', 'UpdateFunctionConfiguration', { ...target, ...settings });
    }
  };
}
