/** Whether the account pays for what runs: where it does not, the timer stops, and looks merely late. */

import { callOf } from '../../command/call.ts';
import { phrases, pick } from '../../command/language.ts';
import type { Bill, Environment, FunctionState } from '../../platform/environment.ts';
import { ok, unseen, type Finding } from '../finding.ts';

const check = 'account';

export async function checkAccount({ names, describeFunction, describeBill }: Environment): Promise<Finding> {
  try {
    const states = await Promise.all([names.refresh, names.get].map((name) => describeFunction(name)));
    // Not every set of keys may read it: what the functions tell counts all the same.
    const bill = await describeBill().catch(() => null);
    const stopped = [...states.flatMap(stoppedFunction), ...(bill === null ? [] : stoppedEnvironment(bill))];
    if (stopped.length === 0) return ok(check, told(bill));
    return {
      check,
      severity: 'problem',
      finding: phrases(stopped),
      why: pick({
        en: 'no tick fires and no call is answered until it is paid, whatever the deployment looks like',
        zh: '付费之前定时器不会触发，所有调用都得不到应答，即使部署看起来正常',
      }),
      cure: pick({
        en: `pay or renew it in the console (https://console.cloud.tencent.com/expense), then ${callOf('doctor')} again`,
        zh: `请在控制台付费或续费（https://console.cloud.tencent.com/expense），再执行 ${callOf('doctor')}`,
      }),
    };
  } catch (error) {
    return unseen(check, error);
  }
}

/** https://cloud.tencent.com/document/product/583/47175 (read 2026-11-28). */
function stoppedFunction(state: FunctionState | null): string[] {
  const { name, availability = 'Available' } = state ?? {};
  return availability === 'Available'
    ? []
    : [
        pick({
          en: `the platform has stopped ${name} (${availability})`,
          zh: `平台已停用 ${name}（${availability}）`,
        }),
      ];
}

/** Empty while it is being set up. https://cloud.tencent.com/document/api/876/34822 (read 2026-11-28). */
function stoppedEnvironment({ status, expiresAt }: Bill): string[] {
  if (status === undefined || status === 'NORMAL') return [];
  return [
    pick({
      en: `the environment is ${status}${expiresAt === undefined ? '' : `, paid until ${expiresAt}`}`,
      zh: `环境的状态是 ${status}${expiresAt === undefined ? '' : `，有效期到 ${expiresAt}`}`,
    }),
  ];
}

function told(bill: Bill | null): string {
  if (bill === null)
    return pick({
      en: 'the functions are available; its bill could not be read with these credentials',
      zh: '云函数可用；这组凭证无权读取账单',
    });
  return pick({
    en: `paid for${bill.expiresAt === undefined ? '' : ` until ${bill.expiresAt}`}`,
    zh: `已付费${bill.expiresAt === undefined ? '' : `，有效期到 ${bill.expiresAt}`}`,
  });
}
