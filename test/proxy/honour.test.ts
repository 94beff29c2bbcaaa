/** What leaves a process that honours a proxy, by whichever way it leaves. */

import { once } from 'node:events';
import { createServer, get as getHttp } from 'node:http';
import { get as getHttps } from 'node:https';
import { connect, type AddressInfo, type LookupFunction, type Socket } from 'node:net';
import { afterEach, describe, expect, it, onTestFinished } from 'vitest';
import { send } from '../../functions/_shared/wechat/send.ts';
import { honourProxy } from '../../scripts/proxy/honour.ts';

let leave = (): void => undefined;
afterEach(() => leave());

interface Told {
  url: string;
  /** `exceptions` are what `no_proxy` holds. */
  honour(exceptions?: string): void;
  lines: string[];
}

/** A proxy that leads every host to one server on loopback, or answers CONNECT with a status. */
async function startTunnel({ port, status = 200 }: { port: number; status?: number }): Promise<Told> {
  const lines: string[] = [];
  const server = createServer((incoming, outgoing) => {
    lines.push(`${incoming.method} ${incoming.url}`);
    outgoing.writeHead(405).end();
  });
  server.on('connect', (incoming, socket: Socket) => {
    lines.push(`CONNECT ${incoming.url}`);
    socket.on('error', () => undefined);
    if (status !== 200) return void socket.end(`HTTP/1.1 ${status} No\r\n\r\n`);
    socket.write('HTTP/1.1 200 OK\r\n\r\n');
    const onward = connect(port, '127.0.0.1').on('error', () => socket.destroy());
    socket.pipe(onward).pipe(socket);
  });
  const url = await listen(server);
  const honour = (exceptions = ''): void => {
    leave = honourProxy({ url, exceptions });
  };
  return { url, honour, lines };
}

async function listen(server: ReturnType<typeof createServer>): Promise<string> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function startOrigin(): Promise<{ url: string; port: number }> {
  const url = await listen(createServer((incoming, outgoing) => outgoing.end(`origin ${incoming.url}`)));
  return { url, port: Number(new URL(url).port) };
}

function textOf(url: string, lookup?: LookupFunction): Promise<string> {
  return new Promise((resolve, reject) => {
    const get = url.startsWith('https:') ? getHttps : getHttp;
    const request = get(url, lookup ? { lookup } : {}, (response) => {
      let text = '';
      response.on('data', (chunk: Buffer) => (text += chunk.toString()));
      response.on('end', () => resolve(text));
    });
    request.on('error', reject);
  });
}

/** Every name is this machine: nothing is looked up outside of it. */
const here: LookupFunction = (_, options, done) =>
  options.all ? done(null, [{ address: '127.0.0.1', family: 4 }]) : done(null, '127.0.0.1', 4);

describe('a process that honours a proxy', () => {
  it.each([
    ['http', () => textOf('http://plain.example/path?secret=1')],
    ['fetch', async () => (await fetch('http://plain.example/path?secret=1')).text()],
  ])('asks by CONNECT, and tells the proxy no path and no query: %s', async (_, ask) => {
    const tunnel = await startTunnel(await startOrigin());
    tunnel.honour();
    expect(await ask()).toBe('origin /path?secret=1');
    expect(tunnel.lines).toEqual(['CONNECT plain.example:80']);
  });

  it('goes past it to this machine, to what no_proxy lists, and after it has left', async () => {
    const origin = await startOrigin();
    const tunnel = await startTunnel(origin);
    tunnel.honour('plain.example');
    expect(await textOf(`http://plain.example:${origin.port}/a`, here)).toBe('origin /a');
    expect(await textOf(`${origin.url}/b`)).toBe('origin /b');
    expect(await (await fetch(`${origin.url}/c`)).text()).toBe('origin /c');
    expect(await (await fetch(`http://localhost:${origin.port}/d`)).text()).toBe('origin /d');
    leave();
    expect(await textOf(`http://other.example:${origin.port}/e`, here)).toBe('origin /e');
    expect(tunnel.lines).toEqual([]);
  });

  it.each([403, 407])('is told that nothing was sent where the proxy answers %s', async (status) => {
    const tunnel = await startTunnel({ port: 9, status });
    tunnel.honour();
    const request = { url: 'https://api.example/?secret=1', body: null, timeoutMs: 5_000 };
    expect(await send(request)).toEqual({ kind: 'not-sent', code: `PROXY_${status}` });
    await expect(textOf('https://api.example/')).rejects.toThrow(`the proxy answered ${status}`);
    await expect(fetch('https://api.example/')).rejects.toThrow('fetch failed');
    await expect(fetch('http://api.example/')).rejects.toThrow('fetch failed');
    const line = ['CONNECT api.example:443', 'CONNECT api.example:443', 'CONNECT api.example:443'];
    expect(tunnel.lines).toEqual([...line, 'CONNECT api.example:80']);
  });

  it('is told that nothing was sent where the tunnel ends before TLS is there', async () => {
    const tunnel = await startTunnel({ port: 9 });
    tunnel.honour();
    const request = { url: 'https://api.example/?secret=1', body: null, timeoutMs: 5_000 };
    expect(await send(request)).toMatchObject({ kind: 'not-sent' });
  });

  it('is told so where nobody is at the address of the proxy', async () => {
    leave = honourProxy({ url: 'http://127.0.0.1:9', exceptions: '' });
    const request = { url: 'https://api.example/?secret=1', body: null, timeoutMs: 5_000 };
    expect(await send(request)).toEqual({ kind: 'not-sent', code: 'ECONNREFUSED' });
    await expect(textOf('http://api.example/')).rejects.toThrow(/ECONNREFUSED/);
  });
});
