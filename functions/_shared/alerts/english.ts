/** The English half of an alert. */

import { meaningOf } from '../wechat/errcodes.ts';
import type { Finding } from './conditions.ts';
import type { Kind } from './incidents.ts';
import { duration, inCode, nameOf, quoteOf } from './wording.ts';
import type { Wording } from './wording.ts';

export const english: Wording = {
  heading: 'access_token alert',
  allApps: '(all apps)',
  title: ({ kind }) => TITLES[kind],
  since: (time) => `since: ${time} (UTC+8)`,
  cause: (finding) => `cause: ${causeOf(finding)}`,
  nothingLeft: (name) => `effect: there is no usable ${name}`,
  goodUntil: (name, time) => `effect: the stored ${name} is good until ${time} at most`,
  advice: (finding) => `do now: ${adviceOf(finding)}`,
  recovered({ kind, sinceAtMs }, nowMs) {
    const { count, unit } = duration(nowMs - sinceAtMs);
    return `Recovered after ${count} ${count === 1 ? unit.slice(0, -1) : unit}: ${TITLES[kind]}`;
  },
  rest: (count) => `… and ${count} more: npm run status`,
};

const TITLES: Record<Kind, string> = {
  refreshFailing: 'The refresh fails, and less than 30 minutes are left',
  configurationError: 'WeChat refuses: the configuration has to be changed',
  mintLimitNear: '80 % of the day’s mint limit is used',
  foreignMinter: 'Another system fetches tokens for this AppID',
  reportsRefuted: 'A caller reports tokens that WeChat accepts',
  timerSilent: 'The timer has not ticked for 15 minutes',
  outsideSilent: 'No tick has come from outside for 15 minutes',
};

function causeOf(finding: Finding): string {
  switch (finding.kind) {
    case 'refreshFailing':
    case 'configurationError':
      return quoteOf(finding.cause);
    case 'mintLimitNear':
      return `${finding.count} of ${finding.limit} ${nameOf(finding)}s fetched today`;
    case 'foreignMinter':
      return `the token died ${finding.refusals} times within a day before its time`;
    case 'reportsRefuted':
      return `WeChat accepted ${finding.refutations} reported tokens within an hour; the last report came by ${inCode(finding.source ?? 'an unknown source')} (TCB_SOURCE)`;
    case 'timerSilent':
    case 'outsideSilent':
      return 'callers had to fetch the token themselves, and no tick has come since';
  }
}

function adviceOf(finding: Finding): string {
  switch (finding.kind) {
    case 'refreshFailing':
    case 'configurationError': {
      const { owner, errcode, advice } = finding.cause;
      if (errcode !== 503) return advice ?? meaningOf(errcode).advice;
      return owner === 'quota'
        ? 'find who reports or fetches so often (npm run status), or raise MINT_LIMIT_PER_DAY and deploy'
        : 'nothing at first, it is tried again by itself; if it lasts, npm run doctor';
    }
    case 'mintLimitNear':
      if (finding.api === 'ticket') return 'find who reports this ticket so often (npm run status)';
      return finding.isLearned
        ? 'find who reports or fetches so often (npm run status): on another day WeChat refused more than that (45009)'
        : 'find who reports or fetches so often (npm run status), or raise MINT_LIMIT_PER_DAY and deploy';
    case 'foreignMinter':
      return 'find it and let it call getAccessToken, or set WX_TOKEN_API=stable and deploy';
    case 'reportsRefuted':
      return 'find the function that passes invalid_access_token: it may only do so for 40001, 40014 or 42001 of a call with this very token, not for another AppID’s or a wrong parameter’s 40001. Other callers are not affected';
    case 'timerSilent':
      return 'npm run doctor; npm run deploy puts the timer right. Until then callers keep the token alive';
    case 'outsideSilent':
      return 'look at what posts to /tick, and at the status that it gets; npm run server-key -- list shows whether its key is in force. Until then callers keep the token alive';
  }
}
