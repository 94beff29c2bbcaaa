/** The mini program's own code against the client door of the embedded cloud, with a stand-in for `wx`. */

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { callDoor, EXAMPLES, OPENID, borrowExamples, TEMPLATE_ID, type ExampleCloud } from './cloud.ts';
import { createPhone, MINI_PROGRAM, tap, type Phone } from './phone.ts';
import { ONE_PIXEL_JPEG } from '../../scripts/local/wechat/media.ts';

const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==',
  'base64',
);
const read = (path: string): string => readFileSync(join(MINI_PROGRAM, path), 'utf8');
const json = (path: string): Record<string, unknown> => JSON.parse(read(path)) as Record<string, unknown>;
const PAGES = json('app.json')['pages'] as string[];

/** What of `wx` the pages use; the user agrees to everything unless told otherwise. */
function createWx(cloud: ExampleCloud, answers: Record<string, string> = { [TEMPLATE_ID]: 'accept' }) {
  return {
    login: async () => ({ code: cloud.code('login') }),
    requestSubscribeMessage: async ({ tmplIds }: { tmplIds: string[] }) =>
      Object.fromEntries(tmplIds.map((id) => [id, answers[id]])),
    chooseMedia: async () => ({ tempFiles: [{ tempFilePath: 'tmp://a.png' }] }),
    compressImage: async ({ src }: { src: string }) => ({ tempFilePath: src }),
    getFileSystemManager: () => ({
      readFile: ({
        encoding,
        success,
      }: {
        encoding: BufferEncoding;
        success(file: { data: string }): void;
      }) => success({ data: PNG.toString(encoding) }),
    }),
    cloud: {
      callFunction: async ({ name, data }: { name: string; data: object }) => ({
        result: await callDoor(cloud, name, data, OPENID),
      }),
    },
  };
}

async function start(answers?: Record<string, string>): Promise<{ cloud: ExampleCloud; phone: Phone }> {
  const cloud = await borrowExamples();
  return { cloud, phone: createPhone(createWx(cloud, answers), { config: { templateId: TEMPLATE_ID } }) };
}

const IDLE = { isBusy: false, problem: '' };

describe('pages', () => {
  it('log in', async () => {
    const { phone } = await start();
    const page = phone.open('pages/index/index');
    await tap(page, 'onLogin');
    expect(page.data).toEqual({ ...IDLE, openid: OPENID, sharedBy: '' });
  });

  it('get the phone number', async () => {
    const { phone, cloud } = await start();
    const page = phone.open('pages/phone/phone');
    await tap(page, 'onGetPhoneNumber', { code: cloud.code('phone') });
    expect(page.data).toEqual({ ...IDLE, phoneNumber: '+86 13800000000' });
  });

  it('send a message', async () => {
    const { phone, cloud } = await start();
    const page = phone.open('pages/message/message');
    const before = cloud.sandbox.wechat.uses.messages.length;
    await tap(page, 'onInput', { value: '喝茶' });
    await tap(page, 'onSend');
    expect(page.data).toEqual({ ...IDLE, what: '喝茶', isSent: true });
    expect(cloud.sandbox.wechat.uses.messages.slice(before)).toHaveLength(1);
  });

  it('upload an image', async () => {
    const { phone, cloud } = await start();
    const page = phone.open('pages/image/image');
    await tap(page, 'onChoose');
    expect(page.data).toMatchObject({ ...IDLE, path: 'tmp://a.png' });
    const media = cloud.sandbox.wechat.uses.media(String(page.data['mediaId']), cloud.clock.now());
    expect(media?.bytes).toEqual(PNG);
  });

  it('make a code, whose scan says who shared it', async () => {
    const { phone } = await start();
    const page = phone.open('pages/code/code');
    await tap(page, 'onMake');
    expect(page.data).toEqual({
      ...IDLE,
      source: `data:image/jpeg;base64,${ONE_PIXEL_JPEG.toString('base64')}`,
    });
    const scene = encodeURIComponent('from=0123456789abcdef');
    expect(phone.open('pages/index/index', { scene }).data).toMatchObject({ sharedBy: '0123456789abcdef' });
    expect(phone.open('pages/index/index', { scene: 'from%3Devil' }).data).toMatchObject({ sharedBy: '' });
  });
});

