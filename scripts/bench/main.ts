/** Runs every section, one after the other, so that none disturbs another, and writes the page. */

import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { cold } from './cold.ts';
import { costs } from './costs.ts';
import { growth } from './growth.ts';
import { ownFunctions } from './own-functions.ts';
import type { Plan } from './plan.ts';
import { loadPerCore, report, targetTable, thisMachine } from './report.ts';
import { build } from './harness.ts';
import type { Target } from './section.ts';
import { tickets } from './tickets.ts';
import { stampedes } from './stampedes.ts';
import { warm } from './warm.ts';

export interface BenchOptions {
  root: string;
  plan: Plan;
  /** Where the page is written. */
  page: string;
  log(line: string): void;
}

/** Gives back how every target did. */
export async function bench({ root, plan, page, log }: BenchOptions): Promise<Target[]> {
  const beganAtMs = Date.now();
  const loadBefore = loadPerCore();
  const tell = (line: string): void => log(`${seconds(Date.now() - beganAtMs)} ${line}`);
  tell('building');
  const built = await build(root);
  // Times first, while nothing else has warmed the machine up; the stampedes count, and don't mind.
  tell('cold start');
  const loading = await cold(built, plan);
  tell('warm calls');
  const calling = await warm(built, plan);
  tell('your own functions');
  const own = await ownFunctions(built, plan);
  tell('growth');
  const grown = await growth(built, plan, tell);
  tell('a day');
  const day = await costs(built, plan, grown, calling.mainMs);
  tell('tickets');
  const ofTickets = await tickets(built, plan);
  tell('stampedes');
  const fetching = await stampedes(built, plan, tell);
  const sections = [fetching, calling, loading, own, day, grown, ofTickets];
  const run = { machine: thisMachine(), beganAtMs, tookMs: Date.now() - beganAtMs, loadBefore };
  const text = report({ ...run, isQuick: plan.isQuick }, sections);
  await mkdir(dirname(page), { recursive: true });
  await writeFile(page, text);
  const targets = sections.flatMap((section) => section.targets);
  log(`\n${text}\n${targetTable(targets)}\n\nwritten: ${page}`);
  return targets;
}

function seconds(ms: number): string {
  return `${String(Math.round(ms / 1_000)).padStart(4)} s`;
}
