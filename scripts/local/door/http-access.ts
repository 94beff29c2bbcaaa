/**
 * CloudBase HTTP access: any request becomes an event, and an object with a `statusCode` becomes the answer.
 * https://docs.cloudbase.net/service/access-cloud-function (read 2026-11-22). We assume that the event's
 * `path` is without the HTTP access path (here `/http/<function>`); functions must not rely on it.
 */

import type { HttpAccess } from '../functions/caller-context.ts';
import type { FunctionHost } from '../functions/host.ts';
import type { HttpAnswer, HttpRequest } from '../http-server.ts';

export async function answerHttp(request: HttpRequest, invoke: FunctionHost['invoke']): Promise<HttpAnswer> {
  const [, name = '', rest = '/'] = /^\/http\/([^/]*)(\/.*)?$/.exec(request.path) ?? [];
  const caller = { kind: 'http', method: request.method, path: rest, request: toAccess(request) } as const;
  const outcome = await invoke({ name, event: {}, caller });
  if ('result' in outcome) return toAnswer(outcome.result);
  const { code, message } = outcome.failure;
  return json(code === 'FUNCTION_NOT_FOUND' ? 404 : 500, { code, message });
}

function toAccess({ headers, query, body }: HttpRequest): HttpAccess {
  const single = Object.entries(headers).map(([name, value]) => [name, String(value)]);
  const text = body.toString('utf8');
  // Text goes over as it is, anything else as base64.
  const isText = Buffer.from(text, 'utf8').equals(body);
  return {
    headers: Object.fromEntries(single) as Record<string, string>,
    query: Object.fromEntries(new URLSearchParams(query)),
    body: isText ? text : body.toString('base64'),
    isBase64Encoded: !isText,
  };
}

function toAnswer(result: unknown): HttpAnswer {
  const { statusCode, headers, body, isBase64Encoded } = Object(result) as Record<string, unknown>;
  if (typeof statusCode !== 'number') return json(200, result);
  return {
    status: statusCode,
    headers: Object(headers) as Record<string, string>,
    body: Buffer.from(typeof body === 'string' ? body : '', isBase64Encoded === true ? 'base64' : 'utf8'),
  };
}

function json(status: number, value: unknown): HttpAnswer {
  return {
    status,
    headers: { 'content-type': 'application/json; charset=utf-8' },
    body: JSON.stringify(value),
  };
}
