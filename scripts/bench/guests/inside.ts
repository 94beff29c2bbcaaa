/** Loads a built function into this instance and times its `main`, with the context of a call between functions. */

import { createRequire } from 'node:module';
import type { Stats } from './timing.ts';
import { timeCalls, timeLoop } from './timing.ts';

type Main = (event: unknown, context: unknown) => Promise<{ errcode?: number }>;

const target = process.env['TARGET'] ?? '';
const { main: inner } = createRequire(target)(target) as { main: Main };

export async function main(order: { calls?: number }, context: unknown): Promise<Stats> {
  const { errcode } = await inner({}, context);
  if (errcode !== 0) throw new Error(`the function under test answers ${errcode}`);
  const call = (): Promise<unknown> => inner({}, context);
  return order.calls === undefined ? timeLoop(call) : timeCalls(call, order.calls);
}
