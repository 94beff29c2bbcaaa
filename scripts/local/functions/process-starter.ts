/**
 * Starts the processes of instances. One is kept ready for the next function of the user, with what SDKs need of
 * Node.js and without any other code: he waits for each cold call, and that takes longer than loading most functions.
 */

import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { HostMessage } from './protocol.ts';

export interface ProcessOptions {
  nodePath: string;
  /** Of Node.js itself. */
  flags: readonly string[];
  /** All of it, the function's own variables included. */
  environment: Record<string, string>;
  directory: string;
}

export interface ProcessStarter {
  /** The process waits for the message `begin`. */
  start(options: ProcessOptions): ChildProcess;
  /** From now on a process is kept ready that `start` can use for such options, or others like them. */
  keepReadyFor(read: () => ProcessOptions): void;
  close(): Promise<void>;
}

/** Read by Node.js when it starts, and never again. */
const READ_AT_START = /^(?:NODE_.*|TZ|LANG|LC_.*|SSL_.*|OPENSSL_.*)$/;
/** The cloud itself starts meanwhile. */
const PAUSE_MS = 500;

export function createProcessStarter(runnerPath: string): ProcessStarter {
  let read: (() => ProcessOptions) | undefined;
  let ready: { kind: string; child: ChildProcess } | undefined;
  let pause: NodeJS.Timeout | undefined;
  let isClosed = false;
  return {
    start(options) {
      const taken = ready?.kind === kindOf(options) ? ready.child : undefined;
      if (taken !== undefined) forget();
      taken?.off('exit', forget).off('error', forget);
      const child = taken ?? startOne(options);
      // Once it has loaded its code, with which the next one would compete.
      child.once('message', makeReady);
      return child;
    },
    keepReadyFor(next) {
      read ??= next;
      pause ??= setTimeout(makeReady, PAUSE_MS);
    },
    async close() {
      isClosed = true;
      clearTimeout(pause);
      if (ready === undefined) return;
      const gone = once(ready.child, 'exit');
      ready.child.kill('SIGKILL');
      await gone;
    },
  };

  function makeReady(): void {
    if (read === undefined || ready !== undefined || isClosed) return;
    const wanted = read();
    const child = startOne({
      ...wanted,
      environment: readAtStart(wanted.environment),
      directory: process.cwd(),
    });
    if (child.pid !== undefined) child.send({ kind: 'prepare' } satisfies HostMessage);
    ready = { kind: kindOf(wanted), child };
    // Where the machine has no room for one more, the next call says so.
    child.on('exit', forget).on('error', forget);
  }

  function forget(): void {
    ready = undefined;
  }

  function startOne({ nodePath, flags, environment, directory }: ProcessOptions): ChildProcess {
    return fork(runnerPath, {
      cwd: directory,
      execPath: nodePath,
      env: environment,
      execArgv: [...flags],
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
  }
}

function kindOf({ nodePath, flags, environment }: ProcessOptions): string {
  const read = Object.entries(readAtStart(environment)).map(([key, value]) => `${key}=${value}`);
  return JSON.stringify([nodePath, flags, read.toSorted()]);
}

function readAtStart(environment: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(environment).filter(([key]) => READ_AT_START.test(key)));
}
