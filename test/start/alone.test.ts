/** One data folder has one `npm start`: a second is refused before it opens anything, and a dead one is no obstacle. */

import { mkdtempSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { publishDoor, readDoor } from '../../scripts/local/door/door-file.ts';
import { startDoor } from '../../scripts/local/door/door.ts';
import { requireAlone } from '../../scripts/place/door.ts';
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
  await expect(requireAlone(folder)).resolves.toBeUndefined();
});
