/** What the doctor says of a deployment: each difference from what `npm run deploy` would make is a finding. */

import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { TickSource } from '../../functions/_shared/runtime/config.ts';
import { namesWith } from '../../scripts/local/names.ts';
import { OUTSIDE } from '../../scripts/build/outside.ts';
import { wantOutside } from '../../scripts/deploy/outside/parts.ts';
import { RETRIES, readWanted, type WantedFunction } from '../../scripts/deploy/wanted.ts';
import { exitCodeOf, type Finding } from '../../scripts/doctor/finding.ts';
import { checkPlatform } from '../../scripts/doctor/platform/checks.ts';
import { renderFindings } from '../../scripts/doctor/table.ts';
import type {
  Bill,
  Environment,
  EnvironmentInfo,
  FunctionRule,
  FunctionState,
  HttpRoute,
  RetryPolicy,
  StoredDocument,
} from '../../scripts/platform/environment.ts';
import { PlatformError } from '../../scripts/platform/errors.ts';
import { LIVE, REVOKED, TICKER } from '../deploy/servers.ts';
import { documentsIn } from '../deploy/in-process.ts';
import { englishIn, readChinese } from '../support/chinese.ts';
import { APPID, ROOT } from '../support/cloud.ts';

const { refresh: REFRESH, get: GET } = namesWith('');

const SECRET = 'canary-of-the-platform-test';
const VALUES = { WX_APPID: APPID, WX_APPSECRET: SECRET };

interface Deployment {
  functions: Map<string, FunctionState>;
  rule: FunctionRule;
  retries: RetryPolicy;
  access: string | null;
  servers: StoredDocument[] | null;
  routes: HttpRoute[];
  /** Rejects every call, or this one only. */
  failure: { on?: string; error: Error } | null;
  info: EnvironmentInfo;
  bill: Bill;
}

let wanted: WantedFunction[];
let outside: WantedFunction;
beforeAll(async () => {
  wanted = await readWanted(ROOT, join(ROOT, 'dist/functions'), VALUES);
  outside = await wantOutside(ROOT, mkdtempSync(join(tmpdir(), 'doctor-outside-')), VALUES);
});

function deployed(): Deployment {
  const states = wanted.map((one): [string, FunctionState] => [one.name, stateOf(one)]);
  return {
    functions: new Map(states),
    rule: {
      tag: 'CUSTOM',
      entries: { '*': { invoke: true }, [REFRESH]: { invoke: false }, [GET]: { invoke: false } },
    },
    retries: RETRIES,
    access: 'ADMINONLY',
    servers: null,
    routes: [routeTo('shop', '/shop')],
    failure: null,
    info: {
      envId: 'env-1',
      status: 'NORMAL',
      namespace: 'env-1',
      databaseId: 'db',
      backend: 'scf',
      isPostgres: false,
    },
    bill: { status: 'NORMAL', expiresAt: undefined },
  };
}

function stateOf(one: WantedFunction): FunctionState {
  return {
    ...one,
    status: 'Active',
    statusReason: undefined,
    variables: new Map(one.variables),
    triggers: one.triggers.map((trigger) => ({ ...trigger, type: 'timer', isEnabled: true })),
    changedAt: undefined,
    availability: 'Available',
    egressIps: ['1.2.3.4'],
  };
}

/** One server with a key in force, and all that it needs. */
function withDoor(deployment: Deployment = deployed()): Deployment {
  deployment.servers = [LIVE];
  deployment.functions.set(OUTSIDE, stateOf(outside));
  deployment.rule.entries![OUTSIDE] = { invoke: false };
  deployment.routes = [routeTo(OUTSIDE, '/wechat')];
  return deployment;
}

function routeTo(functionName: string, path: string): HttpRoute {
  return { path, functionName, needsLogin: false, isEnabled: true };
}

