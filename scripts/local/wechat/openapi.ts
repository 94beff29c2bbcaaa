/**
 * `cloud.openapi`: which endpoint of WeChat each of its names stands for, and what the sandbox answers there. The
 * platform calls on behalf of the app, so there is no access_token in it.
 */

import type { HttpAnswer } from '../http-server.ts';
import { CONSUMER_ENDPOINTS } from './consumer-endpoints.ts';
import type { WeChat } from './machine.ts';

/** Names: https://developers.weixin.qq.com/miniprogram/dev/wxcloudservice/wxcloud/guide/openapi/openapi.html (read 2026-11-28) */
const PATHS: Readonly<Record<string, string>> = {
  'subscribeMessage.send': '/cgi-bin/message/subscribe/send',
  'wxacode.getUnlimited': '/wxa/getwxacodeunlimit',
  'phonenumber.getPhoneNumber': '/wxa/business/getuserphonenumber',
  'security.msgSecCheck': '/wxa/msg_sec_check',
  'security.mediaCheckAsync': '/wxa/media_check_async',
  'customerServiceMessage.send': '/cgi-bin/message/custom/send',
  'customerServiceMessage.setTyping': '/cgi-bin/message/custom/typing',
  'customerServiceMessage.getTempMedia': '/cgi-bin/media/get',
  'customerServiceMessage.uploadTempMedia': '/cgi-bin/media/upload',
};

export const OPEN_API_NAMES = Object.keys(PATHS);

export interface OpenApiParameter {
  key: string;
  value: Buffer;
  contentType?: string | undefined;
  filename?: string | undefined;
}

/** Undefined when the sandbox has no such endpoint. */
export function answerOpenApi(
  wechat: WeChat,
  {
    api,
    parameters,
    appid,
    nowMs,
  }: { api: string; parameters: OpenApiParameter[]; appid: string; nowMs: number },
): HttpAnswer | undefined {
  const path = Object.hasOwn(PATHS, api) ? PATHS[api] : undefined;
  const endpoint = path === undefined ? undefined : CONSUMER_ENDPOINTS[path];
  if (!endpoint) return undefined;
  const file = parameters.find(({ filename }) => filename !== undefined && filename !== '');
  const fields = Object.fromEntries(
    parameters.filter((parameter) => parameter !== file).map(({ key, value }) => [key, fromJson(value)]),
  );
  const form = file && toForm(file);
  return endpoint.answer({
    appid,
    query: Object.fromEntries(Object.entries(fields).map(([key, value]) => [key, String(value)])),
    fields,
    contentType: form?.contentType ?? 'application/json',
    body: form?.body ?? Buffer.from(JSON.stringify(fields)),
    wechat,
    nowMs,
  });
}

function fromJson(bytes: Buffer): unknown {
  const text = bytes.toString();
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** The one file of a call, as the upload endpoints read it. */
function toForm({ key, value, contentType, filename }: OpenApiParameter): {
  contentType: string;
  body: Buffer;
} {
  const boundary = 'cloud-openapi';
  const head = `--${boundary}\r\nContent-Disposition: form-data; name="${key}"; filename="${filename}"\r\nContent-Type: ${contentType ?? 'application/octet-stream'}\r\n\r\n`;
  return {
    contentType: `multipart/form-data; boundary=${boundary}`,
    body: Buffer.concat([Buffer.from(head), value, Buffer.from(`\r\n--${boundary}--\r\n`)]),
  };
}
