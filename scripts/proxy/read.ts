/** The proxy that leads out of a developer's machine, checked before anything uses it: Node would print it whole. */

import { pick } from '../command/language.ts';

type Variables = Readonly<Record<string, string | undefined>>;

/** The order of the CLI, so that both halves of a deployment take the same way out. */
const NAMES = ['http_proxy', 'HTTP_PROXY', 'https_proxy', 'HTTPS_PROXY'];

/** The way out of this machine. */
export interface Proxy {
  url: string;
  /** `no_proxy`: hosts that are reached without it. */
  exceptions: string;
}

/** Undefined: none. Throws one line that names the variable; its value may hold a password. */
export function readProxy(env: Variables): Proxy | undefined {
  const name = NAMES.find((one) => env[one]);
  const value = name === undefined ? undefined : env[name];
  if (value === undefined) return undefined;
  const url = parsed(value.includes('://') ? value : `http://${value}`);
  if (url !== null && /^https?:$/.test(url.protocol) && url.hostname !== '')
    return { url: url.href.replace(/\/$/, ''), exceptions: env['no_proxy'] || env['NO_PROXY'] || '' };
  throw new Error(
    pick({
      en: `${name} is not the address of a proxy: write it as http://host:port, with user:password@ in front of the host where it needs them, percent-encoded`,
      zh: `${name} 不是代理地址：请写成 http://host:port，需要时在 host 前加 user:password@（按百分号编码）`,
    }),
  );
}

/** What a text may quote of it and must not: as it stands there, and as it is meant. */
export function secretsOfProxy(proxy: Proxy | undefined): string[] {
  if (proxy === undefined) return [];
  const { username, password } = new URL(proxy.url);
  return [password, decoded(password), `${username}:${password}`].filter((text) => text.length > 1);
}

function parsed(text: string): URL | null {
  try {
    return new URL(text);
  } catch {
    return null;
  }
}

export function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
