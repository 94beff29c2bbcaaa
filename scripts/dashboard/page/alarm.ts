/** The title and the icon of the page change with the worst state: a pinned tab is an alarm. */

import { effect } from '@preact/signals';
import { adviceOn } from '../../place/advice.ts';
import { isLive, judged } from './judged.ts';
import { language, texts } from './preferences.ts';
import { snapshot } from './stream.ts';

const SIGNS = { good: '', watch: '! ', act: '✗ ', lost: '? ' };

export function watchWorst(): void {
  effect(() => {
    const { name, text } = worst();
    document.title = `${SIGNS[name]}${text}${texts.value.title}`;
    const icon = name === 'good' ? '/icon.svg' : `/icon-${name}.svg`;
    document.querySelector('link[rel=icon]')?.setAttribute('href', icon);
  });
}

function worst(): { name: keyof typeof SIGNS; text: string } {
  const { value } = snapshot;
  const [first] = judged.value;
  if (value === null) return { name: 'good', text: '' };
  if (!isLive.value) return { name: 'lost', text: `${texts.value.disconnected} · ` };
  if (first === undefined || first.judgement.tone === 'good') return { name: 'good', text: '' };
  const { title } = adviceOn(first.judgement, value.at, language.value);
  const same = judged.value.filter(({ judgement }) => judgement.tone === first.judgement.tone).length;
  const share = judged.value.length === 1 ? '' : `${same}/${judged.value.length} `;
  return { name: first.judgement.tone, text: `${share}${title} · ` };
}
