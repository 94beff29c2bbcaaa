/** What `send` puts on the wire, and what it makes of an answer. */

import { describe, expect, it } from 'vitest';
import { send } from '../../functions/_shared/wechat/send.ts';
import { serveHttp } from './loopback.ts';

const timeoutMs = 2_000;

describe('a request', () => {
  it('with a body is a POST of JSON with a Content-Length in bytes, and never chunked', async () => {
    const server = await serveHttp((response) => response.end('{}'));
    const body = '{"secret":"密钥"}';
    await send({ url: `${server.url}/cgi-bin/stable_token`, body, timeoutMs });
    expect(server.arrived).toHaveLength(1);
    expect(server.arrived[0]).toMatchObject({ method: 'POST', path: '/cgi-bin/stable_token', body });
    expect(server.arrived[0]?.headers).toMatchObject({
      'content-type': 'application/json',
      'content-length': String(Buffer.byteLength(body)),
    });
    expect(server.arrived[0]?.headers).not.toHaveProperty('transfer-encoding');
  });

  it('without one is a GET with nothing behind its headers', async () => {
    const server = await serveHttp((response) => response.end('{}'));
    await send({ url: `${server.url}/cgi-bin/token?appid=a&secret=b%2Bc`, body: null, timeoutMs });
    expect(server.arrived[0]).toMatchObject({
      method: 'GET',
      path: '/cgi-bin/token?appid=a&secret=b%2Bc',
      body: '',
    });
    expect(server.arrived[0]?.headers).not.toHaveProperty('content-length');
    expect(server.arrived[0]?.headers).not.toHaveProperty('transfer-encoding');
    expect(server.arrived[0]?.headers).not.toHaveProperty('content-type');
  });

  it('uses a connection of its own, and leaves none open', async () => {
    const connections = new Set<string>();
    const server = await serveHttp((response, { headers }) => {
      connections.add(`${response.socket?.remotePort}`);
      response.end(headers.connection);
    });
    const first = await send({ url: server.url, body: null, timeoutMs });
    await send({ url: server.url, body: null, timeoutMs });
    expect(connections.size).toBe(2);
    expect(first).toMatchObject({ body: 'close' });
  });
});

describe('an answer', () => {
  it.each([
    ['application/json; encoding=utf-8', 200],
    ['text/plain', 200],
    ['text/html; charset=gbk', 200],
    ['application/json', 412],
    ['application/json', 502],
  ])('of type %s with status %i comes back as the text that it is', async (type, status) => {
    const body = '{"access_token":"110_a","expires_in":7200}\n';
    const server = await serveHttp((response) =>
      response.writeHead(status, { 'content-type': type }).end(body),
    );
    const result = await send({ url: server.url, body: null, timeoutMs });
    expect(result).toEqual({ kind: 'answered', status, body });
  });

  it('that redirects is not followed: the other server hears nothing', async () => {
    const other = await serveHttp((response) => response.end('{}'));
    const server = await serveHttp((response) =>
      response.writeHead(302, { location: `${other.url}/?secret=s` }).end('moved'),
    );
    const result = await send({ url: `${server.url}/?secret=s`, body: null, timeoutMs });
    expect(result).toEqual({ kind: 'answered', status: 302, body: 'moved' });
    expect(other.arrived).toEqual([]);
  });
});
