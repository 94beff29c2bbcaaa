/** What is judged of each app just now, the worst first, and whether it can be believed. */

import { computed, signal } from '@preact/signals';
import { bySeverity, judge, type Judgement } from '../../place/judge.ts';
import type { AppReport } from '../../place/report.ts';
import { connection, nowMs, problem, snapshot } from './stream.ts';

export interface Judged {
  report: AppReport;
  judgement: Judgement;
}

/** While nothing is heard of the server, nobody knows whether it still holds. */
export const isLive = computed(() => connection.value === 'open' && problem.value === null);

export const judged = computed<readonly Judged[]>(() =>
  (snapshot.value?.apps ?? [])
    .map((report) => ({ report, judgement: judge(report, nowMs.value) }))
    .toSorted((a, b) => bySeverity(a.judgement, b.judgement)),
);

/** A part of an AppID. */
export const search = signal('');
/** Of several apps, those whose facts are shown. */
export const opened = signal<ReadonlySet<string>>(new Set());

export function toggle(appid: string): void {
  const changed = new Set(opened.value);
  if (!changed.delete(appid)) changed.add(appid);
  opened.value = changed;
}
