/** What WeChat says of a user: the phone number, and what a follower of an account has. */

import type { HttpAnswer } from '../http-server.ts';
import { notForMiniPrograms, refuse } from './errcodes.ts';
import { errcodeAnswer, jsonAnswer } from './wire.ts';
import { isText, OK, seconds, type Use } from './consumer-use.ts';

export function phoneAnswer({ appid, fields, wechat, nowMs }: Use): HttpAnswer {
  const spent = wechat.uses.codes.spend('phone', fields['code'], nowMs);
  // The page knows one refusal of a code, used or not. Own decision: an openid that isn't the code's is that one too.
  if ('errcode' in spent) return errcodeAnswer(refuse(40029), nowMs);
  if (isText(fields['openid']) && fields['openid'] !== spent.openid)
    return errcodeAnswer(refuse(40029), nowMs);
  const phone = { phoneNumber: '13800000000', purePhoneNumber: '13800000000', countryCode: '86' };
  return jsonAnswer({ ...OK, phone_info: { ...phone, watermark: { timestamp: seconds(nowMs), appid } } });
}

/** Of a user who follows no account, nothing else is told. https://developers.weixin.qq.com/doc/service/api/usermanage/userinfo/api_userinfo.html */
export function followerAnswer({ query, nowMs }: Use): HttpAnswer {
  const { openid } = query;
  if (!isText(openid)) return errcodeAnswer(refuse(40003), nowMs);
  return jsonAnswer({ subscribe: 0, openid, tagid_list: [] });
}

/** For the token of a user who signed in on a web page, which a mini program has not. */
export function signedInUserAnswer({ nowMs }: Use): HttpAnswer {
  return errcodeAnswer(notForMiniPrograms('/sns/userinfo'), nowMs);
}
