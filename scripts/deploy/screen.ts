/** The lines of a deployment: one per step, ✓ or ✗ with cause and cure; nothing else is ever printed. */

import pc from 'picocolors';
import { nameOfPart } from '../place/texts/parts.ts';
import { pick } from '../command/language.ts';
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
    write(redact(`${mark} ${pc.bold(nameOfPart(title))}${colon()}${text}`));
  return {
    good: (title, text) => line(pc.green('✓'), title, text),
    bad: (title, error) => line(pc.red('✗'), title, messageOf(error)),
    warn: (title, error) =>
      line(
        pc.yellow('!'),
        title,
        pick({ en: `left as it is: ${messageOf(error)}`, zh: `保持原样：${messageOf(error)}` }),
      ),
    begin: (title, text) => write(pc.dim(redact(`… ${nameOfPart(title)}${colon()}${text}`))),
    plan: (title, text) =>
      line(pc.yellow('→'), title, pick({ en: `would do: ${text}`, zh: `将要：${text}` })),
    skip: (title, text) => line(pc.dim('-'), title, pick({ en: `skipped: ${text}`, zh: `跳过：${text}` })),
    say: (text) => write(redact(text)),
  };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function colon(): string {
  return pick({ en: ': ', zh: '：' });
}
