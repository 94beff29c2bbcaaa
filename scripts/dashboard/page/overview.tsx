/** Several apps at a glance: how many are well, and the search among many. */

import type { Tone } from '../../place/judge.ts';
import { search, type Judged } from './judged.ts';
import { texts } from './preferences.ts';

/** Fewer are found by looking. */
const MANY = 8;

export function Overview({ apps }: { apps: readonly Judged[] }) {
  const t = texts.value;
  const count = (tone: Tone): number => apps.filter(({ judgement }) => judgement.tone === tone).length;
  const [act, watch] = [count('act'), count('watch')];
  return (
    <section class="card overview" aria-label={t.overviewTitle}>
      <div role="status" class="overview-line">
        <p class="overview-count">{t.overview(apps.length, count('good'))}</p>
        {act > 0 && <p class="badge plain tone-act">{t.overviewAct(act)}</p>}
        {watch > 0 && <p class="badge plain tone-watch">{t.overviewWatch(watch)}</p>}
      </div>
      {apps.length >= MANY && (
        <label class="search">
          <span>{t.search}</span>
          <input
            type="search"
            value={search.value}
            onInput={({ currentTarget }) => (search.value = currentTarget.value)}
          />
        </label>
      )}
    </section>
  );
}
