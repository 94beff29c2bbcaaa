/** Whether what a user has written or shown may be published. */

import type { HttpAnswer } from '../http-server.ts';
import { refuse } from './errcodes.ts';
import { errcodeAnswer, jsonAnswer } from './wire.ts';
import { isText, OK, type Use } from './consumer-use.ts';

/** Version 1, which WeChat still answers for old callers, only says 87014; version 2 gives the details. */
export function textCheckAnswer({ fields, nowMs }: Use): HttpAnswer {
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
export function mediaCheckAnswer({ fields, nowMs }: Use): HttpAnswer {
  const { media_url: url, media_type: type } = fields;
  const isMedia = isText(url) && URL.canParse(url) && (type === 1 || type === 2);
  if (!isMedia || !isCheckable(fields)) return errcodeAnswer(refuse(40097), nowMs);
  return jsonAnswer({ ...OK, trace_id: `sandbox-${nowMs}` });
}

function isCheckable({ version, scene, openid }: Record<string, unknown>): boolean {
  return version === 2 && [1, 2, 3, 4].includes(Number(scene)) && isText(openid);
}

/** Own decision: what a content has to hold to be risky here. */
const RISKY = 'sandbox-risky';
