/** A real `npm start` with a data folder of its own: its door, and the memory of all its processes. */

import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { readDoor, type DoorAccess } from '../local/door/door-file.ts';

export interface Started {
  door: DoorAccess;
  /** The resident sets of all its processes. */
  memoryMB(): Promise<number>;
}

/** The last line of its start. */
const LAST_LINE = 'Ctrl-C ends it';

export async function withStart<T>(
  root: string,
  flags: readonly string[],
  run: (started: Started) => Promise<T>,
): Promise<T> {
  const data = await mkdtemp(join(tmpdir(), 'bench-start-'));
  const args = ['scripts/run.cjs', 'start', '--sandbox', '--port', '0', '--data', data, ...flags];
  const child = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
  try {
    await untilStarted(child);
    const door = readDoor(data);
    if (door === null || child.pid === undefined) throw new Error('the start has no door');
    const { pid } = child;
    return await run({ door, memoryMB: () => memoryOf(pid) });
  } finally {
    const gone = child.exitCode === null ? once(child, 'exit') : undefined;
    child.kill('SIGINT');
    await gone;
    await rm(data, { recursive: true, force: true });
  }
}

function untilStarted(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let printed = '';
    for (const stream of [child.stdout, child.stderr])
      stream?.setEncoding('utf8').on('data', (text: string) => {
        printed += text;
        if (printed.includes(LAST_LINE)) resolve();
      });
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`the start ended with ${code}: ${printed}`)));
  });
}

async function memoryOf(root: number): Promise<number> {
  const { stdout } = await promisify(execFile)('ps', ['-A', '-o', 'pid=,ppid=,rss=']);
  const all = stdout.split('\n').map((line) => line.trim().split(/\s+/).map(Number));
  const family = new Set([root]);
  // A parent may come after its child.
  for (let size = 0; size < family.size;) {
    size = family.size;
    for (const [pid = 0, parent = 0] of all) if (family.has(parent)) family.add(pid);
  }
  const kilobytes = all.reduce((sum, [pid = 0, , rss = 0]) => sum + (family.has(pid) ? rss : 0), 0);
  return (kilobytes * 1024) / 1e6;
}
