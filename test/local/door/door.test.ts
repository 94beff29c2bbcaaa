import { request } from 'node:http';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import type { FunctionHost } from '../../../scripts/local/functions/host.ts';
import { startDoor } from '../../../scripts/local/door/door.ts';
import { bearer } from '../../support/cloud.ts';

const SECRET = 'door-secret';

interface Answer {
  status: number;
  text: string;
}

interface Started {
  port: number;
  invoke: ReturnType<typeof vi.fn<FunctionHost['invoke']>>;
  send: (
    path: string,
    options?: { body?: string; headers?: Record<string, string>; method?: string },
  ) => Promise<Answer>;
}

async function open(
  outcome: Awaited<ReturnType<FunctionHost['invoke']>> = { result: { errcode: 0 } },
): Promise<Started> {
  const invoke = vi.fn<FunctionHost['invoke']>().mockResolvedValue(outcome);
  const door = await startDoor({ port: 0, secret: SECRET, functions: ['getAccessToken'], invoke });
  onTestFinished(() => door.close());
  const send: Started['send'] = (path, { body = '', headers = {}, method = 'POST' } = {}) =>
    sendRequest({ port: door.port, path, body, headers: { ...bearer(SECRET), ...headers }, method });
  return { port: door.port, invoke, send };
}

describe('calling through the door', () => {
  test('POST /call/<function> calls as a mini program and answers its result', async () => {
    const { send, invoke } = await open();
    const { status, text } = await send('/call/getAccessToken?openid=oQuery', { body: '{"appid":"wx1"}' });
    expect([status, JSON.parse(text)]).toEqual([200, { result: { errcode: 0 } }]);
    expect(invoke).toHaveBeenCalledExactlyOnceWith({
      name: 'getAccessToken',
      event: { appid: 'wx1' },
      caller: { kind: 'client', openid: 'oQuery' },
    });
  });

  test('the header x-openid wins over the query string', async () => {
    const { send, invoke } = await open();
    await send('/call/getAccessToken?openid=oQuery', { headers: { 'x-openid': 'oHeader' } });
    expect(invoke.mock.calls[0]?.[0].caller).toEqual({ kind: 'client', openid: 'oHeader' });
  });

  test.for([
    { path: 'client', caller: { kind: 'client', openid: 'oLocalVisitor' } },
    { path: 'devtools', caller: { kind: 'devtools', openid: 'oLocalVisitor' } },
    { path: 'function', query: '?source=,scf', caller: { kind: 'function', source: ',scf' } },
    { path: 'timer', caller: { kind: 'timer', variety: 'wechat' } },
    { path: 'timer', query: '?variety=native', caller: { kind: 'timer', variety: 'native' } },
    { path: 'management', caller: { kind: 'management' } },
    { path: 'management', query: '?source=,unknown', caller: { kind: 'management', source: ',unknown' } },
    { path: 'web', caller: { kind: 'web', uid: 'local-web-user' } },
    { path: 'http', query: '?method=GET&path=/t', caller: { kind: 'http', method: 'GET', path: '/t' } },
    { path: 'openapi', caller: { kind: 'openapi' } },
  ])('POST /as/$path/<function>$query calls as that kind', async ({ path, query = '', caller }) => {
    const { send, invoke } = await open();
    expect((await send(`/as/${path}/getAccessToken${query}`)).status).toBe(200);
    expect(invoke).toHaveBeenCalledExactlyOnceWith({ name: 'getAccessToken', event: {}, caller });
  });

  test('a failed call answers as wx.cloud does', async () => {
    const { send } = await open({ failure: { code: 'FUNCTIONS_EXECUTE_FAIL', message: 'Error: no' } });
    const { status, text } = await send('/call/getAccessToken');
    expect([status, JSON.parse(text)]).toEqual([
      502,
      { errCode: -1, errMsg: 'cloud.callFunction:fail FUNCTIONS_EXECUTE_FAIL Error: no' },
    ]);
  });

  test('GET / lists what can be called', async () => {
    const { send } = await open();
    const { status, text } = await send('/', { method: 'GET' });
    expect(status).toBe(200);
    expect(text).toContain('POST /call/getAccessToken');
    expect(text).toContain('client, devtools, function, timer, management, web, http, openapi');
  });
});

