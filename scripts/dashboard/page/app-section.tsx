/** One app: its state in a word, the one thing to do next, and the facts behind it. */

import type { AppReport } from '../../place/report.ts';
import { verdictOf } from '../../place/verdict.ts';
import type { SandboxState, Snapshot } from '../snapshot.ts';
import { Facts } from './facts.tsx';
import { durationIn, withCommandsOf, wordFor } from './format.ts';
import { headlineOf, type Tone } from './headline.ts';
import { LifeBar, lifeLeftMs } from './life-bar.tsx';
import { language, texts } from './preferences.ts';
import type { HeadlineKey } from './texts/headlines.en.ts';
import { nowMs } from './stream.ts';
import { Timeline } from './timeline.tsx';

export function AppSection({ report, at }: { report: AppReport; at: Snapshot }) {
  const t = texts.value;
  const { tone, key } = headlineOf(report, nowMs.value);
  const { isGood, text } = verdictOf(report, nowMs.value);
  const { title, todo } = t.headlines[key];
  const hint = tone === 'good' ? null : hintOf(at.sandbox, report, key);
  const id = `app-${report.appid}`;
  return (
    <section class={`card tone-${tone}`} aria-labelledby={id}>
      <div class="card-head">
        <h2 id={id}>{report.appid}</h2>
        <span class="badge">
          <Sign tone={tone} /> {isGood && tone === 'act' ? t.attention : wordFor(text, t.verdicts)}
        </span>
      </div>
      <div class="headline-box" role="status">
        <p class="headline">{title}</p>
        <p class="todo">{withCommandsOf(at, todo)}</p>
        {hint !== null && <p class="todo">{withCommandsOf(at, t[hint])}</p>}
      </div>
      {report.breaker !== null && <p class="said">{`${report.breaker.errcode} ${report.breaker.errmsg}`}</p>}
      <Served report={report} at={at} />
      <LifeBar report={report} at={at} />
      <Facts report={report} timer={at.timer} />
      <Timeline report={report} />
    </section>
  );
}

/** What it means for callers: the first question when something is wrong. */
function Served({ report, at }: { report: AppReport; at: Snapshot }) {
  const leftMs = lifeLeftMs(report, at);
  const t = texts.value;
  if (leftMs > 0 && headlineOf(report, nowMs.value).tone === 'good') return null;
  return <p>{leftMs > 0 ? t.served(durationIn(language.value, leftMs)) : t.unserved}</p>;
}

/** Shows the state by shape, for readers who don't see the colour. */
function Sign({ tone }: { tone: Tone }) {
  const path = {
    good: 'M4 8.5l2.7 2.7L12 5.5',
    watch: 'M8 4.5v4.2M8 11.3v.2',
    act: 'M5 5l6 6M11 5l-6 6',
  }[tone];
  return (
    <svg class="sign" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
      <circle cx="8" cy="8" r="8" />
      <path d={path} />
    </svg>
  );
}

/** In the sandbox only the reader of this page can have caused it. */
function hintOf(
  sandbox: SandboxState | null,
  { appid, breaker }: AppReport,
  key: HeadlineKey,
): 'sandboxHint' | 'quotaHint' | null {
  const app = sandbox?.apps.find((candidate) => candidate.appid === appid);
  if (sandbox === null || app === undefined) return null;
  if (sandbox.isOut || app.isQuotaSpent || app.isSecretWrong || key === 'foreign') return 'sandboxHint';
  return breaker?.owner === 'quota' ? 'quotaHint' : null;
}
