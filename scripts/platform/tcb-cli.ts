/** The `tcb` CLI, pinned: started without a terminal, without a secret in its environment, and never believed. */

import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { pick } from '../command/language.ts';
import { PACKAGE_FOLDER } from '../command/folders.ts';
import { beforeSignal } from './before-signal.ts';
import { PlatformError } from './errors.ts';
import type { PlatformSettings } from './settings.ts';

export interface CliRun {
  /** 0 does not mean that it worked: `tcb fn deploy` 2.12.10 ends with 0 after most failures. */
  code: number;
  /** Both streams, without colours, secrets masked. */
  output: string;
}

export interface CliOptions {
  cwd: string;
  /** Undefined: the home folder of the user, with the login in it. */
  home?: string | undefined;
  /** A folder of this run alone: in a shared one two CLIs pack the same function into the same file. */
  tmp?: string;
  timeoutMs?: number;
}

const TIMEOUT_MS = 5 * 60_000;
const COMPILE_CACHE = join(PACKAGE_FOLDER, 'scripts/platform/compile-cache.cjs');

/** Only what it needs: it would look at a TENCENTCLOUD_ or USE_INTERNAL_ENDPOINT variable in its own ways. */
const PASSED_ON =
  /^(PATH|HOME|USERPROFILE|APPDATA|SystemRoot|TEMP|TMP|TMPDIR|LANG|LC_\w+|no_proxy|NODE_EXTRA_CA_CERTS)$/i;

export function runCli(
  { region, proxy, redact }: PlatformSettings,
  args: string[],
  options: CliOptions,
): Promise<CliRun> {
  const { cwd, home, tmp, timeoutMs = TIMEOUT_MS } = options;
  const inherited = Object.entries(process.env).filter(([name]) => PASSED_ON.test(name));
  const homes = home === undefined ? {} : { HOME: home, USERPROFILE: home };
  // In both spellings: a part of the CLI reads only one, and would go out without a proxy.
  const proxies = proxy === undefined ? {} : { http_proxy: proxy, https_proxy: proxy };
  const temporary = tmp === undefined ? {} : { TMPDIR: tmp, TEMP: tmp, TMP: tmp };
  const own = { ...homes, ...temporary, ...proxies, TCB_REGION: region, NO_COLOR: '1' };
  const env = { ...Object.fromEntries(inherited), ...own };
  return new Promise((resolve, reject) => {
    // Standard input is closed: a question would otherwise wait for ever.
    const child = spawn(process.execPath, [...hooksOf(process.versions), cliPath(), ...args], {
      cwd,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const chunks: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => chunks.push(chunk));
    // A signal to this process alone would leave it to go on by itself, with a login that is gone.
    const forget = beforeSignal(() => child.kill('SIGKILL'));
    const timer = setTimeout(() => {
      chunks.push(Buffer.from(`\n✖ stopped: it had not ended after ${timeoutMs / 1_000} s\n`));
      child.kill('SIGKILL');
    }, timeoutMs);
    child.once('error', (error) => {
      forget();
      reject(error);
    });
    child.once('close', (code) => {
      clearTimeout(timer);
      forget();
      const output = stripVTControlCharacters(Buffer.concat(chunks).toString());
      resolve({ code: code ?? 1, output: redact(output) });
    });
  });
}

/** Any command makes the CLI renew its login; whether it worked is seen in its file. */
export async function renewLogin(settings: PlatformSettings): Promise<void> {
  await runCli(settings, ['env', 'list'], { cwd: tmpdir(), timeoutMs: 60_000 });
}

/** Yarn's Plug'n'Play keeps packages in zip files: only a process that loads its hook finds and reads them. */
export function hooksOf(
  { pnp }: NodeJS.ProcessVersions,
  resolve: (id: string) => string = createRequire(import.meta.url).resolve,
): string[] {
  const files = pnp === undefined ? [COMPILE_CACHE] : [resolve('pnpapi'), COMPILE_CACHE];
  return files.flatMap((file) => ['--require', file]);
}

function cliPath(): string {
  try {
    const manifest = createRequire(import.meta.url).resolve('@cloudbase/cli/package.json');
    return join(dirname(manifest), 'bin', 'tcb');
  } catch (error) {
    throw new PlatformError(pick({ en: 'the tcb CLI is not installed', zh: '没有安装 tcb CLI' }), {
      code: 'NO_CLI',
      cure: pick({
        en: `run npm ci (${error instanceof Error && 'code' in error ? String(error.code) : 'unknown reason'})`,
        zh: `请执行 npm ci（${error instanceof Error && 'code' in error ? String(error.code) : '原因不明'}）`,
      }),
    });
  }
}
