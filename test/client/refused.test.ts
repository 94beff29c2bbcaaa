/** What the client does with a token that WeChat refuses: one report, a pause, one more try. */

import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { createRig, errorOf, tokenReply, type Rig } from './rig.ts';

const CODES = [40001, 40014, 42001];
const refusal = (errcode: number) => ({ errcode, errmsg: 'refused rid: 6a1b2c3d-00000001-00000002' });

function refuseToken(rig: Rig, dead: string, errcode = 40001): void {
  rig.answerCall = ({ token }) => (token === dead ? refusal(errcode) : { ok: true });
}

it.each(CODES)('%i: reports the token, waits a second, and sends the same once more', async (errcode) => {
  const rig = createRig();
  refuseToken(rig, 't1', errcode);
  const body = { touser: 'oUser', data: { thing1: { value: '茶' } } };
  expect(await rig.wechat.post('/cgi-bin/message/subscribe/send', body, { lang: 'zh' })).toEqual({
    ok: true,
  });
  expect(rig.asked).toEqual([{}, { invalid_access_token: 't1' }]);
  expect(rig.sleptMs).toEqual([1_000]);
  expect(rig.sent.map(({ token }) => token)).toEqual(['t1', 't2']);
  expect(rig.sent[1]?.body).toBe(JSON.stringify(body));
  expect(rig.sent[1]?.url.searchParams.get('lang')).toBe('zh');
});

it('sends the same bytes again for an upload', async () => {
  const rig = createRig();
  refuseToken(rig, 't1');
  await rig.wechat.upload('/cgi-bin/media/upload', {
    filename: 'a.png',
    contentType: 'image/png',
    data: 'PNG',
  });
  const [first, second] = rig.sent.map(({ body }) => Buffer.from(body as Uint8Array).toString());
  expect(second).toBe(first);
  expect(second).toContain('PNG');
});

it('200 refused at the same time: one report, one pause, all succeed', async () => {
  const rig = createRig();
  refuseToken(rig, 't1');
  const calls = Array.from({ length: 200 }, (_, n) => rig.wechat.get('/cgi-bin/getcallbackip', { n }));
  expect(await Promise.all(calls)).toEqual(calls.map(() => ({ ok: true })));
  expect(rig.asked).toEqual([{}, { invalid_access_token: 't1' }]);
  expect(rig.sleptMs).toEqual([1_000]);
  expect(rig.sent).toHaveLength(400);
});

it('refused twice is an error, and no third try', async () => {
  const rig = createRig();
  rig.answerCall = () => refusal(40001);
  const error = await errorOf(rig.wechat.post('/wxa/msg_sec_check', {}));
  expect(error).toMatchObject({ errcode: 40001, errmsg: 'refused', rid: '6a1b2c3d-00000001-00000002' });
  expect(error.message).toMatch(/^POST \/wxa\/msg_sec_check: 40001 refused \(rid 6a1b.*\); .*another system/);
  expect(rig.sent).toHaveLength(2);
  expect(rig.asked).toHaveLength(2);
});

it('an old call that is refused late uses what the others have got meanwhile, without a report', async () => {
  const rig = createRig();
  const late = deferred();
  rig.answerCall = async ({ token, url }) => {
    if (url.pathname === '/late' && token === 't1') await late.promise;
    return token === 't1' ? refusal(40001) : { ok: true };
  };
  const slow = rig.wechat.get('/late');
  await rig.wechat.get('/quick');
  late.resolve();
  expect(await slow).toEqual({ ok: true });
  expect(rig.asked).toHaveLength(2);
  expect(rig.sleptMs).toHaveLength(1);
});

