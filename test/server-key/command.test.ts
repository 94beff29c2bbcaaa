/** `npm run server-key` as a user types it, and what it does to a real environment. */

import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { SERVERS_COLLECTION, hashOf } from '../../functions/accessTokenHttp/server-document.ts';
import { chooseAppids } from '../../scripts/server-key/appids.ts';
import { openServers } from '../../scripts/server-key/collection.ts';
import { createCloudClock } from '../../scripts/local/clock.ts';
import { openDatabase } from '../../scripts/local/database/open.ts';
import type { Place } from '../../scripts/place/open.ts';
import { readPage } from '../readme/markdown.ts';
import { ROOT } from '../support/cloud.ts';
import { shareProcess } from '../support/shared-process.ts';

const run = shareProcess();

/** A folder for an embedded cloud, and the flags that name it. */
function newFolder(): { data: string; local: string[] } {
  const data = mkdtempSync(join(tmpdir(), 'server-'));
  return { data, local: ['--local', '--sandbox', '--data', data] };
}

async function startOnce(data: string): Promise<void> {
  expect(await run('start', ['--once', '--sandbox', '--data', data])).toMatchObject({ code: 0 });
}

function storedIn(folder: string): string {
  const database = openDatabase({ folder, clock: createCloudClock() });
  const stored = JSON.stringify(database.collection(SERVERS_COLLECTION).find({ query: {} }));
  void database.close();
  return stored;
}

/** What docs/recipes.md says to type, for the app that the sandbox has. */
function documented(): string[][] {
  const texts = readPage('docs/recipes.md').fences.filter(({ language }) => language === 'sh');
  const lines = texts.flatMap(({ text }) => text.trim().split('\n'));
  return lines.map((line) => {
    expect(line).toMatch(/^npm run server-key -- /);
    return line.replace('wx1234567890abcdef', 'wxlocalsandbox0001').split(' ').slice(4);
  });
}

describe('npm run server-key', () => {
  it('adds, lists and revokes on the data of npm start; the key is shown once and stored nowhere', async () => {
    const { data, local } = newFolder();
    const [add = [], list = [], revoke = [], ...more] = documented();
    expect(more).toEqual([]);
    expect(await run('server-key', [...list, ...local])).toMatchObject({
      code: 1,
      output: expect.stringContaining('no embedded cloud has run') as string,
    });
    await startOnce(data);
    expect((await run('server-key', ['list', ...local])).output).toContain('No server');
    const added = await run('server-key', [...add, ...local]);
    const key = /^ {4}(\S+)$/m.exec(added.output)?.[1] ?? '';
    expect(key).toMatch(/^[\w-]{43}$/);
    expect(added.output).toContain('http://127.0.0.1:18600/http/accessTokenHttp');
    expect(storedIn(data)).toContain(hashOf(key));
    expect(storedIn(data)).not.toContain(key);
    const again = await run('server-key', [...add, ...local]);
    expect(again).toMatchObject({
      code: 1,
      output: expect.stringContaining('there is a server billing already') as string,
    });
    const listed = await run('server-key', [...list, ...local]);
    expect(listed.output).toMatch(/^billing {2}wxlocalsandbox0001 {2}added .* ago {2}in force$/m);
    expect(listed.output).not.toContain(key);
    expect(await run('server-key', [...revoke, ...local])).toMatchObject({
      code: 0,
      output: expect.stringContaining(`npm run refresh -- ${local.join(' ')} --leaked kills it`) as string,
    });
    expect((await run('server-key', ['list', ...local])).output).toMatch(/^billing .* revoked .* ago$/m);
    expect(await run('server-key', ['revoke', 'billing', ...local])).toMatchObject({ code: 1 });
  });

  it('says how the ticks of a key stand to those that are meant', async () => {
    const { data, local } = newFolder();
    await startOnce(data);
    for (const [TICKS, told] of [
      ['timer', 'These ticks come beside those of the timer. TICKS=outside in .env.local'],
      ['readers', 'Nobody will miss such a tick (TICKS=readers). TICKS=outside in .env.local'],
      ['outside', 'docs/operations.md has recipes.\nThe door of the embedded cloud'],
    ] as const) {
      const { output } = await run('server-key', ['add', TICKS, '--ticks', ...local], { TICKS });
      expect(output).toContain(`✓ server ${TICKS}, which may tick and gets no token`);
      expect(output).toContain(told);
    }
    const refused = await run('server-key', ['add', 'both', '--ticks', '--appid', 'wx1', ...local]);
    expect(refused).toMatchObject({
      code: 1,
      output: expect.stringContaining('a key with --ticks gets no token'),
    });
  });

  it.each([
    [['add', '--local'], /NAME/],
    [['add', 'x', '--apid', 'wx1', '--local'], /unknown flag --apid/],
    [['add', 'x', 'y', '--local'], /"y" belongs to no flag/],
    [['add', 'x'], /TCB_ENV_ID/],
  ])('%j is one readable line', async (flags, line) => {
    const { code, output } = await run('server-key', flags);
    expect(code).toBe(1);
    expect(output).toMatch(line);
    expect(output).not.toMatch(/^ +at /m);
  });
});

