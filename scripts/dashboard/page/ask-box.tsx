/** Calls getAccessToken as one of the user's functions would, and shows each step of it. */

import type { AskedStep } from '../snapshot.ts';
import { shownIn } from './facts.tsx';
import { durationIn } from './format.ts';
import { ask, asked, isAsking } from './knobs.ts';
import { language, texts } from './preferences.ts';

export function AskBox({ appid }: { appid: string }) {
  const t = texts.value;
  return (
    <div class="ask">
      <button type="button" class="primary" disabled={isAsking.value} onClick={() => void ask(appid)}>
        {isAsking.value ? t.asking : t.ask}
      </button>
      <p class="muted">{t.askHint}</p>
      <div role="status">
        {asked.value !== null && !isAsking.value && (
          <ol class="steps">
            {asked.value.map((step, index) => (
              <Step key={index} step={step} />
            ))}
          </ol>
        )}
      </div>
    </div>
  );
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
