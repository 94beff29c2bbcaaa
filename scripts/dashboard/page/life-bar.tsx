/** A bar of the life that callers are promised, as a countdown. */

import type { AppReport } from '../../place/report.ts';
import { clockTime, durationIn } from '../../command/words.ts';
import type { Snapshot } from '../snapshot.ts';
import { countdown } from './format.ts';
import { language, texts } from './preferences.ts';
import { nowMs } from './stream.ts';

/** The value of the report less the time since then. */
export function lifeLeftMs(report: AppReport, { atMs }: Pick<Snapshot, 'atMs'>): number {
  return Math.max(0, report.lifeLeftMs - (nowMs.value - atMs));
}

interface BarProps {
  report: AppReport;
  at: Pick<Snapshot, 'atMs'>;
}

export function LifeBar({ report, at }: BarProps) {
  const t = texts.value;
  const leftMs = lifeLeftMs(report, at);
  return (
    <div class="life">
      <div class="life-figures">
        <span class="label">{t.life}</span>
        <span class="countdown" aria-hidden="true">
          {countdown(leftMs)}
        </span>
        {leftMs > 0 && <span class="muted">{t.until(clockTime(nowMs.value + leftMs, nowMs.value))}</span>}
      </div>
      <Bar report={report} at={at} isMarked />
    </div>
  );
}

export function Bar({ report, at, isMarked = false }: BarProps & { isMarked?: boolean }) {
  const t = texts.value;
  const leftMs = lifeLeftMs(report, at);
  const { token, nextRefreshAtMs } = report;
  const wholeMs = token === null ? 1 : token.expiresAtMs - token.mintedAtMs;
  const words = leftMs === 0 ? t.lifeNone : t.lifeValue(durationIn(language.value, leftMs));
  const markMs = nextRefreshAtMs === null || !isMarked ? 0 : nowMs.value + leftMs - nextRefreshAtMs;
  return (
    <div
      class="bar"
      role="meter"
      aria-label={`${t.life}, ${report.appid}`}
      aria-valuemin={0}
      aria-valuemax={Math.round(wholeMs / 1000)}
      aria-valuenow={Math.min(Math.round(leftMs / 1000), Math.round(wholeMs / 1000))}
      aria-valuetext={words}
    >
      <div class="bar-fill" style={{ width: percent(leftMs / wholeMs) }} />
      {markMs > 0 && (
        <div class="bar-mark" style={{ left: percent(markMs / wholeMs) }}>
          <span>{t.dueMark}</span>
        </div>
      )}
    </div>
  );
}

function percent(share: number): string {
  return `${(Math.min(1, Math.max(0, share)) * 100).toFixed(2)}%`;
}
