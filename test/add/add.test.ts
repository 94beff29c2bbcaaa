/** `npm run add DIR`: writes what `tcb fn deploy --all` of that project then deploys, and touches nothing else. */

import { spawn } from 'node:child_process';
import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, expect, it, vi } from 'vitest';
import { add } from '../../scripts/add/add.ts';
import { append } from '../../scripts/add/insert.ts';
import type { Finding } from '../../scripts/doctor/finding.ts';
import { checkPlatform } from '../../scripts/doctor/platform/checks.ts';
import { wantedOf } from '../../scripts/doctor/platform/wanted.ts';
import { hooksOf } from '../../scripts/platform/tcb-cli.ts';
import { environmentOf, settingsFor } from '../deploy/in-process.ts';
import { startTencent, type FakeTencent } from '../platform/fake/tencent.ts';
import { ROOT } from '../support/root.ts';

const OURS = ['getAccessToken', 'refreshAccessToken'];
let project = '';
const path = (...names: string[]): string => join(project, ...names);
const read = (...names: string[]): string => readFileSync(path(...names), 'utf8');

beforeEach(() => {
  project = join(mkdtempSync(join(tmpdir(), 'add-')), '小程序 x');
  mkdirSync(path('cloudfunctions/login'), { recursive: true });
  writeFileSync(path('cloudfunctions/login/index.js'), 'exports.main = async () => 1;\n');
  vi.stubEnv('WX_APPID', 'wxadded');
  vi.stubEnv('WX_APPSECRET', 'added-secret');
  vi.stubEnv('FUNCTION_PREFIX', '');
  vi.spyOn(console, 'log').mockImplementation(() => undefined);
  return () => {
    vi.unstubAllEnvs();
    vi.restoreAllMocks();
  };
});

/** What the doctor finds on the platform. */
async function findingsOf(fake: FakeTencent): Promise<Finding[]> {
  const settings = settingsFor(fake, { WX_APPID: 'wxadded', WX_APPSECRET: 'added-secret' });
  const wanted = await wantedOf(ROOT, settings.values);
  const outside = () => Promise.reject(new Error('no server needs it'));
  const parts = { wanted, outside, ticks: 'timer', isComplete: true } as const;
  const [, ...findings] = await checkPlatform(environmentOf(fake, settings), parts);
  return findings;
}

async function troublesOf(fake: FakeTencent): Promise<string[]> {
  const findings = await findingsOf(fake);
  return findings.filter(({ severity }) => severity === 'problem').map(({ check }) => check);
}

const run = (isDryRun = false): Promise<void> => add(path('cloudfunctions'), isDryRun, project);

it('writes both functions with their mark and trigger, upgrades them, and leaves the others alone', async () => {
  await run(true);
  expect(readdirSync(path('cloudfunctions'))).toEqual(['login']);
  await run();
  expect(readdirSync(path('cloudfunctions')).toSorted()).toEqual([
    'getAccessToken',
    'login',
    'refreshAccessToken',
  ]);
  expect(JSON.parse(read('cloudfunctions/refreshAccessToken/config.json'))).toMatchObject({
    triggers: [{ name: 'refreshAccessToken-tick', type: 'timer' }],
  });
  // As an older version has written it.
  const old = '// older\n';
  const manifest = path('cloudfunctions/getAccessToken/package.json');
  const marked = JSON.parse(readFileSync(manifest, 'utf8')) as Record<
    string,
    { files: Record<string, string> }
  >;
  const { createHash } = await import('node:crypto');
  marked['cloudbase-access-token']!.files['index.js'] = createHash('sha256').update(old).digest('hex');
  writeFileSync(manifest, JSON.stringify(marked));
  writeFileSync(path('cloudfunctions/getAccessToken/index.js'), old);
  writeFileSync(path('cloudfunctions/getAccessToken/notes.txt'), 'mine');
  await run();
  expect(read('cloudfunctions/getAccessToken/index.js').length).toBeGreaterThan(100_000);
  expect(read('cloudfunctions/getAccessToken/notes.txt')).toBe('mine');
  expect(read('cloudfunctions/login/index.js')).toBe('exports.main = async () => 1;\n');
});

