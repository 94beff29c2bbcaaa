/** The one thing to do next, out of real states of a real cloud, and the words for it in both languages. */

import { describe, expect, it } from 'vitest';
import { durationIn, withCommandsOf } from '../../scripts/dashboard/page/format.ts';
import { headlineOf } from '../../scripts/dashboard/page/headline.ts';
import { en } from '../../scripts/dashboard/page/texts/en.ts';
import type { HeadlineKey } from '../../scripts/dashboard/page/texts/headlines.en.ts';
import { zh } from '../../scripts/dashboard/page/texts/zh.ts';
import { verdictOf } from '../../scripts/place/verdict.ts';
import { APPID } from '../support/cloud.ts';
import { startOperator, type Operator } from '../place/support.ts';

const MINUTE_MS = 60_000;

type Step = (operator: Operator) => unknown;
const tick: Step = ({ cloud }) => cloud.refresh().catch(() => undefined);
const later =
  (minutes: number): Step =>
  ({ clock }) =>
    clock.sleep(minutes * MINUTE_MS);
const refusing =
  (errcode: number): Step =>
  ({ cloud }) =>
    cloud.sandbox.faults.add({ fault: { do: 'refuse', errcode }, times: 9 });

const STATES: [string, HeadlineKey, 'good' | 'watch' | 'act', Step[]][] = [
  ['a fresh token', 'healthy', 'good', [tick]],
  ['no document yet', 'first', 'watch', []],
  ['a token that ran out', 'dead', 'act', [tick, later(130)]],
  ['a timer that is silent', 'late', 'act', [tick, later(117)]],
  ['a wrong AppSecret', 'secret', 'act', [tick, later(110), refusing(40125), tick]],
  ['a wrong AppID', 'appid', 'act', [refusing(40013), tick]],
  ['an address that is not on the whitelist', 'whitelist', 'act', [refusing(40164), tick]],
  ['an administrator who has to confirm', 'confirm', 'act', [refusing(89503), tick]],
  ['a frozen account', 'account', 'act', [refusing(50007), tick]],
  ['a frozen secret', 'frozen', 'act', [refusing(40243), tick]],
  ['a code that nobody knows', 'refused', 'act', [refusing(49999), tick]],
  ['a spent quota', 'quota', 'act', [tick, later(110), refusing(45009), tick]],
  ['bad weather', 'weather', 'watch', [tick, later(110), refusing(-1), tick]],
  ['bad weather that lasts', 'down', 'act', [tick, later(110), refusing(-1), tick, later(20)]],
  ['a damaged field', 'damaged', 'watch', [tick, ({ tamper }: Operator) => tamper({ refusedAtMs: 'x' })]],
  ['many mints', 'many', 'watch', [tick, withMints(400)]],
  ["many mints for WeChat's own limit", 'many', 'watch', [tick, withMints(160, 200)]],
  ['too many mints', 'limit', 'act', [tick, withMints(500)]],
  [
    'another system that mints',
    'foreign',
    'act',
    [tick, ({ tamper, clock }: Operator) => tamper({ refusedAtMs: [clock.now() - 2, clock.now() - 1] })],
  ],
  [
    'an unsettled mint',
    'unsettled',
    'watch',
    [tick, ({ tamper, clock }: Operator) => tamper({ unsettledSinceAtMs: clock.now() })],
  ],
];

function withMints(count: number, learnedLimit: number | null = null): Step {
  return ({ cloud, tamper }) =>
    tamper({ mints: { ...(cloud.stored()?.['mints'] as object), count }, learnedLimit });
}

describe('the headline', () => {
  it.each(STATES)('of %s is "%s"', async (_, key, tone, steps) => {
    const operator = await startOperator();
    for (const step of steps) await step(operator);
    const report = await operator.report(APPID);
    const nowMs = operator.cloud.clock.now();
    expect(headlineOf(report, nowMs)).toEqual({ tone, key });
    const verdict = verdictOf(report, nowMs);
    // What status calls unhealthy is never "nothing to do" here.
    expect(verdict.isGood || tone !== 'good').toBe(true);
    expect(en.verdicts).toHaveProperty([verdict.text]);
    expect(zh.verdicts).toHaveProperty([verdict.text]);
  });

  it('has words for every situation, of which each is met by a test or under way', () => {
    const met = STATES.map(([, key]) => key);
    const others: HeadlineKey[] = ['minting', 'none', 'manualRefresh'];
    expect(Object.keys(en.headlines).toSorted()).toEqual([...new Set([...met, ...others])].toSorted());
  });
});

describe('the Chinese texts', () => {
  const texts = (value: unknown): string[] =>
    typeof value === 'string'
      ? [value]
      : typeof value === 'object' && value !== null
        ? Object.values(value).flatMap(texts)
        : [];

  it('are Chinese: no key was left in English', () => {
    const same = texts(zh).filter((text) => texts(en).includes(text));
    // Names that are the same in every language.
    expect([...new Set(same)].toSorted()).toEqual(['errcode', 'getAccessToken', 'rid']);
  });

  it('give durations in Chinese', () => {
    const lengths = [400, 42_000, 260_000, 6_600_000, 90_000_000];
    expect(lengths.map((ms) => durationIn('zh', ms))).toEqual([
      '0.4 秒',
      '42 秒',
      '4 分 20 秒',
      '1 小时 50 分',
      '1 天 1 小时',
    ]);
    expect(lengths.map((ms) => durationIn('en', ms))).toEqual([
      '0.4 s',
      '42 s',
      '4 min 20 s',
      '1 h 50 min',
      '1 d 1 h',
    ]);
  });
});

describe('the commands on the page are those that work where it is served', () => {
  const told = 'then npm run setup and npm run refresh -- --leaked; npm run deploy does it.';
  it.each([
    ['cloud', false, told],
    [
      'local',
      false,
      'then npm run setup and npm run refresh -- --local --leaked; npm run deploy -- --local does it.',
    ],
    ['cloud', true, told.replaceAll('npm run', 'npx cloudbase-access-token').replace(' --', '')],
    [
      'embedded',
      true,
      'then npx cloudbase-access-token setup and npx cloudbase-access-token refresh --local --leaked; npx cloudbase-access-token deploy --local does it.',
    ],
  ] as const)('%s, installed: %s', (place, isInstalled, shown) => {
    expect(withCommandsOf({ place, isInstalled }, told)).toBe(shown);
  });
});
