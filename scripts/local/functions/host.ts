/** Runs the built functions the way the platform does; everything that calls a function comes through `invoke`. */

import { randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundle } from '../../build/bundle.ts';
import { PACKAGE_FOLDER } from '../../command/folders.ts';
import type { FunctionDeclaration } from '../../build/declarations.ts';
import type { CloudClock } from '../clock.ts';
import { describeCaller, type Caller, type CallerContext } from './caller-context.ts';
import {
  apiTokenOf,
  callEnvironment,
  contextEnvironment,
  machineEnvironment,
  startEnvironment,
  type CloudIdentity,
} from './environment.ts';
import type { Proxy } from '../../proxy/read.ts';
import { MAX_PAYLOAD_BYTES, notFound, tooLarge, type Failure } from './failure.ts';
import { startInstance, type Outcome } from './instance-process.ts';
import { createPool, type InstanceInfo, type Pool } from './pool.ts';
import type { Call, ClockReading, ContextFields } from './protocol.ts';

export interface FunctionHostOptions extends CloudIdentity {
  functions: readonly FunctionDeclaration[];
  /** Holds one built folder per function. */
  codeRoot: string;
  /** The function's own variables, placeholders resolved. */
  environment: (declaration: FunctionDeclaration) => Record<string, string>;
  clock: Pick<CloudClock, 'offsetMs' | 'now' | 'isFrozen'>;
  /** Read whenever an instance starts. */
  gatewayUrl: () => string;
  /** The mini program bound to the environment, for callers that name none. */
  appid?: string;
  /** The way out of this machine; what a function sees tells it nothing of it. */
  proxy?: Proxy | undefined;
  /** Per function. */
  maxInstances?: number;
  /** How many calls an instance takes at once: 1 on the platform's functions V1, several on V2. */
  callsPerInstance?: number;
  /** What the platform does to the keys and the event of a call; for a platform that differs from what is known. */
  alterCall?: (caller: Caller, described: CallerContext) => CallerContext;
  /** How long an instance stays warm without a call. */
  idleMs?: number;
  killOnTimeout?: boolean;
  /** Stops an instance between its calls, as the platform does. */
  freezesIdle?: boolean;
  staleProcessEnv?: boolean;
  /** The Node.js that runs the functions; this process's own when left out. */
  nodePath?: string;
  log?: (line: string) => void;
}

interface Invocation {
  name: string;
  event?: unknown;
  caller: Caller;
}

type InvocationOutcome = { result: unknown } | { failure: Failure };

interface Crash {
  name: string;
  pid: number;
  message: string;
}

export interface FunctionHost {
  invoke(invocation: Invocation): Promise<InvocationOutcome>;
  instances(name: string): InstanceInfo[];
  /** The last errors that no code of a function caught; a healthy function has none. */
  crashes(): readonly Crash[];
  recycle(name: string): Promise<void>;
  close(): Promise<void>;
}

const DEFAULT_MAX_INSTANCES = 64;
const DEFAULT_IDLE_MS = 5 * 60_000;
const MAX_CRASHES_KEPT = 100;

export async function startFunctionHost(options: FunctionHostOptions): Promise<FunctionHost> {
  const runner = await writeRunner();
  const crashes: Crash[] = [];
  const functions = new Map<
    string,
    { declaration: FunctionDeclaration; declared: Record<string, string>; pool: Pool }
  >();
  for (const declaration of options.functions) {
    const declared = options.environment(declaration);
    const pool = createFunctionPool(options, { declaration, declared, runnerPath: runner.path, crashes });
    functions.set(declaration.name, { declaration, declared, pool });
  }
  return {
    async invoke({ name, event, caller }) {
      const found = functions.get(name);
      if (found === undefined) return { failure: notFound(name) };
      const call = prepareCall(options, found, { event, caller });
      if ('failure' in call) return call;
      return toOutcome(await found.pool.run(call));
    },
    instances: (name) => functions.get(name)?.pool.instances() ?? [],
    crashes: () => crashes,
    recycle: async (name) => functions.get(name)?.pool.recycle(),
    async close() {
      await Promise.all([...functions.values()].map(({ pool }) => pool.close()));
      await runner.remove();
    },
  };
}