function environmentOf(deployment: Deployment): Environment {
  const answer = async <T>(name: string, value: () => T): Promise<T> => {
    const { failure } = deployment;
    if (failure !== null && (failure.on === undefined || failure.on === name)) throw failure.error;
    return value();
  };
  const { info } = deployment;
  return {
    kind: 'cloud',
    envId: 'env-1',
    names: namesWith(''),
    describe: () => answer('describe', () => info),
    describeFunction: (name) => answer('describeFunction', () => deployment.functions.get(name) ?? null),
    describeRetries: () => answer('describeRetries', () => deployment.retries),
    describeFunctionRule: () => answer('describeFunctionRule', () => deployment.rule),
    describeAccess: (name) =>
      answer('describeAccess', () =>
        name === 'wx_access_clients' ? deployment.servers && 'ADMINONLY' : deployment.access,
      ),
    describeBill: () => answer('describeBill', () => deployment.bill),
    describeHttpDomains: () =>
      answer('describeHttpDomains', () => [
        { name: 'env-1.example.com', isDefault: true, isEnabled: true, routes: deployment.routes },
      ]),
    invoke: () => Promise.reject(new Error('the doctor calls nothing')),
    call: () => Promise.reject(new Error('the doctor writes nothing')),
    documents: () => documentsIn(deployment.servers ?? []),
    close: async () => undefined,
  };
}

const diagnose = (deployment: Deployment, ticks: TickSource = 'timer'): Promise<Finding[]> =>
  checkPlatform(environmentOf(deployment), {
    wanted: ticks === 'timer' ? wanted : wanted.map((one) => Object.assign({}, one, { triggers: [] })),
    outside: async () => outside,
    ticks,
    isComplete: true,
  });

async function find(deployment: Deployment, check: string, ticks?: TickSource): Promise<Finding> {
  const found = (await diagnose(deployment, ticks)).find((finding) => finding.check === check);
  return found ?? { check, severity: 'unseen', finding: 'no such finding' };
}

function change(deployment: Deployment, name: string, changes: Partial<FunctionState>): void {
  deployment.functions.set(name, { ...deployment.functions.get(name)!, ...changes });
}

type Case = [check: string, finding: RegExp, cure: RegExp, make: (deployment: Deployment) => void];

const CASES: Record<string, Case> = {
  'a missing function': [
    'functions',
    /create getAccessToken/,
    /npm run deploy/,
    ({ functions }) => functions.delete(GET),
  ],
  'other code': [
    'functions',
    /upload refreshAccessToken \(other code/,
    /npm run deploy/,
    (deployment) => change(deployment, REFRESH, { variables: new Map(Object.entries(VALUES)) }),
  ],
  'another runtime': [
    'functions',
    /runs on Nodejs16\.13, not Nodejs/,
    /delete it/,
    (deployment) => change(deployment, GET, { runtime: 'Nodejs16.13' }),
  ],
  'another timeout': [
    'functions',
    /timeout 3 s instead of 60 s/,
    /npm run deploy/,
    (deployment) => change(deployment, REFRESH, { timeout: 3 }),
  ],
  'less memory': [
    'functions',
    /memory 64 MB instead of/,
    /npm run deploy/,
    (deployment) => change(deployment, GET, { memorySize: 64 }),
  ],
  'another variable': [
    'variables',
    /set WX_APPSECRET of getAccessToken/,
    /npm run deploy/,
    (deployment) => {
      const variables = new Map(deployment.functions.get(GET)!.variables).set(
        'WX_APPSECRET',
        'canary-old-secret',
      );
      change(deployment, GET, { variables });
    },
  ],
  'variables that are of no use': [
    'configuration',
    /WX_APPSECRET is missing/,
    /npm run setup, then npm run deploy/,
    (deployment) => {
      const variables = new Map(deployment.functions.get(REFRESH)!.variables);
      variables.delete('WX_APPSECRET');
      change(deployment, REFRESH, { variables });
    },
  ],
  'an alert address that is ignored': [
    'configuration',
    /ALERT_WEBHOOK_URL/,
    /then npm run deploy/,
    (deployment) => {
      const variables = new Map(deployment.functions.get(REFRESH)!.variables);
      change(deployment, REFRESH, { variables: variables.set('ALERT_WEBHOOK_URL', 'http://robot.example') });
    },
  ],
  'a missing trigger': [
    'trigger',
    /create refreshAccessToken-tick/,
    /npm run deploy/,
    (deployment) => change(deployment, REFRESH, { triggers: [] }),
  ],
  'a trigger too many': [
    'trigger',
    /remove other/,
    /npm run deploy/,
    (deployment) =>
      change(deployment, GET, {
        triggers: [{ name: 'other', type: 'timer', config: '0 0 * * * * *', isEnabled: true }],
      }),
  ],
  'a trigger that is off': [
    'trigger',
    /, off\)/,
    /npm run deploy/,
    (deployment) => {
      const [trigger] = deployment.functions.get(REFRESH)!.triggers;
      change(deployment, REFRESH, { triggers: [{ ...trigger!, isEnabled: false }] });
    },
  ],
  'functions that clients may call': [
    'security rule',
    /close getAccessToken to clients/,
    /npm run deploy/,
    (deployment) =>
      void (deployment.rule = {
        tag: 'CUSTOM',
        entries: { '*': { invoke: true }, [REFRESH]: { invoke: false } },
      }),
  ],
  'a missing collection': [
    'collection',
    /create wx_access_tokens/,
    /npm run deploy/,
    (deployment) => void (deployment.access = null),
  ],
  'an open collection': [
    'collection',
    /close wx_access_tokens, which is PRIVATE/,
    /npm run deploy/,
    (deployment) => void (deployment.access = 'PRIVATE'),
  ],
  'other retries': [
    'retries',
    /repetitions/,
    /npm run deploy/,
    (deployment) => void (deployment.retries = { retries: null, keptSeconds: null }),
  ],
};

