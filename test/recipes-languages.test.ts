/** docs/recipes.md: its programs in other languages run as they stand there, against the outside door. */

import { execFile, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openOutsideCloud, type OutsideCloud } from './outside/harness.ts';
import { readPage } from './readme/markdown.ts';
import { APPID, NOON_MS } from './support/cloud.ts';

const run = promisify(execFile);
const { fences } = readPage('docs/recipes.md');

interface Language {
  language: string;
  file: string;
  version: string[];
  build?: string[];
  start: string[];
}

const LANGUAGES: Language[] = [
  { language: 'php', file: 'token.php', version: ['php', '--version'], start: ['php', 'token.php'] },
  { language: 'python', file: 'token.py', version: ['python3', '--version'], start: ['python3', 'token.py'] },
  {
    language: 'java',
    file: 'Token.java',
    version: ['java', '--version'],
    // Half the processor time of a start: it compiles no more of itself than it must, and collects in one thread.
    start: ['java', '-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC', 'Token.java'],
  },
  // `go run token.go` builds anew each time: here once.
  {
    language: 'go',
    file: 'token.go',
    version: ['go', 'version'],
    build: ['go', 'build', '-o', 'token', 'token.go'],
    start: ['./token'],
  },
];

let cloud: OutsideCloud;
let folder: string;
const keys = new Map<string, { first: string; another: string }>();

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'recipes-'));
  cloud = await openOutsideCloud({ startAtMs: NOON_MS });
  for (const { language } of LANGUAGES) {
    const first = await cloud.addKey(language);
    keys.set(language, { first, another: await cloud.addKey(`${language}-another`) });
  }
  await cloud.refresh();
});

afterAll(async () => {
  await cloud.end();
  rmSync(folder, { recursive: true, force: true });
});

function isInstalled([command = '', ...args]: string[]): boolean {
  return spawnSync(command, args).status === 0;
}

/** What it needs and nothing more: no proxy, no module proxy, and the door on this machine as the one address. */
function environmentOf(key: string): Record<string, string> {
  const { PATH = '', HOME = '' } = process.env;
  const door = { WX_DOOR_URL: cloud.url, WX_APPID: APPID, WX_SERVER_KEY: key };
  return { PATH, HOME, ...door, GOPROXY: 'off', GO111MODULE: 'off' };
}

interface Ended {
  code: number;
  stdout: string;
  stderr: string;
}

async function start([command = '', ...args]: string[], key: string): Promise<Ended> {
  const options = { cwd: folder, env: environmentOf(key) };
  return run(command, args, options).then(
    (streams) => ({ code: 0, ...streams }),
    (error: unknown) => error as Ended,
  );
}

it('the door is on this machine', () => {
  expect(new URL(cloud.url).hostname).toBe('127.0.0.1');
});

describe.each(LANGUAGES)('$language', ({ language, file, version, build, start: command }) => {
  const isMissing = !isInstalled(version);
  const why = isMissing ? ` (SKIPPED where ${version[0]} is missing)` : '';

  it.skipIf(isMissing)(
    `prints the stored token, another after a refusal, and what is wrong with a key${why}`,
    async () => {
      const programs = fences.filter((fence) => fence.language === language).map(({ text }) => text);
      expect(programs).toHaveLength(1);
      writeFileSync(join(folder, file), programs[0]!);
      const built = build === undefined ? { code: 0 } : await start(build, '');
      expect(built).toMatchObject({ code: 0 });

      const first = cloud.storedToken();
      expect(cloud.isAlive(first)).toBe(true);
      expect(await start(command, keys.get(language)!.first)).toEqual({
        code: 0,
        stdout: `${first}\n`,
        stderr: '',
      });

      cloud.revoke();
      // With another key: one that was given a token is a report whenever it asks again, whatever it says.
      const { another } = keys.get(language)!;
      const { code, stdout } = await start([...command, 'refused'], another);
      const second = stdout.trim();
      expect([code, second]).toEqual([0, cloud.storedToken()]);
      expect(second).not.toBe(first);
      expect(cloud.isAlive(second)).toBe(true);

      const refused = await start(command, 'a-wrong-key');
      expect(refused).toMatchObject({ code: 1, stdout: '' });
      expect(refused.stderr).toMatch(/40125 invalid appsecret/);
      expect(refused.stderr).not.toContain('a-wrong-key');
    },
  );
});
