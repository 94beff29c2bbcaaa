/** Who is let in: signatures, credentials, and what is never said of a request. */

import tcb from '@cloudbase/node-sdk';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { GatewayLogLine } from '../../../scripts/local/gateway/options.ts';
import { readCaptures, type RecordedRequest } from './captures.ts';
import { ACCESS_KEY, ENV_ID, pointSdksAt, SECRET_KEY, startTestCloud, type TestCloud } from './cloud.ts';
import { send, signAnew } from './wire.ts';

let cloud: TestCloud;
let lines: GatewayLogLine[];

beforeEach(async () => {
  lines = [];
  cloud = await startTestCloud({ log: (line) => lines.push(line) });
  cloud.database.createCollection('c');
  pointSdksAt(cloud.gateway.url);
});
afterEach(() => cloud.close());

describe('the gateway lets in', () => {
  it('a function with its temporary credential', async () => {
    await expect(count(tcb.init({ env: ENV_ID }))).resolves.toBe(0);
  });

  it('a script with a lasting credential', async () => {
    delete process.env['TENCENTCLOUD_SESSIONTOKEN'];
    await expect(count(tcb.init({ env: ENV_ID, secretId: 'AKIDopt', secretKey: SECRET_KEY }))).resolves.toBe(
      0,
    );
  });

  it('a function that names an environment of its own in the code', async () => {
    await expect(count(tcb.init({ env: 'other-env' }))).resolves.toBe(0);
  });

  it('the access key', async () => {
    await expect(count(tcb.init({ env: ENV_ID, accessKey: ACCESS_KEY }))).resolves.toBe(0);
  });

  it('the access key behind a scheme in lower case', async () => {
    const request = signedCount();
    const headers = { ...request.headers, authorization: `bearer ${ACCESS_KEY}` };
    expect(await send(cloud.gateway.port, { ...request, headers })).toMatchObject({
      body: { data: { total: 0 } },
    });
  });

  it('a function whose SDK lists more parameters as signed, as version 2 does with empty ones', async () => {
    const { headers, ...request } = signedCount();
    const authorization = headers['authorization']?.replace(/(SignedParams=[^,]*)/, '$1;tcb_sessiontoken');
    const answer = await send(cloud.gateway.port, {
      ...request,
      headers: { ...headers, authorization: authorization ?? '' },
    });
    expect(answer).toMatchObject({ body: { data: { total: 0 } } });
  });

  it.each([-24, 24])('a caller on the real clock while the cloud is %i hours off', async (hours) => {
    cloud.clock.advance(hours * 3_600_000);
    await expect(count(tcb.init({ env: ENV_ID }))).resolves.toBe(0);
  });

  it('a caller on the cloud clock while that is a day ahead', async () => {
    cloud.clock.advance(86_400_000);
    const answer = await send(cloud.gateway.port, signedCount(cloud.clock.now()));
    expect(answer).toMatchObject({ body: { data: { total: 0 } } });
  });
});

