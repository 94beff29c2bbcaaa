import { describe, expect, test, vi } from 'vitest';
import type { FunctionHost } from '../../../scripts/local/functions/host.ts';
import { borrowTestHost, CLIENT, declare, probe, soon, startTestHost } from './test-host.ts';

interface Slept {
  pid: number;
  running: number;
}

describe('instances', () => {
  test('a second call of an idle function runs in the warm instance', async () => {
    const host = await startTestHost();
    const first = await probe<Slept>(host);
    const second = await probe<Slept>(host);
    expect(second.pid).toBe(first.pid);
    expect(host.instances('probe')).toEqual([{ pid: first.pid, state: 'idle', invocations: 2 }]);
    expect(first.pid).not.toBe(process.pid);
  });

  test('two calls at once run in two processes, one call in each', async () => {
    const host = await borrowTestHost();
    const calls = [1, 2].map(() => probe<Slept>(host, { do: 'sleep', ms: 300 }));
    const [first, second] = await Promise.all(calls);
    expect(first?.pid).not.toBe(second?.pid);
    expect([first?.running, second?.running]).toEqual([1, 1]);
    const pids = host.instances('probe').map(({ pid }) => pid);
    expect(pids).toEqual(expect.arrayContaining([first?.pid, second?.pid]));
  });

  test('the instance used last is the first to be used again', async () => {
    const host = await borrowTestHost();
    const slow = probe<Slept>(host, { do: 'sleep', ms: 600 });
    await probe<Slept>(host, { do: 'sleep', ms: 1 });
    const { pid } = await slow;
    expect((await probe<Slept>(host)).pid).toBe(pid);
    expect((await probe<Slept>(host)).pid).toBe(pid);
  });

  test('at the instance limit calls wait for their turn, never two in one instance', async () => {
    const host = await borrowTestHost({ maxInstances: 1 });
    const calls = [1, 2, 3].map(() => probe<Slept>(host, { do: 'sleep', ms: 30 }));
    const results = await Promise.all(calls);
    expect(new Set(results.map(({ pid }) => pid)).size).toBe(1);
    expect(results.map(({ running }) => running)).toEqual([1, 1, 1]);
  });

  test('beyond 1000 waiting calls the next is refused with the reason', async () => {
    const host = await borrowTestHost({ maxInstances: 1 });
    const waiting = Array.from({ length: 1001 }, () => probe(host, { do: 'sleep', ms: 1 }));
    const refused = await host.invoke({ name: 'probe', caller: CLIENT });
    expect(refused).toMatchObject({ failure: { message: expect.stringContaining('1000 calls of probe') } });
    await expect(Promise.all(waiting)).resolves.toHaveLength(1001);
  });

  test('an instance without work ends after the idle time', async () => {
    const host = await startTestHost({ idleMs: 50 });
    const { pid } = await probe<Slept>(host);
    await soon(() => expect(host.instances('probe')).toEqual([]));
    expect(isAlive(pid)).toBe(false);
  });

  test('recycling ends idle instances at once and busy ones after their call', async () => {
    const host = await borrowTestHost();
    const busy = probe<Slept>(host, { do: 'sleep', ms: 500 });
    const { pid: idlePid } = await probe<Slept>(host);
    await host.recycle('probe');
    expect(isAlive(idlePid)).toBe(false);
    const { pid } = await busy;
    await soon(() => expect(host.instances('probe')).toEqual([]));
    expect((await probe<Slept>(host)).pid).not.toBe(pid);
  });

  test('closing ends every instance and fails the calls in them', async () => {
    const host = await startTestHost();
    const pending = host.invoke({ name: 'probe', event: { do: 'sleep', ms: 9000 }, caller: CLIENT });
    const pid = await busyPid(host);
    await host.close();
    expect(await pending).toMatchObject({ failure: { code: 'FUNCTIONS_EXECUTE_FAIL' } });
    expect(isAlive(pid)).toBe(false);
  });
});

