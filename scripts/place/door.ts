/** The client door of a running `npm start`: which one works on a data folder, and calls as the management side. */

import { realpathSync } from 'node:fs';
import * as z from 'zod';
import { readAddress } from '../local/door/address.ts';
import type { Invocation } from '../platform/environment.ts';

export interface RunningCloud {
  url: string;
  /** How far its clock is ahead of this machine's. */
  offsetMs: number;
}

/** Longer than the functions' own time limit, so that theirs is the one that is met. */
const PATIENCE_MS = 90_000;
/** It only tells what it knows. */
const ASK_PATIENCE_MS = 2_000;

const About = z.object({ dataFolder: z.string().nullable(), offsetMs: z.number() });

/** Null: no `npm start` works on that folder. The one at `doorUrl` may work on another. */
export async function findRunning(folder: string, doorUrl: string): Promise<RunningCloud | null> {
  for (const url of new Set([readAddress(folder) ?? doorUrl, doorUrl])) {
    const about = await askAbout(url);
    if (about !== null && about.dataFolder !== null && isSameFolder(about.dataFolder, folder))
      return { url, offsetMs: about.offsetMs };
  }
  return null;
}

/** Null: nobody is at that door, or nobody who knows this function. */
export async function knockAt(doorUrl: string, name: string, event: object): Promise<Invocation | null> {
  const body = JSON.stringify(event);
  const signal = AbortSignal.timeout(PATIENCE_MS);
  try {
    const response = await fetch(`${doorUrl}/as/management/${name}`, { method: 'POST', body, signal });
    const reply = (await response.json()) as { result?: unknown; errMsg?: unknown };
    if ('result' in reply) return { result: reply.result };
    return response.status === 502 && typeof reply.errMsg === 'string' ? { failure: reply.errMsg } : null;
  } catch {
    return null;
  }
}

async function askAbout(doorUrl: string): Promise<z.output<typeof About> | null> {
  try {
    const signal = AbortSignal.timeout(ASK_PATIENCE_MS);
    const response = await fetch(`${doorUrl}/__cloud`, { signal, redirect: 'error' });
    return About.safeParse(await response.json()).data ?? null;
  } catch {
    return null;
  }
}

function isSameFolder(one: string, other: string): boolean {
  try {
    return realpathSync(one) === realpathSync(other);
  } catch {
    return false;
  }
}
