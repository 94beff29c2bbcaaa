/** `cloud.openapi.*` and `cloud.getOpenData`: a protocol buffer in a multipart body, and one as the answer. */

import * as z from 'zod';
import { readBody, type Action, type Call } from '../call.ts';
import { decodeCloudIds, decodeRequest, encodeOpenData, encodeResponse } from '../openapi-messages.ts';
import { Refusal } from '../refusal.ts';

const BODY = z.object({
  apiName: z.string().min(1),
  requestData: z.instanceof(Buffer),
  /** What the platform gave to the function: it says which one calls. */
  wxCloudApiToken: z.string().default(''),
});

/** WeChat's "system error: function has no permission to call this API". */
const NO_PERMISSION = -604_101;

export const openApi: Action = (call) => {
  const { apiName, requestData, wxCloudApiToken } = readBody(BODY, call);
  const { openapiData, svrkitData } = orRefusal(call, () => decodeRequest(requestData));
  if (svrkitData?.apiName === 'ApiGetOpenDataByCloudId') return openData(call, svrkitData.reqData);
  if (openapiData === undefined || call.openApi === undefined) throw unknown(call, apiName);
  const answer = call.openApi({ api: apiName, pairs: openapiData.pairs ?? [], apiToken: wxCloudApiToken });
  if (answer === 'not-permitted') return encodeResponse({ errorCode: NO_PERMISSION });
  if (answer === 'unknown') throw unknown(call, apiName);
  return encodeResponse({ errorCode: 0, httpCode: 200, svrkitErrorCode: 0, ...answer });
};

/** Invented, and in the form of a phone number: the kind of data that is asked for most. */
function openData({ nowMs }: Call, bytes: Buffer): Buffer {
  const dataList = decodeCloudIds(bytes).map((cloudId) => {
    const phone = { phoneNumber: '13800000000', purePhoneNumber: '13800000000', countryCode: '86' };
    const watermark = { timestamp: Math.floor(nowMs / 1000), appid: 'wxlocal' };
    return { cloudId, json: JSON.stringify({ cloudID: cloudId, data: { ...phone, watermark } }) };
  });
  return encodeResponse({ errorCode: 0, svrkitErrorCode: 0, respData: encodeOpenData(dataList) });
}

function orRefusal<T>({ action }: Call, work: () => T): T {
  try {
    return work();
  } catch {
    throw new Refusal('INVALID_PARAM', `${action}: can't read requestData`);
  }
}

function unknown({ action }: Call, apiName: string): Refusal {
  return new Refusal('INVALID_PARAM', `${action}: the embedded cloud has no ${apiName}`);
}
