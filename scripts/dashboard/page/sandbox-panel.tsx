/** The sandbox's controls: each button causes a fault. */

import { useSignal } from '@preact/signals';
import { clockTime, durationIn } from '../../command/words.ts';
import { FORWARD_MINUTES, type KnobName, type SandboxState } from '../snapshot.ts';
import { AskBox } from './ask-box.tsx';
import { isLive } from './judged.ts';
import { outcome, turn } from './knobs.ts';
import { language, texts } from './preferences.ts';
import { nowMs } from './stream.ts';

export function SandboxPanel({ state }: { state: SandboxState }) {
  const t = texts.value;
  const chosen = useSignal('');
  const app = state.apps.find(({ appid }) => appid === chosen.value) ?? state.apps[0];
  if (app === undefined) return null;
  const { appid } = app;
  return (
    <aside class="card" aria-labelledby="sandbox-title">
      <h2 id="sandbox-title">{t.sandbox}</h2>
      <fieldset class="panel" disabled={!isLive.value}>
        <p class="muted">{t.sandboxIntro}</p>
        {state.apps.length > 1 && (
          <Choice state={state} appid={appid} choose={(one) => (chosen.value = one)} />
        )}
        <AskBox appid={appid} />
        <Outcome of={['ask']} />
        <Clock offsetMs={state.offsetMs} />
        <h3>{t.wechat}</h3>
        <Switch name="outage" isOn={state.isOut} />
        <Switch name="secret" isOn={app.isSecretWrong} appid={appid} />
        <Switch name="quota" isOn={app.isQuotaSpent} appid={appid} />
        <div class="knobs stacked">
          <Knob name="revoke" sent={{ appid }} />
          <Knob name="foreignMint" sent={{ appid }} />
          <Knob name="loseAnswer" sent={{}} isOn={state.isLosing} />
        </div>
        <Outcome of={OF_WECHAT} />
        <h3>{t.functions}</h3>
        <div class="knobs stacked">
          <Knob name="kill" sent={{}} />
          <Knob name="reset" sent={{}} />
        </div>
        <p class="muted">{t.instances(state.instances)}</p>
        <Outcome of={['kill', 'reset']} />
      </fieldset>
    </aside>
  );
}

const OF_WECHAT: readonly KnobName[] = ['outage', 'secret', 'quota', 'revoke', 'foreignMint', 'loseAnswer'];

/** What a control has done is told where it was pressed. */
function Outcome({ of }: { of: readonly KnobName[] }) {
  const value = outcome.value !== null && of.includes(outcome.value.of) ? outcome.value : null;
  return (
    <div role="status" class="outcome">
      {value !== null && <p class={value.isGood ? '' : 'warning'}>{value.text}</p>}
    </div>
  );
}

function Clock({ offsetMs }: { offsetMs: number }) {
  const t = texts.value;
  return (
    <>
      <h3>{t.clock}</h3>
      <div class="knobs">
        {FORWARD_MINUTES.map((minutes) => (
          <button
            key={minutes}
            type="button"
            aria-label={t.forwardLabel(t.forward(minutes))}
            onClick={() => void turn('forward', { minutes })}
          >
            {t.forward(minutes)}
          </button>
        ))}
      </div>
      <p class="muted numbers">
        {t.clockAt(clockTime(nowMs.value, Date.now()))}
        {offsetMs > 0 && <> ({t.ahead(durationIn(language.value, offsetMs))})</>}
      </p>
      <Outcome of={['forward']} />
    </>
  );
}

function Knob({ name, sent, isOn = false }: { name: Named; sent: object; isOn?: boolean }) {
  return (
    <button type="button" disabled={isOn} onClick={() => void turn(name, sent)}>
      {texts.value.knobs[name]}
    </button>
  );
}

/** Controls whose button has only a name. */
type Named = Exclude<KnobName, 'ask' | 'forward'>;

function Switch({ name, isOn, appid }: { name: Named; isOn: boolean; appid?: string }) {
  const sent = appid === undefined ? { isOn: !isOn } : { isOn: !isOn, appid };
  return (
    <button
      type="button"
      role="switch"
      class="switch"
      aria-checked={isOn}
      onClick={() => void turn(name, sent)}
    >
      <span>{texts.value.knobs[name]}</span>
      <i aria-hidden="true" />
    </button>
  );
}

interface ChoiceProps {
  state: SandboxState;
  appid: string;
  choose(appid: string): void;
}

function Choice({ state, appid, choose }: ChoiceProps) {
  return (
    <label class="choice">
      {texts.value.forApp}
      <select value={appid} onChange={({ currentTarget }) => choose(currentTarget.value)}>
        {state.apps.map((app) => (
          <option key={app.appid} value={app.appid}>
            {app.appid}
          </option>
        ))}
      </select>
    </label>
  );
}
