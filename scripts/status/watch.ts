/** Draws the same screen again and again until Ctrl-C. */

const CLEAR = '\u001B[2J\u001B[H';
const PERIOD_MS = 2_000;

export interface WatchOptions {
  draw(): Promise<string>;
  out(text: string): void;
  periodMs?: number;
  /** Ends it. */
  signal: AbortSignal;
}

/** A failed look is shown instead of the screen, and the next one is tried all the same. */
export async function watch({ draw, out, periodMs = PERIOD_MS, signal }: WatchOptions): Promise<void> {
  while (!signal.aborted) {
    const screen = await draw().catch(
      (error: unknown) => `✗ ${error instanceof Error ? error.message : String(error)}`,
    );
    if (signal.aborted) return;
    out(`${CLEAR}${screen}\n\nCtrl-C ends it\n`);
    await untilTime(periodMs, signal);
  }
}

function untilTime(durationMs: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, durationMs);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