interface PoolParts {
  declaration: FunctionDeclaration;
  declared: Record<string, string>;
  runnerPath: string;
  crashes: Crash[];
}

function createFunctionPool(options: FunctionHostOptions, parts: PoolParts): Pool {
  const { declaration, declared, runnerPath, crashes } = parts;
  const { name, handler, timeout } = declaration;
  const directory = declaration.directory ?? join(options.codeRoot, name);
  const start = () =>
    startInstance({
      runnerPath,
      nodePath: options.nodePath ?? process.execPath,
      settings: { directory, handler, staleProcessEnv: options.staleProcessEnv ?? false },
      environment: {
        ...machineEnvironment(options.proxy),
        ...startEnvironment({
          cloud: options,
          functionName: name,
          gatewayUrl: options.gatewayUrl(),
          directory,
          declared,
        }),
      },
      readClock: () => readClock(options.clock),
      timeoutSeconds: timeout,
      killOnTimeout: options.killOnTimeout ?? true,
      freezesIdle: options.freezesIdle ?? false,
      log: (line, pid) => options.log?.(`[${name} ${pid}] ${line}`),
      onCrash(message, pid) {
        crashes.push({ name, pid, message });
        if (crashes.length > MAX_CRASHES_KEPT) crashes.shift();
      },
    });
  return createPool({
    name,
    start,
    maxInstances: options.maxInstances ?? DEFAULT_MAX_INSTANCES,
    callsPerInstance: options.callsPerInstance ?? 1,
    idleMs: options.idleMs ?? DEFAULT_IDLE_MS,
  });
}

function prepareCall(
  options: FunctionHostOptions,
  { declaration, declared }: { declaration: FunctionDeclaration; declared: Record<string, string> },
  { event = {}, caller }: { event: unknown; caller: Caller },
): Call | { failure: Failure } {
  const usual = describeCaller(caller, event, options.appid ?? 'wx0000000000local');
  const described = options.alterCall?.(caller, usual) ?? usual;
  const eventJson = JSON.stringify(described.event) ?? '{}';
  const bytes = Buffer.byteLength(eventJson);
  if (bytes > MAX_PAYLOAD_BYTES) return { failure: tooLarge('event', bytes) };
  const requestId = randomUUID();
  const { keys } = described;
  if ('WX_API_TOKEN' in keys) keys['WX_API_TOKEN'] = apiTokenOf(declaration.name);
  const callKeys = callEnvironment(options.envId, requestId, keys);
  const context: ContextFields = {
    callbackWaitsForEmptyEventLoop: true,
    memory_limit_in_mb: declaration.memorySize,
    time_limit_in_ms: declaration.timeout * 1000,
    request_id: requestId,
    ...contextEnvironment(options, declared, callKeys),
    function_version: '$LATEST',
    function_name: declaration.name,
    namespace: options.envId,
    tencentcloud_region: options.region,
    tencentcloud_appid: '1250000000',
    tencentcloud_uin: '100000000000',
  };
  return { eventJson, context, callKeys };
}

function toOutcome(outcome: Outcome): InvocationOutcome {
  if ('failure' in outcome) return outcome;
  const bytes = Buffer.byteLength(outcome.resultJson);
  if (bytes > MAX_PAYLOAD_BYTES) return { failure: tooLarge('result', bytes) };
  return { result: JSON.parse(outcome.resultJson) as unknown };
}

function readClock(clock: FunctionHostOptions['clock']): ClockReading {
  const offsetMs = clock.offsetMs();
  return clock.isFrozen() ? { offsetMs, frozenAtMs: clock.now() } : { offsetMs };
}

/** Instances run a bundle of `instance.ts`: starting each of them through a TypeScript loader would cost half a second. */
async function writeRunner(): Promise<{ path: string; remove: () => Promise<void> }> {
  const directory = await mkdtemp(join(tmpdir(), 'cloudbase-function-host-'));
  const path = join(directory, 'instance.js');
  await writeFile(join(directory, 'package.json'), '{"type":"commonjs"}');
  const folder = join(PACKAGE_FOLDER, 'scripts/local/functions');
  await writeFile(path, await bundle(join(folder, 'instance.ts'), folder));
  return { path, remove: () => rm(directory, { recursive: true, force: true }) };
}
