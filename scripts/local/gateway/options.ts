/** What the gateway is given, and what it says of each request. */

import type { CloudClock } from '../clock.ts';
import type { Database } from '../database/open.ts';
import type { Storage } from '../storage/storage.ts';
import type { CallOpenApi, InvokeFunction } from './call.ts';
import type { Credential } from './signature.ts';

export interface GatewayOptions {
  database: Database;
  clock: CloudClock;
  /** 0 takes any free port. */
  port: number;
  credentials: (secretId: string) => Credential | undefined;
  /** Also accepted, as `Authorization: Bearer`. */
  accessKey?: string;
  invokeFunction: InvokeFunction;
  /** Files; without it, what asks for them is refused by name. */
  storage?: Storage;
  /** WeChat behind `cloud.openapi`; without it, what asks for it is refused by name. */
  openApi?: CallOpenApi | undefined;
  log?: (line: GatewayLogLine) => void;
}

/** What may be known of a request afterwards: no body, no header, no value of a document. */
export interface GatewayLogLine {
  action: string;
  collectionName: string | undefined;
  functionName: string | undefined;
  requestId: string;
  durationMs: number;
  /** The SDK's error code, or undefined if the request succeeded. */
  code: string | undefined;
}
