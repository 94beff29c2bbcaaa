/** What a command prints goes into a pipe: a reader that leaves, and one that wants JSON. */

import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { commandEnv } from '../support/command.ts';
import { ROOT } from '../support/root.ts';

const data = mkdtempSync(join(tmpdir(), 'pipes-'));
const APPS = ['wxpipes0000000001', 'wxpipes0000000002'].map((appid) => ({
  appid,
  secret: 'no part to play',
}));

function shell(line: string): Promise<{ code: number; out: string; err: string }> {
  const env = commandEnv({ WX_APPS: JSON.stringify(APPS), DATA: data });
  return new Promise((resolve) => {
    execFile('/bin/bash', ['-o', 'pipefail', '-c', line], { cwd: ROOT, env }, (error, out, err) =>
      resolve({ code: Number(error?.code ?? 0), out, err }),
    );
  });
}

const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
  scripts: Record<string, string>;
};
const COMMANDS = Object.keys(scripts).filter((name) => scripts[name]!.endsWith(`run.cjs ${name}`));

describe('in a pipe', () => {
  it('npm start ends with its reader, without a word, and leaves no door behind', async () => {
    const start = 'node scripts/run.cjs start --sandbox --port 0 --data "$DATA"';
    const { code, out, err } = await shell(`${start} | head -3`);
    expect([code, err]).toEqual([0, '']);
    expect(out.split('\n')[2]).toContain('wxpipes0000000001, wxpipes0000000002');
    expect(existsSync(join(data, 'door.json'))).toBe(false);
  }, 120_000);

  it('every command ends with a reader that is gone, without a word', async () => {
    // `true` reads nothing, and is gone before a command has loaded.
    const one = 'node scripts/run.cjs $name --help | true || echo "$name: ${PIPESTATUS[0]}"';
    const { code, out, err } = await shell(`for name in ${COMMANDS.join(' ')}; do ${one}; done`);
    expect({ code, out, err }).toEqual({ code: 0, out: '', err: '' });
  }, 120_000);

  it('the documented line for programs gives JSON and nothing else, of every app of the sandbox', async () => {
    const once = 'node scripts/run.cjs start --once --sandbox --data "$DATA" > /dev/null';
    const status = 'npm run -s status -- --json --local --sandbox --data "$DATA"';
    const read = `node -e 'process.stdin.pipe(process.stdout)'`;
    const { code, out, err } = await shell(`${once} && ${status} | ${read}`);
    expect([code, err]).toEqual([0, '']);
    const { apps } = JSON.parse(out) as { apps: { appid: string; lifeLeftMs: number }[] };
    expect(apps.map(({ appid, lifeLeftMs }) => [appid, lifeLeftMs > 0])).toEqual(
      APPS.map(({ appid }) => [appid, true]),
    );
  }, 120_000);
});
