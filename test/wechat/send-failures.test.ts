/** `send` when something goes wrong: what may have arrived is told from what was never sent. */

import { inspect } from 'node:util';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { send } from '../../functions/_shared/wechat/send.ts';
import type { SendResult } from '../../functions/_shared/wechat/send.ts';
import { closedPort, serveBytes, serveHttp, serveHttps } from './loopback.ts';

const SECRET = 'canary-secret';
const timeoutMs = 2_000;

afterEach(() => vi.unstubAllEnvs());

/** Puts the secret into the URL and the body, and expects it in no corner of the result. */
async function sendSecret(baseUrl: string, limitMs = timeoutMs): Promise<SendResult> {
  const [get, post] = await Promise.all([
    send({ url: `${baseUrl}/cgi-bin/token?secret=${SECRET}`, body: null, timeoutMs: limitMs }),
    send({ url: `${baseUrl}/cgi-bin/stable_token`, body: `{"secret":"${SECRET}"}`, timeoutMs: limitMs }),
  ]);
  expect(inspect([get, post], { depth: Infinity, showHidden: true })).not.toContain(SECRET);
  expect(post).toEqual(get);
  return get;
}

describe('lost', () => {
  it('is a request whose connection is reset once it has arrived', async () => {
    const server = await serveBytes((socket) => socket.resetAndDestroy());
    const result = await sendSecret(`http://127.0.0.1:${server.port}`);
    expect(result).toEqual({ kind: 'lost', code: 'ECONNRESET' });
    expect(server.bytes()).toContain(SECRET);
  });

  it('is an answer that stops half way', async () => {
    const head = 'HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n';
    const server = await serveBytes((socket) => socket.end(`${head}{"access_token":"110_`));
    expect(await sendSecret(`http://127.0.0.1:${server.port}`)).toMatchObject({ kind: 'lost' });
  });

  it('is an answer that never comes, after the time given and not much more', async () => {
    const server = await serveHttp(() => undefined);
    const startedAtMs = performance.now();
    const result = await sendSecret(server.url, 300);
    expect(result).toEqual({ kind: 'lost', code: 'TIMEOUT' });
    expect(performance.now() - startedAtMs).toBeGreaterThan(290);
    expect(performance.now() - startedAtMs).toBeLessThan(5_000);
    expect(server.arrived).toHaveLength(2);
  });

  it('is an answer that drips on past the time given: the bound is on the whole, not on the silence', async () => {
    const server = await serveHttp((response) => {
      const drip = setInterval(() => response.write(' '), 50);
      response.on('close', () => clearInterval(drip));
    });
    expect(await sendSecret(server.url, 400)).toEqual({ kind: 'lost', code: 'TIMEOUT' });
  });

  it('is an answer that is far too long to be WeChat speaking', async () => {
    const server = await serveHttp((response) => response.end('x'.repeat(65 * 1024)));
    expect(await sendSecret(server.url)).toMatchObject({ kind: 'lost' });
    const bounded = await serveHttp((response) => response.end('x'.repeat(64 * 1024)));
    expect(await sendSecret(bounded.url)).toMatchObject({ kind: 'answered' });
  });

  it('is an answer that is no HTTP', async () => {
    const server = await serveBytes((socket) => socket.end('SSH-2.0-OpenSSH_9.6\r\n'));
    expect(await sendSecret(`http://127.0.0.1:${server.port}`)).toMatchObject({ kind: 'lost' });
  });

  it('is a reset behind a finished TLS handshake, however the scheme is spelled', async () => {
    vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '0');
    const server = await serveHttps((response) => response.destroy());
    expect(await sendSecret(server.url)).toEqual({ kind: 'lost', code: 'ECONNRESET' });
    expect(await sendSecret(server.url.replace('https', 'HTTPS'))).toMatchObject({ kind: 'lost' });
  });
});

describe('not sent', () => {
  it('is a request to a port on which nobody listens', async () => {
    const result = await sendSecret(`http://127.0.0.1:${await closedPort()}`);
    expect(result).toEqual({ kind: 'not-sent', code: 'ECONNREFUSED' });
  });

  it('is a request to an address that is none', async () => {
    expect(await sendSecret('https://:0')).toEqual({ kind: 'not-sent', code: 'ERR_INVALID_URL' });
  });

  it('is one whose TLS handshake does not come to an end, given up after 2 s', async () => {
    const server = await serveBytes(() => undefined);
    const startedAtMs = performance.now();
    const result = await sendSecret(`https://127.0.0.1:${server.port}`, 5_000);
    expect(result).toEqual({ kind: 'not-sent', code: 'CONNECT_TIMEOUT' });
    expect(performance.now() - startedAtMs).toBeLessThan(4_900);
    expect(server.bytes()).not.toBe('');
    expect(server.bytes()).not.toContain(SECRET);
  });

  it('is one to a server whose certificate nobody vouches for: the secret stays here', async () => {
    const server = await serveHttps((response) => response.end('{}'));
    expect(await sendSecret(server.url)).toMatchObject({ kind: 'not-sent' });
    expect(server.arrived).toEqual([]);
  });
});

describe('the environment', () => {
  it('can name a proxy, and the request goes past it', async () => {
    const proxy = await serveHttp((response) => response.end('{}'));
    const server = await serveHttp((response) => response.end('direct'));
    for (const name of ['HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY', 'http_proxy', 'https_proxy', 'all_proxy'])
      vi.stubEnv(name, proxy.url);
    vi.stubEnv('NO_PROXY', '');
    vi.stubEnv('no_proxy', '');
    expect(await sendSecret(server.url)).toEqual({ kind: 'answered', status: 200, body: 'direct' });
    expect(await sendSecret(`https://127.0.0.1:${await closedPort()}`)).toMatchObject({ kind: 'not-sent' });
    expect(proxy.arrived).toEqual([]);
  });
});
