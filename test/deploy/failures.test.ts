/** Every single call of a deployment fails in turn: each time it stops, names cause and cure, and goes on when run again. */

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { refuse } from '../platform/fake/refusal.ts';
import { emptyState } from '../platform/fake/state.ts';
import { startTencent, type FakeTencent } from '../platform/fake/tencent.ts';
import { deploy } from './in-process.ts';

let fake: FakeTencent;
beforeAll(async () => {
  fake = await startTencent();
});
afterAll(() => fake.close());

const KINDS = [
  { fault: () => refuse('AuthFailure.UnauthorizedOperation', 'not allowed'), cure: /QcloudTCBFullAccess/ },
  { fault: () => refuse('InternalError', 'busy'), cure: /run the command again/ },
  { fault: () => refuse('Strange.Code', 'what?'), cure: /request id/ },
  { fault: () => 'drop' as const, cure: /check the network/ },
];

describe('a deployment of which one call fails', () => {
  it('stops with cause and cure, whichever it is, and completes when run again', async () => {
    fake.state = emptyState();
    const { actions } = await deploy(fake);
    expect(actions.length).toBeGreaterThan(40);
    for (const [at, action] of actions.entries()) {
      const { fault, cure } = KINDS[at % KINDS.length]!;
      fake.state = emptyState();
      let calls = 0;
      fake.interfere = () => (calls++ === at ? fault() : undefined);
      const failed = await deploy(fake);
      const line = failed.output.split('\n').find((text) => text.startsWith('✗')) ?? '';
      fake.interfere = () => undefined;
      const again = await deploy(fake);
      const third = await deploy(fake);
      // With the number and the name of the call, so that a failure of this test tells where.
      expect({ at, action, isDone: failed.isDone, line, again: again.isDone, third: third.output }).toEqual({
        at,
        action,
        isDone: false,
        line: expect.stringMatching(new RegExp(`${action} failed: .*${cure.source}`)) as string,
        again: true,
        third: expect.stringContaining('nothing has been changed') as string,
      });
    }
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
