/** Where a command looks: the CloudBase environment of the settings, or with `--local` the embedded cloud's data. */

import { resolve } from 'node:path';
import pc from 'picocolors';
import type { Environment } from '../platform/environment.ts';
import { readPlatformSettings, type Values } from '../platform/settings.ts';
import { openLocal, type Local } from './local.ts';
import { systemClock, type Clock, type Reach } from './reach.ts';

export const ROOT = resolve(import.meta.dirname, '../..');

/** Flags that all of these commands have. */
export const PLACE_ARGS = {
  local: {
    type: 'boolean',
    default: false,
    description: "the embedded cloud's data, not a CloudBase environment",
  },
  data: { type: 'string', default: '.local/data', description: 'folder of that data' },
  sandbox: { type: 'boolean', default: false, description: 'with --local: as npm start -- --sandbox' },
  port: { type: 'string', default: '18600', description: 'port of a running npm start' },
} as const;

export interface PlaceFlags {
  local: boolean;
  data: string;
  sandbox: boolean;
  port: string;
}

export interface Place {
  reach: Reach;
  /** The whole of it; null on the embedded cloud, which has no platform to describe. */
  environment: Environment | null;
  /** What is said only of the embedded cloud; null elsewhere. */
  local: Pick<Local, 'offsetMs' | 'notice' | 'isWeChatReal'> | null;
  /** The clock that the functions there go by. */
  clock: Clock;
  /** The instant there, asked anew: the knobs of an `npm start` move its clock. */
  lookAtClock(): Promise<number>;
  values: Values;
  /** The way out to Tencent's API; undefined: directly. */
  proxy: string | undefined;
}

/** Throws one readable line when there is nothing to look at. */
export async function openPlace({ local, data, sandbox, port }: PlaceFlags): Promise<Place> {
  if (!/^\d{1,5}$/.test(port)) throw new Error(`--port must be a number, not ${JSON.stringify(port)}`);
  if (local) {
    const doorUrl = `http://127.0.0.1:${port}`;
    const opened = await openLocal({ root: ROOT, data, isSandbox: sandbox, doorUrl });
    return { ...opened, local: opened, environment: null, proxy: undefined };
  }
  const settings = readPlatformSettings(ROOT);
  // Loaded here: with its libraries it takes longer than all the rest, and --local needs none of them.
  const { openEnvironment } = await import('../platform/open.ts');
  const { environment } = await openEnvironment(settings);
  const { values, proxy } = settings;
  const clock = systemClock;
  const lookAtClock = async (): Promise<number> => clock.now();
  return { reach: environment, environment, local: null, clock, lookAtClock, values, proxy };
}

/** The flags that bring another command to the same place; empty for an environment. */
export function sameFlags({ local, data, sandbox }: PlaceFlags): string {
  if (!local) return '';
  const folder = data === PLACE_ARGS.data.default ? '' : ` --data ${data}`;
  return `--local${sandbox ? ' --sandbox' : ''}${folder}`;
}

/** Runs something with a place and closes it, whatever happens. */
export async function withPlace<T>(flags: PlaceFlags, run: (place: Place) => Promise<T>): Promise<T> {
  const place = await openPlace(flags);
  if (place.local?.notice) console.error(`${pc.yellow('!')} ${place.local.notice}`);
  try {
    return await run(place);
  } finally {
    await place.reach.close();
  }
}
