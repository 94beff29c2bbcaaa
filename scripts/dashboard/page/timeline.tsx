/** The last 48 hours of refreshes: two plots on one axis of time, and the same as a table. */

import { useMemo } from 'preact/hooks';
import { useSignal } from '@preact/signals';
import type { HistoryEntry } from '../../../functions/_shared/token/ports.ts';
import type { AppReport } from '../../place/report.ts';
import { clockTime, durationIn, wordFor } from '../../command/words.ts';
import { HistoryTable } from './history-table.tsx';
import { KINDS, kindOf } from './kinds.ts';
import { Plot, WINDOW_MS, type Measure } from './plot.tsx';
import { language, texts } from './preferences.ts';
import { nowMs } from './stream.ts';

/** The plots move in steps of this; a minute is invisible in 48 hours. */
const STEP_MS = 60_000;
const MEASURES: readonly Measure[] = ['gap', 'took'];

export function Timeline({ report: { appid, history } }: { report: AppReport }) {
  const t = texts.value;
  const hovered = useSignal<HistoryEntry | null>(null);
  const stepMs = Math.ceil(nowMs.value / STEP_MS) * STEP_MS;
  const last = history[0];
  const newest = last === undefined ? '' : `${last.atMs} ${history.length}`;
  const entries = useMemo(
    () =>
      history
        .filter(({ atMs }) => atMs > stepMs - WINDOW_MS && atMs <= stepMs)
        // As stored they are in order, unless a clock was moved in between.
        .toSorted((a, b) => a.atMs - b.atMs),
    [newest, stepMs],
  );
  const failed = entries.filter(({ outcome }) => outcome !== 'minted').length;
  const reports = entries.filter(({ reason }) => reason === 'report').length;
  const summary = t.timelineSummary(entries.length, failed, reports);
  return (
    <div class="timeline">
      <h3>{t.timeline}</h3>
      {entries.length === 0 && <p class="muted">{t.timelineNone}</p>}
      {entries.length > 0 && (
        <>
          <Legend />
          {MEASURES.map((measure) => {
            const title = measure === 'gap' ? t.gapPlot : t.tookPlot;
            const drawn = { measure, entries, untilMs: stepMs, summary: `${title}: ${summary}`, hovered };
            return (
              <figure key={measure}>
                <figcaption>
                  {title}
                  <span class="muted numbers">{hovered.value === null ? '' : describe(hovered.value)}</span>
                </figcaption>
                <Plot {...drawn} />
              </figure>
            );
          })}
          <p class="muted">{summary}</p>
          <HistoryTable entries={entries} appid={appid} />
        </>
      )}
    </div>
  );
}

function Legend() {
  const t = texts.value;
  return (
    <ul class="legend" aria-hidden="true">
      {KINDS.map((kind) => (
        <li key={kind}>
          <i class={`dot kind-${kind}`} /> {kind === 'failed' ? t.failed : t.reasons[kind]}
        </li>
      ))}
    </ul>
  );
}

function describe(entry: HistoryEntry): string {
  const t = texts.value;
  const { atMs, reason, outcome, gapMs, tookMs } = entry;
  const gap = gapMs === null ? '–' : durationIn(language.value, gapMs);
  const why = kindOf(entry) === 'failed' ? ` ${entry.errcode}` : '';
  const words = [clockTime(atMs, nowMs.value), wordFor(reason, t.reasons), t.outcomes[outcome] + why, gap];
  return [...words, durationIn(language.value, tookMs)].join(' · ');
}
