/** Where a command looks: the CloudBase environment of the settings, or with `--local` the embedded cloud's data. */

import pc from 'picocolors';
import { pick } from '../command/language.ts';
import { PROJECT_FOLDER } from '../command/folders.ts';
import type { Environment } from '../platform/environment.ts';
import { readPlatformSettings, type Values } from '../platform/settings.ts';
import type { PlaceFlags } from './flags.ts';
import { openLocal, type Local } from './local.ts';
import { systemClock, type Clock, type Reach } from './reach.ts';

export interface Place {
  reach: Reach;
  /** The whole of it; null on the embedded cloud, which has no platform to describe. */
  environment: Environment | null;
  /** What is said only of the embedded cloud; null elsewhere. */
  local: Pick<Local, 'offsetMs' | 'notice' | 'isWeChatReal'> | null;
  /** The clock that the functions there go by. */
  clock: Clock;
  /** The instant there, asked anew: the knobs of an `npm start` move its clock. */
  readClock(): Promise<number>;
  values: Values;
}

/** Throws one readable line when there is nothing to look at. */
export async function openPlace({ local, data, sandbox, port }: PlaceFlags): Promise<Place> {
  if (!/^\d{1,5}$/.test(port))
    throw new Error(
      pick({
        en: `--port must be a number, not ${JSON.stringify(port)}`,
        zh: `--port 必须是数字，不能是 ${JSON.stringify(port)}`,
      }),
    );
  if (local) {
    const opened = await openLocal({ root: PROJECT_FOLDER, data, isSandbox: sandbox });
    return { ...opened, local: opened, environment: null };
  }
  const settings = readPlatformSettings(PROJECT_FOLDER);
  // Loaded here: with its libraries it takes longer than all the rest, and --local needs none of them.
  const { openEnvironment } = await import('../platform/open.ts');
  const { environment } = await openEnvironment(settings);
  const { values } = settings;
  const clock = systemClock;
  const readClock = async (): Promise<number> => clock.now();
  return { reach: environment, environment, local: null, clock, readClock, values };
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
