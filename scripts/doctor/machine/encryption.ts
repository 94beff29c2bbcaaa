/** Whether tokens are stored sealed, with keys that are here. */

import { callOf } from '../../command/call.ts';
import { pick } from '../../command/language.ts';
import type { AppReport } from '../../place/report.ts';
import type { Finding, Found } from '../finding.ts';
import type { LocalPlace } from '../local-place.ts';

export function checkEncryption(
  keys: readonly Buffer[],
  reports: readonly AppReport[],
  local?: Pick<LocalPlace, 'isWeChatReal'>,
): Finding {
  const appsStored = (storage: string): string =>
    reports
      .filter(({ token }) => token?.storage === storage)
      .map(({ appid }) => appid)
      .join(', ');
  const unreadable = appsStored('sealed with a key that is not here');
  const found =
    keys.length === 0
      ? withoutKeys(unreadable, local)
      : withKeys(keys.length, unreadable, appsStored('clear'));
  return { check: 'encryption', ...found };
}

function withoutKeys(unreadable: string, local?: Pick<LocalPlace, 'isWeChatReal'>): Found {
  if (unreadable === '' && local?.isWeChatReal === false)
    return {
      severity: 'skipped',
      finding: pick({
        en: 'off; the tokens of the sandbox open nothing',
        zh: '未开启；沙箱的 token 不能访问真实的微信，不必加密',
      }),
    };
  return {
    severity: 'hint',
    finding:
      unreadable === ''
        ? pick({ en: 'off: tokens are stored in clear', zh: '未开启：token 以明文存储' })
        : pick({
            en: `no key on this machine, though ${unreadable} is sealed`,
            zh: `本机没有密钥，而 ${unreadable} 是加密的`,
          }),
    why: pick({
      en: 'whoever can read the database, or a copy of it, can use the token',
      zh: '能读到数据库或其副本的人，就能使用 token',
    }),
    cure: pick(local ? LOCAL_KEY_CURE : KEY_CURE),
  };
}

const KEY_CURE = {
  en: `${callOf('setup', '--encryption on')}, then ${callOf('deploy')}`,
  zh: `请先执行 ${callOf('setup', '--encryption on')}，再执行 ${callOf('deploy')}`,
};

/** `npm run setup` makes one, but asks for an environment, too. */
const LOCAL_KEY_CURE = {
  en: `put TOKEN_ENCRYPTION_KEYS into .env.local (openssl rand -base64 32 makes a key), then ${callOf('start')} again`,
  zh: `请在 .env.local 里设置 TOKEN_ENCRYPTION_KEYS（用 openssl rand -base64 32 生成），再执行 ${callOf('start')}`,
};

function withKeys(count: number, unreadable: string, clear: string): Found {
  if (unreadable !== '') return otherKey(unreadable);
  if (clear !== '')
    return {
      severity: 'hint',
      finding: pick({
        en: `on, but the token of ${clear} is still in clear`,
        zh: `已开启，但 ${clear} 的 token 还是明文`,
      }),
      why: pick({ en: 'it is sealed at the next refresh', zh: '下一次刷新时加密' }),
      cure: callOf('refresh'),
    };
  return {
    severity: 'ok',
    finding: pick({ en: `on, ${count} ${count === 1 ? 'key' : 'keys'}`, zh: `已开启，${count} 把密钥` }),
  };
}

function otherKey(unreadable: string): Found {
  return {
    severity: 'problem',
    finding: pick({
      en: `the token of ${unreadable} is sealed with a key that TOKEN_ENCRYPTION_KEYS does not hold`,
      zh: `加密 ${unreadable} 的 token 的密钥不在 TOKEN_ENCRYPTION_KEYS 中`,
    }),
    why: pick({
      en: 'functions with these keys can’t read it, and fetch a new one before its time',
      zh: '使用这些密钥的云函数读不了它，会提前获取新的',
    }),
    cure: pick({
      en: `put the old key back behind the new one and ${callOf('deploy')}, or ${callOf('refresh')}`,
      zh: `请把旧密钥加回到新密钥之后，再执行 ${callOf('deploy')}；或者执行 ${callOf('refresh')}`,
    }),
  };
}