it('an answer that was on its way when the report began is not kept: it may be the refused token', async () => {
  const rig = createRig();
  await rig.wechat.accessToken();
  const [refused, read] = [deferred(), deferred()];
  rig.answerCall = async ({ token }) => {
    if (token === 't1') await refused.promise;
    return token === 't1' ? refusal(40001) : { ok: true };
  };
  rig.answerToken = async (data) => {
    if (data['invalid_access_token'] !== undefined) return tokenReply('t2');
    await read.promise;
    return tokenReply('t1');
  };
  const call = rig.wechat.get('/cgi-bin/getcallbackip');
  rig.nowMs += 60_000;
  const reading = rig.wechat.accessToken();
  refused.resolve();
  await call;
  read.resolve();
  expect(await reading).toBe('t1');
  expect(await rig.wechat.accessToken()).toBe('t2');
});

it('gets the same token back when it is too young to be known everywhere, and succeeds with it after the pause', async () => {
  const rig = createRig();
  rig.answerToken = () => tokenReply('t1');
  rig.answerCall = () => (rig.sleptMs.length === 0 ? refusal(40001) : { ok: true });
  expect(await rig.wechat.get('/cgi-bin/getcallbackip')).toEqual({ ok: true });
});

it('a report that brings nothing is told, with when to come back', async () => {
  const rig = createRig();
  rig.answerToken = (data) =>
    data['invalid_access_token'] === undefined
      ? tokenReply('t1')
      : { errcode: 503, errmsg: 'no', retry_after: 2 };
  refuseToken(rig, 't1');
  expect(await errorOf(rig.wechat.get('/cgi-bin/getcallbackip'))).toMatchObject({
    errcode: 503,
    retry_after: 2,
  });
});

describe('no refusal of the token', () => {
  it.each([
    [{ errcode: 0, errmsg: '40001' }],
    [{ text: 'errcode: 40001', list: [40001], inner: { errcode: 40001 } }],
    [{ errcode: '40001' }],
    [[{ errcode: 40001 }]],
  ])('the answer %j is handed on', async (reply) => {
    const rig = createRig();
    rig.answerCall = () => reply;
    expect(await rig.wechat.get('/cgi-bin/getcallbackip')).toEqual(reply);
    expect(rig.asked).toHaveLength(1);
  });

  it.each([
    [43101, 'user refuse to accept the msg', /requestSubscribeMessage/],
    [45009, 'reach max api daily quota limit', /00:00 UTC\+8/],
    [-1, 'system error', /try again/],
    [99999, 'no such thing', /look 99999 up at https/],
    [41001, 'access_token missing', /look 41001 up/],
  ])('%i is an error at once', async (errcode, errmsg, advice) => {
    const rig = createRig();
    rig.answerCall = () => ({ errcode, errmsg: `${errmsg}, rid: 6a1b2c3d-00000001-00000002` });
    const error = await errorOf(rig.wechat.post('/cgi-bin/message/subscribe/send', {}));
    expect(error).toMatchObject({ errcode, errmsg, rid: '6a1b2c3d-00000001-00000002' });
    expect(error['advice']).toMatch(advice);
    expect([rig.sent.length, rig.asked.length]).toEqual([1, 1]);
  });
});

it('never sends a stream twice: it replaces the token and says what to do', async () => {
  const rig = createRig();
  refuseToken(rig, 't1');
  const stream = Readable.from([Buffer.from('PNG')]);
  const file = { filename: 'a.png', contentType: 'image/png', stream, size: 3 };
  const error = await errorOf(rig.wechat.upload('/cgi-bin/media/upload', file));
  expect(error).toMatchObject({ errcode: 40001 });
  expect(error['advice']).toMatch(/can’t be sent twice.*call again with a new stream/);
  expect(rig.sent).toHaveLength(1);
  expect(rig.asked).toEqual([{}, { invalid_access_token: 't1' }]);
  expect(await rig.wechat.accessToken()).toBe('t2');
});

function deferred(): { promise: Promise<void>; resolve: () => void } {
  let resolve = (): void => {};
  const promise = new Promise<void>((done) => (resolve = done));
  return { promise, resolve };
}
