/** The outside door in a deployment: up while a server has a key in force, gone when none has, untouched otherwise. */

import { describe, expect, it } from 'vitest';
import type { StoredDocument } from '../../scripts/platform/environment.ts';
import { domainOf, DOMAIN, someFunction, type FakeDomain } from '../platform/fake/state.ts';
import { playTencent } from '../platform/fake/played.ts';
import { LIVE, REVOKED } from './servers.ts';
import { deploy, SECRET, type Deployment, type DeploymentOptions } from './in-process.ts';

const DOOR = 'accessTokenHttp';
const ADDRESS = `https://${DOMAIN}/wechat`;
const READS = /^(Describe|Get|List|Invoke)/;

const fake = await playTencent();

/** With these servers in the collection, which `npm run server-key` has made. */
function deployFor(servers: StoredDocument[], options: DeploymentOptions = {}): Promise<Deployment> {
  if (!fake.state.collections.has('wx_access_clients'))
    fake.state.collections.set('wx_access_clients', 'ADMINONLY');
  return deploy(fake, { ...options, servers });
}

describe('with a server', () => {
  it('takes over no function of that name that is somebody else’s: it says so and stops', async () => {
    fake.state.functions.set(DOOR, someFunction(DOOR, { Description: 'theirs' }));
    const { isDone, output } = await deployFor([LIVE]);
    expect(isDone).toBe(false);
    expect(output).toMatch(
      /✗ names: a name is taken by what npm run deploy did not put there: accessTokenHttp/,
    );
    expect(fake.state.functions.get(DOOR)).toMatchObject({ Description: 'theirs', uploads: 0 });
  });

  it('puts the door up: function, variables, rule, path; tells its address and that strangers are refused', async () => {
    const { isDone, output } = await deployFor([LIVE]);
    expect(output).not.toContain('✗');
    expect(isDone).toBe(true);
    const door = fake.state.functions.get(DOOR)!;
    expect(door).toMatchObject({ Runtime: 'Nodejs20.19', Timeout: 30, MemorySize: 256, triggers: [] });
    expect(variablesOf(DOOR)).toEqual({
      ...variablesOf('getAccessToken'),
      DEPLOYED_CODE_SHA256: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
    });
    expect(variablesOf(DOOR)['DEPLOYED_CODE_SHA256']).not.toBe(
      variablesOf('getAccessToken')['DEPLOYED_CODE_SHA256'],
    );
    expect(JSON.parse(fake.state.rule!.Rule)).toMatchObject({
      refreshAccessToken: { invoke: false },
      getAccessToken: { invoke: false },
      accessTokenHttp: { invoke: false },
    });
    expect(pathsTo(DOOR)).toEqual([`${DOMAIN}/wechat`]);
    expect(output).toContain(`✓ outside path: ${ADDRESS} leads to ${DOOR}`);
    expect(output).toMatch(/✓ outside guard: .*\(41004\), .*\(40125\)/);
    expect(output).not.toContain('canary');
    expect(SECRET).toContain('canary');
  });

  it('opens the path last: nobody comes in before strangers are seen to be refused', async () => {
    const { actions } = await deployFor([LIVE]);
    expect(actions.lastIndexOf('Invoke')).toBeLessThan(actions.indexOf('CreateHTTPServiceRoute'));
    const variables = fake.calls.findLastIndex(({ action, params }) => {
      return action === 'UpdateFunctionConfiguration' && 'Environment' in params;
    });
    const rule = fake.calls.findLastIndex(({ action }) => action === 'ModifySecurityRule');
    expect(rule).toBeLessThan(variables);
  });

  it('changes nothing the second time, and says so', async () => {
    await deployFor([LIVE]);
    const { output, actions } = await deployFor([LIVE]);
    expect(output).toContain('nothing has been changed');
    expect(output).toContain(ADDRESS);
    expect(actions.filter((action) => !READS.test(action))).toEqual([]);
  });

  it('only reads in a dry run, and names every part', async () => {
    const { output, actions } = await deployFor([LIVE], { isDryRun: true });
    expect(output).toContain(`→ outside function: would do: create ${DOOR}`);
    expect(output).toContain(`→ outside path: would do: create ${ADDRESS}`);
    expect(output).toContain('10 of 13 parts would change');
    expect(actions.filter((action) => !READS.test(action) || action === 'Invoke')).toEqual([]);
  });

  it('closes a collection of servers that is open', async () => {
    fake.state.collections.set('wx_access_clients', 'READONLY');
    await deployFor([LIVE]);
    expect(fake.state.collections.get('wx_access_clients')).toBe('ADMINONLY');
  });

  it('uploads again what was changed by other means, and takes a timer from it', async () => {
    await deployFor([LIVE]);
    fake.state.functions.get(DOOR)!.Timeout = 3;
    fake.state.functions.get(DOOR)!.triggers = [
      { TriggerName: 'mine', Type: 'timer', TriggerDesc: '0 0 * * * * *', Enable: 1 },
    ];
    const { output } = await deployFor([LIVE]);
    expect(output).toContain(`upload ${DOOR} (timeout 3 s instead of 30 s)`);
    expect(output).toContain(`remove mine (0 0 * * * * *) from ${DOOR}`);
    expect(fake.state.functions.get(DOOR)).toMatchObject({ Timeout: 30, triggers: [], uploads: 2 });
  });

  it('gives it an address of its own where a route for all domains leads to it: * is none', async () => {
    fake.state.domains.push(domainOf('*', { IsDefault: false, Routes: [routeTo('/any', DOOR)] }));
    const { isDone, output } = await deployFor([LIVE]);
    expect(isDone).toBe(true);
    expect(output).not.toContain('https://*');
    expect(pathsTo(DOOR)).toContain(`${DOMAIN}/wechat`);
  });

  it('proves that strangers are refused through the path itself', async () => {
    const { output } = await deployFor([LIVE]);
    expect(output).toContain(`✓ outside guard at its path: ${ADDRESS} refuses strangers as well`);
    const refuses = fake.state.invoke;
    fake.state.invoke = async (name, event) => {
      const isByPath = name === DOOR && !('isBase64Encoded' in event);
      const body = JSON.stringify({ access_token: '90_TOKENTOKEN', expires_in: 7_200 });
      return isByPath ? { result: { statusCode: 200, body } } : refuses(name, event);
    };
    const open = await deployFor([LIVE]);
    expect(open.isDone).toBe(false);
    expect(open.output).toMatch(
      /✗ outside guard at its path: accessTokenHttp gave a token for a call without/,
    );
    expect(open.output).not.toContain('90_TOKEN');
  });

  it('says so where the path is not in force yet, and stops nothing', async () => {
    await deployFor([LIVE]);
    const known = fake.state.invoke;
    fake.state.invoke = async (name, event) =>
      name === DOOR && !('isBase64Encoded' in event) ? { failure: '<html>502' } : known(name, event);
    const { isDone, output } = await deployFor([LIVE]);
    expect(isDone).toBe(true);
    expect(output).toMatch(/! outside guard at its path: .*does not lead to the function yet/);
    expect(output).toContain('apart from what is marked with !');
  });

  it('is content with a path that somebody has given it elsewhere', async () => {
    const own = routeTo('/token', DOOR);
    fake.state.domains.push(domainOf('door.example.com', { IsDefault: false, Routes: [own] }));
    const { output } = await deployFor([LIVE]);
    expect(output).toContain('✓ outside path: https://door.example.com/token leads to');
    expect(pathsTo(DOOR)).toEqual(['door.example.com/token']);
  });

  it.each([
    ['is off', { Enable: false }],
    ['asks for a login', { EnableAuth: true }],
  ])('opens its path again that %s', async (_, change) => {
    await deployFor([LIVE]);
    Object.assign(
      routesOf(DOMAIN).find(({ Path }) => Path === '/wechat')!,
      change,
    );
    const { output } = await deployFor([LIVE]);
    expect(output).toContain(`outside path: open ${ADDRESS}`);
    expect(routesOf(DOMAIN)[1]).toMatchObject({ Enable: true, EnableAuth: false });
    expect(pathsTo(DOOR)).toHaveLength(1);
  });
});

