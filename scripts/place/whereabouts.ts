/** Where a command stands, for the advice that it gives. */

import { IS_INSTALLED } from '../command/folders.ts';
import type { Whereabouts } from './advice.ts';
import { sameFlags, type PlaceFlags } from './flags.ts';

/** At a CloudBase environment. */
export const AT_ENVIRONMENT: Whereabouts = { isInstalled: IS_INSTALLED, isSandbox: false, flags: '' };

export function whereaboutsOf(local: { isWeChatReal: boolean } | null, flags: PlaceFlags): Whereabouts {
  if (local === null) return AT_ENVIRONMENT;
  return { isInstalled: IS_INSTALLED, isSandbox: !local.isWeChatReal, flags: sameFlags(flags) };
}
