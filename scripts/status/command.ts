/** `npm run status`: one screen per app; what is stored, what comes next, what went wrong. */

import { runCommand, type ExitCode } from '../command/command.ts';
import { PLACE_ARGS, withPlace, type Place } from '../place/open.ts';
import { readStatus, renderStatus } from './status.ts';
import { watch } from './watch.ts';

await runCommand({
  name: 'status',
  description:
    'Shows each app: life left, next refresh, mints, last refreshes, breaker. Exit codes: 0 shown (whatever it shows), 2 could not look.',
  args: {
    appid: { type: 'string', description: 'this app only' },
    watch: { type: 'boolean', default: false, description: 'draw it again every 2 seconds, on a terminal' },
    json: { type: 'boolean', default: false, description: 'for programs' },
    ...PLACE_ARGS,
  },
  failsWith: 2,
  async run({ appid, watch: isWatched, json, ...flags }): Promise<ExitCode> {
    if (isWatched && json)
      throw new Error('--watch and --json exclude each other: run --json as often as you like');
    if (isWatched && !process.stdout.isTTY)
      throw new Error(
        '--watch needs a terminal: without one, run npm run status -- --json as often as you like',
      );
    return withPlace(flags, async (place): Promise<ExitCode> => {
      if (isWatched) await watchUntilInterrupted(place, appid);
      else console.log(await show(place, appid, json));
      return 0;
    });
  },
});

async function show(place: Place, appid: string | undefined, isJson: boolean): Promise<string> {
  const status = await readStatus(place, appid, await place.lookAtClock());
  return isJson ? JSON.stringify(status, null, 2) : renderStatus(status);
}

async function watchUntilInterrupted(place: Place, appid: string | undefined): Promise<void> {
  const ending = new AbortController();
  process.once('SIGINT', () => ending.abort());
  process.once('SIGTERM', () => ending.abort());
  const out = (text: string): void => void process.stdout.write(text);
  await watch({ draw: () => show(place, appid, false), out, signal: ending.signal });
}
