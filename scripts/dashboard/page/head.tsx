/** The page's head: the environment, how old the figures are, language and theme. */

import { agoIn, durationIn } from '../../command/words.ts';
import { isLive } from './judged.ts';
import { chooseLanguage, chooseTheme, language, texts, theme } from './preferences.ts';
import type { Snapshot } from '../snapshot.ts';
import { ageMs, connection, problem, snapshot } from './stream.ts';

/** Figures older than this many reads count as old. */
const MISSED_LOOKS = 3;
const LEAST_STALE_MS = 15_000;

export function Head() {
  const t = texts.value;
  const { value } = snapshot;
  const [isZh, isDark] = [language.value === 'zh', theme.value === 'dark'];
  return (
    <header>
      <div class="brand">
        <img src="/icon.svg" alt="" width="28" height="28" />
        <div>
          <h1>{t.title}</h1>
          <p class="muted">{value === null ? t.opening : <Place value={value} />}</p>
        </div>
      </div>
      <div class="switches">
        <button type="button" lang={isZh ? 'en' : 'zh-CN'} onClick={() => chooseLanguage(isZh ? 'en' : 'zh')}>
          {t.languageSwitch}
        </button>
        <button type="button" onClick={() => chooseTheme(isDark ? 'light' : 'dark')}>
          {isDark ? t.toLight : t.toDark}
        </button>
      </div>
    </header>
  );
}

/** Warns when the figures are old, and says why. */
export function Warnings() {
  const warning = warn();
  return (
    <div class="warnings">
      <div role="status">{warning !== null && <p class="warning">{warning}</p>}</div>
      {problem.value !== null && <p class="said">{problem.value}</p>}
    </div>
  );
}

function warn(): string | null {
  const t = texts.value;
  const { value } = snapshot;
  if (connection.value === 'refused') return t.openAgain;
  if (value === null && problem.value !== null) return t.failedFirstRead;
  if (value === null) return connection.value === 'lost' ? t.lostAtOnce : null;
  const age = durationIn(language.value, roughly(ageMs.value));
  if (connection.value === 'lost') return t.lost(age);
  const isStale = ageMs.value > Math.max(LEAST_STALE_MS, MISSED_LOOKS * value.periodMs);
  return problem.value !== null || isStale ? t.failedRead(age) : null;
}

/** In steps of 10 s: each other text would be read out again. */
function roughly(lengthMs: number): number {
  return Math.floor(lengthMs / 10_000) * 10_000;
}

/** Which environment it is, and how often it is read. */
function Place({ value: { place, environment, periodMs } }: { value: Snapshot }) {
  const t = texts.value;
  if (place === 'embedded')
    return (
      <>
        {t.place.embedded} · {isLive.value ? t.looked.embedded : t.disconnected}
      </>
    );
  return (
    <>
      {t.place[place]} · {environment}
      {warn() === null && (
        <>
          {' · '}
          <span class="numbers">{t.updated(agoIn(language.value, 0, ageMs.value))}</span>
        </>
      )}
      <br />
      {t.looked[place](durationIn(language.value, periodMs))}
    </>
  );
}
