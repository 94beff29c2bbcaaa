/** Loads a built function into this instance and times its `main`, with the context of a call between functions. */

import { createRequire } from 'node:module';
import type { Stats } from './timing.ts';
import { timeCalls, timeLoop } from './timing.ts';

type Main = (event: unknown, context: unknown) => Promise<{ errcode?: number }>;

const target = process.env['TARGET'] ?? '';
const { main: inner } = createRequire(target)(target) as { main: Main };

type Task = { event?: object } & ({ loopMs: number } | { calls: number });

export async function main(task: Task, context: unknown): Promise<Stats> {
  const { event = {} } = task;
  const { errcode } = await inner(event, context);
  if (errcode !== 0) throw new Error(`the function under test answers ${errcode}`);
  const call = (): Promise<unknown> => inner(event, context);
  return 'loopMs' in task ? timeLoop(call, task.loopMs) : timeCalls(call, task.calls);
}
