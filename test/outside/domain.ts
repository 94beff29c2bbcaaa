/** What stands before others on this machine: CloudBase HTTP access before the function, a second address before WeChat. */

import { request } from 'node:http';
import { startHttpServer, type HttpAnswer, type HttpRequest } from '../../scripts/local/http-server.ts';
import { bearer, type TestCloud } from '../support/cloud.ts';

const PATH = '/wechat';

/** What comes goes on as it is, with the secret of the local door, which the platform's own needs none of. */
export async function startDomain({
  door,
  secret,
}: TestCloud): Promise<{ url: string; close(): Promise<void> }> {
  const handle = (incoming: HttpRequest): Promise<HttpAnswer> => {
    const path = incoming.path.replace(PATH, '/http/accessTokenHttp');
    return passOn({ ...incoming, path, headers: { ...incoming.headers, ...bearer(secret) } }, door.port);
  };
  const server = await startHttpServer({ port: 0, secret: null, handle });
  return { url: server.url + PATH, close: () => server.close() };
}

/** An address of WeChat's that leads to the sandbox once it is known, and remembers what it was asked. */
export async function startAddress(): Promise<{
  url: string;
  paths: string[];
  leadTo(url: string): void;
  close(): Promise<void>;
}> {
  const paths: string[] = [];
  let port = '';
  const handle = (incoming: HttpRequest): Promise<HttpAnswer> => {
    paths.push(incoming.path);
    return passOn(incoming, port);
  };
  const server = await startHttpServer({ port: 0, secret: null, handle });
  return {
    url: server.url,
    paths,
    leadTo: (url) => void ({ port } = new URL(url)),
    close: () => server.close(),
  };
}

function passOn(
  { method, path, query, body, headers }: HttpRequest,
  port: number | string,
): Promise<HttpAnswer> {
  return new Promise((resolve, reject) => {
    const whole = path + (query === '' ? '' : `?${query}`);
    const own = { ...headers, host: `127.0.0.1:${port}` };
    const sent = request({ host: '127.0.0.1', port, method, path: whole, headers: own }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on('data', (chunk: Buffer) => chunks.push(chunk));
      answer.on('end', () =>
        resolve({
          status: answer.statusCode ?? 0,
          headers: answer.headers as Record<string, string>,
          body: Buffer.concat(chunks),
        }),
      );
    });
    sent.on('error', reject).end(body);
  });
}
