/** The judgement of real states of a real cloud, and the words for it in both languages. */

import { describe, expect, it } from 'vitest';
import { respellFor } from '../../scripts/command/respell.ts';
import { durationIn } from '../../scripts/command/words.ts';
import { en } from '../../scripts/dashboard/page/texts/en.ts';
import { zh } from '../../scripts/dashboard/page/texts/zh.ts';
import { checkApp } from '../../scripts/doctor/app/checks.ts';
import { TROUBLES } from '../../scripts/place/advice.ts';
import { judge } from '../../scripts/place/judge.ts';
import type { Trouble } from '../../scripts/place/texts/troubles.en.ts';
import { renderApp } from '../../scripts/status/screen.ts';
import { APPID } from '../support/cloud.ts';
import { startOperator, type Operator } from './support.ts';

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

const STATES: [string, Trouble, 'good' | 'watch' | 'act', Step[]][] = [
  ['a fresh token', 'healthy', 'good', [tick]],
  ['no document yet', 'first', 'act', []],
  ['a token that is gone', 'none', 'act', [tick, ({ tamper }: Operator) => tamper({ token: null })]],
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
  ['a damaged field', 'damaged', 'act', [tick, ({ tamper }: Operator) => tamper({ refusedAtMs: 'x' })]],
  ['many mints', 'many', 'watch', [tick, withMints(400)]],
  ["many mints for WeChat's own limit", 'many', 'act', [tick, withMints(160, 200)]],
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
  [
    'a mint that nobody settles',
    'dead',
    'act',
    [tick, ({ tamper, clock }: Operator) => tamper({ unsettledSinceAtMs: clock.now() - 30 * MINUTE_MS })],
  ],
  ['a token of the future', 'future', 'watch', [later(5), tick, later(-5)]],
  ['a token of a far future', 'future', 'act', [later(50), tick, later(-50)]],
  [
    'a request that waits',
    'manualRefresh',
    'watch',
    [tick, ({ tamper, clock }: Operator) => tamper({ manualRefresh: requestOf(clock.now(), false) })],
  ],
  [
    'a leaked token',
    'leak',
    'act',
    [tick, ({ tamper, clock }: Operator) => tamper({ manualRefresh: requestOf(clock.now(), true) })],
  ],
];

const requestOf = (requestedAtMs: number, isLeak: boolean) => ({ requestedAtMs, mintsLeft: 1, isLeak });

function withMints(count: number, learnedLimit: number | null = null): Step {
  return ({ cloud, tamper }) =>
    tamper({ mints: { ...(cloud.stored()?.['mints'] as object), count }, learnedLimit });
}

