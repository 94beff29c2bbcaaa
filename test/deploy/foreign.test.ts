/** Somebody else's function under one of our names: it stops a deployment before anything is changed, and has ways out. */

import { mkdtempSync, readFileSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { readSettings } from '../../functions/getAccessToken/client/settings.ts';
import { someFunction, type FakeFunction, type FakeState } from '../platform/fake/state.ts';
import { playTencent } from '../platform/fake/played.ts';
import { LIVE } from './servers.ts';
import { deploy, environmentOf, settingsFor } from './in-process.ts';
import { functionRemovalStep } from '../../scripts/deploy/steps/function-removal.ts';

const READS = /^(Describe|Get|List)/;
const OURS = ['refreshAccessToken', 'getAccessToken'];

const fake = await playTencent();

/** As a blog's recipe leaves it, with a secret in a variable. */
function theirs(name: string, changes: Partial<FakeFunction> = {}): FakeFunction {
  const own = someFunction(name, {
    Description: 'my token',
    ModTime: '2024-05-06 07:08:09',
    code: Buffer.from('PK their code'),
    variables: [{ Key: 'MY_APPSECRET', Value: 'their-secret-value' }],
    triggers: [
      { TriggerName: 'myTimer', Type: 'timer', TriggerDesc: '0 0 */2 * * * *', Enable: 1 },
      { TriggerName: 'myPath', Type: 'apigw', TriggerDesc: '{}', Enable: 1 },
    ],
    ...changes,
  });
  fake.state.functions.set(name, own);
  return own;
}

function snapshot({ functions, collections, rule, retries }: FakeState): string {
  return JSON.stringify([[...functions], [...collections], rule, [...retries]]);
}

describe.each(['Nodejs20.19', 'Nodejs16.13', 'Php7'])('a function of our name on %s', (Runtime) => {
  it.each([false, true])('stops deploy before anything is changed (dry run: %s)', async (isDryRun) => {
    theirs('getAccessToken', { Runtime });
    const before = snapshot(fake.state);
    const { isDone, output, actions } = await deploy(fake, { isDryRun });
    expect(isDone).toBe(false);
    expect(snapshot(fake.state)).toBe(before);
    expect(actions.filter((action) => !READS.test(action))).toEqual([]);
    expect(output).toContain(
      `getAccessToken (${Runtime}; last changed 2024-05-06 07:08:09; variables MY_APPSECRET; triggers myTimer [timer 0 0 */2 * * * *], myPath [apigw])`,
    );
    for (const way of ['FUNCTION_PREFIX', '--take-over', 'npx tcb fn delete getAccessToken'])
      expect(output).toContain(way);
    expect(output).not.toContain('their-secret-value');
  });

  it('is replaced with --take-over, after a copy that only its owner can read', async () => {
    theirs('getAccessToken', { Runtime });
    const backups = mkdtempSync(join(tmpdir(), 'backups-'));
    const planned = await deploy(fake, { isDryRun: true, backups });
    expect(planned.isDone).toBe(true);
    expect(planned.actions.filter((action) => !READS.test(action))).toEqual([]);
    const { isDone, output } = await deploy(fake, { backups });
    expect(output).not.toContain('✗');
    expect(isDone).toBe(true);
    const folder = join(backups, 'getAccessToken-now');
    for (const { output: told } of [planned, { output }]) expect(told).toContain(folder);
    expect(output).toContain('npm run destroy does not bring it back');
    expect(`${output}${planned.output}`).not.toContain('their-secret-value');
    expect(readFileSync(join(folder, 'code.zip'), 'utf8')).toBe('PK their code');
    const described = readFileSync(join(folder, 'function.json'), 'utf8');
    for (const part of [Runtime, 'their-secret-value', 'myTimer', 'myPath'])
      expect(described).toContain(part);
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    expect(statSync(join(folder, 'function.json')).mode & 0o777).toBe(0o600);
    expect(fake.state.functions.get('getAccessToken')).toMatchObject({ Runtime: 'Nodejs20.19' });
    expect((await deploy(fake)).output).toContain('nothing has been changed');
  });
});

it('changes nothing where the copy fails, one of several too', async () => {
  theirs('refreshAccessToken');
  theirs('getAccessToken', { code: Buffer.from('<Error>no such key</Error>') });
  const before = snapshot(fake.state);
  const { isDone, output } = await deploy(fake, { backups: mkdtempSync(join(tmpdir(), 'backups-')) });
  expect(isDone).toBe(false);
  expect(output).toMatch(/✗ names: the code of getAccessToken could not be copied/);
  expect(output).not.toContain('secret-signature');
  expect(snapshot(fake.state)).toBe(before);
});

it('looks at the outside door too, before the other functions are changed', async () => {
  fake.state.collections.set('wx_access_clients', 'ADMINONLY');
  theirs('accessTokenHttp');
  const before = snapshot(fake.state);
  const { isDone, output } = await deploy(fake, { servers: [LIVE] });
  expect(isDone).toBe(false);
  expect(output).toMatch(/✗ names: a name is taken.*accessTokenHttp/);
  expect(snapshot(fake.state)).toBe(before);
});

describe('FUNCTION_PREFIX', () => {
  const variables = { FUNCTION_PREFIX: 'wx-' };
  // As the platform answers: by what the function is, whatever its name.
  beforeEach(() => {
    const { invoke } = fake.state;
    fake.state.invoke = (name, event) => invoke(name.replace(/^wx-/, ''), event);
  });

  it('gives ours other names, the door too, and leaves theirs as they are', async () => {
    for (const name of [...OURS, 'accessTokenHttp']) theirs(name);
    const before = JSON.stringify([...fake.state.functions]);
    fake.state.collections.set('wx_access_clients', 'ADMINONLY');
    const { isDone, output } = await deploy(fake, { variables, servers: [LIVE] });
    expect(output).not.toContain('✗');
    expect(isDone).toBe(true);
    expect(output).toContain('callFunction({ name: "wx-getAccessToken" })');
    expect(JSON.stringify([...fake.state.functions].slice(0, 3))).toBe(before);
    expect([...fake.state.functions.keys()].slice(3)).toEqual([
      'wx-refreshAccessToken',
      'wx-getAccessToken',
      'wx-accessTokenHttp',
    ]);
    expect(Object.keys(JSON.parse(fake.state.rule!.Rule) as object)).toEqual([
      '*',
      'wx-refreshAccessToken',
      'wx-getAccessToken',
      'wx-accessTokenHttp',
    ]);
    expect(fake.state.domains.flatMap(({ Routes }) => Routes)).toContainEqual(
      expect.objectContaining({ Path: '/wechat', UpstreamResourceName: 'wx-accessTokenHttp' }),
    );
    expect([...fake.state.retries.keys()]).toEqual(['wx-refreshAccessToken']);
    const again = await deploy(fake, { variables, servers: [LIVE] });
    expect(again.output).toContain('nothing has been changed');
  });

  it('is honoured by what takes functions away', async () => {
    theirs('getAccessToken');
    await deploy(fake, { variables });
    const environment = environmentOf(fake, settingsFor(fake, variables));
    await functionRemovalStep(environment, Object.values(environment.names)).apply();
    expect([...fake.state.functions.keys()]).toEqual(['getAccessToken']);
  });

  it('is honoured by the client, where its function has the variable', () => {
    const app = { callFunction: () => undefined };
    const before = readSettings({ app }).functionName;
    vi.stubEnv('FUNCTION_PREFIX', 'wx-');
    const after = readSettings({ app }).functionName;
    vi.unstubAllEnvs();
    expect([before, after]).toEqual(['getAccessToken', 'wx-getAccessToken']);
  });

  it.each(['1st-', 'a b', '../', '-x', 'x'.repeat(41)])(
    'is refused where no name can begin so: %s',
    (prefix) => {
      expect(() => settingsFor(fake, { FUNCTION_PREFIX: prefix })).toThrow(/^FUNCTION_PREFIX can't begin/);
    },
  );
});
