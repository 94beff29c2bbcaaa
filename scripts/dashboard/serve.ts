/** The dashboard's server: the page, its stream of updates, and the controls if there are any. */

import { startHttpServer, type HttpAnswer, type HttpRequest } from '../local/http-server.ts';
import { readPage, type Asset } from './assets.ts';
import { createFeed, type Feed, type Source } from './feed.ts';
import type { UserProject } from './user-project.ts';
import type { Knobs } from './knobs.ts';
import { SAFETY_HEADERS } from './safety-headers.ts';
import { streamOf } from './stream.ts';

export interface DashboardOptions {
  /** 0 takes any free port. */
  port: number;
  /** What the page shows when it asks for anything but its own files. */
  secret: string;
  source: Source;
  /** Undefined: read only. */
  knobs?: Knobs | undefined;
  /** Undefined: nothing is shown beside ours. */
  userProject?: UserProject | undefined;
}

export interface Dashboard {
  /** With the secret, for the one who may look: the page takes it out of the address bar. */
  address: string;
  url: string;
  close(): Promise<void>;
}

interface Site {
  assets: ReadonlyMap<string, Asset>;
  feed: Feed;
  knobs: Knobs | undefined;
  userProject: UserProject | undefined;
}

/** More than any control needs. */
const MAX_BODY_BYTES = 4_096;
const KNOB_PATH = '/knobs/';
const JSON_TYPE = 'application/json';

/** Rejects with Node's own error (`EADDRINUSE` …) when it can't listen. */
export async function startDashboard(options: DashboardOptions): Promise<Dashboard> {
  const { port, secret, source, knobs, userProject } = options;
  const site: Site = { assets: await readPage(), feed: createFeed(source), knobs, userProject };
  const server = await startHttpServer({
    port,
    secret,
    // The page's own files tell nothing; what they show is asked for with the secret.
    isOpen: (path) => site.assets.has(path),
    maxBodyBytes: MAX_BODY_BYTES,
    refuse,
    handle: (request) => answer(site, request),
  });
  return {
    address: `${server.url}/#secret=${secret}`,
    url: server.url,
    close() {
      site.feed.close();
      return server.close();
    },
  };
}

async function answer(site: Site, request: HttpRequest): Promise<HttpAnswer> {
  const { method, path } = request;
  if (path.startsWith(KNOB_PATH)) return turn(site, path.slice(KNOB_PATH.length), request);
  const lines = detailsOf(site.userProject, path);
  if (lines !== null && method === 'GET') return reply(200, JSON_TYPE, JSON.stringify({ lines }));
  const asset = site.assets.get(path);
  if (asset === undefined && path !== '/events') return refuse(404, 'there is no such page');
  if (method !== 'GET') return refuse(405, 'pages are read with GET');
  if (asset !== undefined) return replyWith(asset, request);
  return streamOf(site.feed) ?? refuse(503, 'too many open pages: close some');
}

/** `/functions/<name>` and `/collections/<name>`. */
function detailsOf(userProject: UserProject | undefined, path: string): readonly string[] | null {
  const [, kind = '', name, more] = path.split('/');
  if (userProject === undefined || name === undefined || more !== undefined) return null;
  try {
    return userProject.details(kind, decodeURIComponent(name));
  } catch {
    return null;
  }
}

async function turn(
  { knobs, feed }: Site,
  name: string,
  { method, headers, body }: HttpRequest,
): Promise<HttpAnswer> {
  if (knobs === undefined) return refuse(404, 'there are no knobs here');
  if (method !== 'POST') return refuse(405, 'knobs are turned with POST');
  if (headers['content-type'] !== JSON_TYPE) return refuse(415, `send ${JSON_TYPE}`);
  const { status, result } = await knobs.turn(name, body.toString('utf8'));
  await feed.readNow();
  return reply(status, JSON_TYPE, JSON.stringify(result));
}

function refuse(status: number, problem: string): HttpAnswer {
  return reply(status, JSON_TYPE, JSON.stringify({ problem }));
}

function replyWith({ type, body, gzipped }: Asset, { headers }: HttpRequest): HttpAnswer {
  if (!(headers['accept-encoding'] ?? '').includes('gzip')) return reply(200, type, body);
  const sent = reply(200, type, gzipped);
  return { ...sent, headers: { ...sent.headers, 'content-encoding': 'gzip' } };
}

function reply(status: number, type: string, body: string | Buffer): HttpAnswer {
  return { status, headers: { ...SAFETY_HEADERS, 'content-type': type }, body };
}
