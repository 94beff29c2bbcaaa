/** `npm run deploy -- --local` and `npm run destroy -- --local`: the same without an account. */

import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { runCommand, shareCommands } from '../platform/fake/run.ts';
import { startTencent } from '../platform/fake/tencent.ts';

const share = shareCommands();

it('deploys to the embedded cloud, twice, and takes the tokens away, without a packet to anywhere', async () => {
  const fake = await startTencent();
  const data = mkdtempSync(join(tmpdir(), 'deploy-local-'));
  const nobody = { TCB_ENV_ID: '', TENCENTCLOUD_SECRETID: '', TENCENTCLOUD_SECRETKEY: '' };
  const common = ['--local', '--data', data];
  const run = (script: string, ...flags: string[]) => share(fake, script, [...common, ...flags], nobody);
  const first = await runCommand(fake, 'deploy', [...common, '--sandbox'], nobody);
  expect(first).toMatchObject({ code: 0 });
  expect(first.output).toMatch(/✓ refresh: wxlocalsandbox0001 refreshed/);
  expect(first.output).toMatch(/✓ guard: .* \(403\)/);
  expect((await run('deploy', '--sandbox')).output).toMatch(/✓ refresh: wxlocalsandbox0001 fresh/);
  expect(await run('destroy')).toMatchObject({ code: 1 });
  const destroyed = await run('destroy', '--yes');
  expect(destroyed).toMatchObject({ code: 0 });
  expect(destroyed.output).toContain('delete the token document wxlocalsandbox0001');
  expect((await run('destroy', '--yes')).output).toContain('nothing to remove');
  expect(fake.calls).toEqual([]);
  expect(fake.refusedHosts).toEqual([]);
  await fake.close();
}, 300_000);
