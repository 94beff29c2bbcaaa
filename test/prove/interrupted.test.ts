/** `npm run prove` as a user runs it and stops it: the real command, CLI and SDK, and a Ctrl-C in the middle. */

import { once } from 'node:events';
import { expect, it, onTestFinished } from 'vitest';
import { unlessAborted } from '../../scripts/prove/open-cloud.ts';
import { SCRATCH, SCRATCH_FUNCTION } from '../../scripts/prove/scratch.ts';
import { bringToLife } from '../platform/fake/alive.ts';
import { playTencent } from '../platform/fake/played.ts';
import { startCommand } from '../platform/fake/run.ts';

const fake = await playTencent();

it('removes its scratch when it is interrupted, and says what it saw until then', async () => {
  const life = bringToLife(fake);
  onTestFinished(() => life.close());
  const left = (): object => ({ ...fake.state, objects: [], functions: [...fake.state.functions.keys()] });
  const before = JSON.stringify(left());
  const { child, done } = startCommand(fake, 'prove', ['--no-wait']);
  onTestFinished(() => void child.kill('SIGKILL'));
  let output = '';
  child.stdout?.on('data', (chunk: Buffer) => (output += chunk.toString()));
  while (!output.includes('updated: 1') && child.exitCode === null)
    await Promise.race([once(child.stdout!, 'data'), once(child, 'exit')]);
  expect(fake.state.collections.get(SCRATCH)).toBe('ADMINONLY');
  expect([...fake.state.functions.keys()]).toEqual([SCRATCH_FUNCTION]);
  child.kill('SIGINT');
  const ended = await done;
  expect(ended).toMatchObject({
    code: 2,
    output: expect.stringContaining('removing the scratch collection and function'),
  });
  expect(ended.output).toMatch(/\d+ hold, 0 differ, \d+ could not be tried/);
  expect(JSON.stringify(left())).toBe(before);
}, 300_000);

it('begins no upload any more once it is interrupted', async () => {
  const interrupted = new AbortController();
  const uploaded: number[] = [];
  const upload = unlessAborted(interrupted.signal, async (functions) => void uploaded.push(functions.length));
  await upload([]);
  interrupted.abort();
  await expect(upload([])).rejects.toThrow('aborted');
  expect(uploaded).toEqual([0]);
});
