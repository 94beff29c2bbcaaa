/** The variables of the embedded cloud's functions: cloudbaserc.json's placeholders, filled as the `tcb` CLI fills them. */

import type { FunctionDeclaration } from '../build/declarations.ts';
import type { AppOptions } from './wechat/account.ts';

export type Variables = Record<string, string | undefined>;

/** The variables that are there: an absent one must not hide one that it is laid over. */
export function definedOnly(variables: Readonly<Variables>): Record<string, string> {
  const entries = Object.entries(variables).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as Record<string, string>;
}

/** An empty variable is an unset one. */
export function nonEmpty(variables: Readonly<Variables>): Record<string, string> {
  const entries = Object.entries(variables).filter(([, value]) => value !== undefined && value.trim() !== '');
  return Object.fromEntries(entries) as Record<string, string>;
}

/** A placeholder without a value becomes an empty string, as in a deployment: the functions count it as unset. */
export function fillPlaceholders(
  declaration: FunctionDeclaration,
  variables: Variables,
): Record<string, string> {
  const filled = Object.entries(declaration.envVariables).map(([name, text]) => [
    name,
    text.replace(/\{\{\s*env\.(\w+)\s*\}\}/g, (_, key: string) => variables[key] ?? ''),
  ]);
  return Object.fromEntries(filled) as Record<string, string>;
}

/** The apps that these variables configure; none when a real WeChat is not asked for. */
export function appsIn(variables: Variables): { appid: string; secret: string }[] {
  const {
    WX_APPS: list,
    WX_APPID: appid,
    WX_APPSECRET: secret,
  } = variables as Record<string, string | undefined>;
  if (list) return parseApps(list);
  return appid && secret ? [{ appid, secret }] : [];
}

/**
 * The same apps for the sandbox: those that WX_TICKETS names are official accounts there, as nothing else has tickets.
 */
export function sandboxAppsIn(variables: Variables): AppOptions[] {
  const tickets = variables['WX_TICKETS'] ?? '';
  const named = new Set(tickets.split(',').map((part) => part.split('=')[0]?.trim()));
  return appsIn(variables).map(({ appid, secret }) => {
    const isOfficial = tickets.includes('=') ? named.has(appid) : tickets.trim() !== '';
    return { appid, secret, kind: isOfficial ? 'official' : 'mini' };
  });
}

/** What is malformed here is reported by the functions themselves, with all the rest. */
function parseApps(list: string): { appid: string; secret: string }[] {
  try {
    const apps: unknown = JSON.parse(list);
    return Array.isArray(apps) ? (apps as { appid: string; secret: string }[]) : [];
  } catch {
    return [];
  }
}
