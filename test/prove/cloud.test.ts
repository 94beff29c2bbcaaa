/** The scratch of a real environment, on the stand-in: closed from the start, gone at the end, and never another's. */

import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { cloudScratch } from '../../scripts/prove/cloud.ts';
import { SCRATCH } from '../../scripts/prove/database.ts';
import { environmentOf, settingsFor } from '../deploy/in-process.ts';
import { emptyState } from '../platform/fake/state.ts';
import { startTencent, type FakeTencent } from '../platform/fake/tencent.ts';

let fake: FakeTencent;
beforeAll(async () => {
  fake = await startTencent();
});
beforeEach(() => {
  fake.state = emptyState();
});
afterAll(() => fake.close());

function scratch() {
  const settings = settingsFor(fake);
  const { secretId, secretKey } = fake.state;
  return cloudScratch(environmentOf(fake, settings), settings, { secretId, secretKey });
}

it('is made closed, is read back as such, and leaves nothing behind', async () => {
  const { make, remove } = scratch();
  const before = [...fake.state.collections];
  const database = await make();
  expect(fake.state.collections.get(SCRATCH)).toBe('ADMINONLY');
  expect(await database('closed').access()).toBe('ADMINONLY');
  await remove();
  expect([...fake.state.collections]).toEqual(before);
});

it('is not made where there is one already, which stays', async () => {
  fake.state.collections.set(SCRATCH, 'PRIVATE');
  const { make, remove } = scratch();
  await expect(make()).rejects.toMatchObject({ code: 'SCRATCH_EXISTS' });
  await remove();
  expect(fake.state.collections.get(SCRATCH)).toBe('PRIVATE');
});
