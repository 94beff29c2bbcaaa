/** Every step of a deployment, against the state of an environment: what it changes, leaves, and refuses. */

import { describe, expect, it } from 'vitest';
import { DESCRIPTION } from '../../scripts/deploy/wanted.ts';
import { refuse } from '../platform/fake/refusal.ts';
import { emptyState, someFunction } from '../platform/fake/state.ts';
import { playTencent } from '../platform/fake/played.ts';
import type { StoredDocument } from '../../scripts/platform/environment.ts';
import { deploy, SECRET } from './in-process.ts';
import { LIVE, TICKER } from './servers.ts';

const fake = await playTencent();

/** What the platform recommends where nothing is set; `auth != null` would let anonymous users in. */
const SIGNED_IN = "auth.loginType != 'ANONYMOUS' && auth != null";

const READS = /^(Describe|Get|List)/;

describe('a deployment', () => {
  it('brings an empty environment to what it should be', async () => {
    const { isDone, output } = await deploy(fake);
    expect(output).not.toContain('✗');
    expect(isDone).toBe(true);
    expect([...fake.state.functions.keys()]).toEqual(['refreshAccessToken', 'getAccessToken']);
    expect(fake.state.collections.get('wx_access_tokens')).toBe('ADMINONLY');
    expect(fake.state.retries.get('refreshAccessToken')).toEqual({
      MsgTTL: 300,
      RetryConfig: [{ RetryNum: 2 }],
    });
    expect(triggersOf('refreshAccessToken')).toEqual(['refreshAccessToken-tick 20 */5 * * * * *']);
    expect(triggersOf('getAccessToken')).toEqual([]);
    expect(rule()).toEqual({
      '*': { invoke: SIGNED_IN },
      refreshAccessToken: { invoke: false },
      getAccessToken: { invoke: false },
    });
  });

  it('gives both functions the same variables, secrets as they are, and shows none', async () => {
    const apps = JSON.stringify([{ appid: 'wxa', secret: SECRET, api: 'stable' }]);
    const { isDone, output } = await deploy(fake, { variables: { WX_APPS: apps, WX_APPSECRET: '' } });
    expect(isDone).toBe(true);
    const variables = variablesOf('refreshAccessToken');
    expect(variables).toMatchObject({ WX_APPID: 'wxfake', WX_APPS: apps });
    expect(variables).not.toHaveProperty('WX_APPSECRET');
    expect({ ...variablesOf('getAccessToken'), DEPLOYED_CODE_SHA256: '' }).toEqual({
      ...variables,
      DEPLOYED_CODE_SHA256: '',
    });
    expect(output).not.toContain('canary');
  });

  it('changes nothing the second time, and says so', async () => {
    await deploy(fake);
    const { isDone, output, actions } = await deploy(fake);
    expect(isDone).toBe(true);
    expect(output).toContain('nothing has been changed');
    expect(actions.filter((action) => !READS.test(action))).toEqual(['Invoke', 'Invoke']);
  });

  it('only reads in a dry run', async () => {
    const { isDone, output, actions } = await deploy(fake, { isDryRun: true });
    expect(isDone).toBe(true);
    expect(output).toContain('→ functions: would do: create refreshAccessToken; create getAccessToken');
    expect(output).toContain('6 of 7 parts would change');
    expect(actions.filter((action) => !READS.test(action))).toEqual([]);
    await deploy(fake);
    expect((await deploy(fake, { isDryRun: true })).output).toContain('Nothing would change');
  });

  it('stops before anything is uploaded where a newer version has stored documents', async () => {
    const newer = { _id: 'wxfake', schema: 2 };
    await deploy(fake, { tokens: [newer] });
    const { isDone, output, actions } = await deploy(fake, {
      tokens: [{ ...newer, schema: 'damaged' }, newer].toReversed(),
      variables: { WX_REFRESH_MINUTES: '30' },
    });
    expect(isDone).toBe(false);
    expect(output).toMatch(/✗ collection: the document of wxfake .* has format 2, and this version knows 1/);
    expect(actions.filter((action) => !READS.test(action))).toEqual([]);
    expect((await deploy(fake, { tokens: [{ ...newer, schema: 'damaged' }] })).isDone).toBe(true);
  });

  it('uploads a function again that was changed by other means', async () => {
    await deploy(fake);
    functionOf('getAccessToken').MemorySize = 128;
    const { isDone, output, actions } = await deploy(fake);
    expect(isDone).toBe(true);
    expect(output).toContain('upload getAccessToken (memory 128 MB instead of 256 MB)');
    expect(actions.filter((action) => action === 'UpdateFunctionCode')).toHaveLength(1);
    expect(functionOf('getAccessToken')).toMatchObject({ MemorySize: 256, uploads: 2 });
    expect(functionOf('refreshAccessToken').uploads).toBe(1);
  });

  it('uploads again where tcb fn deploy has overwritten the mark of the code', async () => {
    await deploy(fake);
    const { variables } = functionOf('getAccessToken');
    functionOf('getAccessToken').variables = variables.filter(({ Key }) => Key !== 'DEPLOYED_CODE_SHA256');
    const { output } = await deploy(fake);
    expect(output).toContain('upload getAccessToken (other code or settings, or uploaded by other means)');
    expect((await deploy(fake)).output).toContain('nothing has been changed');
  });

  it('uploads again after an upload that was interrupted, though the mark tells of the same code', async () => {
    await deploy(fake);
    const mark = functionOf('getAccessToken').variables.find(({ Key }) => Key === 'DEPLOYED_CODE_SHA256')!;
    const ofThisCode = mark.Value;
    mark.Value = 'of other code';
    fake.interfere = ({ params }) => ('MemorySize' in params ? 'drop' : undefined);
    expect((await deploy(fake)).isDone).toBe(false);
    expect(functionOf('getAccessToken').uploads).toBe(2);
    fake.interfere = () => undefined;
    // As after going back to the sources of the mark.
    mark.Value = ofThisCode;
    const { output, isDone } = await deploy(fake);
    expect(output).toContain('an upload was interrupted');
    expect(isDone).toBe(true);
  });

  it('waits while the platform is still changing a function', async () => {
    await deploy(fake);
    functionOf('refreshAccessToken').busyPolls = 20;
    functionOf('refreshAccessToken').Timeout = 3;
    expect((await deploy(fake)).isDone).toBe(true);
  });
});

