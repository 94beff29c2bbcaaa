/** The script that stands in for `wx.cloud`: the example's own page, and each call of it, in a realm like a phone's. */

import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runInNewContext } from 'node:vm';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { OUR_COLLECTIONS } from '../../../scripts/local/our-collections.ts';
import type { AccessRule } from '../../../scripts/local/database/access-rule.ts';
import { readUserFunctions } from '../../../scripts/local/user-functions.ts';
import { unedited } from '../folder.ts';
import { buildPackage } from '../../../scripts/build/client-package.ts';
import { ONE_PIXEL_JPEG } from '../../../scripts/local/wechat/media.ts';
import { createPhone, tap } from '../../examples/phone.ts';
import { bearer, openTestCloud, ROOT, type TestCloud } from '../../support/cloud.ts';

type Outcome = Record<string, unknown> & { errMsg: string };
type Call = (options?: object) => Promise<Outcome>;
interface WxCloud extends Record<'callFunction' | 'uploadFile' | 'downloadFile' | 'deleteFile', Call> {
  getTempFileURL(options: object): Promise<{ fileList: Record<string, unknown>[] }>;
  openid: string;
  database(): { command: Record<string, (value: unknown) => unknown>; collection(name: string): Query };
}
interface Query extends Record<'add' | 'get' | 'count' | 'update' | 'remove' | 'set', Call> {
  doc(id: string): Query;
  where(query: object): Query;
  orderBy(field: string, direction: string): Query;
  limit(count: number): Query;
}

const modules = mkdtempSync(join(tmpdir(), 'modules-'));
const seed = {
  documents: {
    goods: [
      { _id: 'tea', price: 3 },
      { _id: 'cup', price: 9 },
    ],
  },
  rules: new Map<string, AccessRule>([
    ['goods', 'ADMINWRITE'],
    ['posts', 'READONLY'],
    ['secret', 'ADMINONLY'],
    ['notes', 'PRIVATE'],
  ]),
};

async function openCloud(): Promise<TestCloud> {
  await buildPackage({ outDir: join(modules, 'cloudbase-access-token'), hasTypes: false });
  const project = join(ROOT, 'examples/miniprogram');
  const { functions } = await readUserFunctions({ folders: [], projects: [project], modules }, []);
  return openTestCloud({ guests: unedited(functions), seed });
}

/** What of a phone's `wx` the script uses. */
function createWx() {
  const files = new Map<string, ArrayBuffer>([['tmp://photo', new Uint8Array([1, 2, 3]).buffer]]);
  const get = async (url: string): Promise<[number, ArrayBuffer]> => {
    const response = await fetch(url);
    return [response.status, await response.arrayBuffer()];
  };
  return {
    files,
    cloud: undefined as unknown as WxCloud,
    request(options: {
      url: string;
      method: string;
      data: unknown;
      header: Record<string, string>;
      success(answer: object): void;
      fail(error: object): void;
    }) {
      const isJson = options.header['content-type'] === 'application/json';
      const body = isJson ? JSON.stringify(options.data) : (options.data as ArrayBuffer);
      fetch(options.url, { method: options.method, headers: options.header, body })
        .then(async (response) => [response.status, await response.text()] as const)
        .then(([statusCode, text]) =>
          options.success({ statusCode, data: isJson ? (JSON.parse(text) as unknown) : text }),
        )
        .catch((error: unknown) => options.fail({ errMsg: `request:fail ${String(error)}` }));
    },
    downloadFile(options: { url: string; success(answer: object): void }) {
      const pass = ([statusCode, bytes]: [number, ArrayBuffer]): void => {
        files.set('tmp://down', bytes);
        options.success({ statusCode, tempFilePath: 'tmp://down' });
      };
      void get(options.url).then(pass);
    },
    getFileSystemManager: () => ({
      readFile({ filePath, success }: { filePath: string; success(file: object): void }) {
        success({ data: files.get(filePath) });
      },
    }),
  };
}

async function requireScript({ door, secret }: TestCloud) {
  const response = await fetch(`${door.url}/wx-cloud.js`, { headers: bearer(secret) });
  const wx = createWx();
  runInNewContext(await response.text(), { module: { exports: {} }, wx, console });
  return wx;
}