describe('refusals of the door', () => {
  test.for([
    { title: 'a foreign host name', headers: { host: 'evil.example' } },
    { title: 'a host name that only begins like ours', headers: { host: '127.0.0.1.evil.example' } },
    { title: 'a page of another site', headers: { origin: 'https://evil.example' } },
    { title: 'a page without a readable origin', headers: { origin: 'null' } },
    { title: 'another server of this machine', headers: { origin: 'http://127.0.0.1:1' } },
    { title: 'a link on a page of another site', headers: { 'sec-fetch-site': 'cross-site' } },
    { title: 'a link on a page at another port', headers: { 'sec-fetch-site': 'same-site' } },
  ])('$title gets 403 and nothing is called', async ({ headers }) => {
    const { send, invoke } = await open();
    const { status, text } = await send('/call/getAccessToken', { headers });
    expect([status, JSON.parse(text)]).toMatchObject([403, { errCode: -1 }]);
    expect(invoke).not.toHaveBeenCalled();
  });

  test.for(['', 'Bearer', 'Bearer x', `Bearer ${SECRET}x`, SECRET])(
    'without the secret of this start (%j) nothing is called, by whatever path',
    async (authorization) => {
      const { send, invoke } = await open();
      for (const path of ['/call/getAccessToken', '/as/function/getAccessToken', '/http/getAccessToken/'])
        for (const method of ['GET', 'POST'])
          expect((await send(path, { method, headers: { authorization } })).status).toBe(401);
      expect((await send('/', { method: 'GET', headers: { authorization } })).status).toBe(401);
      expect(invoke).not.toHaveBeenCalled();
    },
  );

  test('the secret is not handed on to the function', async () => {
    const { send, invoke } = await open({ result: 'ok' });
    expect((await send('/http/getAccessToken/', { headers: { 'x-other': 'y' } })).status).toBe(200);
    expect(JSON.stringify(invoke.mock.calls)).toContain('x-other');
    expect(JSON.stringify(invoke.mock.calls)).not.toContain(SECRET);
  });

  test('a page of this machine may call', async () => {
    const { send, port } = await open();
    const headers = { host: `localhost:${port}`, origin: `http://localhost:${port}` };
    expect((await send('/call/getAccessToken', { headers })).status).toBe(200);
  });

  test.for([
    { path: '/call/getAccessToken', body: '{', status: 400, says: 'must be a JSON object' },
    { path: '/call/getAccessToken', body: '[1]', status: 400, says: 'must be a JSON object' },
    { path: '/as/nobody/getAccessToken', status: 404, says: 'no caller kind \\"nobody\\"' },
    { path: '/as/toString/getAccessToken', status: 404, says: 'no caller kind' },
    { path: '/call', status: 404, says: 'no such path' },
    { path: '/call/getAccessToken/more', status: 404, says: 'no such path' },
    { path: '/elsewhere', status: 404, says: 'no such path' },
    { path: '/call/getAccessToken', method: 'GET', status: 405, says: 'call with POST' },
  ])('$method $path with "$body" is answered $status', async ({ path, status, says, ...options }) => {
    const { send, invoke } = await open();
    const answer = await send(path, options);
    expect(answer.status).toBe(status);
    expect(answer.text).toContain(says);
    expect(invoke).not.toHaveBeenCalled();
  });

  test('an unknown function is 404', async () => {
    const { send } = await open({ failure: { code: 'FUNCTION_NOT_FOUND', message: 'nope' } });
    expect((await send('/call/nope')).status).toBe(404);
  });
});

/** `fetch` would not send a Host header of our choice. */
function sendRequest(options: {
  port: number;
  path: string;
  method: string;
  headers: Record<string, string>;
  body: string;
}): Promise<Answer> {
  const { body, ...rest } = options;
  return new Promise((resolve, reject) => {
    const outgoing = request({ host: '127.0.0.1', ...rest }, (incoming) => {
      let text = '';
      incoming.setEncoding('utf8');
      incoming.on('data', (chunk: string) => (text += chunk));
      incoming.on('end', () => resolve({ status: incoming.statusCode ?? 0, text }));
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}
