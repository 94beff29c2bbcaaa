/** The manners of every call of `wx.cloud`: a promise or callbacks, `errMsg`, and `errCode` where it fails. */

export interface Callbacks {
  success?(result: object): void;
  fail?(error: WxError): void;
  complete?(result: object): void;
}

export class WxError extends Error {
  override name = 'WxError';
  errCode: number;
  errMsg: string;

  constructor(errMsg: string, errCode = -1) {
    super(errMsg);
    this.errMsg = errMsg;
    this.errCode = errCode;
  }
}

/** `name` as WeChat has it in `errMsg`: `cloud.uploadFile:ok`. */
export function api<Options extends object, Result extends object>(
  name: string,
  work: (options: Options) => Promise<Result>,
) {
  return async (options: Options & Callbacks): Promise<Result & { errMsg: string }> => {
    const { success, fail, complete } = options;
    try {
      const result = { ...(await work(options)), errMsg: `${name}:ok` };
      success?.(result);
      complete?.(result);
      return result;
    } catch (cause) {
      const error = toWxError(name, cause);
      fail?.(error);
      complete?.(error);
      // With callbacks WeChat gives no promise: nobody waits for this one.
      if (success || fail || complete) return { errMsg: error.errMsg } as Result & { errMsg: string };
      throw error;
    }
  };
}

/** Numbers of https://developers.weixin.qq.com/miniprogram/dev/wxcloudservice/wxcloud/guide/error/code.html (read 2026-11-28). */
const CODES: Record<string, number> = {
  DATABASE_PERMISSION_DENIED: -502003,
  DATABASE_COLLECTION_NOT_EXIST: -502005,
  INVALID_PARAM: -501007,
  STORAGE_FILE_NONEXIST: -503003,
};

function toWxError(name: string, cause: unknown): WxError {
  const { code, message } = Object(cause) as { code?: string; message?: string };
  const number = (code !== undefined && CODES[code]) || -1;
  return new WxError(`${name}:fail ${number} ${message ?? String(cause)}`, number);
}

/** What the embedded cloud refuses comes as an answer with a code. */
export function orThrow<T extends object>(answer: T): T {
  const { code, message } = answer as { code?: string; message?: string };
  if (code === undefined || code === '' || code === 'SUCCESS') return answer;
  throw Object.assign(new Error(message ?? code), { code });
}
