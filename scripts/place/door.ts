/** The client door of a running `npm start`: which one works on a data folder, and calls as the management side. */

import { realpathSync } from 'node:fs';
import * as z from 'zod';
import { pick } from '../command/language.ts';
import { callOf } from '../command/call.ts';
import { readDoor, type DoorAccess } from '../local/door/door-file.ts';
import { lockFolder } from '../local/folder-lock.ts';
import type { Invocation } from '../platform/environment.ts';

export interface RunningCloud extends DoorAccess {
  /** How far its clock is ahead of this machine's. */
  offsetMs: number;
}

/** Longer than the functions' own time limit, so that theirs is the one that is met. */
const PATIENCE_MS = 90_000;
/** It only tells what it knows. */
const ASK_PATIENCE_MS = 2_000;

const About = z.object({ dataFolder: z.string().nullable(), offsetMs: z.number() });

/** Null: no `npm start` works on that folder. One that was killed has left its door.json behind. */
export async function findRunning(folder: string): Promise<RunningCloud | null> {
  const door = readDoor(folder);
  const about = door && (await askAbout(door));
  if (door === null || about === null || about.dataFolder === null) return null;
  return isSameFolder(about.dataFolder, folder) ? { ...door, offsetMs: about.offsetMs } : null;
}

/**
 * Takes the folder, and gives back what releases it. Throws one line where an `npm start` works on it: a second one's
 * WeChat would not know the tokens of the first, and one that is still starting has no door yet.
 */
export async function holdFolder(folder: string): Promise<() => void> {
  const running = await findRunning(folder);
  const lock = running === null ? lockFolder(folder) : null;
  if (lock !== null && 'release' in lock) return lock.release;
  const who = running?.url ?? pick({ en: `process ${lock?.heldBy}`, zh: `进程 ${lock?.heldBy}` });
  throw new Error(
    pick({
      en: `${callOf('start')} runs on ${folder} already (${who}): stop it first, or choose another folder with --data`,
      zh: `已有 ${callOf('start')} 在使用数据目录 ${folder}（${who}）：请先停止它，或者用 --data 换一个目录`,
    }),
  );
}

/** Null: nobody is at that door, or nobody who knows this function. */
export async function knockAt(door: DoorAccess, name: string, event: object): Promise<Invocation | null> {
  const body = JSON.stringify(event);
  const signal = AbortSignal.timeout(PATIENCE_MS);
  try {
    const url = `${door.url}/as/management/${name}`;
    const response = await fetch(url, { method: 'POST', headers: headersFor(door), body, signal });
    const reply = (await response.json()) as { result?: unknown; errMsg?: unknown };
    if ('result' in reply) return { result: reply.result };
    return response.status === 502 && typeof reply.errMsg === 'string' ? { failure: reply.errMsg } : null;
  } catch {
    return null;
  }
}

/** Throws one line where that cloud has no sandbox. */
export async function resetAt(door: DoorAccess): Promise<void> {
  const signal = AbortSignal.timeout(PATIENCE_MS);
  const headers = headersFor(door);
  const response = await fetch(`${door.url}/__cloud/reset`, { method: 'POST', headers, signal });
  if (response.ok) return;
  const { errMsg = `HTTP ${response.status}` } = (await response.json()) as { errMsg?: string };
  throw new Error(
    pick({
      en: `the ${callOf('start')} at ${door.url} could not be reset: ${errMsg}`,
      zh: `${door.url} 的 ${callOf('start')} 无法重置：${errMsg}`,
    }),
  );
}

async function askAbout(door: DoorAccess): Promise<z.output<typeof About> | null> {
  try {
    const signal = AbortSignal.timeout(ASK_PATIENCE_MS);
    const headers = headersFor(door);
    const response = await fetch(`${door.url}/__cloud`, { headers, signal, redirect: 'error' });
    return About.safeParse(await response.json()).data ?? null;
  } catch {
    return null;
  }
}

function headersFor({ secret }: DoorAccess): Record<string, string> {
  return { authorization: `Bearer ${secret}` };
}

function isSameFolder(one: string, other: string): boolean {
  try {
    return realpathSync(one) === realpathSync(other);
  } catch {
    return false;
  }
}
