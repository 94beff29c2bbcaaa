/** Calls getAccessToken as one of the user's functions would, and shows each step of it. */

import { agoIn, clockTime, durationIn } from '../../command/words.ts';
import type { AskedStep } from '../snapshot.ts';
import { shownIn } from './facts.tsx';
import { ask, asked, isAsking } from './knobs.ts';
import { language, texts } from './preferences.ts';
import { nowMs } from './stream.ts';

const MINUTE_MS = 60_000;

export function AskBox({ appid }: { appid: string }) {
  const t = texts.value;
  return (
    <div class="ask">
      <button type="button" class="primary" disabled={isAsking.value} onClick={() => void ask(appid)}>
        {isAsking.value ? t.asking : t.ask}
      </button>
      <p class="muted">{t.askHint}</p>
      <div role="status">
        {asked.value?.appid === appid && !isAsking.value && (
          <>
            <ol class="steps">
              {asked.value.steps.map((step, index) => (
                <Step key={index} step={step} />
              ))}
            </ol>
            <p class="muted asked-at">{dateOf(asked.value.atMs)}</p>
          </>
        )}
      </div>
    </div>
  );
}

function dateOf(atMs: number): string {
  // The seconds of a fresh answer would be read out one by one.
  const length = Math.floor((nowMs.value - atMs) / MINUTE_MS) * MINUTE_MS;
  const time = clockTime(atMs, nowMs.value);
  return length < MINUTE_MS ? time : `${time} · ${agoIn(language.value, 0, length)}`;
}

function Step({ step }: { step: AskedStep }) {
  return (
    <li class={step.errcode === 0 ? 'well' : 'ill'}>
      <b>{texts.value.steps[step.step]}</b>
      <span>{describe(step)}</span>
    </li>
  );
}

/** WeChat's own text stays as it came. */
function describe({ step, errcode, errmsg, token, isNew, lifeMs = 0 }: AskedStep): string {
  const t = texts.value;
  if (errcode !== 0) return `${errcode} ${errmsg}`;
  if (token === undefined) return t.stepUsed;
  const told = t.stepToken(shownIn(token), durationIn(language.value, lifeMs));
  if (step === 'ask') return told;
  return `${isNew === true ? t.stepNew : t.stepSame}: ${told}`;
}
