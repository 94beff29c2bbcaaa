/** Who may refresh (R9). */

import { lastHop } from '../_shared/runtime/caller.ts';
import type { Caller } from '../_shared/runtime/caller.ts';

/** The timer and the management side may; a direct call from outside may not. */
export function mayRefresh(caller: Caller): boolean {
  if (caller.hasOpenid || caller.isHttpRequest || caller.isWebUser) return false;
  return caller.source === null || !OUTSIDERS.has(lastHop(caller.source));
}

const OUTSIDERS = new Set([
  'wx_client',
  'wx_devtools',
  'wx_http',
  'wx_localdebug',
  'wx_paycallback',
  'wx_crawler',
  'wx_unknown',
]);
