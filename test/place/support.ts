/** An operator at a test cloud: the same commands, on the cloud's own database, functions and clock. */

import { namesWith } from '../../scripts/local/names.ts';
import { randomBytes } from 'node:crypto';
import type { Invocation } from '../../scripts/platform/environment.ts';
import { documentsOf } from '../../scripts/place/local-documents.ts';
import { refreshOne } from '../../scripts/refresh/tell.ts';
import type { Clock, Reach } from '../../scripts/place/reach.ts';
import { readReports } from '../../scripts/place/apps.ts';
import type { AppReport } from '../../scripts/place/report.ts';
import { readSettings } from '../../scripts/place/settings.ts';
import { COLLECTION } from '../../scripts/local/cloud.ts';
import { APPID, borrowCloud, NOON_MS, SECRET, type TestCloud } from '../support/cloud.ts';

export const KEY = randomBytes(32).toString('base64');

export interface Operator {
  cloud: TestCloud;
  reach: Reach;
  clock: Clock;
  /** How long each wait was. */
  sleeps: number[];
  values: Record<string, string>;
  refresh(flags?: {
    appid?: string;
    isLeak?: boolean;
    isMinterGone?: boolean;
    values?: Record<string, string>;
  }): Promise<Told>;
  report(appid?: string, values?: Record<string, string>): Promise<AppReport>;
  /** Changes fields of a stored document behind everybody's back. */
  tamper(fields: object, appid?: string): Promise<void>;
}

interface Told {
  isDone: boolean;
  text: string;
}

/** The cloud's clock stands still; waiting moves it. */
export async function startOperator(variables: Record<string, string> = {}): Promise<Operator> {
  const values = { WX_APPID: APPID, WX_APPSECRET: SECRET, ...variables };
  return operatorAt(await borrowCloud({ variables: values, startAtMs: NOON_MS }), values);
}

function operatorAt(cloud: TestCloud, values: Record<string, string>): Operator {
  const sleeps: number[] = [];
  const clock: Clock = {
    now: () => cloud.clock.now(),
    async sleep(durationMs) {
      sleeps.push(durationMs);
      cloud.clock.advance(durationMs);
    },
  };
  const reach = reachOf(cloud);
  return {
    cloud,
    reach,
    clock,
    sleeps,
    values,
    async refresh({ appid, isLeak = false, isMinterGone = false, values: own = values } = {}) {
      const lines: string[] = [];
      const out = (_: boolean | null, line: string): void => void lines.push(line);
      const isDone = await refreshOne({ reach, values: own, appid, isLeak, isMinterGone, clock, out });
      return { isDone, text: lines.join('\n') };
    },
    async report(appid = APPID, own = values) {
      const reports = await readReports(reach, readSettings(own), cloud.clock.now());
      return reports.find((report) => report.appid === appid)!;
    },
    async tamper(fields, appid = APPID) {
      const update = { $set: fields as Record<string, unknown> };
      await cloud.database.collection(COLLECTION).update({ query: { _id: appid }, update });
    },
  };
}

export function reachOf(cloud: TestCloud): Reach {
  return {
    kind: 'local',
    names: namesWith(''),
    envId: 'test cloud',
    documents: (name) => documentsOf(cloud.database, name),
    invoke: async (name, event): Promise<Invocation> => {
      const outcome = await cloud.host.invoke({ name, event, caller: { kind: 'management' } });
      return 'failure' in outcome ? { failure: outcome.failure.message } : outcome;
    },
    close: async () => undefined,
  };
}

/** What an operator's machine knows that was never given the key. */
export function withoutKey(values: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(values).filter(([name]) => name !== 'TOKEN_ENCRYPTION_KEYS'));
}
