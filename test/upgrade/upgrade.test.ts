/** From each released version to this one: what it has stored, deployed and written into projects goes on. */

import { readFileSync, readdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { readServer } from '../../functions/accessTokenHttp/server-document.ts';
import { missedSince, readOpenIncidents } from '../../functions/_shared/alerts/incidents.ts';
import { createTokenCipher } from '../../functions/_shared/store/cipher.ts';
import { fromDocument } from '../../functions/_shared/store/document.ts';
import { add } from '../../scripts/add/add.ts';
import { createCloudClock } from '../../scripts/local/clock.ts';
import { readHistory } from '../../scripts/place/history.ts';
import { deploy } from '../deploy/in-process.ts';
import { playTencent } from '../platform/fake/played.ts';
import { fullRecord } from '../store/records.ts';
import { NOON_MS, openTestCloud, ROOT, type TestCloud } from '../support/cloud.ts';
import { readDeployed, readStored, unpackProject, VARIABLES } from './fixture.ts';

const MINUTE_MS = 60_000;
const READS = /^(Describe|Get|List|Invoke)/;
const OURS = ['getAccessToken', 'refreshAccessToken'];
const fake = await playTencent();

describe.each(readdirSync(join(ROOT, 'test/upgrade/fixtures')))('from %s', (version) => {
  it('the documents are read whole: the token, the request of an operator, the history, incidents and servers', () => {
    const { tokens, servers } = readStored(version);
    const cipher = createTokenCipher([Buffer.from(VARIABLES.TOKEN_ENCRYPTION_KEYS, 'base64')]);
    const atMs = fullRecord.manualRefresh!.requestedAtMs;
    expect(tokens.map((document) => document['_id'])).toEqual(['wxfake', 'wxsealed']);
    for (const document of tokens) {
      expect(fromDocument(document, document['_id'], cipher)).toEqual({ record: fullRecord, damaged: [] });
      expect(readHistory(document['history'])).toMatchObject([{ atMs, outcome: 'minted' }]);
      expect(readOpenIncidents(document)).toMatchObject({
        isDamaged: false,
        open: [{ appid: 'wxfake', kind: 'refreshFailing', sinceAtMs: atMs }],
      });
      expect(missedSince(document, atMs)).toBe(atMs);
    }
    expect(servers.map(readServer)).toMatchObject([
      { name: 'billing', appids: ['wxfake'] },
      { name: 'cron', mayTick: true },
    ]);
  });

  it('a day of ticks and calls goes on, and no caller notices', async () => {
    const clock = createCloudClock();
    clock.freeze(NOON_MS);
    const dataFolder = mkdtempSync(join(tmpdir(), 'upgrade-data-'));
    const old = join(unpackProject(version), 'cloudfunctions');
    const first = await openTestCloud({ clock, dataFolder, codeRoot: old, guests: [] });
    const held = await liveHours(first, 12);
    const [version12, mints] = [first.stored()?.['version'], first.mints()];
    await first.end();
    const second = await openTestCloud({ clock, dataFolder, guests: [] });
    expect(second.stored()?.['version']).toBe(version12);
    expect((await second.get()).access_token).toBe(held.token);
    // To the last second that the older version has promised.
    clock.advance(held.endsAtMs - 1_000 - clock.now());
    expect(second.isAlive(held.token)).toBe(true);
    await liveHours(second, 12);
    // At 0, 110 … minutes, as without an upgrade.
    expect([mints, second.mints()]).toEqual([7, 7]);
    expect(second.stored()).toMatchObject({ schema: 1, backoff: null, refusedAtMs: [] });
    expect(readHistory(second.stored()?.['history'])).toHaveLength(14);
    await second.end();
  });

  it('deploy uploads the code, and changes nothing else', async () => {
    fake.state = readDeployed(version);
    const before = readDeployed(version);
    const { isDone, output, actions } = await deploy(fake, { variables: VARIABLES, ...readStored(version) });
    expect(output).not.toContain('✗');
    expect(isDone).toBe(true);
    const changing = new Set(actions.filter((action) => !READS.test(action)));
    expect([...changing].filter((action) => !/^UpdateFunction(Code|Configuration)$/.test(action))).toEqual(
      [],
    );
    expect([...fake.state.functions.keys()]).toEqual([...before.functions.keys()]);
    for (const [name, { variables, triggers }] of before.functions)
      expect(withoutMark(fake.state.functions.get(name)!)).toEqual(withoutMark({ variables, triggers }));
    const { rule, domains, retries, collections } = before;
    expect(fake.state).toMatchObject({ rule, domains, retries, collections });
    const again = await deploy(fake, { variables: VARIABLES, ...readStored(version) });
    expect(again.output).toContain('nothing has been changed');
  });

  describe('add', () => {
    let project = '';
    const run = (): Promise<void> => add(join(project, 'cloudfunctions'), false, project);
    const read = (...names: string[]): string => readFileSync(join(project, ...names), 'utf8');

    beforeEach(() => {
      project = unpackProject(version);
      const values = {
        WX_APPID: 'wxfake',
        WX_APPSECRET: 'another-secret',
        FUNCTION_PREFIX: '',
        ...VARIABLES,
      };
      for (const [name, value] of Object.entries(values)) vi.stubEnv(name, value);
      vi.spyOn(console, 'log').mockImplementation(() => undefined);
      return () => {
        vi.unstubAllEnvs();
        vi.restoreAllMocks();
      };
    });

    it('brings the functions and their entries up to date, and leaves the user’s own', async () => {
      const before = read('cloudbaserc.json');
      await run();
      for (const name of OURS)
        expect(read('cloudfunctions', name, 'index.js')).toBe(
          readFileSync(join(ROOT, 'dist/functions', name, 'index.js'), 'utf8'),
        );
      expect(read('cloudfunctions/login/index.js')).toBe('exports.main = async () => 1;\n');
      expect(read('cloudbaserc.json').replaceAll(/[0-9a-f]{64}/g, '')).toBe(
        before.replaceAll(/[0-9a-f]{64}/g, ''),
      );
      const after = read('cloudbaserc.json');
      await run();
      expect(read('cloudbaserc.json')).toBe(after);
    });

    it('leaves the functions of a newer version, whose documents this one can’t read', async () => {
      const file = join(project, 'cloudfunctions/getAccessToken/package.json');
      writeFileSync(file, readFileSync(file, 'utf8').replace('"format": 1', '"format": 2'));
      const before = [read('cloudbaserc.json'), readFileSync(file, 'utf8')];
      await expect(run()).rejects.toThrow(/getAccessToken is of a newer version.*nothing was changed/);
      expect([read('cloudbaserc.json'), readFileSync(file, 'utf8')]).toEqual(before);
    });

    it('sets what an upload needs where an entry has it otherwise, and says so', async () => {
      const file = join(project, 'cloudbaserc.json');
      const before = read('cloudbaserc.json');
      writeFileSync(
        file,
        before.replace('"timeout": 30', '"timeout": 3').replace('"timeout": 60', '"timeout": 60, "vpc": {}'),
      );
      await run();
      expect(read('cloudbaserc.json')).toContain('"timeout": 60, "vpc": {}');
      expect(read('cloudbaserc.json')).toContain('"timeout": 30');
      expect(vi.mocked(console.log).mock.calls.join('\n')).toContain(
        'as this version needs it: getAccessToken timeout',
      );
    });
  });
});

/** Ticks and calls every 5 minutes; the last answer. */
async function liveHours(cloud: TestCloud, hours: number): Promise<{ token: string; endsAtMs: number }> {
  let last = { token: '', endsAtMs: 0 };
  for (let tick = 0; tick < hours * 12; tick++) {
    const { errcode, results } = await cloud.refresh();
    expect({ errcode, failed: results.filter(({ action }) => action === 'failed') }).toEqual({
      errcode: 0,
      failed: [],
    });
    const reply = await cloud.get();
    expect(reply.errcode).toBe(0);
    expect(cloud.isAlive(reply.access_token)).toBe(true);
    last = { token: reply.access_token!, endsAtMs: reply.expires_at! * 1_000 };
    cloud.clock.advance(5 * MINUTE_MS);
  }
  return last;
}

function withoutMark({
  variables,
  triggers,
}: {
  variables: { Key: string; Value: string }[];
  triggers: unknown;
}) {
  return { triggers, variables: variables.filter(({ Key }) => Key !== 'DEPLOYED_CODE_SHA256') };
}
