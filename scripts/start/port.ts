/** The port of the client door, looked at before anything is built: a build takes seconds. */

import { callOf } from '../command/call.ts';
import { pick } from '../command/language.ts';
import { startHttpServer } from '../local/http-server.ts';

/** Throws one readable line where something listens there already. In between, another may take it all the same. */
export async function requireFree(port: number): Promise<void> {
  if (port === 0) return;
  try {
    const server = await startHttpServer({ port, secret: null, handle: () => ({ status: 503 }) });
    await server.close();
  } catch (error) {
    throw explainPort(error, port);
  }
}

export function explainPort(error: unknown, port: number): unknown {
  if (!(error instanceof Error) || !('code' in error) || error.code !== 'EADDRINUSE') return error;
  const another = callOf('start', '--port', String(port > 60_000 ? port - 100 : port + 100));
  return new Error(
    pick({
      en: `port ${port} is busy, perhaps by another ${callOf('start')}: stop that one, or choose another port with ${another}`,
      zh: `端口 ${port} 被占用，可能是另一个 ${callOf('start')}：请停止它，或者换一个端口：${another}`,
    }),
  );
}
