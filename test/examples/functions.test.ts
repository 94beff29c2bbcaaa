/** The example functions through the client door of the embedded cloud, as a mini program calls them. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { APPID, ROOT } from '../support/cloud.ts';
import { EXAMPLES, OPENID, borrowExamples, secretsIn, TEMPLATE_ID, type ExampleCloud } from './cloud.ts';
import { ONE_PIXEL_JPEG } from '../../scripts/local/wechat/media.ts';

const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==',
  'base64',
);

/** What a mini program sends; the functions that take a code get a new one each time. */
const EVENTS: Record<string, (cloud: ExampleCloud) => object> = {
  login: (cloud) => ({ code: cloud.code('login') }),
  phoneNumber: (cloud) => ({ code: cloud.code('phone') }),
  subscribeMessage: () => ({ what: '喝茶' }),
  imageUpload: () => ({ image: PNG.toString('base64') }),
  qrCode: () => ({ page: 'pages/code/code' }),
};

const RESULTS: Record<string, object> = {
  login: { openid: OPENID },
  phoneNumber: { phoneNumber: '13800000000', countryCode: '86' },
  subscribeMessage: {},
  imageUpload: {
    fileID: expect.stringMatching(
      new RegExp(`^cloud://local-env\\.local-bucket/images/${OPENID}/[\\w-]+\\.png$`),
    ) as string,
    traceId: expect.any(String) as string,
    mediaId: expect.any(String) as string,
  },
  qrCode: { contentType: 'image/jpeg', image: ONE_PIXEL_JPEG.toString('base64') },
};

describe.each(EXAMPLES)('%s', (name) => {
  const event = EVENTS[name]!;

  it('is shorter than 60 lines', () => {
    const code = readFileSync(join(ROOT, `examples/cloudfunctions/${name}/index.js`), 'utf8');
    expect(code.trimEnd().split('\n').length).toBeLessThan(60);
  });

  it('works, and tells the client no secret', async () => {
    const cloud = await borrowExamples();
    const result = await cloud.call(name, event(cloud));
    expect(result).toEqual({ errcode: 0, errmsg: 'ok', ...RESULTS[name] });
    expect(secretsIn(cloud, result)).toEqual([]);
  });

  it('refuses callers without an openid', async () => {
    const cloud = await borrowExamples();
    const outcome = await cloud.host.invoke({ name, event: event(cloud), caller: { kind: 'management' } });
    expect(outcome).toMatchObject({ result: { errcode: 403 } });
    expect(cloud.calls).toEqual([]);
  });

  it('tells the client the number and nothing more when there is no token', async () => {
    const cloud = await borrowExamples();
    cloud.sandbox.wechat.account(APPID).setSecret('another-secret', cloud.clock.now());
    const result = await cloud.call(name, event(cloud));
    expect(result).toEqual({ errcode: 40125, errmsg: expect.stringMatching(/fail/) as string });
    expect(cloud.logged.join('\n')).toContain('40125');
    expect(secretsIn(cloud, result)).toEqual([]);
  });
});

// login needs no token.
it.each(EXAMPLES.filter((name) => name !== 'login'))(
  '%s recovers in one retry after WeChat has killed the token',
  async (name) => {
    const event = EVENTS[name]!;
    const cloud = await borrowExamples();
    await cloud.call(name, event(cloud));
    const usual = cloud.calls.length;
    cloud.revoke();
    cloud.calls.length = 0;
    const result = await cloud.call(name, event(cloud));
    expect(result).toMatchObject({ errcode: 0 });
    expect(cloud.calls).toHaveLength(usual + 1);
    expect(cloud.calls[0]).toBe(cloud.calls[1]);
    expect(cloud.mints()).toBe(2);
    expect(secretsIn(cloud, result)).toEqual([]);
  },
);

