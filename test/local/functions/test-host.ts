/** A function host on the fixture functions, closed and checked for stray errors by the test that asked for it. */

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, onTestFinished, vi } from 'vitest';
import type { FunctionDeclaration } from '../../../scripts/build/declarations.ts';
import { buildFunctions } from '../../../scripts/build/functions.ts';
import { createCloudClock } from '../../../scripts/local/clock.ts';
import {
  startFunctionHost,
  type FunctionHost,
  type FunctionHostOptions,
} from '../../../scripts/local/functions/host.ts';
import type { Caller } from '../../../scripts/local/functions/caller-context.ts';

const FIXTURES = ['probe', 'wx-context', 'node-sdk', 'broken'];

export const CLIENT: Caller = { kind: 'client', openid: 'oABC', appid: 'wx123' };

let codeRoot: Promise<string> | undefined;

afterAll(async () => {
  if (codeRoot !== undefined) await rm(await codeRoot, { recursive: true, force: true });
  codeRoot = undefined;
});

export async function startTestHost(
  options: Partial<FunctionHostOptions> = {},
  timeout = 20,
): Promise<FunctionHost> {
  codeRoot ??= buildFixtures();
  const host = await startFunctionHost({
    functions: FIXTURES.map((name) => declare(name, timeout)),
    codeRoot: join(await codeRoot, 'functions'),
    environment: () => ({ DECLARED: 'yes' }),
    clock: createCloudClock(),
    gatewayUrl: () => 'http://127.0.0.1:9/admin',
    envId: 'local-env',
    region: 'ap-shanghai',
    credentials: { secretId: 'AKIDlocal', secretKey: 'local-key', sessionToken: 'local-session' },
    ...options,
  });
  onTestFinished(() => host.close());
  return host;
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
  await buildFunctions({
    outDir: join(directory, 'functions'),
    functions: FIXTURES.map((name) => ({ name, entry: `test/local/functions/fixtures/${name}/index.ts` })),
  });
  return directory;
}