describe('what goes wrong is shown', () => {
  it('the user does not agree to the phone number', async () => {
    const { phone, cloud } = await start();
    const page = phone.open('pages/phone/phone');
    await tap(page, 'onGetPhoneNumber', { errMsg: 'getPhoneNumber:fail user deny' });
    expect(page.data).toMatchObject({ problem: expect.stringContaining('没有授权') as string });
    expect(cloud.calls).toEqual([]);
  });

  it('the user does not subscribe', async () => {
    const { phone, cloud } = await start({ [TEMPLATE_ID]: 'reject' });
    const page = phone.open('pages/message/message');
    await tap(page, 'onSend');
    expect(page.data).toMatchObject({
      isSent: false,
      problem: expect.stringContaining('没有订阅') as string,
    });
    expect(cloud.calls).toEqual([]);
  });

  it('a code that was used', async () => {
    const { phone, cloud } = await start();
    const code = cloud.code('phone');
    const page = phone.open('pages/phone/phone');
    await tap(page, 'onGetPhoneNumber', { code });
    await tap(page, 'onGetPhoneNumber', { code });
    expect(page.data['problem']).toContain('tap the button again');
  });

  it('a function that fails', async () => {
    const failing = {
      cloud: { callFunction: () => Promise.reject({ errMsg: 'cloud.callFunction:fail timeout' }) },
    };
    const page = createPhone(failing).open('pages/code/code');
    await tap(page, 'onMake');
    expect(page.data).toEqual({ ...IDLE, source: '', problem: 'cloud.callFunction:fail timeout' });
  });

  it('a second tap while the first is on its way does nothing', async () => {
    const result = { errcode: 0, contentType: 'image/png', image: '' };
    const callFunction = vi.fn<() => Promise<object>>().mockResolvedValue({ result });
    const page = createPhone({ cloud: { callFunction } }).open('pages/code/code');
    await Promise.all([tap(page, 'onMake'), tap(page, 'onMake')]);
    expect(callFunction).toHaveBeenCalledTimes(1);
  });
});

it('getAccessToken itself refuses the mini program', async () => {
  const { cloud } = await start();
  expect(await cloud.call('getAccessToken', {})).toMatchObject({ errcode: 403 });
});

it('the app starts with wx.cloud.init', () => {
  const init = vi.fn<() => void>();
  createPhone({ cloud: { init } }).launch();
  expect(init).toHaveBeenCalledTimes(1);
});

describe('what WeChat DevTools opens', () => {
  it.each(PAGES)('%s has its four files, and its WXML names only what the page has', (path) => {
    const missing = ['js', 'json', 'wxml', 'wxss'].filter(
      (type) => !existsSync(join(MINI_PROGRAM, `${path}.${type}`)),
    );
    expect(missing).toEqual([]);
    const page = createPhone({}).open(path);
    const wxml = read(`${path}.wxml`);
    const handlers = [...wxml.matchAll(/\bbind\w+="(\w+)"/g)].map(([, name = '']) => name);
    expect(handlers.filter((name) => typeof page[name] !== 'function')).toEqual([]);
    const used = [...wxml.matchAll(/\{\{!?(\w+)\}\}/g)]
      .map(([, name = '']) => name)
      .filter((name) => name !== 'true');
    expect(used.filter((name) => !Object.hasOwn(page.data, name))).toEqual([]);
    const links = [...wxml.matchAll(/url="\/([^"]+)"/g)].map(([, target = '']) => target);
    expect(links.filter((target) => !PAGES.includes(target))).toEqual([]);
  });

  it.each(['project.config.json', '../project.config.json'])('%s names folders that exist', (path) => {
    const config = json(path) as { miniprogramRoot: string; cloudfunctionRoot: string };
    const here = join(MINI_PROGRAM, path, '..');
    expect(existsSync(join(here, config.miniprogramRoot, 'app.json'))).toBe(true);
    expect(
      EXAMPLES.filter((name) => !existsSync(join(here, config.cloudfunctionRoot, name, 'index.js'))),
    ).toEqual([]);
  });

  it('no page and no script names a token or a secret', () => {
    const texts = [...PAGES.map((path) => `${path}.js`), 'app.js', 'call.js', 'config.js']
      .map(read)
      .join('\n');
    expect(texts).not.toMatch(/getAccessToken|access_token|APPSECRET|session_key\s*[:=]/i);
  });
});