const MALFORMED: [string, object][] = [
  ['login', {}],
  ['login', { code: 7 }],
  ['login', { code: '../&secret=x' }],
  ['login', { code: 'x'.repeat(200) }],
  ['phoneNumber', {}],
  ['phoneNumber', { code: { $gt: '' } }],
  ['subscribeMessage', {}],
  ['subscribeMessage', { what: '   ' }],
  ['subscribeMessage', { what: '茶'.repeat(21) }],
  ['imageUpload', {}],
  ['imageUpload', { image: Buffer.from('<svg/>').toString('base64') }],
  ['imageUpload', { image: Buffer.concat([PNG, Buffer.alloc(1024 * 1024)]).toString('base64') }],
  ['qrCode', { page: 'pages/other/other' }],
  ['qrCode', { page: ['pages/index/index'] }],
];

it('malformed events are refused with 400 before WeChat is asked', async () => {
  const cloud = await borrowExamples();
  for (const [name, event] of MALFORMED)
    expect(await cloud.call(name, event), `${name} ${JSON.stringify(event).slice(0, 80)}`).toMatchObject({
      errcode: 400,
    });
  expect([cloud.calls, cloud.mints()]).toEqual([[], 0]);
});

describe('acts only for its caller', () => {
  it('login refuses the code of somebody else', async () => {
    const cloud = await borrowExamples();
    const result = await cloud.call('login', { code: cloud.code('login', 'oSomebodyElse') });
    expect(result).toEqual({ errcode: 403, errmsg: 'this code is of another user' });
  });

  it('login tells of a used code without retrying', async () => {
    const cloud = await borrowExamples();
    const event = { code: cloud.code('login') };
    await cloud.call('login', event);
    expect(await cloud.call('login', event)).toMatchObject({ errcode: 40163 });
  });

  it('phoneNumber refuses the code of somebody else', async () => {
    const cloud = await borrowExamples();
    const result = await cloud.call('phoneNumber', { code: cloud.code('phone', 'oSomebodyElse') });
    expect(result).toMatchObject({ errcode: 40029, errmsg: expect.stringContaining('tap') as string });
  });

  it('subscribeMessage sends to its caller, whatever the event says', async () => {
    const cloud = await borrowExamples();
    const before = cloud.sandbox.wechat.uses.messages.length;
    await cloud.call('subscribeMessage', {
      what: '喝茶',
      touser: 'oVictim',
      template_id: 'x',
      OPENID: 'oVictim',
    });
    expect(cloud.sandbox.wechat.uses.messages.slice(before)).toEqual([
      {
        touser: OPENID,
        template_id: TEMPLATE_ID,
        page: 'pages/index/index',
        data: {
          thing1: { value: '喝茶' },
          time2: { value: expect.stringMatching(/^\d{4}-\d\d-\d\d \d\d:\d\d$/) as string },
        },
      },
    ]);
  });

  it('imageUpload keeps the image in its caller’s folder, and makes media of the same bytes', async () => {
    const cloud = await borrowExamples();
    const { mediaId, fileID } = await cloud.call('imageUpload', { image: PNG.toString('base64') });
    const path = cloud.storage.pathOf(String(fileID)) ?? '';
    expect(path).toMatch(new RegExp(`^images/${OPENID}/[0-9a-f-]{36}\\.png$`));
    expect(cloud.storage.read(path)).toEqual(PNG);
    const media = cloud.sandbox.wechat.uses.media(String(mediaId), cloud.clock.now());
    expect(media).toEqual({ field: 'media', filename: 'image.png', contentType: 'image/png', bytes: PNG });
  });
});

it('subscribeMessage says what to do when the user has not subscribed', async () => {
  const cloud = await borrowExamples();
  cloud.sandbox.faults.refuse(43101, { times: 1 }, '/cgi-bin/message/subscribe/send');
  expect(await cloud.call('subscribeMessage', { what: '喝茶' })).toMatchObject({
    errcode: 43101,
    errmsg: expect.stringContaining('requestSubscribeMessage') as string,
  });
});
