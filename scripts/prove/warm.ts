/** Two instances: loading one while a call waits for it could use up that call's time. */

import type { ScratchFunction } from './scratch-function.ts';

export async function warm({ invoke, holdMs }: ScratchFunction): Promise<void> {
  const event = { line: 'warm', act: 'hold', waitMs: holdMs } as const;
  await Promise.all([invoke(event), invoke(event)]);
}
