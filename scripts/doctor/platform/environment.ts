/** Whether the environment answers, and is of a kind that this project knows. */

import { pick } from '../../command/language.ts';
import type { Environment } from '../../platform/environment.ts';
import { PlatformError } from '../../platform/errors.ts';
import { describeKind, whyUnsupported } from '../../platform/kind.ts';
import { ok, unseen, type Finding } from '../finding.ts';

export async function checkEnvironment(environment: Environment): Promise<Finding> {
  const check = 'environment';
  try {
    const info = await environment.describe();
    const why = whyUnsupported(info);
    if (why !== undefined) throw why;
    const { envId, status } = info;
    return ok(
      check,
      pick({
        en: `${envId} answers${status === undefined ? '' : ` (${status})`}, the credentials are good; ${describeKind(info)}`,
        zh: `${envId} 可以访问${status === undefined ? '' : `（${status}）`}，凭证有效；${describeKind(info)}`,
      }),
    );
  } catch (error) {
    const isAnswer =
      error instanceof PlatformError &&
      /^(NO_ENVIRONMENT|ENVIRONMENT_UNUSABLE|UNSUPPORTED_ENVIRONMENT|AuthFailure|UnauthorizedOperation)/.test(
        error.code,
      );
    return {
      ...unseen(check, error),
      severity: isAnswer ? 'problem' : 'unseen',
      why: pick({ en: 'nothing else could be looked at', zh: '其他内容都无法检查' }),
    };
  }
}
