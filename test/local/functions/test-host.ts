/** A function host on the fixture functions: closed when its test ends, or lent on to the next one if nothing has crashed. */

import { rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished, vi } from 'vitest';
import type { FunctionDeclaration } from '../../../scripts/build/declarations.ts';
import { buildFunctions } from '../../../scripts/build/functions.ts';
import { createCloudClock } from '../../../scripts/local/clock.ts';
import {
  startFunctionHost,
  type FunctionHost,
  type FunctionHostOptions,
} from '../../../scripts/local/functions/host.ts';
import type { Caller } from '../../../scripts/local/functions/caller-context.ts';
import { lend, type Lendable } from '../../support/lend.ts';

const FIXTURES = ['probe', 'wx-context', 'node-sdk', 'broken'];

export const CLIENT: Caller = { kind: 'client', openid: 'oABC', appid: 'wx123' };

/** For all files of a worker. */
let codeRoot: Promise<string> | undefined;

/** For one test. */
export async function startTestHost(
  options: Partial<FunctionHostOptions> = {},
  timeout = 20,
): Promise<FunctionHost> {
  const host = await openTestHost(options, timeout);
  onTestFinished(() => host.close());
  return host;
}

/** For one test, and then for the next: its instances may be warm. */
export const borrowTestHost = lend(openLendable);

async function openLendable(options: Partial<FunctionHostOptions> = {}): Promise<FunctionHost & Lendable> {
  const host = await openTestHost(options);
  return {
    ...host,
    renew: async () => undefined,
    isAtRest: () =>
      host.crashes().length === 0 &&
      FIXTURES.every((name) => host.instances(name).every(({ state }) => state === 'idle')),
    end: host.close,
  };
}

/** Whoever opens it closes it. */
export async function openTestHost(
  options: Partial<FunctionHostOptions>,
  timeout = 20,
): Promise<FunctionHost> {
  // Functions that are given have a folder of their own.
  if (options.functions === undefined) codeRoot ??= buildFixtures();
  return startFunctionHost({
    functions: FIXTURES.map((name) => declare(name, timeout)),
    codeRoot: join((await codeRoot) ?? 'none', 'functions'),
    environment: () => ({ DECLARED: 'yes' }),
    clock: createCloudClock(),
    gatewayUrl: () => 'http://127.0.0.1:9/admin',
    envId: 'local-env',
    region: 'ap-shanghai',
    credentials: { secretId: 'AKIDlocal', secretKey: 'local-key', sessionToken: 'local-session' },
    ...options,
  });
}

export function declare(name: string, timeout: number): FunctionDeclaration {
  return { name, handler: 'index.main', timeout, memorySize: 256, envVariables: {}, triggers: [] };
}

/** Waits until `check` passes; the bound allows for a busy machine. */
export function soon(check: () => void): Promise<void> {
  return vi.waitFor(check, { timeout: 15_000, interval: 20 });
}

/** Calls the probe as a mini program would. */
export async function probe<T>(host: FunctionHost, event: object = {}, caller = CLIENT): Promise<T> {
  const outcome = await host.invoke({ name: 'probe', event, caller });
  if ('failure' in outcome) throw new Error(`${outcome.failure.code} ${outcome.failure.message}`);
  return outcome.result as T;
}

async function buildFixtures(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'fixture-functions-'));
  process.once('exit', () => rmSync(directory, { recursive: true, force: true }));
  await buildFunctions({
    outDir: join(directory, 'functions'),
    functions: FIXTURES.map((name) => ({ name, entry: `test/local/functions/fixtures/${name}/index.ts` })),
  });
  return directory;
}