describe('what stands in the way', () => {
  it.each<[string, (domains: FakeDomain[]) => void]>([
    ['there is no default domain', (domains) => void domains.splice(1)],
    ['it is off', (domains) => void (domains[1]!.Enable = false)],
  ])('is HTTP access that is off, and said with its cure: %s', async (_, make) => {
    make(fake.state.domains);
    const { isDone, output } = await deployFor([LIVE]);
    expect(isDone).toBe(false);
    expect(output).toMatch(/✗ outside path: HTTP access .* is off.*switch it on in the console/);
    // What the other two need is done and proven all the same.
    expect(output).toMatch(/✓ guard: .*\(403\)/);
  });

  it('is a path that leads elsewhere, and stays', async () => {
    routesOf(DOMAIN).push(routeTo('/wechat', 'login'));
    const { isDone, output } = await deployFor([LIVE]);
    expect(isDone).toBe(false);
    expect(output).toMatch(/✗ outside path: \S+\/wechat leads to something else already: lead another path/);
    expect(pathsTo('login')).toEqual([`${DOMAIN}/wechat`]);
  });

  it.each([
    [
      'gives a token',
      { access_token: '90_TOKENTOKENTOKEN', expires_in: 60 },
      /gave a token for a call without/,
    ],
    ['is misconfigured', { errcode: -1, errmsg: 'system error' }, /answered -1 at a call without a key/],
    ['says nothing', null, /failed at a call without a key.*see its log/],
  ])('is a door that %s: no path is opened', async (_, body, told) => {
    const works = fake.state.invoke;
    fake.state.invoke = async (name, event) =>
      name === DOOR ? { result: { statusCode: 200, body: JSON.stringify(body) } } : works(name, event);
    const { isDone, output } = await deployFor([LIVE]);
    expect(isDone).toBe(false);
    expect(output).toMatch(told);
    expect(output).not.toContain('90_TOKEN');
    expect(pathsTo(DOOR)).toEqual([]);
  });

  it('is a collection with too many servers to look through', async () => {
    const crowd = Array.from({ length: 1_000 }, () => REVOKED);
    const { isDone, output } = await deployFor(crowd);
    expect(isDone).toBe(false);
    expect(output).toMatch(/✗ names: there are 1000 servers or more: remove/);
  });
});

