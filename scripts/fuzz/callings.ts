/** Contexts of calls, each with the expected facts about the caller, so that the test doesn't have to parse them. */

import * as fc from 'fast-check';
import { hostile, text } from './values.ts';

export interface Calling {
  context: unknown;
  /** The only callers that get a token. */
  isFunction: boolean;
}

type Variables = Record<string, string>;

/** Names that decide who is served are left out: where they occur, they were added on purpose. */
const DECISIVE = new Set(['TCB_SOURCE', 'WX_OPENID', 'environment', 'environ']);
const others: fc.Arbitrary<Variables> = fc
  .dictionary(fc.oneof(fc.constantFrom('TCB_UUID', 'TRIGGER_SRC', '__proto__', 'constructor'), text), text, {
    maxKeys: 4,
  })
  .map((all) => Object.fromEntries(Object.entries(all).filter(([name]) => !DECISIVE.has(name))));

const firstHops = fc.array(fc.constantFrom('wx_client', 'wx_trigger', 'scf', '', 'unknown', ' x '), {
  maxLength: 3,
});
const chain = firstHops.map((hops) => [...hops, 'scf'].join(','));
/** Other callers, and what only looks like `scf`. */
const NO_FUNCTIONS = [
  '',
  'wx_client',
  'wx_http',
  ',unknown',
  ',not_scf',
  'scf,wx_client',
  'scf,',
  'scf;',
  'SCF',
  ',scf.',
  's\u200bcf',
  'ｓｃｆ',
  ',s cf',
  'scf\u0000',
  '\u202escf',
  ',scf=',
  '"scf"',
  "['scf']",
  'scf%20',
];
const outside = fc.oneof(
  fc.constantFrom(...NO_FUNCTIONS),
  text.filter((value) => value.split(',').at(-1)?.trim() !== 'scf'),
);

/** The current form: JSON in a string. */
const asJson = (variables: Variables): object => ({ environment: JSON.stringify(variables) });

/** The older form has no escaping, so only plain values are written in it. */
const asPairs = (variables: Variables): object => ({
  environ: Object.entries(variables)
    .filter(([name, value]) => !/[=;\s]/.test(name) && name !== '' && !value.includes(';'))
    .map(([name, value]) => `${name}=${value}`)
    .join(';'),
});

const form = fc.constantFrom(asJson, asPairs);

const fromFunction: fc.Arbitrary<Calling> = fc
  .tuple(form, chain, others)
  .map(([as, source, rest]) => ({ context: as({ ...rest, TCB_SOURCE: source }), isFunction: true }));

const fromOutside: fc.Arbitrary<Calling> = fc
  .tuple(form, outside, others)
  .map(([as, source, rest]) => ({ context: as({ ...rest, TCB_SOURCE: source }), isFunction: false }));

const fromUser: fc.Arbitrary<Calling> = fc
  .tuple(form, fc.oneof(chain, outside), others)
  .map(([as, source, rest]) => ({
    context: as({ ...rest, TCB_SOURCE: source, WX_OPENID: 'oUSER' }),
    isFunction: false,
  }));

/** A name that occurs twice: a caller that could insert one would have two identities. */
const twoFaced: fc.Arbitrary<Calling> = fc
  .constantFrom(
    { environment: '{"TCB_SOURCE":"wx_client","TCB_SOURCE":",scf"}' },
    { environment: '{"TCB_SOURCE":",scf","WX_OPENID":"o","WX_OPENID" : ""}' },
    { environ: 'TCB_SOURCE=wx_client;TCB_SOURCE=,scf' },
    { environment: '{', environ: 'TCB_SOURCE=,scf' },
    { environment: { TCB_SOURCE: ',scf' } },
    { environment: '{"TCB_SOURCE":["scf"]}' },
    { environment: `${' '.repeat(65_536)}{"TCB_SOURCE":",scf"}` },
    { environment: `${'['.repeat(30_000)}${']'.repeat(30_000)}` },
    '{"TCB_SOURCE":",scf"}',
  )
  .map((context) => ({ context, isFunction: false }));

const broken: fc.Arbitrary<Calling> = fc
  .oneof(
    hostile,
    fc.anything(),
    fc.record({ environment: fc.anything(), environ: fc.anything() }, { requiredKeys: [] }),
    hostile.map((environment) => ({ environment })),
  )
  .map((context) => ({ context, isFunction: false }));

export const calling: fc.Arbitrary<Calling> = fc.oneof(
  { weight: 4, arbitrary: fromFunction },
  { weight: 2, arbitrary: fromOutside },
  fromUser,
  twoFaced,
  broken,
);
