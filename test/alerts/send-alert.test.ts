/** The stored incidents in the real SDK's hands: who writes them calls the webhook, the token's record has nothing to do with it. */

import { describe, expect, it, vi } from 'vitest';
import type { Changes } from '../../functions/_shared/alerts/changes.ts';
import type { Finding } from '../../functions/_shared/alerts/conditions.ts';
import { readOpenIncidents } from '../../functions/_shared/alerts/incidents.ts';
import type { Incident } from '../../functions/_shared/alerts/incidents.ts';
import { sendAlert } from '../../functions/_shared/alerts/send-alert.ts';
import type { AlertPorts } from '../../functions/_shared/alerts/send-alert.ts';
import { createTickPart } from '../../functions/_shared/alerts/tick.ts';
import type { Post } from '../../functions/_shared/alerts/webhook.ts';
import { createCollection } from '../../functions/_shared/store/collection.ts';
import { COLLECTION } from '../../functions/_shared/store/document.ts';
import { TokenError } from '../../functions/_shared/token/ports.ts';
import { createCloudHarness } from '../store/cloud-harness.ts';
import type { CloudHarness } from '../store/cloud-harness.ts';
import { fullRecord, later, seed } from '../store/records.ts';
import { NOW_MS } from './records.ts';

const foreign: Finding = { appid: 'wxCLOUD', kind: 'foreignMinter', sinceAtMs: 5, refusals: 2 };
const stored: Incident = { appid: 'wxCLOUD', kind: 'foreignMinter', sinceAtMs: 5 };
const changes: Changes = { opened: [foreign], recovered: [], open: [stored] };

async function createSender(posted: Awaited<ReturnType<Post>> = { kind: 'sent' }) {
  const harness = await createCloudHarness();
  await seed(harness);
  let nowMs = NOW_MS;
  let stamps = 0;
  const post = vi.fn<Post>(async () => posted);
  const log = vi.fn<AlertPorts['log']>();
  const collection = createCollection(COLLECTION, ['history']);
  const ports: AlertPorts = {
    collection,
    post,
    log,
    now: () => nowMs,
    newId: () => `stamp-${++stamps}`,
  };
  const incidents = async () => readOpenIncidents((await collection.get(harness.appid)) ?? {});
  return {
    harness,
    ports,
    post,
    log,
    incidents,
    advance: (durationMs: number) => void (nowMs += durationMs),
    say: async () => sendAlert(ports, harness.appid, await incidents(), changes),
  };
}

const incidentsOf = async (harness: CloudHarness) => (await harness.stored())?.['incidents'];

