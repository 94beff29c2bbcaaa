/** Where each answer comes from: a flag, the process environment, a question, or what the file holds already. */

import { randomBytes } from 'node:crypto';
import type { TokenApi } from '../../functions/_shared/token/record.ts';
import type { Prompts } from './prompts.ts';

type Encryption = 'on' | 'off' | 'rotate';

export interface Flags {
  env?: string | undefined;
  appid?: string | undefined;
  mode?: TokenApi | undefined;
  encryption?: Encryption | undefined;
  /** From --secret-file. */
  secret?: string | undefined;
}

export interface Sources {
  flags: Flags;
  /** The process environment, empty variables left out. */
  env: Readonly<Record<string, string>>;
  /** What the file holds. */
  file: Readonly<Record<string, string>>;
  /** Null: nobody can be asked. */
  prompts: Prompts | null;
}

export interface Answers {
  envId: string;
  appid: string;
  secret: string;
  api: TokenApi;
  /** As TOKEN_ENCRYPTION_KEYS; null: tokens are stored in clear. */
  keys: string | null;
  isKeyNew: boolean;
}

/** Throws one line that names everything that is missing when nobody can be asked. */
export async function collectAnswers(sources: Sources): Promise<Answers> {
  requireComplete(sources);
  const { flags, env, file, prompts } = sources;
  const envId =
    flags.env ??
    env['TCB_ENV_ID'] ??
    (await (prompts?.text(
      'CloudBase environment id (https://tcb.cloud.tencent.com/)',
      file['TCB_ENV_ID'],
      envRule,
    ) ?? file['TCB_ENV_ID']));
  const appid =
    flags.appid ??
    env['WX_APPID'] ??
    (await (prompts?.text('AppID (https://mp.weixin.qq.com → 开发管理)', file['WX_APPID'], appidRule) ??
      file['WX_APPID']));
  const secret = await chooseSecret(sources, appid);
  const api = await chooseMode(sources);
  return { envId: envId ?? '', appid: appid ?? '', secret, api, ...(await chooseKeys(sources)) };
}

function requireComplete({ flags, env, file, prompts }: Sources): void {
  if (prompts !== null) return;
  const missing = [
    ...((flags.env ?? env['TCB_ENV_ID'] ?? file['TCB_ENV_ID']) ? [] : ['the environment id (--env)']),
    ...((flags.appid ?? env['WX_APPID'] ?? file['WX_APPID']) ? [] : ['the AppID (--appid)']),
    ...((flags.secret ??
    env['WX_APPSECRET'] ??
    keptSecret(file, flags.appid ?? env['WX_APPID'] ?? file['WX_APPID']))
      ? []
      : ['the AppSecret (the variable WX_APPSECRET, or --secret-file with a file or - for standard input)']),
  ];
  if (missing.length > 0)
    throw new Error(`nobody can be asked here (no terminal), and this is missing: ${missing.join('; ')}`);
}

async function chooseSecret(
  { flags, env, file, prompts }: Sources,
  appid: string | undefined,
): Promise<string> {
  const given = flags.secret ?? env['WX_APPSECRET'];
  if (given !== undefined) return given;
  const kept = keptSecret(file, appid);
  if (prompts === null) return kept ?? '';
  const hint = kept === undefined ? '' : ' (empty: keep the one in the file)';
  return (await prompts.secret(`AppSecret${hint}`, kept !== undefined)) || (kept ?? '');
}

/** The secret that the file holds belongs to the AppID that it holds. */
function keptSecret(file: Sources['file'], appid: string | undefined): string | undefined {
  return appid === file['WX_APPID'] ? file['WX_APPSECRET'] : undefined;
}

async function chooseMode({ flags, env, file, prompts }: Sources): Promise<TokenApi> {
  const given = flags.mode ?? env['WX_TOKEN_API'];
  const before = given ?? file['WX_TOKEN_API'] ?? 'token';
  // What is neither of the two is refused with all the other problems, before anything is written.
  if (given !== undefined || prompts === null) return before as TokenApi;
  return prompts.choose<TokenApi>('How tokens are fetched', MODES, before === 'stable' ? 'stable' : 'token');
}

const MODES = {
  token: 'token: a new one every 110 minutes, each ends the one before it (GET /cgi-bin/token)',
  stable: 'stable: other systems fetch tokens for this AppID, too (POST /cgi-bin/stable_token)',
};

async function chooseKeys({
  flags,
  env,
  file,
  prompts,
}: Sources): Promise<Pick<Answers, 'keys' | 'isKeyNew'>> {
  const present = env['TOKEN_ENCRYPTION_KEYS'] ?? file['TOKEN_ENCRYPTION_KEYS'] ?? null;
  const question = 'Encrypt the token in the database (a key is made for it)?';
  const isAsked = flags.encryption === undefined && present === null && prompts !== null;
  const wish = flags.encryption ?? (isAsked && !(await prompts.confirm(question, true)) ? 'off' : 'on');
  switch (wish) {
    case 'off':
      return { keys: null, isKeyNew: false };
    case 'on':
      return { keys: present ?? newKey(), isKeyNew: present === null };
    case 'rotate':
      return { keys: [newKey(), ...(present?.split(',') ?? [])].slice(0, MOST_KEYS).join(), isKeyNew: true };
  }
}

/** readConfig takes no more. */
const MOST_KEYS = 10;

function newKey(): string {
  return randomBytes(32).toString('base64');
}

function envRule(value: string): string | undefined {
  return ENV_ID.test(value) ? undefined : 'letters, digits, - and _ only, such as my-env-1a2b3c';
}

function appidRule(value: string): string | undefined {
  return APPID.test(value) ? undefined : APPID_RULE;
}

/** Generous: it only keeps out what can't be one. */
export const APPID = /^[A-Za-z0-9_-]{6,64}$/;
export const APPID_RULE = 'an AppID is 6 to 64 letters, digits, - and _; WeChat’s is wx and 16 characters';

export const ENV_ID = /^[A-Za-z0-9_-]{1,64}$/;
