/** One line for every failure of the platform: what happened, and what to do now. */

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
    super(`${what}: ${cure}`);
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
  return new PlatformError(`${what} was answered in a form that is not known here`, {
    code: 'UNREADABLE_ANSWER',
    cure: 'run the command again; if it stays, the platform has changed: look for a newer version of this project',
  });
}

/** The first family that fits; https://cloud.tencent.com/document/product/1778/111040 lists the common ones (read 2026-11-22). */
const CURES: readonly (readonly [family: string, cure: string])[] = [
  ['AuthFailure.SignatureExpire', "this machine's clock is wrong: set it and run the command again"],
  ['AuthFailure.UnauthorizedOperation', 'give these credentials the policy QcloudTCBFullAccess in CAM'],
  [
    'AuthFailure',
    'check TENCENTCLOUD_SECRETID and TENCENTCLOUD_SECRETKEY (https://console.cloud.tencent.com/cam/capi), or run npx tcb login',
  ],
  ['UnauthorizedOperation', 'give these credentials the policy QcloudTCBFullAccess in CAM'],
  ['RequestLimitExceeded', 'too many calls at once: run the command again in a minute'],
  ['LimitExceeded', 'a limit of the environment is reached: raise it or free something in the console'],
  ['ResourceInsufficient', 'the environment is out of resources: see its package in the console'],
  ['ResourceUnavailable', 'the environment is not usable just now: see its state in the console'],
  ['InternalError', 'a failure on the platform: run the command again'],
];

const NETWORK_CURE =
  "Tencent Cloud can't be reached from here: check the network, and https_proxy if you need one, and run the command again";

/** Node's own codes for a request that brought no answer. */
const NETWORK_CODES = /^(E[A-Z]+|UND_ERR_\w+|CERT_\w+|\w*CERT\w*|DEPTH_\w+)$/;

export function cureOf(code: string): string {
  if (NETWORK_CODES.test(code)) return NETWORK_CURE;
  const known = CURES.find(([family]) => code === family || code.startsWith(`${family}.`));
  return known?.[1] ?? 'run the command again; if it stays, ask Tencent with the request id';
}
