/** One line on the screen for something that either holds or stops the deployment. */

import type { Screen } from './screen.ts';

/** Never throws: a failure is told and returned. */
export async function showCheck(title: string, run: () => Promise<string>, screen: Screen): Promise<boolean> {
  try {
    screen.good(title, await run());
    return true;
  } catch (error) {
    screen.bad(title, error);
    return false;
  }
}
