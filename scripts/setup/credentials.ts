/** AppID and AppSecret: each is asked for by itself, and the one that WeChat refuses is asked for again. */

import type { Sources } from './sources.ts';
import { texts } from './texts.ts';

export interface Credentials {
  appid: string;
  secret: string;
}

/** Null: go on with them. 'appid' or 'secret': that one is wrong. 'end': go no further. */
export type Verify = (credentials: Credentials) => Promise<keyof Credentials | 'end' | null>;

/** Null: they are refused, and what is wrong was not asked for here. */
export async function askCredentials(sources: Sources, verify: Verify): Promise<Credentials | null> {
  const { flags, env, file, prompts } = sources;
  const given = {
    appid: flags.appid ?? env['WX_APPID'],
    secret: flags.secret ?? env['WX_APPSECRET'],
  };
  const kept = keptSecret(file, given.appid ?? file['WX_APPID']);
  if (prompts === null) {
    const { appid = file['WX_APPID'] ?? '', secret = kept ?? '' } = given;
    return (await verify({ appid, secret })) === null ? { appid, secret } : null;
  }
  const ask = {
    appid: (initial = file['WX_APPID']) => prompts.text(texts().askAppid, initial, appidRule),
    secret: async (keep?: string) => {
      const question = texts().askSecret(keep === undefined ? '' : texts().keepSecret);
      return (await prompts.secret(question, keep !== undefined, sources.secretRule)) || (keep ?? '');
    },
  };
  const appid = given.appid ?? (await ask.appid());
  const found = { appid, secret: given.secret ?? (await ask.secret(keptSecret(file, appid))) };
  for (;;) {
    const wrong = await verify(found);
    if (wrong === null) return found;
    if (wrong === 'end' || given[wrong] !== undefined) return null;
    if (wrong === 'appid') found.appid = await ask.appid(found.appid);
    else found.secret = await ask.secret();
  }
}

/** The secret that the file holds belongs to the AppID that it holds. */
export function keptSecret(file: Sources['file'], appid: string | undefined): string | undefined {
  return appid === file['WX_APPID'] ? file['WX_APPSECRET'] : undefined;
}

function appidRule(value: string): string | undefined {
  return APPID.test(value) ? undefined : texts().appidRule;
}

/** Generous: it only keeps out what can't be one. */
export const APPID = /^[A-Za-z0-9_-]{6,64}$/;

/** As WeChat issues them. What was cut off in copying would only count as a wrong one there. */
export function secretRule(value: string): string | undefined {
  return /^[0-9a-f]{32}$/i.test(value) ? undefined : texts().secretRule(value.length);
}
