/** One plot of refreshes as SVG: a mark per refresh, by colour and shape of what it was. */

import type { Signal } from '@preact/signals';
import type { HistoryEntry } from '../../../functions/_shared/token/ports.ts';
import { kindOf, type Kind } from './kinds.ts';

export type Measure = 'gap' | 'took';

export const WINDOW_MS = 48 * 3_600_000;
/** Of the drawing, in pixels; its width is that of the page, so places along it are shares. */
const HEIGHT = 100;
const MINUTE_MS = 60_000;
const TICK_HOURS = 6;

interface PlotProps {
  measure: Measure;
  /** Oldest first. */
  entries: readonly HistoryEntry[];
  untilMs: number;
  summary: string;
  /** The entry under the pointer, in all plots of an app. */
  hovered: Signal<HistoryEntry | null>;
}

export function Plot({ measure, entries, untilMs, summary, hovered }: PlotProps) {
  const most = roundUp(Math.max(LEAST[measure], ...entries.map((entry) => valueOf(entry, measure) ?? 0)));
  const shareOf = (atMs: number): number => 100 - ((untilMs - atMs) / WINDOW_MS) * 100;
  const hover = ({ currentTarget, clientX }: PointerEvent): void => {
    const { left, width } = (currentTarget as Element).getBoundingClientRect();
    hovered.value = nearest(entries, untilMs - (1 - (clientX - left) / width) * WINDOW_MS);
  };
  return (
    <div class="plot" role="img" aria-label={summary}>
      <svg height={HEIGHT} onPointerMove={hover} onPointerLeave={() => (hovered.value = null)}>
        <rect class="ground" width="100%" height="100%" />
        {[0, 0.5, 1].map((share) => (
          <Line key={share} y={share} text={String(most * (1 - share))} />
        ))}
        {hoursIn(untilMs).map((atMs) => (
          <text key={atMs} class="axis hour" x={`${shareOf(atMs)}%`} y={HEIGHT + 17} text-anchor="middle">
            {hourOf(atMs)}
          </text>
        ))}
        {hovered.value !== null && (
          <line
            class="cursor"
            x1={`${shareOf(hovered.value.atMs)}%`}
            x2={`${shareOf(hovered.value.atMs)}%`}
            y2="100%"
          />
        )}
        {entries.map((entry, index) => {
          const value = valueOf(entry, measure);
          const y = HEIGHT * (1 - (value ?? 0) / most);
          if (value === null) return null;
          return (
            <svg
              key={`${entry.atMs} ${index}`}
              x={`${shareOf(entry.atMs)}%`}
              class={`mark kind-${kindOf(entry)}`}
            >
              {measure === 'gap' && <line y1={y} y2={HEIGHT} stroke-width="3" opacity="0.55" />}
              <path d={SHAPES[kindOf(entry)]} transform={`translate(0 ${y})`} />
            </svg>
          );
        })}
      </svg>
    </div>
  );
}

function Line({ y, text }: { y: number; text: string }) {
  return (
    <>
      <line class="grid" x2="100%" y1={`${y * 100}%`} y2={`${y * 100}%`} />
      <text class="axis" x="-8" y={HEIGHT * y + 4} text-anchor="end">
        {text}
      </text>
    </>
  );
}

const ROUND = 'M-3.6 0a3.6 3.6 0 1 0 7.2 0a3.6 3.6 0 1 0 -7.2 0z';
/** Round for what went well, a diamond for a report, a cross for a failure. */
const SHAPES: Record<Kind, string> = {
  timer: ROUND,
  reader: ROUND,
  manual: ROUND,
  report: 'M0 -4.5L4.5 0L0 4.5L-4.5 0z',
  failed: 'M-4.5 -4.5L4.5 4.5M4.5 -4.5L-4.5 4.5',
};

/** The smallest range of the axis: the usual gap in minutes, and a normal response time. */
const LEAST: Record<Measure, number> = { gap: 120, took: 100 };

/** Before the first token there was none: no gap is another thing than one of 0. */
function valueOf({ gapMs, tookMs }: HistoryEntry, measure: Measure): number | null {
  if (measure === 'took') return tookMs;
  return gapMs === null ? null : gapMs / MINUTE_MS;
}

function nearest(entries: readonly HistoryEntry[], atMs: number): HistoryEntry | null {
  const away = (entry: HistoryEntry): number => Math.abs(entry.atMs - atMs);
  return entries.toSorted((a, b) => away(a) - away(b))[0] ?? null;
}

/** Full hours of this machine's time zone, whatever its offset. */
function hoursIn(untilMs: number): number[] {
  const at = new Date(untilMs);
  at.setHours(at.getHours() - (at.getHours() % TICK_HOURS), 0, 0, 0);
  const found: number[] = [];
  for (; at.getTime() > untilMs - WINDOW_MS; at.setHours(at.getHours() - TICK_HOURS))
    found.push(at.getTime());
  return found;
}

/** `18:00`, and the day where one begins. */
function hourOf(atMs: number): string {
  const at = new Date(atMs);
  if (at.getHours() === 0) return `${at.getMonth() + 1}-${String(at.getDate()).padStart(2, '0')}`;
  return `${String(at.getHours()).padStart(2, '0')}:00`;
}

/** So that half of it is a round number, too. */
function roundUp(value: number): number {
  const step = 10 ** Math.floor(Math.log10(value)) / 2;
  return Math.ceil((value * 1.08) / step) * step;
}
