/** A function that gives the token, asked by `callFunction` for every call: this project's, or a naive getter. */

import { app, useToken } from './platform.ts';
import { serve } from './serve.ts';

const name = process.env['GETTER'] ?? '';
/** The naive getter takes no reports. */
const takesReports = name === 'getAccessToken';
const REFUSED = new Set([40001, 40014, 42001]);

/** As the snippet in docs/calling.md has it. */
export const main = serve({
  token: () => askFor(undefined),
  async call() {
    const token = await askFor(undefined);
    const errcode = await useToken(token);
    if (!takesReports || !REFUSED.has(errcode)) return errcode;
    const other = await askFor(token);
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    return useToken(other);
  },
});

interface Reply {
  errcode?: number;
  access_token?: string;
}

async function askFor(refused: string | undefined): Promise<string> {
  const data = refused === undefined ? {} : { invalid_access_token: refused };
  const { result } = (await app.callFunction({ name, data })) as { result: Reply };
  if (result.errcode !== 0) throw Object.assign(new Error('no token'), { code: result.errcode });
  return result.access_token ?? '';
}
