/** Runs what the command line asks for, tells of the progress, and says in its exit code whether every rule held. */

import { runSeeds } from './many-seeds.ts';
import { commandFor, reduce } from './replay.ts';
import { formatDay, formatTable, formatViolations } from './report.ts';
import { run } from './run.ts';
import type { RunOptions, RunResult } from './run.ts';
import type { Options } from './options.ts';

const PROGRESS_MS = 5_000;

/** True when every rule held. */
export async function simulate({ run: options, seeds, isJson }: Options): Promise<boolean> {
  return seeds === 1 ? one(options, isJson) : many(options, seeds, isJson);
}

async function one(options: RunOptions, isJson: boolean): Promise<boolean> {
  const result = await run({ ...options, onDay: progress(options) });
  const isWhole = result.violations.length === 0;
  if (isJson) {
    console.log(JSON.stringify(result));
    return isWhole;
  }
  console.log(formatTable(result));
  if (result.worstDay !== null) console.log(`\n${formatDay(result.worstDay)}`);
  console.log(`\n${isWhole ? 'Every rule held.' : formatViolations(result)}`);
  if (!isWhole) await explain(result, options);
  return isWhole;
}

async function explain(result: RunResult, options: RunOptions): Promise<void> {
  console.error('\nlooking for a smaller run that breaks the same rule …');
  const replay = await reduce(result, options, () => performance.now());
  console.log(`\nSmallest replay found:\n  ${replay.command}\n\n${formatViolations(replay.result)}\n`);
  console.log(`The whole run:\n  ${commandFor(options)}`);
}

async function many(options: RunOptions, seeds: number, isJson: boolean): Promise<boolean> {
  const results: RunResult[] = [];
  const numbers = Array.from({ length: seeds }, (_, index) => options.seed + index);
  await runSeeds(numbers, flagsOf(options), (result) => {
    results.push(result);
    if (!isJson) console.log(line(result));
  });
  const broken = results.filter(({ violations }) => violations.length > 0);
  if (isJson) console.log(JSON.stringify(results));
  else console.log(`\n${seeds - broken.length} of ${seeds} seeds kept every rule.`);
  const [first] = broken;
  if (first !== undefined && !isJson) {
    console.log(`\n${formatViolations(first)}`);
    await explain(first, { ...options, seed: first.seed });
  }
  return broken.length === 0;
}

/** One line for each seed, as it comes in. */
function line({ seed, totals, tickets, violationCounts, digest }: RunResult): string {
  const sum = (counts: Record<string, number>): number => Object.values(counts).reduce((a, b) => a + b, 0);
  const avoidable = totals.deadAtHandout.avoidable + totals.deadAtUse.avoidable;
  const dead = sum(totals.deadAtHandout) + sum(totals.deadAtUse) - avoidable;
  const availability = ((100 * totals.answered) / totals.requests).toFixed(3);
  const broken = Object.entries(violationCounts).map(([rule, times]) => `${rule} ×${times}`);
  return `seed ${String(seed).padEnd(6)} ${totals.requests} requests, ${availability} % answered, ${totals.mints} mints, dead tokens: ${avoidable} avoidable, ${dead} unavoidable${ticketsOf(tickets)}; ${broken.join(', ') || 'every rule held'} (${digest})`;
}

/** What is told of tickets, where they are kept. */
function ticketsOf(tickets: RunResult['tickets']): string {
  if (tickets === null) return '';
  const held = Math.round(tickets.longestHeldDeadMs / 1_000);
  return `; tickets: ${tickets.requests} requests, ${tickets.answered} answered, ${tickets.fetches} fetches (${tickets.mostFetchesPerDay} a day at most), ${tickets.deadAtHandout} dead, held for ${held} s at most`;
}

function flagsOf(options: RunOptions): string[] {
  const words = commandFor(options).split(' ');
  return words.slice(words.indexOf('--days'));
}

/** On a terminal in place, elsewhere a line every few seconds. */
function progress({ days, fromDay, seed }: RunOptions): (day: number) => void {
  let toldAtMs = performance.now();
  return (day) => {
    const done = day - fromDay + 1;
    const isDue = performance.now() - toldAtMs >= (process.stderr.isTTY ? 100 : PROGRESS_MS);
    if (!isDue && !(process.stderr.isTTY && done === days)) return;
    toldAtMs = performance.now();
    const text = `seed ${seed}: day ${done} of ${days}`;
    process.stderr.write(process.stderr.isTTY ? `\r${text}${done === days ? '\n' : ''}` : `${text}\n`);
  };
}
