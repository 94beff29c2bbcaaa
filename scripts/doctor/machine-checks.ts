/** What is on this machine: the settings, the file that holds the secrets, the clock, the keys. */

import { existsSync, statSync } from 'node:fs';
import { callOf } from '../command/call.ts';
import { whyTracked } from '../setup/env-file.ts';
import type { AppReport } from '../place/report.ts';
import type { Settings } from '../place/settings.ts';
import { duration } from '../command/words.ts';
import { ok, skipped, type Finding } from './finding.ts';
import type { LocalPlace } from './local-place.ts';

export function checkSettings({ problems, apps }: Settings): Finding {
  const check = 'settings';
  if (problems.length === 0) return ok(check, `complete, for ${apps.map(({ appid }) => appid).join(', ')}`);
  return {
    check,
    severity: 'hint',
    finding: `incomplete on this machine: ${problems.join('; ')}`,
    why: `enough to look; ${callOf('deploy')} from here would refuse, and limits are shown with their defaults`,
    cure: callOf('setup'),
  };
}

export function checkSecretsFile(file: string): Finding {
  const check = 'secrets file';
  if (!existsSync(file)) return skipped(check, 'there is none: all settings come from the environment');
  const tracked = whyTracked(file);
  const why = 'it holds the AppSecret, with which anybody can act as this app';
  if (tracked !== null)
    return {
      check,
      severity: 'problem',
      finding: tracked,
      why,
      cure: 'the line above says it; then reset the AppSecret',
    };
  // Windows has no such bits.
  const others = process.platform === 'win32' ? 0 : statSync(file).mode & 0o077;
  if (others === 0) return ok(check, 'readable by you only, ignored by git');
  return {
    check,
    severity: 'problem',
    finding: `others on this machine can read ${file}`,
    why,
    cure: `chmod 600 ${file}`,
  };
}

/** The platform refuses signatures that are 5 minutes off, and a manual refresh counts for 15. */
const PROBLEM_MS = 60_000;
/** HTTP tells whole seconds, and the answer has been under way. */
const HINT_MS = 5_000;

/** `serverAtMs`: null where nobody told the time. */
export function checkClock(serverAtMs: number | null, nowMs: number): Finding {
  const check = 'clock';
  if (serverAtMs === null)
    return { check, severity: 'hint', finding: "no server's time could be read to compare with" };
  const offMs = Math.abs(nowMs - serverAtMs);
  const side = nowMs > serverAtMs ? 'ahead' : 'behind';
  if (offMs <= HINT_MS) return ok(check, 'right to within seconds');
  return {
    check,
    severity: offMs > PROBLEM_MS ? 'problem' : 'hint',
    finding: `this machine is ${duration(offMs)} ${side}`,
    why: 'what is shown here as time left is wrong by that much, and far off Tencent Cloud refuses every call',
    cure: 'set the clock of this machine (NTP)',
  };
}

/** `npm run setup` makes one, but asks for an environment, too. */
const LOCAL_KEY_CURE = `put TOKEN_ENCRYPTION_KEYS into .env.local (openssl rand -base64 32 makes a key), then ${callOf('start')} again`;

export function checkEncryption(
  keys: readonly Buffer[],
  reports: readonly AppReport[],
  local?: Pick<LocalPlace, 'isWeChatReal'>,
): Finding {
  const check = 'encryption';
  const stored = (storage: string): string =>
    reports
      .filter(({ token }) => token?.storage === storage)
      .map(({ appid }) => appid)
      .join(', ');
  const strange = stored('sealed with a key that is not here');
  const clear = stored('clear');
  if (keys.length === 0 && strange === '' && local?.isWeChatReal === false)
    return skipped(check, 'off; the tokens of the sandbox open nothing');
  if (keys.length === 0)
    return {
      check,
      severity: 'hint',
      finding: strange
        ? `no key on this machine, though ${strange} is sealed`
        : 'off: tokens are stored in clear',
      why: 'whoever can read the database, or a copy of it, can use the token',
      cure: local ? LOCAL_KEY_CURE : `${callOf('setup', '--encryption on')}, then ${callOf('deploy')}`,
    };
  if (strange !== '')
    return {
      check,
      severity: 'problem',
      finding: `the token of ${strange} is sealed with a key that TOKEN_ENCRYPTION_KEYS does not hold`,
      why: 'functions with these keys can’t read it, and fetch a new one before its time',
      cure: `put the old key back behind the new one and ${callOf('deploy')}, or ${callOf('refresh')}`,
    };
  if (clear !== '')
    return {
      check,
      severity: 'hint',
      finding: `on, but the token of ${clear} is still in clear`,
      why: 'it is sealed at the next refresh',
      cure: callOf('refresh'),
    };
  return ok(check, `on, ${keys.length} ${keys.length === 1 ? 'key' : 'keys'}`);
}