describe('whoever writes the incidents', () => {
  it('sends the alert, and of 20 that saw the same it is one', async () => {
    const { harness, ports, post, incidents } = await createSender();
    const seen = await incidents();
    expect(seen).toMatchObject({ sentAtMs: 0, open: [], basis: { 'incidents.stamp': undefined } });
    await Promise.all(Array.from({ length: 20 }, () => sendAlert(ports, harness.appid, seen, changes)));
    expect(post).toHaveBeenCalledOnce();
    expect(await incidentsOf(harness)).toMatchObject({ sentAtMs: NOW_MS, open: [stored] });
    const second = await incidents();
    const over: Changes = { opened: [], recovered: [stored], open: [] };
    ports.now = () => NOW_MS + 70_000;
    await Promise.all(Array.from({ length: 20 }, () => sendAlert(ports, harness.appid, second, over)));
    expect(post).toHaveBeenCalledTimes(2);
    expect(await incidentsOf(harness)).toMatchObject({ open: [] });
  });

  it('says nothing where nothing has changed, or the document is gone', async () => {
    const { harness, ports, post, incidents, say } = await createSender();
    await sendAlert(ports, harness.appid, await incidents(), null);
    await harness.put(null);
    await say();
    expect(post).not.toHaveBeenCalled();
  });

  it.each([
    [0, 1],
    [69_999, 1],
    [70_000, 2],
    [-600_000, 1],
    [-600_001, 2],
  ])('waits for its turn: %i ms after the last message there are %i', async (distanceMs, count) => {
    const { harness, post, advance, say } = await createSender();
    await say();
    await harness.put({ ...(await harness.stored()), incidents: { stamp: 's', sentAtMs: NOW_MS, open: [] } });
    advance(distanceMs);
    await say();
    expect(post).toHaveBeenCalledTimes(count);
  });

  it('that was refused takes it back for the next occasion, a minute later at the earliest', async () => {
    const failure = { kind: 'refused', errcode: 93000, errmsg: 'no' } as const;
    const { harness, post, log, advance, say } = await createSender(failure);
    await say();
    expect(await incidentsOf(harness)).toEqual({ stamp: 'stamp-2', sentAtMs: NOW_MS, open: [] });
    expect(log.mock.calls).toEqual([
      ['alert_failed', { opened: 'foreignMinter wxCLOUD', recovered: '', errcode: 93000, errmsg: 'no' }],
    ]);
    await say();
    expect(post).toHaveBeenCalledOnce();
    advance(70_000);
    await say();
    expect(post).toHaveBeenCalledTimes(2);
  });

  it('and was frozen before it could sendAlert leaves that to the next', async () => {
    const { ports, post, incidents, say } = await createSender();
    const times = [NOW_MS, NOW_MS + 10_001];
    ports.now = () => times.shift() ?? NOW_MS + 10_001;
    await say();
    expect(post).not.toHaveBeenCalled();
    expect(await incidents()).toMatchObject({ sentAtMs: NOW_MS, open: [] });
  });

  it('knows its own stamp when the answer was lost', async () => {
    const { harness, post, say } = await createSender();
    harness.failWrites('applied-but-lost');
    await say();
    expect(post).toHaveBeenCalledOnce();
  });

  it('tries once more when the write was lost, so that none can land late and stand there unsaid', async () => {
    const { harness, post, say } = await createSender();
    harness.failWrites('lost');
    await say();
    expect(post).toHaveBeenCalledOnce();
    expect(await incidentsOf(harness)).toMatchObject({ stamp: 'stamp-1', open: [stored] });
  });

  it('sends one alert when the first write is carried out after the second', async () => {
    const { harness, post, say } = await createSender();
    harness.failWrites('applied-late');
    await say();
    const after = await incidentsOf(harness);
    await harness.arrive();
    expect(post).toHaveBeenCalledOnce();
    expect(await incidentsOf(harness)).toEqual(after);
  });

  it('says nothing, and that it could not, when the database takes no write', async () => {
    const { harness, post, say } = await createSender();
    harness.failWrites('lost', 'lost');
    await expect(say()).rejects.toThrow(/could not be written/);
    expect(post).not.toHaveBeenCalled();
  });

  it('takes a refused one back although the first try is lost', async () => {
    const { harness, ports, say } = await createSender({ kind: 'refused', errcode: 45009, errmsg: 'no' });
    const { setIf } = ports.collection;
    let writes = 0;
    ports.collection.setIf = async (...args) => {
      if (++writes === 2) throw new TokenError('STORE_UNAVAILABLE', 'the connection was reset');
      return setIf(...args);
    };
    await say();
    expect(writes).toBe(3);
    expect(await incidentsOf(harness)).toMatchObject({ sentAtMs: NOW_MS, open: [] });
  });

  it.each([['gone'], [null], [7], [[]], [[{ stamp: 1 }]], [{ stamp: 3, sentAtMs: null }]])(
    'writes a damaged one (%j) anew',
    async (damaged) => {
      const { harness, post, say } = await createSender();
      await harness.put({ ...(await harness.stored()), incidents: damaged });
      await say();
      expect(post).toHaveBeenCalledOnce();
      expect(await incidentsOf(harness)).toMatchObject({ stamp: 'stamp-1', open: [stored] });
    },
  );
});

describe('incidents and record', () => {
  it('are written beside each other: neither makes the other fail, or loses it', async () => {
    const { harness, incidents, say } = await createSender();
    const { basis } = await harness.store().read();
    const seen = await incidents();
    await say();
    const before = await harness.stored();
    expect(before).toMatchObject({ version: fullRecord.version, token: fullRecord.token });
    expect(await harness.store().swap(basis, later(fullRecord))).not.toBeNull();
    expect(seen.basis).toEqual({ 'incidents.stamp': undefined });
    expect(await incidentsOf(harness)).toEqual(before?.['incidents']);
    expect((await harness.store().read()).damaged).toEqual([]);
  });
});

describe('a tick', () => {
  /** 32 s: of the function's 60, the alerts may take 24 in the worst case. */
  it.each([
    ['that took 32 s still looks at the alerts', 32_000, { 'database.modifyDocument': 1 }],
    ['that took longer leaves them to the next one', 32_001, {}],
  ])('%s', async (_, elapsedMs, actions) => {
    const { harness, ports, post } = await createSender();
    const part = createTickPart(ports);
    harness.cloud.gateway.stats.reset();
    // A note of a reader's: taking it away is what the alerts do first.
    part.onRead(harness.appid, { missedTickAtMs: 1 });
    await part.afterTicks({ apps: [], isMeant: true, elapsedMs });
    expect(harness.cloud.gateway.stats.snapshot().actions).toEqual(actions);
    expect(post).not.toHaveBeenCalled();
  });
});
