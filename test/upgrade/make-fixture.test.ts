/** Makes the fixture of this version: `FIXTURE=1 npx vitest run test/upgrade/make-fixture.test.ts`, once per release. */

import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { createTokenCipher } from '../../functions/_shared/store/cipher.ts';
import { ALERT_FIELDS } from '../../functions/_shared/store/document.ts';
import { written } from '../../functions/_shared/alerts/incidents.ts';
import { toDocument } from '../../functions/_shared/store/document.ts';
import { inClear } from '../../functions/_shared/store/sealed.ts';
import { add } from '../../scripts/add/add.ts';
import type { StoredDocument } from '../../scripts/platform/environment.ts';
import { deploy } from '../deploy/in-process.ts';
import { LIVE, TICKER } from '../deploy/servers.ts';
import { playTencent } from '../platform/fake/played.ts';
import { fullRecord } from '../store/records.ts';
import { ROOT } from '../support/root.ts';
import { packProject, VARIABLES, writeDeployed, writeStored, type Stored } from './fixture.ts';

const isWanted = process.env['FIXTURE'] !== undefined;
const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string };
const fake = await playTencent();

it.skipIf(!isWanted)(
  `makes what this version leaves behind${isWanted ? '' : ' (only with FIXTURE=1)'}`,
  async () => {
    packProject(version, await makeProject());
    const stored = makeStored();
    writeStored(version, stored);
    fake.state.collections.set('wx_access_clients', 'ADMINONLY');
    const { output } = await deploy(fake, { variables: VARIABLES, ...stored });
    expect(output).not.toContain('✗');
    writeDeployed(version, fake.state);
  },
);

async function makeProject(): Promise<string> {
  const project = mkdtempSync(join(tmpdir(), 'fixture-'));
  mkdirSync(join(project, 'cloudfunctions/login'), { recursive: true });
  writeFileSync(join(project, 'cloudfunctions/login/index.js'), 'exports.main = async () => 1;\n');
  writeFileSync(
    join(project, 'cloudbaserc.json'),
    '{\n  "functionRoot": "cloudfunctions",\n  "functions": [{ "name": "login", "timeout": 5 }]\n}\n',
  );
  const values = { WX_APPID: 'wxfake', WX_APPSECRET: 'fixture-secret', FUNCTION_PREFIX: '', ...VARIABLES };
  for (const [name, value] of Object.entries(values)) vi.stubEnv(name, value);
  await add(join(project, 'cloudfunctions'), false, project);
  return project;
}

/** Every field that a version writes, in a document in clear and in a sealed one. */
function makeStored(): Stored {
  const cipher = createTokenCipher([Buffer.from(VARIABLES.TOKEN_ENCRYPTION_KEYS, 'base64')]);
  const atMs = fullRecord.manualRefresh!.requestedAtMs;
  const entry = {
    atMs,
    reason: 'timer',
    outcome: 'minted',
    errcode: 0,
    rid: null,
    tookMs: 90,
    gapMs: 1,
    who: 'a/1',
  };
  const open = [{ appid: 'wxfake', kind: 'refreshFailing', sinceAtMs: atMs }] as const;
  const beside = { history: [entry], ...written('stamp', { sentAtMs: atMs, open }), missedTickAtMs: atMs };
  expect(ALERT_FIELDS.every((field) => field in beside)).toBe(true);
  const token = (appid: string, how: typeof cipher): StoredDocument => ({
    _id: appid,
    ...toDocument(fullRecord, 'writer', appid, how),
    ...beside,
  });
  return { tokens: [token('wxfake', inClear), token('wxsealed', cipher)], servers: [LIVE, TICKER] };
}