let cloud: TestCloud;
let wx: ReturnType<typeof createWx>;
beforeAll(async () => {
  cloud = await openCloud();
  wx = await requireScript(cloud);
  return () => cloud.end();
});
beforeEach(() => cloud.renew());

const db = () => wx.cloud.database();
const code = (errCode: number) => expect.objectContaining({ errCode }) as unknown;

describe('functions', () => {
  it('an unmodified page gets a QR code, whose token came from getAccessToken', async () => {
    const phone = createPhone(wx);
    phone.launch();
    const page = phone.open('pages/code/code');
    await tap(page, 'onMake');
    expect(page.data).toEqual({
      isBusy: false,
      problem: '',
      source: `data:image/jpeg;base64,${ONE_PIXEL_JPEG.toString('base64')}`,
    });
    expect(cloud.mints()).toBe(1);
  });

  it('getAccessToken refuses the mini program, and what is not there is said with callbacks, too', async () => {
    const { result } = await wx.cloud.callFunction({ name: 'getAccessToken' });
    expect(result).toMatchObject({ errcode: 403 });
    const heard: string[] = [];
    await wx.cloud.callFunction({
      name: 'none',
      fail: ({ errMsg }: Outcome) => heard.push(errMsg),
      complete: () => heard.push('complete'),
    });
    expect(heard).toEqual([
      expect.stringMatching(/^cloud\.callFunction:fail -1 FUNCTION_NOT_FOUND/),
      'complete',
    ]);
  });
});

describe('what is not there', () => {
  it('fails with its name and what to do instead, in the way that the call fails on a phone', async () => {
    type Missing = Record<string, (options?: object) => Promise<unknown>>;
    const database = db() as unknown as Missing;
    const notes = db().collection('notes') as unknown as Missing;
    const missing = (name: string) => `${name}:fail -1 not in the embedded cloud: `;
    await expect(database['startTransaction']!()).rejects.toThrow(missing('database.startTransaction'));
    await expect(database['runTransaction']!(() => {})).rejects.toThrow(missing('database.runTransaction'));
    expect(() => notes['aggregate']!()).toThrow(missing('collection.aggregate'));
    expect(() => notes['watch']!()).toThrow(missing('collection.watch'));
    const heard: string[] = [];
    const onError = ({ errMsg }: Outcome): void => void heard.push(errMsg);
    await notes['watch']!({ onError });
    await (wx.cloud as unknown as Missing)['callContainer']!({ fail: onError });
    expect(heard).toEqual([
      `${missing('collection.watch')}there are no realtime watchers: read again instead`,
      `${missing('cloud.callContainer')}there is no cloud hosting (云托管)`,
    ]);
  });
});

describe('files', () => {
  it('go up, get an address, come down and are deleted', async () => {
    const { fileID } = await wx.cloud.uploadFile({ cloudPath: 'a/照片.bin', filePath: 'tmp://photo' });
    const { fileList } = await wx.cloud.getTempFileURL({ fileList: [fileID, 'cloud://none'] });
    expect(fileList).toMatchObject([{ fileID, status: 0 }, { status: -503003 }]);
    expect((await fetch(String(fileList[0]?.['tempFileURL']))).status).toBe(200);
    await wx.cloud.downloadFile({ fileID });
    expect([...new Uint8Array(wx.files.get('tmp://down')!)]).toEqual([1, 2, 3]);
    expect(await wx.cloud.deleteFile({ fileList: [fileID] })).toMatchObject({ fileList: [{ status: 0 }] });
    await expect(wx.cloud.downloadFile({ fileID })).rejects.toEqual(code(-503003));
  });
});

