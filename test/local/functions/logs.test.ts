/** What functions print: under their names, with the call that it belongs to, its time and its memory, the last lines kept. */

import { expect, it } from 'vitest';
import { readUserFunctions } from '../../../scripts/local/user-functions.ts';
import type { LogLine } from '../../../scripts/local/functions/hosted-function.ts';
import { folderOf } from '../folder.ts';
import { CLIENT, soon, startTestHost } from './test-host.ts';

const PRINTER = `console.log('while it loads');
exports.main = async ({ text, times = 1 }, context) => {
  for (let i = 0; i < times; i++) console.log(text);
  console.error('to stderr');
  if (text === 'throw') throw new Error('meant');
  return context.request_id;
};`;

it('each line has its call, in order, and the end of a call tells its time and memory', async () => {
  const lines: LogLine[] = [];
  const root = folderOf({ 'printer/index.js': PRINTER });
  const { functions } = await readUserFunctions({ folders: [root], projects: [] }, []);
  const host = await startTestHost({ functions, log: (_, line) => lines.push(line) });
  const call = (event: object) => host.invoke({ name: 'printer', event, caller: CLIENT });
  const { result: callId } = (await call({ text: 'hello' })) as { result: string };
  await soon(() => expect(lines).toHaveLength(4));
  expect(lines.slice(0, 3)).toEqual([
    { name: 'printer', callId: '', text: 'while it loads' },
    { name: 'printer', callId, text: 'hello' },
    { name: 'printer', callId, text: 'to stderr' },
  ]);
  const report = /^Report RequestId:(\S+) Duration:(\d+)ms Memory:256MB MemUsage:(\d+\.\d)MB$/;
  const [, id, , used] = report.exec(lines[3]?.text ?? '') ?? [];
  expect(id).toBe(callId);
  expect(Number(used)).toBeGreaterThan(20);
  expect(Number(used)).toBeLessThan(256);

  await call({ text: 'throw' });
  await soon(() => expect(lines.at(-1)?.text).toMatch(/^Report RequestId:\S+ failed Duration:/));
  expect(lines.map(({ text }) => text).join('\n')).toMatch(/Error: meant\n {4}at .*printer\/index\.js:5/);

  await call({ text: 'many', times: 300 });
  await soon(() => expect(lines.at(-2)?.text).toBe('to stderr'));
  const kept = host.record('printer');
  expect(kept?.lines).toHaveLength(200);
  expect(kept?.lines.at(-1)).toMatch(/^Report /);
  expect(kept).toMatchObject({ calls: 3, errors: 1, coldStarts: 1 });
});
