/** Adds, lists and revokes the keys of servers outside, where the flags say. */

import { pick } from '../command/language.ts';
import type { ExitCode } from '../command/definition.ts';
import { addServer, listServers, liveServers, revokeServer } from '../deploy/outside/servers.ts';
import { sameFlags, type PlaceFlags } from '../place/flags.ts';
import { withPlace, type Place } from '../place/open.ts';
import { readSettings } from '../place/settings.ts';
import { chooseAppids } from './appids.ts';
import { findServers, openServers } from './collection.ts';
import { tellAdded, tellList, tellRevoked, tellTicker } from './tell.ts';

export function add(
  flags: PlaceFlags,
  name: string,
  { appid, ticks: mayTick }: { appid: string | undefined; ticks: boolean },
): Promise<ExitCode> {
  if (mayTick && appid !== undefined)
    throw new Error(
      pick({
        en: 'a key with --ticks gets no token: leave --appid out, or make two keys',
        zh: '带 --ticks 的密钥不能获取 token：请去掉 --appid，或者生成两把密钥',
      }),
    );
  return printed(flags, async (place) => {
    const { apps, ticks } = readSettings(place.values);
    const configured = apps.map((app) => app.appid);
    const appids = mayTick ? [] : chooseAppids(appid, configured);
    const documents = await openServers(place);
    const key = await addServer(documents, { name, appids, mayTick }, place.clock.now());
    const doorUrl = flags.local ? `http://127.0.0.1:${flags.port}` : null;
    return mayTick ? tellTicker(name, key, doorUrl, ticks) : tellAdded(name, appids, key, doorUrl);
  });
}

export function list(flags: PlaceFlags): Promise<ExitCode> {
  return printed(flags, async (place) => {
    const documents = await findServers(place);
    return tellList(documents === null ? [] : await listServers(documents), place.clock.now());
  });
}

export function revoke(flags: PlaceFlags, name: string): Promise<ExitCode> {
  return printed(flags, async (place) => {
    const documents = await openServers(place);
    await revokeServer(documents, name, place.clock.now());
    return tellRevoked(name, (await liveServers(documents)).length, sameFlags(flags));
  });
}

async function printed(flags: PlaceFlags, run: (place: Place) => Promise<string>): Promise<ExitCode> {
  console.log(await withPlace(flags, run));
  return 0;
}
