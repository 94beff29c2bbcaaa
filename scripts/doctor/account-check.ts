/** Whether the account pays for what runs: where it does not, the timer stops, and looks merely late. */

import { callOf } from '../command/call.ts';
import type { Bill, Environment, FunctionState } from '../platform/environment.ts';
import { ok, unseen, type Finding } from './finding.ts';

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
      finding: stopped.join('; '),
      why: 'no tick fires and no call is answered until it is paid, whatever the deployment looks like',
      cure: `pay or renew it in the console (https://console.cloud.tencent.com/expense), then ${callOf('doctor')} again`,
    };
  } catch (error) {
    return unseen(check, error);
  }
}

/** https://cloud.tencent.com/document/product/583/47175 (read 2026-11-28). */
function stoppedFunction(state: FunctionState | null): string[] {
  const { name, availability = 'Available' } = state ?? {};
  return availability === 'Available' ? [] : [`the platform has stopped ${name} (${availability})`];
}

/** Empty while it is being set up. https://cloud.tencent.com/document/api/876/34822 (read 2026-11-28). */
function stoppedEnvironment({ status, expiresAt }: Bill): string[] {
  if (status === undefined || status === 'NORMAL') return [];
  return [`the environment is ${status}${expiresAt === undefined ? '' : `, paid until ${expiresAt}`}`];
}

function told(bill: Bill | null): string {
  if (bill === null) return 'the functions are available; its bill could not be read with these credentials';
  return `paid for${bill.expiresAt === undefined ? '' : ` until ${bill.expiresAt}`}`;
}
