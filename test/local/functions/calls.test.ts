import { afterEach, describe, expect, test, vi } from 'vitest';
import { createCloudClock } from '../../../scripts/local/clock.ts';
import type { ContextFields } from '../../../scripts/local/functions/protocol.ts';
import { borrowTestHost, CLIENT, probe, soon, startTestHost } from './test-host.ts';

interface Report {
  event: unknown;
  context: ContextFields;
  env: Record<string, string>;
}

interface Dates {
  nowMs: number;
  newMs: number;
  text: string;
  loadedAtMs: number;
  fixedMs: number;
}

const HOUR_MS = 3_600_000;

afterEach(() => {
  vi.unstubAllEnvs();
});

describe('environment of a function', () => {
  test('nothing of the developer reaches it but PATH', async () => {
    vi.stubEnv('HTTPS_PROXY', 'http://proxy.invalid');
    vi.stubEnv('TENCENTCLOUD_SECRETKEY', 'real-key');
    const host = await startTestHost();
    const { env } = await probe<Report>(host, { do: 'report' }, { kind: 'management' });
    expect(Object.keys(env).toSorted()).toEqual([
      'DECLARED',
      'PATH',
      'SCF_NAMESPACE',
      'TCB_CONTEXT_CNFG',
      'TCB_ENV',
      'TCB_SEQID',
      'TENCENTCLOUD_REGION',
      'TENCENTCLOUD_RUNENV',
      'TENCENTCLOUD_SECRETID',
      'TENCENTCLOUD_SECRETKEY',
      'TENCENTCLOUD_SESSIONTOKEN',
      'TZ',
      'USER_CODE_ROOT',
      'WX_TRIGGER_API_TOKEN_V0',
    ]);
    expect(env).toMatchObject({
      TENCENTCLOUD_SECRETKEY: 'local-key',
      TENCENTCLOUD_RUNENV: 'SCF',
      TCB_CONTEXT_CNFG: '{"URL":"http://127.0.0.1:9/admin"}',
      DECLARED: 'yes',
    });
  });

  test('it has no parent process that it could tell something, as many servers do if they have one', async () => {
    const host = await borrowTestHost();
    expect(await probe(host, { do: 'tellParent' })).toEqual({ hasParent: false });
  });

  test('the keys of a call are gone from process.env in the next', async () => {
    const host = await borrowTestHost();
    const first = await probe<Report>(host, { do: 'report' });
    const second = await probe<Report>(host, { do: 'report' }, { kind: 'timer', variety: 'native' });
    expect(first.env).toMatchObject({
      TCB_SOURCE: 'wx_client',
      WX_OPENID: 'oABC',
      TCB_CONTEXT_KEYS: expect.stringMatching(/,TCB_CONTEXT_CNFG$/) as string,
    });
    expect(second.env).toMatchObject({ TRIGGER_SRC: 'timer' });
    expect(second.env).not.toHaveProperty('TCB_SOURCE');
    expect(second.env).not.toHaveProperty('WX_OPENID');
  });

  test('a declared variable that a call overwrote is back in the next', async () => {
    const host = await startTestHost({ environment: () => ({ WX_APPID: 'wxDeclared' }) });
    const first = await probe<Report>(host, { do: 'report' });
    const second = await probe<Report>(host, { do: 'report' }, { kind: 'management' });
    expect([first.env['WX_APPID'], second.env['WX_APPID']]).toEqual(['wx123', 'wxDeclared']);
  });

  test('with staleProcessEnv they stay, while the context is right', async () => {
    const host = await startTestHost({ staleProcessEnv: true });
    await probe<Report>(host, { do: 'report' });
    const { env, context } = await probe<Report>(host, { do: 'report' }, { kind: 'management' });
    expect(env).toMatchObject({ TCB_SOURCE: 'wx_client', WX_OPENID: 'oABC' });
    expect(JSON.parse(context.environment)).not.toHaveProperty('TCB_SOURCE');
    expect(context.environ).not.toContain('WX_OPENID');
  });
});

describe('context of a call', () => {
  test('it has the fields of the platform, and both spellings of the environment agree', async () => {
    const host = await borrowTestHost();
    const { context } = await probe<Report>(host, { do: 'report' });
    expect(context).toMatchObject({
      callbackWaitsForEmptyEventLoop: true,
      memory_limit_in_mb: 256,
      time_limit_in_ms: 20_000,
      function_version: '$LATEST',
      function_name: 'probe',
      namespace: 'local-env',
      tencentcloud_region: 'ap-shanghai',
    });
    const environment = JSON.parse(context.environment) as Record<string, string>;
    expect(environment).toMatchObject({
      TCB_SOURCE: 'wx_client',
      WX_OPENID: 'oABC',
      SCF_NAMESPACE: 'local-env',
    });
    const pairs = Object.entries(environment).map(([key, value]) => `${key}=${value}`);
    expect(context.environ).toBe(pairs.join(';'));
  });

  test('every call has its own request id', async () => {
    const host = await borrowTestHost();
    const first = await probe<Report>(host, { do: 'report' });
    const second = await probe<Report>(host, { do: 'report' });
    expect(second.context.request_id).not.toBe(first.context.request_id);
  });

  test('the remaining time counts down from the declared timeout', async () => {
    const host = await borrowTestHost();
    const { remainingMs } = await probe<{ remainingMs: number }>(host, { do: 'sleep', ms: 100 });
    expect(remainingMs).toBeLessThanOrEqual(19_901);
    expect(remainingMs).toBeGreaterThan(10_000);
  });
});

