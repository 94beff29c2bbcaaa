/** The plots' refreshes as a table, newest first: for screen readers, and for readers who need the rid. */

import type { HistoryEntry } from '../../../functions/_shared/token/ports.ts';
import { clockTime, durationIn, wordFor } from '../../command/words.ts';
import { language, texts } from './preferences.ts';
import { nowMs } from './stream.ts';

export function HistoryTable({ entries, appid }: { entries: readonly HistoryEntry[]; appid: string }) {
  const t = texts.value;
  return (
    <details>
      <summary>{t.asTable(entries.length)}</summary>
      <div class="scroll" role="region" aria-label={`${t.timeline}, ${appid}`} tabIndex={0}>
        <table>
          <thead>
            <tr>
              {t.columns.map((name) => (
                <th key={name} scope="col">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {entries.toReversed().map((entry) => (
              <Row key={`${entry.atMs} ${entry.who}`} entry={entry} />
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}

function Row({ entry }: { entry: HistoryEntry }) {
  const t = texts.value;
  const { atMs, reason, outcome, gapMs, tookMs, errcode, rid, who } = entry;
  return (
    <tr class={outcome === 'minted' ? '' : 'failed'}>
      <th scope="row">{clockTime(atMs, nowMs.value)}</th>
      <td>{wordFor(reason, t.reasons)}</td>
      <td>{t.outcomes[outcome]}</td>
      <td>{gapMs === null ? '–' : durationIn(language.value, gapMs)}</td>
      <td>{durationIn(language.value, tookMs)}</td>
      <td>{errcode}</td>
      <td>{rid ?? '–'}</td>
      <td>{who}</td>
    </tr>
  );
}
