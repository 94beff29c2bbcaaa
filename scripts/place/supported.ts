/** Stops a command before an environment of a kind that this project has never run in. */

import type { Place } from './open.ts';

/** Nothing of ours is in such an environment, and nothing is written to it. */
export async function requireSupported({ environment }: Pick<Place, 'environment'>): Promise<void> {
  if (environment === null) return;
  const { whyUnsupported } = await import('../platform/kind.ts');
  const why = whyUnsupported(await environment.describe());
  if (why !== undefined) throw why;
}
