/** Every action that the SDKs can send is either carried out or refused by name. */

import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import tcb from '@cloudbase/node-sdk';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createCloudClock } from '../../../scripts/local/clock.ts';
import { ACTIONS } from '../../../scripts/local/gateway/actions/index.ts';
import { actionsTable } from '../../../scripts/local/gateway/actions/table.ts';
import { miniProgramTable } from '../../../scripts/local/wx-cloud/table.ts';
import { OPEN_API_NAMES } from '../../../scripts/local/wechat/openapi.ts';
import { openStorage, type Storage } from '../../../scripts/local/storage/storage.ts';
import { ENV_ID, pointSdksAt, startTestCloud, type TestCloud } from './cloud.ts';

const require = createRequire(import.meta.url);

/** As the packages' code names them; what only a browser's or a client's part sends is no server SDK's. */
const NO_SERVER_SDK = new Set([
  'database.getInTransaction',
  'database.updateDocInTransaction',
  'database.deleteDocInTransaction',
]);

function actionsOf(entry: string): string[] {
  const folder = join(require.resolve(entry), '..');
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.js'),
  );
  const text = files.map((file) => readFileSync(join(folder, file), 'utf8')).join('\n');
  const named = text.matchAll(/['"]((?:database|functions|storage|wx|auth|analytics)\.[a-zA-Z]+)['"]/g);
  return [...new Set([...named].map(([, action = '']) => action))];
}

it('there is none that is not known', () => {
  const sent = [...actionsOf('@cloudbase/node-sdk'), ...actionsOf('@cloudbase/database')];
  expect(sent).toContain('database.aggregateDocuments');
  expect(sent.filter((action) => !ACTIONS.has(action) && !NO_SERVER_SDK.has(action))).toEqual([]);
});

it('the tables of the documents are those that the code makes', () => {
  const page = readFileSync(join(import.meta.dirname, '../../../docs/embedded-cloud.md'), 'utf8');
  expect(actionsTable()).not.toContain('`?`');
  // The formatter pads the columns its own way.
  const squeezed = (text: string): string => text.replaceAll(/ +/g, ' ').replaceAll(/-+/g, '-');
  for (const table of [actionsTable(), miniProgramTable()]) expect(squeezed(page)).toContain(squeezed(table));
  for (const name of OPEN_API_NAMES) expect(page).toContain(`\`${name}\``);
});

describe('files', () => {
  const clock = createCloudClock();
  let storage: Storage;
  let cloud: TestCloud;
  let app: ReturnType<typeof tcb.init>;

  beforeAll(async () => {
    storage = openStorage({ envId: ENV_ID, clock, folder: undefined });
    cloud = await startTestCloud({ clock, storage });
    pointSdksAt(cloud.gateway.url);
    app = tcb.init({ env: ENV_ID });
  });
  afterAll(async () => {
    await cloud.close();
    storage.close();
  });

  it('are deleted, each with its fate', async () => {
    const { fileID } = await app.uploadFile({ cloudPath: 'a/b.txt', fileContent: Buffer.from('x') });
    const { fileList } = await app.deleteFile({ fileList: [fileID, 'cloud://no/where'] });
    expect(fileList).toEqual([
      { fileID, code: 'SUCCESS' },
      { fileID: 'cloud://no/where', code: 'STORAGE_FILE_NONEXIST' },
    ]);
    expect(storage.has('a/b.txt')).toBe(false);
    await expect(app.downloadFile({ fileID })).rejects.toMatchObject({ code: 'STORAGE_FILE_NONEXIST' });
  });

  it('are at most 50 at once', async () => {
    const fileList = Array.from({ length: 51 }, (_, i) => `cloud://x/${i}`);
    await expect(app.deleteFile({ fileList })).rejects.toMatchObject({ code: 'INVALID_PARAM' });
  });

  it('are copied and moved', async () => {
    await app.uploadFile({ cloudPath: 'one/c.txt', fileContent: Buffer.from('c') });
    const copy = { srcPath: 'one/c.txt', dstPath: 'two/c.txt' };
    const list = [copy, { ...copy, overwrite: false }, { srcPath: 'no/c.txt', dstPath: 'two/c.txt' }];
    const { fileList } = await app.copyFile({ fileList: list });
    expect(fileList.map(({ code }) => code)).toEqual([
      'SUCCESS',
      'STORAGE_FILE_EXIST',
      'STORAGE_FILE_NONEXIST',
    ]);
    await app.copyFile({ fileList: [{ ...copy, dstPath: 'three/c.txt', removeOriginal: true }] });
    expect([storage.has('one/c.txt'), storage.read('three/c.txt')?.toString()]).toEqual([false, 'c']);
  });
});

it('what is not there says so by name, and why', async () => {
  const cloud = await startTestCloud();
  pointSdksAt(cloud.gateway.url);
  const app = tcb.init({ env: ENV_ID });
  const refused = app.callWxOpenApi({ apiName: '/x', requestData: {} });
  await expect(refused).rejects.toMatchObject({
    code: 'INVALID_PARAM',
    message: expect.stringMatching(/^wx\.api: not implemented by the embedded cloud; /) as string,
  });
  await cloud.close();
});
