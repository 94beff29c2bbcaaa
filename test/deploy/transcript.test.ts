/** The first hour of a developer with an account, as typed: setup, deploy, doctor, status. docs/operations.md shows this run, in both languages. */

import { stripVTControlCharacters } from 'node:util';
import { expect, it, onTestFinished } from 'vitest';
import { createCloudClock } from '../../scripts/local/clock.ts';
import { startWeChatSandbox } from '../../scripts/local/wechat/sandbox.ts';
import { bringToLife } from '../platform/fake/alive.ts';
import { shareCommands } from '../platform/fake/run.ts';
import { startTencent, type FakeTencent } from '../platform/fake/tencent.ts';
import { pages } from '../readme/pages.ts';

const runCommand = shareCommands();

const APPID = 'wx0123456789abcdef';
const SECRET = 'c0ffee0123456789abcdef0123456789';
const COMMANDS = ['setup', 'deploy', 'doctor', 'status'];

it('setup writes what deploy needs, deploy ends verified, doctor finds nothing wrong, as the documents show it', async () => {
  const fake = await startAccount();
  const flags = ['--env', fake.state.envId, '--appid', APPID, '--base-url', await startWeChat()];
  const outputs: string[] = [];
  for (const command of COMMANDS) {
    const given: Parameters<typeof runCommand> =
      command === 'setup' ? [fake, command, flags, { WX_APPSECRET: SECRET }] : [fake, command];
    const { code, output } = await runCommand(...given);
    expect({ command, code, output }).toMatchObject({ code: 0 });
    outputs.push(output);
  }
  expect(outputs.join('')).not.toContain(SECRET);
  for (const { path, fences } of [pages.operations, pages.operationsInChinese]) {
    const shown = fences.find(({ text }) => text.startsWith('$ npm run setup'))?.text ?? '';
    const parts = shown.split(/^\$ npm run (\w+)\n/m).slice(1);
    expect({ path, commands: parts.filter((_, index) => index % 2 === 0) }).toEqual({
      path,
      commands: COMMANDS,
    });
    for (const [index, output] of outputs.entries())
      for (const piece of bare(parts[index * 2 + 1] ?? '').split('…\n'))
        expect(bare(output)).toContain(piece.trimEnd());
  }
}, 120_000);

async function startAccount(): Promise<FakeTencent> {
  const fake = await startTencent();
  const life = bringToLife(fake);
  onTestFinished(async () => {
    await life.close();
    await fake.close();
  });
  return fake;
}

async function startWeChat(): Promise<string> {
  const apps = [{ appid: APPID, secret: SECRET }];
  const sandbox = await startWeChatSandbox({ clock: createCloudClock(), port: 0, secret: 'knobs', apps });
  onTestFinished(() => sandbox.close());
  return sandbox.url;
}

/** Without what differs from run to run: figures, and the ids of instances. */
function bare(text: string): string {
  return (
    stripVTControlCharacters(text)
      .replaceAll(/\/[0-9a-f]{8}\b/g, '/ID')
      // The day stands before a time that is not of today.
      .replaceAll(/\b\d\d-\d\d (?=\d\d:)/g, '')
      .replaceAll(/\d+([.:]\d+)*/g, 'N')
      .replaceAll(/ +/g, ' ')
      .replaceAll(/\n+/g, '\n')
  );
}
