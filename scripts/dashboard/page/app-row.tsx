/** One app of several, in one line until it is opened. */

import type { Judged } from './judged.ts';
import { adviceOn } from '../../place/advice.ts';
import type { Snapshot } from '../snapshot.ts';
import { AppSection, Sign } from './app-section.tsx';
import { isLive, opened, toggle } from './judged.ts';
import { Bar } from './life-bar.tsx';
import { language } from './preferences.ts';

export function AppRow({ app, at }: { app: Judged; at: Snapshot }) {
  const { report, judgement } = app;
  const { appid } = report;
  const isOpen = opened.value.has(appid);
  if (isOpen) return <AppSection app={app} at={at} close={() => toggle(appid)} />;
  const tone = isLive.value ? judgement.tone : 'lost';
  const { title } = adviceOn(judgement, at.at, language.value);
  return (
    <section class={`card row tone-${tone}`}>
      <h2>
        <button
          type="button"
          class="opener"
          title={appid}
          aria-expanded={false}
          onClick={() => toggle(appid)}
        >
          <Sign tone={tone} /> <span class="row-name">{appid}</span>
        </button>
      </h2>
      <p class="row-title">{title}</p>
      <Bar report={report} at={at} />
    </section>
  );
}