const DOOR_CASES: Record<string, Case> = {
  'a server without a door': [
    'outside door',
    /create accessTokenHttp.*create https:\/\/env-1\.example\.com\/wechat/,
    /npm run deploy/,
    (deployment) => {
      deployment.functions.delete(OUTSIDE);
      deployment.routes = [];
    },
  ],
  'a door without a path': [
    'outside door',
    /create https:\/\/env-1\.example\.com\/wechat$/,
    /npm run deploy/,
    (deployment) => void (deployment.routes = []),
  ],
  'a path that leads elsewhere': [
    'outside door',
    /leads to something else already/,
    /lead another path to accessTokenHttp/,
    (deployment) => void (deployment.routes = [routeTo('login', '/wechat')]),
  ],
  'a door without a server': [
    'outside door',
    /remove https:\/\/env-1\.example\.com\/wechat; delete accessTokenHttp; take out accessTokenHttp/,
    /npm run deploy/,
    (deployment) => void (deployment.servers = [REVOKED]),
  ],
  'other variables of the door': [
    'outside door',
    /set WX_APPSECRET of accessTokenHttp/,
    /npm run deploy/,
    (deployment) => {
      const variables = new Map(outside.variables).set('WX_APPSECRET', 'canary-old-secret');
      change(deployment, OUTSIDE, { variables });
    },
  ],
  'an HTTP path to the token': [
    'ways in',
    /https:\/\/env-1\.example\.com\/token leads to getAccessToken/,
    /tcb routes delete 'env-1\.example\.com' -p \/token -e env-1/,
    ({ routes }) => void routes.push(routeTo(GET, '/token')),
  ],
  'an HTTP path to the timer’s function': [
    'ways in',
    /\/tick leads to refreshAccessToken/,
    /tcb routes delete 'env-1\.example\.com' -p \/tick -e env-1/,
    ({ routes }) => void routes.push(routeTo(REFRESH, '/tick')),
  ],
  'a trigger that is no timer': [
    'ways in',
    /the apigw trigger web starts getAccessToken/,
    /npx tcb fn trigger delete getAccessToken web -e env-1/,
    (deployment) =>
      change(deployment, GET, {
        triggers: [{ name: 'web', type: 'apigw', config: '', isEnabled: true }],
      }),
  ],
};

