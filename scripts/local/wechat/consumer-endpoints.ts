/** The endpoints that take an access_token, with the least that they answer once the token is accepted. */

import type { HttpAnswer } from '../http-server.ts';
import { refuse } from './errcodes.ts';
import type { WeChat } from './machine.ts';
import { errcodeAnswer, jsonAnswer } from './wire.ts';

interface Use {
  appid: string;
  /** The JSON body; empty when it is none. */
  fields: Record<string, unknown>;
  wechat: WeChat;
  nowMs: number;
}

export interface ConsumerEndpoint {
  method: 'GET' | 'POST';
  answer(use: Use): HttpAnswer;
}

/** Shapes of the answers: the page of each under https://developers.weixin.qq.com/miniprogram/dev/server/, read 2026-11-22. */
export const CONSUMER_ENDPOINTS: Readonly<Record<string, ConsumerEndpoint>> = {
  // 192.0.2.0/24 is reserved for examples (RFC 5737): nobody pins these by mistake.
  '/cgi-bin/get_api_domain_ip': {
    method: 'GET',
    answer: () => jsonAnswer({ ip_list: ['192.0.2.1', '192.0.2.2'] }),
  },
  '/cgi-bin/openapi/quota/get': { method: 'POST', answer: quotaAnswer },
  '/cgi-bin/message/subscribe/send': { method: 'POST', answer: () => jsonAnswer(OK) },
  '/wxa/getwxacodeunlimit': {
    method: 'POST',
    answer: () => ({ status: 200, headers: { 'Content-Type': 'image/png' }, body: ONE_PIXEL_PNG }),
  },
  '/wxa/business/getuserphonenumber': { method: 'POST', answer: phoneAnswer },
  '/cgi-bin/media/upload': {
    method: 'POST',
    answer: ({ nowMs }) =>
      jsonAnswer({ type: 'image', media_id: `sandbox-${nowMs}`, created_at: seconds(nowMs) }),
  },
  '/wxa/msg_sec_check': {
    method: 'POST',
    answer: ({ nowMs }) =>
      jsonAnswer({
        ...OK,
        result: { suggest: 'pass', label: 100 },
        detail: [],
        trace_id: `sandbox-${nowMs}`,
      }),
  },
};

const OK = { errcode: 0, errmsg: 'ok' };

const ONE_PIXEL_PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==',
  'base64',
);

function quotaAnswer({ appid, fields, wechat, nowMs }: Use): HttpAnswer {
  const quota = wechat.account(appid).quota(String(fields['cgi_path']), nowMs);
  if (!quota) return errcodeAnswer(refuse(76021), nowMs);
  return jsonAnswer({
    ...OK,
    quota: { daily_limit: quota.limit, used: quota.used, remain: Math.max(0, quota.limit - quota.used) },
  });
}

function phoneAnswer({ appid, nowMs }: Use): HttpAnswer {
  const phone = { phoneNumber: '13800000000', purePhoneNumber: '13800000000', countryCode: '86' };
  return jsonAnswer({ ...OK, phone_info: { ...phone, watermark: { timestamp: seconds(nowMs), appid } } });
}

function seconds(nowMs: number): number {
  return Math.floor(nowMs / 1000);
}
