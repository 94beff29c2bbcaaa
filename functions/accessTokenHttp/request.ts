/** Reads a request as WeChat's two token endpoints do: the same checks, in the same order, with the same codes. */

import { parseJson } from '../_shared/json.ts';
import { asRecord } from './http.ts';
import type { HttpRequest } from './http.ts';
import type { Errcode } from './refusal.ts';

/** `key` is where WeChat has the AppSecret. */
export interface TokenRequest {
  appid: string;
  key: string;
  /** `force_refresh: true`: a report that the token is refused, and no more than that. */
  isReport: boolean;
}

export type Endpoint = 'token' | 'stable_token';

/** Null for any other path. What comes before /cgi-bin depends on the HTTP access path that leads here. */
export function endpointOf({ path }: HttpRequest): Endpoint | null {
  const [, name] = /(?:^|\/)cgi-bin\/(token|stable_token)\/?$/.exec(path) ?? [];
  return name === 'token' || name === 'stable_token' ? name : null;
}

/** WeChat takes the parameters of one from the query string alone, and those of the other from the JSON body alone. */
export function readTokenRequest(http: HttpRequest, endpoint: Endpoint): TokenRequest | Errcode {
  if (endpoint === 'stable_token' && http.method !== 'POST') return 43002;
  const fields = endpoint === 'token' ? http.query : asRecord(parseJson(http.body));
  const [appid, key] = [text(fields['appid']), text(fields['secret'])];
  if (appid === '') return 41002;
  if (key === '') return 41004;
  if (fields['grant_type'] !== 'client_credential') return 40002;
  return { appid, key, isReport: endpoint === 'stable_token' && fields['force_refresh'] === true };
}

/** A tick takes the key as stable_token does, in the body: addresses are logged on the way. */
export function isTick({ path }: HttpRequest): boolean {
  return /(?:^|\/)tick\/?$/.test(path);
}

export function readTickRequest(http: HttpRequest): { key: string } | Errcode {
  if (http.method !== 'POST') return 43002;
  const key = text(asRecord(parseJson(http.body))['secret']);
  return key === '' ? 41004 : { key };
}

/** Longer than any AppID and any key. */
const LONGEST = 128;

function text(value: unknown): string {
  return typeof value === 'string' ? value.slice(0, LONGEST + 1) : '';
}
