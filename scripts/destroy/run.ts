/** A whole removal: first all that would go is shown and confirmed, then it goes, piece by piece, read back. */

import { pick } from '../command/language.ts';
import { callOf } from '../command/call.ts';
import type { Screen } from '../deploy/screen.ts';
import { runStep, type Step } from '../deploy/step.ts';

export interface DestroyOptions {
  isDryRun: boolean;
  /** By a flag: then nobody is asked. */
  isConfirmed: boolean;
  sleep(durationMs: number): Promise<void>;
}

export interface RemovalOptions extends Omit<DestroyOptions, 'isConfirmed'> {
  /** What is worth knowing once all is gone. */
  afterword?: string;
  /** Throws when it is not confirmed. */
  confirm(): Promise<void>;
}

/** True when all is gone; in a dry run, when all could be looked at. */
export async function runRemoval(
  steps: readonly Step[],
  screen: Screen,
  { isDryRun, afterword, confirm, sleep }: RemovalOptions,
): Promise<boolean> {
  const planned = await runAll(steps, screen, { isDryRun: true, sleep });
  if (planned === 'failed') return stopped(screen);
  if (planned === 'unchanged')
    screen.say(pick({ en: 'There is nothing to remove.', zh: '没有可删除的内容。' }));
  if (isDryRun || planned === 'unchanged') return true;
  await confirm();
  const removed = await runAll(steps, screen, { isDryRun: false, sleep });
  if (removed === 'failed') return stopped(screen);
  screen.say(
    pick({
      en: `Removed. .env.local is untouched: ${callOf('deploy')} makes it all again.`,
      zh: `已删除。.env.local 没有改动：${callOf('deploy')} 可以重新部署。`,
    }),
  );
  if (afterword !== undefined) screen.say(afterword);
  return true;
}

async function runAll(
  steps: readonly Step[],
  screen: Screen,
  options: { isDryRun: boolean; sleep(durationMs: number): Promise<void> },
): Promise<'failed' | 'changed' | 'unchanged'> {
  let result: 'changed' | 'unchanged' = 'unchanged';
  for (const step of steps) {
    const outcome = await runStep(step, screen, options);
    if (outcome === 'failed') return 'failed';
    if (outcome !== 'unchanged') result = 'changed';
  }
  return result;
}

function stopped(screen: Screen): false {
  screen.say(
    pick({
      en: `Stopped here. Once that is cured, run ${callOf('destroy')} again: it goes on from what is left.`,
      zh: `删除在此停止。处理之后再执行 ${callOf('destroy')}，会从剩下的继续。`,
    }),
  );
  return false;
}
