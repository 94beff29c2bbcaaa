/** Edited code: the next call runs it, a running one ends on the old code; and an instance for a debugger. */

import { request } from 'node:http';
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { readUserFunctions } from '../../../scripts/local/user-functions.ts';
import { folderOf } from '../folder.ts';
import { CLIENT, soon, startTestHost } from './test-host.ts';

const MAIN = `const answer = require('./answer');
exports.main = async ({ ms = 0 }, { time_limit_in_ms: limitMs }) => {
  await new Promise((resolve) => setTimeout(resolve, ms));
  return [answer, limitMs];
};`;

async function startEdited(options: object = {}) {
  const root = folderOf({
    'functions/edited/index.js': MAIN,
    'functions/edited/answer.js': "module.exports = require('shared')",
    'shared/index.js': "module.exports = 'first'",
  });
  mkdirSync(join(root, 'functions/edited/node_modules'));
  symlinkSync('../../../shared', join(root, 'functions/edited/node_modules/shared'), 'junction');
  const { functions } = await readUserFunctions({ folders: [join(root, 'functions')], projects: [] }, []);
  const host = await startTestHost({ functions, ...options });
  return {
    host,
    edit: (path: string, text: string) => writeFileSync(join(root, path), text),
    remove: (path: string) => rmSync(join(root, path)),
    call: (ms = 0) => host.invoke({ name: 'edited', event: { ms }, caller: CLIENT }),
  };
}

it('the next call runs what was changed, also in a linked package; the running one ends on the old code', async () => {
  const { host, call, edit, remove } = await startEdited();
  expect(await call()).toEqual({ result: ['first', 3000] });
  expect(await call()).toEqual({ result: ['first', 3000] });
  expect(host.record('edited')?.coldStarts).toBe(1);
  const running = call(400);
  await soon(() => expect(host.instances('edited')[0]?.state).toBe('busy'));
  edit('shared/index.js', "module.exports = 'second'");
  expect(await call()).toEqual({ result: ['second', 3000] });
  expect(await running).toEqual({ result: ['first', 3000] });
  edit('functions/edited/config.json', '{ "timeout": 7 }');
  expect(await call()).toEqual({ result: ['second', 7000] });
  edit('functions/edited/config.json', '{ "timeout": "7" }');
  expect(await call()).toMatchObject({
    failure: { message: expect.stringMatching(/config\.json: can't read timeout$/) as string },
  });
  remove('functions/edited/config.json');
  edit('functions/edited/answer.js', 'module.exports = (');
  expect(await call()).toMatchObject({
    failure: { message: expect.stringContaining('SyntaxError') as string },
  });
  edit('functions/edited/answer.js', "module.exports = 'mended'");
  expect(await call()).toEqual({ result: ['mended', 3000] });
});

it('a new instance runs in a process that was started before the call, and sees there what it sees in any other', async () => {
  const { call, edit } = await startEdited({
    environment: ({ envVariables }: { envVariables: Record<string, string> }) => envVariables,
  });
  const hasHttp2 = "process.moduleLoadList.includes('NativeModule http2')";
  const seen = `{ cwd: process.cwd(), env: { ...process.env }, upMs: performance.now(), hasHttp2: ${hasHttp2} }`;
  edit('functions/edited/index.js', `exports.main = async () => (${seen});`);
  type Seen = { cwd: string; env: Record<string, string>; hasHttp2: boolean };
  const readState = async (): Promise<Seen & { age: number }> => {
    const beganAtMs = performance.now();
    const { result } = (await call()) as { result: Seen & { upMs: number } };
    return { ...result, age: result.upMs - (performance.now() - beganAtMs) };
  };
  const first = await readState();
  expect(first.age).toBeLessThan(0);
  expect(first.hasHttp2).toBe(false);
  let edits = 0;
  const readAgain = async (): Promise<void> => {
    edit('functions/edited/config.json', JSON.stringify({ envVariables: { EDIT: `${(edits += 1)}` } }));
    const next = await readState();
    expect(next.age).toBeGreaterThan(0);
    // What an SDK takes from Node.js is loaded already.
    expect(next.hasHttp2).toBe(true);
    expect(next.cwd).toBe(first.cwd);
    const { TCB_SEQID } = next.env;
    expect(next.env).toEqual({ ...first.env, TCB_SEQID, EDIT: `${edits}` });
  };
  // The process is started a while after the one before was taken.
  await vi.waitFor(readAgain, { timeout: 15_000, interval: 700 });
});

it('an inspected function runs in one instance that tells its address to us alone, and may stand still for longer than its timeout', async () => {
  const lines: string[] = [];
  const { host, call } = await startEdited({
    inspected: ['edited'],
    log: (_: string, { text }: { text: string }) => lines.push(text),
  });
  await soon(() => expect(lines.join('\n')).toMatch(/^Debugger listening on ws:\/\/127\.0\.0\.1:\d+\//m));
  const [address = ''] = /ws:\S+/.exec(lines.join('\n')) ?? [];
  const { port, pathname } = new URL(address);
  for (const path of ['/json', '/json/list', '/json/version', '/'])
    expect(await textAt(`http://127.0.0.1:${port}${path}`)).not.toContain(pathname);
  expect(await statusOfUpgrade(port, '/00000000-0000-4000-8000-000000000000')).not.toBe(101);
  expect(await statusOfUpgrade(port, pathname)).toBe(101);
  const answers = await Promise.all([call(3100), call()]);
  expect(answers).toEqual([{ result: ['first', 3000] }, { result: ['first', 3000] }]);
  expect(host.instances('edited')).toHaveLength(1);
});

/** Empty where the connection is closed without an answer. */
async function textAt(url: string): Promise<string> {
  const response = await fetch(url).catch(() => null);
  return response === null ? '' : response.text();
}

function statusOfUpgrade(port: string, path: string): Promise<number | undefined> {
  const key = { 'sec-websocket-version': '13', 'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==' };
  const headers = { connection: 'Upgrade', upgrade: 'websocket', ...key };
  return new Promise((resolve) => {
    const sent = request({ host: '127.0.0.1', port, path, headers, agent: false }, ({ statusCode }) =>
      resolve(statusCode),
    );
    sent.on('upgrade', ({ statusCode }, socket) => {
      socket.destroy();
      resolve(statusCode);
    });
    sent.on('error', () => resolve(undefined));
    sent.end();
  });
}
