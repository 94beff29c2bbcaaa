/** The instances of one function: warm ones first, more when all are busy, none for ever. */

import { tooManyWaiting } from './failure.ts';
import type { Instance, InstanceState, Outcome } from './instance-process.ts';
import type { Call } from './protocol.ts';

export interface InstanceInfo {
  pid: number;
  state: InstanceState;
  /** Calls so far, the running one included. */
  invocations: number;
}

export interface Pool {
  run(call: Call): Promise<Outcome>;
  instances(): InstanceInfo[];
  /** Starts the first instance before there is a call. */
  prepare(): void;
  /** Ends the idle instances now and the others after their call, as a deployment does. */
  recycle(): Promise<void>;
  close(): Promise<void>;
}

interface PoolOptions {
  name: string;
  start: () => Instance;
  maxInstances: number;
  /** Functions V1 run one call at a time in an instance; V2 runs several. */
  callsPerInstance: number;
  idleMs: number;
}

/** The platform refuses instead of queueing; a queue makes a local burst slow instead of wrong. */
const MAX_WAITING = 1000;

export function createPool({ name, start, maxInstances, callsPerInstance, idleMs }: PoolOptions): Pool {
  const all = new Set<Instance>();
  /** The most recently used last. */
  const idle: Instance[] = [];
  const retired = new WeakSet<Instance>();
  const waiting: { call: Call; settle(outcome: Outcome): void }[] = [];
  let closed = false;

  return {
    run: (call) =>
      new Promise((settle) => {
        if (waiting.length >= MAX_WAITING) {
          settle({ failure: tooManyWaiting(name, MAX_WAITING, maxInstances) });
          return;
        }
        waiting.push({ call, settle });
        assign();
      }),
    instances: () =>
      [...all].map((instance) => ({
        pid: instance.pid,
        state: instance.state(),
        invocations: instance.invocations(),
      })),
    prepare() {
      const instance = all.size === 0 ? startAnother() : undefined;
      if (instance !== undefined) idle.push(instance);
    },
    async recycle() {
      const resting = idle.splice(0);
      for (const instance of all) retired.add(instance);
      await Promise.all(resting.map(end));
    },
    async close() {
      closed = true;
      for (const { settle } of waiting.splice(0)) {
        settle({ failure: { code: 'FUNCTIONS_EXECUTE_FAIL', message: 'the function host was closed' } });
      }
      await Promise.all([...all].map(end));
    },
  };

  function assign(): void {
    if (closed) return;
    while (waiting.length > 0) {
      const instance = takeIdle() ?? findRoom() ?? startAnother();
      if (instance === undefined) return;
      const next = waiting.shift();
      if (next !== undefined) void serve(instance, next.call, next.settle);
    }
  }

  async function serve(instance: Instance, call: Call, settle: (outcome: Outcome) => void): Promise<void> {
    const outcome = await instance.run(call);
    // Before the caller knows: its next call is to find this instance warm.
    if (instance.state() === 'idle') shelve(instance);
    settle(outcome);
    assign();
  }

  function takeIdle(): Instance | undefined {
    for (let instance = idle.pop(); instance !== undefined; instance = idle.pop()) {
      if (instance.state() === 'idle' || instance.state() === 'starting') return instance;
    }
    return undefined;
  }

  /** One that is at work, and may take another call beside it. */
  function findRoom(): Instance | undefined {
    if (callsPerInstance === 1) return undefined;
    return [...all].find(
      (instance) =>
        instance.running() < callsPerInstance &&
        !retired.has(instance) &&
        (instance.state() === 'busy' || instance.state() === 'starting'),
    );
  }

  function startAnother(): Instance | undefined {
    if (all.size >= maxInstances) return undefined;
    const instance = start();
    all.add(instance);
    void forget(instance);
    return instance;
  }

  async function forget(instance: Instance): Promise<void> {
    await instance.gone;
    all.delete(instance);
    assign();
  }

  function shelve(instance: Instance): void {
    if (retired.has(instance) || closed) {
      instance.kill();
      return;
    }
    idle.push(instance);
    const callsNow = instance.invocations();
    const reap = (): void => {
      // A later call means a later timer is responsible.
      if (instance.state() === 'idle' && instance.invocations() === callsNow) instance.kill();
    };
    setTimeout(reap, idleMs).unref();
  }

  function end(instance: Instance): Promise<void> {
    instance.kill();
    return instance.gone;
  }
}
