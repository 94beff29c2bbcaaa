/** The tickets that are kept beside the tokens: a line each. */

import { judge } from '../../place/judge.ts';
import type { AppReport } from '../../place/report.ts';
import { Sign } from './app-section.tsx';
import { ago, shownIn } from './facts.tsx';

import { isLive } from './judged.ts';
import { texts } from './preferences.ts';
import { nowMs } from './stream.ts';

export function TicketsSection({ tickets }: { tickets: readonly AppReport[] }) {
  const t = texts.value;
  return (
    <section class="card" aria-labelledby="tickets">
      <h2 id="tickets">{t.tickets}</h2>
      {tickets.map((report) => (
        <p key={report.appid}>
          <Sign tone={isLive.value ? judge(report, nowMs.value).tone : 'lost'} /> <b>{report.appid}</b>{' '}
          <span class="muted">{describe(report)}</span>
        </p>
      ))}
    </section>
  );
}

function describe({ token, breaker, mintsToday }: AppReport): string {
  const t = texts.value;
  const held =
    token === null ? t.tokenNone : `${shownIn(token.shown)} ${t.ticketFrom(ago(token.mintedAtMs))}`;
  const failed = breaker === null ? '' : ` · ${breaker.errcode} ${breaker.errmsg}`;
  return `${held} · ${t.ticketsToday(mintsToday.count)}${failed}`;
}
