/** A running `npm start` against the pages in the developer's browser and the other users of the machine. */

import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readDoor } from '../../scripts/local/door/door-file.ts';
import { bearer, ROOT } from '../support/cloud.ts';
import { argumentsFor, commandEnv } from '../support/command.ts';
import { canTellPorts, portsOf } from './listening.ts';

const run = promisify(execFile);
const IS_UNIX = process.platform !== 'win32';

interface Started {
  data: string;
  child: ChildProcess;
  output: string;
  end(signal: NodeJS.Signals): Promise<number | null>;
}

/** Under a umask that hides nothing, in a folder that everybody may enter. */
async function start(): Promise<Started> {
  const data = join(mkdtempSync(join(tmpdir(), 'doors-')), 'data');
  mkdirSync(join(data, 'storage'), { recursive: true });
  writeFileSync(join(data, 'storage', 'of-an-earlier-version'), '');
  for (const path of ['', 'storage', 'storage/of-an-earlier-version']) chmodSync(join(data, path), 0o777);
  const command = [process.execPath, ...argumentsFor('start', ['--sandbox', '--port', '0', '--data', data])];
  const [file = '', ...args] = IS_UNIX ? ['sh', '-c', 'umask 000; exec "$@"', 'sh', ...command] : command;
  const child = spawn(file, args, { cwd: ROOT, env: commandEnv() });
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  let output = '';
  await new Promise<void>((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => {
        output += chunk.toString();
        if (output.includes('Ctrl-C ends it')) resolve();
      });
    void ended.then(() => reject(new Error(output)));
  });
  const end = (signal: NodeJS.Signals): Promise<number | null> => {
    child.kill(signal);
    return ended;
  };
  return { data, child, output, end };
}

let started: Started;
beforeAll(async () => {
  started = await start();
}, 180_000);
afterAll(() => void started.child.kill('SIGKILL'));

describe('every port that npm start listens at', () => {
  const UPGRADE = {
    connection: 'Upgrade',
    upgrade: 'websocket',
    'sec-websocket-version': '13',
    'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
  };

  it.skipIf(!canTellPorts).each([
    ['by another name of this machine (DNS rebinding)', { host: 'evil.example' }],
    ['by another name with its port', { host: 'evil.example:18600' }],
    ['by a name that only begins like its own', { host: '127.0.0.1.evil.example' }],
    ['from a page of another site', { origin: 'https://evil.example' }],
    ['from a sandboxed page', { origin: 'null' }],
    ['from another server of this machine', { origin: 'http://127.0.0.1:1' }],
    ['by a link, an image or a form of another site', { 'sec-fetch-site': 'cross-site' }],
    ['as a WebSocket', UPGRADE],
    ['as a WebSocket of another site', { ...UPGRADE, origin: 'https://evil.example' }],
  ])(
    'answers 403 to a request %s, even with the secret (SKIPPED where there is no /proc)',
    async (_, headers) => {
      const ports = portsOf(started.child.pid!);
      // The gateway, the sandbox, the client door and the dashboard.
      expect(ports.length).toBeGreaterThanOrEqual(4);
      const secret = readDoor(started.data)!.secret;
      for (const port of ports)
        for (const method of ['GET', 'POST'])
          for (const path of [
            '/',
            '/admin',
            '/http/getAccessToken/',
            '/as/function/getAccessToken',
            '/events',
          ]) {
            const sent = { port, method, path, headers: { ...bearer(secret), ...headers } };
            expect([port, method, path, await statusOf(sent)]).toEqual([port, method, path, 403]);
          }
    },
  );
});

