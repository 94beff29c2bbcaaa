/** The way of one request through the gateway: signature, count, faults, action, answer. */

import { randomUUID } from 'node:crypto';
import { DatabaseError, TRANSACTION_CONFLICT } from '../database/errors.ts';
import type { HttpAnswer, HttpRequest } from '../http-server.ts';
import { readForm } from '../multipart.ts';
import { ACTIONS } from './actions/index.ts';
import type { createFaults, InterceptedRequest } from './faults.ts';
import type { GatewayOptions } from './options.ts';
import { Refusal } from './refusal.ts';
import { verifySignature } from './signature.ts';
import type { createStats } from './stats.ts';

export interface GatewayParts extends GatewayOptions {
  faults: ReturnType<typeof createFaults>;
  stats: ReturnType<typeof createStats>;
  /** Where this gateway is reached; left out where no file is ever asked for. */
  origin?: string;
}

interface SdkAnswer extends Record<string, unknown> {
  code?: unknown;
}

/** What an action gives: bytes are sent as they are. */
type Result = SdkAnswer | Buffer;

export async function answerRequest(request: HttpRequest, parts: GatewayParts): Promise<HttpAnswer> {
  if (request.path !== '/admin' || request.method !== 'POST') return { status: 404, body: 'Not Found' };
  const requestId = randomUUID();
  const startedAtMs = performance.now();
  const body = readBody(request);
  const subject = {
    action: textOf(body['action']) ?? '',
    collectionName: textOf(body['collectionName']),
    functionName: textOf(body['function_name']),
  };
  const { answer, code } = await respond(request, body, subject, requestId, parts);
  const durationMs = Math.round(performance.now() - startedAtMs);
  parts.log?.({ ...subject, requestId, durationMs, code });
  return answer;
}

type Subject = Omit<InterceptedRequest, 'stage' | 'body'>;

async function respond(
  request: HttpRequest,
  body: Record<string, unknown>,
  subject: Subject,
  requestId: string,
  parts: GatewayParts,
): Promise<{ answer: HttpAnswer; code: string | undefined }> {
  const admission = await orRefusal(() => admit(request, body, parts));
  if (Buffer.isBuffer(admission) || admission.code !== undefined) return toHttp(requestId, admission);
  parts.stats.count(subject);
  const before = await parts.faults.apply({ stage: 'before', ...subject, body });
  if (before) return faulty(before, body, parts);
  const result = await orRefusal(() => execute(request, body, requestId, parts));
  const after = await parts.faults.apply({ stage: 'after', ...subject, body });
  return after ? faulty(after, body, parts) : toHttp(requestId, result);
}

/** Which environment is asked for doesn't matter: many functions name theirs in the code, and this is all of them. */
function admit(request: HttpRequest, body: Record<string, unknown>, parts: GatewayParts): SdkAnswer {
  verifySignature(asSigned(request), body, parts);
  return {};
}

async function execute(
  request: HttpRequest,
  body: Record<string, unknown>,
  requestId: string,
  { database, invokeFunction, clock, storage, openApi, origin = '' }: GatewayParts,
): Promise<Result> {
  const action = textOf(body['action']) ?? 'no action';
  const run = ACTIONS.get(action);
  // The code's name is an assumption.
  if (!run) throw new Refusal('ACTION_NOT_SUPPORTED', `${action}: not implemented by the embedded cloud`);
  const seqId = new URLSearchParams(request.query).get('seqId') ?? '';
  const source = [request.headers['x-tcb-source'] ?? ''].flat().join(',');
  const nowMs = clock.now();
  const cloud = { database, invokeFunction, storage, openApi, origin };
  return run({ action, body, requestId, seqId, source, nowMs, ...cloud });
}

/** The work's answer, or what the SDK is told of its error. */
export async function orRefusal(work: () => Promise<Result> | Result): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    const isMeant = error instanceof Refusal || error instanceof DatabaseError;
    if (isMeant) return { code: error.code, message: error.message };
    // Unexpected, so named by its class only: its text may quote the request.
    const name = error instanceof Error ? error.name : typeof error;
    return { code: 'SYS_ERR', message: `The embedded cloud failed with ${name}.` };
  }
}

/** A conflict ends the transaction on the server, also when a test made it up: the SDK doesn't abort before it retries. */
function faulty(answer: HttpAnswer, body: Record<string, unknown>, { database }: GatewayParts) {
  const transactionId = textOf(body['transactionId']);
  const isConflict = String(answer.body ?? '').includes(TRANSACTION_CONFLICT);
  if (isConflict && transactionId !== undefined) database.failTransaction(transactionId);
  return { answer, code: 'FAULT' };
}

function toHttp(requestId: string, result: Result): { answer: HttpAnswer; code: string | undefined } {
  if (Buffer.isBuffer(result)) return { answer: { status: 200, body: result }, code: undefined };
  const answer = { requestId, ...result };
  const headers = { 'content-type': 'application/json; charset=utf-8' };
  return { answer: { status: 200, headers, body: JSON.stringify(answer) }, code: textOf(result.code) };
}

/** `cloud.openapi` sends a form, everything else JSON. */
function readBody({ headers, body }: HttpRequest): Record<string, unknown> {
  const parts = readForm(headers['content-type'], body);
  if (parts === undefined) return parseBody(body);
  return Object.fromEntries(
    parts.map(({ field, bytes }) => [field, field === 'requestData' ? bytes : bytes.toString()]),
  );
}

/** The SDKs sign a form's content type before they know its boundary. */
function asSigned(request: HttpRequest): HttpRequest {
  const { headers } = request;
  const isForm = headers['content-type']?.startsWith('multipart/form-data');
  return isForm ? { ...request, headers: { ...headers, 'content-type': 'multipart/form-data' } } : request;
}

/** Unreadable is empty: it has no signature that would match, and is refused for that. */
function parseBody(bytes: Buffer): Record<string, unknown> {
  try {
    const body: unknown = JSON.parse(bytes.toString('utf8'));
    return typeof body === 'object' && body !== null && !Array.isArray(body)
      ? (body as Record<string, unknown>)
      : {};
  } catch {
    return {};
  }
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
