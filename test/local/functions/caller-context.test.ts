import { expect, test } from 'vitest';
import {
  describeCaller,
  withKeyLists,
  type Caller,
} from '../../../scripts/local/functions/caller-context.ts';

const MINI_PROGRAM_KEYS = {
  WX_CLIENTIP: '127.0.0.1',
  WX_APPID: 'wxBound',
  WX_OPENID: 'o1',
  WX_API_TOKEN: 'local-api-token',
  TRIGGER_SRC: 'tcb',
  TCB_ISANONYMOUS_USER: 'false',
};

const ROWS: { title: string; caller: Caller; keys: object; event: object }[] = [
  {
    title: 'a mini program',
    caller: { kind: 'client', openid: 'o1' },
    keys: { ...MINI_PROGRAM_KEYS, TCB_SOURCE: 'wx_client' },
    event: { a: 1, userInfo: { appId: 'wxBound', openId: 'o1' } },
  },
  {
    title: 'WeChat DevTools',
    caller: { kind: 'devtools', openid: 'o1', appid: 'wxOther' },
    keys: { ...MINI_PROGRAM_KEYS, WX_APPID: 'wxOther', TCB_SOURCE: 'wx_devtools' },
    event: { a: 1, userInfo: { appId: 'wxOther', openId: 'o1' } },
  },
  {
    title: 'a function that a mini program called',
    caller: { kind: 'function', source: 'wx_client,scf' },
    keys: { TRIGGER_SRC: 'tcb', TCB_SOURCE: 'wx_client,scf' },
    event: { a: 1, userInfo: { appId: 'wxBound' } },
  },
  {
    title: 'a function that a timer started',
    caller: { kind: 'function', source: 'wx_trigger,scf' },
    keys: { TRIGGER_SRC: 'tcb', TCB_SOURCE: 'wx_trigger,scf' },
    event: { a: 1 },
  },
  {
    title: 'a function that a console-made timer started',
    caller: { kind: 'function', source: ',scf' },
    keys: { TRIGGER_SRC: 'tcb', TCB_SOURCE: ',scf' },
    event: { a: 1 },
  },
  {
    title: 'a timer made in WeChat DevTools',
    caller: { kind: 'timer', variety: 'wechat' },
    keys: { WX_APPID: 'wxBound', TRIGGER_SRC: 'tcb', TCB_SOURCE: 'wx_trigger' },
    event: { a: 1 },
  },
  {
    title: 'a timer made by the console or the CLI',
    caller: { kind: 'timer', variety: 'native' },
    keys: { TRIGGER_SRC: 'timer' },
    event: { a: 1 },
  },
  { title: 'the test button of the console', caller: { kind: 'management' }, keys: {}, event: { a: 1 } },
  {
    title: 'a script with admin keys',
    caller: { kind: 'management', source: ',unknown' },
    keys: { TRIGGER_SRC: 'tcb', TCB_SOURCE: ',unknown' },
    event: { a: 1 },
  },
  {
    title: 'a web page',
    caller: { kind: 'web', uid: 'u1' },
    keys: {
      TCB_UUID: 'u1',
      LOGINTYPE: 'ANONYMOUS',
      TCB_ISANONYMOUS_USER: 'true',
      TRIGGER_SRC: 'tcb',
      TCB_SOURCE: 'web_client',
    },
    event: { a: 1 },
  },
  {
    title: 'the server API of WeChat',
    caller: { kind: 'openapi' },
    keys: { WX_APPID: 'wxBound', TRIGGER_SRC: 'tcb', TCB_SOURCE: 'wx_http' },
    event: { a: 1 },
  },
];

test.for(ROWS)('$title is seen with the keys and the event of its kind', ({ caller, keys, event }) => {
  expect(describeCaller(caller, { a: 1 }, 'wxBound')).toEqual({ keys, event });
});

test('HTTP access hands over a request instead of an event', () => {
  const { keys, event } = describeCaller({ kind: 'http', path: '/token' }, { a: 1 }, 'wxBound');
  expect(keys).toEqual({ TRIGGER_SRC: 'tcb' });
  expect(event).toMatchObject({
    path: '/token',
    httpMethod: 'POST',
    body: '{"a":1}',
    isBase64Encoded: false,
  });
});

test('an event that a client sends cannot bring its own userInfo', () => {
  const { event } = describeCaller(
    { kind: 'client', openid: 'o1' },
    { userInfo: { openId: 'forged' } },
    'wxBound',
  );
  expect(event).toEqual({ userInfo: { appId: 'wxBound', openId: 'o1' } });
});

test('the key lists name the keys of the call, and are absent where the platform has no identity to give', () => {
  expect(
    withKeyLists({ WX_APPID: 'wx1', WX_OPENID: 'o1', TRIGGER_SRC: 'tcb', TCB_SOURCE: 'wx_client' }),
  ).toMatchObject({
    WX_CONTEXT_KEYS: 'WX_APPID,WX_OPENID',
    TCB_CONTEXT_KEYS: 'TRIGGER_SRC,TCB_SOURCE',
  });
  expect(withKeyLists({ TRIGGER_SRC: 'timer', TCB_ENV: 'e' })).toEqual({
    TRIGGER_SRC: 'timer',
    TCB_ENV: 'e',
  });
});