it('refuses what it did not write, and what was changed since, and has changed nothing', async () => {
  mkdirSync(path('cloudfunctions/getAccessToken'));
  writeFileSync(path('cloudfunctions/getAccessToken/index.js'), 'mine');
  await expect(run()).rejects.toThrow(/getAccessToken is there, and npm run add did not write it: nothing/);
  expect(readdirSync(path('cloudfunctions')).toSorted()).toEqual(['getAccessToken', 'login']);
  vi.stubEnv('FUNCTION_PREFIX', 'wx-');
  await run();
  appendFileSync(path('cloudfunctions/wx-getAccessToken/config.json'), '\n');
  await expect(run()).rejects.toThrow(/config\.json was changed after npm run add had written it/);
});

it('writes through no link that a project brings along, and takes a folder of links or folders for no new one', async () => {
  writeFileSync(path('precious'), 'mine');
  mkdirSync(path('shared'));
  writeFileSync(path('cloudbaserc.json'), '{ "functionRoot": "cloudfunctions" }');
  for (const planted of ['cloudbaserc.json.part', 'cloudfunctions/login/index.js.part'])
    symlinkSync(path('precious'), path(planted));
  await run();
  expect(read('precious')).toBe('mine');
  vi.stubEnv('FUNCTION_PREFIX', 'b-');
  mkdirSync(path('cloudfunctions/b-getAccessToken'));
  symlinkSync(path('precious'), path('cloudfunctions/b-getAccessToken/index.js'));
  await expect(run()).rejects.toThrow(/b-getAccessToken is there, and npm run add did not write it/);
  vi.stubEnv('FUNCTION_PREFIX', 'c-');
  mkdirSync(path('cloudfunctions/c-getAccessToken/src'), { recursive: true });
  await expect(run()).rejects.toThrow(/c-getAccessToken is there/);
  expect(read('precious')).toBe('mine');
});

it('gives the timer as TICKS says, takes it away and gives it again, and keeps the triggers of others', async () => {
  writeFileSync(path('cloudbaserc.json'), '{ "functionRoot": "cloudfunctions" }');
  const triggers = (): unknown[] => {
    const { functions } = JSON.parse(read('cloudbaserc.json')) as {
      functions: { name: string; triggers?: { name: string }[] }[];
    };
    const written = JSON.parse(read('cloudfunctions/refreshAccessToken/config.json')) as {
      triggers: object[];
    };
    const entry = functions.find(({ name }) => name === 'refreshAccessToken');
    return [entry?.triggers?.map(({ name }) => name), written.triggers.length];
  };
  vi.stubEnv('TICKS', 'Timer');
  await expect(run()).rejects.toThrow('TICKS must be timer, outside or readers');
  expect(readdirSync(path('cloudfunctions'))).toEqual(['login']);
  vi.stubEnv('TICKS', '');
  await run();
  expect(triggers()).toEqual([['refreshAccessToken-tick'], 1]);
  vi.stubEnv('TICKS', 'outside');
  await run();
  expect(triggers()).toEqual([[], 0]);
  const mine = '"triggers": [{ "name": "mine", "type": "timer", "config": "0 0 2 1 * * *" }]';
  writeFileSync(path('cloudbaserc.json'), read('cloudbaserc.json').replace(/"triggers": \[\s*\]/, mine));
  vi.stubEnv('TICKS', 'timer');
  await run();
  expect(triggers()).toEqual([['mine', 'refreshAccessToken-tick'], 1]);
});

it('takes the settings of the project that the folder is in, not of the one where it is called', async () => {
  const settings = 'TICKS=readers\nALERT_WEBHOOK_URL=https://a.example/hook\n';
  writeFileSync(path('.env.local'), settings);
  writeFileSync(path('cloudbaserc.json'), '{ "functionRoot": "cloudfunctions" }');
  mkdirSync(path('.git'));
  mkdirSync(path('elsewhere'));
  writeFileSync(path('elsewhere/.env.local'), 'FUNCTION_PREFIX=elsewhere-\nWX_TOKEN_API=stable\n');
  await add(path('cloudfunctions'), false, path('elsewhere'));
  const { functions } = JSON.parse(read('cloudbaserc.json')) as {
    functions: { name: string; envVariables: object; triggers?: unknown }[];
  };
  expect(functions.map(({ name }) => name).toSorted()).toEqual(OURS);
  for (const { envVariables, triggers } of functions) {
    expect(envVariables).toHaveProperty('ALERT_WEBHOOK_URL');
    expect(envVariables).not.toHaveProperty('WX_TOKEN_API');
    expect(triggers).toBeUndefined();
  }
});

