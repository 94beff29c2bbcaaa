/** Draws one plot of refreshes with uPlot: a mark per refresh, by colour and shape of what it was. */

import uPlot from 'uplot';
import type { HistoryEntry } from '../../../functions/_shared/token/record.ts';

export type Measure = 'gap' | 'took';
/** A failure is shown as a failure, whatever caused the refresh. */
export const KINDS = ['timer', 'reader', 'report', 'manual', 'failed'] as const;
type Kind = (typeof KINDS)[number];

export const WINDOW_MS = 48 * 3_600_000;
const HEIGHT = 132;
const MARK = 9;
const MINUTE_MS = 60_000;
const HOUR_S = 3_600;

interface PlotOptions {
  measure: Measure;
  /** Oldest first. */
  entries: readonly HistoryEntry[];
  untilMs: number;
  /** Called with the entry under the pointer. */
  hover(index: number | null): void;
}

export function kindOf({ reason, outcome }: HistoryEntry): Kind {
  if (outcome !== 'minted') return 'failed';
  return KINDS.find((kind) => kind === reason) ?? 'manual';
}

/** Returns a function that removes the plot. */
export function drawPlot(box: HTMLElement, options: PlotOptions): () => void {
  const plot = new uPlot(settingsFor(box, options), dataOf(options), box);
  const observer = new ResizeObserver(() => {
    if (box.clientWidth > 0) plot.setSize({ width: box.clientWidth, height: HEIGHT });
  });
  observer.observe(box);
  return () => {
    observer.disconnect();
    plot.destroy();
  };
}

function dataOf({ measure, entries }: PlotOptions): uPlot.AlignedData {
  // Before the first token there was none: no gap is another thing than one of 0.
  const value = ({ gapMs, tookMs }: HistoryEntry): number | null =>
    measure === 'took' ? tookMs : gapMs === null ? null : gapMs / MINUTE_MS;
  const series = KINDS.map((kind) => entries.map((entry) => (kindOf(entry) === kind ? value(entry) : null)));
  return [entries.map(({ atMs }) => atMs / 1000), ...series];
}

function settingsFor(box: HTMLElement, { measure, untilMs, hover }: PlotOptions): uPlot.Options {
  const [text, line] = [colourOf(box, 'axis-text'), colourOf(box, 'axis-line')];
  const axis = {
    stroke: text,
    font: '11px system-ui',
    grid: { stroke: line, width: 1 },
    ticks: { show: false },
  };
  return {
    width: Math.max(box.clientWidth, 200),
    height: HEIGHT,
    padding: [10, 20, 0, 0],
    legend: { show: false },
    cursor: { y: false, drag: { x: false, y: false }, points: { show: false }, sync: { key: 'timeline' } },
    hooks: { setCursor: [({ cursor }) => hover(cursor.idx ?? null)] },
    scales: {
      x: { time: true, range: [(untilMs - WINDOW_MS) / 1000, untilMs / 1000] },
      y: { range: (_plot, _min, max) => [0, roundUp(Math.max(max ?? 0, LEAST[measure]))] },
    },
    axes: [
      { ...axis, size: 26, incrs: [3, 6, 12, 24].map((hours) => hours * HOUR_S), values: hoursOf },
      { ...axis, size: 44, space: 32 },
    ],
    series: [{}, ...KINDS.map((kind) => seriesOf(box, kind, measure))],
  };
}

/** The smallest range of the axis: the usual gap, and a normal response time. */
const LEAST: Record<Measure, number> = { gap: 120, took: 100 };

function seriesOf(box: HTMLElement, kind: Kind, measure: Measure): uPlot.Series {
  const colour = colourOf(box, `kind-${kind}`);
  const bars = uPlot.paths.bars?.({ size: [0.6, 3, 3] });
  return {
    stroke: colour,
    fill: colour,
    width: 0,
    paths: (measure === 'gap' ? bars : undefined) ?? (() => null),
    points: { show: (plot, index) => drawMarks(plot, index, kind, colour) },
  };
}

/** Round for what went well, a diamond for a report, a cross for a failure. */
function drawMarks(plot: uPlot, series: number, kind: Kind, colour: string): false {
  const { ctx, data } = plot;
  const size = (MARK * devicePixelRatio) / 2;
  ctx.save();
  Object.assign(ctx, { strokeStyle: colour, fillStyle: colour, lineWidth: 2 * devicePixelRatio });
  for (const [index, value] of (data[series] ?? []).entries()) {
    if (value === null || value === undefined) continue;
    const [x, y] = [plot.valToPos(data[0][index] ?? 0, 'x', true), plot.valToPos(value, 'y', true)];
    ctx.beginPath();
    if (kind === 'failed') cross(ctx, x, y, size);
    else if (kind === 'report') diamond(ctx, x, y, size);
    else ctx.arc(x, y, size * 0.8, 0, 2 * Math.PI);
    if (kind === 'failed') ctx.stroke();
    else ctx.fill();
  }
  ctx.restore();
  return false;
}

function cross(ctx: CanvasRenderingContext2D, x: number, y: number, size: number): void {
  ctx.moveTo(x - size, y - size);
  ctx.lineTo(x + size, y + size);
  ctx.moveTo(x + size, y - size);
  ctx.lineTo(x - size, y + size);
}

function diamond(ctx: CanvasRenderingContext2D, x: number, y: number, size: number): void {
  ctx.moveTo(x, y - size);
  ctx.lineTo(x + size, y);
  ctx.lineTo(x, y + size);
  ctx.lineTo(x - size, y);
  ctx.closePath();
}

/** `18:00`, and the day where one begins. */
function hoursOf(_plot: uPlot, splits: number[]): string[] {
  return splits.map((seconds) => {
    const at = new Date(seconds * 1000);
    if (at.getHours() === 0) return `${at.getMonth() + 1}-${String(at.getDate()).padStart(2, '0')}`;
    return `${String(at.getHours()).padStart(2, '0')}:00`;
  });
}

function roundUp(value: number): number {
  const step = 10 ** Math.floor(Math.log10(value)) / 2;
  return Math.ceil((value * 1.08) / step) * step;
}

/** A canvas can't use the stylesheet: reads the colour of a class from it. */
function colourOf(box: HTMLElement, name: string): string {
  const probe = document.createElement('i');
  probe.className = name;
  box.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
}
