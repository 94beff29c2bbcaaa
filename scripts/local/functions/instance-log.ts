/** Reads what an instance prints: lines of a bounded length, each with the call that it belongs to, a flood cut short. */

import type { ChildProcess } from 'node:child_process';
import type { Readable } from 'node:stream';
import { MARK } from './protocol.ts';

export interface Printed {
  text: string;
  /** Empty outside of a call. */
  callId: string;
}

const MAX_LINE_LENGTH = 4000;
/** Of one call. */
const MAX_LINES = 1000;

export function readOutput(child: ChildProcess, memorySize: number, write: (line: Printed) => void): void {
  let callId = '';
  let lines = 0;
  for (const stream of [child.stdout, child.stderr]) if (stream !== null) splitLines(stream, take);

  function take(line: string): void {
    const [kind, id = '', outcome = '', ms = '', bytes = ''] = line.startsWith(MARK)
      ? line.slice(MARK.length).split(' ')
      : [];
    if (kind === undefined) return pass(line);
    if (kind === 'end') write({ text: report(id, outcome, ms, bytes, memorySize), callId: id });
    callId = kind === 'start' ? id : '';
    lines = 0;
  }

  function pass(text: string): void {
    lines += 1;
    if (lines <= MAX_LINES) write({ text, callId });
    if (lines === MAX_LINES + 1)
      write({ text: `more than ${MAX_LINES} lines: the rest of this call's is left out`, callId });
  }
}

/** What the platform's own log says at the end of a call, in its words. */
function report(id: string, outcome: string, ms: string, bytes: string, memorySize: number): string {
  const used = (Number(bytes) / 2 ** 20).toFixed(1);
  const failed = outcome === 'failure' ? ' failed' : '';
  return `Report RequestId:${id}${failed} Duration:${ms}ms Memory:${memorySize}MB MemUsage:${used}MB`;
}

/** A mark ends the line before it, which the function may have left open. */
const LINE_END = new RegExp(`\\r?\\n|(?=${MARK})`);

/** A line without an end takes no more memory than any other. */
function splitLines(stream: Readable, take: (line: string) => void): void {
  let part = '';
  stream.setEncoding('utf8');
  stream.on('data', (chunk: string) => {
    const [first = '', ...others] = chunk.split(LINE_END);
    if (first.startsWith(MARK) && part !== '') take(part);
    part = clip(first.startsWith(MARK) ? first : part + first);
    for (const next of others) {
      take(part);
      part = clip(next);
    }
  });
  stream.on('end', () => {
    if (part !== '') take(part);
  });
}

function clip(line: string): string {
  return line.slice(0, MAX_LINE_LENGTH);
}
