/** `npm run deploy` and `npm run destroy` as a user types them, with the unmodified CLI and manager-node, on loopback. */

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { bringToLife, type Life } from '../platform/fake/alive.ts';
import { runCommand, shareCommands, startCommand } from '../platform/fake/run.ts';
import { DOMAIN } from '../platform/fake/state.ts';
import { startTencent, type FakeTencent } from '../platform/fake/tencent.ts';
import { unzip } from '../platform/fake/unzip.ts';
import { bearer } from '../support/cloud.ts';

const SECRET = `cAnArY'"$HOME\\b{{env.PATH}}0001`;
const APPS = JSON.stringify([
  { appid: 'wxone', secret: SECRET },
  { appid: 'wxtwo', secret: `${SECRET}2`, api: 'stable' },
]);
const KEY = Buffer.alloc(32, 7).toString('base64');
const VARIABLES = { WX_APPS: APPS, TOKEN_ENCRYPTION_KEYS: KEY };
const ONE_APP = { WX_APPID: 'wxfake', WX_APPSECRET: SECRET };

const share = shareCommands();
let fake: FakeTencent;
let life: Life | undefined;
beforeEach(async () => {
  fake = await startTencent();
});
afterEach(async () => {
  await life?.close();
  life = undefined;
  await fake.close();
});

describe('npm run deploy', () => {
  it('deploys what then really works, changes nothing the second time, and npm run destroy takes it away', async () => {
    life = bringToLife(fake);
    const first = await runCommand(fake, 'deploy', [], VARIABLES);
    expect(first).toMatchObject({ code: 0 });
    expect(first.output).toMatch(/✓ refresh: wxone refreshed, .*; wxtwo refreshed, /);
    expect(first.output).toMatch(/✓ guard: .* refused \(403\)/);
    expectSecretsOnlyInEnvironment(first.output);

    const calls = fake.calls.length;
    const second = await share(fake, 'deploy', [], VARIABLES);
    expect(second).toMatchObject({ code: 0 });
    expect(second.output).toContain('nothing has been changed');
    const writes = fake.calls
      .slice(calls)
      .filter(({ action }) => !/^(Describe|Get|List|Invoke)/.test(action))
      // The documents are looked at: is one of a newer version?
      .filter(({ raw }) => !raw.includes('"action":"database.getDocument"'));
    expect(writes).toEqual([]);

    const triggers = () => fake.state.functions.get('refreshAccessToken')?.triggers.map(({ Type }) => Type);
    for (const [ticks, left, told] of [
      ['outside', [], /remove refreshAccessToken-tick .*[^]*! ticks from outside: .*no server key may tick/],
      ['readers', [], /set TICKS [^]*✓ trigger: none: readers alone keep the tokens alive/],
      ['timer', ['timer'], /create refreshAccessToken-tick/],
    ] as const) {
      const changed = await share(fake, 'deploy', [], { ...VARIABLES, TICKS: ticks });
      expect(changed).toMatchObject({ code: 0, output: expect.stringMatching(told) });
      expect(triggers()).toEqual(left);
    }

    await life
      .cloud()
      ?.database.collection('wx_access_tokens')
      .insert([{ _id: 'note', text: 'not ours' }]);
    const unasked = await share(fake, 'destroy');
    expect(unasked).toMatchObject({ code: 1 });
    expect(unasked.output).toContain('add --yes');
    expect(fake.state.functions.size).toBe(2);

    const destroyed = await share(fake, 'destroy', ['--yes']);
    expect(destroyed).toMatchObject({ code: 0 });
    expect(fake.state.functions.size).toBe(0);
    expect(JSON.parse(fake.state.rule?.Rule ?? '')).toEqual({
      '*': { invoke: "auth.loginType != 'ANONYMOUS' && auth != null" },
    });
    expect(destroyed.output).toContain('delete 2 token documents (wx_access_tokens itself stays');
    expect([...fake.state.collections.keys()]).toContain('wx_access_tokens');
    const left = life.cloud()?.database.collection('wx_access_tokens').find({ query: {} });
    expect(left).toEqual([{ _id: 'note', text: 'not ours' }]);
    // Nobody asked for a host that isn't played here.
    expect(fake.refusedHosts).toEqual([]);
  }, 300_000);

  it('is safe to kill in the middle of the upload, and completes when run again; then it puts the outside door up for a server, which really opens to its key alone, and takes it down again', async () => {
    const run = (script: string, ...flags: string[]) => share(fake, script, flags, ONE_APP);
    life = bringToLife(fake);
    const running = startCommand(fake, 'deploy', [], ONE_APP);
    fake.interfere = ({ action }) => {
      if (action !== 'CreateFunction') return undefined;
      running.child.kill('SIGKILL');
      return 'drop';
    };
    expect((await running.done).code).toBeNull();
    fake.interfere = () => undefined;
    const again = await run('deploy');
    expect(again).toMatchObject({ code: 0 });
    expect(again.output).toContain('Deployed and verified');

    const added = await run('server-key', 'add', 'billing');
    expect(added).toMatchObject({
      code: 0,
      output: expect.stringContaining('Next: npm run deploy.') as string,
    });
    const key = /^ {4}(\S+)$/m.exec(added.output)?.[1] ?? '';

    const deployed = await run('deploy');
    expect(deployed).toMatchObject({ code: 0 });
    expect(deployed.output).toMatch(/✓ outside guard: .*\(41004\), .*\(40125\)/);
    expect(deployed.output).toContain(`✓ outside path: https://${DOMAIN}/wechat leads to accessTokenHttp`);
    expect(deployed.output).not.toContain(key);
    const { door: opened, secret: doorSecret } = life.cloud()!;
    const door = `${opened.url}/http/accessTokenHttp/cgi-bin/token`;
    const ask = async (secret: string): Promise<object> => {
      const query = new URLSearchParams({ grant_type: 'client_credential', appid: 'wxfake', secret });
      return (await (
        await fetch(`${door}?${query.toString()}`, { headers: bearer(doorSecret) })
      ).json()) as object;
    };
    expect(await ask(key)).toMatchObject({ access_token: expect.any(String) as string });
    expect((await run('deploy')).output).toContain('nothing has been changed');

    const revoked = await run('server-key', 'revoke', 'billing');
    expect(revoked.output).toContain('No server is left: npm run deploy takes the door down');
    expect(await ask(key)).toMatchObject({ errcode: 40125 });
    const without = await run('deploy');
    expect(without).toMatchObject({ code: 0 });
    expect(without.output).toContain('✓ outside function: accessTokenHttp is gone');
    // The CLI uploads both at once: either may arrive first.
    expect([...fake.state.functions.keys()].toSorted()).toEqual(['getAccessToken', 'refreshAccessToken']);
    const destroyed = await run('destroy', '--yes');
    expect(destroyed.output).toContain('delete wx_access_clients with 1 document about servers');
    expect([...fake.state.collections.keys()]).toEqual(['orders']);
    expect(fake.refusedHosts).toEqual([]);
  }, 300_000);

  it('fails with cause and cure before it changes anything', async () => {
    const cases: [Record<string, string>, RegExp][] = [
      [
        { ...ONE_APP, TENCENTCLOUD_SECRETID: 'AKIDwrong' },
        /AuthFailure\.SecretIdNotFound.*check TENCENTCLOUD_SECRETID/,
      ],
      [{ ...ONE_APP, TENCENTCLOUD_SECRETID: '', TENCENTCLOUD_SECRETKEY: '' }, /npx tcb login/],
      [{ ...ONE_APP, TENCENTCLOUD_SECRETKEY: '' }, /TENCENTCLOUD_SECRETKEY is missing/],
      [{ ...ONE_APP, TCB_ENV_ID: 'other-env' }, /no environment other-env in ap-shanghai/],
      [{ ...ONE_APP, TCB_ENV_ID: '' }, /TCB_ENV_ID is missing.*npm run setup/],
      [{ WX_APPID: 'wxfake' }, /WX_APPSECRET is missing.*\.env\.local/],
      [{ ...ONE_APP, TICKS: 'cron' }, /TICKS must be timer, outside or readers.*\.env\.local/],
      [{ ...ONE_APP, ALERT_WEBHOOK_URL: 'http://robot.example' }, /ALERT_WEBHOOK_URL.*\.env\.local/],
    ];
    const runs = await Promise.all(
      // The first in a process of its own.
      cases.map(([variables], at) => (at === 0 ? runCommand : share)(fake, 'deploy', [], variables)),
    );
    for (const [at, { code, output }] of runs.entries()) {
      expect({ code, output }).toMatchObject({ code: 1 });
      expect(output).toMatch(cases[at]![1]);
      expect(output).not.toMatch(/\.ts:\d+/);
    }
    expect(fake.calls.filter(({ action }) => !action.startsWith('Describe'))).toEqual([]);
    expect(fake.refusedHosts).toEqual([]);
  }, 300_000);
});

