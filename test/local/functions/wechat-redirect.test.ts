/** A function that asks WeChat's own address meets the sandbox, by whichever way it asks; or is told why it doesn't. */

import { createRequire } from 'node:module';
import { expect, it } from 'vitest';
import { readUserFunctions } from '../../../scripts/local/user-functions.ts';
import { runSandbox } from '../wechat/support.ts';
import { folderOf } from '../folder.ts';
import { CLIENT, startTestHost } from './test-host.ts';

const { resolve } = createRequire(import.meta.url);

const MAIN = `
const http = require('http');
const https = require('https');
const textOf = (response, done) => {
  let text = '';
  response.on('data', (chunk) => (text += chunk)).on('end', () => done(JSON.parse(text)));
};
const get = (client, url, options) => new Promise((done, fail) =>
  client.get(url, options, (response) => textOf(response, done)).on('error', fail));
const post = (url) => new Promise((done, fail) =>
  https.request(url, { method: 'POST', agent: new https.Agent({ keepAlive: true }) }, (response) =>
    textOf(response, done)).on('error', fail).end('{}'));
const WAYS = {
  https: (url) => get(https, url, {}),
  noAgent: (url) => get(https, url, { agent: false }),
  http: (url) => get(http, url.replace('https', 'http'), {}),
  post,
  fetch: async (url) => (await fetch(url)).json(),
  axios: async (url) => (await require(${JSON.stringify(resolve('axios'))}).get(url)).data,
  request: (url) => new Promise((done, fail) =>
    require(${JSON.stringify(resolve('request'))})({ url, json: true, strictSSL: true }, (error, _, body) => error ? fail(error) : done(body))),
  http2: (url) => new Promise((done, fail) => require('http2').connect(url).on('error', fail)),
  promised: (url) => require('dns').promises.lookup(new URL(url).hostname),
  resolved: (url) => new Promise((done, fail) =>
    require('dns').resolve4(new URL(url).hostname, (error, found) => error ? fail(error) : done(found))),
  later: (url) => require('dns/promises').resolve(new URL(url).hostname),
  fetchCause: (url) => fetch(url).catch(({ cause, message }) => Promise.reject(cause ?? message)),
  elsewhere: (url) => get(https, url, {}),
  plainHttp: (url) => get(http, url, {}),
};
exports.main = async ({ way, url }) => WAYS[way](url).catch(({ code, message }) => ({ code, message }));
`;

it('whatever sends, and to whichever entrance of the API', async () => {
  const sandbox = await runSandbox();
  const root = folderOf({ 'own/index.js': MAIN, 'own/config.json': { timeout: 60 } });
  const { functions } = await readUserFunctions({ folders: [root], projects: [] }, []);
  const lines: string[] = [];
  const host = await startTestHost({
    functions,
    sandboxUrl: sandbox.url,
    maxInstances: 1,
    log: (_, { text }) => lines.push(text),
  });
  const ask = async (way: string, url: string): Promise<unknown> => {
    const outcome = await host.invoke({ name: 'own', event: { way, url }, caller: CLIENT });
    return 'result' in outcome ? outcome.result : outcome;
  };
  const missing = { errcode: 41001, errmsg: expect.stringContaining('access_token missing') as string };
  for (const way of ['https', 'noAgent', 'http', 'fetch', 'axios', 'request'])
    expect(await ask(way, 'https://api.weixin.qq.com/wxa/nothing')).toEqual(missing);
  expect(await ask('post', 'https://sh.api.weixin.qq.com/wxa/msg_sec_check')).toEqual(missing);
  expect(await ask('https', 'https://api2.weixin.qq.com/wxa/nothing')).toEqual(missing);
  expect(
    lines.filter((line) => line.includes(`is the sandbox here: this request goes to ${sandbox.url}`)),
  ).toHaveLength(1);
  for (const way of ['http2', 'promised', 'resolved', 'later'])
    expect(await ask(way, 'https://api.weixin.qq.com')).toEqual({
      code: 'ENOTFOUND',
      message: `api.weixin.qq.com is not reached from the embedded cloud: ask the sandbox at WX_API_BASE_URL, ${sandbox.url}`,
    });
  const cure = 'use @cloudbase/node-sdk or wx-server-sdk from 2.1 on, which take the address of this cloud';
  for (const [way, name] of [
    ['plainHttp', 'tcb-admin.tencentyun.com'],
    ['https', 'ap-shanghai.tcb-api.tencentcloudapi.com'],
    ['fetchCause', 'tcb-admin.tencentyun.com'],
  ] as const)
    expect(await ask(way, `${way === 'plainHttp' ? 'http' : 'https'}://${name}/admin`)).toEqual({
      code: 'ENOTFOUND',
      message: `${name} is not reached from the embedded cloud: ${cure}`,
    });
  // Nothing listens there: whoever asks another host goes his way.
  expect(await ask('elsewhere', 'https://127.0.0.1:9/wxa/nothing')).toMatchObject({ code: 'ECONNREFUSED' });
});
