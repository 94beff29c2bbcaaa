/** What can happen, one thing at a time, in words that make a trace readable. */

import type * as fc from 'fast-check';
import type { StoreFault } from '../../../scripts/simulate/memory-collection.ts';
import type { LineFault } from '../../../scripts/simulate/wechat-line.ts';
import type { Process, World } from './world.ts';

export type Command = fc.AsyncCommand<World, World>;

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const errcode = (code: number): LineFault => ({ kind: 'errcode', errcode: code, errmsg: 'no' });

/** What goes wrong at WeChat or on the way to it, and how often in a row so that a refresh feels it. */
export const LINE_FAULTS: ReadonlyMap<string, LineFault[]> = new Map<string, LineFault[]>([
  ['loses the answer', [{ kind: 'lost-answer' }]],
  ['loses the request', [{ kind: 'lost-request' }]],
  ['carries it out late', [{ kind: 'late-answer' }]],
  ['is unreachable', [{ kind: 'unreachable' }, { kind: 'unreachable' }]],
  ['answers rubbish', [{ kind: 'body', status: 502, body: '<html>' }]],
  ['is busy (-1)', [errcode(-1), errcode(-1), errcode(-1)]],
  ['says 40125 (wrong secret)', [errcode(40_125)]],
  ['says 40164 (whitelist)', [errcode(40_164)]],
  ['says 45009 (quota)', [errcode(45_009)]],
]);

export const STORE_FAULTS: readonly StoreFault[] = ['lost', 'applied-but-lost', 'applied-late'];

export const ADVANCES_MS = [
  10,
  30,
  ...[1, 6, 21, 31, 61, 180, 241, 301].map((seconds) => seconds * SECOND_MS),
  110 * MINUTE_MS,
  116 * MINUTE_MS,
];

/** Something that happens and is over; what it starts goes on while time advances. */
function command(words: string, run: (world: World) => unknown, check?: (world: World) => boolean): Command {
  return {
    check: (world) => check?.(world) ?? true,
    async run(_, world) {
      await run(world);
      await world.advance(0);
      world.watch.check();
      const [violation] = world.watch.violations;
      if (violation !== undefined) throw new Error(violation);
    },
    toString: () => words,
  };
}

/** What becomes of a process in the call that it begins now: null means that it lives through it. */
export type Fate = { is: 'crashes at' | 'freezes before' | 'freezes after'; await: number } | null;

/** A call that comes to a process. One that has died is replaced by a new instance, as the platform does. */
function atDoor(
  name: string,
  words: string,
  fate: Fate,
  run: (world: World, process: Process) => Promise<void>,
  check: (process: Process) => boolean = () => true,
): Command {
  const begin = (world: World): void => {
    if (world.processes.get(name)!.gate.isDead()) world.start(name);
    const process = world.processes.get(name)!;
    if (fate?.is === 'crashes at') process.gate.crashAt(fate.await);
    else if (fate !== null)
      process.gate.freezeAt(fate.await, fate.is === 'freezes before' ? 'before' : 'after');
    // Not waited for: it goes on while time advances. Neither door may throw.
    run(world, process).catch((error: unknown) => world.watch.violate(`a door threw ${String(error)}`));
  };
  return command(
    fate === null ? `${name} ${words}` : `${name} ${words} and ${fate.is} await ${fate.await}`,
    begin,
    (world) => !world.processes.get(name)!.gate.isFrozen() && check(world.processes.get(name)!),
  );
}

export const tick = (name: string, fate: Fate = null): Command =>
  atDoor(name, 'ticks', fate, (world, process) => world.tick(process));

export const get = (name: string, fate: Fate = null): Command =>
  atDoor(name, 'gets', fate, (world, process) => world.call(process, null));

export const report = (name: string, fate: Fate = null): Command =>
  atDoor(
    name,
    'reports',
    fate,
    (world, process) => world.call(process, process.token),
    ({ token }) => token !== null,
  );

export const thaw = (name: string): Command =>
  command(
    `${name} thaws`,
    (world) => world.processes.get(name)!.gate.thaw(),
    (world) => world.processes.get(name)!.gate.isFrozen(),
  );

export const restart = (name: string): Command =>
  command(`a new ${name} starts`, (world) => {
    world.processes.get(name)!.gate.crashAt(1);
    world.start(name);
  });

export const advance = (durationMs: number): Command =>
  command(`${inWords(durationMs)} pass`, (world) => world.advance(durationMs));

export const wechatFault = (words: string): Command =>
  command(`WeChat ${words}`, (world) => world.lineFaults.push(...LINE_FAULTS.get(words)!));

export const storeFault = (fault: StoreFault, after: number): Command =>
  command(`database call ${after + 1} is ${fault}`, (world) =>
    world.storeFaults.push(...Array<StoreFault>(after).fill('none'), fault),
  );

export const foreignMint = command('another system mints', (world) => {
  world.account.foreignMint(world.timeline.now());
  world.watch.interfered();
});

export const revoke = command('WeChat revokes all tokens', (world) => {
  world.account.revoke(world.timeline.now());
  world.watch.interfered();
});

function inWords(durationMs: number): string {
  if (durationMs < SECOND_MS) return `${durationMs} ms`;
  return durationMs < 60 * MINUTE_MS ? `${durationMs / SECOND_MS} s` : `${durationMs / MINUTE_MS} min`;
}
