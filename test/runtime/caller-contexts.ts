/** What the platform passes to a function, by who calls it; both forms of the context. */

export type Variables = Record<string, string>;

/** The form of current runtimes: JSON in a string. */
export const asEnvironment = (variables: Variables): object => ({ environment: JSON.stringify(variables) });

/** The older form. */
export const asEnviron = (variables: Variables): object => ({
  environ: Object.entries(variables)
    .map(([name, value]) => `${name}=${value}`)
    .join(';'),
});

/** On every call, beside who calls. */
const PLATFORM = {
  SCF_NAMESPACE: 'env-1',
  TENCENTCLOUD_SECRETID: 'AKID',
  TENCENTCLOUD_SESSIONTOKEN: 'a+b/c==',
};

export interface CallerRow {
  who: string;
  variables: Variables;
  event: unknown;
  mayRead: boolean;
  mayRefresh: boolean;
}

const row = (
  who: string,
  own: Variables,
  { event = {}, mayRead = false, mayRefresh = false }: Partial<CallerRow> = {},
): CallerRow => ({ who, variables: { ...PLATFORM, ...own }, event, mayRead, mayRefresh });

const user = { WX_OPENID: 'oUSER', WX_APPID: 'wxAPP', TCB_ISANONYMOUS_USER: 'false', TRIGGER_SRC: 'tcb' };
const userInfo = { userInfo: { appId: 'wxAPP', openId: 'oUSER' } };
const timer = { Type: 'Timer', TriggerName: 'refresh', Time: '2026-11-22T04:00:00Z', Message: '' };
const http = { path: '/', httpMethod: 'GET', headers: {}, queryStringParameters: {}, requestContext: {} };
const both = { mayRead: true, mayRefresh: true };
const onlyRefresh = { mayRefresh: true };

export const CALLERS: CallerRow[] = [
  row('a mini program', { ...user, TCB_SOURCE: 'wx_client' }, { event: userInfo }),
  row('WeChat DevTools', { ...user, TCB_SOURCE: 'wx_devtools' }, { event: userInfo }),
  row('local debugging', { ...user, TCB_SOURCE: 'wx_localdebug' }),
  row('a mini program whose OPENID is withheld', { TCB_SOURCE: 'wx_client' }),
  row("WeChat's HTTP API", { TCB_SOURCE: 'wx_http' }),
  row('a payment callback', { TCB_SOURCE: 'wx_paycallback' }),
  row('a crawler', { TCB_SOURCE: 'wx_crawler' }),
  row('WeChat does not know who', { TCB_SOURCE: 'wx_unknown' }),
  row('a function that a mini program called', { TCB_SOURCE: 'wx_client,scf' }, both),
  row('a function that DevTools called', { TCB_SOURCE: 'wx_devtools,scf' }, both),
  row('a function behind two others', { TCB_SOURCE: 'wx_client,scf,scf' }, both),
  row('a function that a timer started', { TCB_SOURCE: 'wx_trigger,scf' }, both),
  row('a function that a console timer started', { TCB_SOURCE: ',scf' }, both),
  row('a function, in the words of the documentation', { TCB_SOURCE: 'scf' }, both),
  row('a function that passes the user on', { TCB_SOURCE: 'wx_client,scf', TCB_UUID: 'u1' }, both),
  row('a chain that still shows an OPENID', { ...user, TCB_SOURCE: 'wx_client,scf' }),
  row("the IDE's timer", { TCB_SOURCE: 'wx_trigger', TRIGGER_SRC: 'tcb' }, { event: timer, ...onlyRefresh }),
  row('a timer made by console or CLI', { TRIGGER_SRC: 'timer' }, { event: timer, ...onlyRefresh }),
  row('an administrator with node-sdk 3', { TCB_SOURCE: ',unknown' }, onlyRefresh),
  row('an administrator with node-sdk 2', { TCB_SOURCE: ',not_scf' }, onlyRefresh),
  row('an administrator with manager-node', { TCB_SOURCE: 'cloudbase-manager-node, not-scf' }, onlyRefresh),
  row('a test in the console', {}, onlyRefresh),
  row('a web visitor', { TCB_UUID: 'u1', TCB_ISANONYMOUS_USER: 'true', LOGINTYPE: 'ANONYMOUS' }),
  row('a web user', { TCB_UUID: 'u1', TCB_SOURCE: 'web_client', LOGINTYPE: 'CUSTOM' }),
  row('a web visitor without an id', { TCB_ISANONYMOUS_USER: 'true', TCB_SOURCE: 'web_client' }),
  row('HTTP access', {}, { event: http }),
  row('HTTP access that looks like a chain', { TCB_SOURCE: ',scf' }, { event: http }),
];