describe('instances in trouble', () => {
  test('killing an instance fails the call in it and no other', async () => {
    const host = await borrowTestHost();
    const victim = host.invoke({ name: 'probe', event: { do: 'sleep', ms: 9000 }, caller: CLIENT });
    const pid = await busyPid(host);
    const bystander = probe<Slept>(host, { do: 'sleep', ms: 400 });
    process.kill(pid, 'SIGKILL');
    expect(await victim).toEqual({
      failure: {
        code: 'FUNCTIONS_EXECUTE_FAIL',
        message: 'function process exited (SIGKILL) before the call ended',
      },
    });
    expect((await bystander).pid).not.toBe(pid);
    expect(host.crashes()).toEqual([]);
  });

  test('at the instance limit a dead instance makes room for the call that waits', async () => {
    const host = await borrowTestHost({ maxInstances: 1 });
    const victim = host.invoke({ name: 'probe', event: { do: 'sleep', ms: 9000 }, caller: CLIENT });
    const pid = await busyPid(host);
    const waiting = probe<Slept>(host);
    process.kill(pid, 'SIGKILL');
    expect(await victim).toHaveProperty('failure');
    expect((await waiting).pid).not.toBe(pid);
  });

  test('a call over the declared timeout fails with the platform text, and its process ends', async () => {
    const host = await startTestHost({}, 1);
    const outcome = await host.invoke({ name: 'probe', event: { do: 'sleep', ms: 9000 }, caller: CLIENT });
    expect(outcome).toEqual({
      failure: { code: 'FUNCTIONS_TIME_LIMIT_EXCEEDED', message: 'Invoking task timed out after 1 seconds' },
    });
    await soon(() => expect(host.instances('probe')).toEqual([]));
  });

  test('a stopped process times out as well', async () => {
    const host = await startTestHost({}, 1);
    const { pid } = await probe<Slept>(host);
    process.kill(pid, 'SIGSTOP');
    const outcome = await host.invoke({ name: 'probe', caller: CLIENT });
    expect(outcome).toMatchObject({ failure: { code: 'FUNCTIONS_TIME_LIMIT_EXCEEDED' } });
    await soon(() => expect(isAlive(pid)).toBe(false));
  });

  test('without killOnTimeout a stopped process can wake up late; its answer is dropped', async () => {
    const lines: string[] = [];
    const host = await startTestHost({ killOnTimeout: false, log: (line) => lines.push(line) }, 1);
    const { pid } = await probe<Slept>(host);
    const call = host.invoke({ name: 'probe', event: { do: 'sleep', ms: 700 }, caller: CLIENT });
    await soon(() => expect(host.instances('probe')[0]?.state).toBe('busy'));
    process.kill(pid, 'SIGSTOP');
    expect(await call).toMatchObject({ failure: { code: 'FUNCTIONS_TIME_LIMIT_EXCEEDED' } });
    expect(host.instances('probe')).toEqual([{ pid, state: 'overdue', invocations: 2 }]);
    expect((await probe<Slept>(host)).pid).not.toBe(pid);
    process.kill(pid, 'SIGCONT');
    await soon(() => expect(lines.join('\n')).toContain('answered after its timeout'));
    await soon(() => expect(host.instances('probe').map((instance) => instance.pid)).not.toContain(pid));
  });

  test('an unhandled rejection fails the running call, ends the instance and is counted', async () => {
    const lines: string[] = [];
    const host = await startTestHost({ log: (line) => lines.push(line) });
    const outcome = await host.invoke({ name: 'probe', event: { do: 'rejectUnseen' }, caller: CLIENT });
    expect(outcome).toMatchObject({
      failure: { code: 'FUNCTIONS_EXECUTE_FAIL', message: 'unhandledRejection: Error: nobody looks' },
    });
    expect(host.crashes()).toMatchObject([
      { name: 'probe', message: 'unhandledRejection: Error: nobody looks' },
    ]);
    await soon(() => expect(lines.join('\n')).toMatch(/^\[probe \d+\] unhandledRejection: Error: nobody/m));
    await soon(() => expect(host.instances('probe')).toEqual([]));
  });

  test('an unhandled rejection after the answer is counted, and the next call gets a new instance', async () => {
    const host = await borrowTestHost();
    expect(await probe(host, { do: 'rejectAfterwards' })).toBe('answered');
    await soon(() => expect(host.crashes()).toHaveLength(1));
    expect(await probe(host)).toHaveProperty('pid');
  });

  test('code that fails to load fails every call with its reason', async () => {
    const host = await borrowTestHost();
    const outcome = await host.invoke({ name: 'broken', caller: CLIENT });
    expect(outcome).toMatchObject({
      failure: { message: expect.stringContaining('RangeError: no luck at load') },
    });
  });

  test('a function that was never built fails with the advice to build it', async () => {
    const host = await startTestHost({ functions: [declare('ghost', 1)] });
    const outcome = await host.invoke({ name: 'ghost', caller: CLIENT });
    expect(outcome).toMatchObject({
      failure: { message: expect.stringContaining('has the function been built?') },
    });
    await soon(() => expect(host.instances('ghost')).toEqual([]));
  });
});

/** Of the instance that is at work, as soon as there is one. */
function busyPid(host: FunctionHost): Promise<number> {
  return vi.waitUntil(() => host.instances('probe').find(({ state }) => state === 'busy')?.pid, {
    timeout: 15_000,
    interval: 20,
  });
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
