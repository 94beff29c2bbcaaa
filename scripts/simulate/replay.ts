/** Shrinks a failed run to one fault, fewer days or fewer faults, as long as the same rule is still broken. */

import { callOf } from '../command/call.ts';
import type { FaultName } from './faults.ts';
import { averageDaysIn } from './rhythm.ts';
import { run } from './run.ts';
import type { RunOptions, RunResult } from './run.ts';
import { DAY_MS, EPOCH_AT_MS } from './world.ts';

export interface Replay {
  command: string;
  result: RunResult;
}

/** How many days before the breach a shortened run begins, tried in this order. */
const WINDOWS_IN_DAYS = [0, 1, 3];
/** A single fault gets this long to break the rule by itself. */
const MOST_DAYS_ALONE = 20;
/** The limit of the whole search; the smallest run found by then is the result. */
const MOST_MS = 60_000;

/** `elapsedMs` is the real time since some instant: the search is bounded, the runs are not affected by it. */
export async function reduce(
  broken: RunResult,
  options: RunOptions,
  elapsedMs: () => number,
): Promise<Replay> {
  const [first] = broken.violations;
  if (first === undefined) throw new Error('there is nothing to replay: no rule was broken');
  const endsAtMs = elapsedMs() + MOST_MS;
  const lastDay = Math.floor((first.atMs - EPOCH_AT_MS) / DAY_MS);

  const breaks = async (candidate: RunOptions): Promise<RunResult | null> => {
    if (elapsedMs() > endsAtMs) return null;
    const result = await run({ ...candidate, isStoppingEarly: true });
    return result.violations.some(({ rule }) => rule === first.rule) ? result : null;
  };
  const window = (fromDay: number): RunOptions => {
    return { ...base, fromDay, days: lastDay - fromDay + 1 };
  };
  const { onDay: _, ...base } = options;

  let smallest = { options: window(options.fromDay), result: broken };
  async function tryInstead(candidate: RunOptions): Promise<boolean> {
    const result = await breaks(candidate);
    if (result !== null) smallest = { options: candidate, result };
    return result !== null;
  }

  const alone = { ...smallest.options, days: Math.min(smallest.options.days, MOST_DAYS_ALONE) };
  for (const fault of options.faults) if (await tryInstead({ ...alone, faults: [fault] })) break;
  for (const before of WINDOWS_IN_DAYS) {
    const endDay = Math.floor((smallest.result.violations[0]!.atMs - EPOCH_AT_MS) / DAY_MS);
    const fromDay = Math.max(options.fromDay, endDay - before);
    if (await tryInstead({ ...smallest.options, fromDay, days: endDay - fromDay + 1 })) break;
  }
  for (const fault of smallest.options.faults) {
    await tryInstead({
      ...smallest.options,
      faults: smallest.options.faults.filter((name) => name !== fault),
    });
  }
  return { command: commandFor(smallest.options), result: smallest.result };
}

export function commandFor({
  seed,
  mode,
  days,
  fromDay,
  faults,
  hasTimer,
  without,
  tickets,
  requestsPerDay,
}: RunOptions): string {
  return callOf(
    'simulate',
    `--seed ${seed} --days ${days} --mode ${mode}`,
    ...(fromDay > 0 ? [`--from-day ${fromDay}`] : []),
    `--faults ${describe(faults)}`,
    ...(hasTimer ? [] : ['--timer none']),
    ...(tickets === null ? [] : [`--tickets ${tickets}`]),
    ...(without === null ? [] : [`--without ${without}`]),
    `--requests ${Math.round(requestsPerDay * averageDaysIn(days))}`,
  );
}

function describe(faults: readonly FaultName[]): string {
  return faults.length === 0 ? 'none' : faults.join(',');
}
