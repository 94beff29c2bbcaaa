/** The endpoints that take an access_token, with what they answer once the token is accepted. */

import type { HttpAnswer } from '../http-server.ts';
import { OTHER_PATHS } from './constants.ts';
import { notForMiniPrograms, refuse } from './errcodes.ts';
import type { WeChat } from './machine.ts';
import { readFormFile } from '../multipart.ts';
import { errcodeAnswer, isRecord, jsonAnswer } from './wire.ts';

interface Use {
  appid: string;
  query: Record<string, string>;
  /** The JSON body; empty when it is none. */
  fields: Record<string, unknown>;
  contentType: string | undefined;
  body: Buffer;
  wechat: WeChat;
  nowMs: number;
}

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
  '/wxa/msg_sec_check': { method: 'POST', answer: textCheckAnswer },
  '/wxa/media_check_async': { method: 'POST', answer: mediaCheckAnswer },
};

const OK = { errcode: 0, errmsg: 'ok' };

export const ONE_PIXEL_JPEG = Buffer.from(
  '/9j/4AAQSkZJRgABAQEAYABgAAD/2wBDAAgGBgcGBQgHBwcJCQgKDBQNDAsLDBkSEw8UHRofHh0aHBwgJC4nICIsIxwcKDcpLDAxNDQ0Hyc5PTgyPC4zNDL/wAALCAABAAEBAREA/8QAFAABAAAAAAAAAAAAAAAAAAAACf/EABQQAQAAAAAAAAAAAAAAAAAAAAD/2gAIAQEAAD8AVN//2Q==',
  'base64',
);

/** 192.0.2.0/24 is reserved for examples (RFC 5737): nobody pins these by mistake. */
function addressAnswer(): HttpAnswer {
  return jsonAnswer({ ip_list: ['192.0.2.1', '192.0.2.2'] });
}

/** Own decision: where no page names a limit, as many as the busiest endpoints have. */
const MOST_CALLS_PER_DAY = 500_000;
const MOST_CALLS_PER_MINUTE = 4000;

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

const MOST_MESSAGES = 100;

/** Whether the user has consented (43101) is not modelled: a test lays that refusal in the way. */
function messageAnswer({ fields, wechat, nowMs }: Use): HttpAnswer {
  const { touser, template_id: template, data } = fields;
  if (!isText(touser)) return errcodeAnswer(refuse(40003), nowMs);
  if (!isText(template)) return errcodeAnswer(refuse(40037), nowMs);
  const wrong = isRecord(data) ? Object.keys(data).find((key) => !isFieldRight(key, data[key])) : 'data';
  if (wrong !== undefined)
    return errcodeAnswer(refuse(47003, `argument invalid! data.${wrong}.value invalid`), nowMs);
  keep(wechat.uses.messages, fields);
  return messageSent(nowMs);
}

/** The number has 64 bits: a caller whose JSON reader rounds it should find out here. */
function messageSent(nowMs: number): HttpAnswer {
  sent += 1n;
  const id = (BigInt(nowMs) << 21n) + sent;
  return { ...jsonAnswer({}), body: `{"errcode":0,"errmsg":"ok","msgid":${id}}` };
}

let sent = 0n;

const MESSAGE_TYPES = new Set(['text', 'image', 'link', 'miniprogrampage']);

/** https://developers.weixin.qq.com/miniprogram/dev/OpenApiDoc/kf-mgnt/kf-message/sendCustomMessage.html (read 2026-11-28) */
function serviceMessageAnswer({ fields, wechat, nowMs }: Use): HttpAnswer {
  const { touser, msgtype } = fields;
  if (!isText(touser)) return errcodeAnswer(refuse(40003), nowMs);
  if (!isText(msgtype) || !MESSAGE_TYPES.has(msgtype)) return errcodeAnswer(refuse(40008), nowMs);
  if (!isRecord(fields[msgtype]))
    return errcodeAnswer(refuse(47003, `argument invalid! ${msgtype} missing`), nowMs);
  keep(wechat.uses.serviceMessages, fields);
  return jsonAnswer(OK);
}

function typingAnswer({ fields, nowMs }: Use): HttpAnswer {
  const { touser, command } = fields;
  if (!isText(touser)) return errcodeAnswer(refuse(40003), nowMs);
  if (command !== 'Typing' && command !== 'CancelTyping') return errcodeAnswer(refuse(40097), nowMs);
  return jsonAnswer(OK);
}

function keep(list: Record<string, unknown>[], item: Record<string, unknown>): void {
  list.push(item);
  if (list.length > MOST_MESSAGES) list.shift();
}

/** Of the documented limits the one that is met most: a `thing` has at most 20 characters. */
function isFieldRight(key: string, field: unknown): boolean {
  const value = isRecord(field) ? field['value'] : undefined;
  return isText(value) && (!key.startsWith('thing') || value.length <= 20);
}

