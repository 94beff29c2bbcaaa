/** WeChat's error codes and the texts it sends with them, without the trailing `rid`, which the HTTP shell adds. */

export interface Refusal {
  errcode: number;
  errmsg: string;
}

/** The refusal for a code, with WeChat's text unless another is given. */
export function refuse(errcode: number, errmsg = ERRMSG[errcode] ?? 'refused by the sandbox'): Refusal {
  return { errcode, errmsg };
}

export function notForMiniPrograms(path: string): Refusal {
  return refuse(
    48001,
    `api unauthorized hint: [the sandbox plays a mini program, which may not call ${path}]`,
  );
}

/** The text of 40001 before October 2023, still seen now and then. */
export const SHORT_INVALID_CREDENTIAL = 'invalid credential, access_token is invalid or not latest';

// Texts from published answers and from
// https://developers.weixin.qq.com/doc/oplatform/Return_codes/Return_code_descriptions_new.html (read 2026-11-22).
// 40243, 50007 and the 895xx texts were never seen in an answer: these are this sandbox's own.
const ERRMSG: Readonly<Record<number, string>> = {
  [-1]: 'system error',
  // In answers since October 2023.
  40001:
    'invalid credential, access_token is invalid or not latest, could get access_token by getStableAccessToken, more details at https://mmbizurl.cn/s/JtxxFh33r',
  40002: 'invalid grant_type',
  40003: 'invalid openid',
  40004: 'invalid media type',
  40007: 'invalid media_id',
  40008: 'invalid message type',
  40013: 'invalid appid',
  40014: 'invalid access_token',
  40029: 'invalid code',
  40035: 'invalid parameter',
  40037: 'invalid template_id',
  40048: 'invalid url domain',
  40066: 'invalid url',
  40097: 'invalid args',
  40125: 'invalid appsecret',
  40129: 'invalid scene',
  40163: 'code been used',
  40243: 'appsecret is frozen',
  41001: 'access_token missing',
  41002: 'appid missing',
  41004: 'appsecret missing',
  41005: 'media data missing',
  41008: 'missing code',
  41030: 'invalid page',
  42001: 'access_token expired',
  43002: 'require POST method',
  45009: 'reach max api daily quota limit',
  45011: 'api minute-quota reach limit, must slower, retry next minute',
  45103: 'This API has been unsupported',
  48006: 'forbid to clear quota because of reaching the limit',
  48001: 'api unauthorized',
  50004: 'user not allow to use accesstoken, maybe for punishment',
  50007: 'user frozen',
  63002: 'invalid signature',
  76021: 'cgi_path not found, please check',
  87007: 'session_key is not existed or expired',
  87008: 'invalid sig_method',
  87009: 'invalid signature',
  87014: 'risky content',
  89501: 'ip waiting for admin confirm',
  89503: 'need admin confirm',
  89506: 'ip refused, retry after 24h',
  89507: 'ip refused, retry after 1h',
};
