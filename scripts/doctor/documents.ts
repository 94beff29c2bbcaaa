/** What the stored documents say: that they are there, and how each app and ticket does. */

import { COLLECTION } from '../../functions/_shared/store/document.ts';
import { callOf } from '../command/call.ts';
import { names, pick } from '../command/language.ts';
import type { Whereabouts } from '../place/advice.ts';
import { readReports, readTicketReports } from '../place/apps.ts';
import type { Reach } from '../place/reach.ts';
import type { AppReport } from '../place/report.ts';
import type { Settings } from '../place/settings.ts';
import { AT_ENVIRONMENT } from '../place/whereabouts.ts';
import { checkApp } from './app/checks.ts';
import { ok, unseen, type Finding, type Found } from './finding.ts';
import type { LocalPlace } from './local-place.ts';
import { checkEncryption } from './machine/encryption.ts';
import { checkTicket } from './ticket-check.ts';

export async function examineDocuments(
  reach: Reach,
  settings: Settings,
  nowMs: number,
  local?: LocalPlace,
): Promise<Finding[]> {
  let reports: AppReport[];
  let tickets: AppReport[];
  try {
    reports = await readReports(reach, settings, nowMs);
    tickets = await readTicketReports(reach, settings, nowMs);
  } catch (error) {
    return [
      {
        ...unseen('documents', error),
        why: pick({
          en: 'without them nothing can be said of any token',
          zh: '没有这些记录，就无法判断任何 token',
        }),
      },
    ];
  }
  const foreign = reports.filter(({ isLeftOver }) => isLeftOver);
  const own = reports.filter((report) => !foreign.includes(report));
  return [
    checkDocuments(own, foreign),
    checkEncryption(settings.encryptionKeys, own, local),
    ...own.flatMap((report) => checkApp(report, nowMs, whereaboutsOf(local))),
    ...tickets.map((report) => checkTicket(report, nowMs)),
  ];
}

function whereaboutsOf(local: LocalPlace | undefined): Whereabouts {
  if (local === undefined) return AT_ENVIRONMENT;
  return { ...AT_ENVIRONMENT, isSandbox: !local.isWeChatReal, flags: local.flags };
}

function checkDocuments(own: readonly AppReport[], foreign: readonly AppReport[]): Finding {
  const check = 'documents';
  if (foreign.length > 0) return { check, ...notConfigured(names(foreign.map(({ appid }) => appid))) };
  if (own.length > 0)
    return ok(check, pick({ en: `${COLLECTION} can be read`, zh: `${COLLECTION} 可以读取` }));
  return {
    check,
    severity: 'problem',
    finding: pick({
      en: `${COLLECTION} holds no document, and no app is configured`,
      zh: `${COLLECTION} 里没有记录，也没有配置应用`,
    }),
    why: pick({ en: 'there is nothing to hand out', zh: '没有可以提供的 token' }),
    cure: pick({
      en: `${callOf('setup')}, then ${callOf('deploy')}`,
      zh: `请先执行 ${callOf('setup')}，再执行 ${callOf('deploy')}`,
    }),
  };
}

function notConfigured(appids: string): Found {
  return {
    severity: 'hint',
    finding: pick({
      en: `${COLLECTION} holds ${appids}, which is not configured`,
      zh: `${COLLECTION} 里有 ${appids} 的记录，但这里没有配置这些应用`,
    }),
    why: pick({
      en: 'nobody refreshes those tokens; they are left over, or this machine is set up for another environment',
      zh: '没有人刷新这些 token：可能是以前留下的，也可能本机配置的是另一个环境',
    }),
    cure: pick({
      en: 'configure the app (WX_APPS), or remove its document in the console',
      zh: '请在 WX_APPS 中配置该应用，或者在控制台删除这条记录',
    }),
  };
}
