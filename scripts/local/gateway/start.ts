/** The embedded CloudBase gateway: one HTTP endpoint that speaks the server SDKs' wire protocol. */

import { startHttpServer, type HttpServer } from '../http-server.ts';
import { answerBucket, isForBucket } from '../storage/bucket.ts';
import { createFaults, type Faults } from './faults.ts';
import type { GatewayOptions } from './options.ts';
import { answerRequest } from './respond.ts';
import { createStats, type Stats } from './stats.ts';

export interface Gateway {
  /** What `TCB_CONTEXT_CNFG`'s `URL` must be for the SDKs to come here. */
  url: string;
  port: number;
  faults: Faults;
  stats: Stats;
  close(): Promise<void>;
}

/** Above the largest document, so that the database is what refuses one that is larger, with its own code. */
const MOST_BODY_BYTES = 24 * 1024 * 1024;

/** Rejects with Node's own error (`EADDRINUSE` …) when it can't listen. */
export async function startGateway(options: GatewayOptions): Promise<Gateway> {
  const faults = createFaults();
  const stats = createStats();
  const { port, storage } = options;
  const server: HttpServer = await startHttpServer({
    port,
    // Every request is signed, for the storage as well.
    secret: null,
    maxBodyBytes: MOST_BODY_BYTES,
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
