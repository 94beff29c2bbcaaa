/** What is known of one function since the start: its calls, and the last lines that it has printed. */

import type { Printed } from './instance-log.ts';

export interface FunctionRecord {
  calls: number;
  errors: number;
  coldStarts: number;
  lines: readonly string[];
}

const MAX_LINES_KEPT = 200;

export function createRecord() {
  const lines: string[] = [];
  const counts = { calls: 0, errors: 0, coldStarts: 0 };
  return {
    counts,
    keep({ text }: Printed): void {
      lines.push(text);
      if (lines.length > MAX_LINES_KEPT) lines.shift();
    },
    read: (): FunctionRecord => ({ ...counts, lines: [...lines] }),
  };
}
