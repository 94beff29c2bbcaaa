/** Passes on what an instance prints, line by line. */

import type { ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';

const MAX_LINE_LENGTH = 4000;

export function forwardLines(child: ChildProcess, write: (line: string) => void): void {
  for (const stream of [child.stdout, child.stderr]) {
    if (stream === null) continue;
    createInterface({ input: stream }).on('line', (line) => write(line.slice(0, MAX_LINE_LENGTH)));
  }
}
