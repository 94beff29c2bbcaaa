/** A command at a real terminal: a pseudo terminal, of which the process is the foreground, as in a user's window. */

import { stripVTControlCharacters } from 'node:util';
import { spawn } from '@lydell/node-pty';
import { onTestFinished } from 'vitest';

interface Ended {
  code: number;
  /** All that has appeared, without colours and movements. */
  shown: string;
}

interface AtTerminal {
  /** Types the keys as soon as the text has appeared, behind what was seen before. */
  type(text: RegExp, keys: string): Promise<void>;
  ended: Promise<Ended>;
}

export const ENTER = '\r';
export const CTRL_C = '\u0003';
export const CTRL_D = '\u0004';

/** It has time on a busy machine; what never appears ends the test by this. */
const MOST_TRIES = 12_000;

export function atTerminal(args: readonly string[], cwd: string, env: NodeJS.ProcessEnv): AtTerminal {
  const pty = spawn(process.execPath, [...args], { cwd, env, cols: 120, rows: 24, name: 'xterm-256color' });
  let all = '';
  let seen = 0;
  let isEnded = false;
  const ended = new Promise<Ended>((resolve) => {
    pty.onData((text) => (all += text));
    pty.onExit(({ exitCode }) => {
      isEnded = true;
      // The last of it may still be under way.
      setImmediate(() => resolve({ code: exitCode, shown: stripVTControlCharacters(all) }));
    });
  });
  onTestFinished(() => {
    if (!isEnded) pty.kill('SIGKILL');
  });
  return {
    ended,
    async type(text, keys) {
      for (let tries = 0; ; tries++) {
        const found = text.exec(stripVTControlCharacters(all).slice(seen));
        if (found !== null) {
          seen += found.index + found[0].length;
          break;
        }
        if (isEnded || tries > MOST_TRIES) throw new Error(`${text} never appeared: ${all}`);
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
      pty.write(keys);
    },
  };
}
