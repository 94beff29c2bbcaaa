/** The dashboard as it is started: by `npm start`, by `npm run dashboard -- --local`, and for a real environment. */

import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { COLLECTION } from '../../scripts/local/cloud.ts';
import { bringToLife, type Life } from '../platform/fake/alive.ts';
import { runCommand, startCommand } from '../platform/fake/run.ts';
import { startTencent, type FakeTencent } from '../platform/fake/tencent.ts';
import { ROOT } from '../support/cloud.ts';
import { authorizationFor, listenTo } from './support.ts';
import { argumentsFor, commandEnv } from '../support/command.ts';

const anything = (): boolean => true;

function post(address: string, path: string, secret = authorizationFor(address)): Promise<Response> {
  const headers = { 'content-type': 'application/json', ...secret };
  return fetch(new URL(path, address), { method: 'POST', headers, body: '{"minutes":120}' });
}

/** The address that a process prints, and how it ends. */
function watchChild(child: ChildProcess): { address: Promise<string>; ended: Promise<number | null> } {
  let output = '';
  onTestFinished(() => void child.kill('SIGKILL'));
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

/** A port that is taken while the one before it is free; below those that the system gives to whoever connects. */
async function busyPort(): Promise<number> {
  for (let tries = 0; tries < 50; tries++) {
    const port = 20_000 + Math.floor(Math.random() * 10_000);
    const taken = await occupy(port);
    const before = await occupy(port - 1);
    await before?.release();
    if (taken !== null && before !== null) {
      onTestFinished(() => taken.release());
      return port;
    }
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
  it('is served with the round trip’s tick on it and the sandbox’s knobs; another process shows the same data without', async () => {
    const data = mkdtempSync(join(tmpdir(), 'dashboard-test-'));
    const child = run('start', ['--sandbox', '--port', '0', '--data', data]);
    const { address, ended } = watchChild(child);
    const page = await address;
    const inside = await (await listenTo(page)).until(anything);
    expect(inside.snapshot).toMatchObject({
      place: 'embedded',
      apps: [{ appid: 'wxlocalsandbox0001', mintsToday: { count: 1 } }],
      timer: { last: { failure: null, actions: [{ action: 'refreshed' }] } },
      sandbox: { isOut: false },
    });
    const looker = run('dashboard', ['--local', '--sandbox', '--data', data, '--port', '0']);
    const looking = watchChild(looker);
    const other = await looking.address;
    expect((await post(other, '/knobs/outage')).status).toBe(404);
    expect((await post(other, '/knobs/outage', authorizationFor(page))).status).toBe(401);
    const outside = await (await listenTo(other)).until(anything);
    expect(outside.snapshot).toMatchObject({ place: 'local', timer: null, sandbox: null, periodMs: 2_000 });
    expect(outside.snapshot?.apps[0]?.token).toEqual(inside.snapshot?.apps[0]?.token);
    expect((await post(page, '/knobs/forward')).status).toBe(200);
    await (await listenTo(other)).until(({ snapshot }) => snapshot?.apps[0]?.mintsToday.count === 2);
    looker.kill('SIGINT');
    child.kill('SIGTERM');
    expect([await looking.ended, await ended]).toEqual([0, 0]);
    // Its dates are two hours ahead by now: the next start does not mind.
    expect(await watchChild(run('start', ['--once', '--sandbox', '--data', data])).ended).toBe(0);
  });

  it('takes another port when its own is busy: npm start works all the same', async () => {
    // The page's port is the one after the door's.
    const busy = await busyPort();
    const child = run('start', [
      '--sandbox',
      '--port',
      String(busy - 1),
      '--data',
      mkdtempSync(join(tmpdir(), 'dashboard-test-')),
    ]);
    const { address } = watchChild(child);
    const page = await address;
    expect(new URL(page).port).not.toBe(String(busy));
    expect((await fetch(page)).status).toBe(200);
  });
});

describe('npm run dashboard', () => {
  it('says in one line what is wrong with a flag, a port or a folder, and exits 1', async () => {
    const data = mkdtempSync(join(tmpdir(), 'dashboard-test-'));
    const say = async (flags: string[]): Promise<string> => {
      const { address, ended } = watchChild(run('dashboard', flags));
      const output = await address.catch((error: Error) => error.message);
      expect(await ended).toBe(1);
      return output;
    };
    expect(await say(['--local', '--port', 'many'])).toMatch(/^✗ --port must be a number/);
    expect(await say(['--local', '--data', data])).toMatch(/^✗ no embedded cloud has run on /);
    expect(await say(['--knobs'])).toMatch(/^✗ unknown flag --knobs/);
  });
});

describe('npm run dashboard on an environment', () => {
  const variables = { WX_APPID: 'wxfake', WX_APPSECRET: 'canary-dashboard-secret' };
  let fake: FakeTencent;
  let life: Life;
  beforeAll(async () => {
    fake = await startTencent();
    life = bringToLife(fake);
    const { code, output } = await runCommand(fake, 'deploy', [], variables);
    if (code !== 0) throw new Error(output);
  }, 120_000);
  afterAll(async () => {
    await life.close();
    await fake.close();
  });

  it('asks for nothing before a page is open, and then with one query that writes nothing', async () => {
    const { child } = startCommand(fake, 'dashboard', ['--port', '0'], variables);
    const url = await new Promise<string>((resolve) => {
      child.stdout?.on('data', (chunk: Buffer) => {
        const found = /: (http:\S+)/.exec(chunk.toString())?.[1];
        if (found !== undefined) resolve(found);
      });
    });
    onTestFinished(() => void child.kill('SIGKILL'));
    const before = fake.calls.length;
    const stored = life.cloud()?.database.collection(COLLECTION).find({ query: {} });
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(fake.calls.length).toBe(before);
    const stream = await listenTo(url);
    const { snapshot } = await stream.until(anything);
    expect(snapshot).toMatchObject({
      place: 'cloud',
      periodMs: 30_000,
      timer: null,
      sandbox: null,
      environment: fake.state.envId,
      apps: [{ appid: 'wxfake', mintsToday: { count: 1 } }],
    });
    expect(fake.calls.slice(before)).toEqual([expect.objectContaining({ action: 'POST /admin' })]);
    expect(life.cloud()?.database.collection(COLLECTION).find({ query: {} })).toEqual(stored);
    await listenTo(url);
    expect(fake.calls.length).toBe(before + 1);
    expect(stream.text()).not.toMatch(/canary|110_[\w-]{8}/);
    const ended = new Promise((resolve) => child.once('close', resolve));
    child.kill('SIGINT');
    expect(await ended).toBe(0);
  }, 60_000);
});