describe('the trigger', () => {
  it('replaces a stale, a renamed and a switched-off one, and takes any from the other function', async () => {
    const timer = { Type: 'timer', TriggerDesc: '0 0 * * * * *', Enable: 1 };
    await deploy(fake);
    functionOf('refreshAccessToken').triggers = [{ ...timer, TriggerName: 'oldName' }];
    functionOf('getAccessToken').triggers = [{ ...timer, TriggerName: 'myTimer' }];
    const { output } = await deploy(fake);
    expect(output).toContain('remove oldName (0 0 * * * * *) from refreshAccessToken');
    expect(output).toContain('remove myTimer (0 0 * * * * *) from getAccessToken');
    expect(triggersOf('refreshAccessToken')).toEqual(['refreshAccessToken-tick 20 */5 * * * * *']);
    expect(triggersOf('getAccessToken')).toEqual([]);

    functionOf('refreshAccessToken').triggers[0]!.Enable = 0;
    await deploy(fake);
    expect(functionOf('refreshAccessToken').triggers).toMatchObject([{ Enable: 1 }]);
  });

  it('replaces one of the right name with another cron', async () => {
    await deploy(fake);
    functionOf('refreshAccessToken').triggers[0]!.TriggerDesc = '0 0 * * * * *';
    await deploy(fake);
    expect(triggersOf('refreshAccessToken')).toEqual(['refreshAccessToken-tick 20 */5 * * * * *']);
  });
});

