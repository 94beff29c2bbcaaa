/** `npm run dashboard`: serves the state of a CloudBase environment as a page on this machine, read only. */

import { defineCommand, type ExitCode } from '../command/definition.ts';
import { PLACE_FLAGS } from '../place/flags.ts';
import type { Dashboard } from './serve.ts';

const { local, data, sandbox } = PLACE_FLAGS;

export default defineCommand({
  description: {
    en: 'Serves a page on 127.0.0.1 that shows each app: life left, timeline, breaker, what to do next.',
    zh: '在 127.0.0.1 上提供一个网页，显示每个应用的剩余时间、时间线、熔断状态和下一步。',
  },
  flags: {
    port: {
      type: 'string',
      description: {
        en: 'of the page (default 18601, or any free one; 0: any free one)',
        zh: '网页的端口（默认 18601，被占用时换一个；0：任意空闲端口）',
      },
    },
    local,
    data,
    sandbox,
  },
  async run({ port, ...flags }): Promise<ExitCode> {
    const [
      { withPlace },
      { whereaboutsOf },
      { listen, readPort },
      { readingSource },
      { startDashboard },
      { createSecret },
    ] = await Promise.all([
      import('../place/open.ts'),
      import('../place/whereabouts.ts'),
      import('./port.ts'),
      import('./reading.ts'),
      import('./serve.ts'),
      import('../local/guard.ts'),
    ]);
    const wanted = readPort(port);
    const wherever = { ...flags, port: PLACE_FLAGS.port.default };
    return withPlace(wherever, async (place): Promise<ExitCode> => {
      const source = readingSource(place, place.readClock, whereaboutsOf(place.local, wherever));
      const dashboard = await listen(wanted, (free) =>
        startDashboard({ port: free, secret: createSecret(), source }),
      );
      console.log(`${place.reach.envId}: ${dashboard.address}\nCtrl-C ends it.`);
      await untilInterrupted(dashboard);
      return 0;
    });
  },
});

async function untilInterrupted(dashboard: Dashboard): Promise<void> {
  await new Promise<void>((resolve) => {
    process.once('SIGINT', resolve);
    process.once('SIGTERM', resolve);
  });
  await dashboard.close();
}
