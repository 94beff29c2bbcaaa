/** Where each answer comes from: a flag, the process environment, a question, or what the file holds already. */

import { randomBytes } from 'node:crypto';
import type { TokenApi } from '../../functions/_shared/token/record.ts';
import { askCredentials, keptSecret, type Credentials, type Verify } from './credentials.ts';
import type { Sources } from './sources.ts';
import { texts } from './texts.ts';

export interface Answers {
  envId: string;
  appid: string;
  secret: string;
  api: TokenApi;
  /** As TOKEN_ENCRYPTION_KEYS; null: tokens are stored in clear. */
  keys: string | null;
  isKeyNew: boolean;
}

/** Throws one line that names everything that is missing when nobody can be asked. Null: WeChat refuses, or it was ended. */
export async function collectAnswers(
  sources: Sources,
  verify: (answers: Pick<Answers, 'envId' | 'api'> & Credentials) => ReturnType<Verify>,
): Promise<Answers | null> {
  requireComplete(sources);
  const { flags, env, file, prompts } = sources;
  const envId =
    flags.env ??
    env['TCB_ENV_ID'] ??
    (await (prompts?.text(texts().askEnv, file['TCB_ENV_ID'], envRule) ?? file['TCB_ENV_ID'])) ??
    '';
  const expected = expectedMode(sources);
  const credentials = await askCredentials(sources, (given) => verify({ ...given, envId, api: expected }));
  if (credentials === null) return null;
  return { envId, ...credentials, api: await chooseMode(sources), ...(await chooseKeys(sources)) };
}

function requireComplete({ flags, env, file, prompts }: Sources): void {
  if (prompts !== null) return;
  const { missing, nobodyToAsk } = texts();
  const appid = flags.appid ?? env['WX_APPID'] ?? file['WX_APPID'];
  const absent = [
    ...((flags.env ?? env['TCB_ENV_ID'] ?? file['TCB_ENV_ID']) ? [] : [missing.env]),
    ...(appid ? [] : [missing.appid]),
    ...((flags.secret ?? env['WX_APPSECRET'] ?? keptSecret(file, appid)) ? [] : [missing.secret]),
  ];
  if (absent.length > 0) throw new Error(nobodyToAsk(absent));
}

/** Before it is asked for. What is neither of the two is refused with all the other problems, before WeChat is asked. */
function expectedMode({ flags, env, file, prompts }: Sources): TokenApi {
  const given = flags.mode ?? env['WX_TOKEN_API'];
  if (given !== undefined) return given as TokenApi;
  const kept = file['WX_TOKEN_API'] ?? 'token';
  return prompts === null || kept === 'stable' ? (kept as TokenApi) : 'token';
}

async function chooseMode(sources: Sources): Promise<TokenApi> {
  const { flags, env, prompts } = sources;
  const expected = expectedMode(sources);
  if ((flags.mode ?? env['WX_TOKEN_API']) !== undefined || prompts === null) return expected;
  return prompts.choose<TokenApi>(texts().askMode, texts().modes, expected);
}

async function chooseKeys({
  flags,
  env,
  file,
  prompts,
}: Sources): Promise<Pick<Answers, 'keys' | 'isKeyNew'>> {
  const present = env['TOKEN_ENCRYPTION_KEYS'] ?? file['TOKEN_ENCRYPTION_KEYS'] ?? null;
  const isAsked = flags.encryption === undefined && present === null && prompts !== null;
  const wish =
    flags.encryption ?? (isAsked && !(await prompts.confirm(texts().askEncryption, true)) ? 'off' : 'on');
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
  return ENV_ID.test(value) ? undefined : texts().envRule;
}

export const ENV_ID = /^[A-Za-z0-9_-]{1,64}$/;
