/** All that the stored document of one app says of its health. Pure. */

import { language } from '../../command/language.ts';
import { adviceOn, type Whereabouts } from '../../place/advice.ts';
import { judge } from '../../place/judge.ts';
import type { AppReport } from '../../place/report.ts';
import type { Trouble } from '../../place/texts/troubles.en.ts';
import type { Finding, Found } from '../finding.ts';
import { checkBreaker } from './breaker.ts';
import { checkDocument } from './document.ts';
import { checkLastRefresh } from './last-refresh.ts';
import { checkMints } from './mints.ts';
import { checkManualRefresh, checkUnsettled } from './pending.ts';
import { checkForeignMinter, checkWrongReports } from './reported.ts';
import { checkTicks } from './ticks.ts';
import { checkToken } from './token.ts';

/** In the order in which an operator reads them. The judge’s verdict and its cure are shown by the check that its trouble belongs to. */
export function checkApp(report: AppReport, nowMs: number, at: Whereabouts): Finding[] {
  const { appid } = report;
  const { tone, trouble } = judge(report, nowMs);
  const shownBy = CHECK_OF[trouble];
  const { title, todo: cure } = adviceOn({ trouble }, at, language());
  return Object.entries(CHECKS).map(([check, run]) => {
    const found: Finding = Object.assign(run(report, nowMs), { check, appid });
    if (tone === 'good' || shownBy === undefined) return found;
    if (check === shownBy)
      return Object.assign(found, { severity: tone === 'act' ? 'problem' : 'hint', title, cure });
    // It follows from the trouble: one cure for both.
    return CONSEQUENCES.has(check) && found.cure !== undefined ? Object.assign(found, { cure }) : found;
  });
}

const CHECKS: Record<string, (report: AppReport, nowMs: number) => Found> = {
  token: checkToken,
  'last refresh': checkLastRefresh,
  ticks: checkTicks,
  'mints today': checkMints,
  breaker: checkBreaker,
  unsettled: checkUnsettled,
  'foreign minter': checkForeignMinter,
  'wrong reports': checkWrongReports,
  manualRefresh: checkManualRefresh,
  document: checkDocument,
};

/** The check that shows it. */
const CHECK_OF: Record<Trouble, string | undefined> = {
  healthy: undefined,
  minting: 'token',
  first: 'token',
  none: 'token',
  dead: 'token',
  late: 'token',
  lateOutside: 'token',
  resting: 'token',
  future: 'token',
  leftOver: 'token',
  weather: 'breaker',
  down: 'breaker',
  secret: 'breaker',
  appid: 'breaker',
  whitelist: 'breaker',
  confirm: 'breaker',
  account: 'breaker',
  frozen: 'breaker',
  refused: 'breaker',
  quota: 'breaker',
  limit: 'mints today',
  many: 'mints today',
  unsettled: 'unsettled',
  unsettledLong: 'unsettled',
  foreign: 'foreign minter',
  damaged: 'document',
  manualRefresh: 'manualRefresh',
  leak: 'manualRefresh',
};

const CONSEQUENCES = new Set(['token', 'breaker', 'unsettled']);
