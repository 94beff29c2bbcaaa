/** Every single call of a deployment fails in turn: each time it stops, names cause and cure, and goes on when run again. */

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { refuse } from '../platform/fake/refusal.ts';
import type { StoredDocument } from '../../scripts/platform/environment.ts';
import { emptyState, type FakeState } from '../platform/fake/state.ts';
import { startTencent, type FakeTencent } from '../platform/fake/tencent.ts';
import { LIVE, REVOKED } from './servers.ts';
import { deploy } from './in-process.ts';

let fake: FakeTencent;
beforeAll(async () => {
  fake = await startTencent();
});
afterAll(() => fake.close());

/** What is only good to have: its failure is told, and the deployment goes on. */
const OPTIONAL = /EventInvokeConfig$/;

const KINDS = [
  { fault: () => refuse('AuthFailure.UnauthorizedOperation', 'not allowed'), cure: /QcloudTCBFullAccess/ },
  { fault: () => refuse('InternalError', 'busy'), cure: /run the command again/ },
  { fault: () => refuse('Strange.Code', 'what?'), cure: /request id/ },
  { fault: () => 'drop' as const, cure: /check the network/ },
];

describe('a deployment of which one call fails', () => {
  it('stops with cause and cure, whichever it is, and completes when run again', async () => {
    expect(await failEach(emptyState, undefined)).toBeGreaterThan(40);
  });

  it('so it does when it puts up the outside door', async () => {
    const withServers = (): FakeState => {
      const state = emptyState();
      state.collections.set('wx_access_clients', 'ADMINONLY');
      return state;
    };
    expect(await failEach(withServers, [LIVE])).toBeGreaterThan(75);
  });

  it('so it does when it takes the outside door down', async () => {
    fake.state = emptyState();
    fake.state.collections.set('wx_access_clients', 'ADMINONLY');
    await deploy(fake, { servers: [LIVE] });
    const { invoke, ...data } = fake.state;
    const withDoor = (): FakeState => ({ ...structuredClone(data), invoke });
    expect(await failEach(withDoor, [REVOKED])).toBeGreaterThan(30);
  });

  it('says so when the servers can’t be read, and touches no door', async () => {
    fake.state = emptyState();
    fake.state.collections.set('wx_access_clients', 'ADMINONLY');
    await deploy(fake, { servers: [LIVE] });
    const { isDone, output } = await deploy(fake);
    expect(isDone).toBe(false);
    expect(output).toMatch(/✗ names: no documents here/);
    expect(fake.state.functions.has('accessTokenHttp')).toBe(true);
  });

  it('never shows a secret that the platform quotes', async () => {
    fake.state = emptyState();
    fake.interfere = ({ action, params }) =>
      action === 'UpdateFunctionConfiguration'
        ? refuse('InvalidParameterValue.Environment', `bad value in ${JSON.stringify(params)}`)
        : undefined;
    const { isDone, output } = await deploy(fake);
    expect(isDone).toBe(false);
    expect(output).toContain('InvalidParameterValue.Environment');
    expect(output).not.toContain('canary');
  });
});

/** Each call of a deployment from this state, one after the other; returns how many there were. */
async function failEach(state: () => FakeState, servers: StoredDocument[] | undefined): Promise<number> {
  const options = servers === undefined ? {} : { servers };
  fake.state = state();
  const { actions } = await deploy(fake, options);
  for (const [at, action] of actions.entries()) {
    const { fault, cure } = KINDS[at % KINDS.length]!;
    fake.state = state();
    let calls = 0;
    fake.interfere = () => (calls++ === at ? fault() : undefined);
    const failed = await deploy(fake, options);
    const line = failed.output.split('\n').find((text) => /^[✗!]/.test(text)) ?? '';
    fake.interfere = () => undefined;
    const again = await deploy(fake, options);
    const third = await deploy(fake, options);
    // With the number and the name of the call, so that a failure of this test tells where.
    expect({ at, action, isDone: failed.isDone, line, again: again.isDone, third: third.output }).toEqual({
      at,
      action,
      isDone: OPTIONAL.test(action),
      line: expect.stringMatching(new RegExp(`${action} failed: .*${cure.source}`)) as string,
      again: true,
      third: expect.stringContaining('nothing has been changed') as string,
    });
  }
  return actions.length;
}
