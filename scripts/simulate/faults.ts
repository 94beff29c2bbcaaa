/**
 * Everything that can go wrong in the simulated world: one line per fault, with its frequency and how long it has
 * an effect.
 */

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;

export interface Fault {
  what: string;
  /** How likely at each occasion, or how often a day. */
  rate: number;
  per: 'call' | 'mint' | 'instance' | 'invocation' | 'tick' | 'day';
  /** How long after this fault a request may still get no answer because of it; 0: never because of it. */
  aftermathMs: number;
}

/** A mint of unknown outcome delays the next one by 240 s, after its claim has lasted 20 s. */
const HOLD_AFTERMATH_MS = 10 * MINUTE_MS;

export const FAULTS = {
  'instance-death': {
    what: 'an instance dies before or after a call to the database or WeChat',
    rate: 0.01,
    per: 'call',
    aftermathMs: HOLD_AFTERMATH_MS,
  },
  'instance-freeze': {
    what: 'an instance stands still for 1 s to 3 h before or after such a call, and then goes on',
    rate: 0.01,
    per: 'call',
    aftermathMs: HOLD_AFTERMATH_MS,
  },
  'clock-skew': {
    what: 'an instance has a clock that is wrong by up to 2 minutes',
    rate: 0.08,
    per: 'instance',
    aftermathMs: HOLD_AFTERMATH_MS,
  },
  'clock-step': {
    what: "an instance's clock steps back by up to 2 minutes",
    rate: 0.000_5,
    per: 'invocation',
    aftermathMs: 0,
  },
  'timer-missed': { what: 'a timer event never comes', rate: 0.03, per: 'tick', aftermathMs: 0 },
  'timer-doubled': { what: 'a timer event comes twice at once', rate: 0.03, per: 'tick', aftermathMs: 0 },
  'timer-late': { what: 'a timer event comes up to 6 h late', rate: 0.02, per: 'tick', aftermathMs: 0 },
  'timer-stuck': {
    what: 'no timer event comes for up to 6 h, and then all of them at once',
    rate: 0.2,
    per: 'day',
    aftermathMs: 0,
  },
  'wechat-slow': {
    what: 'WeChat takes up to 6 s, for up to 2 h',
    rate: 0.3,
    per: 'day',
    aftermathMs: HOLD_AFTERMATH_MS,
  },
  'wechat-down': {
    what: 'WeChat is out of reach, or takes requests and does not answer, for up to 3 h',
    rate: 0.1,
    per: 'day',
    aftermathMs: HOLD_AFTERMATH_MS,
  },
  'wechat-blip': {
    what: 'WeChat is out of reach, or takes requests and does not answer, for 5 minutes',
    rate: 2,
    per: 'day',
    aftermathMs: HOLD_AFTERMATH_MS,
  },
  'wechat-busy': {
    what: 'WeChat says -1 or 45011 and mints nothing',
    rate: 0.03,
    per: 'mint',
    aftermathMs: 5 * MINUTE_MS,
  },
  'wechat-odd': {
    what: 'WeChat mints and answers with HTML, an empty body, a 5xx or a strange expires_in',
    rate: 0.02,
    per: 'mint',
    aftermathMs: HOLD_AFTERMATH_MS,
  },
  'wechat-denies': {
    what: 'WeChat mints and says -1, as if it had not',
    rate: 0.005,
    per: 'mint',
    aftermathMs: HOLD_AFTERMATH_MS,
  },
  'answer-lost': {
    what: 'WeChat mints and the answer never arrives, or neither request nor answer does',
    rate: 0.04,
    per: 'mint',
    aftermathMs: HOLD_AFTERMATH_MS,
  },
  'answer-late': {
    what: 'WeChat mints seconds after the caller gave up waiting',
    rate: 0.02,
    per: 'mint',
    aftermathMs: HOLD_AFTERMATH_MS,
  },
  flap: {
    what: "WeChat's replicas refuse a living token with 40001, newborn ones for seconds, others for up to 2 h",
    rate: 0.5,
    per: 'day',
    aftermathMs: 0,
  },
  'foreign-mint': {
    what: 'somebody else mints with the same AppSecret, once or twice',
    rate: 0.2,
    per: 'day',
    aftermathMs: 0,
  },
  'foreign-force': {
    what: 'somebody else forces stable_token to issue a new token, once or twice (stable mode)',
    rate: 0.2,
    per: 'day',
    aftermathMs: 0,
  },
  'operator-forces': {
    what: 'an operator has the stored token killed, up to 14 times in a row (stable mode)',
    rate: 0.05,
    per: 'day',
    aftermathMs: 0,
  },
  'late-renewal': {
    what: 'stable_token returns a token to its last second, for up to 6 h (stable mode)',
    rate: 0.2,
    per: 'day',
    aftermathMs: MINUTE_MS,
  },
  'mode-changed': {
    what: 'a deployment changes the mode, in the one function up to a minute later (mixed mode)',
    rate: 0.3,
    per: 'day',
    aftermathMs: 0,
  },
  'faulty-caller': {
    what: 'a caller reports whatever it gets, every 5 s for a day, some with a rest after each hour',
    rate: 0.02,
    per: 'day',
    aftermathMs: 0,
  },
  revoked: { what: 'WeChat kills all tokens of the app', rate: 0.03, per: 'day', aftermathMs: 0 },
  'secret-changed': {
    what: 'the AppSecret is reset, and deployed again up to 5 h later',
    rate: 0.02,
    per: 'day',
    aftermathMs: 65 * MINUTE_MS,
  },
  'quota-spent': {
    what: "somebody spends the day's mints, and the day's tickets",
    rate: 0.02,
    per: 'day',
    aftermathMs: 2 * HOLD_AFTERMATH_MS,
  },
  'database-slow': {
    what: 'every database call takes up to 3 s, for up to 1 h',
    rate: 0.3,
    per: 'day',
    aftermathMs: HOLD_AFTERMATH_MS,
  },
  'database-down': {
    what: 'the database answers nothing for up to 1 h, some of its writes being applied all the same',
    rate: 0.15,
    per: 'day',
    aftermathMs: HOLD_AFTERMATH_MS,
  },
  'write-unanswered': {
    what: 'a write is applied, at once or seconds later, and its answer is lost',
    rate: 0.02,
    per: 'call',
    aftermathMs: HOLD_AFTERMATH_MS,
  },
} as const satisfies Record<string, Fault>;

export type FaultName = keyof typeof FAULTS;

export const FAULT_NAMES = Object.keys(FAULTS) as FaultName[];

/** Reads `all`, `none` or a comma list; throws an Error that names what it does not know. */
export function parseFaults(text: string): FaultName[] {
  if (text === 'all') return FAULT_NAMES;
  if (text === 'none' || text === '') return [];
  const names = text.split(',').map((name) => name.trim());
  const unknown = names.filter((name) => !(name in FAULTS));
  if (unknown.length > 0)
    throw new Error(`unknown fault ${unknown.join(', ')}; known are: all, none, ${FAULT_NAMES.join(', ')}`);
  return names as FaultName[];
}
