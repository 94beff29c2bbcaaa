/** One line for every failure of the platform: what happened, and what to do now. */

import { pick, type Text } from '../command/language.ts';

interface Details {
  /** Tencent's code (`AuthFailure.SecretIdNotFound`), Node's (`ECONNREFUSED`), or one of this project. */
  code: string;
  /** What to do now; part of the message too. */
  cure: string;
  requestId?: string | undefined;
}

export class PlatformError extends Error {
  override readonly name = 'PlatformError';
  readonly code: string;
  readonly cure: string;
  readonly requestId: string | undefined;

  constructor(what: string, { code, cure, requestId }: Details) {
    super(`${what}${pick({ en: ': ', zh: '。' })}${cure}`);
    this.code = code;
    this.cure = cure;
    this.requestId = requestId;
  }
}

/** Tencent's codes are dotted: `ResourceNotFound.Function` is a `ResourceNotFound`. */
export function hasCode(error: unknown, family: string): boolean {
  return error instanceof PlatformError && (error.code === family || error.code.startsWith(`${family}.`));
}

/** Of that family only these two: a namespace that is missing, or an alias, is no missing function. */
export function isMissingFunction(error: unknown): boolean {
  return ['ResourceNotFound.Function', 'ResourceNotFound.FunctionName'].some((code) => hasCode(error, code));
}

/** An answer that is not of the shape that the platform documents is no answer at all. */
export function unreadable(what: string): PlatformError {
  return new PlatformError(
    pick({ en: `${what} was answered in a form that is not known here`, zh: `${what} 的应答格式无法识别` }),
    {
      code: 'UNREADABLE_ANSWER',
      cure: pick({
        en: 'run the command again; if it stays, the platform has changed: look for a newer version of this project',
        zh: '请重新执行；如果仍然如此，说明平台有变化，请查找本项目的新版本',
      }),
    },
  );
}

const POLICY = {
  en: 'give these credentials the policy QcloudTCBFullAccess in CAM',
  zh: '请在访问管理（CAM）中为当前凭证所属的用户授予 QcloudTCBFullAccess 策略',
};

/** The first family that fits; https://cloud.tencent.com/document/product/1778/111040 lists the common ones (read 2026-11-22). */
const CURES: readonly (readonly [family: string, cure: Text])[] = [
  [
    'AuthFailure.SignatureExpire',
    {
      en: "this machine's clock is wrong: set it and run the command again",
      zh: '本机时钟不准：请校准后重新执行',
    },
  ],
  ['AuthFailure.UnauthorizedOperation', POLICY],
  [
    'AuthFailure',
    {
      en: 'check TENCENTCLOUD_SECRETID and TENCENTCLOUD_SECRETKEY (https://console.cloud.tencent.com/cam/capi), or run npx tcb login',
      zh: '请检查 TENCENTCLOUD_SECRETID 和 TENCENTCLOUD_SECRETKEY（https://console.cloud.tencent.com/cam/capi），或者执行 npx tcb login',
    },
  ],
  ['UnauthorizedOperation', POLICY],
  [
    'RequestLimitExceeded',
    {
      en: 'too many calls at once: run the command again in a minute',
      zh: '调用过于频繁：请一分钟后重新执行',
    },
  ],
  [
    'LimitExceeded',
    {
      en: 'a limit of the environment is reached: raise it or free something in the console',
      zh: '已达到环境的上限：请在控制台提高上限，或删除不用的资源',
    },
  ],
  [
    'ResourceInsufficient',
    {
      en: 'the environment is out of resources: see its package in the console',
      zh: '环境的资源已用完：请在控制台查看套餐',
    },
  ],
  [
    'ResourceUnavailable',
    {
      en: 'the environment is not usable just now: see its state in the console',
      zh: '环境暂时不可用：请在控制台查看状态',
    },
  ],
  [
    'InternalError',
    { en: 'a failure on the platform: run the command again', zh: '平台内部出错：请重新执行' },
  ],
];

const NETWORK_CURE = {
  en: "Tencent Cloud can't be reached from here: check the network, and https_proxy if you need one, and run the command again",
  zh: '本机连不上腾讯云：请检查网络（需要代理时设置 https_proxy）后重新执行',
};
const ANY_CURE = {
  en: 'run the command again; if it stays, ask Tencent with the request id',
  zh: '请重新执行；如果仍然如此，请凭 RequestId 联系腾讯云',
};

/** Node's own codes for a request that brought no answer. */
const NETWORK_CODES = /^(E[A-Z]+|UND_ERR_\w+|CERT_\w+|\w*CERT\w*|DEPTH_\w+)$/;

export function cureOf(code: string): string {
  if (NETWORK_CODES.test(code)) return pick(NETWORK_CURE);
  const known = CURES.find(([family]) => code === family || code.startsWith(`${family}.`));
  return pick(known?.[1] ?? ANY_CURE);
}
