/** The dashboard of `npm start`. It is an extra: whatever keeps it from starting, the embedded cloud goes on. */

import { embeddedSource } from '../dashboard/embedded.ts';
import { createUserProject } from '../dashboard/user-project.ts';
import { createKnobs } from '../dashboard/knobs.ts';
import { listen } from '../dashboard/port.ts';
import { startDashboard, type Dashboard } from '../dashboard/serve.ts';
import type { Ticks } from '../dashboard/ticks.ts';
import type { Whereabouts } from '../place/advice.ts';
import type { Cloud } from '../local/cloud.ts';
import { appsIn } from '../local/variables.ts';
import { tellStep } from './screen.ts';
import type { Settings } from '../local/settings.ts';

export interface ServeOptions {
  root: string;
  cloud: Cloud;
  settings: Settings;
  ticks: Ticks;
  /** Names of the user's functions. */
  functions: readonly string[];
  at: Whereabouts;
}

/** Undefined when it could not be served; the reason has been told. */
export async function serveDashboard(options: ServeOptions): Promise<Dashboard | undefined> {
  const { root, cloud, settings, ticks, at } = options;
  const { sandbox, door, secret } = cloud;
  try {
    const apps = appsIn(settings.variables);
    const knobs = sandbox && createKnobs({ cloud, sandbox, apps });
    const userProject = createUserProject(cloud, options.functions);
    const { variables } = settings;
    const source = await embeddedSource({ root, cloud, variables, ticks, knobs, userProject, at });
    return await listen(portNextTo(settings.port, door.port), (port) =>
      startDashboard({ port, secret, source, knobs, userProject }),
    );
  } catch (error) {
    tellStep(false, 'dashboard', error instanceof Error ? error.message : String(error));
    return undefined;
  }
}

/** Beside the door, where a person would look for it; any free port where the door has taken one. */
function portNextTo(asked: number, door: number): { port: number; isFlexible: boolean } {
  if (asked === 0 || door >= 65_535) return { port: 0, isFlexible: true };
  return { port: door + 1, isFlexible: true };
}