it('refuses a cloudbaserc.json that it can’t understand, or that declares such a function already', async () => {
  const inFile = async (text: string): Promise<void> => {
    writeFileSync(path('cloudbaserc.json'), text);
    await run();
  };
  await expect(inFile('{ "functions": [')).rejects.toThrow(/cloudbaserc\.json can't be understood/);
  const declared = JSON.stringify({
    functionRoot: 'cloudfunctions',
    functions: [{ name: 'getAccessToken' }],
  });
  await expect(inFile(declared)).rejects.toThrow(/declares getAccessToken already/);
  expect(readdirSync(path('cloudfunctions'))).toEqual(['login']);
});

it.each([
  [
    '{\n    "functions": [\n        { "name": "a" } // old, x\n    ],\n    "o": [1,2,   3]\n}\n',
    '"a" }, // old, x\n',
  ],
  ['{\r\n\t"functions": [\r\n\t\t{"name":"a"},\r\n\t]\r\n}', '{"name":"a"},\r\n\t\t{\r\n\t\t\t"name": "x"'],
  ['{"functions":[]}', '{"functions":[\n  {\n    "name": "x"\n  }\n]}'],
  ['{ "envId": "e" }', '{ "envId": "e",\n  "functions": ['],
])('adds to %j and loses nothing', (before, expected) => {
  const after = append(before, ['functions'], [{ name: 'x' }]);
  expect(after).toContain(expected);
  let at = 0;
  // All that was there is there, in its order.
  for (const character of before) {
    const found = after.indexOf(character, at);
    expect(found).toBeGreaterThanOrEqual(at);
    at = found + 1;
  }
});

it('adds entries that tcb fn deploy --all deploys with the rest, without an empty variable', async () => {
  const fake = await startTencent();
  try {
    const { envId, secretId, secretKey } = fake.state;
    const login = { name: 'login', runtime: 'Nodejs20.19', installDependency: false };
    const before = { envId, functionRoot: 'cloudfunctions', functions: [login], kept: { a: 1 } };
    writeFileSync(path('cloudbaserc.json'), `${JSON.stringify(before, null, 4)}\n`);
    await run();
    const text = read('cloudbaserc.json');
    expect(text).not.toContain('added-secret');
    expect(JSON.parse(text)).toMatchObject({ kept: { a: 1 }, functions: [login, {}, {}] });
    await run();
    expect(read('cloudbaserc.json')).toBe(text);
    mkdirSync(path('.config/.cloudbase'), { recursive: true });
    const credential = { secretId, secretKey };
    writeFileSync(path('.config/.cloudbase/auth.json'), JSON.stringify({ credential }));
    writeFileSync(path('certificate.pem'), fake.certificate);
    writeFileSync(path('.env.local'), 'WX_APPID=wxadded\nWX_APPSECRET=added-secret\n');
    const env = {
      PATH: process.env['PATH'],
      HOME: project,
      TMPDIR: project,
      http_proxy: fake.proxyUrl,
      NODE_EXTRA_CA_CERTS: path('certificate.pem'),
    };
    const cli = join(ROOT, 'node_modules/@cloudbase/cli/bin/tcb');
    const child = spawn(
      process.execPath,
      [...hooksOf(process.versions), cli, 'fn', 'deploy', '--all', '--force'],
      {
        cwd: project,
        env,
        stdio: 'ignore',
      },
    );
    await new Promise((resolve) => child.once('close', resolve));
    expect([...fake.state.functions.keys()].toSorted()).toEqual([...OURS, 'login'].toSorted());
    const get = fake.state.functions.get('getAccessToken');
    expect(get).toMatchObject({ Timeout: 30, MemorySize: 256 });
    expect(get?.variables.map(({ Key }) => Key)).toEqual([
      'WX_APPID',
      'WX_APPSECRET',
      'DEPLOYED_CODE_SHA256',
    ]);
    expect(get?.variables).toContainEqual({ Key: 'WX_APPSECRET', Value: 'added-secret' });
    expect(fake.state.functions.get('refreshAccessToken')?.triggers).toMatchObject([
      { TriggerName: 'refreshAccessToken-tick' },
    ]);
    expect(fake.refusedHosts).toEqual([]);
    // What is left to do by hand, and nothing that has been done.
    expect(await troublesOf(fake)).toEqual(['collection', 'security rule', 'retries']);
    for (const name of OURS) fake.state.functions.get(name)!.Description = '';
    for (const name of OURS) fake.state.functions.get(name)!.variables = [];
    const [names] = await findingsOf(fake);
    expect(names).toMatchObject({ check: 'names', severity: 'problem' });
    expect(names?.cure).toContain('variable DEPLOYED_CODE_SHA256 in the console');
  } finally {
    await fake.close();
  }
}, 300_000);
