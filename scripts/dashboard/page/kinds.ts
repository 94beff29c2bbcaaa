/** What a refresh was, for its colour and shape in plots and legend. */

import type { HistoryEntry } from '../../../functions/_shared/token/ports.ts';

/** A failure is shown as a failure, whatever caused the refresh. */
export const KINDS = ['timer', 'reader', 'report', 'manual', 'failed'] as const;
export type Kind = (typeof KINDS)[number];

export function kindOf({ reason, outcome }: HistoryEntry): Kind {
  if (outcome !== 'minted') return 'failed';
  return KINDS.find((kind) => kind === reason) ?? 'manual';
}
