/** `npx tcb fn deploy` by hand, with the copy of cloudbaserc.json that `npm run build` makes for it. */

import { spawn } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { PLAIN_CONFIG, writePlainConfig } from '../../scripts/build/plain-config.ts';
import { hooksOf } from '../../scripts/platform/tcb-cli.ts';
import { startTencent } from '../platform/fake/tencent.ts';
import { ROOT } from '../support/cloud.ts';

it('deploys both functions and the trigger by tcb fn deploy alone', async () => {
  const fake = await startTencent();
  const folder = mkdtempSync(join(tmpdir(), 'plain-cli-'));
  copyFileSync(join(ROOT, 'cloudbaserc.json'), join(folder, 'cloudbaserc.json'));
  mkdirSync(join(folder, 'dist'));
  symlinkSync(join(ROOT, 'dist/functions'), join(folder, 'dist/functions'));
  writeFileSync(join(folder, 'certificate.pem'), fake.certificate);
  mkdirSync(join(folder, '.config', '.cloudbase'), { recursive: true });
  const { envId, secretId, secretKey } = fake.state;
  const login = JSON.stringify({ credential: { secretId, secretKey } });
  writeFileSync(join(folder, '.config', '.cloudbase', 'auth.json'), login);
  writeFileSync(
    join(folder, '.env.local'),
    `TCB_ENV_ID=${envId}\nWX_APPID=wxplain\nWX_APPSECRET=plain-secret\n`,
  );
  const set = new Set(['TCB_ENV_ID', 'WX_APPID', 'WX_APPSECRET']);
  await writePlainConfig(folder, ['cloudbaserc.json'], (name) => set.has(name));
  expect(readFileSync(join(folder, PLAIN_CONFIG), 'utf8')).not.toContain('plain-secret');
  const env = {
    PATH: process.env['PATH'],
    HOME: folder,
    TMPDIR: folder,
    http_proxy: fake.proxyUrl,
    NODE_EXTRA_CA_CERTS: join(folder, 'certificate.pem'),
  };
  const cli = join(ROOT, 'node_modules/@cloudbase/cli/bin/tcb');
  const args = ['fn', 'deploy', '--all', '--force', '--config-file', PLAIN_CONFIG];
  const child = spawn(process.execPath, [...hooksOf(process.versions), cli, ...args], {
    cwd: folder,
    env,
    stdio: 'ignore',
  });
  await new Promise((resolve) => child.once('close', resolve));
  const [refresh, get] = ['refreshAccessToken', 'getAccessToken'].map((name) =>
    fake.state.functions.get(name),
  );
  expect(refresh).toMatchObject({ Runtime: 'Nodejs20.19', Timeout: 60, MemorySize: 256 });
  expect(refresh?.triggers).toMatchObject([
    { TriggerName: 'refreshAccessToken-tick', TriggerDesc: '20 */5 * * * * *' },
  ]);
  expect(get?.triggers).toEqual([]);
  expect(get?.variables).toContainEqual({ Key: 'WX_APPSECRET', Value: 'plain-secret' });
  // An unset one would be deployed as an empty one, which the platform refuses.
  expect(get?.variables.map(({ Key }) => Key)).toEqual(['WX_APPID', 'WX_APPSECRET']);
  expect(fake.refusedHosts).toEqual([]);
  await fake.close();
}, 300_000);