it('an app is chosen as it is named, or is the only one', () => {
  expect(chooseAppids(undefined, ['wx1'])).toEqual(['wx1']);
  expect(chooseAppids('wx1, wx2,wx1', [])).toEqual(['wx1', 'wx2']);
  expect(() => chooseAppids(undefined, ['wx1', 'wx2'])).toThrow('one of wx1, wx2');
  expect(() => chooseAppids(undefined, [])).toThrow('--appid is needed');
  expect(() => chooseAppids('wx3', ['wx1'])).toThrow('wx3 is not among the configured apps: wx1');
  expect(() => chooseAppids('wx 3', [])).toThrow('no AppID');
});

it.each([
  [null, ['CreateTable', 'ModifyDatabaseACL']],
  ['PRIVATE', ['ModifyDatabaseACL']],
  ['ADMINONLY', []],
])('a real environment’s collection that is %s is made and closed by %j', async (tag, expected) => {
  const asked: string[] = [];
  let current = tag;
  const documents = { list: async () => [] };
  const environment = {
    describeAccess: async () => current,
    describe: async () => ({ envId: 'env-1', databaseId: 'tnt-1', backend: 'scf', isPostgres: false }),
    call: async (_: string, action: string, params: { AclTag?: string }) => {
      asked.push(action);
      current = params.AclTag ?? '';
      return {};
    },
    documents: () => documents,
  };
  expect(await openServers({ reach: environment, environment } as unknown as Place)).toBe(documents);
  expect(asked).toEqual(expected);
});

it.each([{ backend: 'cbf' }, { isPostgres: true }, { databaseId: null }])(
  'an environment of another kind, %j, gets no collection',
  async (kind) => {
    const asked: string[] = [];
    const note = async (_: string, action: string) => void asked.push(action);
    const info = { envId: 'env-1', databaseId: 'tnt-1', backend: 'scf', isPostgres: false, ...kind };
    const environment = { describe: async () => info, describeAccess: async () => null, call: note };
    const opened = openServers({ reach: environment, environment } as unknown as Place);
    await expect(opened).rejects.toMatchObject({ code: 'UNSUPPORTED_ENVIRONMENT' });
    expect(asked).toEqual([]);
  },
);

it('cloudbaserc.outside.json gives the door what getAccessToken has, and cloudbaserc.json leaves it out', () => {
  interface Config {
    functions: { name: string }[];
  }
  const read = (file: string): Config => JSON.parse(readFileSync(join(ROOT, file), 'utf8')) as Config;
  const { functions, ...rest } = read('cloudbaserc.outside.json');
  const { functions: deployed, ...others } = read('cloudbaserc.json');
  expect(deployed.map(({ name }) => name)).toEqual(['refreshAccessToken', 'getAccessToken']);
  const likeIt = deployed.find(({ name }) => name === 'getAccessToken');
  expect(functions).toEqual([{ ...likeIt, name: 'accessTokenHttp' }]);
  expect(rest).toEqual({ ...others, functionRoot: 'dist/outside' });
});
