/** `npm run fuzz`: a hundred thousand odd inputs, and what must hold for each; exits with 1 when something does not. */

import { defineCommand, runMain } from 'citty';
import { families } from './families.ts';
import { fuzz } from './run.ts';

const MOST_CASES = 100_000_000;

const command = defineCommand({
  meta: {
    name: 'npm run fuzz --',
    description: `Tries odd inputs of: ${families.map(({ name }) => name).join(', ')}. Exits with 1 when something does not hold`,
  },
  args: {
    cases: { type: 'string', default: '100000', description: 'how many, over all kinds' },
    seed: { type: 'string', description: 'where chance begins; default: a new one, which is told' },
    only: { type: 'string', description: 'one kind of input' },
    path: { type: 'string', description: 'one case, as a failure named it' },
  },
  async run({ args }) {
    try {
      const chosen = families.filter(({ name }) => args.only === undefined || name === args.only);
      if (chosen.length === 0)
        throw new Error(`--only must be one of ${families.map(({ name }) => name).join(', ')}`);
      if (args.path !== undefined && (args.only === undefined || args.seed === undefined))
        throw new Error('--path needs --only and --seed');
      const cases = readWhole('cases', args.cases, 1, MOST_CASES);
      const seed = readWhole('seed', args.seed ?? String(Date.now() % 2 ** 31), -(2 ** 31), 2 ** 31);
      console.log(`seed ${seed}`);
      const holds = await fuzz({
        families: chosen,
        cases,
        seed,
        path: args.path,
        out: (line) => console.log(line),
      });
      if (holds) console.log('✓ everything held');
      else process.exitCode = 1;
    } catch (error) {
      console.error(`✗ ${error instanceof Error ? error.message : String(error)}`);
      process.exitCode = 2;
    }
  },
});

function readWhole(name: string, given: string, least: number, most: number): number {
  const value = Number(given);
  if (/^-?\d+$/.test(given) && value >= least && value <= most) return value;
  throw new Error(`--${name} must be a whole number, not ${JSON.stringify(given)}`);
}

await runMain(command);
