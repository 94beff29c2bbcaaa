/** The server of the gateway, the doors and the sandbox. */

import { expect, it } from 'vitest';
import { startHttpServer } from '../../scripts/local/http-server.ts';

it('keeps a connection for longer than an SDK does: one that it closes may have a request on its way', async () => {
  const server = await startHttpServer({ port: 0, secret: null, handle: () => ({ status: 204 }) });
  const { headers } = await fetch(server.url);
  await server.close();
  const [, seconds] = /timeout=(\d+)/.exec(headers.get('keep-alive') ?? '') ?? [];
  // In @cloudbase/node-sdk 3.18.3: dist/utils/request-core.js, freeSocketTimeout.
  expect(Number(seconds) * 1000).toBeGreaterThan(2 * 4800);
});
