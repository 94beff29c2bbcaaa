/** One app: its state in a word, the one thing to do next, and the facts behind it. */

import { durationIn } from '../../command/words.ts';
import { adviceOn } from '../../place/advice.ts';
import type { Tone } from '../../place/judge.ts';
import type { Snapshot } from '../snapshot.ts';
import { WithCommands } from './commands.tsx';
import { Facts } from './facts.tsx';
import { isLive, type Judged } from './judged.ts';
import { LifeBar, lifeLeftMs } from './life-bar.tsx';
import { language, texts } from './preferences.ts';
import { Timeline } from './timeline.tsx';

interface AppProps {
  app: Judged;
  at: Snapshot;
  /** Of several apps one can be closed again. */
  close?: () => void;
}

export function AppSection({ app: { report, judgement }, at, close }: AppProps) {
  const { title, todo } = adviceOn(judgement, at.at, language.value);
  const tone = isLive.value ? judgement.tone : 'lost';
  const id = `app-${report.appid}`;
  return (
    <section class={`card tone-${tone}`} aria-labelledby={id}>
      <div class="card-head">
        <h2 id={id}>
          {close === undefined ? (
            report.appid
          ) : (
            <button type="button" class="opener" aria-expanded onClick={close}>
              {report.appid}
            </button>
          )}
        </h2>
        <span class="badge">
          <Sign tone={tone} /> {texts.value.verdicts[judgement.state]}
        </span>
      </div>
      <div class="headline-box" role="status">
        <p class="headline">{title}</p>
        <p class="todo">
          <WithCommands text={todo} />
        </p>
      </div>
      {report.breaker !== null && <p class="said">{`${report.breaker.errcode} ${report.breaker.errmsg}`}</p>}
      <Served app={{ report, judgement }} at={at} />
      <LifeBar report={report} at={at} />
      <Facts report={report} timer={at.timer} />
      <Timeline report={report} />
    </section>
  );
}

/** What it means for callers: the first question when something is wrong. */
function Served({ app: { report, judgement }, at }: Pick<AppProps, 'app' | 'at'>) {
  const leftMs = lifeLeftMs(report, at);
  const t = texts.value;
  if (leftMs > 0 && judgement.tone === 'good') return null;
  return <p>{leftMs > 0 ? t.served(durationIn(language.value, leftMs)) : t.unserved}</p>;
}

/** Shows the state by shape, for readers who don't see the colour. */
export function Sign({ tone }: { tone: Tone | 'lost' }) {
  const path = {
    good: 'M4 8.5l2.7 2.7L12 5.5',
    watch: 'M8 4.5v4.2M8 11.3v.2',
    act: 'M5 5l6 6M11 5l-6 6',
    lost: 'M6 6.3a2 2 0 1 1 2.7 1.9q-.7.3-.7 1M8 11.6v.1',
  }[tone];
  return (
    <svg class="sign" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
      <circle cx="8" cy="8" r="8" />
      <path d={path} />
    </svg>
  );
}
