/** The commands with `--local` while an `npm start` runs on that data, and after one whose clock was moved. */

import { copyFileSync, mkdtempSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createCloudClock } from '../../scripts/local/clock.ts';
import { bearer, startTestCloud, type TestCloud, type TestCloudOptions } from '../support/cloud.ts';
import { shareProcess } from '../support/shared-process.ts';

const run = shareProcess();

const APPID = 'wxlocalsandbox0001';
const VARIABLES = { WX_APPID: APPID, WX_APPSECRET: 'local-sandbox-secret' };
const HOUR_MS = 3_600_000;

interface Started {
  cloud: TestCloud;
  data: string;
  local: string[];
}

/** A cloud on a data folder, as `npm start` has it, with a token of this very moment. */
async function start(options: TestCloudOptions = {}): Promise<Started> {
  const data = mkdtempSync(join(tmpdir(), 'local-'));
  const cloud = await startTestCloud({
    dataFolder: data,
    variables: VARIABLES,
    isPublished: true,
    ...options,
  });
  expect(await cloud.refresh()).toMatchObject({ errcode: 0 });
  const local = ['--local', '--sandbox', '--data', data];
  return { cloud, data, local };
}

interface Shown {
  atMs: number;
  apps: { lifeLeftMs: number; token: { mintedAtMs: number } }[];
}

describe('--local beside a running cloud', () => {
  it('goes by its clock: refresh, status and doctor agree with a cloud that is two hours ahead', async () => {
    const { cloud, local } = await start();
    const first = cloud.storedToken(APPID);
    cloud.clock.advance(2 * HOUR_MS);
    const dead = JSON.parse((await run('status', [...local, '--json'])).output) as Shown;
    expect(dead.apps[0]!.lifeLeftMs).toBe(0);
    const refreshed = await run('refresh', local);
    expect(refreshed).toMatchObject({ code: 0, output: expect.stringMatching(/✓ .*good for 1 h 5\d min/) });
    expect(cloud.storedToken(APPID)).not.toBe(first);
    expect(cloud.isAlive(cloud.storedToken(APPID))).toBe(true);
    expect(cloud.mints(APPID)).toBe(2);
    const { atMs, apps } = JSON.parse((await run('status', [...local, '--json'])).output) as Shown;
    expect(Math.abs(atMs - cloud.clock.now())).toBeLessThan(60_000);
    expect(Math.abs(apps[0]!.token.mintedAtMs - atMs)).toBeLessThan(60_000);
    const doctor = await run('doctor', local);
    expect(doctor).toMatchObject({
      code: 0,
      output: expect.stringMatching(/✓ clock +the running npm start is (2 h|1 h 59 min) /),
    });
    expect(doctor.output).toMatch(/✓ token +wxlocalsandbox0001 +alive for 1 h 5\d min/);
  });

  it('deploys nothing beside it, finds it by its data folder, whatever its port, and is told nothing through another name', async () => {
    const { cloud, data, local } = await start({ hasTimer: true });
    // A second cloud on the data would not know the first one's token.
    const { code, output } = await run('deploy', ['--local', '--sandbox', '--data', data]);
    expect(code).toBe(1);
    expect(output).toMatch(/npm start runs on .* already \(http:\/\/127\.0\.0\.1:\d+\): stop it first/);
    expect(cloud.isAlive(cloud.storedToken(APPID))).toBe(true);
    expect(cloud.mints(APPID)).toBe(1);
    const ask = (host: string, secret = cloud.secret): Promise<number | undefined> =>
      new Promise((resolve, reject) => {
        const { port } = cloud.door;
        const headers = { host, ...bearer(secret) };
        const asked = request({ host: '127.0.0.1', port, path: '/__cloud', headers }, (answer) => {
          answer.resume();
          resolve(answer.statusCode);
        });
        asked.on('error', reject).end();
      });
    expect([await ask('127.0.0.1'), await ask('evil.example')]).toEqual([200, 403]);
    expect(await ask('127.0.0.1', 'guessed')).toBe(401);
    expect(await run('refresh', local)).toMatchObject({ code: 0 });
    expect(cloud.mints(APPID)).toBe(2);
    expect(cloud.isAlive(cloud.storedToken(APPID))).toBe(true);
    await cloud.close();
    expect(await run('refresh', local)).toMatchObject({ code: 0 });
  });

  it('leaves a cloud on another folder alone', async () => {
    const other = await start();
    other.cloud.clock.advance(2 * HOUR_MS);
    const { cloud, data } = await start();
    await cloud.close();
    // As a folder that was copied, or one whose npm start was killed and its port given to another.
    copyFileSync(join(other.data, 'door.json'), join(data, 'door.json'));
    const local = ['--local', '--sandbox', '--data', data];
    expect(await run('refresh', local)).toMatchObject({ code: 0 });
    expect(other.cloud.mints(APPID)).toBe(1);
    expect((await run('doctor', local)).output).toMatch(/- clock +the embedded cloud runs on this machine/);
  });
});

describe('--local after a cloud whose clock was ahead', () => {
  it('says so in one line, and no more after a refresh', async () => {
    const { cloud, data } = await start({ clock: createCloudClock(Date.now() + 2 * HOUR_MS) });
    await cloud.close();
    const local = ['--local', '--sandbox', '--data', data];
    const notice = /^! the data was left by an earlier npm start whose clock was ahead: .*$/m;
    expect(await run('status', local)).toMatchObject({ code: 0, output: expect.stringMatching(notice) });
    const doctor = await run('doctor', local);
    expect(doctor.output).toMatch(/! clock +the data was left by an earlier npm start whose clock was ahead/);
    expect(doctor.output).toContain(`cure: npm run refresh -- --local --sandbox --data ${data}`);
    expect(await run('refresh', local)).toMatchObject({ code: 0, output: expect.stringMatching(notice) });
    expect((await run('status', local)).output).not.toMatch(notice);
  });
});

describe('doctor --local', () => {
  it('advises commands that work without an environment', async () => {
    const { cloud, local, data } = await start();
    cloud.clock.advance(3 * HOUR_MS);
    const { code, output } = await run('doctor', local);
    expect(code).toBe(1);
    expect(output).toContain(` npm run refresh -- --local --sandbox --data ${data}`);
    expect(output).toMatch(/- encryption +off; the tokens of the sandbox open nothing/);
    const commands = output.match(/npm run (?:refresh|doctor|status|deploy)(?: -- --\w+)?/g) ?? [];
    expect(commands.filter((command) => !command.endsWith(' -- --local'))).toEqual([]);
  });
});
