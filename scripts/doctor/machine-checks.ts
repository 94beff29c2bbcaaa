/** What is on this machine: the settings, the file that holds the secrets, the clock, the keys. */

import { existsSync, statSync } from 'node:fs';
import { said } from '../command/said.ts';
import { phrases, pick } from '../command/language.ts';
import { callOf } from '../command/call.ts';
import { whyTracked } from '../setup/env-file.ts';
import type { AppReport } from '../place/report.ts';
import type { Settings } from '../place/settings.ts';
import { asWord, duration } from '../command/words.ts';
import { ok, skipped, type Finding } from './finding.ts';
import type { LocalPlace } from './local-place.ts';

export function checkSettings({ problems, apps }: Settings): Finding {
  const check = 'settings';
  if (problems.length === 0)
    return ok(
      check,
      pick({
        en: `complete, for ${apps.map(({ appid }) => appid).join(', ')}`,
        zh: `完整，应用：${apps.map(({ appid }) => appid).join('、')}`,
      }),
    );
  return {
    check,
    severity: 'hint',
    finding: pick({
      en: `incomplete on this machine: ${phrases(problems.map(said))}`,
      zh: `本机的配置不完整：${phrases(problems.map(said))}`,
    }),
    why: pick({
      en: `enough to look; ${callOf('deploy')} from here would refuse, and limits are shown with their defaults`,
      zh: `只查看已经够用；但在这里执行 ${callOf('deploy')} 会被拒绝，上限按默认值显示`,
    }),
    cure: callOf('setup'),
  };
}

export function checkSecretsFile(file: string): Finding {
  const check = 'secrets file';
  if (!existsSync(file))
    return skipped(
      check,
      pick({
        en: 'there is none: all settings come from the environment',
        zh: '没有这个文件：配置都来自环境变量',
      }),
    );
  const tracked = whyTracked(file);
  const why = pick({
    en: 'it holds the AppSecret, with which anybody can act as this app',
    zh: '里面有 AppSecret，拿到它的人可以冒充这个应用',
  });
  if (tracked !== null)
    return {
      check,
      severity: 'problem',
      finding: tracked,
      why,
      cure: pick({
        en: 'the line above says it; then reset the AppSecret',
        zh: '按上面的提示处理；然后重置 AppSecret',
      }),
    };
  // Windows has no such bits.
  const others = process.platform === 'win32' ? 0 : statSync(file).mode & 0o077;
  if (others === 0)
    return ok(check, pick({ en: 'readable by you only, ignored by git', zh: '只有你能读，git 不会跟踪' }));
  return {
    check,
    severity: 'problem',
    finding: pick({ en: `others on this machine can read ${file}`, zh: `本机的其他用户能读 ${file}` }),
    why,
    cure: `chmod 600 ${asWord(file)}`,
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
    return {
      check,
      severity: 'hint',
      finding: pick({
        en: "no server's time could be read to compare with",
        zh: '没有读到任何服务器的时间，无法比较',
      }),
    };
  const offMs = Math.abs(nowMs - serverAtMs);
  const side = nowMs > serverAtMs ? 'ahead' : 'behind';
  if (offMs <= HINT_MS) return ok(check, pick({ en: 'right to within seconds', zh: '误差在几秒以内' }));
  return {
    check,
    severity: offMs > PROBLEM_MS ? 'problem' : 'hint',
    finding: pick({
      en: `this machine is ${duration(offMs)} ${side}`,
      zh: `本机${nowMs > serverAtMs ? '快' : '慢'} ${duration(offMs)}`,
    }),
    why: pick({
      en: 'what is shown here as time left is wrong by that much, and far off Tencent Cloud refuses every call',
      zh: '这里显示的剩余时间也差这么多；差得太多时，腾讯云会拒绝所有调用',
    }),
    cure: pick({ en: 'set the clock of this machine (NTP)', zh: '请校准本机时钟（NTP）' }),
  };
}

/** `npm run setup` makes one, but asks for an environment, too. */
const LOCAL_KEY_CURE = {
  en: `put TOKEN_ENCRYPTION_KEYS into .env.local (openssl rand -base64 32 makes a key), then ${callOf('start')} again`,
  zh: `请在 .env.local 里设置 TOKEN_ENCRYPTION_KEYS（用 openssl rand -base64 32 生成），再执行 ${callOf('start')}`,
};

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
    return skipped(
      check,
      pick({
        en: 'off; the tokens of the sandbox open nothing',
        zh: '未开启；沙箱的 token 不能访问真实的微信，不必加密',
      }),
    );
  if (keys.length === 0)
    return {
      check,
      severity: 'hint',
      finding: strange
        ? pick({
            en: `no key on this machine, though ${strange} is sealed`,
            zh: `本机没有密钥，而 ${strange} 是加密的`,
          })
        : pick({ en: 'off: tokens are stored in clear', zh: '未开启：token 以明文存储' }),
      why: pick({
        en: 'whoever can read the database, or a copy of it, can use the token',
        zh: '能读到数据库或其副本的人，就能使用 token',
      }),
      cure: pick(
        local
          ? LOCAL_KEY_CURE
          : {
              en: `${callOf('setup', '--encryption on')}, then ${callOf('deploy')}`,
              zh: `请先执行 ${callOf('setup', '--encryption on')}，再执行 ${callOf('deploy')}`,
            },
      ),
    };
  if (strange !== '')
    return {
      check,
      severity: 'problem',
      finding: pick({
        en: `the token of ${strange} is sealed with a key that TOKEN_ENCRYPTION_KEYS does not hold`,
        zh: `加密 ${strange} 的 token 的密钥不在 TOKEN_ENCRYPTION_KEYS 中`,
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
  if (clear !== '')
    return {
      check,
      severity: 'hint',
      finding: pick({
        en: `on, but the token of ${clear} is still in clear`,
        zh: `已开启，但 ${clear} 的 token 还是明文`,
      }),
      why: pick({ en: 'it is sealed at the next refresh', zh: '下一次刷新时加密' }),
      cure: callOf('refresh'),
    };
  return ok(
    check,
    pick({
      en: `on, ${keys.length} ${keys.length === 1 ? 'key' : 'keys'}`,
      zh: `已开启，${keys.length} 把密钥`,
    }),
  );
}
