/** Runs inside an instance: replaces `Date` so that a function lives in the cloud's time. Timers stay real. */

import type { ClockReading } from './protocol.ts';

/** Installs the replacement; the returned function moves the clock. Must run before the function's code loads. */
export function installDate(first: ClockReading): (reading: ClockReading) => void {
  let reading = first;
  const RealDate = Date;
  const now = (): number => reading.frozenAtMs ?? RealDate.now() + reading.offsetMs;
  // A proxy and not a subclass: libraries call `Date()` without `new`, and compare constructors.
  const moved = new Proxy(RealDate, {
    construct: (target, args: unknown[], newTarget) =>
      Reflect.construct(target, args.length === 0 ? [now()] : args, newTarget) as object,
    apply: () => new RealDate(now()).toString(),
    get: (target, key, receiver) => (key === 'now' ? now : (Reflect.get(target, key, receiver) as unknown)),
  });
  RealDate.prototype.constructor = moved;
  globalThis.Date = moved;
  return (next) => {
    reading = next;
  };
}
