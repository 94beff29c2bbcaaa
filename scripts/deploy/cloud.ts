/** `npm run deploy` on a real environment. */

import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { configFiles } from '../build/declarations.ts';
import { names, pick } from '../command/language.ts';
import { buildFunctions } from '../build/functions.ts';
import { PACKAGE_FOLDER, PROJECT_FOLDER } from '../command/folders.ts';
import { makeOwnFolder } from '../command/own-folder.ts';
import { requestHttpsOnce } from '../platform/https.ts';
import { describeKind, whyUnsupported } from '../platform/kind.ts';
import type { Environment } from '../platform/environment.ts';
import { openEnvironment } from '../platform/open.ts';
import { readPlatformSettings, type Values } from '../platform/settings.ts';
import type { TakeOver } from './backup.ts';
import { checkSize, checkValues } from './checks.ts';
import { outsideFolder, wantOutside } from './outside/parts.ts';
import { showCheck } from './show-check.ts';
import { runDeployment } from './run.ts';
import { createScreen } from './screen.ts';
import type { Site } from './site.ts';
import { createUpload } from './upload.ts';
import { readWanted } from './wanted.ts';

const BY_KEYS = { en: 'keys of TENCENTCLOUD_SECRETID', zh: 'TENCENTCLOUD_SECRETID 的 API 密钥' };
const BY_LOGIN = { en: 'login of the tcb CLI', zh: 'tcb CLI 的登录态' };

/** Of the door's answers, which are under a kilobyte. */
const GET = { method: 'GET', patienceMs: 10_000, mostBytes: 65_536 } as const;

export interface CloudDeployOptions {
  isDryRun: boolean;
  /** Functions of our names that are not from here are replaced. */
  mayTakeOver: boolean;
}

/** True when all holds. Throws one readable line when it can't even begin. */
export async function deployToCloud({ isDryRun, mayTakeOver }: CloudDeployOptions): Promise<boolean> {
  const settings = readPlatformSettings(PROJECT_FOLDER);
  const root = PACKAGE_FOLDER;
  const screen = createScreen(settings.redact);
  const { apps, ticks } = checkValues(settings.values);
  const { environment, source } = await openEnvironment(settings);
  const codeRoot = join(root, 'dist/functions');
  if (!(await showCheck('build', () => build(root, codeRoot, settings.values), screen))) return false;
  const wanted = await readWanted(root, codeRoot, settings.values);
  checkSize(wanted);
  const account = pick(source.kind === 'keys' ? BY_KEYS : BY_LOGIN);
  const where = async (): Promise<string> => {
    const kind = await requireSupported(environment);
    const appids = apps.map(({ appid }) => appid);
    return pick({
      en: `${settings.envId} in ${settings.region} (${kind}; ${account}), for ${appids.join(', ')}`,
      zh: `${settings.region} 的 ${settings.envId}（${kind}；${account}），应用：${appids.join('、')}`,
    });
  };
  if (!(await showCheck('environment', where, screen))) return false;
  const site: Site = {
    environment,
    wanted,
    ticks,
    upload: createUpload(settings, source, codeRoot),
    outside: async () => ({
      wanted: await wantOutside(root, outsideFolder(root), settings.values),
      upload: createUpload(settings, source, outsideFolder(root)),
    }),
    ...(mayTakeOver ? { takeOver: takeOverBy() } : {}),
    sleep: (durationMs) => sleep(durationMs),
    get: (address) => requestHttpsOnce(address, GET),
  };
  return runDeployment(site, screen, isDryRun);
}

async function build(root: string, outDir: string, values: Values): Promise<string> {
  const built = await buildFunctions({ root, outDir, files: configFiles(values) });
  return names(built.map(({ name, bytes }) => `${name} ${Math.ceil(bytes / 1000)} kB`));
}

/** Which kind it is, in words. */
async function requireSupported(environment: Environment): Promise<string> {
  const info = await environment.describe();
  const why = whyUnsupported(info);
  if (why !== undefined) throw why;
  return describeKind(info);
}

/** The platform takes half of this in one function. */
const MOST_CODE_BYTES = 1 << 30;

function takeOverBy(): TakeOver {
  return {
    root: join(makeOwnFolder(PROJECT_FOLDER), 'backups'),
    stamp: new Date().toISOString().replaceAll(/[-:]|\..*/g, ''),
    async download(address) {
      const options = { method: 'GET', patienceMs: 60_000, mostBytes: MOST_CODE_BYTES } as const;
      const { status, headers, bytes } = await requestHttpsOnce(address, options);
      const length = headers['content-length'];
      const isWhole = length === undefined || Number(length) === bytes.length;
      if (status !== 200 || !isWhole) throw new Error(`answered ${status}, ${bytes.length} bytes`);
      return bytes;
    },
  };
}
