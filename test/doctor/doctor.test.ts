/** Every finding of the doctor about an app appears with its cause, and goes with it. */

import { chmod, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { examine, type DoctorOptions } from '../../scripts/doctor/doctor.ts';
import { exitCodeOf, type Finding, type Severity } from '../../scripts/doctor/finding.ts';
import { checkClock } from '../../scripts/doctor/machine/clock.ts';
import { renderFindings } from '../../scripts/doctor/table.ts';
import { APPID, SECRET } from '../support/cloud.ts';
import { KEY, startOperator, withoutKey, type Operator } from '../place/support.ts';
import { englishIn, readChinese } from '../support/chinese.ts';

const MINUTE_MS = 60_000;

function diagnose(operator: Operator, own: Partial<DoctorOptions> = {}): Promise<Finding[]> {
  return examine({
    reach: operator.reach,
    environment: null,
    wanted: async () => [],
    outside: () => Promise.reject(new Error('there is no platform')),
    values: operator.values,
    envFile: '/nowhere/.env.local',
    now: () => operator.cloud.clock.now(),
    serverTime: async () => operator.cloud.clock.now(),
    ...own,
  });
}

async function find(operator: Operator, check: string, own?: Partial<DoctorOptions>): Promise<Finding> {
  const found = (await diagnose(operator, own)).filter((finding) => finding.check === check);
  expect(found).toHaveLength(1);
  return found[0]!;
}

interface Case {
  check: string;
  severity: Severity;
  finding: RegExp;
  cure: RegExp;
  make(operator: Operator): Promise<void>;
  mend(operator: Operator): Promise<void>;
}

const refresh = async (operator: Operator): Promise<void> => {
  expect(await operator.refresh()).toMatchObject({ isDone: true });
};
const failAtDue = async ({ cloud, clock }: Operator): Promise<void> => {
  await clock.sleep(110 * MINUTE_MS);
  await cloud.refresh().catch(() => undefined);
};

const setSecret = ({ cloud }: Operator, secret: string): void =>
  cloud.sandbox.wechat.account(APPID).setSecret(secret, cloud.clock.now());
const wrongSecret: Pick<Case, 'make' | 'mend'> = {
  async make(operator) {
    setSecret(operator, 'another');
    await failAtDue(operator);
  },
  async mend(operator) {
    setSecret(operator, SECRET);
    await refresh(operator);
  },
};

const CASES: Record<string, Case> = {
  'a dead token': {
    check: 'token',
    severity: 'problem',
    finding: /the stored one is dead, minted 3 h ago/,
    cure: /npm run refresh/,
    make: ({ clock }) => clock.sleep(180 * MINUTE_MS),
    mend: refresh,
  },
  'a missing token': {
    check: 'token',
    severity: 'problem',
    finding: /none is stored/,
    cure: /npm run refresh/,
    make: ({ tamper }) => tamper({ token: null }),
    mend: refresh,
  },
  'a timer that does not tick': {
    check: 'token',
    severity: 'problem',
    finding: /its refresh is late by 7 min 30 s/,
    cure: /npm run deploy/,
    make: ({ clock }) => clock.sleep(117 * MINUTE_MS),
    mend: refresh,
  },
  'a failed refresh': {
    check: 'last refresh',
    severity: 'hint',
    finding: /refused.*errcode 40125 \(rid [0-9a-f-]{26}\)/,
    cure: /npm run refresh/,
    ...wrongSecret,
  },
  'a wrong secret': {
    check: 'breaker',
    severity: 'problem',
    finding: /open until .*40125 invalid appsecret/,
    cure: /npm run setup, then npm run deploy/,
    ...wrongSecret,
  },
  'an address that is not on the whitelist': {
    check: 'breaker',
    severity: 'problem',
    finding: /40164 invalid ip 127\.0\.0\.1/,
    cure: /add that address .*fixed egress IP/,
    async make(operator) {
      operator.cloud.sandbox.wechat.account(APPID).setWhitelist(['9.9.9.9']);
      await failAtDue(operator);
    },
    async mend(operator) {
      operator.cloud.sandbox.wechat.account(APPID).setWhitelist(['127.0.0.1']);
      await refresh(operator);
    },
  },
  'the day’s quota used up': {
    check: 'breaker',
    severity: 'problem',
    finding: /45009/,
    cure: /00:00 UTC\+8/,
    async make(operator) {
      operator.cloud.sandbox.faults.refuse(45009, { times: 1 });
      await failAtDue(operator);
    },
    mend: refresh,
  },
  'a passing failure': {
    check: 'breaker',
    severity: 'hint',
    finding: /\(transient\): -1/,
    cure: /npm run refresh/,
    async make(operator) {
      operator.cloud.sandbox.faults.busy(9);
      await failAtDue(operator);
    },
    async mend(operator) {
      operator.cloud.sandbox.faults.clear();
      await refresh(operator);
    },
  },
  'too many mints': {
    check: 'mints today',
    severity: 'hint',
    finding: /^41 of 500, more than usual/,
    cure: /who reports or mints/,
    make: ({ cloud, tamper }) => tamper({ mints: { ...(cloud.stored()!['mints'] as object), count: 41 } }),
    mend: ({ clock }) => clock.sleep(24 * 60 * MINUTE_MS),
  },
  "WeChat's own limit nearly reached": {
    check: 'mints today',
    severity: 'problem',
    finding: /^160 of 500; WeChat refused more than 200 \(45009\): soon WeChat refuses more today/,
    cure: /npm run status shows who requests them/,
    make: ({ cloud, tamper }) =>
      tamper({ mints: { ...(cloud.stored()!['mints'] as object), count: 160 }, learnedLimit: 200 }),
    mend: ({ clock }) => clock.sleep(24 * 60 * MINUTE_MS),
  },
  'the limit of mints reached': {
    check: 'mints today',
    severity: 'problem',
    finding: /^500 of 500: nothing is minted any more today/,
    cure: /MINT_LIMIT_PER_DAY/,
    make: ({ cloud, tamper }) => tamper({ mints: { ...(cloud.stored()!['mints'] as object), count: 500 } }),
    mend: ({ clock }) => clock.sleep(24 * 60 * MINUTE_MS),
  },
  'a mint that is unsettled': {
    check: 'unsettled',
    severity: 'hint',
    finding: /a mint 1 min ago is unsettled/,
    cure: /npm run refresh/,
    make: ({ cloud, tamper }) => tamper({ unsettledSinceAtMs: cloud.clock.now() - MINUTE_MS }),
    mend: refresh,
  },
  'a mint that nobody settles': {
    check: 'unsettled',
    severity: 'problem',
    finding: /a mint 30 min ago is unsettled/,
    cure: /npm run refresh/,
    make: ({ cloud, tamper }) => tamper({ unsettledSinceAtMs: cloud.clock.now() - 30 * MINUTE_MS }),
    mend: refresh,
  },
  'another system that mints': {
    check: 'foreign minter',
    severity: 'problem',
    finding: /refused before its time 2 ×.*another system mints/,
    cure: /--mode stable/,
    async make({ cloud, clock }) {
      for (const _ of [1, 2]) {
        const stolen = cloud.storedToken();
        cloud.sandbox.wechat.account(APPID).foreignMint(cloud.clock.now());
        await clock.sleep(6 * MINUTE_MS);
        expect(cloud.isAlive(stolen)).toBe(false);
        expect(await cloud.get({ invalid_access_token: stolen! })).toMatchObject({ errcode: 0 });
        await clock.sleep(2 * MINUTE_MS);
      }
    },
    mend: ({ tamper }) => tamper({ refusedAtMs: [] }),
  },
  'a caller that reports tokens which are alive': {
    check: 'wrong reports',
    severity: 'hint',
    finding: /WeChat accepted 3 reported tokens within an hour, last .*, from ".*scf"/,
    cure: /find the function that passes invalid_access_token/,
    async make({ cloud, clock }) {
      for (const _ of [1, 2, 3, 4]) {
        await clock.sleep(MINUTE_MS);
        expect(await cloud.get({ invalid_access_token: cloud.storedToken()! })).toMatchObject({ errcode: 0 });
      }
    },
    mend: ({ tamper }) => tamper({ reports: { lastAtMs: 0, source: null, refutedAtMs: [] } }),
  },
  'a manual refresh that nobody carries out': {
    check: 'manualRefresh',
    severity: 'hint',
    finding: /not carried out yet: refresh now, requested 1 min ago/,
    cure: /npm run refresh does it now/,
    make: ({ cloud, tamper }) =>
      tamper({
        manualRefresh: { requestedAtMs: cloud.clock.now() - MINUTE_MS, mintsLeft: 1, isLeak: false },
      }),
    mend: async ({ cloud }) => void (await cloud.refresh()),
  },
  'a leaked token that still lives': {
    check: 'manualRefresh',
    severity: 'problem',
    finding: /not carried out yet: kill a leaked token \(1 of 2 mints to go\)/,
    cure: /npm run refresh -- --leaked/,
    make: ({ cloud, tamper }) =>
      tamper({ manualRefresh: { requestedAtMs: cloud.clock.now(), mintsLeft: 1, isLeak: true } }),
    mend: async ({ cloud }) => void (await cloud.refresh()),
  },
  'a damaged document': {
    check: 'document',
    severity: 'problem',
    finding: /^mints can't be read/,
    cure: /npm run refresh/,
    make: ({ tamper }) => tamper({ mints: 'many' }),
    mend: refresh,
  },
};

describe('doctor', () => {
  it.each(Object.entries(CASES))('finds %s, and the finding goes with its cause', async (_name, one) => {
    const operator = await startOperator();
    await operator.cloud.refresh();
    expect(await find(operator, one.check)).toMatchObject({ severity: 'ok' });
    await one.make(operator);
    const found = await find(operator, one.check);
    expect(found).toMatchObject({ severity: one.severity, appid: APPID });
    expect(found.finding).toMatch(one.finding);
    expect(found.cure).toMatch(one.cure);
    expect(found.why).not.toBe('');
    expect(exitCodeOf([found])).toBe(one.severity === 'problem' ? 1 : 0);
    readChinese();
    expect(englishIn(renderFindings('', await diagnose(operator)))).toEqual([]);
    await one.mend(operator);
    expect(await find(operator, one.check)).toMatchObject({ severity: 'ok' });
  });

  it('is content with a healthy app: exit code 0, and what has no meaning here is said to be skipped', async () => {
    const operator = await startOperator({ TOKEN_ENCRYPTION_KEYS: KEY });
    await operator.cloud.refresh();
    const findings = await diagnose(operator);
    expect(findings.filter(({ severity }) => severity !== 'ok' && severity !== 'skipped')).toEqual([]);
    expect(exitCodeOf(findings)).toBe(0);
    const skipped = findings.filter(({ severity }) => severity === 'skipped').map(({ check }) => check);
    expect(skipped).toEqual(
      expect.arrayContaining(['credentials', 'functions', 'trigger', 'security rule', 'clock']),
    );
  });

  it('finds tokens in clear, and sealed ones whose key is gone', async () => {
    const operator = await startOperator({ TOKEN_ENCRYPTION_KEYS: KEY });
    await operator.cloud.refresh();
    const keyless = withoutKey(operator.values);
    expect(await find(operator, 'encryption')).toMatchObject({ severity: 'ok' });
    expect(await find(operator, 'encryption', { values: keyless })).toMatchObject({
      severity: 'hint',
      finding: expect.stringMatching(/no key on this machine/),
    });
    const values = { ...keyless, TOKEN_ENCRYPTION_KEYS: Buffer.alloc(32, 7).toString('base64') };
    expect(await find(operator, 'encryption', { values })).toMatchObject({
      severity: 'problem',
      finding: expect.stringMatching(/sealed with a key that TOKEN_ENCRYPTION_KEYS does not hold/),
    });
    const token = operator.cloud.stored()!['token'] as object;
    await operator.tamper({ token: { ...token, value: '110_in-clear' } });
    expect(await find(operator, 'encryption')).toMatchObject({
      severity: 'hint',
      finding: expect.stringMatching(/still in clear/),
    });
  });

  it('finds a clock that is off, by the time of the API’s answers', () => {
    const nowMs = Date.now();
    expect(checkClock(nowMs + 1_000, nowMs)).toMatchObject({ severity: 'ok' });
    expect(checkClock(nowMs + 30_000, nowMs)).toMatchObject({
      severity: 'hint',
      finding: 'this machine is 30 s behind',
    });
    expect(checkClock(nowMs - 600_000, nowMs)).toMatchObject({
      severity: 'problem',
      finding: 'this machine is 10 min ahead',
    });
    expect(checkClock(null, nowMs)).toMatchObject({ severity: 'hint' });
  });

  it('finds a secrets file that others can read', async () => {
    const operator = await startOperator();
    const envFile = join(await mkdtemp(join(tmpdir(), 'doctor-test-')), '.env.local');
    await writeFile(envFile, 'WX_APPSECRET=x\n', { mode: 0o644 });
    expect(await find(operator, 'secrets file', { envFile })).toMatchObject({
      severity: 'problem',
      cure: `chmod 600 ${envFile}`,
    });
    await chmod(envFile, 0o600);
    expect(await find(operator, 'secrets file', { envFile })).toMatchObject({ severity: 'ok' });
  });

  it('finds settings that are incomplete, and documents of apps that are not configured', async () => {
    const operator = await startOperator();
    await operator.cloud.refresh();
    expect(await find(operator, 'settings', { values: { WX_APPID: APPID } })).toMatchObject({
      severity: 'hint',
      finding: expect.stringMatching(/WX_APPSECRET is missing/),
    });
    const values = { WX_APPID: 'wxother', WX_APPSECRET: 'secret-of-other' };
    const findings = await diagnose(operator, { values });
    expect(findings).toContainEqual(
      expect.objectContaining({
        check: 'documents',
        severity: 'hint',
        finding: expect.stringContaining(APPID),
      }),
    );
    expect(findings).toContainEqual(
      expect.objectContaining({ check: 'token', appid: 'wxother', severity: 'problem' }),
    );
  });

  it('says that it could not look, with exit code 2, when the database can’t be read', async () => {
    const operator = await startOperator();
    const broken = {
      ...operator.reach,
      documents: () => ({ list: () => Promise.reject(new Error('no answer')) }),
    };
    const findings = await diagnose(operator, { reach: broken as never });
    expect(findings).toContainEqual(expect.objectContaining({ check: 'documents', severity: 'unseen' }));
    expect(exitCodeOf(findings)).toBe(2);
  });

  it('shows name, finding, why and cure, and no secret', async () => {
    const operator = await startOperator();
    await operator.cloud.refresh();
    await operator.tamper({ token: null });
    const findings = await diagnose(operator);
    const screen = renderFindings('test cloud', findings);
    expect(screen).toMatch(
      /^test cloud\n\n✗ token +wxtest000000000001 +Fetch a token: none is stored\n +why: +callers get 503.*\n +cure: None is stored\. npm run refresh/,
    );
    expect(screen).toMatch(/Something needs you: 1 problem,/);
    expect(screen + JSON.stringify(findings)).not.toContain(SECRET);
  });
});
