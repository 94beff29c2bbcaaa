/** `npm run doctor`: what is wrong, why it matters, and the command that cures it. */

import { join } from 'node:path';
import { runCommand, type ExitCode } from '../command/command.ts';
import { examine } from './doctor.ts';
import { exitCodeOf, unseen } from './finding.ts';
import { outsideOf, wantedOf } from './platform-checks.ts';
import { readServerTime } from './server-time.ts';
import { renderFindings } from './table.ts';
import { openPlace, PLACE_ARGS, ROOT, sameFlags, type PlaceFlags } from '../place/open.ts';
import { readValues } from '../platform/settings.ts';

await runCommand({
  name: 'doctor',
  description:
    'Looks at the deployment and at every app, and changes nothing. Exit codes: 0 all is well (hints apart), 1 problems, 2 could not look at everything.',
  args: { json: { type: 'boolean', default: false, description: 'for programs' }, ...PLACE_ARGS },
  failsWith: 2,
  run: ({ json, ...flags }): Promise<ExitCode> => diagnose(flags, json),
});

async function diagnose(flags: PlaceFlags, isJson: boolean): Promise<ExitCode> {
  const opened = await openPlace(flags).then(
    (place) => ({ place, error: undefined }),
    (error: unknown) => ({ place: null, error }),
  );
  const values = opened.place?.values ?? readValues(ROOT);
  const environment = opened.place?.environment ?? null;
  const now = opened.place?.clock.now ?? Date.now;
  try {
    const findings = await examine({
      reach: opened.place?.reach ?? null,
      closed: unseen(flags.local ? 'data folder' : 'credentials', opened.error),
      environment,
      wanted: () => wantedOf(ROOT, values),
      outside: () => outsideOf(ROOT, values),
      values,
      envFile: join(ROOT, '.env.local'),
      now,
      serverTime: () => readServerTime(opened.place?.proxy, now),
      ...(opened.place?.local ? { local: { ...opened.place.local, flags: sameFlags(flags) } } : {}),
    });
    const name = opened.place?.reach.envId ?? 'no environment';
    const code = exitCodeOf(findings);
    console.log(
      isJson
        ? JSON.stringify({ environment: name, exitCode: code, findings }, null, 2)
        : renderFindings(name, findings),
    );
    return code;
  } finally {
    await opened.place?.reach.close();
  }
}
