/** The documents' commands are run, or checked as far as a test can; their snippets run as cloud functions. */

import { spawnSync } from 'node:child_process';
import { chmodSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { folderOf } from './local/folder.ts';
import { planOf, readScripts } from './readme/commands.ts';
import { allPages, commandsOf, declared, jsonUnder, pages } from './readme/pages.ts';
import { buildSnippets, namesOf } from './readme/snippets.ts';
import { APPID, NOON_MS, openTestCloud, ROOT } from './support/cloud.ts';
import { lend } from './support/lend.ts';

const { english, calling, operations } = pages;

describe('commands', () => {
  const commands = [...new Set(allPages.flatMap(commandsOf))];

  it.each(commands.map((command) => [command, planOf(command).how] as const))('%s: %s', async (command) => {
    await expect(planOf(command).check(command)).resolves.toBeUndefined();
  });

  it('.ci/run installs and runs both parts of npm run check, npm test the last of them', () => {
    const script = readFileSync(join(ROOT, '.ci/run'), 'utf8');
    const steps = ['step node --version', 'step npm ci', 'step npm test || outcome=$?'];
    expect(script.match(/^step .+$/gm)?.filter((step) => steps.includes(step))).toEqual(steps);
    expect(script).toMatch(/^step npm run check:code .+ &$/m);
    expect(readScripts()['check']).toBe('npm run check:code && npm test');
  });

  it.each([
    ['nothing', 0],
    ['ci', 3],
    ['test', 3],
    ['run check:code', 3],
  ])('.ci/run ends with the failure of %s: %i', (failing, status) => {
    const root = folderOf({
      '.ci/run': readFileSync(join(ROOT, '.ci/run'), 'utf8'),
      'bin/npm': `#!/bin/sh\ntest "$*" != '${failing}' || exit 3\n`,
      'bin/chromium': '#!/bin/sh\n',
    });
    for (const name of ['npm', 'chromium']) chmodSync(join(root, 'bin', name), 0o755);
    const env = { ...process.env, PATH: `${root}/bin:${process.env['PATH']}` };
    expect(spawnSync('bash', ['.ci/run'], { cwd: root, env }).status).toBe(status);
  });
});

describe('snippets', () => {
  const names = namesOf(calling);
  const withClient = namesOf(english);
  const borrow = lend(async () => {
    const guests = [...(await buildSnippets(calling)), ...(await buildSnippets(english))];
    return openTestCloud({ guests, startAtMs: NOON_MS });
  });

  it('the README shows one, with the client; docs/calling.md shows the others', () => {
    expect([withClient, names]).toEqual([['README1'], ['calling1', 'calling2', 'calling3']]);
  });

  it.each([...names, ...withClient])(
    '%s gets a token and WeChat’s answer, for a mini program that calls it',
    async (name) => {
      const cloud = await borrow();
      const reply = await cloud.visit(name);
      expect(reply).toMatchObject({ errcode: 0, quota: { used: 1 } });
      expect(JSON.stringify(reply)).not.toContain(cloud.storedToken());
    },
  );

  it.each(names)('%s passes on why there is no token', async (name) => {
    const cloud = await borrow();
    cloud.sandbox.wechat.account(APPID).setWhitelist(['10.0.0.1']);
    expect(await cloud.visit(name)).toMatchObject({ errcode: 40164 });
  });

  it.each(withClient)('%s fails with the reason why there is no token', async (name) => {
    const cloud = await borrow();
    cloud.sandbox.wechat.account(APPID).setWhitelist(['10.0.0.1']);
    await expect(cloud.visit(name)).rejects.toThrow('40164');
  });

  it.each([names.at(-1)!, ...withClient])(
    '%s recovers from a refused token by a report and one retry',
    async (name) => {
      const cloud = await borrow();
      await cloud.refresh();
      cloud.clock.advance(60_000);
      cloud.sandbox.wechat.account(APPID).revoke(cloud.clock.now());
      expect(await cloud.visit(names[0]!)).toMatchObject({ errcode: 40001 });
      expect(await cloud.visit(name)).toMatchObject({ errcode: 0 });
      expect(cloud.mints()).toBe(2);
    },
  );

  it('the replies shown are the replies given', async () => {
    const [success = {}, refusal] = jsonUnder(calling, 'What comes back');
    const cloud = await borrow();
    const token = await cloud.get();
    expect(Object.keys(success)).toEqual(Object.keys(token));
    expect(success).toMatchObject({ errcode: 0, expires_in: token.expires_in });
    expect(await cloud.visit('getAccessToken')).toEqual(refusal);
  });

  it('the security rule shown closes every function of cloudbaserc.json to clients', () => {
    const [rule = {}] = jsonUnder(operations, 'Deploying by hand');
    const closed = declared().map(({ name }) => [name, { invoke: false }]);
    expect(rule).toEqual({
      '*': { invoke: "auth.loginType != 'ANONYMOUS' && auth != null" },
      ...Object.fromEntries(closed),
    });
  });
});
