/** A stand-in for Tencent that a whole test file plays against; each test finds it as new. */

import { afterAll, beforeEach } from 'vitest';
import { emptyState } from './state.ts';
import { startTencent, type FakeTencent } from './tencent.ts';

export async function playTencent(): Promise<FakeTencent> {
  const fake = await startTencent();
  afterAll(() => fake.close());
  beforeEach(() => {
    fake.state = emptyState();
    fake.interfere = () => undefined;
  });
  return fake;
}
