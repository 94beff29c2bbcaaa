/** Every command on every kind of environment: where this project is not known to work, nothing is touched. */

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { shareCommands } from '../platform/fake/run.ts';
import type { FakeState } from '../platform/fake/state.ts';
import { startTencent, type FakeTencent } from '../platform/fake/tencent.ts';

const APP = { WX_APPID: 'wxfake', WX_APPSECRET: 'canary-secret-0001' };
const READS = /^(Describe|Get|List)/;

const runCommand = shareCommands();
let fake: FakeTencent;
beforeEach(async () => {
  fake = await startTencent();
});
afterEach(() => fake.close());

/** All of the state, byte for byte. */
function snapshot(state: FakeState): string {
  // A function is left out of JSON.
  return JSON.stringify(state, (_key, value: unknown) => (value instanceof Map ? [...value] : value));
}

const KINDS: [name: string, change: Partial<FakeState>, said: RegExp][] = [
  ['functions V2', { backend: 'cbf' }, /functions V2 \(cbf\).*no timer trigger yet/],
  ['PostgreSQL', { database: 'postgres' }, /PostgreSQL stands in for the document database.*untested/],
  ['no document database', { database: 'none' }, /no document database to keep the token in/],
];

describe.each(KINDS)('an environment with %s', (_name, change, said) => {
  it('is named by every command, and left byte for byte as it was', async () => {
    Object.assign(fake.state, change);
    const before = snapshot(fake.state);
    const run = (command: string, ...flags: string[]) => runCommand(fake, command, flags, APP);
    const deployed = await run('deploy');
    const doctor = await run('doctor');
    const status = await run('status');
    const refreshed = await run('refresh');
    const destroyed = await run('destroy', '--yes');
    for (const { output } of [deployed, doctor, status, refreshed]) {
      expect(output.replaceAll(/\s+/g, ' ')).toMatch(said);
      expect(output.replaceAll(/\s+/g, ' ')).toContain('one made in WeChat DevTools');
    }
    expect([deployed, doctor, status, refreshed].map(({ code }) => code)).toEqual([1, 1, 2, 1]);
    expect(deployed.output).not.toMatch(/open it once|→|✓ collection/);
    // Without a database there may still be functions to remove; elsewhere nothing of ours can be.
    expect(destroyed.code).toBe(change.database === 'none' ? 0 : 1);
    expect(snapshot(fake.state)).toBe(before);
    expect(
      fake.calls.filter(({ host, action }) => host.includes('tencentcloudapi') && !READS.test(action)),
    ).toEqual([]);
    expect(fake.refusedHosts).toEqual([]);
  }, 300_000);
});

it('an environment of before V2 is named as what it is', async () => {
  const run = (command: string, ...flags: string[]) => runCommand(fake, command, flags, APP);
  expect((await run('deploy', '--dry-run')).output).toContain('(functions V1, document database; keys of');
  fake.state.backend = 'scf';
  const doctor = (await run('doctor')).output.replaceAll(/\s+/g, ' ');
  expect(doctor).toContain('functions V1, document database');
}, 300_000);
