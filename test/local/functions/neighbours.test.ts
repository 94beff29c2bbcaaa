/** Functions that misbehave beside one that doesn't: each is told in a line of its own, and the other goes on. */

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { readUserFunctions } from '../../../scripts/local/user-functions.ts';
import type { LogLine } from '../../../scripts/local/functions/hosted-function.ts';
import { folderOf, unedited } from '../folder.ts';
import { CLIENT, soon, startTestHost } from './test-host.ts';

const GOOD = 'exports.main = async () => "well"';

async function startWith(code: string, config: object = {}) {
  const lines: LogLine[] = [];
  const root = folderOf({ 'bad/index.js': code, 'bad/config.json': config, 'good/index.js': GOOD });
  const { functions } = await readUserFunctions({ folders: [root], projects: [] }, []);
  const host = await startTestHost({ functions: unedited(functions), log: (_, line) => lines.push(line) });
  const call = (name: string, event: object = {}) => host.invoke({ name, event, caller: CLIENT });
  const textsOf = (name: string): string[] => lines.filter((l) => l.name === name).map(({ text }) => text);
  return { host, call, lines, textsOf };
}

it.each<[what: string, code: string, config: object, reason: RegExp]>([
  [
    'loops for ever',
    'exports.main = () => { for (;;); }',
    { timeout: 1 },
    /^Invoking task timed out after 1 seconds$/,
  ],
  [
    'calls process.exit',
    'exports.main = () => process.exit(0)',
    {},
    /^function process exited \(code 0\) before the call ended: it has called process\.exit/,
  ],
  [
    'fills the heap',
    'exports.main = () => { const all = []; for (;;) all.push({ text: [1, 2, 3] }); }',
    { timeout: 60, memorySize: 128 },
    /^\[MemoryLimitReached\] it used more than its 128 MB of memory/,
  ],
  [
    'throws while it loads',
    'function deep() { throw new Error("no luck") }\ndeep();',
    {},
    /Error: no luck\n {4}at deep \(.*bad\/index\.js:1:/,
  ],
  ['has no JavaScript in it', 'exports.main = (', {}, /bad\/index\.js:1\n[\s\S]*SyntaxError/],
  ['needs what is not there', 'require("no-such-package")', {}, /Cannot find module 'no-such-package'/],
  ['exports no main', 'exports.handler = 1', {}, /exports no function "main"/],
])('one that %s fails its own calls, with the reason', async (_what, code, config, reason) => {
  const { call, textsOf } = await startWith(code, config);
  const [bad, good] = await Promise.all([call('bad'), call('good')]);
  expect(bad).toMatchObject({ failure: { message: expect.stringMatching(reason) as string } });
  expect(good).toEqual({ result: 'well' });
  await soon(() => expect(textsOf('bad').at(-1)).toMatch(/^Report RequestId:\S+ failed: /));
  expect(await call('good')).toEqual({ result: 'well' });
});

it.skipIf(process.platform !== 'linux')(
  'one that fills memory outside of the heap is ended, too (SKIPPED where there is no /proc)',
  async () => {
    const code = `const all = [];
      exports.main = async () => { for (;;) { all.push(Buffer.alloc(8e6, 1)); await new Promise(setImmediate); } }`;
    const { call } = await startWith(code, { timeout: 60, memorySize: 128 });
    expect(await call('bad')).toMatchObject({
      failure: { message: expect.stringContaining('more than its 128 MB') as string },
    });
  },
);

it('one that prints 100 MB, in lines or in a single one, is cut short and still answers', async () => {
  const code = `exports.main = ({ line, times }) => { for (let i = 0; i < times; i++) process.stdout.write(line); return 'done' }`;
  const { call, lines } = await startWith(code, { timeout: 60 });
  for (const line of [`${'x'.repeat(999)}\n`, 'y'.repeat(1000)]) {
    lines.length = 0;
    expect(await call('bad', { line, times: 50_000 })).toEqual({ result: 'done' });
    await soon(() => expect(lines.at(-1)?.text).toMatch(/^Report/));
    expect(lines.length).toBeLessThanOrEqual(1002);
    expect(Math.max(...lines.map(({ text }) => text.length))).toBeLessThanOrEqual(4000);
  }
});

it('one that listens on a port is told that nothing reaches it, and only this machine does', async () => {
  const code = `const http = require('node:http');
    exports.main = () => new Promise((done, fail) => {
      const server = http.createServer();
      server.once('error', fail).listen(PORT, '0.0.0.0', () => done(server.address()));
    });`;
  const { call, textsOf } = await startWith(code.replace('PORT', '0'));
  expect(await call('bad')).toMatchObject({ result: { address: '127.0.0.1' } });
  expect(textsOf('bad')[0]).toMatch(
    /^a server listens on port 0: nothing can reach that in a cloud function/,
  );
});

it('one that listens on a port that is taken fails its own call', async () => {
  const taken = createServer().listen(0, '127.0.0.1');
  onTestFinished(() => void taken.close());
  await new Promise((resolve) => taken.once('listening', resolve));
  const { port } = taken.address() as AddressInfo;
  const { call, host } = await startWith(
    `exports.main = () => new Promise(() => require('node:http').createServer().listen(${port}))`,
  );
  expect(await call('bad')).toMatchObject({
    failure: {
      message: expect.stringContaining(`EADDRINUSE: address already in use 127.0.0.1:${port}`) as string,
    },
  });
  expect(host.record('bad')).toMatchObject({ calls: 1, errors: 1, coldStarts: 1 });
  expect(await call('good')).toEqual({ result: 'well' });
});