describe('the database under the four simple rules', () => {
  const asOther = async <T>(work: () => Promise<T>): Promise<T> => {
    const own = wx.cloud.openid;
    wx.cloud.openid = 'oSomebodyElse';
    return work().finally(() => (wx.cloud.openid = own));
  };

  it('PRIVATE: owners read and write, for everybody else there is nothing', async () => {
    const { _id: id } = await db()
      .collection('notes')
      .add({ data: { text: 'mine', at: [1, { b: 2 }] } });
    const note = db().collection('notes').doc(String(id));
    expect(await note.get()).toMatchObject({
      data: { text: 'mine', _openid: 'oLocalVisitor' },
      errMsg: 'document.get:ok',
    });
    await asOther(async () => {
      await expect(note.get()).rejects.toThrow(`document with _id ${String(id)} does not exist`);
      expect(await db().collection('notes').count()).toMatchObject({ total: 0 });
      expect(await note.update({ data: { text: 'theirs' } })).toMatchObject({ stats: { updated: 0 } });
      expect(await note.remove()).toMatchObject({ stats: { removed: 0 } });
      await expect(note.set({ data: { text: 'theirs' } })).rejects.toThrow(/document\.set:fail/);
      expect(await db().collection('notes').where({ _openid: 'oLocalVisitor' }).get()).toMatchObject({
        data: [],
      });
    });
    const { command } = db();
    expect(await note.update({ data: { text: 'changed', n: command['inc']!(2) } })).toMatchObject({
      stats: { updated: 1 },
    });
    expect(await note.get()).toMatchObject({ data: { text: 'changed', n: 2 } });
    expect(await note.set({ data: { whole: true } })).toMatchObject({ stats: { updated: 1, created: 0 } });
    expect(await note.get()).toMatchObject({ data: { _id: id, whole: true, _openid: 'oLocalVisitor' } });
    for (const data of [{ _openid: 'oSomebodyElse' }, { '_openid.x': 1 }])
      await expect(note.update({ data })).rejects.toEqual(code(-501007));
    await expect(
      db()
        .collection('notes')
        .add({ data: { _openid: 'o' } }),
    ).rejects.toEqual(code(-501007));
    expect(await note.remove()).toMatchObject({ stats: { removed: 1 } });
  });

  it('READONLY: everybody reads, owners write', async () => {
    const { _id: id } = await db()
      .collection('posts')
      .add({ data: { text: 'hello' } });
    const post = db().collection('posts').doc(String(id));
    await asOther(async () => {
      expect(await post.get()).toMatchObject({ data: { text: 'hello' } });
      expect(await post.update({ data: { text: 'no' } })).toMatchObject({ stats: { updated: 0 } });
    });
  });

  it('ADMINWRITE: everybody reads, nobody writes', async () => {
    const { command } = db();
    const found = db()
      .collection('goods')
      .where({ price: command['gt']!(1) })
      .orderBy('price', 'desc');
    expect(await found.get()).toMatchObject({ data: [{ _id: 'cup' }, { _id: 'tea' }] });
    expect(await found.limit(1).get()).toMatchObject({ data: [{ _id: 'cup' }] });
    await expect(db().collection('goods').doc('tea').remove()).rejects.toEqual(code(-502003));
    await expect(db().collection('goods').add({ data: {} })).rejects.toEqual(code(-502003));
  });

  it.each(['secret', ...OUR_COLLECTIONS])('ADMINONLY: nobody sees %s', async (name) => {
    await expect(db().collection(name).get()).rejects.toEqual(code(-502003));
    await expect(db().collection(name).count()).rejects.toEqual(code(-502003));
    await expect(db().collection(name).add({ data: {} })).rejects.toEqual(code(-502003));
  });

  it('no other action goes through, and none without the secret', async () => {
    const { door, secret } = cloud;
    const ask = async (action: string, headers: Record<string, string>) => {
      const body = JSON.stringify({ collectionName: 'wx_access_tokens', stages: '[]' });
      const response = await fetch(`${door.url}/wx/${action}`, { method: 'POST', headers, body });
      return [response.status, await response.json()];
    };
    for (const action of ['database.aggregateDocuments', 'database.addCollection', 'wx.openApi', 'none'])
      expect(await ask(action, bearer(secret))).toEqual([
        200,
        expect.objectContaining({ code: 'ACTION_NOT_SUPPORTED' }),
      ]);
    expect((await ask('database.getDocument', {}))[0]).toBe(401);
  });
});