describe('the judgement', () => {
  it.each(STATES)('of %s is "%s"', async (_, key, tone, steps) => {
    const operator = await startOperator();
    for (const step of steps) await step(operator);
    const report = await operator.report(APPID);
    const nowMs = operator.cloud.clock.now();
    const judgement = judge(report, nowMs);
    expect(judgement).toMatchObject({ tone, trouble: key });
    // What is unhealthy is never "nothing to do", and the other way round.
    expect(judgement.state === 'healthy').toBe(tone === 'good');
    expect(en.verdicts).toHaveProperty([judgement.state]);
    expect(zh.verdicts).toHaveProperty([judgement.state]);
  });

  it('of an app that is configured no more is that it is left over, and no alarm', async () => {
    const operator = await startOperator();
    for (const step of [tick, later(180)]) await step(operator);
    const report = await operator.report(APPID, { WX_APPID: 'wxanother', WX_APPSECRET: 'another' });
    expect(judge(report, operator.clock.now())).toMatchObject({ tone: 'watch', trouble: 'leftOver' });
  });

  it.each([
    ['outside', 117, 'lateOutside', 'act', 'alive, but its refresh is late'],
    ['outside', 130, 'dead', 'act', 'the stored token is dead'],
    ['readers', 117, 'healthy', 'good', 'healthy'],
    ['readers', 130, 'resting', 'watch', 'the stored token is dead'],
  ] as const)('with TICKS=%s, %i minutes later, is "%s"', async (ticks, minutes, ...expected) => {
    const operator = await startOperator();
    await tick(operator);
    await later(minutes)(operator);
    const report = await operator.report(APPID, { ...operator.values, TICKS: ticks });
    const { trouble, tone, state } = judge(report, operator.cloud.clock.now());
    expect([trouble, tone, state]).toEqual(expected);
  });

  it.each([
    ['timer', /ticks +from the timer; the last that had to refresh came 20 min ago/],
    ['outside', /ticks +from outside; none that had to refresh is on record/],
    ['readers', /ticks +none is meant to come \(TICKS=readers\)/],
  ])('is told with the source of ticks that is meant: %s', async (ticks, told) => {
    const operator = await startOperator();
    await tick(operator);
    await later(20)(operator);
    const report = await operator.report(APPID, { ...operator.values, TICKS: ticks });
    const [nowMs, at] = [operator.cloud.clock.now(), { isInstalled: false, isSandbox: true, flags: '' }];
    expect(renderApp(report, nowMs, at).join('\n')).toMatch(told);
    const found = checkApp(report, nowMs, at).find(({ check }) => check === 'ticks');
    expect(found).toMatchObject({ severity: 'ok' });
    expect(`ticks ${found?.finding}`).toMatch(told);
  });

  it('of a token that a caller had to fetch hints at the ticks that did not come', async () => {
    const operator = await startOperator();
    const reading: Step = ({ cloud }) => cloud.get();
    for (const step of [tick, later(115), reading]) await step(operator);
    const at = { isInstalled: false, isSandbox: true, flags: '' };
    for (const [ticks, severity, cure] of [
      ['timer', 'hint', /npm run deploy/],
      ['outside', 'hint', /npm run server-key -- list/],
      ['readers', 'ok', /^$/],
    ] as const) {
      const report = await operator.report(APPID, { ...operator.values, TICKS: ticks });
      const found = checkApp(report, operator.cloud.clock.now(), at).find(({ check }) => check === 'ticks');
      expect(found).toMatchObject({ severity });
      expect(found?.cure ?? '').toMatch(cure);
    }
  });

  it('has words for every trouble, of which each is met by a test or under way', () => {
    const met = STATES.map(([, key]) => key);
    const others: Trouble[] = ['minting', 'leftOver', 'unsettledLong', 'lateOutside', 'resting'];
    expect(Object.keys(TROUBLES.en.troubles).toSorted()).toEqual(
      [...new Set([...met, ...others])].toSorted(),
    );
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
    const same = texts([zh, TROUBLES.zh]).filter((text) => texts([en, TROUBLES.en]).includes(text));
    // Names that are the same in every language.
    expect([...new Set(same)].toSorted()).toEqual(['errcode', 'getAccessToken', 'rid']);
  });

  it('give durations in Chinese', () => {
    const lengths = [400, 42_000, 260_000, 6_600_000, 90_000_000];
    expect(lengths.map((ms) => durationIn('zh', ms))).toEqual([
      '0.4 秒',
      '42 秒',
      '4 分钟 20 秒',
      '1 小时 50 分钟',
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

describe('a command is named as it is called where the reader stands', () => {
  const told = 'npm run setup and npm run refresh -- --leaked; npm run reset or npm start.';
  const DATA = '--local --sandbox --data x';
  it.each([
    ['', false, told],
    [
      DATA,
      false,
      `npm run setup and npm run refresh -- ${DATA} --leaked; npm run reset -- --sandbox --data x or npm start -- --sandbox --data x.`,
    ],
    ['--local', false, told.replace('-- --leaked', '-- --local --leaked')],
    ['', true, told.replace(' -- ', ' ').replaceAll(/npm run|npm(?= start)/g, 'npx cloudbase-access-token')],
    [
      '--local',
      true,
      told.replace(' -- ', ' --local ').replaceAll(/npm run|npm(?= start)/g, 'npx cloudbase-access-token'),
    ],
  ] as const)('with %j, installed: %s', (flags, isInstalled, shown) => {
    expect(respellFor(isInstalled, told, flags)).toBe(shown);
  });
});
