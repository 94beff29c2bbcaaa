/** What was acknowledged is on disk, whatever happens to the process; a folder that can't be read is said to be one. */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createCloudClock } from '../../../scripts/local/clock.ts';
import { openDatabase } from '../../../scripts/local/database/open.ts';

const clock = createCloudClock();
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'database-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('the database on disk', () => {
  it('has every acknowledged write after its process was killed', async () => {
    const acknowledged = await writeUntilKilled(join(folder, 'data'), 100);
    const database = openDatabase({ folder: join(folder, 'data'), clock });
    const collection = database.collection('c');
    const missing = range(acknowledged).filter((n) => collection.count({ _id: `document ${n}` }) === 0);
    expect(missing).toEqual([]);
    const counter = collection.find({ query: { _id: 'counter' } })[0]?.['n'];
    // One more may have been written and not yet reported.
    expect([acknowledged, acknowledged + 1]).toContain(counter);
    await collection.insert([{ _id: 'after' }]);
    expect(collection.find({ query: {} }).at(-1)).toEqual({ _id: 'after' });
    await database.close();
  });

  it('is the same after it was closed and opened', async () => {
    const first = openDatabase({ folder, clock });
    first.createCollection('c');
    await first.collection('c').insert([{ _id: 'b', at: new Date(5) }, { _id: 'a' }]);
    await first.close();
    const second = openDatabase({ folder, clock });
    expect(second.collection('c').find({ query: {} })).toEqual([{ _id: 'b', at: new Date(5) }, { _id: 'a' }]);
    expect(() => second.createCollection('c')).toThrow(/Table exist/);
    await second.close();
  });

  it('lets one of 20 concurrent adds and one of 20 concurrent swaps win', async () => {
    const database = openDatabase({ folder, clock });
    database.createCollection('c');
    const collection = database.collection('c');
    const adds = await Promise.allSettled(
      range(20).map((n) => collection.insert([{ _id: 'x', version: 0, by: n }])),
    );
    expect(adds.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    const swap = { query: { _id: 'x', version: 0 }, update: { $inc: { version: 1 } } };
    const swaps = await Promise.all(range(20).map(() => collection.update(swap)));
    expect(swaps.filter(({ modified }) => modified === 1)).toHaveLength(1);
    expect(collection.find({ query: {} })).toMatchObject([{ version: 1 }]);
    await database.close();
  });
});

describe('a data folder that cannot be read fails with one sentence', () => {
  const SENTENCE =
    /^The embedded database in .* can't be read \(.+\): delete that folder .*, or restore it from a copy\.$/;

  it.each<[what: string, damage: (file: string) => void]>([
    ['whose file is something else', (file) => writeFileSync(file, 'garbage'.repeat(4000))],
    ['whose file is empty but for a few bytes', (file) => truncateSync(file, 100)],
    ['whose file was cut off', (file) => truncateSync(file, 9000)],
    ['whose documents are unreadable', (file) => replaceInFile(file, '"text":"', '"text"#"')],
  ])('%s', async (_what, damage) => {
    const database = openDatabase({ folder, clock });
    database.createCollection('c');
    await database
      .collection('c')
      .insert(range(50).map((n) => ({ _id: `d${n}`, text: 'SECRET'.repeat(50) })));
    await database.close();
    damage(join(folder, 'data.mdb'));
    const message = messageOf(() => openDatabase({ folder, clock }));
    expect(message).toMatch(SENTENCE);
    expect(message).toContain(folder);
    expect(message).not.toContain('SECRET');
  });

  it('that is a file', () => {
    const file = join(folder, 'file');
    writeFileSync(file, 'x');
    expect(messageOf(() => openDatabase({ folder: file, clock }))).toMatch(SENTENCE);
  });

  it('and an empty folder is a new database', async () => {
    mkdirSync(join(folder, 'empty.d'));
    const database = openDatabase({ folder: join(folder, 'empty.d'), clock });
    expect(database.hasCollection('c')).toBe(false);
    await database.close();
  });
});

/** Starts the writer, kills it in the middle of its work, and returns the last number that it reported. */
async function writeUntilKilled(data: string, atLeast: number): Promise<number> {
  const script = fileURLToPath(new URL('writer.ts', import.meta.url));
  const child = spawn(process.execPath, ['--import', 'tsx', script, data], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  const last = (): number => Number(output.split('\n').at(-2) ?? 0);
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString();
    if (last() >= atLeast) child.kill('SIGKILL');
  });
  await once(child, 'close');
  expect(child.signalCode).toBe('SIGKILL');
  return last();
}

function replaceInFile(file: string, from: string, to: string): void {
  const text = readFileSync(file, 'latin1');
  if (!text.includes(from)) throw new Error('nothing to damage');
  writeFileSync(file, text.replaceAll(from, to), 'latin1');
}

function messageOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    return error instanceof Error ? error.message : '';
  }
  return 'did not throw';
}

function range(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index + 1);
}