describe('another user of the machine', () => {
  it.skipIf(!IS_UNIX)(
    'can open no file and no folder of the data, whatever the umask (SKIPPED on Windows)',
    () => {
      const modes = [['.', modeOf(started.data)], ...filesBelow(started.data)];
      expect(modes.map(([name]) => name)).toEqual(
        expect.arrayContaining(['data.mdb', 'lock.mdb', 'door.json']),
      );
      expect(modes.filter(([, mode]) => mode !== '600' && mode !== '700')).toEqual([]);
      expect(modeOf(started.data)).toBe('700');
      expect(modeOf(join(started.data, 'door.json'))).toBe('600');
      expect(modeOf(join(started.data, 'data.mdb'))).toBe('600');
    },
  );

  it('gets 401 from the door without the secret, which stands in door.json', async () => {
    const { url, secret } = readDoor(started.data)!;
    const port = Number(new URL(url).port);
    for (const [method, path] of [
      ['POST', '/as/function/getAccessToken'],
      ['POST', '/call/getAccessToken'],
      ['GET', '/http/accessTokenHttp/cgi-bin/token'],
      ['GET', '/__cloud'],
      ['GET', '/'],
    ] as const) {
      expect(await statusOf({ port, method, path, headers: {} })).toBe(401);
      expect(await statusOf({ port, method, path, headers: bearer(`${secret}x`) })).toBe(401);
      expect(await statusOf({ port, method, path, headers: bearer(secret) })).toBe(200);
    }
  });

  it('can have the sandbox issue a token, which opens nothing', async () => {
    const { url } = readDoor(started.data)!;
    const sandbox = /(http:\S+)\/__sandbox\/state/.exec(started.output)![1]!;
    const query = 'grant_type=client_credential&appid=wxlocalsandbox0001&secret=local-sandbox-secret';
    const { access_token: token } = (await (await fetch(`${sandbox}/cgi-bin/token?${query}`)).json()) as {
      access_token: string;
    };
    expect(token).toMatch(/^110_/);
    const port = Number(new URL(url).port);
    const asked = { port, method: 'POST', path: '/as/function/getAccessToken' };
    expect(await statusOf({ ...asked, headers: bearer(token) })).toBe(401);
    const state = { port: Number(new URL(sandbox).port), method: 'GET', path: '/__sandbox/state' };
    expect(await statusOf({ ...state, headers: bearer(token) })).toBe(401);
  });
});

describe('the developer', () => {
  const lines = (): string[] => started.output.split('\n').filter((line) => line.trim().startsWith('curl '));

  it('can run each printed line as it is', async () => {
    const answers: string[] = [];
    for (const line of lines()) answers.push((await run('sh', ['-c', line])).stdout);
    expect(answers).toHaveLength(4);
    expect(JSON.parse(answers[0]!)).toMatchObject({ result: { errcode: 0, appid: 'wxlocalsandbox0001' } });
    expect(JSON.parse(answers[1]!)).toMatchObject({ result: { errcode: 403 } });
    expect(answers[2]).toContain('POST /call/getAccessToken');
    expect(JSON.parse(answers[3]!)).toMatchObject({ apps: [{ appid: 'wxlocalsandbox0001' }] });
  });

  const seen: string[] = [];
  it.each(['SIGINT', 'SIGHUP', 'SIGQUIT'] as const)(
    'leaves no door.json behind on %s, and the next start has another secret',
    async (signal) => {
      const own = signal === 'SIGINT' ? started : await start();
      const { secret } = readDoor(own.data)!;
      expect(seen).not.toContain(secret);
      seen.push(secret);
      expect(await own.end(signal)).toBe(0);
      expect(existsSync(join(own.data, 'door.json'))).toBe(false);
    },
  );
});

interface Sent {
  port: number;
  method: string;
  path: string;
  headers: Record<string, string>;
}

/** `fetch` would not send a Host header of our choice. */
function statusOf({ port, method, path, headers }: Sent): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port, method, path, headers }, (answer) => {
      resolve(answer.statusCode);
      answer.destroy();
    });
    sent.once('upgrade', () => resolve(101));
    sent.once('error', reject).end();
  });
}

const modeOf = (path: string): string => (statSync(path).mode & 0o777).toString(8);

function filesBelow(folder: string): [string, string][] {
  return readdirSync(folder, { recursive: true }).map((name) => [
    String(name),
    modeOf(join(folder, String(name))),
  ]);
}
