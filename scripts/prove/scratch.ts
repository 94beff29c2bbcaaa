/** The names of what a run leaves in an environment while it lasts, and what its function is told and answers. */

/** Nobody else's name, and never the collection of the tokens. */
export const SCRATCH = 'wx_access_prove';
export const SCRATCH_FUNCTION = 'accessTokenProve';
/** The document of the first tick. */
export const TICK_ID = 'prove-tick';
/** The one variable of the scratch function; what it holds means nothing. */
export const VARIABLE = 'PROVE_VARIABLE';
/** Under the platform's 4 KB, names included. */
export const VARIABLE_BYTES = 4_000;
/** Every minute: one tick is soon there. */
export const TRIGGER = { name: 'prove', config: '30 * * * * * *' };

export interface ProbeEvent {
  /** The line that asks. */
  line: string;
  act: 'report' | 'pass-on' | 'hold' | 'write-late' | 'beat';
  waitMs?: number;
  /** Of the document to write. */
  id?: string;
}

export interface ObservedCall {
  /** The chain of callers; null: the platform told none that can be read. */
  source: string | null;
  hasOpenid: boolean;
  mayRead: boolean;
  mayRefresh: boolean;
  /** Names of the call's own keys in its context. */
  keys: string[];
  /** Its own variable was there when the code was loaded, and is in this call. */
  hadVariable: boolean;
  hasVariable: boolean;
  /** By the function's clock. */
  atMs: number;
  instance: string;
  /** Of this instance so far, and the most that it ran at the same time. */
  calls: number;
  mostAtOnce: number;
  /** The longest time that a timer of an earlier call stood still since; 0 without one. */
  longestPauseMs: number;
}