describe('time in a function', () => {
  test('a moved clock moves every way to ask for the date, from the loading of the code on', async () => {
    const clock = createCloudClock(Date.UTC(2030, 0, 1));
    const host = await startTestHost({ clock });
    const before = clock.now();
    const dates = await probe<Dates>(host, { do: 'date' });
    for (const atMs of [dates.nowMs, dates.newMs, dates.loadedAtMs]) {
      expect(atMs).toBeGreaterThanOrEqual(before - 2);
      expect(atMs).toBeLessThanOrEqual(clock.now() + 2);
    }
    expect(dates.text).toContain('2030');
    expect(dates.fixedMs).toBe(5);
  });

  test('a warm instance follows the clock between calls, and while a call runs', async () => {
    const clock = createCloudClock();
    const host = await startTestHost({ clock });
    const first = await probe<Dates>(host, { do: 'date' });
    clock.advance(HOUR_MS);
    const second = await probe<Dates>(host, { do: 'date' });
    expect(second.nowMs - first.nowMs).toBeGreaterThanOrEqual(HOUR_MS);
    expect(second.nowMs - first.nowMs).toBeLessThan(HOUR_MS + 20_000);
    const later = probe<Dates>(host, { do: 'dateLater', ms: 1000 });
    await soon(() => expect(host.instances('probe')[0]?.state).toBe('busy'));
    clock.advance(HOUR_MS);
    expect(Math.abs((await later).nowMs - clock.now())).toBeLessThan(20_000);
  });

  test('a frozen clock stands still in a function', async () => {
    const clock = { ...createCloudClock(1_900_000_000_000), isFrozen: () => true };
    clock.freeze();
    const host = await startTestHost({ clock });
    expect(await probe<Dates>(host, { do: 'dateLater', ms: 50 })).toEqual({ nowMs: clock.now() });
  });

  test('a date is still a Date', async () => {
    const host = await borrowTestHost();
    expect(await probe(host, { do: 'dateKinds' })).toEqual({ isDate: true, sameConstructor: true, utc: 0 });
  });
});

describe('results', () => {
  test('a thrown error becomes a failure with a bounded message', async () => {
    const host = await borrowTestHost();
    const outcome = await host.invoke({ name: 'probe', event: { do: 'throw', size: 5000 }, caller: CLIENT });
    if (!('failure' in outcome)) throw new Error('expected a failure');
    expect(outcome.failure.code).toBe('FUNCTIONS_EXECUTE_FAIL');
    expect(outcome.failure.message).toMatch(/^TypeError: broken x+…$/);
    expect(outcome.failure.message).toHaveLength(1001);
    expect(host.crashes()).toEqual([]);
  });

  test('a function that returns nothing answers null', async () => {
    const host = await borrowTestHost();
    expect(await probe(host, { do: 'nothing' })).toBeNull();
  });

  test('a result that JSON cannot say fails the call, not the instance', async () => {
    const host = await borrowTestHost();
    const outcome = await host.invoke({ name: 'probe', event: { do: 'circular' }, caller: CLIENT });
    expect(outcome).toMatchObject({ failure: { message: expect.stringContaining('circular') } });
    expect(host.instances('probe')).toMatchObject([{ state: 'idle' }]);
  });

  test('an event or a result over 6 MB is refused', async () => {
    const host = await startTestHost();
    const size = 6 * 1024 * 1024;
    const event = await host.invoke({ name: 'probe', event: { text: 'x'.repeat(size) }, caller: CLIENT });
    expect(event).toMatchObject({ failure: { message: expect.stringContaining('the event is') } });
    expect(host.instances('probe')).toEqual([]);
    const result = await host.invoke({ name: 'probe', event: { do: 'big', size }, caller: CLIENT });
    expect(result).toMatchObject({ failure: { message: expect.stringContaining('the result is') } });
  });

  test('a function that does not exist is not found', async () => {
    const host = await borrowTestHost();
    const outcome = await host.invoke({ name: 'nope', caller: CLIENT });
    expect(outcome).toMatchObject({ failure: { code: 'FUNCTION_NOT_FOUND' } });
  });

  test('what a function prints comes out line by line with its name and process', async () => {
    const lines: string[] = [];
    const host = await startTestHost({ log: (line) => lines.push(line) });
    const pid = await probe<number>(host, { do: 'print' });
    await soon(() => expect(lines).toHaveLength(3));
    expect(lines.slice(0, 2)).toEqual([`[probe ${pid}] one`, `[probe ${pid}] two`]);
    expect(lines[2]).toContain(`[probe ${pid}] Report RequestId:`);
  });
});

describe('the SDKs in a function', () => {
  test('wx-server-sdk reads the mini program user', async () => {
    const host = await borrowTestHost();
    const outcome = await host.invoke({ name: 'wx-context', caller: CLIENT });
    expect(outcome).toEqual({
      result: {
        CLIENTIP: '127.0.0.1',
        APPID: 'wx123',
        OPENID: 'oABC',
        ENV: 'local-env',
        SOURCE: 'wx_client',
      },
    });
  });

  test('wx-server-sdk knows nothing in a function called by a function', async () => {
    const host = await borrowTestHost();
    const caller = { kind: 'function', source: 'wx_client,scf' } as const;
    expect(await host.invoke({ name: 'wx-context', caller })).toEqual({ result: {} });
  });

  test('node-sdk loads and reads the caller', async () => {
    const host = await borrowTestHost();
    const outcome = await host.invoke({ name: 'node-sdk', caller: CLIENT });
    expect(outcome).toMatchObject({
      result: {
        TCB_SOURCE: 'wx_client',
        SCF_NAMESPACE: 'local-env',
        user: { openId: 'oABC', appId: 'wx123' },
      },
    });
    expect(host.crashes()).toEqual([]);
  });
});
