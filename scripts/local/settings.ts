/** What `npm start` works with: its flags, the process environment, and .env.local behind it. */

import { accessSync, constants } from 'node:fs';
import { resolve } from 'node:path';
import { translate } from '../command/translate.ts';
import { pick, phrases } from '../command/language.ts';
import { callOf } from '../command/call.ts';
import { readConfig } from '../../functions/_shared/runtime/config.ts';
import { readEnvFile } from '../command/env-file.ts';
import { OWN_FOLDER } from '../command/folders.ts';
import { makeOwnFolder } from '../command/own-folder.ts';
import { usableProxy } from '../proxy/enter.ts';
import { readProxy, type Proxy } from '../proxy/read.ts';
import { makePrivateFolder } from './private-files.ts';
import { appsIn, nonEmpty, type Variables } from './variables.ts';

export interface Settings {
  isOnce: boolean;
  port: number;
  dataFolder: string;
  variables: Variables;
  /** The way out for the functions; undefined: directly. */
  proxy: Proxy | undefined;
  /** The user has given credentials: then it is the real WeChat that is asked. */
  isWeChatReal: boolean;
}

const DOOR_PORT = 18_600;
/** Of the sandbox where no app is configured; the secret opens nothing else. */
const SANDBOX_APP = { appid: 'wxlocalsandbox0001', secret: 'local-sandbox-secret' };

export interface Flags {
  once: boolean;
  sandbox: boolean;
  port?: string | undefined;
  data: string;
  functions?: readonly string[];
  project?: readonly string[];
  quiet?: boolean;
  inspect?: readonly string[];
  seed?: string | undefined;
  'env-file'?: string | undefined;
}

/** Throws one readable line for a flag or a file that can't be used. */
export function readSettings(root: string, flags: Flags): Settings {
  const given = { ...nonEmpty(readEnvFile(resolve(root, '.env.local'))), ...nonEmpty(process.env) };
  const isWeChatReal =
    !flags.sandbox && Boolean(given['WX_APPS'] ?? given['WX_APPID'] ?? given['WX_APPSECRET']);
  if (isWeChatReal) requireUsable(given);
  return {
    isOnce: flags.once,
    // The sandbox needs no way out, so an address that is none keeps nobody from it.
    proxy: isWeChatReal ? readProxy(process.env) : usableProxy(process.env),
    port: readPort(flags.port) ?? (flags.once ? 0 : DOOR_PORT),
    dataFolder: readFolder(root, flags.data),
    variables: isWeChatReal ? given : { ...given, WX_API_BASE_URLS: undefined, ...inSandbox(given) },
    isWeChatReal,
  };
}

/** The configured apps, with a secret of the sandbox: their own play no role there. */
function inSandbox(given: Variables): Variables {
  const configured = appsIn({ WX_APPSECRET: SANDBOX_APP.secret, ...given });
  const apps = configured.length === 0 ? [SANDBOX_APP] : configured;
  const { secret } = SANDBOX_APP;
  const own = apps.map((app) => Object.assign({}, app, { secret }));
  const config = { WX_APPS: JSON.stringify(own), WX_APPID: undefined, WX_APPSECRET: undefined };
  const [only = SANDBOX_APP] = own;
  if (own.length > 1 || 'api' in only) return config;
  return { WX_APPS: undefined, WX_APPID: only.appid, WX_APPSECRET: only.secret };
}

/** Said before anything starts: the functions themselves would say it at each tick, 500 and no token. */
function requireUsable(given: Variables): void {
  const config = readConfig(given);
  if (config.ok) return;
  throw new Error(
    pick({
      en: `${config.problems.join('; ')}: set that in the environment or in .env.local, or use the sandbox with ${callOf('start', '--sandbox')}`,
      zh: `${phrases(config.problems.map(translate))}：请在环境变量或 .env.local 里设置，或者用沙箱：${callOf('start', '--sandbox')}`,
    }),
  );
}

function readPort(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= 65_535) return port;
  throw new Error(
    pick({
      en: `--port must be a number from 0 to 65535 (0: any free port), not ${JSON.stringify(text)}`,
      zh: `--port 必须是 0 到 65535 的数字（0：任意空闲端口），不能是 ${JSON.stringify(text)}`,
    }),
  );
}

function readFolder(root: string, data: string): string {
  const folder = resolve(root, data);
  try {
    if (data.startsWith(`${OWN_FOLDER}/`)) makeOwnFolder(root);
    makePrivateFolder(folder);
    accessSync(folder, constants.R_OK | constants.W_OK);
    return folder;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown reason';
    throw new Error(
      pick({
        en: `the data folder ${folder} can't be used (${code}): make it writable, or choose another with --data`,
        zh: `数据目录 ${folder} 无法使用（${code}）：请让它可写，或者用 --data 换一个`,
      }),
      {
        cause: error,
      },
    );
  }
}
