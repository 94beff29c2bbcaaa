/** The lines of a deployment: one per step, ✓ or ✗ with cause and cure; nothing else is ever printed. */

import pc from 'picocolors';
import type { Redact } from '../platform/redact.ts';

export interface Screen {
  good(title: string, text: string): void;
  bad(title: string, error: unknown): void;
  /** What failed and stops nothing. */
  warn(title: string, error: unknown): void;
  /** What a step is about to do. */
  begin(title: string, text: string): void;
  /** What it would do, in a dry run. */
  plan(title: string, text: string): void;
  /** What has no meaning here. */
  skip(title: string, text: string): void;
  say(text: string): void;
}

export function createScreen(redact: Redact, write = (line: string): void => console.log(line)): Screen {
  const line = (mark: string, title: string, text: string): void =>
    write(redact(`${mark} ${pc.bold(title)}: ${text}`));
  return {
    good: (title, text) => line(pc.green('✓'), title, text),
    bad: (title, error) => line(pc.red('✗'), title, messageOf(error)),
    warn: (title, error) => line(pc.yellow('!'), title, `left as it is: ${messageOf(error)}`),
    begin: (title, text) => write(pc.dim(redact(`… ${title}: ${text}`))),
    plan: (title, text) => line(pc.yellow('→'), title, `would do: ${text}`),
    skip: (title, text) => line(pc.dim('-'), title, `skipped: ${text}`),
    say: (text) => write(redact(text)),
  };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
