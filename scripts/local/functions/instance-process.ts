/** One instance as the host sees it: a child process that runs its calls within the declared timeout. */

import { clearInterval, clearTimeout, setInterval, setTimeout } from 'node:timers';
import { executeFail, outOfMemory, timedOut, type Failure } from './failure.ts';
import { readOutput, type Printed } from './instance-log.ts';
import { isOutOfMemory } from './memory.ts';
import type { KnownPaths } from './known-paths.ts';
import type { ProcessOptions, ProcessStarter } from './process-starter.ts';
import type { Call, ClockReading, HostMessage, InstanceMessage, InstanceSettings } from './protocol.ts';

export type InstanceState = 'starting' | 'idle' | 'busy' | 'overdue' | 'gone';
export type Outcome = { resultJson: string } | { failure: Failure };

export interface Instance {
  readonly pid: number;
  state(): InstanceState;
  /** Calls that it has not answered yet. */
  running(): number;
  invocations(): number;
  run(call: Call): Promise<Outcome>;
  kill(): void;
  /** Settles when the process has ended. */
  readonly gone: Promise<void>;
}

export interface InstanceOptions {
  processes: ProcessStarter;
  process: ProcessOptions;
  packages: KnownPaths;
  settings: Omit<InstanceSettings, 'clock' | 'directory' | 'packages'>;
  readClock: () => ClockReading;
  timeoutSeconds: number;
  /** Megabytes. */
  memorySize: number;
  /** False leaves a timed-out process running (`overdue`), so that it can wake up late. */
  killOnTimeout: boolean;
  /** Stopped while it has nothing to do. */
  freezesIdle: boolean;
  log: (line: Printed, pid: number) => void;
  onCrash: (message: string, pid: number) => void;
}

/** SCF gives code this long to load before the function's own timeout starts to count. */
const START_TIMEOUT_MS = 65_000;
const CLOCK_CHECK_MS = 50;
/** Without a frozen clock two readings differ by scheduling noise only. */
const CLOCK_TOLERANCE_MS = 200;

interface Pending {
  call: Call;
  settle(outcome: Outcome): void;
  deadline?: NodeJS.Timeout;
}

export function startInstance(options: InstanceOptions): Instance {
  let state: InstanceState = 'starting';
  const pending = new Map<number, Pending>();
  let invocations = 0;
  let told = options.readClock();
  const { directory, environment } = options.process;
  const child = options.processes.start(options.process);
  const pid = child.pid ?? 0;
  const say = (text: string, callId = ''): void => options.log({ text, callId }, pid);
  /** Said when all that the instance has printed is read. */
  const cutShort: [callId: string, message: string][] = [];
  let isTooBig = false;
  readOutput(child, options.memorySize, (line) => options.log(line, pid));
  const startDeadline = setTimeout(() => {
    kill();
    breakOff(executeFail(`function code did not load within ${START_TIMEOUT_MS} ms`));
  }, START_TIMEOUT_MS);

  const clockCheck = setInterval(() => {
    if (state === 'busy' && isOutOfMemory(pid, options.memorySize)) {
      isTooBig = true;
      return kill();
    }
    const current = options.readClock();
    if (state === 'idle' || state === 'starting' || isSameTime(told, current)) return;
    told = current;
    send({ kind: 'clock', clock: current });
  }, CLOCK_CHECK_MS);
  clockCheck.unref();

  child.on('message', (message: InstanceMessage) => receive(message));
  if (child.pid !== undefined)
    send({
      kind: 'begin',
      settings: { ...options.settings, directory, clock: told, packages: options.packages.of(directory) },
      environment,
    });
  const gone = new Promise<void>((resolve) => {
    child.once('close', () => {
      for (const [callId, message] of cutShort) say(`Report RequestId:${callId} failed: ${message}`, callId);
      resolve();
    });
    child.once('exit', (code, signal) => end(causeOfEnd(code, signal)));
    child.on('error', (error) => {
      say(`instance: ${error.message}`);
      if (child.pid !== undefined) return;
      // Never started (a missing folder, no memory): there will be no `exit`.
      end(executeFail(`function process did not start: ${error.message}; has the function been built?`));
      resolve();
    });
  });

  return {
    pid,
    gone,
    state: () => state,
    running: () => pending.size,
    invocations: () => invocations,
    kill,
    run: (call) =>
      new Promise((settle) => {
        const id = (invocations += 1);
        pending.set(id, { call, settle });
        if (state === 'idle' || state === 'busy') dispatch(id);
        else if (state !== 'starting')
          finish(id, { failure: executeFail('function process exited before the call') });
      }),
  };

  /** V8 aborts when its heap is full. */
  function causeOfEnd(code: number | null, signal: NodeJS.Signals | null): Failure {
    if (isTooBig || signal === 'SIGABRT') return outOfMemory(options.memorySize);
    const how = signal ?? `code ${code}`;
    const why = signal === null ? ': it has called process.exit, which a cloud function must not' : '';
    return executeFail(`function process exited (${how}) before the call ended${why}`);
  }

  function receive(message: InstanceMessage): void {
    if (message.kind === 'ready') {
      if (state !== 'starting') return;
      clearTimeout(startDeadline);
      options.packages.keep(message.packages);
      state = 'idle';
      for (const id of pending.keys()) dispatch(id);
    } else if (message.kind === 'crash') {
      options.packages.forget(directory);
      options.onCrash(message.message, pid);
      breakOff(executeFail(message.message));
      kill();
    } else if (pending.has(message.id) && state === 'busy') {
      if (pending.size === 1) rest();
      finish(
        message.id,
        message.kind === 'result'
          ? { resultJson: message.resultJson }
          : { failure: executeFail(message.message) },
      );
    } else {
      say('instance: answered after its timeout; the answer is dropped');
      kill();
    }
  }

  function dispatch(id: number): void {
    const entry = pending.get(id);
    if (entry === undefined) return;
    if (options.freezesIdle && state === 'idle') child.kill('SIGCONT');
    state = 'busy';
    told = options.readClock();
    send({ kind: 'invoke', id, call: entry.call, clock: told });
    // Real time, whatever the cloud's clock says.
    entry.deadline = setTimeout(() => {
      if (options.killOnTimeout) kill();
      else state = 'overdue';
      breakOff(timedOut(options.timeoutSeconds), [id]);
    }, options.timeoutSeconds * 1000);
  }

  function rest(): void {
    state = 'idle';
    if (options.freezesIdle) child.kill('SIGSTOP');
  }

  function finish(id: number, outcome: Outcome): void {
    const entry = pending.get(id);
    clearTimeout(entry?.deadline);
    pending.delete(id);
    entry?.settle(outcome);
  }

  /** Of calls that the instance itself says nothing of any more. */
  function breakOff(failure: Failure, ids: Iterable<number> = pending.keys()): void {
    for (const id of ids) {
      cutShort.push([pending.get(id)?.call.requestId ?? '', failure.message]);
      finish(id, { failure });
    }
  }

  function end(failure: Failure): void {
    state = 'gone';
    clearInterval(clockCheck);
    clearTimeout(startDeadline);
    breakOff(failure);
  }

  function kill(): void {
    state = 'gone';
    // SIGKILL ends a stopped process, too; nothing gentler does.
    child.kill('SIGKILL');
  }

  function send(message: HostMessage): void {
    if (child.connected) child.send(message);
  }
}

function isSameTime(told: ClockReading, current: ClockReading): boolean {
  if (told.frozenAtMs !== current.frozenAtMs) return false;
  return current.frozenAtMs !== undefined || Math.abs(told.offsetMs - current.offsetMs) < CLOCK_TOLERANCE_MS;
}
