/** The servers of the embedded cloud can be reached from this machine by 127.0.0.1, and by no other address. */

import { connect } from 'node:net';
import { networkInterfaces } from 'node:os';
import { expect, it, onTestFinished } from 'vitest';
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
  const server = await startHttpServer({ port: 0, handle: () => ({ status: 200 }) });
  onTestFinished(() => server.close());
  const own = Object.values(networkInterfaces()).flatMap((list) =>
    (list ?? []).map(({ address }) => address),
  );
  expect(await canConnect('127.0.0.1', server.port)).toBe(true);
  const others = [...new Set([...own, '127.0.0.2', '::1'])].filter((address) => address !== '127.0.0.1');
  const reached = await Promise.all(others.map((address) => canConnect(address, server.port)));
  expect(reached).toEqual(others.map(() => false));
});
