/** One function of the host: its instances, the code that they run, and what is known of its calls. */

import { join } from 'node:path';
import type { FunctionDeclaration } from '../../build/declarations.ts';
import type { CloudClock } from '../clock.ts';
import type { Proxy } from '../../proxy/read.ts';
import { readCodeState } from './code-state.ts';
import { contextVariables, machineEnvironment, startEnvironment, type CloudIdentity } from './environment.ts';
import { createRecord } from './function-record.ts';
import type { Printed } from './instance-log.ts';
import { startInstance, type Instance } from './instance-process.ts';
import type { KnownPaths } from './known-paths.ts';
import { heapLimitMb } from './memory.ts';
import { createPool, type Pool } from './pool.ts';
import type { ProcessOptions, ProcessStarter } from './process-starter.ts';
import type { ClockReading, ConstantFields } from './protocol.ts';

export interface HostingOptions extends CloudIdentity {
  /** Holds one built folder per function. */
  codeRoot: string;
  /** The function's own variables, placeholders resolved. */
  environment: (declaration: FunctionDeclaration) => Record<string, string>;
  clock: Pick<CloudClock, 'offsetMs' | 'now' | 'isFrozen'>;
  /** Read whenever an instance starts. */
  gatewayUrl: () => string;
  /** The way out of this machine; what a function sees tells it nothing of it. */
  proxy?: Proxy | undefined;
  /** Where functions meet WeChat, whatever address they ask; undefined where it is the real one. */
  sandboxUrl?: string | undefined;
  /** Per function. */
  maxInstances?: number;
  /** How many calls an instance takes at once: 1 on the platform's functions V1, several on V2. */
  callsPerInstance?: number;
  /** How long an instance stays warm without a call. */
  idleMs?: number;
  killOnTimeout?: boolean;
  /** Stops an instance between its calls, as the platform does. */
  freezesIdle?: boolean;
  staleProcessEnv?: boolean;
  /** The Node.js that runs the functions; this process's own when left out. */
  nodePath?: string;
  /** Each line that a function prints, with its name and process before it, and the same in parts. */
  log?: (line: string, parts: LogLine) => void;
  /** Functions that have one instance, with an inspector, from the start on; it may take its time. */
  inspected?: readonly string[];
}

export interface LogLine extends Printed {
  name: string;
}

export interface Crash {
  name: string;
  pid: number;
  message: string;
}

export interface HostedFunction {
  declaration: FunctionDeclaration;
  declared: Record<string, string>;
  readonly pool: Pool;
  readonly record: ReturnType<typeof createRecord>;
  /** Has the next call run the code and the settings as they are now; what keeps them from being read, in one line. */
  renew(): string | undefined;
}

interface Parts extends HostingOptions {
  processes: ProcessStarter;
  packages: KnownPaths;
  onCrash: (crash: Crash) => void;
}

const DEFAULT_MAX_INSTANCES = 64;
const DEFAULT_IDLE_MS = 5 * 60_000;
/** Somebody looks at each line in a debugger. */
const INSPECTED_TIMEOUT_SECONDS = 24 * 3600;

export function createHostedFunction(declaration: FunctionDeclaration, parts: Parts): HostedFunction {
  const { name, reread, directory } = declaration;
  const isInspected = parts.inspected?.includes(name) ?? false;
  let codeState = reread && directory !== undefined ? readCodeState(directory) : undefined;
  const hosted: HostedFunction = {
    declaration,
    declared: parts.environment(declaration),
    record: createRecord(),
    pool: createPool({
      name,
      start: () => startOne(hosted, parts, isInspected),
      maxInstances: isInspected ? 1 : (parts.maxInstances ?? DEFAULT_MAX_INSTANCES),
      callsPerInstance: parts.callsPerInstance ?? 1,
      idleMs: isInspected ? INSPECTED_TIMEOUT_SECONDS * 1000 : (parts.idleMs ?? DEFAULT_IDLE_MS),
    }),
    renew() {
      if (reread === undefined || directory === undefined) return undefined;
      const state = readCodeState(directory);
      if (state === codeState) return undefined;
      try {
        // In place: who holds the declaration, as the permissions do, sees it too.
        Object.assign(declaration, reread());
      } catch (error) {
        return error instanceof Error ? error.message : String(error);
      }
      codeState = state;
      hosted.declared = parts.environment(declaration);
      void hosted.pool.recycle();
      return undefined;
    },
  };
  // He waits for each of its cold calls.
  if (reread !== undefined && !isInspected)
    parts.processes.keepReadyFor(() => processOptions(hosted, parts, false));
  return hosted;
}

/** By default the inspector tells its secret id to whoever asks at its port, and with it anybody runs code here. */
const INSPECTOR_FLAGS = ['--inspect=127.0.0.1:0', '--inspect-publish-uid=stderr'];

function startOne(hosted: HostedFunction, parts: Parts, isInspected: boolean): Instance {
  const { declaration, record } = hosted;
  const { name, handler, timeout, memorySize } = declaration;
  record.counts.coldStarts += 1;
  return startInstance({
    processes: parts.processes,
    packages: parts.packages,
    process: processOptions(hosted, parts, isInspected),
    settings: {
      handler,
      staleProcessEnv: parts.staleProcessEnv ?? false,
      constantFields: constantFields(declaration, parts),
      contextVariables: contextVariables(parts, hosted.declared),
    },
    readClock: () => readClock(parts.clock),
    timeoutSeconds: isInspected ? INSPECTED_TIMEOUT_SECONDS : timeout,
    memorySize,
    killOnTimeout: parts.killOnTimeout ?? true,
    freezesIdle: parts.freezesIdle ?? false,
    log(line, pid) {
      record.keep(line);
      parts.log?.(`[${name} ${pid}] ${line.text}`, { name, ...line });
    },
    onCrash: (message, pid) => parts.onCrash({ name, pid, message }),
  });
}

function constantFields(
  { name, memorySize, timeout }: FunctionDeclaration,
  cloud: CloudIdentity,
): ConstantFields {
  return {
    callbackWaitsForEmptyEventLoop: true,
    memory_limit_in_mb: memorySize,
    time_limit_in_ms: timeout * 1000,
    function_version: '$LATEST',
    function_name: name,
    namespace: cloud.envId,
    tencentcloud_region: cloud.region,
    tencentcloud_appid: '1250000000',
    tencentcloud_uin: '100000000000',
  };
}

function processOptions(
  { declaration, declared }: Pick<HostedFunction, 'declaration' | 'declared'>,
  parts: Parts,
  isInspected: boolean,
): ProcessOptions {
  const { name, memorySize, directory = join(parts.codeRoot, name) } = declaration;
  const environment = startEnvironment({
    cloud: parts,
    functionName: name,
    gatewayUrl: parts.gatewayUrl(),
    directory,
    declared,
  });
  return {
    nodePath: parts.nodePath ?? process.execPath,
    flags: [`--max-old-space-size=${heapLimitMb(memorySize)}`, ...(isInspected ? INSPECTOR_FLAGS : [])],
    environment: { ...machineEnvironment(parts.proxy, parts.sandboxUrl), ...environment },
    directory,
  };
}

function readClock(clock: HostingOptions['clock']): ClockReading {
  const offsetMs = clock.offsetMs();
  return clock.isFrozen() ? { offsetMs, frozenAtMs: clock.now() } : { offsetMs };
}
