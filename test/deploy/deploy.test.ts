/**
 * `npm run deploy` and `npm run destroy` as a user types them, with the unmodified CLI and manager-node, on loopback:
 * the life of one environment, one test after the other. An upload takes three seconds of processor time.
 */

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
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
let life: Life;
beforeAll(async () => {
  fake = await startTencent();
  life = bringToLife(fake);
});
afterAll(async () => {
  await life.close();
  await fake.close();
});

const run = (script: string, ...flags: string[]) => share(fake, script, flags, VARIABLES);
const stored = () => life.cloud()!.database.collection('wx_access_tokens');

describe('npm run deploy', () => {
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
    for (const [variables, told] of cases) {
      const { code, output } = await share(fake, 'deploy', [], variables);
      expect({ code, output }).toMatchObject({ code: 1 });
      expect(output).toMatch(told);
      expect(output).not.toMatch(/\n\s+at .*:\d+:\d+/);
    }
    expect(fake.calls.filter(({ action }) => !action.startsWith('Describe'))).toEqual([]);
  });

  it('is safe to kill in the middle of the upload, and deploys what then really works when run again', async () => {
    const killed = startCommand(fake, 'deploy', [], VARIABLES);
    fake.interfere = ({ action }) => {
      if (action !== 'CreateFunction') return undefined;
      killed.child.kill('SIGKILL');
      return 'drop';
    };
    expect((await killed.done).code).toBeNull();
    fake.interfere = () => undefined;
    const { code, output } = await runCommand(fake, 'deploy', [], VARIABLES);
    expect({ code, output }).toMatchObject({ code: 0 });
    expect(output).toContain('Deployed and verified');
    expect(output).toMatch(/✓ refresh: wxone refreshed, .*; wxtwo refreshed, /);
    expect(output).toMatch(/✓ guard: .* refused \(403\)/);
    expectSecretsOnlyInEnvironment(output);
  });

  it('changes nothing the second time', async () => {
    const calls = fake.calls.length;
    const second = await run('deploy');
    expect(second).toMatchObject({ code: 0 });
    expect(second.output).toContain('nothing has been changed');
    const writes = fake.calls
      .slice(calls)
      .filter(({ action }) => !/^(Describe|Get|List|Invoke)/.test(action))
      // The documents are looked at: is one of a newer version?
      .filter(({ raw }) => !raw.includes('"action":"database.getDocument"'));
    expect(writes).toEqual([]);
  });

  it('gives the timer as TICKS says, and takes it away', async () => {
    for (const [ticks, left, told] of [
      ['outside', [], /remove refreshAccessToken-tick .*[^]*! ticks from outside: .*no server key may tick/],
      ['readers', [], /set TICKS [^]*✓ trigger: none: readers alone keep the tokens alive/],
      ['timer', ['timer'], /create refreshAccessToken-tick/],
    ] as const) {
      const changed = await share(fake, 'deploy', [], { ...VARIABLES, TICKS: ticks });
      expect(changed).toMatchObject({ code: 0, output: expect.stringMatching(told) });
      const { triggers } = fake.state.functions.get('refreshAccessToken')!;
      expect(triggers.map(({ Type }) => Type)).toEqual(left);
    }
  });

  it('puts the outside door up for a server, which really opens to its key alone, and takes it down again', async () => {
    const added = await run('server-key', 'add', 'billing', '--appid', 'wxone');
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
      const query = new URLSearchParams({ grant_type: 'client_credential', appid: 'wxone', secret });
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
  });
});

describe('npm run destroy', () => {
  it('takes it all away once it is told to, and leaves documents that are not from here', async () => {
    await stored().insert([{ _id: 'note', text: 'not ours' }]);
    const unasked = await run('destroy');
    expect(unasked).toMatchObject({ code: 1 });
    expect(unasked.output).toContain('add --yes');
    expect(fake.state.functions.size).toBe(2);

    const destroyed = await run('destroy', '--yes');
    expect(destroyed).toMatchObject({ code: 0 });
    expect(fake.state.functions.size).toBe(0);
    expect(JSON.parse(fake.state.rule?.Rule ?? '')).toEqual({
      '*': { invoke: "auth.loginType != 'ANONYMOUS' && auth != null" },
    });
    expect(destroyed.output).toContain('delete 2 token documents (wx_access_tokens itself stays');
    expect(destroyed.output).toContain('delete wx_access_clients with 1 document about servers');
    expect([...fake.state.collections.keys()]).toContain('wx_access_tokens');
    expect(stored().find({ query: {} })).toEqual([{ _id: 'note', text: 'not ours' }]);
  });

  it('takes the collection, too, once nothing is in it', async () => {
    await stored().remove({}, true);
    expect(await run('destroy', '--yes')).toMatchObject({ code: 0 });
    expect([...fake.state.collections.keys()]).toEqual(['orders']);
  });

  it('asks for no host that isn’t played here, and neither did deploy', () => {
    expect(fake.refusedHosts).toEqual([]);
  });
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
