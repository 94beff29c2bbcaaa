/** The servers of the embedded cloud can be reached from this machine by 127.0.0.1, and by no other address. */

import { readdirSync, readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { ROOT } from '../support/cloud.ts';
import { startHttpServer } from '../../scripts/local/http-server.ts';

function canConnect(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: 2_000 });
    const settle = (isConnected: boolean) => (): void => {
      socket.destroy();
      resolve(isConnected);
    };
    socket.once('connect', settle(true)).once('error', settle(false)).once('timeout', settle(false));
  });
}

it('listens on 127.0.0.1 alone', async () => {
  const server = await startHttpServer({ port: 0, secret: null, handle: () => ({ status: 200 }) });
  onTestFinished(() => server.close());
  const own = Object.values(networkInterfaces()).flatMap((list) =>
    (list ?? []).map(({ address }) => address),
  );
  expect(await canConnect('127.0.0.1', server.port)).toBe(true);
  const others = [...new Set([...own, '127.0.0.2', '::1'])].filter((address) => address !== '127.0.0.1');
  const reached = await Promise.all(others.map((address) => canConnect(address, server.port)));
  expect(reached).toEqual(others.map(() => false));
});

it('is the only way in which a script opens a server', () => {
  const scripts = readdirSync(join(ROOT, 'scripts'), { recursive: true })
    .map(String)
    .filter((name) => /\.[cm]?[jt]sx?$/.test(name));
  const opening = /\bcreate(?:Secure)?Server\b|\bnew (?:\w+\.)?Server\(|\bcreateSocket\b|WebSocketServer/;
  const openers = scripts.filter((name) => opening.test(readFileSync(join(ROOT, 'scripts', name), 'utf8')));
  expect(openers).toEqual(['local/http-server.ts']);
});

it('answers 413 to a request that is too long, and goes on', async () => {
  const server = await startHttpServer({
    port: 0,
    secret: null,
    maxBodyBytes: 10,
    handle: ({ body }) => ({ status: 200, body }),
  });
  onTestFinished(() => server.close());
  const post = (body: string): Promise<Response> => fetch(server.url, { method: 'POST', body });
  expect((await post('x'.repeat(11))).status).toBe(413);
  expect((await post('x'.repeat(1_000_000))).status).toBe(413);
  expect(await (await post('x'.repeat(10))).text()).toBe('x'.repeat(10));
});
