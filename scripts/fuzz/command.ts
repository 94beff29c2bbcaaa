/**
 * `npm run fuzz`: a hundred thousand unusual inputs, and the properties that must hold for each; exits with 1 when
 * one does not.
 */

import { defineCommand, type ExitCode } from '../command/definition.ts';

const MOST_CASES = 100_000_000;

export default defineCommand({
  description:
    'Tries odd inputs of everything that comes from outside. Exit codes: 0 everything held, 1 something did not, 2 asked wrongly.',
  flags: {
    cases: { type: 'string', default: '100000', description: 'how many, over all kinds' },
    seed: { type: 'string', description: 'where chance begins; without it a new one, which is told' },
    only: { type: 'string', description: 'one kind of input' },
    path: { type: 'string', requires: 'only', description: 'one case, as a failure named it' },
  },
  failsWith: 2,
  async run({ only, path, ...given }): Promise<ExitCode> {
    if (path !== undefined && given.seed === undefined) throw new Error('--path needs --only and --seed');
    const [{ families }, { fuzz }] = await Promise.all([import('./families.ts'), import('./run.ts')]);
    const chosen = families.filter(({ name }) => only === undefined || name === only);
    if (chosen.length === 0)
      throw new Error(`--only must be one of ${families.map(({ name }) => name).join(', ')}`);
    const cases = readWhole('cases', given.cases, 1, MOST_CASES);
    const seed = readWhole('seed', given.seed ?? String(Date.now() % 2 ** 31), -(2 ** 31), 2 ** 31);
    console.log(`seed ${seed}`);
    const holds = await fuzz({ families: chosen, cases, seed, path, out: (line) => console.log(line) });
    if (holds) console.log('✓ everything held');
    return holds ? 0 : 1;
  },
});

function readWhole(name: string, given: string, least: number, most: number): number {
  const value = Number(given);
  if (/^-?\d+$/.test(given) && value >= least && value <= most) return value;
  throw new Error(`--${name} must be a whole number, not ${JSON.stringify(given)}`);
}
