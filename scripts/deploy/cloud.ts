/** `npm run deploy` on a real environment. */

import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { configFiles } from '../build/declarations.ts';
import { pick } from '../command/language.ts';
import { buildFunctions } from '../build/functions.ts';
import { PACKAGE_FOLDER, PROJECT_FOLDER } from '../command/folders.ts';
import { makeOwnFolder } from '../command/own-folder.ts';
import { requestHttpsOnce } from '../platform/https.ts';
import { describeKind, whyUnsupported } from '../platform/kind.ts';
import { openEnvironment } from '../platform/open.ts';
import { readPlatformSettings } from '../platform/settings.ts';
import type { TakeOver } from './backup.ts';
import { checkSize, checkValues } from './checks.ts';
import { outsideFolder, wantOutside } from './outside/parts.ts';
import { prove } from './prove.ts';
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
  const isBuilt = await prove(
    'build',
    async () => {
      const built = await buildFunctions({ root, outDir: codeRoot, files: configFiles(settings.values) });
      return built
        .map(({ name, bytes }) => `${name} ${Math.ceil(bytes / 1000)} kB`)
        .join(pick({ en: ', ', zh: '、' }));
    },
    screen,
  );
  if (!isBuilt) return false;
  const wanted = await readWanted(root, codeRoot, settings.values);
  checkSize(wanted);
  const isReady = await prove(
    'environment',
    async () => {
      const info = await environment.describe();
      const why = whyUnsupported(info);
      if (why !== undefined) throw why;
      const account = pick(source.kind === 'keys' ? BY_KEYS : BY_LOGIN);
      const appids = apps.map(({ appid }) => appid);
      return pick({
        en: `${settings.envId} in ${settings.region} (${describeKind(info)}; ${account}), for ${appids.join(', ')}`,
        zh: `${settings.region} 的 ${settings.envId}（${describeKind(info)}；${account}），应用：${appids.join('、')}`,
      });
    },
    screen,
  );
  if (!isReady) return false;
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
