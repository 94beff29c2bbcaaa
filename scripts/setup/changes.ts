/** What setup changes in the file, and whether the functions can use what results. */

import { readConfig } from '../../functions/_shared/runtime/config.ts';
import { ENV_ID, type Answers } from './answers.ts';
import { APPID, secretRule } from './credentials.ts';
import type { Changes } from './env-text.ts';
import type { Flags } from './sources.ts';
import { texts } from './texts.ts';

/** The list wins over the single app, so what is written here would have no effect. */
export function requireOneApp({ WX_APPS }: Partial<Record<string, string>>): void {
  if (WX_APPS === undefined) return;
  throw new Error(texts().manyApps);
}

export function changesFor(
  { envId, appid, secret, api, keys }: Omit<Answers, 'isKeyNew'>,
  present: Record<string, string>,
  { tickets }: Flags,
): Changes {
  const encryption =
    keys === null && present['TOKEN_ENCRYPTION_KEYS'] === undefined ? {} : { TOKEN_ENCRYPTION_KEYS: keys };
  const app = { TCB_ENV_ID: envId, WX_APPID: appid, WX_APPSECRET: secret, WX_TOKEN_API: api };
  return { ...app, ...encryption, ...ticketsFor(tickets, present) };
}

/** Never asked for: a mini program has none. */
function ticketsFor(tickets: Flags['tickets'], present: Record<string, string>): Changes {
  if (tickets !== 'none') return tickets === undefined ? {} : { WX_TICKETS: tickets };
  return present['WX_TICKETS'] === undefined ? {} : { WX_TICKETS: null };
}

/** The functions' own rules, applied before anything is written; returns where WeChat is to be asked. */
export function requireUsable(
  present: Record<string, string>,
  changes: Changes,
  { baseUrl, isChecked }: { baseUrl?: string | undefined; isChecked: boolean },
): readonly string[] {
  const problems: string[] = [];
  if (!ENV_ID.test(changes['TCB_ENV_ID'] ?? '')) problems.push(texts().envProblem);
  if (!APPID.test(changes['WX_APPID'] ?? '')) problems.push(`WX_APPID: ${texts().appidRule}`);
  const badSecret = isChecked ? secretRule(changes['WX_APPSECRET'] ?? '') : undefined;
  if (badSecret !== undefined) problems.push(texts().notSent(badSecret));
  const merged = { ...present, ...changes, ...(baseUrl === undefined ? {} : { WX_API_BASE_URLS: baseUrl }) };
  const config = readConfig(
    Object.fromEntries(Object.entries(merged).map(([name, value]) => [name, value ?? undefined])),
  );
  if (!config.ok) problems.push(...config.problems);
  if (problems.length > 0 || !config.ok) throw new Error(texts().refused(problems));
  return config.config.baseUrls;
}
