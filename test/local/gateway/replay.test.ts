/** Every recorded request of both SDKs, sent again byte for byte (signed anew), gets the recorded answer's shape. */

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createCloudClock } from '../../../scripts/local/clock.ts';
import type { Fault } from '../../../scripts/local/gateway/faults.ts';
import { normalize, readCaptures, type Capture, type RecordedRequest } from './captures.ts';
import { startTestCloud, type TestCloud } from './cloud.ts';
import { send, signAnew, type Answer } from './wire.ts';

describe.each(['node-sdk-3.18.3', 'wx-server-sdk-4.0.2'] as const)('requests recorded from %s', (name) => {
  const captures = readCaptures(name).filter(({ wire }) => wire.length > 0);
  let cloud: TestCloud;
  /** The recording's transaction ids, and the ones given out in this run. */
  const transactionIds = new Map<unknown, unknown>();

  beforeAll(async () => {
    const startedAtMs = Date.parse(captures[0]?.wire[0]?.at ?? '');
    cloud = await startTestCloud({ clock: createCloudClock(startedAtMs) });
    if (name.startsWith('wx')) cloud.database.createCollection('wx_token');
  });
  afterAll(() => cloud.close());

  it.each(captures)('$step is answered as recorded', async (capture) => {
    for (const { at, request, response } of capture.wire) {
      cloud.clock.freeze(Date.parse(at));
      const recorded = recordedAnswer(response);
      const remove = injectRecordedFault(capture, recorded);
      const answer = await send(
        cloud.gateway.port,
        signAnew(withCurrentTransaction(request, transactionIds)),
      );
      remove();
      expect(normalize(answer)).toEqual(normalize(recorded));
      const [before, now] = [recorded.body?.['transactionId'], answer.body?.['transactionId']];
      if (before !== undefined) transactionIds.set(before, now);
    }
  });

  /** Faults and conflicts at will were made by the recording's gateway on demand: they are demanded here too. */
  function injectRecordedFault({ step }: Capture, recorded: Answer): () => void {
    const message = recorded.body?.['message'];
    const isMadeUp = message === 'conflict' || String(message).endsWith('Transaction is conflict');
    const isFault = FAULT_STEPS.has(step);
    if (!isMadeUp && !isFault) return () => undefined;
    const fault: Fault = recorded.dropped
      ? { drop: true }
      : {
          answer: {
            status: recorded.status,
            json: recorded.body,
            ...(recorded.text ? { text: recorded.text } : {}),
          },
        };
    return cloud.gateway.faults.intercept(({ stage }) => (stage === 'before' ? fault : undefined));
  }
});

const FAULT_STEPS = new Set(['37-http-500', '38-http-403-json', '39-200-non-json', '40-timeout', '41-reset']);

function recordedAnswer(response: Capture['wire'][number]['response']): Answer {
  if (typeof response === 'string' || response === null) return { status: 0, dropped: true };
  const { rawBody, ...rest } = response as typeof response & { rawBody?: string };
  return rawBody === undefined ? rest : { ...rest, text: rawBody };
}

function withCurrentTransaction(request: RecordedRequest, ids: Map<unknown, unknown>): RecordedRequest {
  const current = ids.get(request.body['transactionId']);
  return current === undefined ? request : { ...request, body: { ...request.body, transactionId: current } };
}
