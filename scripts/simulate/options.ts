/** The flags of a simulation, and the run that they ask for. */

import type { Flags, Values } from '../command/flags.ts';
import { FAULTS, FAULT_NAMES, parseFaults } from './faults.ts';
import { MODES } from './modes.ts';
import { TICKET_MODELS } from './oracles/tickets.ts';
import type { TicketModel } from './oracles/tickets.ts';
import { averageDaysIn } from './rhythm.ts';
import type { RunOptions } from './run.ts';
import { RULE_NAMES, RULES } from './without.ts';

/** A million a year. */
const REQUESTS_PER_DAY = 2_740;
const MOST_DAYS = 3_650;
/** A quarter of an hour: less holds no tick and no mint. */
const LEAST_DAYS = 0.01;
const MOST_SEEDS = 1_000;
const MOST_REQUESTS = 1e9;

export const FLAGS = {
  days: {
    type: 'string',
    default: '30',
    description: { en: 'How many days to simulate; 0.125 are three hours', zh: '模拟多少天；0.125 是三小时' },
  },
  seed: {
    type: 'string',
    default: '1',
    description: { en: 'The same seed gives the same run', zh: '种子相同，过程就相同' },
  },
  seeds: {
    type: 'string',
    default: '1',
    description: { en: 'How many seeds, counted up from --seed', zh: '从 --seed 起依次用多少个种子' },
  },
  'from-day': {
    type: 'string',
    default: '0',
    description: { en: 'Begin on this day, nothing before it', zh: '从这一天开始，之前不发生任何事' },
  },
  faults: {
    type: 'string',
    default: 'all',
    description: { en: 'all, none, or names (see --list)', zh: 'all、none，或故障名称（见 --list）' },
  },
  mode: {
    type: 'string',
    default: 'token',
    description: { en: 'token, stable, or mixed: apps of both', zh: 'token、stable，或 mixed：两种应用都有' },
  },
  timer: {
    type: 'string',
    default: 'on',
    description: { en: 'on, or none: readers alone must do', zh: 'on，或 none：只靠调用方维持' },
  },
  tickets: {
    type: 'string',
    default: 'none',
    description: {
      en: 'none, or how they die: A or B (see --list)',
      zh: 'none，或失效的方式：A 或 B（见 --list）',
    },
  },
  without: {
    type: 'string',
    description: { en: 'Switch a rule off (see --list for the names)', zh: '关闭一条规则（名称见 --list）' },
  },
  requests: {
    type: 'string',
    description: {
      en: 'About how many in all (a million a year)',
      zh: '总请求数，约数（相当于一年一百万次）',
    },
  },
  json: {
    type: 'boolean',
    description: { en: 'One JSON object instead of tables', zh: '输出一个 JSON 对象，不输出表格' },
  },
  list: {
    type: 'boolean',
    description: { en: 'Say what each fault and each rule does', zh: '说明每种故障和每条规则' },
  },
} as const satisfies Flags;

const TICKET_DEATHS = {
  A: 'a ticket is good for 7200 s from each answer that has it',
  B: 'a ticket dies when the next one comes, every two hours',
};

export interface Options {
  run: RunOptions;
  seeds: number;
  isJson: boolean;
}

/** Throws an Error that says which flag is wrong, and what it may be. */
export function readOptions(args: Values<typeof FLAGS>): Options {
  const days = readDays(args.days);
  const averageDays = averageDaysIn(days);
  const requests =
    args.requests === undefined
      ? REQUESTS_PER_DAY * averageDays
      : whole('requests', args.requests, 1, MOST_REQUESTS);
  return {
    seeds: whole('seeds', args.seeds, 1, MOST_SEEDS),
    isJson: args.json,
    run: {
      seed: whole('seed', args.seed, 0, 2 ** 32),
      days,
      fromDay: whole('from-day', args['from-day'], 0, MOST_DAYS),
      mode: oneOf('mode', MODES, args.mode),
      faults: parseFaults(args.faults),
      hasTimer: oneOf('timer', ['on', 'none'], args.timer) === 'on',
      tickets: readTicketModel(args.tickets),
      without: args.without ? oneOf('without', RULE_NAMES, args.without) : null,
      requestsPerDay: Math.max(1, Math.round(requests / averageDays)),
    },
  };
}

export function describeFaults(): string {
  const faults = FAULT_NAMES.map(
    (name) =>
      `${name.padEnd(17)}${`${FAULTS[name].rate} per ${FAULTS[name].per}`.padEnd(24)}${FAULTS[name].what}`,
  );
  const rules = RULE_NAMES.map((name) => `--without ${name.padEnd(12)}${RULES[name]}`);
  const models = Object.entries(TICKET_DEATHS).map(([name, what]) => `--tickets ${name.padEnd(12)}${what}`);
  return [...faults, '', ...rules, '', ...models].join('\n');
}

function readTicketModel(text: string): TicketModel | null {
  const model = oneOf('tickets', TICKET_MODELS, text);
  return model === 'none' ? null : model;
}

function readDays(text: string): number {
  const days = Number(text);
  if (text.trim() === '' || !(days >= LEAST_DAYS && days <= MOST_DAYS))
    throw new Error(`--days is a number from ${LEAST_DAYS} to ${MOST_DAYS}, not "${text}"`);
  return days;
}

function whole(name: string, text: string, least: number, most: number): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < least || value > most || text.trim() === '')
    throw new Error(`--${name} is a whole number from ${least} to ${most}, not "${text}"`);
  return value;
}

function oneOf<T extends string>(name: string, list: readonly T[], text: string): T {
  const found = list.find((known) => known.toLowerCase() === text.toLowerCase());
  const known = `${list.slice(0, -1).join(', ')} or ${list.at(-1)}`;
  if (found === undefined) throw new Error(`--${name} is ${known}, not "${text}"`);
  return found;
}
