/** Section: how often WeChat is asked when many want a token at once, and how many of them get one that works. */

import { markdownTable } from 'markdown-table';
import { spread } from './figures.ts';
import { runCase, type CaseName, type Result } from './cases.ts';
import type { Plan, Shape } from './plan.ts';
import { withHarness, type Built } from './harness.ts';
import { exactly, type Section, type Target } from './section.ts';
import { OURS, SYSTEMS, type System } from './systems.ts';

const CASES: readonly { name: CaseName; heading: string; isForAll: boolean }[] = [
  { name: 'empty', heading: 'Nothing stored', isForAll: true },
  { name: 'expiry', heading: 'At expiry', isForAll: true },
  { name: 'revocation', heading: 'After a revocation', isForAll: false },
  { name: 'secret', heading: 'Wrong AppSecret', isForAll: false },
];

/** A larger stampede says no more about these than the two that are run: one process, and several with a few each. */
const FEWER_SHAPES = 2;

interface Row {
  system: System;
  name: CaseName;
  shape: Shape;
  results: Result[];
}

export async function stampedes(built: Built, plan: Plan, tell: (line: string) => void): Promise<Section> {
  const rows: Row[] = [];
  for (const system of SYSTEMS) {
    tell(`  ${system.label}`);
    rows.push(...(await runSystem(built, plan, system)));
  }
  const tables = CASES.map(
    ({ name, heading }) => `### ${heading}\n\n${table(rows.filter((row) => row.name === name))}`,
  );
  return {
    title: 'Fetches and recovered calls',
    text: [HOW, ...tables].join('\n\n'),
    targets: targetsOf(rows),
  };
}

/** One cloud for all cases of a system: its instances are warm, as those of a busy system are. */
function runSystem(built: Built, plan: Plan, system: System): Promise<Row[]> {
  const processes = Math.max(...plan.shapes.map((shape) => shape.processes));
  return withHarness(
    built,
    async (harness) => {
      const rows: Row[] = [];
      for (const { name, isForAll } of CASES) {
        for (const shape of isForAll ? plan.shapes : fewer(plan.shapes)) {
          const rounds = shape.processes * shape.callers > 1_000 ? Math.min(3, plan.rounds) : plan.rounds;
          const results: Result[] = [];
          for (let round = 0; round < rounds; round++)
            results.push(await runCase(harness, system, name, shape));
          rows.push({ system, name, shape, results });
        }
      }
      return rows;
    },
    { host: { maxInstances: processes } },
  );
}

/** One process with many callers, and several processes with several callers each. */
function fewer(shapes: readonly Shape[]): Shape[] {
  return shapes.filter(({ callers }) => callers > 1).slice(0, FEWER_SHAPES);
}

function table(rows: readonly Row[]): string {
  const shapes = [...new Set(rows.map(({ shape }) => shapeName(shape)))];
  const cell = (system: System, shape: string): string => {
    const row = rows.find((one) => one.system === system && shapeName(one.shape) === shape);
    if (row === undefined) return '';
    const good = row.results.map((result) => result.good);
    return `${spread(row.results.map((result) => result.fetches))}; ${spread(good)} of ${total(row)}`;
  };
  const body = SYSTEMS.map((system) => [system.label].concat(shapes.map((shape) => cell(system, shape))));
  return markdownTable([['', ...shapes], ...body]);
}

const total = ({ shape }: Row): number => shape.processes * shape.callers;

function shapeName({ processes, callers }: Shape): string {
  return `${processes} process${processes === 1 ? '' : 'es'} × ${callers}`;
}

function targetsOf(rows: readonly Row[]): Target[] {
  const ours = rows.filter(({ system }) => OURS.includes(system.id));
  const fetchesOf = (row: Row): number[] => row.results.map(({ fetches }) => fetches);
  const of = (...names: CaseName[]): Row[] => ours.filter(({ name }) => names.includes(name));
  const lost = of('revocation').flatMap((row) => row.results.map(({ good }) => total(row) - good));
  return [
    exactly('fetches in every stampede', 1, of('empty', 'expiry').flatMap(fetchesOf)),
    exactly('fetches on a wrong secret', 1, of('secret').flatMap(fetchesOf)),
    exactly('fetches on a revocation', 1, of('revocation').flatMap(fetchesOf)),
    exactly('calls lost to a revocation', 0, lost),
  ];
}

const HOW = `Each cell: requests at WeChat's token endpoint; then, of all callers, those that held a living token when everything was over, or, after a revocation, whose API call succeeded in the end. Median [least … most].

Consumers are cloud functions on the embedded cloud, a process each, all started before; each runs so many callers at once. WeChat is the sandbox and answers a fetch after 80 to 120 ms. At expiry, with nothing stored and with a wrong secret (WeChat answers 40125), the timer of a system that has one fires at the same moment. The systems from npm are unmodified; only the address of WeChat is set. "Shared store" is their \`getToken\` and \`saveToken\` on a document of the cloud database, "default" their memory, per process. The pattern of @octokit/auth-app is its cache and its pending promises with \`request\` asking WeChat; after a refusal the caller asks again with \`refresh: true\`. The naive getter has no way to be told of a refusal.`;
