/** Faults that a test or the dashboard lays in the sandbox's way: each strikes a bounded number of times or until an instant. */

export type Fault =
  /** Answers this errcode. */
  | { do: 'refuse'; errcode: number; errmsg?: string | undefined }
  /** Answers the same JSON as `text/plain`. Only after. */
  | { do: 'textPlain' }
  /** Waits this long in real time, then goes on. */
  | { do: 'delay'; ms: number }
  /** Ends the connection without an answer. */
  | { do: 'drop' }
  /** Neither answers nor hangs up, until the sandbox closes. */
  | { do: 'hang' }
  /**
   * Answers these bytes. After, `{access_token}` in the body is replaced by the token that was really issued: so
   * `{"access_token":"{access_token}","expires_in":"7200"}`. Default: status 200, JSON type, empty body.
   */
  | { do: 'reply'; status?: number | undefined; contentType?: string | undefined; body?: string | undefined };

/** Before: WeChat never saw the request, and nothing is issued. After: it was carried out, and the answer suffers. */
export type Stage = 'before' | 'after';

export interface FaultPlan {
  fault: Fault;
  /** Default: `after` for textPlain, else `before`. */
  stage?: Stage | undefined;
  /** `token`: both token endpoints (the default); `use`: all others; `any`; or one path. */
  on?: string | undefined;
  /** Only this app's requests. */
  appid?: string | undefined;
  /** How often it strikes; 1 when there is no `untilMs` either. */
  times?: number | undefined;
  /** On the sandbox's clock. */
  untilMs?: number | undefined;
}

export interface Moment {
  stage: Stage;
  path: string;
  /** The app the request belongs to, when that can be told. */
  appid: string | undefined;
}

type Intercept = (moment: Moment) => Fault | undefined | void | Promise<Fault | undefined | void>;

export interface Faults {
  add(plan: FaultPlan): void;
  /** `n` answers of -1, at the token endpoints unless told. */
  busy(times: number, on?: string): void;
  /** `n` answers with `Content-Type: text/plain`, anywhere unless told. */
  textPlain(times: number, on?: string): void;
  /** An errcode for a while, at the token endpoints unless told. */
  refuse(errcode: number, bound: { times: number } | { untilMs: number }, on?: string): void;
  /** Calls `fn` at both stages of each request; it may wait, or return a fault. Returns the way to remove it. */
  intercept(fn: Intercept): () => void;
  /** What strikes now, used up by this call; the hooks first. */
  strike(moment: Moment, nowMs: number): AsyncGenerator<Fault>;
  list(nowMs: number): FaultPlan[];
  clear(): void;
}

export function createFaults(): Faults {
  const hooks = new Set<Intercept>();
  let plans: FaultPlan[] = [];
  const add = (plan: FaultPlan): void =>
    void plans.push({ ...plan, times: plan.times ?? defaultTimes(plan) });
  const list = (nowMs: number): FaultPlan[] => (plans = plans.filter((plan) => isAlive(plan, nowMs)));

  return {
    add,
    busy: (times, on) => add({ fault: { do: 'refuse', errcode: -1 }, times, on }),
    textPlain: (times, on = 'any') => add({ fault: { do: 'textPlain' }, times, on }),
    refuse: (errcode, bound, on) => add({ fault: { do: 'refuse', errcode }, on, ...bound }),
    intercept(fn) {
      hooks.add(fn);
      return () => void hooks.delete(fn);
    },
    // A generator, so that a fault that ends the request leaves the ones behind it for the next request.
    async *strike(moment, nowMs) {
      for (const hook of hooks) {
        const fault = await hook(moment);
        if (fault) yield fault;
      }
      for (const plan of list(nowMs)) {
        if (!isAlive(plan, nowMs) || !isMeant(plan, moment)) continue;
        if (plan.times !== undefined) plan.times -= 1;
        yield plan.fault;
      }
    },
    list,
    clear() {
      plans = [];
      hooks.clear();
    },
  };
}

export const TOKEN_PATHS: readonly string[] = ['/cgi-bin/token', '/cgi-bin/stable_token'];

function defaultTimes({ untilMs }: FaultPlan): number | undefined {
  return untilMs === undefined ? 1 : undefined;
}

function isAlive({ times, untilMs }: FaultPlan, nowMs: number): boolean {
  return (times === undefined || times > 0) && (untilMs === undefined || nowMs < untilMs);
}

function isMeant(plan: FaultPlan, { stage, path, appid }: Moment): boolean {
  if (stage !== (plan.stage ?? (plan.fault.do === 'textPlain' ? 'after' : 'before'))) return false;
  if (plan.appid !== undefined && plan.appid !== appid) return false;
  const on = plan.on ?? 'token';
  if (on === 'any' || on === path) return true;
  return on === (TOKEN_PATHS.includes(path) ? 'token' : 'use');
}
