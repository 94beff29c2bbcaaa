/** `npm run prove`: the embedded cloud passes all of it, and every deviation turns exactly its own line red. */

import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import type { Assumption, Line, Subject } from '../../scripts/prove/assumption.ts';
import type { Knobs } from '../../scripts/prove/knobs.ts';
import { localScratch } from '../../scripts/prove/local.ts';
import { openSandbox } from '../../scripts/prove/open-wechat.ts';
import { ASSUMPTIONS, CALLS, DATABASE, LOCAL_ASSUMPTIONS } from '../../scripts/prove/assumptions/all.ts';
import { INSERTS } from '../../scripts/prove/assumptions/inserts.ts';
import { UPDATES } from '../../scripts/prove/assumptions/updates.ts';
import { tryAll } from '../../scripts/prove/try-all.ts';
import { renderLine } from '../../scripts/prove/report.ts';
import { TICKS } from '../../scripts/prove/assumptions/ticks.ts';
import { wechatAssumptions } from '../../scripts/prove/assumptions/wechat.ts';
import { englishIn, readChinese } from '../support/chinese.ts';
import { shareProcess } from '../support/shared-process.ts';
import { ALTERED_CALLS, ANSWERS, CLOSED, KNOBS, deviate, type Alteration } from './deviations.ts';

const command = shareProcess();
/** The two that take seconds are tried where they are what differs, and in the run of all. */
const SLOW = new Set(['too-large-document', 'time-limit']);

const running = (): AbortSignal => new AbortController().signal;
const nobody = (): void => undefined;
const run = (knobs: Knobs = {}, assumptions = LOCAL_ASSUMPTIONS): Promise<Line[]> =>
  tryAll(localScratch(running(), knobs), running(), nobody, assumptions);

const withVerdict = (lines: readonly Line[], ...verdicts: Line['verdict'][]): string[] =>
  lines.filter(({ verdict }) => verdicts.includes(verdict)).map(({ id }) => id);
const idsOf = (assumptions: readonly { id: string }[]): string[] => assumptions.map(({ id }) => id);
const quick = (assumptions: readonly Assumption[], id: string): Assumption[] =>
  assumptions.filter((one) => one.id === id || !SLOW.has(one.id));
const isOf =
  (assumptions: readonly Assumption[]) =>
  (id: string): boolean =>
    idsOf(assumptions).includes(id);

/** A machine that is busy takes its time; what a test waits for comes or fails by itself. */
const PATIENCE_MS = 180_000;

it('npm run prove -- --local --with-wechat: every assumption holds, and the report holds no id and no address', async () => {
  const file = join(mkdtempSync(join(tmpdir(), 'prove-')), 'report.md');
  const { code, output } = await command('prove', ['--local', '--with-wechat', '--report', file]);
  const all = LOCAL_ASSUMPTIONS.length + 4;
  expect(output).toContain(`${all} hold, 0 differ, 0 could not be tried`);
  expect(code).toBe(0);
  const report = readFileSync(file, 'utf8');
  const ids = [...report.matchAll(/^\| ([a-z][a-z0-9-]*) +\|/gm)].map(([, id]) => id);
  expect(ids).toEqual([
    ...idsOf(LOCAL_ASSUMPTIONS),
    'wechat-refused',
    'wechat-apart',
    'wechat-two-generations',
    'wechat-stable-repeats',
  ]);
  expect(report).toContain('refused (DATABASE_REQUEST_FAILED), 0 documents afterwards');
  expect(report).toMatch(/\| update-race +\| of 20 updates at once with one version, exactly one/);
  for (const secret of ['127.0.0.1', 'local-env', 'oVisitor', 'prove-', 'wx0000'])
    expect(report).not.toContain(secret);
  // Of the start's random credentials, and of the sandbox's tokens.
  expect(report).not.toMatch(/AKID|[0-9a-f]{32}|\d_[\w-]{20}/);
});

it('each assumption is Chinese for a Chinese reader', async () => {
  readChinese();
  const { wechat, sandbox } = await openSandbox();
  onTestFinished(() => sandbox.close());
  const seen = { verdict: 'differs', seen: '' } as const;
  for (const assumption of [...ASSUMPTIONS, ...wechatAssumptions(wechat)])
    expect(englishIn(renderLine({ ...assumption, ...seen }))).toEqual([]);
});

