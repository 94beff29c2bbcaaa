/** Optional means absent: what no variable asks for is not evaluated, measured in the bundle as it is deployed. */

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { bundleWithInputs } from '../../scripts/build/bundle.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
type Call = [event: object, context: object];

const FUNCTION_CALL: Call = [{}, { environment: JSON.stringify({ TCB_SOURCE: 'wx_client,scf' }) }];
const TIMER_CALL: Call = [{}, { environment: JSON.stringify({ TCB_SOURCE: 'wx_trigger' }) }];
const query = { grant_type: 'client_credential', appid: 'wxA', secret: 'key' };
const HTTP_CALL: Call = [{ httpMethod: 'GET', path: '/cgi-bin/token', queryStringParameters: query }, {}];
const ALERTS = 'functions/_shared/alerts/';
const CIPHER = 'functions/_shared/store/cipher.ts';
/** What of tickets is more than the reading of WX_TICKETS. */
const TICKETS = ['tickets', 'fetch', 'errcodes'].map((name) => `functions/_shared/ticket/${name}.ts`);

let folder = '';
let count = 0;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'optional-test-'));
});
afterAll(() => rm(folder, { recursive: true }));
afterEach(() => {
  vi.unstubAllEnvs();
  vi.unstubAllGlobals();
});

/** Calls the function once; `evaluated`: the deferred modules that it ran; `optional`: those that are in the bundle. */
async function callOnce(name: string, [event, context]: Call, variables: Record<string, string>) {
  const { code, inputs } = await bundleWithInputs(`functions/${name}/index.ts`, ROOT);
  const marked = Buffer.from(code)
    .toString()
    // esbuild keeps a module that only `import()` reaches as a function under its path, and runs it when asked.
    .replace(
      /"(functions\/[^"]+)"\(\)\{/g,
      (head, path) => `${head}globalThis.evaluated.push(${JSON.stringify(path)});`,
    );
  const file = join(folder, `${++count}.cjs`);
  await writeFile(file, marked);
  const evaluated: string[] = [];
  vi.stubGlobal('evaluated', evaluated);
  // Nothing listens there, and the database has no credentials: no call leaves the process.
  const empty = { ALERT_WEBHOOK_URL: '', TOKEN_ENCRYPTION_KEYS: '', WX_TICKETS: '' };
  const defaults = { WX_APPID: 'wxA', WX_APPSECRET: 's', ...empty };
  const none = { TENCENTCLOUD_SECRETID: '', TENCENTCLOUD_SECRETKEY: '', CLOUDBASE_APIKEY: '' };
  for (const [key, value] of Object.entries({ ...defaults, ...none, ...variables })) vi.stubEnv(key, value);
  const { main } = createRequire(import.meta.url)(file) as {
    main(event: object, context: object): Promise<unknown>;
  };
  await main(event, context);
  const optional = inputs.filter(
    (path) => path.startsWith(ALERTS) || path === CIPHER || TICKETS.includes(path),
  );
  const deferred = optional.filter((path) => marked.includes(`"${path}"(){`));
  return { evaluated: evaluated.filter((path) => optional.includes(path)), optional, deferred };
}

describe.each([
  { name: 'getAccessToken', call: FUNCTION_CALL },
  { name: 'refreshAccessToken', call: TIMER_CALL },
  { name: 'accessTokenHttp', call: HTTP_CALL },
])('$name', ({ name, call }) => {
  it('evaluates neither alerts nor cipher nor tickets when no variable asks for them', async () => {
    const { evaluated, optional, deferred } = await callOnce(name, call, {});
    expect(optional.length).toBeGreaterThan(10);
    expect(deferred).toEqual(optional);
    expect(evaluated).toEqual([]);
  });
});

describe('what a variable asks for', () => {
  it('is evaluated: the alerts with a webhook', async () => {
    const { evaluated } = await callOnce('getAccessToken', FUNCTION_CALL, {
      ALERT_WEBHOOK_URL: 'http://127.0.0.1:1/hook',
    });
    expect(evaluated).toContain(`${ALERTS}alerts.ts`);
    expect(evaluated).not.toContain(CIPHER);
  });

  it('is evaluated: the cipher with a key', async () => {
    const { evaluated } = await callOnce('getAccessToken', FUNCTION_CALL, {
      TOKEN_ENCRYPTION_KEYS: Buffer.alloc(32, 7).toString('base64'),
    });
    expect(evaluated).toEqual([CIPHER]);
  });

  it('is evaluated: the tickets, where a tick fetches them, and not for those who want a token', async () => {
    const WX_TICKETS = 'jsapi';
    const { evaluated } = await callOnce('refreshAccessToken', TIMER_CALL, { WX_TICKETS });
    expect(evaluated.toSorted()).toEqual(TICKETS.toSorted());
    expect((await callOnce('getAccessToken', FUNCTION_CALL, { WX_TICKETS })).evaluated).toEqual([]);
  });
});
