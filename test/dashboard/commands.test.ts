/** The dashboard as it is started by `npm start` and `npm run dashboard -- --local`; for a real environment: test/place/cloud-commands.test.ts. */

import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { ROOT } from '../support/cloud.ts';
import { authorizationFor, listenTo } from './support.ts';
import { argumentsFor, commandEnv } from '../support/command.ts';
import { shareProcess } from '../support/shared-process.ts';

const share = shareProcess();

const anything = (): boolean => true;

function post(address: string, path: string, secret = authorizationFor(address)): Promise<Response> {
  const headers = { 'content-type': 'application/json', ...secret };
  return fetch(new URL(path, address), { method: 'POST', headers, body: '{"minutes":120}' });
}

/** The address that a process prints, and how it ends. */
function watchChild(child: ChildProcess): { address: Promise<string>; ended: Promise<number | null> } {
  let output = '';
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  const address = new Promise<string>((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr])
      stream?.on('data', (chunk: Buffer) => {
        output += chunk.toString();
        const found = /(?:Dashboard|cloud in \S+|env-\S+): (http:\S+)/.exec(output)?.[1];
        if (found !== undefined) resolve(found);
      });
    void ended.then(() => reject(new Error(output)));
  });
  // Who waits for the end only does not ask for the address.
  address.catch(() => undefined);
  return { address, ended };
}

function run(script: string, flags: string[]): ChildProcess {
  return spawn(process.execPath, argumentsFor(script, flags), {
    cwd: ROOT,
    env: commandEnv({ TCB_ENV_ID: 'no such id!' }),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

interface Busy {
  port: number;
  release(): Promise<void>;
}

/** A port that is taken while the one before it is free; below those that the system gives to whoever connects. */
async function busyPort(): Promise<Busy> {
  for (let tries = 0; tries < 50; tries++) {
    const port = 20_000 + Math.floor(Math.random() * 10_000);
    const taken = await occupy(port);
    const before = await occupy(port - 1);
    await before?.release();
    if (taken !== null && before !== null) return { port, ...taken };
    await taken?.release();
  }
  throw new Error('no two free ports beside each other');
}

async function occupy(port: number): Promise<{ release(): Promise<void> } | null> {
  const server = createServer();
  const isListening = await new Promise<boolean>((resolve) => {
    server.once('listening', () => resolve(true)).once('error', () => resolve(false));
    server.listen(port, '127.0.0.1');
  });
  if (!isListening) return null;
  return { release: () => new Promise((resolve) => server.close(() => resolve())) };
}

describe('the dashboard of npm start', () => {
  const data = mkdtempSync(join(tmpdir(), 'dashboard-test-'));
  let busy: Busy;
  let child: ChildProcess;
  let page = '';
  let ended: Promise<number | null>;
  beforeAll(async () => {
    busy = await busyPort();
    // The page's port is the one after the door's.
    child = run('start', ['--sandbox', '--port', String(busy.port - 1), '--data', data]);
    const watched = watchChild(child);
    ended = watched.ended;
    page = await watched.address;
  });
  afterAll(() => {
    child.kill('SIGKILL');
    return busy.release();
  });

  it('takes another port when its own is busy: npm start works all the same', async () => {
    expect(new URL(page).port).not.toBe(String(busy.port));
    expect((await fetch(page)).status).toBe(200);
  });

  it('is served with the round trip’s tick on it and the sandbox’s knobs; another process shows the same data without', async () => {
    const inside = await (await listenTo(page)).until(anything);
    expect(inside.snapshot).toMatchObject({
      place: 'embedded',
      apps: [
        {
          appid: 'wxlocalsandbox0001',
          mintsToday: { count: 1 },
          history: [{ reason: 'timer', outcome: 'minted' }],
        },
      ],
      // The timer may have come since, and found it fresh.
      timer: { last: { failure: null, actions: [{ action: expect.stringMatching(/^(refreshed|fresh)$/) }] } },
      sandbox: { isOut: false },
    });
    const looker = run('dashboard', ['--local', '--sandbox', '--data', data, '--port', '0']);
    onTestFinished(() => void looker.kill('SIGKILL'));
    const looking = watchChild(looker);
    const other = await looking.address;
    expect((await post(other, '/knobs/outage')).status).toBe(404);
    expect((await post(other, '/knobs/outage', authorizationFor(page))).status).toBe(401);
    const outside = await (await listenTo(other)).until(anything);
    expect(outside.snapshot).toMatchObject({ place: 'local', timer: null, sandbox: null, periodMs: 2_000 });
    expect(outside.snapshot?.apps[0]?.token).toEqual(inside.snapshot?.apps[0]?.token);
    expect((await post(page, '/knobs/forward')).status).toBe(200);
    // Not the mints of the day, which two hours later may be another one.
    await (await listenTo(other)).until(({ snapshot }) => snapshot?.apps[0]?.history.length === 2);
    looker.kill('SIGINT');
    child.kill('SIGTERM');
    expect([await looking.ended, await ended]).toEqual([0, 0]);
    // Its dates are two hours ahead by now: the next start does not mind.
    expect(await share('start', ['--once', '--sandbox', '--data', data])).toMatchObject({ code: 0 });
  });
});

describe('npm run dashboard', () => {
  it('says in one line what is wrong with a flag, a port or a folder, and exits 1', async () => {
    const data = mkdtempSync(join(tmpdir(), 'dashboard-test-'));
    const say = async (flags: string[]): Promise<string> => {
      const { code, output } = await share('dashboard', flags);
      expect(code).toBe(1);
      return output;
    };
    expect(await say(['--local', '--port', 'many'])).toMatch(/^✗ --port must be a number/);
    expect(await say(['--local', '--data', data])).toMatch(/^✗ no embedded cloud has run on /);
    expect(await say(['--knobs'])).toMatch(/^✗ unknown flag --knobs/);
  });
});
