/** `npm run status`: one screen per app; what is stored, what comes next, what went wrong. */

import { pick } from '../command/language.ts';
import { callOf } from '../command/call.ts';
import { defineCommand, type ExitCode } from '../command/definition.ts';
import { PLACE_FLAGS } from '../place/flags.ts';
import type { Whereabouts } from '../place/advice.ts';
import type { Place } from '../place/open.ts';

export default defineCommand({
  description: {
    en: 'Shows each app and each ticket (setup --tickets jsapi): life left, next refresh, mints, last refreshes, breaker. Exit codes: 0 shown (whatever it shows), 2 could not look.',
    zh: '显示每个应用和每个 ticket（setup --tickets jsapi）的剩余时间、下次刷新、获取次数、最近的刷新和熔断状态。退出码：0 已显示（无论内容如何），2 无法查看。',
  },
  flags: {
    appid: { type: 'string', description: { en: 'this app only', zh: '只看这个应用' } },
    watch: {
      type: 'boolean',
      excludes: 'json',
      description: { en: 'draw it again every 2 seconds, on a terminal', zh: '在终端上每 2 秒刷新一次画面' },
    },
    json: { type: 'boolean', description: { en: 'for programs', zh: '输出 JSON，供程序读取' } },
    ...PLACE_FLAGS,
  },
  failsWith: 2,
  async run({ appid, watch: isWatched, json, ...flags }): Promise<ExitCode> {
    if (isWatched && !process.stdout.isTTY)
      throw new Error(
        pick({
          en: `--watch needs a terminal: without one, run ${callOf('status', '--json')} as often as you like`,
          zh: `--watch 需要终端：没有终端时，可按需反复执行 ${callOf('status', '--json')}`,
        }),
      );
    const [{ withPlace }, { requireSupported }, { whereaboutsOf }] = await Promise.all([
      import('../place/open.ts'),
      import('../place/supported.ts'),
      import('../place/whereabouts.ts'),
    ]);
    return withPlace(flags, async (place): Promise<ExitCode> => {
      await requireSupported(place);
      const at = whereaboutsOf(place.local, flags);
      if (isWatched) await watchUntilInterrupted(place, appid, at);
      else console.log(await show(place, appid, json, at));
      return 0;
    });
  },
});

async function kindOf({ environment }: Place): Promise<string | undefined> {
  if (environment === null) return undefined;
  const { describeKind } = await import('../platform/kind.ts');
  return describeKind(await environment.describe());
}

async function show(
  place: Place,
  appid: string | undefined,
  isJson: boolean,
  at: Whereabouts,
): Promise<string> {
  const { readStatus, renderStatus } = await import('./status.ts');
  const status = await readStatus(place, appid, await place.readClock(), await kindOf(place));
  return isJson ? JSON.stringify(status, null, 2) : renderStatus(status, at);
}

async function watchUntilInterrupted(
  place: Place,
  appid: string | undefined,
  at: Whereabouts,
): Promise<void> {
  const { watch } = await import('./watch.ts');
  const ending = new AbortController();
  process.once('SIGINT', () => ending.abort());
  process.once('SIGTERM', () => ending.abort());
  const out = (text: string): void => void process.stdout.write(text);
  await watch({ draw: () => show(place, appid, false, at), out, signal: ending.signal });
}
