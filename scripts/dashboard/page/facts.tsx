/** The facts about an app. */

import type { ComponentChildren } from 'preact';
import type { AppReport } from '../../place/report.ts';
import { agoIn, clockTime, durationIn, wordFor } from '../../command/words.ts';
import type { TimerState } from '../snapshot.ts';
import { language, texts } from './preferences.ts';
import { nowMs } from './stream.ts';

export function Facts({ report, timer }: { report: AppReport; timer: TimerState | null }) {
  const t = texts.value;
  return (
    <dl class="facts">
      <Fact name={t.next}>{describeNext(report)}</Fact>
      <Fact name={t.tick}>
        {timer === null ? <UnknownTick report={report} /> : describeTick(report, timer)}
      </Fact>
      <Fact name={t.mints}>
        <Mints report={report} />
      </Fact>
      <Fact name={t.breaker}>
        <Breaker report={report} />
      </Fact>
      <Fact name={t.others}>{describeOthers(report)}</Fact>
      <Fact name={t.token}>{describeToken(report)}</Fact>
      {report.manualRefresh !== null && (
        <Fact name={t.manualRefresh}>{report.manualRefresh.isLeak ? t.manualLeak : t.manualNow}</Fact>
      )}
      {report.damaged.length > 0 && <Fact name={t.damaged}>{report.damaged.join(', ')}</Fact>}
    </dl>
  );
}

function Fact({ name, children }: { name: string; children: ComponentChildren }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function describeNext({ nextRefreshAtMs, breaker, ticks }: AppReport) {
  const t = texts.value;
  if (breaker?.isOpen === true && breaker.retryAtMs > nowMs.value)
    return t.nextNotBefore(clock(breaker.retryAtMs));
  if (nextRefreshAtMs === null || nextRefreshAtMs <= nowMs.value) return t.nextDue[ticks.source];
  return (
    <>
      {t.nextIn(length(nextRefreshAtMs - nowMs.value))}
      <small>{t.nextAt(clock(nextRefreshAtMs))}</small>
    </>
  );
}

function describeTick({ appid }: AppReport, { last, nextAtMs }: TimerState) {
  const t = texts.value;
  const action = last?.actions.find((one) => one.appid === appid)?.action ?? 'failed';
  return (
    <>
      {last === null ? t.tickNone : t.tickAgo(ago(last.atMs), wordFor(action, t.actions))}
      {nextAtMs !== null && <small>{t.tickNext(clock(nextAtMs))}</small>}
    </>
  );
}

function UnknownTick({ report }: { report: AppReport }) {
  const t = texts.value;
  const { source, lastAtMs } = report.ticks;
  if (source === 'readers') return <>{t.tickNotMeant}</>;
  return (
    <>
      {lastAtMs === null ? t.tickFrom[source] : t.tickRefresh[source](ago(lastAtMs))}
      <small>{t.tickUnknown}</small>
    </>
  );
}

function Mints({ report: { mintsToday, forcesToday, api } }: { report: AppReport }) {
  const { count, effectiveLimit: limit } = mintsToday;
  return (
    <>
      {texts.value.mintsOf(count, limit)}
      <progress max={limit} value={Math.min(count, limit)} aria-label={texts.value.mints} />
      {api === 'stable' && <small>{texts.value.forced(forcesToday)}</small>}
    </>
  );
}

function Breaker({ report: { breaker } }: { report: AppReport }) {
  const t = texts.value;
  if (breaker === null) return <>{t.closed}</>;
  const { failures, sinceAtMs, owner, isOpen, retryAtMs } = breaker;
  return (
    <>
      {isOpen && retryAtMs > nowMs.value ? t.openUntil(clock(retryAtMs)) : t.closedAfterFailure}
      <small>
        {t.failures(failures, clock(sinceAtMs))} · {t.owners[owner]}
      </small>
    </>
  );
}

function describeOthers({ foreignMinter: { isSuspected, refusedAtMs } }: AppReport) {
  const t = texts.value;
  const last = refusedAtMs.at(-1);
  if (last === undefined) return t.othersNone;
  const seen = t.othersSeen(refusedAtMs.length, ago(last));
  return isSuspected ? (
    <>
      {t.othersSuspected}
      <small>{seen}</small>
    </>
  ) : (
    seen
  );
}

function describeToken({ token, api, isConfiguredHere }: AppReport) {
  const t = texts.value;
  const minted = token && t.minted(ago(token.mintedAtMs), t.storage[token.storage]);
  return (
    <>
      {token === null ? t.tokenNone : shownIn(token.shown)}
      {minted !== null && <small>{minted}</small>}
      <small>{t.modes[api]}</small>
      {!isConfiguredHere && <small>{t.notConfigured}</small>}
    </>
  );
}

/** The report's `110_… (142 characters)` in the language of the page. */
export function shownIn(shown: string): string {
  const parts = /^(.*) \((\d+) characters\)$/.exec(shown);
  return parts === null ? texts.value.encrypted : texts.value.characters(parts[1] ?? '', parts[2] ?? '');
}

function length(lengthMs: number): string {
  return durationIn(language.value, lengthMs);
}

export function ago(atMs: number): string {
  return agoIn(language.value, atMs, nowMs.value);
}

function clock(atMs: number): string {
  return clockTime(atMs, nowMs.value);
}
