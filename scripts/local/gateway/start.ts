/** The embedded CloudBase gateway: one HTTP endpoint that speaks the server SDKs' wire protocol. */

import type { CloudClock } from '../clock.ts';
import type { Database } from '../database/open.ts';
import { startHttpServer, type HttpServer } from '../http-server.ts';
import { answerBucket, isForBucket } from '../storage/bucket.ts';
import type { Storage } from '../storage/storage.ts';
import type { InvokeFunction } from './call.ts';
import { createFaults, type Faults } from './faults.ts';
import { answerRequest } from './respond.ts';
import type { Credential } from './signature.ts';
import { createStats, type Stats } from './stats.ts';

export interface GatewayOptions {
  database: Database;
  clock: CloudClock;
  /** 0 takes any free port. */
  port: number;
  /** The one environment that exists here; unset, any is accepted. */
  envId?: string;
  credentials: (secretId: string) => Credential | undefined;
  /** Also accepted, as `Authorization: Bearer`. */
  accessKey?: string;
  invokeFunction: InvokeFunction;
  /** Files; without it, what asks for them is refused by name. */
  storage?: Storage;
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

export interface Gateway {
  /** What `TCB_CONTEXT_CNFG`'s `URL` must be for the SDKs to come here. */
  url: string;
  port: number;
  faults: Faults;
  stats: Stats;
  close(): Promise<void>;
}

/** Rejects with Node's own error (`EADDRINUSE` …) when it can't listen. */
export async function startGateway(options: GatewayOptions): Promise<Gateway> {
  const faults = createFaults();
  const stats = createStats();
  const { port, storage } = options;
  const server: HttpServer = await startHttpServer({
    port,
    handle: (request) =>
      storage !== undefined && isForBucket(request)
        ? answerBucket(request, storage)
        : answerRequest(request, { ...options, faults, stats, origin: server.url }),
  });
  return {
    url: `${server.url}/admin`,
    port: server.port,
    faults,
    stats,
    close() {
      faults.clear();
      return server.close();
    },
  };
}