/** Once per function, in the field that it has to be in; nowhere in output, code or any other request. */
function expectSecretsOnlyInEnvironment(output: string): void {
  for (const secret of ['cAnArY', KEY]) {
    expect(output).not.toContain(secret);
    const holders = fake.calls.filter(({ raw }) => raw.includes(secret));
    expect(holders.map(({ action, params }) => [action, params['FunctionName']])).toEqual([
      ['UpdateFunctionConfiguration', 'refreshAccessToken'],
      ['UpdateFunctionConfiguration', 'getAccessToken'],
    ]);
    for (const { params } of holders) {
      const { Environment: _, ...others } = params;
      expect(JSON.stringify(others)).not.toContain(secret);
    }
    for (const { code } of fake.state.functions.values()) {
      const files = [...unzip(code)];
      expect(files.map(([name]) => name).toSorted()).toEqual([
        'THIRD_PARTY_LICENSES',
        'config.json',
        'index.js',
        'package.json',
      ]);
      for (const [, content] of files) expect(content.includes(secret)).toBe(false);
    }
  }
  const { envId } = fake.state;
  expect(fake.calls.filter(({ raw }) => raw.includes(fake.state.secretKey))).toEqual([]);
  expect(output).not.toContain(fake.state.secretKey);
  expect(output).toContain(envId);
}
