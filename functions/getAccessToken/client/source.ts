/**
 * A stream that is uploaded: watched from the beginning, so that its failure never goes unhandled, read once at most,
 * held to its size, and destroyed when it is not used up.
 */

import { codeOf, localError, withoutToken } from './error.ts';
import type { WeChatError } from './error.ts';

export interface Source {
  /** The bytes; fails when there are more or fewer than `size`. */
  read(): AsyncIterable<Uint8Array>;
  /** Rejects as soon as the stream fails, read or not. */
  failed: Promise<never>;
  /** `isLate`: the time is over, and if the stream was what was waited for, that is a failure of its own. */
  failure(isLate?: boolean): WeChatError | undefined;
}

/** What streams of Node, of the web, and async generators have. */
interface Stream extends AsyncIterable<Uint8Array | string> {
  on?: (event: string, listener: (error?: unknown) => void) => unknown;
  destroy?: () => unknown;
  cancel?: () => unknown;
  return?: () => unknown;
  readableEnded?: boolean;
  destroyed?: boolean;
  locked?: boolean;
  errored?: unknown;
}

export function watch(stream: Stream, size: number, what: string): Source {
  let failure: WeChatError | undefined;
  let reject: (error: WeChatError) => void = () => {};
  const failed = new Promise<never>((_, rejectIt) => (reject = rejectIt));
  failed.catch(() => undefined);
  const fail = (error: WeChatError): WeChatError => {
    failure ??= error;
    reject(failure);
    return failure;
  };

  // Set when the reader has stopped reading: that the stream is then closed is no failure of its own.
  let isAbandoned = false;
  const broken = (error: unknown): WeChatError =>
    fail(
      localError(what, `the stream failed: ${textOf(error)}`, 'call again with a new stream', codeOf(error)),
    );
  const wrongSize = (has: string): WeChatError =>
    fail(localError(what, `the stream has ${has} than its size of ${size} bytes`, 'give the right size'));

  if (typeof stream.on === 'function') {
    stream.on('error', (error) => {
      if (!isAbandoned) broken(error);
    });
    stream.on('close', () => {
      if (!isAbandoned && stream.readableEnded === false) broken(new Error('it was closed before its end'));
    });
  }
  if (stream.errored) broken(stream.errored);
  else if (stream.destroyed === true || stream.readableEnded === true || stream.locked === true)
    fail(localError(what, 'the stream has been used already', 'call again with a new stream'));

  let isWaiting = false;
  async function* read(): AsyncGenerator<Uint8Array> {
    let sent = 0;
    try {
      isWaiting = true;
      for await (const chunk of stream) {
        isWaiting = false;
        const bytes = toBytes(chunk);
        sent += bytes.byteLength;
        if (sent > size) throw wrongSize('more');
        let isResumed = false;
        try {
          yield bytes;
          isResumed = true;
        } finally {
          isAbandoned = !isResumed;
        }
        isWaiting = true;
      }
      isWaiting = false;
      if (sent < size) throw wrongSize('less');
    } catch (error) {
      throw failure ?? broken(error);
    }
  }

  return {
    read,
    failed,
    failure: (isLate = false) =>
      failure ?? (isLate && isWaiting ? broken(new Error('it has not ended in time')) : undefined),
  };
}

function toBytes(chunk: unknown): Uint8Array {
  if (typeof chunk === 'string') return Buffer.from(chunk);
  if (chunk instanceof Uint8Array) return chunk;
  throw new TypeError('it gives neither bytes nor strings');
}

/** A stream that is locked or used up may refuse; then there is nothing to destroy. */
export function destroyStream(given: unknown): void {
  const stream = Object(given) as Partial<Stream>;
  const end = stream.destroy ?? stream.cancel ?? stream.return;
  if (typeof end !== 'function') return;
  // It may fail only now, and when the arguments were wrong nobody listens.
  stream.on?.('error', () => undefined);
  void (async () => end.call(given))().catch(() => undefined);
}

function textOf(error: unknown): string {
  return withoutToken(error instanceof Error ? error.message : String(error));
}
