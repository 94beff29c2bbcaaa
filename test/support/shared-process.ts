/**
 * Commands as a user types them, one after the other in one process, over all files of a worker: the bundle that every
 * command runs is loaded once, with all that it imports. Where the process itself is the subject (signals, standard
 * input, colours, what is looked up before a start), a test runs one of its own: `run` in command.ts.
 */

import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, vi } from 'vitest';
import { ROOT } from './root.ts';
import { commandEnv, type Run } from './command.ts';

interface SharedRun extends Run {
  out: string;
  err: string;
}

type RunShared = (
  command: string,
  flags?: readonly string[],
  env?: Record<string, string>,
) => Promise<SharedRun>;

interface Options {
  /** The clone whose commands they are. */
  folder?: string;
  /** What each command finds in its environment; the process starts with that of the first. */
  env?: NodeJS.ProcessEnv;
  execArgv?: string[];
}

/** A command takes as long as it takes on a machine that is busy. */
const PATIENCE_MS = 300_000;

/** For the next file of the worker, with which they end: one here, and one in a clone. */
const waiting = new Map<string, ChildProcess>();

/** For all tests of a file; the process begins with the first command, unless an earlier file has left one like it. */
export function shareProcess(options: Options = {}): RunShared {
  const env = options.env ?? commandEnv({ HOME: tmpdir(), TCB_ENV_ID: 'no such id!' });
  vi.setConfig({ testTimeout: PATIENCE_MS, hookTimeout: PATIENCE_MS });
  const { folder = ROOT } = options;
  const isForFileAlone = Object.keys(options.env ?? {}).length > 0 || options.execArgv !== undefined;
  let child: ChildProcess | undefined;
  let last: Promise<unknown> = Promise.resolve();
  afterAll(async () => {
    vi.resetConfig();
    if (child?.connected !== true) return;
    const isAtWork = child.listenerCount('message') > 0;
    if (isForFileAlone || isAtWork) await end(child);
    else waiting.set(folder, child);
  });
  return (command, flags = [], own = {}) => {
    const given = { ...env, ...own };
    const running = (child ??=
      (isForFileAlone ? undefined : take(folder)) ?? begin({ ...options, env: given }));
    const turn = last.then(() => ask(running, [...command.split(' '), ...flags], given));
    last = turn.catch(() => undefined);
    return turn;
  };
}

function begin({ folder = ROOT, env, execArgv = [] }: Options): ChildProcess {
  const file = join(import.meta.dirname, 'shared-process.cjs');
  return fork(file, [folder], { cwd: folder, env, execArgv, silent: true });
}

function take(folder: string): ChildProcess | undefined {
  const left = waiting.get(folder);
  waiting.delete(folder);
  return left?.connected === true ? left : undefined;
}

async function end(child: ChildProcess): Promise<void> {
  const ended = once(child, 'exit');
  child.disconnect();
  await ended;
}

let asked = 0;

function ask(child: ChildProcess, args: readonly string[], env: NodeJS.ProcessEnv): Promise<SharedRun> {
  const id = ++asked;
  return new Promise((resolve, reject) => {
    const settle = (): void => void child.off('message', hear).off('exit', fail);
    const hear = ({ id: answered, ...run }: SharedRun & { id: number }): void => {
      if (answered !== id) return;
      settle();
      resolve(run);
    };
    const fail = (code: number | null): void => {
      settle();
      reject(new Error(`the shared process ended with ${code} in ${args.join(' ')}`));
    };
    child.on('message', hear).on('exit', fail);
    child.send({ id, args, env });
  });
}