describe('where ticks are meant to come from', () => {
  const run = (TICKS: string, servers: StoredDocument[] = []): ReturnType<typeof deploy> => {
    fake.state.collections.set('wx_access_clients', 'ADMINONLY');
    return deploy(fake, { variables: { TICKS }, servers });
  };
  const TIMER = 'refreshAccessToken-tick 20 */5 * * * * *';

  it.each([
    ['timer', [TIMER], 'refreshAccessToken at "20 */5 * * * * *"'],
    ['outside', [], 'none: ticks come from outside (TICKS=outside)'],
    ['readers', [], 'none: readers alone keep the tokens alive (TICKS=readers)'],
  ])('TICKS=%s is what a first deployment makes', async (ticks, triggers, told) => {
    const { isDone, output } = await run(ticks);
    expect(isDone).toBe(true);
    expect(output).toContain(`✓ trigger: ${told}`);
    expect(triggersOf('refreshAccessToken')).toEqual(triggers);
    expect(variablesOf('getAccessToken')).toMatchObject({ TICKS: ticks });
  });

  it('takes the timer away when it changes, and puts it back', async () => {
    await run('');
    expect(triggersOf('refreshAccessToken')).toEqual([TIMER]);
    const changed = await run('outside', [TICKER]);
    expect(changed.output).toContain(
      `remove refreshAccessToken-tick (20 */5 * * * * *) from refreshAccessToken`,
    );
    expect(changed.output).toContain('✓ ticks from outside: cron may tick');
    expect(triggersOf('refreshAccessToken')).toEqual([]);
    const again = await run('outside', [TICKER]);
    expect(again.output).toContain('nothing has been changed');
    await run('readers');
    expect(triggersOf('refreshAccessToken')).toEqual([]);
    expect((await run('timer')).output).toContain('create refreshAccessToken-tick');
    expect(triggersOf('refreshAccessToken')).toEqual([TIMER]);
  });

  it('warns where nobody may tick from outside, and stops nothing', async () => {
    for (const servers of [[], [LIVE], [{ ...TICKER, revokedAtMs: 2_000 }]]) {
      const { isDone, output } = await run('outside', servers);
      expect(output).toMatch(
        /! ticks from outside: .*no server key may tick: readers alone .*npm run server-key -- add NAME --ticks, then npm run deploy/,
      );
      expect(output).toContain('apart from what is marked with ! above');
      expect(isDone).toBe(true);
    }
  });
});

describe('the security rule', () => {
  it('leaves what other projects have in it', async () => {
    const others = { '*': { invoke: true }, pay: { invoke: 'auth.openid != null', note: 'theirs' } };
    fake.state.rule = { AclTag: 'CUSTOM', Rule: JSON.stringify(others) };
    await deploy(fake);
    expect(rule()).toEqual({
      ...others,
      refreshAccessToken: { invoke: false },
      getAccessToken: { invoke: false },
    });
  });

  it('shows what it sets for everybody else’s functions, before it does', async () => {
    const { output } = await deploy(fake, { isDryRun: true });
    expect(output).toContain(`set what holds for all functions without an entry, "*": ${SIGNED_IN}`);
    fake.state.rule = { AclTag: 'CUSTOM', Rule: '{"*":{"invoke":true}}' };
    expect((await deploy(fake, { isDryRun: true })).output).not.toContain('without an entry');
  });

  it('stops where the platform knows no rule of functions, and writes none', async () => {
    fake.interfere = ({ action }) =>
      action === 'DescribeSecurityRule' ? refuse('ResourceNotFound', 'no rule') : undefined;
    const { isDone, output, actions } = await deploy(fake);
    expect(isDone).toBe(false);
    expect(output).toMatch(/✗ security rule: .*not written blindly/);
    expect(actions).not.toContain('ModifySecurityRule');
  });

  it('is not written over when it can’t be read', async () => {
    fake.state.rule = { AclTag: 'CUSTOM', Rule: '{ "*": { "invoke": true }, // open\n }' };
    const before = structuredClone(fake.state.rule);
    const { isDone, output } = await deploy(fake);
    expect(isDone).toBe(false);
    expect(output).toMatch(/✗ security rule: .* is no JSON object: it is left as it is/);
    expect(fake.state.rule).toEqual(before);
  });
});

