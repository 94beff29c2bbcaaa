/**
 * `npm run fuzz`: a hundred thousand unusual inputs, and the properties that must hold for each; exits with 1 when
 * one does not.
 */

import { defineCommand, type ExitCode } from '../command/definition.ts';

const MOST_CASES = 100_000_000;

export default defineCommand({
  description: {
    en: 'Tries odd inputs of everything that comes from outside. Exit codes: 0 everything held, 1 something did not, 2 asked wrongly.',
    zh: '用异常输入测试一切来自外部的内容。退出码：0 全部成立，1 有不成立的，2 参数有误。',
  },
  flags: {
    cases: {
      type: 'string',
      default: '100000',
      description: { en: 'how many, over all kinds', zh: '总数，包括所有种类' },
    },
    seed: {
      type: 'string',
      description: {
        en: 'where chance begins; without it a new one, which is told',
        zh: '随机数的种子；不指定时换一个新的，并打印出来',
      },
    },
    only: { type: 'string', description: { en: 'one kind of input', zh: '只测一种输入' } },
    path: {
      type: 'string',
      requires: 'only',
      description: { en: 'one case, as a failure named it', zh: '只测一个输入，路径见失败时的输出' },
    },
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
