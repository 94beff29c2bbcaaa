/** `start.lock` in a data folder: which process works on it. Created or refused in one step, so two can't both get it. */

import { randomBytes } from 'node:crypto';
import { linkSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { uptime } from 'node:os';
import { join } from 'node:path';
import { isRunning } from './running.ts';

const FILE = 'start.lock';
/** A lock that changes hands all the time is somebody's at any rate. */
const MOST_TRIES = 5;

/** Of this process: by its pid alone, it could be that of a process before a restart of the container. */
const held = new Set<string>();

/** What gives the folder back; or, where another process works on it, its pid. */
export function lockFolder(folder: string): { release: () => void } | { heldBy: number } {
  const file = join(folder, FILE);
  let heldBy = 0;
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    if (create(file)) return { release: () => release(file) };
    const text = read(file);
    heldBy = Number(text);
    if (text !== null && isAtWork(file, heldBy)) return { heldBy };
    if (text !== null) putAway(file, text);
  }
  return { heldBy };
}

/** By a link, which there can be one of: the file is never there without its content. */
function create(file: string): boolean {
  const own = `${file}.${process.pid}.${randomBytes(4).toString('hex')}`;
  writeFileSync(own, String(process.pid), { flag: 'wx', mode: 0o600 });
  try {
    linkSync(own, file);
    held.add(file);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  } finally {
    rmSync(own, { force: true });
  }
}

/** Null: it has gone. */
function read(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}

/** A killed process leaves its lock behind. No process is older than the machine's last start. */
function isAtWork(file: string, pid: number): boolean {
  if (pid === process.pid) return held.has(file);
  if (!Number.isInteger(pid) || pid < 1 || !isRunning(pid)) return false;
  const startedAtMs = Date.now() - uptime() * 1_000;
  return (statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0) >= startedAtMs;
}

/** By renaming it, which one of several processes can do. If another has just taken the folder, it is put back. */
function putAway(file: string, text: string): void {
  const away = `${file}.${process.pid}.away`;
  try {
    renameSync(file, away);
    if (read(away) !== text) linkSync(away, file);
  } catch {
    // Somebody was faster; the next try sees whose it is now.
  } finally {
    rmSync(away, { force: true });
  }
}

function release(file: string): void {
  held.delete(file);
  if (read(file) === String(process.pid)) rmSync(file, { force: true });
}
