/** `npm run destroy`: removes what a deployment made, and nothing of anybody else. */

import { stripVTControlCharacters } from 'node:util';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createScreen } from '../../scripts/deploy/screen.ts';
import { runRemoval } from '../../scripts/destroy/run.ts';
import { collectionStep, functionsStep, ruleStep } from '../../scripts/destroy/steps.ts';
import type { Documents, StoredDocument } from '../../scripts/platform/environment.ts';
import { refuse } from '../platform/fake/refusal.ts';
import { emptyState, someFunction } from '../platform/fake/state.ts';
import { startTencent, type FakeTencent } from '../platform/fake/tencent.ts';
import { deploy, environmentOf, settingsFor } from './in-process.ts';

const NAMES = ['refreshAccessToken', 'getAccessToken'];
const TOKEN = { schema: 1, version: 3, writer: 'w', mints: { day: 1, count: 1 }, token: null };

let fake: FakeTencent;
let stored: StoredDocument[];
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
});

async function destroy(options: { isDryRun?: boolean; confirm?: () => Promise<void> } = {}) {
  const environment = environmentOf(fake, settingsFor(fake), () => storedDocuments());
  const steps = [
    functionsStep(environment, NAMES),
    ruleStep(environment, NAMES),
    collectionStep(environment),
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

function storedDocuments(): Documents {
  const unused = () => Promise.reject(new Error('not needed here'));
  return {
    get: unused,
    insert: unused,
    replaceIf: unused,
    list: async (limit) => stored.slice(0, limit),
    async remove(id) {
      const isThere = stored.some(({ _id }) => _id === id);
      stored = stored.filter(({ _id }) => _id !== id);
      return isThere;
    },
  };
}

describe('a removal', () => {
  it('takes functions, rule entries and collection away, and leaves those of others', async () => {
    const { isDone, output } = await destroy();
    expect(isDone).toBe(true);
    expect(output).toContain('→ collection: would do: delete wx_access_tokens with 1 token document');
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
    expect(output).toMatch(/✗ collection: .* 1000 documents or more/);
    expect(fake.state.functions.size).toBe(3);
  });

  it('stops with cause and cure when a call fails, and goes on when run again', async () => {
    const writes = ['DeleteFunction', 'ModifySecurityRule', 'DeleteTable'];
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
