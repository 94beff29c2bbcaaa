/** What a command does with a developer's machine: keys on its disk, a proxy in its variables, a platform that is busy. */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { buildSync } from 'esbuild';
import { describe, expect, it, vi } from 'vitest';
import { isRunning } from '../../scripts/local/running.ts';
import { withPlainErrors } from '../../scripts/platform/api.ts';
import { removeLeftHomes } from '../../scripts/platform/cli-home.ts';
import { readProxy } from '../../scripts/proxy/read.ts';
import { readPlatformSettings } from '../../scripts/platform/settings.ts';
import { ROOT } from '../support/cloud.ts';

/** For what happens in another process. */
const PATIENCE = { timeout: 30_000, interval: 50 };

describe('the keys in a home folder for the CLI', () => {
  it.each(['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT', 'SIGUSR2', 'SIGXCPU'] as const)(
    'go on %s',
    async (signal) => {
      const root = mkdtempSync(join(tmpdir(), 'homes-'));
      const module = join(root, 'cli-home.cjs');
      const entryPoints = [join(ROOT, 'scripts/platform/cli-home.ts')];
      const define = { 'import.meta.dirname': JSON.stringify(join(ROOT, 'scripts/platform')) };
      buildSync({ entryPoints, outfile: module, bundle: true, platform: 'node', format: 'cjs', define });
      const program = `
      const { withCliHome } = require(${JSON.stringify(module)});
      const source = { kind: 'keys', credentials: { secretId: 'id', secretKey: 'canary-key' } };
      setInterval(() => {}, 1000);
      withCliHome({ root: ${JSON.stringify(root)} }, source, (home) => {
        console.log(home);
        return new Promise(() => {});
      });`;
      const child = spawn(process.execPath, ['-e', program], { cwd: root });
      const [home] = (await once(child.stdout, 'data')) as [Buffer];
      const login = join(home.toString().trim(), '.config/.cloudbase/auth.json');
      expect(existsSync(login)).toBe(true);
      child.kill(signal);
      const [, endedBy] = (await once(child, 'exit')) as [number | null, string];
      expect(endedBy).toBe(signal);
      expect(readdirSync(join(root, '.local'))).toEqual([]);
    },
  );

  it('that a killed process has left go at the next start, those of a running one stay', async () => {
    const child = spawn(process.execPath, ['-e', '']);
    await once(child, 'exit');
    const root = mkdtempSync(join(tmpdir(), 'homes-'));
    const homes = [`cli-home-${child.pid}-dead`, `cli-home-${process.pid}-alive`, 'data'];
    for (const home of homes) mkdirSync(join(root, '.local', home), { recursive: true });
    removeLeftHomes(root);
    expect(readdirSync(join(root, '.local')).toSorted()).toEqual([homes[1], 'data']);
  });
});

describe('the tcb CLI', () => {
  it.each(['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const)(
    'ends when the command that started it gets %s alone',
    async (signal) => {
      const root = mkdtempSync(join(tmpdir(), 'cli-'));
      const fake = join(root, 'node_modules/@cloudbase/cli');
      mkdirSync(join(fake, 'bin'), { recursive: true });
      writeFileSync(join(fake, 'package.json'), '{}');
      const told = join(root, 'pid');
      // A CLI that listens to no signal, as one in the middle of an upload.
      const cli = `for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT']) process.on(signal, () => {});
        require('node:fs').writeFileSync(${JSON.stringify(told)}, String(process.pid));
        setInterval(() => {}, 1000);`;
      writeFileSync(join(fake, 'bin/tcb'), cli);
      const module = join(root, 'tcb-cli.cjs');
      const entryPoints = [join(ROOT, 'scripts/platform/tcb-cli.ts')];
      const define = {
        'import.meta.url': JSON.stringify(pathToFileURL(module).href),
        'import.meta.dirname': JSON.stringify(join(ROOT, 'scripts/platform')),
      };
      buildSync({ entryPoints, outfile: module, bundle: true, platform: 'node', format: 'cjs', define });
      const program = `
        const { runCli } = require(${JSON.stringify(module)});
        void runCli({ region: 'r', redact: (text) => text }, [], { cwd: ${JSON.stringify(root)} });`;
      const child = spawn(process.execPath, ['-e', program], { cwd: root });
      const ended = once(child, 'exit');
      const pid = await vi.waitFor(() => {
        const text = readFileSync(told, 'utf8');
        expect(text).not.toBe('');
        return Number(text);
      }, PATIENCE);
      expect(isRunning(pid)).toBe(true);
      child.kill(signal);
      expect((await ended)[1]).toBe(signal);
      await vi.waitFor(() => expect(isRunning(pid)).toBe(false), PATIENCE);
    },
  );
});

describe('a proxy that is no address', () => {
  it.each([
    'http://user:canary-password@proxy.example:notaport',
    'http://user:canary-password@proxy.example:99999',
    'http://user:canary-password@',
    'http://user:canary-password@[::1',
    'socks5://user:canary-password@proxy.example:1080',
    '://user:canary-password@proxy.example',
  ])('is refused without being shown: %s', (value) => {
    const read = (): unknown => readPlatformSettings(tmpdir(), { TCB_ENV_ID: 'env', https_proxy: value });
    expect(read).toThrow(/^https_proxy is not the address of a proxy/);
    expect(read).not.toThrow(/canary/);
  });

  it('is masked where it is one and a text quotes it', () => {
    const https_proxy = 'http://user:canary%40password@proxy.example:8080';
    const { proxy, redact } = readPlatformSettings(tmpdir(), { TCB_ENV_ID: 'env', https_proxy });
    expect(proxy).toBe(https_proxy);
    expect(redact(`${https_proxy} canary@password`)).not.toContain('canary');
    expect(readProxy({ http_proxy: 'proxy.example:8080' })?.url).toBe('http://proxy.example:8080');
  });
});

describe('a call that the platform refuses for its rate', () => {
  const limited = Object.assign(new Error('too fast'), { code: 'RequestLimitExceeded' });

  async function callTimes(
    action: string,
    refusals: number,
  ): Promise<{ calls: number; pauses: number[]; error: unknown }> {
    let calls = 0;
    const pauses: number[] = [];
    const send = async (): Promise<object> => {
      if (calls++ < refusals) throw limited;
      return {};
    };
    const call = withPlainErrors(
      send,
      (text) => text,
      async (ms) => pauses.push(ms),
    ) as unknown as (...args: unknown[]) => Promise<object>;
    const error = await call('scf', action, {}).then(
      () => null,
      (thrown: unknown) => thrown,
    );
    return { calls, pauses, error };
  }

  it('is asked again when it is a read, after growing pauses', async () => {
    expect(await callTimes('GetFunction', 2)).toEqual({ calls: 3, pauses: [500, 1_000], error: null });
  });

  it('is given up after the fourth time, with its code', async () => {
    const { calls, error } = await callTimes('DescribeEnvs', 100);
    expect(calls).toBe(4);
    expect(error).toMatchObject({ code: 'RequestLimitExceeded' });
  });

  it('is not repeated when it writes', async () => {
    expect(await callTimes('CreateFunction', 1)).toMatchObject({
      calls: 1,
      error: { code: 'RequestLimitExceeded' },
    });
  });
});
