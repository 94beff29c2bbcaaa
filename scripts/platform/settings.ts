/** What commands that reach out to CloudBase work with: the process environment, and .env.local behind it. */

import { resolve } from 'node:path';
import { pick, type Text } from '../command/language.ts';
import { callOf } from '../command/call.ts';
import { readEnvFile } from '../command/env-file.ts';
import { namesWith, readPrefix, type FunctionNames } from '../local/names.ts';
import { conceal } from '../../functions/_shared/runtime/conceal.ts';
import { goesDirect } from '../proxy/exceptions.ts';
import { readProxy, secretsOfProxy } from '../proxy/read.ts';
import { PlatformError } from './errors.ts';
import { readProject } from './project.ts';
import { createRedactor, type Redact } from './redact.ts';
import { nonEmpty } from '../local/variables.ts';

export type Values = Readonly<Record<string, string>>;

export interface PlatformSettings {
  /** The repository. */
  root: string;
  envId: string;
  region: string;
  names: FunctionNames;
  /** All that is set, empty ones left out; hidden from `inspect` and JSON, for secrets are among them. */
  values: Values;
  /** For the `tcb` CLI, which is a process of its own; undefined: none. */
  proxy: string | undefined;
  /** Masks every secret of `values` in a text that may quote one. */
  redact: Redact;
}

export const DEFAULT_REGION = 'ap-shanghai';

/** Of all hosts that the CLI asks, the one for which `no_proxy` is looked at here. */
const API = { host: 'tcb.tencentcloudapi.com', port: 443 };

/** Throws one readable line when no environment is named. */
export function readPlatformSettings(root: string, env: NodeJS.ProcessEnv = process.env): PlatformSettings {
  const values = readValues(root, env);
  const envId = requireEnvId(values['TCB_ENV_ID']);
  const region = requireRegion(values['TCB_REGION'] ?? DEFAULT_REGION);
  const names = namesWith(readPrefix(values));
  const proxy = readProxy(env);
  const redact = createRedactor(values, secretsOfProxy(proxy));
  const isDirect = proxy === undefined || goesDirect(API, proxy.exceptions);
  const settings = { root, envId, region, names, values, proxy: isDirect ? undefined : proxy.url, redact };
  return conceal<PlatformSettings>(settings, 'values');
}

function requireEnvId(envId: string | undefined): string {
  if (envId === undefined)
    throw noEnvironment(
      { en: 'TCB_ENV_ID is missing', zh: '没有设置 TCB_ENV_ID' },
      {
        en: `set it to the id of your CloudBase environment, in .env.local or by ${callOf('setup')}`,
        zh: `请把它设为云开发环境 ID，写在 .env.local 里，或者用 ${callOf('setup')}`,
      },
    );
  if (/^[A-Za-z0-9_-]{1,64}$/.test(envId)) return envId;
  throw noEnvironment(
    {
      en: 'TCB_ENV_ID has characters that no environment id has',
      zh: 'TCB_ENV_ID 含有环境 ID 不允许的字符',
    },
    { en: 'copy the id from https://tcb.cloud.tencent.com/', zh: '请从 https://tcb.cloud.tencent.com/ 复制' },
  );
}

/** It becomes a part of the database's host. */
function requireRegion(region: string): string {
  if (/^[a-z]+(-[a-z0-9]+)*$/.test(region)) return region;
  throw noEnvironment(
    { en: 'TCB_REGION has characters that no region has', zh: 'TCB_REGION 含有地域名称不允许的字符' },
    {
      en: `write it as the console does, like ${DEFAULT_REGION}`,
      zh: `请照控制台显示的填写，例如 ${DEFAULT_REGION}`,
    },
  );
}

function noEnvironment(what: Text, cure: Text): PlatformError {
  return new PlatformError(pick(what), { code: 'NO_ENVIRONMENT', cure: pick(cure) });
}

/** The process environment wins over .env.local, and that over cloudbaserc.json; an empty variable is an unset one. */
export function readValues(root: string, env: NodeJS.ProcessEnv = process.env): Values {
  return { ...readProject(root), ...nonEmpty(readEnvFile(resolve(root, '.env.local'))), ...nonEmpty(env) };
}
