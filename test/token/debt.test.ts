/** What is owed after a mint whose commit got lost in two ways at once: it must not be taken for a lost claim. */

import { describe, expect, it } from 'vitest';
import type { StoreFault } from '../../scripts/simulate/memory-collection.ts';
import { createRig, tokenOf } from '../support/rig.ts';

const MINUTE_MS = 60_000;

describe('a commit that was written although no answer said so', () => {
  it.each<[StoreFault, StoreFault]>([
    ['applied-but-lost', 'lost'],
    ['applied-late', 'lost'],
  ])('is recognised later, and costs no second mint (%s, then the look %s)', async (write, look) => {
    const rig = createRig();
    const keeper = rig.process();
    rig.storeFaults.push('none', 'none', write, look);
    await rig.tick(keeper);
    await rig.advance(5 * MINUTE_MS);
    expect(await rig.tick(keeper)).toMatchObject({ action: 'fresh' });
    expect(rig.mints()).toBe(1);
    expect(rig.stored()).toMatchObject({ unsettledSinceAtMs: null, claim: null });
    expect(rig.logged.map(({ event }) => event)).not.toContain('claim_lost');
  });

  it('is forgotten when a younger token is stored by then: it can’t have hit that one', async () => {
    const rig = createRig();
    const [idle, other] = [rig.process(), rig.process()];
    rig.storeFaults.push('none', 'none', 'lost', 'lost', 'lost', 'lost');
    await rig.tick(idle);
    await rig.advance(110 * MINUTE_MS);
    await rig.tick(other);
    const token = rig.stored().token!.value;
    await rig.advance(5 * MINUTE_MS);
    expect(tokenOf(await rig.get(idle))).toBe(token);
    expect(rig.stored()).toMatchObject({ unsettledSinceAtMs: null, token: { value: token } });
    expect(rig.mints()).toBe(2);
  });
});
