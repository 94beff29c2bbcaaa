/** One request of an SDK, as the actions see it. */

import type { z } from 'zod';
import type { Database } from '../database/open.ts';
import type { Storage } from '../storage/storage.ts';
import type { OpenApiPair } from './openapi-messages.ts';
import { Refusal } from './refusal.ts';

export interface Call {
  action: string;
  body: Record<string, unknown>;
  requestId: string;
  /** The SDK's own number for the call, from the query string. */
  seqId: string;
  /** `x-tcb-source` as it came: the caller's chain, which the callee finds in its `TCB_SOURCE`. */
  source: string;
  nowMs: number;
  database: Database;
  invokeFunction: InvokeFunction;
  /** Undefined where there is none. */
  storage?: Storage | undefined;
  /** WeChat behind `cloud.openapi`; undefined where there is none. */
  openApi?: CallOpenApi | undefined;
  /** Of the gateway itself, which serves the files too. */
  origin: string;
}

export interface Invocation {
  name: string;
  qualifier?: string;
  /** The caller's argument, read from JSON; `{}` if it gave none. */
  data: unknown;
  source: string;
  seqId: string;
  requestId: string;
}

/** What the function returned, or why the platform couldn't have it run to its end. */
export type InvocationOutcome = { result: unknown } | { code: string; message: string };

export type InvokeFunction = (invocation: Invocation) => Promise<InvocationOutcome>;

interface OpenApiCall {
  /** As in `cloud.openapi.subscribeMessage.send`: `subscribeMessage.send`. */
  api: string;
  pairs: OpenApiPair[];
  /** The token that the platform gave to the calling function. */
  apiToken: string;
}

export type CallOpenApi = (
  call: OpenApiCall,
) => { respData: Buffer; contentType: string } | 'not-permitted' | 'unknown';

/** Answers with what the SDK finds beside `requestId`. Refuses by throwing. */
export type Action = (call: Call) => Promise<ActionResult> | ActionResult;

/** Bytes are the whole answer as they are. */
type ActionResult = Record<string, unknown> | Buffer;

/** The body in the shape that an action needs, or a refusal that names the fields and never their values. */
export function readBody<T extends z.ZodType>(schema: T, { action, body }: Call): z.output<T> {
  const read = schema.safeParse(body);
  if (read.success) return read.data;
  const fields = read.error.issues.map((issue) => issue.path.join('.')).join(', ');
  throw new Refusal('INVALID_PARAM', `${action}: can't read ${fields}`);
}
