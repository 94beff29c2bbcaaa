/**
 * What a function can see of its caller, for every kind of caller: the platform's per-call keys, and what the
 * platform adds to the event. Pure. The marks say how well each row is known: "documented" by WeChat
 * (Cloud.getWXContext), "observed" in a running environment or on the wire, "assumed" where neither was found.
 */

export type Caller =
  /** `wx.cloud.callFunction` in a mini program. Documented; the key list is observed. */
  | { kind: 'client'; openid: string; appid?: string }
  /** The same from the simulator of WeChat DevTools. Documented. */
  | { kind: 'devtools'; openid: string; appid?: string }
  /**
   * Another function (or a script with admin keys), through node-sdk or wx-server-sdk. `source` is the SDK's
   * `x-tcb-source` header, which becomes TCB_SOURCE verbatim (observed); there is no OPENID in a chain (observed).
   */
  | { kind: 'function'; source: string; appid?: string }
  /** `wechat`: created in WeChat DevTools (documented). `native`: created by the console or the CLI (observed). */
  | { kind: 'timer'; variety: 'wechat' | 'native'; appid?: string }
  /** The console's test button and the cloud API: no identity at all (observed), or the SDK's header (`,unknown`). */
  | { kind: 'management'; source?: string }
  /** A web page through the js-sdk. The keys are documented, TCB_SOURCE is assumed. */
  | { kind: 'web'; uid: string }
  /** HTTP access: the event is documented; that there is no TCB_SOURCE is assumed. */
  | { kind: 'http'; method?: string; path?: string; request?: HttpAccess }
  /** WeChat's server API `invokecloudfunction`. Documented; TRIGGER_SRC is assumed. */
  | { kind: 'openapi'; appid?: string };

/** What HTTP access makes of a whole request; without it, the event becomes the body of one. */
export interface HttpAccess {
  headers: Record<string, string>;
  query: Record<string, string>;
  body: string;
  isBase64Encoded: boolean;
}

export interface CallerContext {
  /** Per-call keys, without those that list the others (`withKeyLists`). */
  keys: Record<string, string>;
  /** The event as the function gets it. */
  event: unknown;
}

/** `defaultAppid` is the mini program bound to the environment. */
export function describeCaller(caller: Caller, event: unknown, defaultAppid: string): CallerContext {
  const appid = ('appid' in caller ? caller.appid : undefined) ?? defaultAppid;
  // TypeScript can't see that a row fits the caller of the same kind.
  const row = ROWS[caller.kind] as Row<Caller>;
  return row(caller, event, appid);
}

/** Adds TCB_CONTEXT_KEYS and WX_CONTEXT_KEYS, by which the SDKs find the other keys (observed). */
export function withKeyLists(keys: Record<string, string>): Record<string, string> {
  const names = Object.keys(keys);
  const wx = names.filter((name) => name.startsWith('WX_'));
  const tcb = names.filter((name) => !name.startsWith('WX_'));
  // Both lists are absent for a console-made timer and the console's test button: `getWXContext()` is {} there.
  return {
    ...keys,
    ...(wx.length > 0 ? { WX_CONTEXT_KEYS: wx.join(',') } : {}),
    ...(keys['TRIGGER_SRC'] === 'tcb' ? { TCB_CONTEXT_KEYS: tcb.join(',') } : {}),
  };
}

type Row<C extends Caller> = (caller: C, event: unknown, appid: string) => CallerContext;

const ROWS: { [K in Caller['kind']]: Row<Extract<Caller, { kind: K }>> } = {
  client: ({ openid }, event, appid) => fromMiniProgram('wx_client', { openid, appid }, event),
  devtools: ({ openid }, event, appid) => fromMiniProgram('wx_devtools', { openid, appid }, event),
  function: ({ source }, event, appid) => ({
    keys: { TRIGGER_SRC: 'tcb', TCB_SOURCE: source },
    // Observed: the app, but not the user, comes along from a mini program.
    event: startsAtClient(source) ? withUserInfo(event, { appId: appid }) : event,
  }),
  timer: ({ variety }, event, appid) => ({
    keys: variety === 'native' ? { TRIGGER_SRC: 'timer' } : wechatKeys('wx_trigger', appid),
    event,
  }),
  management: ({ source }, event) => ({
    keys: source === undefined ? {} : { TRIGGER_SRC: 'tcb', TCB_SOURCE: source },
    event,
  }),
  web: ({ uid }, event) => ({ keys: webKeys(uid), event }),
  http: (caller, event) => ({ keys: { TRIGGER_SRC: 'tcb' }, event: toHttpEvent(caller, event) }),
  openapi: (_caller, event, appid) => ({ keys: wechatKeys('wx_http', appid), event }),
};

interface MiniProgramUser {
  openid: string;
  appid: string;
}

function fromMiniProgram(source: string, { openid, appid }: MiniProgramUser, event: unknown): CallerContext {
  return {
    keys: {
      WX_CLIENTIP: '127.0.0.1',
      WX_APPID: appid,
      WX_OPENID: openid,
      WX_API_TOKEN: 'local-api-token',
      TRIGGER_SRC: 'tcb',
      TCB_ISANONYMOUS_USER: 'false',
      TCB_SOURCE: source,
    },
    event: withUserInfo(event, { appId: appid, openId: openid }),
  };
}

function wechatKeys(source: string, appid: string): Record<string, string> {
  return { WX_APPID: appid, TRIGGER_SRC: 'tcb', TCB_SOURCE: source };
}

function webKeys(uid: string): Record<string, string> {
  return {
    TCB_UUID: uid,
    LOGINTYPE: 'ANONYMOUS',
    TCB_ISANONYMOUS_USER: 'true',
    TRIGGER_SRC: 'tcb',
    TCB_SOURCE: 'web_client',
  };
}

function startsAtClient(source: string): boolean {
  const [first] = source.split(',');
  return first === 'wx_client' || first === 'wx_devtools';
}

function withUserInfo(event: unknown, userInfo: Record<string, string>): unknown {
  return isObject(event) ? { ...event, userInfo } : event;
}

function toHttpEvent(
  { method = 'POST', path = '/', request }: Extract<Caller, { kind: 'http' }>,
  event: unknown,
): object {
  const headers = request?.headers ?? { host: '127.0.0.1', 'content-type': 'application/json' };
  return {
    path,
    httpMethod: method,
    headers,
    multiValueHeaders: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value]])),
    queryStringParameters: request?.query ?? {},
    requestContext: { requestId: 'local', envId: 'local', appId: 'local', uin: 'local' },
    body: request?.body ?? (method === 'GET' ? '' : JSON.stringify(event ?? {})),
    isBase64Encoded: request?.isBase64Encoded ?? false,
  };
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
