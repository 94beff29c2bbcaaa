/** Messages to a user: of a subscription, of customer service, and the sign that somebody types. */

import type { HttpAnswer } from '../http-server.ts';
import { refuse } from './errcodes.ts';
import { errcodeAnswer, isRecord, jsonAnswer } from './wire.ts';
import { isText, OK, type Use } from './consumer-use.ts';

/** Whether the user has consented (43101) is not modelled: a test lays that refusal in the way. */
export function messageAnswer({ fields, wechat, nowMs }: Use): HttpAnswer {
  const { touser, template_id: template, data } = fields;
  if (!isText(touser)) return errcodeAnswer(refuse(40003), nowMs);
  if (!isText(template)) return errcodeAnswer(refuse(40037), nowMs);
  const wrong = isRecord(data) ? Object.keys(data).find((key) => !isFieldRight(key, data[key])) : 'data';
  if (wrong !== undefined)
    return errcodeAnswer(refuse(47003, `argument invalid! data.${wrong}.value invalid`), nowMs);
  keep(wechat.uses.messages, fields);
  return messageSent(nowMs);
}

/** https://developers.weixin.qq.com/miniprogram/dev/OpenApiDoc/kf-mgnt/kf-message/sendCustomMessage.html (read 2026-11-28) */
export function serviceMessageAnswer({ fields, wechat, nowMs }: Use): HttpAnswer {
  const { touser, msgtype } = fields;
  if (!isText(touser)) return errcodeAnswer(refuse(40003), nowMs);
  if (!isText(msgtype) || !MESSAGE_TYPES.has(msgtype)) return errcodeAnswer(refuse(40008), nowMs);
  if (!isRecord(fields[msgtype]))
    return errcodeAnswer(refuse(47003, `argument invalid! ${msgtype} missing`), nowMs);
  keep(wechat.uses.serviceMessages, fields);
  return jsonAnswer(OK);
}

const MESSAGE_TYPES = new Set(['text', 'image', 'link', 'miniprogrampage']);

export function typingAnswer({ fields, nowMs }: Use): HttpAnswer {
  const { touser, command } = fields;
  if (!isText(touser)) return errcodeAnswer(refuse(40003), nowMs);
  if (command !== 'Typing' && command !== 'CancelTyping') return errcodeAnswer(refuse(40097), nowMs);
  return jsonAnswer(OK);
}

/** Of the documented limits the one that is met most: a `thing` has at most 20 characters. */
function isFieldRight(key: string, field: unknown): boolean {
  const value = isRecord(field) ? field['value'] : undefined;
  return isText(value) && (!key.startsWith('thing') || value.length <= 20);
}

/** The number has 64 bits: a caller whose JSON reader rounds it should find out here. */
function messageSent(nowMs: number): HttpAnswer {
  sent += 1n;
  const id = (BigInt(nowMs) << 21n) + sent;
  return { ...jsonAnswer({}), body: `{"errcode":0,"errmsg":"ok","msgid":${id}}` };
}

let sent = 0n;

function keep(list: Record<string, unknown>[], item: Record<string, unknown>): void {
  list.push(item);
  if (list.length > MOST_MESSAGES) list.shift();
}

const MOST_MESSAGES = 100;
