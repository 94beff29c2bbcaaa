/** Whether WeChat has just given the reported ticket out again. */

import type { App } from '../_shared/token/app.ts';
import { KINDS } from '../_shared/token/kinds.ts';

/** Null: another ticket is the answer, or WeChat could not be asked. */
export function confirmedAtMs({ memory, ports }: App, token: string, reported: string | null): number | null {
  const { verdict, token: kept } = memory?.record ?? {};
  if (reported !== token || kept?.value !== token || verdict?.outcome !== 'accepted') return null;
  return Math.abs(ports.now() - verdict.atMs) < KINDS.ticket.acceptedForMs ? verdict.atMs : null;
}