describe('what is refused', () => {
  it('reports another runtime with the way to recreate, and recreates nothing', async () => {
    fake.state.functions.set(
      'getAccessToken',
      someFunction('getAccessToken', { Runtime: 'Nodejs16.13', Description: DESCRIPTION }),
    );
    const { isDone, output, actions } = await deploy(fake);
    expect(isDone).toBe(false);
    expect(output).toMatch(/getAccessToken runs on Nodejs16\.13, not Nodejs20\.19/);
    expect(output).toContain(`npx tcb fn delete getAccessToken -e ${fake.state.envId}`);
    expect(actions).not.toContain('UpdateFunctionCode');
    expect(actions).not.toContain('DeleteFunction');
  });

  it('closes a collection that is open, and touches no other', async () => {
    fake.state.collections.set('wx_access_tokens', 'READONLY');
    const { output } = await deploy(fake);
    expect(output).toContain('close wx_access_tokens, which is READONLY');
    expect([...fake.state.collections]).toEqual([
      ['orders', 'PRIVATE'],
      ['wx_access_tokens', 'ADMINONLY'],
    ]);
  });

  it('creates a collection closed, and closes it where the platform doesn’t', async () => {
    const first = await deploy(fake);
    expect(first.actions).toContain('CreateTable');
    expect(first.actions).not.toContain('ModifyDatabaseACL');

    fake.state = emptyState();
    const set = fake.state.collections.set.bind(fake.state.collections);
    let writes = 0;
    fake.state.collections.set = (name, tag) => set(name, writes++ === 0 ? 'PRIVATE' : tag);
    const second = await deploy(fake);
    expect(second.isDone).toBe(true);
    expect(second.actions).toContain('ModifyDatabaseACL');
    expect(fake.state.collections.get('wx_access_tokens')).toBe('ADMINONLY');
  });

  it.each([
    ['can’t be read', 'GetFunctionEventInvokeConfig'],
    ['is refused', 'UpdateFunctionEventInvokeConfig'],
  ])('warns and goes on where the setting of retries %s', async (_name, failing) => {
    fake.interfere = ({ action }) =>
      action === failing ? refuse('UnsupportedOperation', 'not here') : undefined;
    const { isDone, output } = await deploy(fake);
    expect(isDone).toBe(true);
    expect(output).toMatch(new RegExp(`! retries: left as it is: scf ${failing} failed`));
    expect(output).toContain('✓ guard');
    expect(output).toContain('Deployed and verified, apart from what is marked with ! above.');
  });

  it('says so when a change is accepted but does not take', async () => {
    const set = fake.state.collections.set.bind(fake.state.collections);
    fake.state.collections.set = (name, tag) => set(name, tag === 'ADMINONLY' ? 'READONLY' : tag);
    const { isDone, output } = await deploy(fake);
    expect(isDone).toBe(false);
    expect(output).toMatch(/✗ collection: accepted by the platform, but reading it back says: close/);
  });

  it('fails when an app gets no token, in WeChat’s words', async () => {
    const refusal = { appid: 'wxfake', action: 'failed', errcode: 40125, errmsg: 'invalid appsecret' };
    fake.state.invoke = async () => ({ result: { errcode: 0, errmsg: 'ok', results: [refusal] } });
    const { isDone, output } = await deploy(fake);
    expect(isDone).toBe(false);
    expect(output).toMatch(/✗ refresh: no token for wxfake: 40125 invalid appsecret/);
  });

  it('fails when the guard is open, and never prints what it got', async () => {
    const works = fake.state.invoke;
    const token = { errcode: 0, access_token: '90_TOKENTOKENTOKEN' };
    fake.state.invoke = async (name, event) =>
      name === 'getAccessToken' ? { result: token } : works(name, event);
    const { isDone, output } = await deploy(fake);
    expect(isDone).toBe(false);
    expect(output).toMatch(/✗ guard: getAccessToken gave a token to a call that is no cloud function/);
    expect(output).not.toContain('90_TOKEN');
  });
});

function functionOf(name: string) {
  const found = fake.state.functions.get(name);
  if (found === undefined) throw new Error(`no function ${name}`);
  return found;
}

function triggersOf(name: string): string[] {
  return functionOf(name).triggers.map(({ TriggerName, TriggerDesc }) => `${TriggerName} ${TriggerDesc}`);
}

function variablesOf(name: string): Record<string, string> {
  return Object.fromEntries(functionOf(name).variables.map(({ Key, Value }) => [Key, Value]));
}

function rule(): unknown {
  return JSON.parse(fake.state.rule?.Rule ?? 'null');
}
