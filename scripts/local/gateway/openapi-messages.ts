/**
 * The protocol buffers in which `cloud.openapi` and `cloud.getOpenData` travel, as wx-server-sdk 4.0.2 carries them
 * (its src/protobuf/openapi.js): the fields in use, by their numbers.
 */

import protobuf from 'protobufjs';

const { Field, Type } = protobuf;

const Pair = type('KeyValuePair', ['key string', 'value bytes', 'contenttype string', 'filename string']);
const OpenApiData = type('OpenApiData', ['pairs KeyValuePair[]']);
const SvrkitApiData = type('SvrkitApiData', ['apiName string', 'reqData bytes']);
const Request = type(
  'CommApiData',
  ['apiType int32', 'openapiData OpenApiData', '', 'svrkitData SvrkitApiData', '', 'appid string'],
  [Pair, OpenApiData, SvrkitApiData],
);
const Response = type('CommOpenApiResp', [
  'respData bytes',
  'contentType string',
  'errorCode int32',
  'httpCode uint32',
  '',
  'svrkitErrorCode int32',
]);
const OpenDataRequest = type('ApiGetOpenDataByCloudIdReq', ['', 'cloudidList string[]']);
const OpDataItem = type('OpDataItem', ['cloudId string', 'json string']);
const OpenDataResponse = type('ApiGetOpenDataByCloudIdResp', ['dataList OpDataItem[]'], [OpDataItem]);

export interface OpenApiPair {
  key: string;
  value: Buffer;
  contenttype?: string;
  filename?: string;
}

export interface OpenApiRequest {
  /** Without a parameter there are no pairs. */
  openapiData?: { pairs?: OpenApiPair[] };
  svrkitData?: { apiName: string; reqData: Buffer };
}

export interface OpenApiResponse {
  respData?: Buffer;
  contentType?: string;
  /** Of the platform, before WeChat was asked; 0 when there was none. */
  errorCode: number;
  httpCode?: number;
  svrkitErrorCode?: number;
}

/** Throws where the bytes are no such message. */
export function decodeRequest(bytes: Buffer): OpenApiRequest {
  return Request.toObject(Request.decode(bytes));
}

export function encodeResponse(response: OpenApiResponse): Buffer {
  return Buffer.from(Response.encode(Response.create(response as object)).finish());
}

export function decodeCloudIds(bytes: Buffer): string[] {
  const { cloudidList = [] } = OpenDataRequest.toObject(OpenDataRequest.decode(bytes)) as {
    cloudidList?: string[];
  };
  return cloudidList;
}

export function encodeOpenData(dataList: { cloudId: string; json: string }[]): Buffer {
  return Buffer.from(OpenDataResponse.encode(OpenDataResponse.create({ dataList })).finish());
}

/** The place in the list is the number of the field. */
function type(name: string, fields: string[], nested: protobuf.Type[] = []): protobuf.Type {
  const made = new Type(name);
  fields.forEach((field, i) => {
    const [key = '', of = ''] = field.split(' ');
    if (key === '') return;
    const rule = of.endsWith('[]') ? 'repeated' : undefined;
    made.add(new Field(key, i + 1, of.replace('[]', ''), rule));
  });
  for (const other of nested) if (other.parent === null) made.add(other);
  return made;
}