it('each assumption has a cloud that differs in it', () => {
  const known = [ANSWERS, ALTERED_CALLS, CLOSED, KNOBS].flatMap((each) => Object.keys(each));
  expect(known.toSorted()).toEqual(idsOf(LOCAL_ASSUMPTIONS).toSorted());
});

/** Starting a cloud is what takes the time: where it can differ later, all of them are one. */
describe('a cloud that differs in one thing turns exactly that line red:', () => {
  let alter: Alteration | undefined;
  let gateway: Parameters<typeof deviate>[0];
  const knobs: Knobs = {
    isTickAwaited: false,
    host: { alterCall: (caller, described) => alter?.(caller, described) ?? described },
    prepare: (cloud) => void ({ gateway } = cloud),
  };
  const shared = localScratch(running(), knobs);
  let subject: Subject;
  beforeAll(async () => void (subject = await shared.make()), PATIENCE_MS);
  afterAll(() => shared.remove());

  const again = (assumptions: Assumption[]): Promise<Line[]> =>
    tryAll({ make: async () => subject, remove: async () => undefined }, running(), nobody, assumptions);

  it.each(Object.keys(ANSWERS))(
    '%s, by what its database answers',
    async (id) => {
      gateway.faults.clear();
      deviate(gateway, id);
      const lines = await again(quick(isOf(DATABASE)(id) ? DATABASE : CALLS, id));
      gateway.faults.clear();
      expect(withVerdict(lines, 'differs', 'not tried')).toEqual([id]);
      expect(withVerdict(lines, 'differs')).toEqual([id]);
    },
    PATIENCE_MS,
  );

  it.each(Object.keys(ALTERED_CALLS))(
    '%s, by what it tells of a call',
    async (id) => {
      alter = ALTERED_CALLS[id];
      const lines = await again(quick(CALLS, id));
      alter = undefined;
      expect(withVerdict(lines, 'differs', 'not tried')).toEqual([id]);
      expect(withVerdict(lines, 'differs')).toEqual([id]);
    },
    PATIENCE_MS,
  );

  it.each(Object.keys(CLOSED))(
    '%s, by who may read',
    async (id) => {
      Object.assign(knobs, CLOSED[id]);
      const lines = await again(quick(DATABASE, id));
      Object.assign(knobs, { access: undefined, readUnsigned: undefined });
      expect(withVerdict(lines, 'differs', 'not tried')).toEqual([id]);
      expect(withVerdict(lines, 'differs')).toEqual([id]);
    },
    PATIENCE_MS,
  );

  it(
    'or, where no call is answered, says of all that they could not be tried',
    async () => {
      const release = gateway.faults.outage('http-500');
      const lines = await again([...UPDATES, ...INSERTS, ...TICKS]);
      release();
      expect(withVerdict(lines, 'holds', 'differs')).toEqual([]);
      expect(lines[0]).toMatchObject({ verdict: 'not tried', seen: 'the call failed (500)' });
      expect(lines.at(-1)).toMatchObject({ verdict: 'not tried', seen: 'skipped by --no-wait' });
    },
    PATIENCE_MS,
  );

  it.each(Object.keys(KNOBS))(
    '%s, by how it runs',
    async (id) => {
      const kin = [DATABASE, CALLS, TICKS].find((each) => isOf(each)(id)) ?? [];
      const lines = await run(KNOBS[id], quick(kin, id));
      expect(withVerdict(lines, 'differs')).toEqual([id]);
      // Without a tick nothing can be said of it.
      const isSilent = id === 'timer-fires';
      expect(withVerdict(lines, 'not tried')).toEqual(
        isSilent ? idsOf(TICKS).filter((other) => other !== id) : [],
      );
    },
    PATIENCE_MS,
  );
});

it('an interrupted run removes its scratch, and tries no more', async () => {
  const ending = new AbortController();
  const removed: string[] = [];
  const make = async () => ({}) as never;
  const remove = async (): Promise<void> => void removed.push('scratch');
  const lines = await tryAll({ make, remove }, ending.signal, () => ending.abort(), LOCAL_ASSUMPTIONS);
  expect(lines).toHaveLength(1);
  expect(removed).toEqual(['scratch']);
});
