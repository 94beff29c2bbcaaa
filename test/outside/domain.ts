/** The domain that CloudBase HTTP access puts before the function: on this machine, before the client door. */

import { request } from 'node:http';
import { startHttpServer, type HttpAnswer, type HttpRequest } from '../../scripts/local/http-server.ts';
import { bearer, type TestCloud } from '../support/cloud.ts';

const PATH = '/wechat';

/** What comes goes on as it is, with the secret of the local door, which the platform's own needs none of. */
export async function startDomain({
  door,
  secret,
}: TestCloud): Promise<{ url: string; close(): Promise<void> }> {
  const handle = (incoming: HttpRequest): Promise<HttpAnswer> =>
    new Promise((resolve, reject) => {
      const { method, query, body } = incoming;
      const path = incoming.path.replace(PATH, '/http/accessTokenHttp') + (query === '' ? '' : `?${query}`);
      const headers = { ...incoming.headers, host: `127.0.0.1:${door.port}`, ...bearer(secret) };
      const sent = request({ host: '127.0.0.1', port: door.port, method, path, headers }, (answer) => {
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
  const server = await startHttpServer({ port: 0, secret: null, handle });
  return { url: server.url + PATH, close: () => server.close() };
}
