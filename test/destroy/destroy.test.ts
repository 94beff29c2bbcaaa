/** `npm run destroy`: removes what a deployment made, and nothing of anybody else. */

import { stripVTControlCharacters } from 'node:util';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createScreen } from '../../scripts/deploy/screen.ts';
import { SERVER_KEYS, TOKENS } from '../../scripts/deploy/ours.ts';
import { pathsStep } from '../../scripts/deploy/outside/path-removal.ts';
import { runRemoval } from '../../scripts/destroy/run.ts';
import { collectionRemovalStep } from '../../scripts/deploy/steps/collection-removal.ts';
import { functionRemovalStep } from '../../scripts/deploy/steps/function-removal.ts';
import { ruleRemovalStep } from '../../scripts/deploy/steps/rule-removal.ts';
import type { StoredDocument } from '../../scripts/platform/environment.ts';
import { refuse } from '../platform/fake/refusal.ts';
import { emptyState, someFunction } from '../platform/fake/state.ts';
import { startTencent, type FakeTencent } from '../platform/fake/tencent.ts';
import { deploy, documentsIn, environmentOf, settingsFor } from '../deploy/in-process.ts';
import { LIVE } from '../deploy/servers.ts';

const NAMES = ['refreshAccessToken', 'getAccessToken', 'accessTokenHttp'];
const TOKEN = { schema: 1, version: 3, writer: 'w', mints: { day: 1, count: 1 }, token: null };

let fake: FakeTencent;
let stored: StoredDocument[];
let servers: StoredDocument[];
beforeAll(async () => {
  fake = await startTencent();
});
afterAll(() => fake.close());
beforeEach(async () => {
  fake.state = emptyState();
  fake.interfere = () => undefined;
  fake.state.rule = { AclTag: 'CUSTOM', Rule: '{"*":{"invoke":true},"pay":{"invoke":false}}' };
  fake.state.functions.set('pay', someFunction('pay'));
  await deploy(fake);
  stored = [{ _id: 'wxfake', ...TOKEN }];
  servers = [];
});

async function destroy(options: { isDryRun?: boolean; confirm?: () => Promise<void> } = {}) {
  const environment = environmentOf(fake, settingsFor(fake), (name) =>
    documentsIn(name === 'wx_access_clients' ? servers : stored),
  );
  const steps = [
    pathsStep(environment),
    functionRemovalStep(environment, NAMES),
    ruleRemovalStep(environment, NAMES),
    collectionRemovalStep(environment, TOKENS),
    collectionRemovalStep(environment, SERVER_KEYS),
  ];
  const lines: string[] = [];
  const screen = createScreen(
    (text) => text,
    (line) => lines.push(stripVTControlCharacters(line)),
  );
  const { isDryRun = false, confirm = () => Promise.resolve() } = options;
  const isDone = await runRemoval(steps, screen, { isDryRun, confirm, sleep: () => Promise.resolve() });
  return { isDone, output: lines.join('\n') };
}

