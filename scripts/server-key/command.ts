/** `npm run server-key`: who may come through the outside door. Exit codes: 0 done, 1 not done. */

import { defineCommand, runMain, type ArgsDef } from 'citty';
import { chooseAppids } from './appids.ts';
import { addClient, listClients, liveClients, revokeClient } from '../deploy/outside/servers.ts';
import { findClients, openClients } from './collection.ts';
import { tellAdded, tellList, tellRevoked } from './tell.ts';
import { requireKnown, requireYesOrNo } from '../command/command.ts';
import { showUsage } from '../command/help.ts';
import { PLACE_ARGS, withPlace, type Place, type PlaceFlags } from '../place/open.ts';
import { readSettings } from '../place/settings.ts';

const NAME = { type: 'positional', description: 'what you call it', required: true } as const;
const APPID = {
  type: 'string',
  description: 'the app, or several with commas; not needed when one is configured',
} as const;

const add = defineCommand({
  meta: { name: 'add', description: 'Makes a client and shows its key, once.' },
  args: { name: NAME, appid: APPID, ...PLACE_ARGS },
  run: (given) =>
    guarded({ name: NAME, appid: APPID, ...PLACE_ARGS }, given, (place) => addOne(place, given.args)),
});

const list = defineCommand({
  meta: { name: 'list', description: 'Shows all clients, the revoked ones too.' },
  args: PLACE_ARGS,
  run: (given) =>
    guarded(PLACE_ARGS, given, async (place) => {
      const documents = await findClients(place);
      return tellList(documents === null ? [] : await listClients(documents), place.clock.now());
    }),
});

const revoke = defineCommand({
  meta: { name: 'revoke', description: 'Makes the key of a client useless, at once.' },
  args: { name: NAME, ...PLACE_ARGS },
  run: (given) =>
    guarded({ name: NAME, ...PLACE_ARGS }, given, async (place) => {
      const { name, local } = given.args;
      const documents = await openClients(place);
      await revokeClient(documents, name, place.clock.now());
      return tellRevoked(name, (await liveClients(documents)).length, local);
    }),
});

await runMain(
  defineCommand({
    meta: { name: 'npm run server-key --', description: 'Servers outside CloudBase that share the token.' },
    subCommands: { add, list, revoke },
  }),
  { showUsage },
);

async function addOne(
  place: Place,
  { name, appid, local, port }: { name: string; appid?: string | undefined; local: boolean; port: string },
): Promise<string> {
  const configured = readSettings(place.values).apps.map((app) => app.appid);
  const appids = chooseAppids(appid, configured);
  const documents = await openClients(place);
  const key = await addClient(documents, { name, appids }, place.clock.now());
  return tellAdded(name, appids, key, local ? `http://127.0.0.1:${port}` : null);
}

/** Prints what `run` returns; an error is one line. */
async function guarded(
  args: ArgsDef,
  { args: parsed, rawArgs }: { args: PlaceFlags & { _: string[] }; rawArgs: string[] },
  run: (place: Place) => Promise<string>,
): Promise<void> {
  try {
    requireYesOrNo(args, rawArgs);
    const positionals = Object.values(args).filter(({ type }) => type === 'positional').length;
    requireKnown('client', args, { ...parsed, _: parsed._.slice(positionals) }, process.env);
    console.log(await withPlace(parsed, run));
  } catch (error) {
    console.error(`✗ ${error instanceof Error ? error.message : String(error)}`);
    process.exitCode = 1;
  }
}