function codeAnswer({ fields, nowMs }: Use): HttpAnswer {
  const { scene, page = '', width = 430 } = fields;
  if (!isText(scene) || !/^[\w!#$&'()*+,/:;=?@\-.~]{1,32}$/.test(scene))
    return errcodeAnswer(refuse(40129), nowMs);
  // Documented: no slash in front of the page.
  if (typeof page !== 'string' || page.startsWith('/')) return errcodeAnswer(refuse(41030), nowMs);
  if (typeof width !== 'number' || width < 280 || width > 1280) return errcodeAnswer(refuse(40097), nowMs);
  return { status: 200, headers: { 'Content-Type': 'image/jpeg' }, body: ONE_PIXEL_JPEG };
}

function phoneAnswer({ appid, fields, wechat, nowMs }: Use): HttpAnswer {
  const spent = wechat.uses.codes.spend('phone', fields['code'], nowMs);
  // The page knows one refusal of a code, used or not. Own decision: an openid that isn't the code's is that one too.
  if ('errcode' in spent) return errcodeAnswer(refuse(40029), nowMs);
  if (isText(fields['openid']) && fields['openid'] !== spent.openid)
    return errcodeAnswer(refuse(40029), nowMs);
  const phone = { phoneNumber: '13800000000', purePhoneNumber: '13800000000', countryCode: '86' };
  return jsonAnswer({ ...OK, phone_info: { ...phone, watermark: { timestamp: seconds(nowMs), appid } } });
}

/** Of a user who follows no account, nothing else is told. https://developers.weixin.qq.com/doc/service/api/usermanage/userinfo/api_userinfo.html */
function followerAnswer({ query, nowMs }: Use): HttpAnswer {
  const { openid } = query;
  if (!isText(openid)) return errcodeAnswer(refuse(40003), nowMs);
  return jsonAnswer({ subscribe: 0, openid, tagid_list: [] });
}

/** For the token of a user who signed in on a web page, which a mini program has not. */
function signedInUserAnswer({ nowMs }: Use): HttpAnswer {
  return errcodeAnswer(notForMiniPrograms('/sns/userinfo'), nowMs);
}

/** Unlike the token endpoints, a success carries `errcode: 0`. …/doc/service/en/api/webdev/jssdk/api_getticket.html (read 2026-11-28) */
function ticketAnswer({ appid, query, wechat, nowMs }: Use): HttpAnswer {
  const reply = wechat.ticket(appid, query['type'], nowMs);
  return reply.errcode === 0 ? jsonAnswer(reply) : errcodeAnswer(reply, nowMs);
}

function uploadAnswer({ query, contentType, body, wechat, nowMs }: Use): HttpAnswer {
  if (query['type'] !== 'image') return errcodeAnswer(refuse(40004), nowMs);
  const file = readFormFile(contentType, body);
  if (file?.field !== 'media' || file.bytes.length === 0) return errcodeAnswer(refuse(41005), nowMs);
  const id = wechat.uses.keepMedia(file, nowMs);
  return jsonAnswer({ type: 'image', media_id: id, created_at: seconds(nowMs) });
}

function mediaAnswer({ query, wechat, nowMs }: Use): HttpAnswer {
  const file = wechat.uses.media(query['media_id'] ?? '', nowMs);
  if (!file) return errcodeAnswer(refuse(40007), nowMs);
  const headers = {
    'Content-Type': file.contentType,
    'Content-disposition': `attachment; ${nameParameter(file.filename)}`,
  };
  return { status: 200, headers, body: file.bytes };
}

/** As RFC 6266 has it: a header that isn't ASCII is refused by Node, or read differently by everybody. */
function nameParameter(filename: string): string {
  if (/^[\x20-\x7e]*$/.test(filename)) return `filename="${filename.replace(/[\\"]/g, '\\$&')}"`;
  // RFC 8187 lets fewer characters stand as they are than encodeURIComponent.
  const encoded = encodeURIComponent(filename).replace(
    /['()*]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `filename*=UTF-8''${encoded}`;
}

/** Own decision: what a content has to hold to be risky here. */
const RISKY = 'sandbox-risky';

/** Version 1, which WeChat still answers for old callers, only says 87014; version 2 gives the details. */
function textCheckAnswer({ fields, nowMs }: Use): HttpAnswer {
  const { content, version } = fields;
  if (!isText(content) || content.length > 2500) return errcodeAnswer(refuse(40097), nowMs);
  const isRisky = content.includes(RISKY);
  if (version === undefined || version === 1)
    return isRisky ? errcodeAnswer(refuse(87014), nowMs) : jsonAnswer(OK);
  if (!isCheckable(fields)) return errcodeAnswer(refuse(40097), nowMs);
  const result = isRisky ? { suggest: 'risky', label: 20001 } : { suggest: 'pass', label: 100 };
  const detail = [
    { strategy: 'content_model', errcode: 0, ...result, prob: 90 },
    { strategy: 'keyword', errcode: 0, ...(isRisky ? { ...result, level: 90, keyword: RISKY } : {}) },
  ];
  return jsonAnswer({ ...OK, result, detail, trace_id: `sandbox-${nowMs}` });
}

/** The verdict itself would be pushed to the app within half an hour; nothing is pushed here. */
function mediaCheckAnswer({ fields, nowMs }: Use): HttpAnswer {
  const { media_url: url, media_type: type } = fields;
  const isMedia = isText(url) && URL.canParse(url) && (type === 1 || type === 2);
  if (!isMedia || !isCheckable(fields)) return errcodeAnswer(refuse(40097), nowMs);
  return jsonAnswer({ ...OK, trace_id: `sandbox-${nowMs}` });
}

function isCheckable({ version, scene, openid }: Record<string, unknown>): boolean {
  return version === 2 && [1, 2, 3, 4].includes(Number(scene)) && isText(openid);
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

function seconds(nowMs: number): number {
  return Math.floor(nowMs / 1000);
}
