/** Stored documents with anything in them: reading never throws, and a few ticks repair them. */

import * as fc from 'fast-check';
import { createTokenCipher } from '../../../functions/_shared/store/cipher.ts';
import { createCloudStore } from '../../../functions/_shared/store/cloud-store.ts';
import { fromDocument, toDocument } from '../../../functions/_shared/store/document.ts';
import { decide } from '../../../functions/_shared/token/decide.ts';
import type { Report } from '../../../functions/_shared/token/report.ts';
import { getAccessToken } from '../../../functions/_shared/token/getAccessToken.ts';
import { createApp } from '../../../functions/_shared/token/app.ts';
import { createMint } from '../../../functions/_shared/wechat/mint.ts';
import { createProbe } from '../../../functions/_shared/wechat/probe.ts';
import { toReply } from '../../../functions/getAccessToken/contract.ts';
import { tick } from '../../../functions/refreshAccessToken/tick.ts';
import { createWeChat } from '../../local/wechat/machine.ts';
import { createMemoryCollection } from '../../simulate/memory-collection.ts';
import { createTimeline } from '../../simulate/timeline.ts';
import { createWeChatLine } from '../../simulate/wechat-line.ts';
import { document } from '../documents.ts';
import { must, pure } from '../family.ts';

const APPID = 'wxfuzz000000000001';
const SECRET = 'fuzz-secret-of-documents';
const NOON_MS = Date.UTC(2026, 10, 22, 4);
const DAY_MS = 86_400_000;
const MOST_TICKS = 12;

const policyOf = (api: 'token' | 'stable') => ({
  api,
  refreshAfterMs: 6_600_000,
  mintLimitPerDay: 500,
  fingerprint: 'f1',
});
const cipher = createTokenCipher([Buffer.alloc(32, 7)]);

export const documents = pure(
  'documents',
  14,
  fc.asyncProperty(
    document(NOON_MS),
    fc.constantFrom('token' as const, 'stable' as const),
    async (stored, api) => {
      checkReading(stored, api);
      const { app, timeline, wechat, collection } = createWorld(api);
      collection.documents.set(APPID, stored);
      const first = toReply(APPID, await timeline.settle(getAccessToken(app, null)));
      must(Number.isInteger(first.errcode) && first.errmsg.length <= 1_200, 'a reply out of shape');
      must(
        (first.errcode === 0) === 'access_token' in first,
        'a success without a token, or a failure with one',
      );
      if ('access_token' in first) {
        const { expires_in: life, expires_at: end } = first;
        must(
          Number.isInteger(life) && life > 0 && life <= 7_200 && Number.isInteger(end),
          `expires_in ${life}`,
        );
      }
      const isAlive = (): boolean =>
        wechat.living(timeline.now()).some(({ value }) => value === app.memory?.record.token?.value);
      for (let ticks = 0; !isAlive(); ticks++) {
        must(
          ticks < MOST_TICKS && timeline.now() <= NOON_MS + DAY_MS + 3_600_000,
          'a dead end: the ticks bring no token',
        );
        const { reply } = await timeline.settle(tick(app));
        must(Number.isInteger(reply.errcode) && reply.errmsg.length <= 1_200, 'a tick out of shape');
        must(
          reply.refresh_in >= 0 && reply.refresh_in * 1_000 <= DAY_MS + 600_000,
          `refresh_in ${reply.refresh_in}`,
        );
        if (!isAlive()) await timeline.runUntil(timeline.now() + Math.max(300_000, reply.refresh_in * 1_000));
      }
      const stillDamaged = (): string =>
        fromDocument(collection.documents.get(APPID)!, APPID, cipher).damaged.join();
      for (let ticks = 0; ticks < 2 && stillDamaged() !== ''; ticks++) {
        await timeline.runUntil(timeline.now() + 300_000);
        await timeline.settle(tick(app));
      }
      must(stillDamaged() === '', `still damaged: ${stillDamaged()}`);
    },
  ),
);

/** What was read can be evaluated, and written and read again without loss. */
function checkReading(stored: Record<string, unknown>, api: 'token' | 'stable'): void {
  const { record } = fromDocument(stored, APPID, cipher);
  for (const nowMs of [0, NOON_MS, NOON_MS + DAY_MS, 8.64e15])
    for (const reason of [
      { by: 'timer' },
      { by: 'reader' },
      reportOf(record.token?.value ?? '', false),
      reportOf(record.token?.value ?? '', true),
    ] as const)
      decide(record, reason, nowMs, policyOf(api));
  const again = fromDocument({ ...toDocument(record, 'writer', APPID, cipher) }, APPID, cipher);
  must(
    again.damaged.every((name) => name === 'version' && record.version === 0),
    `lost: ${again.damaged.join()}`,
  );
  must(JSON.stringify(again.record) === JSON.stringify(record), 'a record changes by being written');
}

function reportOf(value: string, isSuspicion: boolean): Report {
  return { by: 'report', value, knownId: null, isSuspicion, source: null };
}

function createWorld(api: 'token' | 'stable') {
  const timeline = createTimeline(NOON_MS);
  let count = 0;
  const wechat = createWeChat({
    apps: [{ appid: APPID, secret: SECRET }],
    randomToken: () => `110_fuzz${++count}`,
  });
  const { now, sleep } = timeline;
  const collection = createMemoryCollection({ sleep, latencyMs: () => 5, fault: () => 'none' });
  const send = createWeChatLine({ wechat, now, sleep, latencyMs: () => 20, fault: () => ({ kind: 'none' }) });
  const clock = { now, sleep, random: () => 0.5 };
  const mint = createMint({
    appid: APPID,
    secret: SECRET,
    api,
    baseUrls: ['https://a.invalid'],
    send,
    ...clock,
  });
  const probe = createProbe({ baseUrls: ['https://a.invalid'], send, now });
  const newId = (): string => `id-${++count}`;
  const store = createCloudStore(collection, APPID, newId, cipher);
  const log = (): void => undefined;
  const app = createApp(APPID, policyOf(api), { store, mint, probe, newId, who: 'fuzz', log, ...clock });
  return { app, timeline, wechat, collection };
}
