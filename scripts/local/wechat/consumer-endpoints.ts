/** The endpoints that take an access_token, with what they answer once the token is accepted. */

import type { HttpAnswer } from '../http-server.ts';
import { OTHER_PATHS } from './constants.ts';
import { mediaCheckAnswer, textCheckAnswer } from './content-check.ts';
import { codeAnswer, mediaAnswer, uploadAnswer } from './media.ts';
import { messageAnswer, serviceMessageAnswer, typingAnswer } from './messages.ts';
import { OK, type Use } from './consumer-use.ts';
import { followerAnswer, phoneAnswer, signedInUserAnswer } from './users.ts';
import { checkSession, encryptKeys, resetSession } from './session-endpoints.ts';
import { refuse } from './errcodes.ts';
import { errcodeAnswer, jsonAnswer } from './wire.ts';

export interface ConsumerEndpoint {
  method: 'GET' | 'POST';
  /** Its errors are named text/plain, though they are JSON like all others. */
  hasTextErrors?: boolean;
  answer(use: Use): HttpAnswer;
}

/** Shapes of the answers: the page of each under https://developers.weixin.qq.com/miniprogram/dev/server/, read 2026-11-22. */
export const CONSUMER_ENDPOINTS: Readonly<Record<string, ConsumerEndpoint>> = {
  '/cgi-bin/get_api_domain_ip': { method: 'GET', answer: addressAnswer },
  '/cgi-bin/getcallbackip': { method: 'GET', answer: addressAnswer },
  '/cgi-bin/openapi/quota/get': { method: 'POST', answer: quotaAnswer },
  '/cgi-bin/message/subscribe/send': { method: 'POST', answer: messageAnswer },
  '/cgi-bin/message/custom/send': { method: 'POST', answer: serviceMessageAnswer },
  '/cgi-bin/message/custom/typing': { method: 'POST', answer: typingAnswer },
  '/wxa/getwxacodeunlimit': { method: 'POST', answer: codeAnswer },
  '/wxa/business/getuserphonenumber': { method: 'POST', answer: phoneAnswer },
  '/cgi-bin/media/upload': { method: 'POST', answer: uploadAnswer },
  '/cgi-bin/media/get': { method: 'GET', hasTextErrors: true, answer: mediaAnswer },
  '/cgi-bin/ticket/getticket': { method: 'GET', answer: ticketAnswer },
  '/cgi-bin/user/info': { method: 'GET', hasTextErrors: true, answer: followerAnswer },
  '/sns/userinfo': { method: 'GET', hasTextErrors: true, answer: signedInUserAnswer },
  '/wxa/checksession': { method: 'GET', answer: checkSession },
  '/wxa/resetusersessionkey': { method: 'GET', answer: resetSession },
  // By POST as well, if nothing is in the body.
  '/wxa/business/getuserencryptkey': { method: 'GET', answer: encryptKeys },
  '/wxa/msg_sec_check': { method: 'POST', answer: textCheckAnswer },
  '/wxa/media_check_async': { method: 'POST', answer: mediaCheckAnswer },
};

/** 192.0.2.0/24 is reserved for examples (RFC 5737): nobody pins these by mistake. */
function addressAnswer(): HttpAnswer {
  return jsonAnswer({ ip_list: ['192.0.2.1', '192.0.2.2'] });
}

function quotaAnswer({ appid, fields, wechat, nowMs }: Use): HttpAnswer {
  const path = String(fields['cgi_path']);
  const counted = wechat.account(appid).quota(path, nowMs);
  const isKnown = counted ?? (OTHER_PATHS.includes(path) || Object.hasOwn(CONSUMER_ENDPOINTS, path));
  if (!isKnown) return errcodeAnswer(refuse(76021), nowMs);
  const { limit, used } = counted ?? {
    limit: MOST_CALLS_PER_DAY,
    used: wechat.uses.used(appid, path, nowMs),
  };
  return jsonAnswer({
    ...OK,
    quota: { daily_limit: limit, used, remain: Math.max(0, limit - used) },
    rate_limit: { call_count: MOST_CALLS_PER_MINUTE, refresh_second: 60 },
  });
}

/** Own decision: where no page names a limit, as many as the busiest endpoints have. */
const MOST_CALLS_PER_DAY = 500_000;
const MOST_CALLS_PER_MINUTE = 4000;

/** Unlike the token endpoints, a success carries `errcode: 0`. …/doc/service/en/api/webdev/jssdk/api_getticket.html (read 2026-11-28) */
function ticketAnswer({ appid, query, wechat, nowMs }: Use): HttpAnswer {
  const reply = wechat.ticket(appid, query['type'], nowMs);
  return reply.errcode === 0 ? jsonAnswer(reply) : errcodeAnswer(reply, nowMs);
}
