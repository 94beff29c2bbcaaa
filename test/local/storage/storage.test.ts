/** Uploads and downloads of the unmodified SDKs, by addresses that are good for one file, one purpose and a while. */

import tcb from '@cloudbase/node-sdk';
import { mkdtempSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import cloudSdk from 'wx-server-sdk';
import { createCloudClock } from '../../../scripts/local/clock.ts';
import { openFiles } from '../../../scripts/local/storage/files.ts';
import { openStorage, type Storage } from '../../../scripts/local/storage/storage.ts';
import { ENV_ID, pointSdksAt, startTestCloud, type TestCloud } from '../gateway/cloud.ts';

interface WxSdk {
  init(options: object): void;
  uploadFile(options: object): Promise<{ fileID: string }>;
  downloadFile(options: object): Promise<{ fileContent: Buffer }>;
  getTempFileURL(options: object): Promise<{ fileList: { status: number; tempFileURL: string }[] }>;
}

type App = ReturnType<typeof tcb.init>;

const BYTES = Buffer.from([0, 255, 10, 13, 128]);
const MOST_BYTES = 100_000;
const NAME = 'images/oMe/照片 1+1%.png';

const clock = createCloudClock();
const folder = mkdtempSync(join(tmpdir(), 'storage-test-'));
const wx = cloudSdk as unknown as WxSdk;
let storage: Storage;
let cloud: TestCloud;
let app: App;
beforeAll(async () => {
  storage = openStorage({ envId: ENV_ID, clock, folder, mostBytes: MOST_BYTES });
  cloud = await startTestCloud({ storage, clock });
  pointSdksAt(cloud.gateway.url);
  app = tcb.init({ env: ENV_ID });
  wx.init({ env: ENV_ID });
});
afterAll(() => cloud.close());

async function addressOf(fileID: string, maxAge = 60): Promise<string> {
  const { fileList } = await app.getTempFileURL({ fileList: [{ fileID, maxAge }] });
  return String((fileList as { tempFileURL: string }[])[0]?.tempFileURL);
}

const codesOf = async (fileList: string[]): Promise<string[]> => {
  const answer = await app.getTempFileURL({ fileList });
  return (answer.fileList as { code: string }[]).map(({ code }) => code);
};

describe('node-sdk', () => {
  it('uploads, gets an address, downloads the same bytes', async () => {
    const { fileID } = await app.uploadFile({ cloudPath: NAME, fileContent: BYTES as never });
    expect(fileID).toBe(`cloud://${ENV_ID}.local-bucket/${NAME}`);
    expect(storage.read(NAME)).toEqual(BYTES);
    const { fileContent } = await app.downloadFile({ fileID });
    expect(fileContent).toEqual(BYTES);
  });

  it('uploads with a form, as version 2 does; only with the signature for this file', async () => {
    const form = async (path: string, signedFor: string, field = 'file'): Promise<Response> => {
      const { data } = await app.getUploadMetadata({ cloudPath: signedFor });
      const { url, authorization } = data as { url: string; authorization: string };
      const body = new FormData();
      body.set('Signature', authorization);
      body.set('key', path);
      body.set(field, new Blob([BYTES]));
      return fetch(url.replace(signedFor, path), { method: 'POST', body });
    };
    expect((await form('by-form', 'by-form')).status).toBe(200);
    expect(storage.read('by-form')).toEqual(BYTES);
    expect((await form('by-form', 'by-form', 'File')).status).toBe(400);
    expect(storage.read('by-form')).toEqual(BYTES);
    expect((await form('other', 'by-form')).status).toBe(403);
    expect(storage.has('other')).toBe(false);
  });

  it('replaces a file of the same path, and finds it after a restart', async () => {
    await app.uploadFile({ cloudPath: 'a/b', fileContent: Buffer.from('one') as never });
    await app.uploadFile({ cloudPath: 'a/b', fileContent: Buffer.from('two') as never });
    const reopened = openStorage({ envId: ENV_ID, clock, folder });
    expect(reopened.read('a/b')?.toString()).toBe('two');
  });

  it('is told of each file why it has no address', async () => {
    await app.uploadFile({ cloudPath: 'there', fileContent: BYTES as never });
    const ids = ['there', 'not-there'].map((path) => storage.fileIdOf(path));
    expect(await codesOf([...ids, 'cloud://other-env.bucket/there', 'nonsense'])).toEqual([
      'SUCCESS',
      'STORAGE_FILE_NONEXIST',
      'STORAGE_FILE_NONEXIST',
      'STORAGE_FILE_NONEXIST',
    ]);
  });

  it('counts an empty file as well: a million of them are no free lunch', () => {
    const files = openFiles(undefined, 10_000);
    onTestFinished(() => files.close());
    expect(['a', 'b', 'c'].map((path) => files.write(path, Buffer.alloc(0)))).toEqual([true, true, false]);
  });

  it('is refused by name what does not fit any more, and the file before it stays', async () => {
    await app.uploadFile({ cloudPath: 'big', fileContent: Buffer.alloc(MOST_BYTES / 2) as never });
    const tooBig = app.uploadFile({ cloudPath: 'big', fileContent: Buffer.alloc(MOST_BYTES) as never });
    await expect(tooBig).rejects.toMatchObject({
      code: 'STORAGE_REQUEST_FAIL',
      message: expect.stringContaining(
        '[QuotaExceeded]: the storage of the embedded cloud is full',
      ) as string,
    });
    expect(storage.read('big')).toHaveLength(MOST_BYTES / 2);
  });

  it.each([['../up'], ['a//b'], ['/a'], ['a/./b'], ['x'.repeat(851)], ['']])(
    'is refused the path %j',
    async (cloudPath) => {
      const refused = app.getUploadMetadata({ cloudPath });
      const outcome = await refused.catch((error: unknown) => error);
      expect(JSON.stringify(outcome) + (outcome as Error).message).toContain(
        "storage.getUploadMetadata: can't read path",
      );
    },
  );
});

describe('wx-server-sdk', () => {
  it('uploads, gets an address, downloads the same bytes', async () => {
    const { fileID } = await wx.uploadFile({ cloudPath: 'wx/file.bin', fileContent: BYTES });
    expect((await wx.downloadFile({ fileID })).fileContent).toEqual(BYTES);
    const missing = await wx.getTempFileURL({ fileList: [storage.fileIdOf('missing')] });
    expect(missing.fileList[0]).toMatchObject({ status: -503003 });
  });
});

describe('an address', () => {
  it('is good for its file only, and for reading only', async () => {
    await app.uploadFile({ cloudPath: 'mine', fileContent: BYTES as never });
    await app.uploadFile({ cloudPath: 'yours', fileContent: BYTES as never });
    const address = await addressOf(storage.fileIdOf('mine'));
    expect((await fetch(address)).status).toBe(200);
    expect((await fetch(address, { method: 'HEAD' })).status).toBe(200);
    expect((await fetch(address.replace('/mine?', '/yours?'))).status).toBe(403);
    expect((await fetch(address.replace(/\?.*/, ''))).status).toBe(403);
    const written = await fetch(address, { method: 'PUT', body: 'other' });
    expect(written.status).toBe(403);
    const shown = new URL(address).searchParams;
    const authorization = `${shown.get('t')}.${shown.get('sign')}`;
    const forged = await fetch(address, { method: 'PUT', headers: { authorization }, body: 'other' });
    expect(forged.status).toBe(403);
    expect(storage.read('mine')).toEqual(BYTES);
  });

  it('expires', async () => {
    await app.uploadFile({ cloudPath: 'mine', fileContent: BYTES as never });
    const address = await addressOf(storage.fileIdOf('mine'), 60);
    clock.advance(59_000);
    expect((await fetch(address)).status).toBe(200);
    clock.advance(2_000);
    expect((await fetch(address)).status).toBe(403);
    expect((await fetch(address.replace(/t=\d+/, 't=99999999999999'))).status).toBe(403);
  });

  it('leads to no other folder, whatever a path says', () => {
    storage.write('../../outside', BYTES);
    expect(readdirSync(folder).every((name) => /^[0-9a-f]{64}$/.test(name))).toBe(true);
    expect(readdirSync(join(folder, '..')).includes('outside')).toBe(false);
  });
});

it('a storage of one process leaves nothing behind', () => {
  const before = new Set(readdirSync(tmpdir()));
  const own = openStorage({ envId: ENV_ID, clock, folder: undefined });
  own.write('a', BYTES);
  own.close();
  const after = readdirSync(tmpdir()).filter((name) => name.startsWith('local-storage-'));
  expect(after.filter((name) => !before.has(name))).toEqual([]);
});
