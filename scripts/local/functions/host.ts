/** Runs the built functions the way the platform does; everything that calls a function comes through `invoke`. */

import { randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundle } from '../../build/bundle.ts';
import { ready, type Made } from '../../build/ready.ts';
import { PACKAGE_FOLDER } from '../../command/folders.ts';
import type { FunctionDeclaration } from '../../build/declarations.ts';
import { describeCaller, type Caller, type CallerContext } from './caller-context.ts';
import { apiTokenOf, callEnvironment } from './environment.ts';
import { executeFail, MAX_PAYLOAD_BYTES, notFound, tooLarge, type Failure } from './failure.ts';
import type { FunctionRecord } from './function-record.ts';
import {
  createHostedFunction,
  type Crash,
  type HostedFunction,
  type HostingOptions,
} from './hosted-function.ts';
import type { Outcome } from './instance-process.ts';
import type { InstanceInfo } from './pool.ts';
import { createKnownPaths } from './known-paths.ts';
import { createProcessStarter } from './process-starter.ts';
import type { Call } from './protocol.ts';

export interface FunctionHostOptions extends HostingOptions {
  functions: readonly FunctionDeclaration[];
  /** The mini program bound to the environment, for callers that name none. */
  appid?: string;
  /** What the platform does to the keys and the event of a call; for a platform that differs from what is known. */
  alterCall?: (caller: Caller, described: CallerContext) => CallerContext;
}

interface Invocation {
  name: string;
  event?: unknown;
  caller: Caller;
}

type InvocationOutcome = { result: unknown } | { failure: Failure };

export interface FunctionHost {
  invoke(invocation: Invocation): Promise<InvocationOutcome>;
  instances(name: string): InstanceInfo[];
  /** The last errors that no code of a function caught; a healthy function has none. */
  crashes(): readonly Crash[];
  /** Undefined when there is no such function. */
  record(name: string): FunctionRecord | undefined;
  recycle(name: string): Promise<void>;
  close(): Promise<void>;
}

const MAX_CRASHES_KEPT = 100;

export async function startFunctionHost(options: FunctionHostOptions): Promise<FunctionHost> {
  const runner = await writeRunner();
  const processes = createProcessStarter(runner.path);
  const packages = createKnownPaths();
  const crashes: Crash[] = [];
  const onCrash = (crash: Crash): void => {
    crashes.push(crash);
    if (crashes.length > MAX_CRASHES_KEPT) crashes.shift();
  };
  const functions = new Map(
    options.functions.map((declaration) => {
      const hosted = createHostedFunction(declaration, { ...options, processes, packages, onCrash });
      return [declaration.name, hosted];
    }),
  );
  for (const name of options.inspected ?? []) functions.get(name)?.pool.prepare();
  return {
    async invoke({ name, event, caller }) {
      const found = functions.get(name);
      if (found === undefined) return { failure: notFound(name) };
      const outcome = await runCall(options, found, { event, caller });
      found.record.counts.calls += 1;
      if ('failure' in outcome) found.record.counts.errors += 1;
      return outcome;
    },
    instances: (name) => functions.get(name)?.pool.instances() ?? [],
    crashes: () => crashes,
    record: (name) => functions.get(name)?.record.read(),
    recycle: async (name) => functions.get(name)?.pool.recycle(),
    async close() {
      await Promise.all([processes.close(), ...[...functions.values()].map(({ pool }) => pool.close())]);
      await runner.remove();
    },
  };
}

async function runCall(
  options: FunctionHostOptions,
  hosted: HostedFunction,
  call: { event: unknown; caller: Caller },
): Promise<InvocationOutcome> {
  const problem = hosted.renew();
  if (problem !== undefined) return { failure: executeFail(problem) };
  const prepared = prepareCall(options, hosted, call);
  return 'failure' in prepared ? prepared : toOutcome(await hosted.pool.run(prepared));
}

function prepareCall(
  options: FunctionHostOptions,
  { declaration }: Pick<HostedFunction, 'declaration'>,
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
  return { eventJson, requestId, callKeys: callEnvironment(options.envId, requestId, keys) };
}

function toOutcome(outcome: Outcome): InvocationOutcome {
  if ('failure' in outcome) return outcome;
  const bytes = Buffer.byteLength(outcome.resultJson);
  if (bytes > MAX_PAYLOAD_BYTES) return { failure: tooLarge('result', bytes) };
  return { result: JSON.parse(outcome.resultJson) as unknown };
}

/** Instances run a bundle of `instance.ts`: starting each of them through a TypeScript loader would cost half a second. */
async function writeRunner(): Promise<{ path: string; remove: () => Promise<void> }> {
  const directory = await mkdtemp(join(tmpdir(), 'cloudbase-function-host-'));
  const path = join(directory, 'instance.js');
  await writeFile(join(directory, 'package.json'), '{"type":"commonjs"}');
  await writeFile(path, (await ready(['instance.js'], bundleRunner))['instance.js']);
  return { path, remove: () => rm(directory, { recursive: true, force: true }) };
}

export async function bundleRunner(): Promise<Made<'instance.js'>> {
  const folder = join(PACKAGE_FOLDER, 'scripts/local/functions');
  return { 'instance.js': await bundle(join(folder, 'instance.ts'), folder) };
}