describe('doctor: where ticks are meant to come from', () => {
  it.each(['outside', 'readers'] as const)(
    'finds a timer that is not meant where TICKS=%s',
    async (ticks) => {
      const finding =
        'npm run deploy would remove refreshAccessToken-tick (20 */5 * * * * *) from refreshAccessToken';
      expect(await find(deployed(), 'trigger', ticks)).toMatchObject({ severity: 'problem', finding });
    },
  );

  it('finds that nobody may tick from outside', async () => {
    const deployment = withDoor();
    expect(await find(deployment, 'ticks from outside', 'outside')).toMatchObject({
      severity: 'problem',
      finding: expect.stringContaining('no server key may tick'),
      cure: 'npm run server-key -- add NAME --ticks, then npm run deploy',
    });
    deployment.servers = [TICKER];
    const found = await find(deployment, 'ticks from outside', 'outside');
    expect(found).toMatchObject({ severity: 'ok', finding: 'cron may tick' });
    const checks = (await diagnose(deployment)).map(({ check }) => check);
    expect(checks).not.toContain('ticks from outside');
  });

  it('hints that nobody sends alerts where only readers come', async () => {
    const deployment = deployed();
    const variables = new Map(deployment.functions.get(REFRESH)!.variables);
    variables.set('TICKS', 'readers').set('ALERT_WEBHOOK_URL', 'https://robot.example');
    change(deployment, REFRESH, { variables });
    expect(await find(deployment, 'configuration')).toMatchObject({
      severity: 'hint',
      why: expect.stringContaining('ticks send the alerts'),
    });
  });
});

describe('doctor: the account', () => {
  it('tells until when it is paid', async () => {
    const deployment = deployed();
    deployment.bill = { status: 'NORMAL', expiresAt: '2027-06-30 00:00:00' };
    expect(await find(deployment, 'account')).toMatchObject({
      severity: 'ok',
      finding: 'paid for until 2027-06-30 00:00:00',
    });
  });

  it('finds a function that the platform has stopped, though its bill can’t be read', async () => {
    const deployment = deployed();
    change(deployment, REFRESH, { availability: 'InsufficientBalance' });
    deployment.failure = { on: 'describeBill', error: new Error('not allowed') };
    const found = await find(deployment, 'account');
    expect(found).toMatchObject({ severity: 'problem' });
    expect(found.finding).toContain('the platform has stopped refreshAccessToken (InsufficientBalance)');
    expect(found.cure).toContain('https://console.cloud.tencent.com/expense');
    change(deployment, REFRESH, { availability: undefined });
    expect(await find(deployment, 'account')).toMatchObject({ severity: 'ok' });
  });

  it('finds an environment that is isolated', async () => {
    const deployment = deployed();
    deployment.bill = { status: 'ISOLATE', expiresAt: '2026-11-01 00:00:00' };
    const found = await find(deployment, 'account');
    expect(found).toMatchObject({ severity: 'problem' });
    expect(found.finding).toBe('the environment is ISOLATE, paid until 2026-11-01 00:00:00');
  });
});

describe('doctor: an environment of another kind', () => {
  it.each([
    ['functions V2', { backend: 'cbf' }, /functions V2 \(cbf\).*no timer trigger/],
    ['functions of a name to come', { backend: 'tcb' }, /functions V2 \(tcb\)/],
    ['PostgreSQL', { isPostgres: true }, /PostgreSQL.*is untested/],
    ['no database', { databaseId: null }, /no document database to keep the token in/],
  ])('stops at one with %s, and names a way that works', async (_name, changes, finding) => {
    const deployment = deployed();
    deployment.info = { ...deployment.info, ...changes };
    const findings = await diagnose(deployment);
    expect(findings).toMatchObject([{ check: 'environment', severity: 'problem' }]);
    expect(findings[0]?.finding).toMatch(finding);
    expect(findings[0]?.finding).toContain('WeChat DevTools');
    readChinese();
    expect(englishIn(renderFindings('env-1', await diagnose(deployment)))).toEqual([]);
  });
});

