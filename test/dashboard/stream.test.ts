/** The stream to one page that reads, and to one that has stopped reading. */

import { createServer } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { createFeed, type Feed } from '../../scripts/dashboard/feed.ts';
import type { Snapshot } from '../../scripts/dashboard/snapshot.ts';
import { streamOf } from '../../scripts/dashboard/stream.ts';
import { listenTo } from './support.ts';

/** With one of these every few milliseconds the system's own buffers, some megabytes, are full within a second. */
const LARGE = 'x'.repeat(128 * 1024);

it('cuts off a page that reads nothing any more, and no other', async () => {
  const { url, port, feed, ended } = await serveNews();
  const reader = await listenTo(url);
  const idle = connect(port, '127.0.0.1', () =>
    idle.write('GET /events HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n'),
  );
  onTestFinished(() => void idle.destroy());
  idle.on('error', () => undefined).pause();
  await expect.poll(ended, { timeout: 20_000 }).toBe(1);
  const before = reader.text().length;
  await expect.poll(() => reader.text().length, { timeout: 5_000 }).toBeGreaterThan(before + LARGE.length);
  expect([ended(), feed.watchers()]).toEqual([1, 1]);
});

/** A place where every look finds something else, and much of it. */
async function serveNews(): Promise<{ url: string; port: number; feed: Feed; ended: () => number }> {
  let [looks, ended] = [0, 0];
  const read = async () => ({ mark: String(looks++), snapshot: { environment: LARGE } as Snapshot });
  const feed = createFeed({ periodMs: 5, beatMs: 0, read });
  const server = createServer((_, response) => {
    response.once('close', () => (ended += 1));
    const { status, headers, stream } = streamOf(feed)!;
    stream!(response.writeHead(status, headers));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    feed.close();
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, port, feed, ended: () => ended };
}