describe('the gateway refuses', () => {
  const SIGN_PARAM_INVALID = { code: 'SIGN_PARAM_INVALID' };

  it('a wrong secret key', async () => {
    process.env['TENCENTCLOUD_SECRETKEY'] = 'wrong';
    await expect(count(tcb.init({ env: ENV_ID }))).rejects.toMatchObject(SIGN_PARAM_INVALID);
  });

  it('an unknown secret id', async () => {
    process.env['TENCENTCLOUD_SECRETID'] = 'AKIDother';
    await expect(count(tcb.init({ env: ENV_ID }))).rejects.toMatchObject(SIGN_PARAM_INVALID);
  });

  it('a session token that does not belong to the credential', async () => {
    process.env['TENCENTCLOUD_SESSIONTOKEN'] = 'other-session';
    await expect(count(tcb.init({ env: ENV_ID }))).rejects.toMatchObject(SIGN_PARAM_INVALID);
  });

  it('a wrong access key', async () => {
    await expect(count(tcb.init({ env: ENV_ID, accessKey: 'wrong' }))).rejects.toMatchObject(
      SIGN_PARAM_INVALID,
    );
  });

  it('a request without signature, under HTTP 200 and with a request id', async () => {
    const { authorization: _unsigned, ...headers } = signedCount().headers;
    expect(await send(cloud.gateway.port, { ...signedCount(), headers })).toEqual({
      status: 200,
      body: {
        code: 'SIGN_PARAM_INVALID',
        message: 'no Authorization header',
        requestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      },
    });
  });

  it('a request whose body was changed after it was signed', async () => {
    const request = signedCount();
    expect(await send(cloud.gateway.port, request)).toMatchObject({ body: { data: { total: 0 } } });
    const changed = { ...request, body: { ...request.body, query: '{}' } };
    expect(await send(cloud.gateway.port, changed)).toMatchObject({ body: SIGN_PARAM_INVALID });
  });

  it.each(['x-tcb-source', 'host', 'x-timestamp'])(
    'a request whose %s was changed after it was signed',
    async (name) => {
      const request = signedCount();
      const value = { 'x-timestamp': String(Number(request.headers['x-timestamp']) - 1), host: 'localhost' }[
        name
      ];
      const changed = { ...request, headers: { ...request.headers, [name]: value ?? 'other' } };
      expect(await send(cloud.gateway.port, changed)).toMatchObject({ body: SIGN_PARAM_INVALID });
    },
  );

  it('a source that the signature does not cover', async () => {
    const { headers, ...request } = signedCount();
    const { 'x-tcb-source': _source, ...rest } = headers;
    const signed = signAnew({
      ...request,
      headers: { ...rest, authorization: headers['authorization']?.replace(';x-tcb-source', '') ?? '' },
    });
    const added = { ...signed, headers: { ...signed.headers, 'x-tcb-source': 'wx_trigger,scf' } };
    expect(await send(cloud.gateway.port, added)).toMatchObject({
      body: { ...SIGN_PARAM_INVALID, message: 'x-tcb-source is not signed' },
    });
  });

  it('a request that is half an hour old on both clocks', async () => {
    expect(await send(cloud.gateway.port, signedCount(Date.now() - 1_800_000))).toMatchObject({
      body: { ...SIGN_PARAM_INVALID, message: 'x-timestamp expired' },
    });
  });

  it('an action that it does not have, by name', async () => {
    const app = tcb.init({ env: ENV_ID });
    await expect(app.callWxOpenApi({ apiName: 'a.b', requestData: {} })).rejects.toMatchObject({
      code: 'INVALID_PARAM',
      message: expect.stringMatching(/^wx\.api: not implemented by the embedded cloud; /),
    });
    const request = signedCount();
    const unknown = signAnew({ ...request, body: { ...request.body, action: 'database.fly' } });
    expect(await send(cloud.gateway.port, unknown)).toMatchObject({
      body: {
        code: 'ACTION_NOT_SUPPORTED',
        message: 'database.fly: not implemented by the embedded cloud',
      },
    });
  });
});

describe('of a request the log knows', () => {
  it('what was done, and nothing that it carried', async () => {
    const app = tcb.init({ env: ENV_ID });
    await app.database().collection('c').add({ _id: 'x', token: 'SECRET-TOKEN' });
    await app
      .database()
      .collection('c')
      .add({ _id: 'x', token: 'SECRET-TOKEN' })
      .catch(() => undefined);
    expect(lines).toMatchObject([
      { action: 'database.insertDocument', collectionName: 'c', code: undefined },
      { action: 'database.insertDocument', collectionName: 'c', code: 'DATABASE_REQUEST_FAILED' },
    ]);
    const text = JSON.stringify(lines);
    for (const secret of ['SECRET-TOKEN', SECRET_KEY, 'AKIDlocal', 'local-session'])
      expect(text).not.toContain(secret);
  });
});

async function count(app: ReturnType<typeof tcb.init>): Promise<number> {
  const { total } = await app.database().collection('c').where({}).count();
  return total as number;
}

/** The SDK's recorded count request, for this run's collection, signed at the given time. */
function signedCount(atMs = Date.now()): RecordedRequest {
  const request = readCaptures('node-sdk-3.18.3').find(({ step }) => step === '11-count')?.wire[0]?.request;
  if (!request) throw new Error('no such capture');
  const headers = { ...request.headers, 'x-timestamp': String(Math.floor(atMs / 1000)) };
  return signAnew({ ...request, headers, body: { ...request.body, collectionName: 'c' } });
}