describe('without a server', () => {
  it('does and says nothing of the door', async () => {
    const { output, actions } = await deploy(fake);
    expect(output).not.toMatch(/^. outside/m);
    expect(actions).not.toContain('DescribeHTTPServiceRoute');
    expect([...fake.state.functions.keys()]).toEqual(['refreshAccessToken', 'getAccessToken']);
    // Revoked, or damaged: such a key opens nothing.
    expect((await deployFor([REVOKED, { ...LIVE, hash: 'short' }])).output).toContain(
      'nothing has been changed',
    );
  });

  it('takes the door down after the last one, leaves what others have, and is quiet from then on', async () => {
    fake.state.rule = { AclTag: 'CUSTOM', Rule: '{"*":{"invoke":true},"pay":{"invoke":false}}' };
    await deployFor([LIVE]);
    const dry = await deployFor([REVOKED], { isDryRun: true });
    expect(dry.output).toContain(`→ outside path: would do: remove ${ADDRESS}`);
    expect(fake.state.functions.has(DOOR)).toBe(true);
    const { isDone, output, actions } = await deployFor([REVOKED]);
    expect(isDone).toBe(true);
    expect(output).toContain(`✓ outside function: ${DOOR} is gone: no server has a key in force`);
    const writes = actions.filter((action) => !READS.test(action));
    expect(writes).toEqual(['DeleteHTTPServiceRoute', 'DeleteFunction', 'ModifySecurityRule']);
    expect(fake.state.domains.flatMap(({ Routes }) => Routes).map(({ Path }) => Path)).toEqual(['/shop']);
    expect(fake.state.domains).toHaveLength(2);
    expect(Object.keys(JSON.parse(fake.state.rule.Rule) as object).toSorted()).toEqual([
      '*',
      'getAccessToken',
      'pay',
      'refreshAccessToken',
    ]);
    // Who had which key stays on record.
    expect(fake.state.collections.has('wx_access_clients')).toBe(true);
    const again = await deployFor([REVOKED]);
    expect(again.output).toContain('nothing has been changed');
    expect(again.output).not.toMatch(/^. outside/m);
  });

  it('leaves a function of the same name alone that is not from here', async () => {
    fake.state.functions.set(DOOR, someFunction(DOOR));
    routesOf(DOMAIN).push(routeTo('/mine', DOOR));
    const { isDone, output } = await deploy(fake);
    expect(isDone).toBe(true);
    expect(output).toContain(
      `- outside door: skipped: no server needs it, and ${DOOR} was not deployed from here`,
    );
    expect(fake.state.functions.has(DOOR)).toBe(true);
    expect(pathsTo(DOOR)).toEqual([`${DOMAIN}/mine`]);
  });
});

function routeTo(Path: string, name: string): FakeDomain['Routes'][number] {
  return { Path, UpstreamResourceType: 'SCF', UpstreamResourceName: name, EnableAuth: false, Enable: true };
}

function routesOf(domain: string): FakeDomain['Routes'] {
  return fake.state.domains.find(({ Domain }) => Domain === domain)!.Routes;
}

function pathsTo(name: string): string[] {
  return fake.state.domains.flatMap(({ Domain, Routes }) =>
    Routes.filter(({ UpstreamResourceName }) => UpstreamResourceName === name).map(
      ({ Path }) => Domain + Path,
    ),
  );
}

function variablesOf(name: string): Record<string, string> {
  const { variables } = fake.state.functions.get(name)!;
  return Object.fromEntries(variables.map(({ Key, Value }) => [Key, Value]));
}
