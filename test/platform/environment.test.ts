/** What an environment tells of itself, read from the answers of Tencent's API. */

import { beforeEach, describe, expect, it } from 'vitest';
import { withPlainErrors } from '../../scripts/platform/api.ts';
import type { Environment } from '../../scripts/platform/environment.ts';
import { invokeFunction } from '../../scripts/platform/functions.ts';
import { environmentOf, settingsFor } from '../deploy/in-process.ts';
import { refuse } from './fake/refusal.ts';
import { domainOf, DOMAIN, someFunction, type FakeDomain } from './fake/state.ts';
import { playTencent } from './fake/played.ts';

const fake = await playTencent();
let environment: Environment;
beforeEach(() => {
  environment = environmentOf(fake, settingsFor(fake));
});

describe('an environment', () => {
  it('tells its namespace and its database', async () => {
    const { envId } = fake.state;
    expect(await environment.describe()).toEqual({
      envId,
      status: 'NORMAL',
      namespace: envId,
      databaseId: 'tnt-fake',
      backend: 'scf',
      isPostgres: false,
    });
  });

  it('asks again after a failure, and not after a success', async () => {
    fake.interfere = () => 'drop';
    await expect(environment.describe()).rejects.toThrow(/ECONNRESET.*check the network/);
    fake.interfere = () => undefined;
    const before = fake.calls.length;
    await environment.describe();
    await environment.describe();
    expect(fake.calls.slice(before).map(({ action }) => action)).toEqual(['DescribeEnvs', 'DescribeEnvInfo']);
  });

  it('tells a missing function from one that can’t be read', async () => {
    expect(await environment.describeFunction('nobody')).toBeNull();
    fake.interfere = ({ action }) => (action === 'GetFunction' ? refuse('InternalError', 'x') : undefined);
    await expect(environment.describeFunction('nobody')).rejects.toThrow(
      /scf GetFunction failed: InternalError/,
    );
  });

  it('tells a missing collection from one that can’t be read, on the second page as well', async () => {
    for (let at = 0; at < 120; at++) fake.state.collections.set(`c${at}`, 'PRIVATE');
    expect(await environment.describeAccess('wx_access_tokens')).toBeNull();
    fake.state.collections.set('wx_access_tokens', 'ADMINONLY');
    expect(await environment.describeAccess('wx_access_tokens')).toBe('ADMINONLY');
    fake.interfere = ({ action }) => (action === 'ListTables' ? refuse('InternalError', 'x') : undefined);
    await expect(environment.describeAccess('wx_access_tokens')).rejects.toThrow(/ListTables failed/);
  });

  it('describes a function without showing its variables', async () => {
    const trigger = { TriggerName: 't', Type: 'timer', TriggerDesc: '0 0 * * * * *', Enable: 1 };
    const variables = [{ Key: 'WX_APPSECRET', Value: 'never shown' }];
    fake.state.functions.set('f', someFunction('f', { variables, triggers: [trigger] }));
    const state = await environment.describeFunction('f');
    expect(state).toMatchObject({
      status: 'Active',
      runtime: 'Nodejs20.19',
      triggers: [{ name: 't', type: 'timer', config: '0 0 * * * * *', isEnabled: true }],
    });
    expect(state?.variables.get('WX_APPSECRET')).toBe('never shown');
    expect(JSON.stringify(state)).not.toContain('never shown');
  });

  it('tells a function that threw from one that answered', async () => {
    fake.state.functions.set('f', someFunction('f'));
    fake.state.invoke = async () => ({ failure: 'it threw' });
    expect(await environment.invoke('f', {})).toEqual({ failure: 'it threw' });
    fake.state.invoke = async () => ({ result: { errcode: 0 } });
    expect(await environment.invoke('f', {})).toEqual({ result: { errcode: 0 } });
  });

  it('takes a missing namespace for a failure, and no missing function', async () => {
    for (const code of ['ResourceNotFound.Namespace', 'ResourceNotFound.Alias', 'ResourceNotFound']) {
      fake.interfere = ({ action }) => (action === 'GetFunction' ? refuse(code, 'not there') : undefined);
      await expect(environment.describeFunction('f')).rejects.toThrow(code);
    }
    fake.interfere = ({ action }) =>
      action === 'GetFunction' ? refuse('ResourceNotFound.FunctionName', 'not there') : undefined;
    expect(await environment.describeFunction('f')).toBeNull();
  });

  it.each([
    ['answered', { RetMsg: '{"errcode":0}', ErrMsg: '' }, { result: { errcode: 0 } }],
    ['answered', { RetMsg: '1', ErrMsg: null, InvokeResult: null }, { result: 1 }],
    ['failed', { RetMsg: '', ErrMsg: 'it threw' }, { failure: 'it threw' }],
    ['failed', { RetMsg: '', ErrMsg: 'it threw', InvokeResult: 0 }, { failure: 'it threw' }],
    ['failed', { RetMsg: 'it threw', ErrMsg: '', InvokeResult: 1 }, { failure: 'it threw' }],
  ])('takes a call that %s for that, with %j', async (_name, Result, expected) => {
    const call = withPlainErrors(async () => ({ Result }), String);
    expect(await invokeFunction(call, 'n', 'f', {})).toEqual(expected);
  });

  it.each([{}, { Result: null }, { Result: 'ok' }, { Result: { InvokeResult: 0 } }])(
    'takes %j for no answer of a function',
    async (answer) => {
      const call = withPlainErrors(async () => answer, String);
      await expect(invokeFunction(call, 'n', 'f', {})).rejects.toThrow(
        /the call of f was answered in a form/,
      );
    },
  );

  it('tells no rule from an unreadable one', async () => {
    expect(await environment.describeFunctionRule()).toEqual({ tag: null, entries: null });
    fake.state.rule = { AclTag: 'CUSTOM', Rule: '[]' };
    await expect(environment.describeFunctionRule()).rejects.toThrow(/no JSON object: it is left as it is/);
  });

  it('tells where HTTP access leads to, on every page of it', async () => {
    const own = { Path: '/', UpstreamResourceType: 'CBR', UpstreamResourceName: 'box' };
    const Routes = [{ ...own, EnableAuth: true, Enable: false }];
    for (let at = 0; at < 120; at++)
      fake.state.domains.push(domainOf(`d${at}.example.com`, { IsDefault: false, Routes }));
    const domains = await environment.describeHttpDomains();
    expect(domains).toHaveLength(122);
    // The default domain of the static hosting is not the one of HTTP access.
    expect(domains.filter(({ isDefault }) => isDefault).map(({ name }) => name)).toEqual([DOMAIN]);
    expect(domains[1]?.routes).toEqual([
      { path: '/shop', functionName: 'shop', needsLogin: false, isEnabled: true },
    ]);
    expect(domains[121]?.routes).toEqual([
      { path: '/', functionName: null, needsLogin: true, isEnabled: false },
    ]);
  });

  it('finds the default domain also where the platform doesn’t say which one it is', async () => {
    const { IsDefault: _, ...untold } = domainOf(DOMAIN);
    fake.state.domains = [domainOf('shop.example.com', { IsDefault: false }), untold as FakeDomain];
    const domains = await environment.describeHttpDomains();
    expect(domains.filter(({ isDefault }) => isDefault).map(({ name }) => name)).toEqual([DOMAIN]);
  });

  it('takes HTTP access that was never used for none, and any other failure for what it is', async () => {
    fake.interfere = ({ action }) =>
      action === 'DescribeHTTPServiceRoute' ? refuse('ResourceNotFound.Service', 'never opened') : undefined;
    expect(await environment.describeHttpDomains()).toEqual([]);
    fake.interfere = () => refuse('InternalError', 'busy');
    await expect(environment.describeHttpDomains()).rejects.toThrow(/DescribeHTTPServiceRoute failed/);
  });
});
