/** What `wx.login` leaves behind at WeChat: a user's session_key and the keys to encrypt with, a bounded number of each. */

import { createHash, createHmac } from 'node:crypto';

export interface Session {
  openid: string;
  session_key: string;
}

interface EncryptKey {
  encrypt_key: string;
  version: number;
  /** Seconds; 0 for one that is over. */
  expire_in: number;
  iv: string;
  create_time: number;
}

export interface SessionDesk {
  /** A new one ends the one before. */
  open(appid: string, openid: string, sessionKey: string): void;
  /** Has this user a session, and is this the signature of '' by its key? */
  judge(appid: string, openid: string, signature: string): 'right' | 'wrong' | 'no session';
  /** Undefined where there is no session. */
  reset(appid: string, openid: string): Session | undefined;
  /** The user's last three; a new one where none is good any more. */
  encryptKeys(appid: string, openid: string, nowMs: number): EncryptKey[];
}

/** Documented: a key lives for 3600 s, and the last three are told. …/server/API/user-info/internet/api_getuserencryptkey */
const KEY_LIFE_MS = 3_600_000;
const KEYS_TOLD = 3;
const MOST_SESSIONS = 1_000;

interface Kept {
  sessionKey: string;
  /** When each encrypt key was made; its version is its place. */
  keysMadeAtMs: number[];
}

export function createSessionDesk(): SessionDesk {
  const kept = new Map<string, Kept>();
  const idOf = (appid: string, openid: string): string => `${appid} ${openid}`;
  return {
    open(appid, openid, sessionKey) {
      const id = idOf(appid, openid);
      const keysMadeAtMs = kept.get(id)?.keysMadeAtMs ?? [];
      kept.delete(id);
      kept.set(id, { sessionKey, keysMadeAtMs });
      for (const oldest of kept.keys()) if (kept.size > MOST_SESSIONS) kept.delete(oldest);
    },
    judge(appid, openid, signature) {
      const session = kept.get(idOf(appid, openid));
      if (session === undefined) return 'no session';
      return createHmac('sha256', session.sessionKey).update('').digest('hex') === signature
        ? 'right'
        : 'wrong';
    },
    reset(appid, openid) {
      const session = kept.get(idOf(appid, openid));
      if (session === undefined) return undefined;
      session.sessionKey = bytesOf(`reset ${session.sessionKey}`).toString('base64');
      return { openid, session_key: session.sessionKey };
    },
    encryptKeys(appid, openid, nowMs) {
      const madeAtMs = kept.get(idOf(appid, openid))?.keysMadeAtMs ?? [];
      if (nowMs - (madeAtMs.at(-1) ?? -Infinity) >= KEY_LIFE_MS) madeAtMs.push(nowMs);
      const keys = madeAtMs.map((atMs, index) =>
        keyOf(`${appid} ${openid} ${index}`, index + 1, atMs, nowMs),
      );
      return keys.slice(-KEYS_TOLD).toReversed();
    },
  };
}

function keyOf(seed: string, version: number, madeAtMs: number, nowMs: number): EncryptKey {
  return {
    encrypt_key: bytesOf(`key ${seed}`).toString('base64'),
    version,
    expire_in: Math.max(0, Math.floor((madeAtMs + KEY_LIFE_MS - nowMs) / 1_000)),
    iv: bytesOf(`iv ${seed}`).toString('hex').slice(0, 16),
    create_time: Math.floor(madeAtMs / 1_000),
  };
}

/** 16 bytes, as WeChat's; without randomness, so that a simulation repeats itself. */
export function bytesOf(text: string): Buffer {
  return createHash('sha256').update(text).digest().subarray(0, 16);
}
