/** The outside door's part of a deployment: put up for the first server, taken down after the last. */

import { pick } from '../../command/language.ts';
import { hasCode } from '../../platform/errors.ts';
import { showCheck } from '../show-check.ts';
import type { Screen } from '../screen.ts';
import type { Site } from '../site.ts';
import { runSteps, type StepOptions, type StepOutcome } from '../step.ts';
import type { WantedFunction } from '../wanted.ts';
import { readLiveServers } from './servers.ts';
import { pathStep } from './path.ts';
import { checkAtPath, checkRefusals } from './stranger-check.ts';
import { doorSteps, findDoor, removalSteps } from './steps.ts';

/** Null: something failed, and has been told. Without a server and a door nothing is done or said. */
export async function runOutside(
  site: Site,
  screen: Screen,
  options: StepOptions,
): Promise<StepOutcome[] | null> {
  try {
    const servers = await readLiveServers(site.environment);
    return servers.length > 0
      ? await putUp(site, screen, options)
      : await takeDown(site.environment, screen, options);
  } catch (error) {
    screen.bad('outside door', error);
    return null;
  }
}

async function putUp(site: Site, screen: Screen, options: StepOptions): Promise<StepOutcome[] | null> {
  const { environment } = site;
  const { wanted, upload } = await site.outside();
  const built = await runSteps(doorSteps({ ...site, wanted: [wanted], upload }), screen, options);
  if (built === null) return null;
  const isRefused =
    options.isDryRun || (await showCheck('outside guard', () => checkRefusals(environment, wanted), screen));
  const path = pathStep(environment);
  const opened = isRefused ? await runSteps([path], screen, options) : null;
  if (opened === null) return null;
  const atPath = options.isDryRun ? [] : await showAtPath(site, wanted, path.addresses(), screen);
  return atPath && [...built, ...opened, ...atPath];
}

/** A path that is not in force yet stops nothing: what it leads to has been checked. */
async function showAtPath(
  site: Site,
  wanted: WantedFunction,
  addresses: readonly string[],
  screen: Screen,
): Promise<StepOutcome[] | null> {
  const title = 'outside guard at its path';
  const outcomes: StepOutcome[] = [];
  for (const address of addresses) {
    try {
      screen.good(title, await checkAtPath(site, wanted, address));
      outcomes.push('unchanged');
    } catch (error) {
      if (!hasCode(error, 'NOT_YET')) {
        screen.bad(title, error);
        return null;
      }
      screen.warn(title, error);
      outcomes.push('skipped');
    }
  }
  return outcomes;
}

async function takeDown(
  environment: Site['environment'],
  screen: Screen,
  options: StepOptions,
): Promise<StepOutcome[] | null> {
  const door = await findDoor(environment);
  if (door === 'foreign')
    screen.skip(
      'outside door',
      pick({
        en: `no server needs it, and ${environment.names.outside} was not deployed from here: it stays`,
        zh: `没有服务器需要它，而 ${environment.names.outside} 不是由本项目部署的：保留`,
      }),
    );
  return door === 'ours' ? runSteps(removalSteps(environment), screen, options) : [];
}
