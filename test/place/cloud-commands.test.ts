/** The operator's commands on a real environment's wire: the same libraries and signatures, on loopback. */

import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { COLLECTION } from '../../scripts/local/cloud.ts';
import { listenTo } from '../dashboard/support.ts';
import { deploy } from '../deploy/in-process.ts';
import { bringToLife, type Life } from '../platform/fake/alive.ts';
import { cloneFolder, shareCommands, startCommand, type CommandRun } from '../platform/fake/run.ts';
import { startTencent, type FakeTencent } from '../platform/fake/tencent.ts';

const APPID = 'wxfake';
const SECRET = 'canary-cloud-secret-0001';
const KEY = Buffer.alloc(32, 9).toString('base64');
const VARIABLES = { WX_APPID: APPID, WX_APPSECRET: SECRET, TOKEN_ENCRYPTION_KEYS: KEY };

const share = shareCommands();
let fake: FakeTencent;
let life: Life;
const outputs: string[] = [];

beforeAll(async () => {
  fake = await startTencent();
  const codeRoot = join(cloneFolder(), 'dist/functions');
  life = bringToLife(fake, { codeRoot });
  await share(fake, 'build');
  const { isDone, output } = await deploy(fake, { variables: VARIABLES, codeRoot });
  outputs.push(output);
  if (!isDone) throw new Error(output);
});
afterAll(async () => {
  await life.close();
  await fake.close();
});

async function run(
  command: string,
  flags: string[] = [],
  variables: Record<string, string> = VARIABLES,
): Promise<CommandRun> {
  const ended = await share(fake, command, flags, variables);
  outputs.push(ended.output);
  return ended;
}

describe('npm run dashboard on an environment', () => {
  it('asks for nothing before a page is open, and then with one query that writes nothing', async () => {
    const { child } = startCommand(fake, 'dashboard', ['--port', '0'], VARIABLES);
    const url = await new Promise<string>((resolve) => {
      child.stdout?.on('data', (chunk: Buffer) => {
        const found = /: (http:\S+)/.exec(chunk.toString())?.[1];
        if (found !== undefined) resolve(found);
      });
    });
    onTestFinished(() => void child.kill('SIGKILL'));
    const before = fake.calls.length;
    const stored = life.cloud()?.database.collection(COLLECTION).find({ query: {} });
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(fake.calls.length).toBe(before);
    const stream = await listenTo(url);
    const { snapshot } = await stream.until(() => true);
    expect(snapshot).toMatchObject({
      place: 'cloud',
      periodMs: 30_000,
      timer: null,
      sandbox: null,
      environment: fake.state.envId,
      apps: [{ appid: 'wxfake', mintsToday: { count: 1 } }],
    });
    expect(fake.calls.slice(before)).toEqual([expect.objectContaining({ action: 'POST /admin' })]);
    expect(life.cloud()?.database.collection(COLLECTION).find({ query: {} })).toEqual(stored);
    await listenTo(url);
    expect(fake.calls.length).toBe(before + 1);
    expect(stream.text()).not.toMatch(/canary|110_[\w-]{8}/);
    const ended = new Promise((resolve) => child.once('close', resolve));
    child.kill('SIGINT');
    expect(await ended).toBe(0);
  }, 60_000);
});

describe('the operator’s commands on an environment', () => {
  it('show a healthy deployment, and write nothing to look at it', async () => {
    const calls = fake.calls.length;
    const status = await run('status');
    expect(status).toMatchObject({ code: 0, output: expect.stringMatching(/wxfake  healthy/) });
    const doctor = await run('doctor', ['--json']);
    // In front of it stands what the SDK says on standard error of surroundings that claim to be the platform.
    expect(JSON.parse(doctor.output.slice(doctor.output.indexOf('{')))).toMatchObject({ exitCode: 0 });
    expect(doctor.output).toMatch(/"check": "clock",\s+"severity": "ok"/);
    const writes = fake.calls
      .slice(calls)
      .filter(
        ({ host, action }) =>
          !host.includes('tcb-api') && !/^(Describe|Get|List|HEAD|undefined)/.test(action),
      );
    expect(writes.map(({ action }) => action)).toEqual([]);
  }, 60_000);

  it('work on a machine that holds neither secret nor key', async () => {
    const status = await run('status', [], {});
    expect(status.output).toMatch(/encrypted, minted .*stored sealed with a key that is not here/);
    const doctor = await run('doctor', [], {});
    expect(doctor).toMatchObject({ code: 0 });
    expect(doctor.output).toMatch(/✓ configuration +deployed for wxfake/);
    expect(doctor.output).toMatch(/✓ encryption +on, 1 key/);
    const refreshed = await run('refresh', [], {});
    expect(refreshed).toMatchObject({
      code: 0,
      output: expect.stringMatching(/✓ wxfake: refreshed; the stored one is encrypted/),
    });
  }, 90_000);

  it('kill a leaked token', async () => {
    const { sandbox, host, clock } = life.cloud()!;
    const call = { name: 'getAccessToken', event: {}, caller: { kind: 'function', source: ',scf' } } as const;
    const before = (await host.invoke(call)) as { result: { access_token: string } };
    const leaked = before.result.access_token;
    expect(await run('refresh', ['--leaked'])).toMatchObject({ code: 0 });
    expect(sandbox!.wechat.useToken(leaked, clock.now()).errcode).not.toBe(0);
    const report = { ...call, event: { invalid_access_token: leaked } };
    const after = (await host.invoke(report)) as { result: { access_token: string } };
    expect(sandbox!.wechat.useToken(after.result.access_token, clock.now()).errcode).toBe(0);
    expect(outputs.join()).not.toContain(leaked);
    expect(outputs.join()).not.toContain(after.result.access_token);
  }, 60_000);

  it('find what somebody has changed, and what cures it', async () => {
    const refresh = fake.state.functions.get('refreshAccessToken')!;
    const triggers = refresh.triggers.splice(0);
    fake.state.collections.set('wx_access_tokens', 'READONLY');
    const doctor = await run('doctor');
    expect(doctor).toMatchObject({ code: 1 });
    expect(doctor.output).toMatch(
      /✗ trigger +npm run deploy would create refreshAccessToken-tick[^]*cure: npm run deploy/,
    );
    expect(doctor.output).toMatch(
      /✗ collection +npm run deploy would close wx_access_tokens, which is READONLY/,
    );
    refresh.triggers.push(...triggers);
    fake.state.collections.set('wx_access_tokens', 'ADMINONLY');
    expect(await run('doctor')).toMatchObject({ code: 0 });
  }, 60_000);

  it('say so when the credentials are wrong', async () => {
    const wrong = { ...VARIABLES, TENCENTCLOUD_SECRETID: 'AKIDwrong000000000000000000000000000' };
    const doctor = await run('doctor', [], wrong);
    expect(doctor).toMatchObject({ code: 1 });
    expect(doctor.output).toMatch(/✗ environment +.*AuthFailure\.SecretIdNotFound/);
    const status = await run('status', [], wrong);
    expect(status).toMatchObject({ code: 2, output: expect.stringMatching(/^✗ /m) });
    expect(await run('refresh', [], wrong)).toMatchObject({ code: 1 });
  }, 60_000);

  it('have told no secret, and asked no host but Tencent’s', () => {
    const all = outputs.join();
    for (const secret of [SECRET, KEY, fake.state.secretKey]) expect(all).not.toContain(secret);
    expect(fake.refusedHosts).toEqual([]);
  });
});
