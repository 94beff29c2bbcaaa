/** `npm run client`: who may come through the outside door. Exit codes: 0 done, 1 not done. */

import { defineCommand, runMain, type ArgsDef } from 'citty';
import { chooseAppids } from './client/appids.ts';
import { addClient, listClients, liveClients, revokeClient } from './client/clients.ts';
import { findClients, openClients } from './client/collection.ts';
import { tellAdded, tellList, tellRevoked } from './client/tell.ts';
import { requireKnown } from './operate/command.ts';
import { PLACE_ARGS, withPlace, type Place, type PlaceFlags } from './operate/open.ts';
import { readSettings } from './operate/settings.ts';

const NAME = { type: 'positional', description: 'what you call it', required: true } as const;
const APPID = {
  type: 'string',
  description: 'the app, or several with commas; not needed when one is configured',
} as const;

const add = defineCommand({
  meta: { name: 'npm run client -- add', description: 'Makes a client and shows its key, once.' },
  args: { name: NAME, appid: APPID, ...PLACE_ARGS },
  run: ({ args }) =>
    guarded({ name: NAME, appid: APPID, ...PLACE_ARGS }, args, (place) => addOne(place, args)),
});

const list = defineCommand({
  meta: { name: 'npm run client -- list', description: 'Shows all clients, the revoked ones too.' },
  args: PLACE_ARGS,
  run: ({ args }) =>
    guarded(PLACE_ARGS, args, async (place) => {
      const documents = await findClients(place);
      return tellList(documents === null ? [] : await listClients(documents), Date.now());
    }),
});

const revoke = defineCommand({
  meta: { name: 'npm run client -- revoke', description: 'Makes the key of a client useless, at once.' },
  args: { name: NAME, ...PLACE_ARGS },
  run: ({ args }) =>
    guarded({ name: NAME, ...PLACE_ARGS }, args, async (place) => {
      const documents = await openClients(place);
      await revokeClient(documents, args.name, Date.now());
      return tellRevoked(args.name, (await liveClients(documents)).length, args.local);
    }),
});

await runMain(
  defineCommand({
    meta: { name: 'npm run client --', description: 'Servers outside CloudBase that share the token.' },
    subCommands: { add, list, revoke },
  }),
);

async function addOne(
  place: Place,
  { name, appid, local, port }: { name: string; appid?: string | undefined; local: boolean; port: string },
): Promise<string> {
  const configured = readSettings(place.values).apps.map((app) => app.appid);
  const appids = chooseAppids(appid, configured);
  const documents = await openClients(place);
  const key = await addClient(documents, { name, appids }, Date.now());
  return tellAdded(name, appids, key, local ? `http://127.0.0.1:${port}` : null);
}

/** Prints what `run` returns; an error is one line. */
async function guarded(
  args: ArgsDef,
  parsed: PlaceFlags & { _: string[] },
  run: (place: Place) => Promise<string>,
): Promise<void> {
  try {
    const positionals = Object.values(args).filter(({ type }) => type === 'positional').length;
    requireKnown('client', args, { ...parsed, _: parsed._.slice(positionals) }, process.env);
    console.log(await withPlace(parsed, run));
  } catch (error) {
    console.error(`✗ ${error instanceof Error ? error.message : String(error)}`);
    process.exitCode = 1;
  }
}
