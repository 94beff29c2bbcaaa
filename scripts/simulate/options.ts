/** The command line, read strictly: a wrong flag ends the command instead of simulating something else. */

import type { ArgsDef, ParsedArgs } from 'citty';
import { FAULTS, FAULT_NAMES, parseFaults } from './faults.ts';
import type { RunOptions } from './run.ts';
import { RULES } from './without.ts';
import type { Rule } from './without.ts';

/** A million a year. */
const REQUESTS_PER_DAY = 2_740;
const MOST_DAYS = 3_650;
const MOST_SEEDS = 1_000;

export const ARGS = {
  days: { type: 'string', default: '30', description: 'How many days to simulate' },
  seed: { type: 'string', default: '1', description: 'The same seed gives the same run' },
  seeds: { type: 'string', default: '1', description: 'How many seeds, counted up from --seed' },
  'from-day': { type: 'string', default: '0', description: 'Begin on this day, nothing before it' },
  faults: { type: 'string', default: 'all', description: 'all, none, or names (see --list)' },
  without: { type: 'string', description: `Switch a rule off: ${RULES.join(', ')}` },
  requests: { type: 'string', description: 'About how many in all (a million a year)' },
  json: { type: 'boolean', default: false, description: 'One JSON object instead of tables' },
  list: { type: 'boolean', default: false, description: 'Say what each fault does, how often' },
} as const satisfies ArgsDef;

export interface Options {
  run: RunOptions;
  seeds: number;
  isJson: boolean;
}

/** Throws an Error that says which flag is wrong, and what it may be. */
export function readOptions(args: ParsedArgs<typeof ARGS>): Options {
  const unknown = Object.keys(args).filter((name) => name !== '_' && !(camel(name) in KNOWN));
  if (unknown.length > 0 || args._.length > 0)
    throw new Error(`unknown: ${[...unknown.map((name) => `--${name}`), ...args._].join(' ')}; see --help`);
  const days = whole('days', args.days, 1, MOST_DAYS);
  const requests = whole('requests', args.requests ?? String(REQUESTS_PER_DAY * days), 1, 1e9);
  return {
    seeds: whole('seeds', args.seeds, 1, MOST_SEEDS),
    isJson: args.json,
    run: {
      seed: whole('seed', args.seed, 0, 2 ** 32),
      days,
      fromDay: whole('from-day', args['from-day'], 0, MOST_DAYS),
      faults: parseFaults(args.faults),
      without: rule(args.without),
      requestsPerDay: Math.max(1, Math.round(requests / days)),
    },
  };
}

export function describeFaults(): string {
  return FAULT_NAMES.map(
    (name) =>
      `${name.padEnd(17)}${`${FAULTS[name].rate} per ${FAULTS[name].per}`.padEnd(24)}${FAULTS[name].what}`,
  ).join('\n');
}

/** citty hands over `--from-day` under both spellings. */
const KNOWN = Object.fromEntries(Object.keys(ARGS).map((name) => [camel(name), true]));

function camel(name: string): string {
  return name.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
}

function whole(name: string, text: string, least: number, most: number): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < least || value > most || text.trim() === '')
    throw new Error(`--${name} is a whole number from ${least} to ${most}, not "${text}"`);
  return value;
}

function rule(text: string | undefined): Rule | null {
  if (text === undefined || text === '') return null;
  const found = RULES.find((name) => name === text.toUpperCase());
  if (found === undefined) throw new Error(`--without is one of ${RULES.join(', ')}, not "${text}"`);
  return found;
}
