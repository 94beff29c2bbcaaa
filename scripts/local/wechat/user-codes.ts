/**
 * The codes that a mini program gets from `wx.login` and from the phone-number button. In the sandbox a code says
 * whose it is and when it was given, so that a stand-in for `wx`, or curl, can make one.
 */

import { refuse, type Refusal } from './errcodes.ts';

export type CodeKind = 'login' | 'phone';

/** Documented for both: single use, five minutes. …/server/API/user-login/api_code2session and …/api_getphonenumber */
const LIFE_MS = 5 * 60_000;

let made = 0;

export function createUserCode(kind: CodeKind, openid: string, nowMs: number): string {
  made += 1;
  return `${kind}.${openid}.${nowMs}.${made}`;
}

export interface CodeDesk {
  /** Whose code it is; every code counts once. */
  spend(kind: CodeKind, code: unknown, nowMs: number): { openid: string } | Refusal;
}

export function createCodeDesk(): CodeDesk {
  const spent = new Map<string, number>();
  return {
    spend(kind, code, nowMs) {
      const parts = typeof code === 'string' ? CODE.exec(code)?.groups : undefined;
      const { openid = '', madeAtMs } = parts ?? {};
      const ageMs = nowMs - Number(madeAtMs);
      if (typeof code !== 'string' || parts?.['kind'] !== kind || !(ageMs >= 0 && ageMs < LIFE_MS))
        return refuse(40029);
      if (spent.has(code)) return refuse(40163);
      for (const [old, atMs] of spent) if (nowMs - atMs >= LIFE_MS) spent.delete(old);
      spent.set(code, nowMs);
      return { openid };
    },
  };
}

const CODE = /^(?<kind>login|phone)\.(?<openid>[\w-]{1,64})\.(?<madeAtMs>\d{1,15})\.\w{1,32}$/;
