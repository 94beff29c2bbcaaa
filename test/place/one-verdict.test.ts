/**
 * Each trouble that the sandbox can play: dashboard, doctor and status name the same trouble and the same command, in
 * both languages, and that command, carried out to the letter, cures it.
 */

import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { describe, expect, it, onTestFinished } from 'vitest';
import { chooseLanguage } from '../../scripts/command/language.ts';
import { adviceOn } from '../../scripts/place/advice.ts';
import type { Trouble } from '../../scripts/place/texts/troubles.en.ts';
import { examine } from '../../scripts/doctor/doctor.ts';
import { renderFindings } from '../../scripts/doctor/table.ts';
import { readStatus, renderStatus } from '../../scripts/status/status.ts';
import { createCloudClock } from '../../scripts/local/clock.ts';
import { hasBrowser, openOn, SOON, unlessSkipped } from '../dashboard/browser.ts';
import { flagsOf, serveCloud, type Served } from '../dashboard/support.ts';
import { englishIn } from '../support/chinese.ts';
import { APPID, SECRET, type TestCloud } from '../support/cloud.ts';
import { shareProcess } from '../support/shared-process.ts';
import { reachOf } from './support.ts';

const VARIABLES = { WX_APPID: APPID, WX_APPSECRET: SECRET };
const MINUTE_MS = 60_000;
const DUE_MINUTES = 110;
const LANGUAGES = ['en', 'zh'] as const;

type Step = (served: Served) => unknown;
const tick: Step = ({ tick: once }) => once();
const later =
  (minutes: number): Step =>
  ({ cloud }) =>
    cloud.clock.advance(minutes * MINUTE_MS);
const account = ({ cloud }: Served): ReturnType<TestCloud['sandbox']['wechat']['account']> =>
  cloud.sandbox.wechat.account(APPID);
const outage: Step = ({ cloud }) =>
  cloud.sandbox.faults.add({ fault: { do: 'refuse', errcode: -1 }, on: 'any', untilMs: 1e15 });
/** What goes wrong before the token is due is met by the refresh at its time. */
const refusedAtDue = (cause: Step): Step[] => [cause, later(DUE_MINUTES), tick];
const stolen: Step = async ({ cloud }) => {
  const before = cloud.storedToken()!;
  cloud.sandbox.wechat.account(APPID).foreignMint(cloud.clock.now());
  cloud.clock.advance(6 * MINUTE_MS);
  await cloud.get({ invalid_access_token: before });
  cloud.clock.advance(2 * MINUTE_MS);
};

const TROUBLES_PLAYED: [Trouble, Step[]][] = [
  ['weather', refusedAtDue(outage)],
  ['down', [...refusedAtDue(outage), later(20)]],
  ['secret', refusedAtDue((served) => account(served).setSecret('another', served.cloud.clock.now()))],
  ['quota', refusedAtDue((served) => account(served).setLimits({ legacyPerDay: 0 }))],
  ['whitelist', refusedAtDue((served) => account(served).setWhitelist(['9.9.9.9']))],
  ['frozen', refusedAtDue((served) => account(served).freeze(served.cloud.clock.now()))],
  ['account', refusedAtDue((served) => account(served).ban(50007))],
  [
    'confirm',
    refusedAtDue((served) => account(served).setRisk('127.0.0.1', 'confirm', served.cloud.clock.now())),
  ],
  ['foreign', [stolen, stolen]],
  ['dead', [later(180)]],
  ['late', [later(117)]],
  ['future', [later(50), ({ cloud }: Served) => cloud.refresh(), later(120), tick, later(-170)]],
];

describe.skipIf(!hasBrowser)(`three tools have one verdict${unlessSkipped}`, () => {
  const run = shareProcess();
  it('of each trouble, and its command cures it', async () => {
    const dataFolder = mkdtempSync(join(tmpdir(), 'verdict-'));
    const at = { isInstalled: false, isSandbox: true, flags: flagsOf({ dataFolder }) };
    const served = await serveCloud({ dataFolder, isPublished: true, clock: createCloudClock() });
    onTestFinished(() => chooseLanguage([], {}));
    await served.tick();
    const page = await openOn(served.address);
    for (const [trouble, steps] of TROUBLES_PLAYED) {
      for (const step of steps) await step(served);
      const commands: (string | undefined)[] = [];
      for (const language of LANGUAGES) {
        const { title, todo } = adviceOn({ trouble }, at, language);
        await choose(page, language);
        await expect.poll(() => page.locator('.headline').innerText(), SOON).toBe(title);
        expect([trouble, await page.locator('.todo').innerText()]).toEqual([trouble, todo]);
        chooseLanguage(['--lang', language], {});
        const [status, doctor] = [await statusOf(served, at), await doctorOf(served, at)];
        expect(language === 'zh' ? [status, doctor].flatMap(englishIn) : []).toEqual([]);
        expect(status).toContain(`→ ${title}`);
        expect(firstOf(doctor)).toContain(`${title}${language === 'zh' ? '：' : ':'}`);
        commands.push(...[todo, status, doctor].map(commandIn));
      }
      expect([trouble, ...new Set(commands)]).toEqual([trouble, commands[0]]);
      const [, name = '', flags = ''] = /^npm run (\S+) -- (.*)$/.exec(commands[0]!)!;
      const { code, output } = await run(name, flags.split(' '), VARIABLES);
      expect([trouble, code, output]).toEqual([trouble, 0, expect.stringContaining('✓')]);
      await expect.poll(() => page.locator('.headline').innerText(), SOON).toBe('一切正常，无需处理');
    }
  });
});

async function choose(page: Page, language: 'en' | 'zh'): Promise<void> {
  const other = page.getByRole('button', { name: language === 'zh' ? '中文' : 'English' });
  if ((await other.count()) > 0) await other.click();
}

type At = Parameters<typeof renderStatus>[1];

async function statusOf({ cloud }: Served, at: At): Promise<string> {
  const values = VARIABLES;
  return plain(
    renderStatus(await readStatus({ reach: reachOf(cloud), values }, undefined, cloud.clock.now()), at),
  );
}

async function doctorOf({ cloud }: Served, at: At): Promise<string> {
  const findings = await examine({
    reach: reachOf(cloud),
    environment: null,
    wanted: async () => [],
    outside: () => Promise.reject(new Error('there is no platform')),
    values: VARIABLES,
    envFile: '/nowhere/.env.local',
    now: () => cloud.clock.now(),
    serverTime: async () => null,
    local: { offsetMs: () => 0, notice: null, isWeChatReal: false, flags: at!.flags },
  });
  return plain(renderFindings('test cloud', findings));
}

/** From the first finding on that somebody has to look at. */
function firstOf(doctor: string): string {
  const lines = doctor.split('\n');
  const wrong = lines.findIndex((line) => line.startsWith('✗'));
  return lines.slice(wrong < 0 ? lines.findIndex((line) => line.startsWith('!')) : wrong).join('\n');
}

/** The first command of a text, as a reader would copy it. */
function commandIn(text: string): string | undefined {
  const [, advice = text] = text.includes('→') ? text.split('→') : [undefined, firstOf(text)];
  return /npm run [a-z-]+(?: --(?: --[a-z]+| \/[\w/-]+)+)?/.exec(unwrapped(advice))?.[0];
}

const unwrapped = (text: string): string => text.replaceAll(/\n +/g, ' ');
// oxlint-disable-next-line no-control-regex -- the escape character begins a colour
const plain = (text: string): string => text.replaceAll(/\u001B\[\d+m/g, '');
