/** `cloud.openapi` and `cloud.getOpenData` of the unmodified wx-server-sdk, down to the sandbox. */

import { afterAll, beforeAll, expect, it } from 'vitest';
import cloudSdk from 'wx-server-sdk';
import { createCloudClock } from '../../../scripts/local/clock.ts';
import { apiTokenOf } from '../../../scripts/local/functions/environment.ts';
import { createOpenApi } from '../../../scripts/local/openapi.ts';
import { startWeChatSandbox, type WeChatSandbox } from '../../../scripts/local/wechat/sandbox.ts';
import { ENV_ID, pointSdksAt, startTestCloud, type TestCloud } from './cloud.ts';

type Call = (options: object) => Promise<Record<string, unknown>>;

interface Sdk {
  init(options: object): void;
  openapi: Record<string, Record<string, Call>>;
  getOpenData: Call;
}

const APPID = 'wxopenapi000000001';
const sdk = cloudSdk as unknown as Sdk;
const clock = createCloudClock();
let sandbox: WeChatSandbox;
let cloud: TestCloud;

beforeAll(async () => {
  sandbox = await startWeChatSandbox({
    clock,
    port: 0,
    secret: 'knobs',
    apps: [{ appid: APPID, secret: 's' }],
  });
  const declaration = { name: 'sender', handler: 'index.main', timeout: 3, memorySize: 256 };
  const openapi = ['subscribeMessage.send', 'wxacode.getUnlimited', 'security.imgSecCheck', 'nobody.knows'];
  const functions = [{ ...declaration, envVariables: {}, triggers: [], openapi }];
  cloud = await startTestCloud({
    clock,
    openApi: createOpenApi({ sandbox, functions, clock, appid: APPID }),
  });
  pointSdksAt(cloud.gateway.url);
  process.env['WX_API_TOKEN'] = apiTokenOf('sender');
  process.env['WX_CONTEXT_KEYS'] = 'WX_API_TOKEN';
  sdk.init({ env: ENV_ID });
});
afterAll(async () => {
  await cloud.close();
  await sandbox.close();
});

const api = (service: string, name: string): Call => {
  const call = sdk.openapi[service]?.[name];
  if (call === undefined) throw new Error(`no openapi.${service}.${name}`);
  return call;
};

it('a listed call reaches the sandbox, its names in the case of the HTTP interface', async () => {
  const answer = await api(
    'subscribeMessage',
    'send',
  )({
    touser: 'oUser',
    templateId: 'template',
    data: { thing1: { value: '你好' } },
  });
  expect(answer).toMatchObject({ errCode: 0, errMsg: 'openapi.subscribeMessage.send:ok' });
  expect(sandbox.wechat.uses.messages.at(-1)).toEqual({
    touser: 'oUser',
    template_id: 'template',
    data: { thing1: { value: '你好' } },
  });
});

it('an image comes back as bytes', async () => {
  const { buffer, contentType } = await api('wxacode', 'getUnlimited')({ scene: 'a=1' });
  expect(contentType).toMatch(/^image\//);
  expect(Buffer.isBuffer(buffer) && buffer.length > 0).toBe(true);
});

it("WeChat's refusal is the caller's error", async () => {
  await expect(api('wxacode', 'getUnlimited')({ scene: '' })).rejects.toMatchObject({ errCode: 40129 });
});

it('what config.json does not list is -604101', async () => {
  const refused = api('customerServiceMessage', 'send')({ touser: 'oUser' });
  await expect(refused).rejects.toMatchObject({ errCode: -604_101 });
});

it('a call from no function at all is -604101', async () => {
  process.env['WX_API_TOKEN'] = 'made-up';
  const refused = api('wxacode', 'getUnlimited')({ scene: 'a=1' });
  await expect(refused).rejects.toMatchObject({ errCode: -604_101 });
  process.env['WX_API_TOKEN'] = apiTokenOf('sender');
});

it('a listed call that the sandbox does not have is refused by name', async () => {
  const refused = api('nobody', 'knows')({});
  await expect(refused).rejects.toMatchObject({
    errMsg: expect.stringContaining('wx.openApi: the embedded cloud has no nobody.knows') as string,
  });
});

it('getOpenData answers each cloudID with data in the form of a phone number', async () => {
  const { list } = await sdk.getOpenData({ list: ['38_one', '38_two'] });
  expect(list).toEqual(
    ['38_one', '38_two'].map((cloudID) => ({
      cloudID,
      data: expect.objectContaining({ purePhoneNumber: '13800000000', countryCode: '86' }) as object,
    })),
  );
});
