/** Opens the place that the flags name, looks at all of it, and prints the findings. */

import { join } from 'node:path';
import { pick } from '../command/language.ts';
import type { ExitCode } from '../command/definition.ts';
import { PACKAGE_FOLDER, PROJECT_FOLDER } from '../command/folders.ts';
import { sameFlags, type PlaceFlags } from '../place/flags.ts';
import { openPlace } from '../place/open.ts';
import { readValues } from '../platform/settings.ts';
import { examine } from './doctor.ts';
import { exitCodeOf, unseen } from './finding.ts';
import { outsideOf, wantedOf } from './platform/wanted.ts';
import { readServerTime } from '../platform/server-time.ts';
import { renderFindings } from './table.ts';

export async function diagnose(flags: PlaceFlags, isJson: boolean): Promise<ExitCode> {
  const opened = await openPlace(flags).then(
    (place) => ({ place, error: undefined }),
    (error: unknown) => ({ place: null, error }),
  );
  const values = opened.place?.values ?? readValues(PROJECT_FOLDER);
  const environment = opened.place?.environment ?? null;
  const now = opened.place?.clock.now ?? Date.now;
  try {
    const findings = await examine({
      reach: opened.place?.reach ?? null,
      closed: unseen(flags.local ? 'data folder' : 'credentials', opened.error),
      environment,
      wanted: (given) => wantedOf(PACKAGE_FOLDER, given),
      outside: () => outsideOf(PACKAGE_FOLDER, values),
      values,
      envFile: join(PROJECT_FOLDER, '.env.local'),
      now,
      serverTime: () => readServerTime(now),
      ...(opened.place?.local ? { local: { ...opened.place.local, flags: sameFlags(flags) } } : {}),
    });
    const name = opened.place?.reach.envId ?? pick({ en: 'no environment', zh: '没有环境' });
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