describe('doctor: what comes in from outside', () => {
  it('is content with a door and a server, and tells the address', async () => {
    const findings = await diagnose(withDoor());
    expect(findings.filter(({ severity }) => severity !== 'ok')).toEqual([]);
    expect((await find(withDoor(), 'outside door')).finding).toMatch(
      /^one server has a key; https:\/\/env-1\.example\.com\/wechat leads to accessTokenHttp/,
    );
  });

  it.each(Object.entries(DOOR_CASES))('finds %s', async (_name, [check, finding, cure, make]) => {
    const deployment = withDoor();
    expect(await find(deployment, check)).toMatchObject({ severity: 'ok' });
    make(deployment);
    const found = await find(deployment, check);
    expect(found).toMatchObject({ severity: 'problem' });
    expect(found.finding).toMatch(finding);
    expect(`${found.cure} ${found.finding}`).toMatch(cure);
    expect(JSON.stringify(await diagnose(deployment))).not.toMatch(/canary/);
    readChinese();
    expect(englishIn(renderFindings('env-1', await diagnose(deployment)))).toEqual([]);
  });

  it('leaves a function of another project alone', async () => {
    const deployment = deployed();
    const theirs = { ...stateOf(outside), variables: new Map(), description: '' };
    deployment.functions.set(OUTSIDE, theirs);
    expect(await find(deployment, 'outside door')).toMatchObject({ severity: 'ok' });
  });
});

describe('doctor: the platform', () => {
  it('is content with what npm run deploy makes', async () => {
    const findings = await diagnose(deployed());
    expect(findings.filter(({ severity }) => severity !== 'ok')).toEqual([]);
    expect(findings.map(({ check }) => check)).toEqual(
      expect.arrayContaining([
        'environment',
        'functions',
        'trigger',
        'security rule',
        'collection',
        'egress IP',
      ]),
    );
  });

  it.each(Object.entries(CASES))(
    'finds %s, and writes nothing',
    async (_name, [check, finding, cure, make]) => {
      const deployment = deployed();
      expect(await find(deployment, check)).toMatchObject({ severity: 'ok' });
      make(deployment);
      const found = await find(deployment, check);
      expect(found).toMatchObject({ severity: 'problem' });
      expect(found.finding).toMatch(finding);
      expect(`${found.cure} ${found.finding}`).toMatch(cure);
      expect(exitCodeOf([found])).toBe(1);
      expect(JSON.stringify(await diagnose(deployment))).not.toMatch(/canary/);
      readChinese();
      expect(englishIn(renderFindings('env-1', await diagnose(deployment)))).toEqual([]);
    },
  );

  it('hints at a missing fixed egress IP', async () => {
    const deployment = deployed();
    change(deployment, REFRESH, { egressIps: [] });
    expect(await find(deployment, 'egress IP')).toMatchObject({ severity: 'hint' });
  });

  it('finds wrong credentials, and looks no further', async () => {
    const error = new PlatformError('tcb DescribeEnvs failed', {
      code: 'AuthFailure.SecretIdNotFound',
      cure: 'check',
    });
    const findings = await diagnose({ ...deployed(), failure: { error } });
    expect(findings).toMatchObject([
      { check: 'environment', severity: 'problem', finding: 'tcb DescribeEnvs failed: check' },
    ]);
    expect(exitCodeOf(findings)).toBe(1);
  });

  it.each([
    'describe',
    'describeFunction',
    'describeRetries',
    'describeFunctionRule',
    'describeAccess',
    'describeHttpDomains',
  ])('says what it could not see when %s fails, with exit code 2', async (on) => {
    const error = new PlatformError('no answer', { code: 'ECONNRESET', cure: 'check the network' });
    const findings = await diagnose({ ...deployed(), failure: { on, error } });
    const unseen = findings.filter(({ severity }) => severity === 'unseen');
    expect(unseen.length).toBeGreaterThan(0);
    expect(unseen[0]?.finding).toMatch(/no answer: check the network/);
    expect(exitCodeOf(findings)).toBe(2);
  });
});
