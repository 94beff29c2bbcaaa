/** One data folder has one `npm start`: a second is refused before it opens anything, and a dead one is no obstacle. */

import { mkdtempSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { publishDoor, readDoor } from '../../scripts/local/door/door-file.ts';
import { startDoor } from '../../scripts/local/door/door.ts';
import { holdFolder } from '../../scripts/place/door.ts';
import { start } from '../../scripts/start/start.ts';

it('names the one that runs, and leaves its door.json as it is', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'alone-'));
  const secret = 'of-the-first';
  const door = await startDoor({
    port: 0,
    secret,
    functions: [],
    invoke: () => Promise.reject(new Error('nothing is called')),
    about: () => ({ dataFolder: folder, offsetMs: 0 }),
  });
  publishDoor(folder, { url: door.url, secret });
  for (const once of [false, true]) {
    const second = start({ once, sandbox: true, port: '0', data: folder });
    await expect(second).rejects.toThrow(`npm start runs on ${folder} already (${door.url}): stop it first`);
  }
  expect(readDoor(folder)).toEqual({ url: door.url, secret });
  expect(readdirSync(folder)).toEqual(['door.json']);
  await door.close();
  // As a killed process leaves it.
  expect(readDoor(folder)).not.toBeNull();
  (await holdFolder(folder))();
});

it('lets one of two that begin at the same instant begin, and names the other’s process', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'alone-'));
  const held = await Promise.allSettled([holdFolder(folder), holdFolder(folder)]);
  expect(held.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
  const second = start({ once: true, sandbox: true, port: '0', data: folder });
  await expect(second).rejects.toThrow(`npm start runs on ${folder} already (process ${process.pid})`);
  expect(readdirSync(folder)).toEqual(['start.lock']);
});