describe('a removal', () => {
  it('leaves functions of the same names that were not deployed from here, with their paths and rule entries', async () => {
    fake.state = emptyState();
    for (const name of NAMES) fake.state.functions.set(name, someFunction(name, { Description: 'theirs' }));
    const rule = { getAccessToken: { invoke: 'auth.openid != null' }, accessTokenHttp: { invoke: true } };
    fake.state.rule = { AclTag: 'CUSTOM', Rule: JSON.stringify(rule) };
    const before = fake.calls.length;
    const { isDone, output } = await destroy();
    expect(isDone).toBe(true);
    expect(output).toContain(
      '✓ functions: refreshAccessToken, getAccessToken and accessTokenHttp stay: not deployed from here',
    );
    expect([...fake.state.functions.keys()]).toEqual(NAMES);
    expect(JSON.parse(fake.state.rule.Rule)).toEqual(rule);
    const writes = fake.calls.slice(before).filter(({ action }) => /Function|Rule|Route/.test(action));
    expect(writes.filter(({ action }) => !/^(Describe|Get|List)/.test(action))).toEqual([]);
  });

  it('takes functions, rule entries and collection away, and leaves those of others', async () => {
    const { isDone, output } = await destroy();
    expect(isDone).toBe(true);
    expect(output).toContain(
      '→ collection wx_access_tokens: would do: delete wx_access_tokens with 1 token document',
    );
    expect([...fake.state.functions.keys()]).toEqual(['pay']);
    expect(JSON.parse(fake.state.rule!.Rule)).toEqual({ '*': { invoke: true }, pay: { invoke: false } });
    expect([...fake.state.collections.keys()]).toEqual(['orders']);
    const again = await destroy();
    expect(again.isDone).toBe(true);
    expect(again.output).toContain('nothing to remove');
  });

  it('removes nothing in a dry run, and nothing unconfirmed', async () => {
    const before = structuredClone([fake.state.rule, [...fake.state.collections]]);
    await destroy({ isDryRun: true });
    await expect(destroy({ confirm: () => Promise.reject(new Error('no')) })).rejects.toThrow('no');
    expect(fake.state.functions.size).toBe(3);
    expect([fake.state.rule, [...fake.state.collections]]).toEqual(before);
  });

  it('keeps a collection with foreign documents, but no token in it', async () => {
    // Two look like tokens by one trait each: an AppID as the id, a version.
    stored.push({ _id: 'wx0123456789abcdef', note: 'mine' }, { _id: 'order', version: 2 });
    const { isDone, output } = await destroy();
    expect(isDone).toBe(true);
    expect(output).toContain('itself stays, for it holds 2 documents of others');
    expect(stored.map(({ _id }) => _id)).toEqual(['wx0123456789abcdef', 'order']);
    expect([...fake.state.collections.keys()]).toContain('wx_access_tokens');
  });

  it('touches nothing in a collection that is too full to be ours', async () => {
    stored = Array.from({ length: 1_000 }, (_, at) => ({ _id: `wx${at}`, ...TOKEN }));
    const { isDone, output } = await destroy();
    expect(isDone).toBe(false);
    expect(output).toMatch(/✗ collection wx_access_tokens: .* 1000 documents or more/);
    expect(fake.state.functions.size).toBe(3);
  });

  it('takes the outside door away with its path and its servers', async () => {
    fake.state.collections.set('wx_access_clients', 'ADMINONLY');
    servers = [LIVE, { _id: 'check:wxfake', kind: 'check', version: 3 }];
    await deploy(fake, { servers });
    const domains = fake.state.domains.length;
    const { isDone, output } = await destroy();
    expect(isDone).toBe(true);
    expect(output).toMatch(/→ outside path: would do: remove https:\/\/\S+\/wechat$/m);
    expect(output).toContain('delete wx_access_clients with 2 documents about servers');
    expect([...fake.state.functions.keys()]).toEqual(['pay']);
    expect(JSON.parse(fake.state.rule!.Rule)).toEqual({ '*': { invoke: true }, pay: { invoke: false } });
    expect([...fake.state.collections.keys()]).toEqual(['orders']);
    expect(fake.state.domains.flatMap(({ Routes }) => Routes).map(({ Path }) => Path)).toEqual(['/shop']);
    expect(fake.state.domains).toHaveLength(domains);
    expect((await destroy()).output).toContain('nothing to remove');
  });

  it('keeps a collection of servers with foreign documents, but no server in it', async () => {
    fake.state.collections.set('wx_access_clients', 'ADMINONLY');
    // Each looks like ours by one trait: the id, or the kind.
    servers = [LIVE, { _id: 'server:1', name: 'mine' }, { _id: 'order', kind: 'server' }];
    const { output } = await destroy();
    expect(output).toContain('wx_access_clients itself stays, for it holds 2 documents of others');
    expect(servers.map(({ _id }) => _id)).toEqual(['server:1', 'order']);
    expect([...fake.state.collections.keys()]).toContain('wx_access_clients');
  });

  it('stops with cause and cure when a call fails, and goes on when run again', async () => {
    fake.state.collections.set('wx_access_clients', 'ADMINONLY');
    servers = [LIVE];
    await deploy(fake, { servers });
    const writes = ['DeleteHTTPServiceRoute', 'DeleteFunction', 'ModifySecurityRule', 'DeleteTable'];
    for (const failing of writes) {
      fake.interfere = ({ action }) => (action === failing ? refuse('InternalError', 'busy') : undefined);
      const { isDone, output } = await destroy();
      expect(isDone).toBe(false);
      expect(output).toMatch(new RegExp(`✗ .*${failing} failed: InternalError busy.*run the command again`));
    }
    fake.interfere = () => undefined;
    expect((await destroy()).isDone).toBe(true);
    expect(fake.state.functions.size).toBe(1);
  });
});
