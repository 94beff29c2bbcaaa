/** Values that have broken programs before. */

import * as fc from 'fast-check';

const BREAKERS = [
  '__proto__',
  'constructor',
  'toString',
  'hasOwnProperty',
  '$ne',
  'null',
  'undefined',
  'NaN',
  '[object Object]',
  '\r\nSet-Cookie: a=b',
  '\u001b[2J',
  '\u009b31m',
  '\u202e',
  '\u2028',
  '\u0000',
  '{"a":1}',
  ' ',
  '%00',
  '../..',
];

/** Texts of any script, control characters, and names that JavaScript objects have by themselves. */
export const text: fc.Arbitrary<string> = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 24 }),
  fc.string({ maxLength: 24 }),
  fc.constantFrom(...BREAKERS),
);

/** Blanks, brackets and repetitions, long enough that a backtracking regular expression becomes slow. */
export const longText: fc.Arbitrary<string> = fc
  .tuple(
    fc.constantFrom(' ', ',', 'rid: ', 'a', '[', '{"a":', '\n', '%2'),
    fc.integer({ min: 100, max: 9_000 }),
    text,
  )
  .map(([piece, times, end]) => piece.repeat(times) + end);

/**
 * A placeholder for an object that throws when read, is inconsistent or endless; fast-check itself couldn't handle
 * it.
 */
class Hostile {
  readonly which: string;

  constructor(which: string) {
    this.which = which;
  }
}

/** Replaces the placeholders by the objects, down to the second level. */
export function made(value: unknown): unknown {
  if (value instanceof Hostile) return KINDS[value.which]?.();
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value);
  if (!entries.some(([, inner]) => inner instanceof Hostile)) return value;
  return Object.fromEntries(entries.map(([name, inner]) => [name, made(inner)]));
}

const fail = (): never => {
  throw new Error('a trap of a hostile object');
};

const KINDS: Record<string, () => unknown> = {
  'fails at everything': () =>
    new Proxy(
      {},
      { has: fail, get: fail, getOwnPropertyDescriptor: fail, ownKeys: fail, getPrototypeOf: fail },
    ),
  'fails when read': () => new Proxy({ appid: 'x', environment: '{}' }, { get: fail }),
  revoked: () => revoked(),
  'a getter for appid': () => Object.defineProperty({}, 'appid', { get: fail, enumerable: true }),
  'a getter for the report': () => Object.defineProperty({}, 'invalid_access_token', { get: fail }),
  'a getter for environment': () => Object.defineProperty({}, 'environment', { get: fail }),
  'values that are no text': () => ({ appid: { toString: fail }, environment: { toString: fail } }),
  'no prototype': () => Object.assign(Object.create(null) as object, { appid: Symbol('appid') }),
  'prototype keys': () =>
    JSON.parse('{"__proto__":{"appid":"x","httpMethod":"GET"},"constructor":{"prototype":{"appid":"x"}}}'),
  'very deep': () => JSON.parse(`${'[{"a":'.repeat(2_000)}1${'}]'.repeat(2_000)}`),
  'a circle': () => circle(),
};

export const hostile: fc.Arbitrary<unknown> = fc
  .constantFrom(...Object.keys(KINDS))
  .map((which) => new Hostile(which));

function revoked(): object {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
}

function circle(): object {
  const round: Record<string, unknown> = {};
  round['appid'] = round;
  round['environment'] = round;
  return round;
}
