/** Functions that misbehave beside one that doesn't: each is told in a line of its own, and the other goes on. */

import { rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { readUserFunctions } from '../../../scripts/local/user-functions.ts';
import type { FunctionHost } from '../../../scripts/local/functions/host.ts';
import type { LogLine } from '../../../scripts/local/functions/hosted-function.ts';
import { unedited, writeFolder } from '../folder.ts';
import { CLIENT, openTestHost, soon } from './test-host.ts';

type Failing = [name: string, what: string, code: string, config: object, reason: RegExp];
const FAILING: Failing[] = [
  [
    'loops',
    'loops for ever',
    'exports.main = () => { for (;;); }',
    { timeout: 1 },
    /^Invoking task timed out after 1 seconds$/,
  ],
  [
    'exits',
    'calls process.exit',
    'exports.main = () => process.exit(0)',
    {},
    /^function process exited \(code 0\) before the call ended: it has called process\.exit/,
  ],
  [
    'heap',
    'fills the heap',
    'exports.main = () => { const all = []; for (;;) all.push({ text: [1, 2, 3] }); }',
    { timeout: 60, memorySize: 128 },
    /^\[MemoryLimitReached\] it used more than its 128 MB of memory/,
  ],
  [
    'throws',
    'throws while it loads',
    'function deep() { throw new Error("no luck") }\ndeep();',
    {},
    /Error: no luck\n {4}at deep \(.*throws\/index\.js:1:/,
  ],
  ['text', 'has no JavaScript in it', 'exports.main = (', {}, /text\/index\.js:1\n[\s\S]*SyntaxError/],
  [
    'needs',
    'needs what is not there',
    'require("no-such-package")',
    {},
    /Cannot find module 'no-such-package'/,
  ],
  ['other', 'exports no main', 'exports.handler = 1', {}, /exports no function "main"/],
];

/** The others that misbehave. */
const CODE = {
  buffers: `const all = [];
    exports.main = async () => { for (;;) { all.push(Buffer.alloc(8e6, 1)); await new Promise(setImmediate); } }`,
  prints: `exports.main = ({ line, times }) => { for (let i = 0; i < times; i++) process.stdout.write(line); return 'done' }`,
  listens: `const http = require('node:http');
    exports.main = () => new Promise((done, fail) => {
      const server = http.createServer();
      server.once('error', fail).listen(0, '0.0.0.0', () => done(server.address()));
    });`,
  taken: `exports.main = ({ port }) => new Promise(() => require('node:http').createServer().listen(port))`,
};

let root: string;
let host: FunctionHost;
const lines: LogLine[] = [];

beforeAll(async () => {
  const files: Record<string, string | object> = { 'good/index.js': 'exports.main = async () => "well"' };
  for (const [name, , code, config] of FAILING)
    Object.assign(files, { [`${name}/index.js`]: code, [`${name}/config.json`]: config });
  for (const [name, code] of Object.entries(CODE)) files[`${name}/index.js`] = code;
  files['buffers/config.json'] = { timeout: 60, memorySize: 128 };
  files['prints/config.json'] = { timeout: 60 };
  root = writeFolder(files);
  const { functions } = await readUserFunctions({ folders: [root], projects: [] }, []);
  host = await openTestHost({ functions: unedited(functions), log: (_, line) => lines.push(line) });
});
afterAll(async () => {
  await host.close();
  rmSync(root, { recursive: true, force: true });
});

const call = (name: string, event: object = {}) => host.invoke({ name, event, caller: CLIENT });
const textsOf = (name: string): string[] => lines.filter((l) => l.name === name).map(({ text }) => text);

it.each(FAILING.map(([name, what, , , reason]) => [what, name, reason] as const))(
  'one that %s fails its own calls, with the reason',
  async (_what, name, reason) => {
    const [bad, good] = await Promise.all([call(name), call('good')]);
    expect(bad).toMatchObject({ failure: { message: expect.stringMatching(reason) as string } });
    expect(good).toEqual({ result: 'well' });
    await soon(() => expect(textsOf(name).at(-1)).toMatch(/^Report RequestId:\S+ failed: /));
    expect(await call('good')).toEqual({ result: 'well' });
  },
);

it.skipIf(process.platform !== 'linux')(
  'one that fills memory outside of the heap is ended, too (SKIPPED where there is no /proc)',
  async () => {
    expect(await call('buffers')).toMatchObject({
      failure: { message: expect.stringContaining('more than its 128 MB') as string },
    });
  },
);

it('one that prints 100 MB, in lines or in a single one, is cut short and still answers', async () => {
  for (const line of [`${'x'.repeat(999)}\n`, 'y'.repeat(1000)]) {
    lines.length = 0;
    expect(await call('prints', { line, times: 50_000 })).toEqual({ result: 'done' });
    await soon(() => expect(textsOf('prints').at(-1)).toMatch(/^Report/));
    expect(textsOf('prints').length).toBeLessThanOrEqual(1002);
    expect(Math.max(...textsOf('prints').map((text) => text.length))).toBeLessThanOrEqual(4000);
  }
});

it('one that listens on a port is told that nothing reaches it, and only this machine does', async () => {
  expect(await call('listens')).toMatchObject({ result: { address: '127.0.0.1' } });
  expect(textsOf('listens')[0]).toMatch(
    /^a server listens on port 0: nothing can reach that in a cloud function/,
  );
});

it('one that listens on a port that is taken fails its own call', async () => {
  const taken = createServer().listen(0, '127.0.0.1');
  onTestFinished(() => void taken.close());
  await new Promise((resolve) => taken.once('listening', resolve));
  const { port } = taken.address() as AddressInfo;
  expect(await call('taken', { port })).toMatchObject({
    failure: {
      message: expect.stringContaining(`EADDRINUSE: address already in use 127.0.0.1:${port}`) as string,
    },
  });
  expect(host.record('taken')).toMatchObject({ calls: 1, errors: 1, coldStarts: 1 });
  expect(await call('good')).toEqual({ result: 'well' });
});
