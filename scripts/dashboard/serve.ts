/** The dashboard's server: the page, its stream of updates, and the controls if there are any. On 127.0.0.1 only. */

import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { bundlePage, type Asset } from './assets.ts';
import { createFeed, type Feed, type Source } from './feed.ts';
import { mayLook, mayTurn, SAFETY_HEADERS } from './gate.ts';
import type { Knobs } from './knobs.ts';
import { streamTo } from './stream.ts';

export interface DashboardOptions {
  /** 0 takes any free port. */
  port: number;
  source: Source;
  /** Undefined: read only. */
  knobs?: Knobs | undefined;
}

export interface Dashboard {
  url: string;
  close(): Promise<void>;
}

interface Site {
  assets: ReadonlyMap<string, Asset>;
  feed: Feed;
  knobs: Knobs | undefined;
  key: string;
}

/** More than any control needs. */
const MOST_BODY_BYTES = 4_096;
const KNOB_PATH = '/knobs/';
const JSON_TYPE = 'application/json';

/** Rejects with Node's own error (`EADDRINUSE` …) when it can't listen. */
export async function startDashboard({ port, source, knobs }: DashboardOptions): Promise<Dashboard> {
  const key = randomBytes(24).toString('base64url');
  const assets = await bundlePage(knobs && key);
  const feed = createFeed(source);
  const site: Site = { assets, feed, knobs, key };
  const server = createServer((request, response) => void answer(site, request, response));
  server.maxConnections = 100;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        feed.close();
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function answer(site: Site, request: IncomingMessage, response: ServerResponse): Promise<void> {
  try {
    await route(site, request, response);
  } catch {
    // The error is not shown: an unexpected one may quote a secret.
    if (response.headersSent) response.destroy();
    else refuse(response, 500, 'the dashboard failed');
  }
}

async function route(site: Site, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { headers, method = '' } = request;
  const path = (request.url ?? '/').split('?')[0] ?? '/';
  if (!mayLook(headers)) return refuse(response, 403, 'only from this machine');
  if (path.startsWith(KNOB_PATH)) return turn(site, path.slice(KNOB_PATH.length), request, response);
  const asset = site.assets.get(path);
  if (asset === undefined && path !== '/events') return refuse(response, 404, 'there is no such page');
  if (method !== 'GET') return refuse(response, 405, 'pages are read with GET');
  if (asset !== undefined) return reply(response, 200, asset.type, asset.body);
  if (!streamTo(response, site.feed)) refuse(response, 503, 'too many open pages: close some');
}

async function turn(
  { knobs, key, feed }: Site,
  name: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { headers, method } = request;
  if (knobs === undefined) return refuse(response, 404, 'there are no knobs here');
  if (method !== 'POST') return refuse(response, 405, 'knobs are turned with POST');
  if (!mayTurn(headers, key)) return refuse(response, 403, 'only from the open page: load it again');
  if (headers['content-type'] !== JSON_TYPE) return refuse(response, 415, `send ${JSON_TYPE}`);
  const body = await readBody(request);
  if (body === null) return refuse(response, 413, `more than ${MOST_BODY_BYTES} bytes`);
  const { status, result } = await knobs.turn(name, body);
  await feed.lookNow();
  reply(response, status, JSON_TYPE, JSON.stringify(result));
}

/** Null when it is too long. */
async function readBody(request: IncomingMessage): Promise<string | null> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MOST_BODY_BYTES) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function refuse(response: ServerResponse, status: number, problem: string): void {
  reply(response, status, JSON_TYPE, JSON.stringify({ problem }));
}

function reply(response: ServerResponse, status: number, type: string, body: string | Buffer): void {
  const length = Buffer.byteLength(body);
  response.writeHead(status, { ...SAFETY_HEADERS, 'content-type': type, 'content-length': length }).end(body);
}
