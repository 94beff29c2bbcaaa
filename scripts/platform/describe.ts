/** What an environment is: its state, its database, which functions it runs, and whether it is paid for. */

import { pick } from '../command/language.ts';
import type { Bill, EnvironmentInfo } from './environment.ts';
import { PlatformError, unreadable } from './errors.ts';
import type { Call } from './models.ts';
import { list, text } from './values.ts';

/** Throws where there is none, or none that can be used now. */
export async function describeEnvironment(
  call: Call,
  envId: string,
  region: string,
): Promise<EnvironmentInfo> {
  const { EnvList } = await call('tcb', 'DescribeEnvs', { EnvId: envId });
  const found = list(EnvList).find((env) => env?.EnvId === envId);
  if (!found) throw noSuchEnvironment(envId, region);
  const status = text(found.Status) || undefined;
  if (status !== undefined && status !== 'NORMAL') throw unusable(envId, status);
  return {
    envId,
    status,
    namespace: text(list(found.Functions)[0]?.Namespace) || envId,
    databaseId: text(list(found.Databases)[0]?.InstanceId) || null,
    backend: await readBackend(call, envId),
    isPostgres: list(found.PostgreSQL).length > 0,
  };
}

function noSuchEnvironment(envId: string, region: string): PlatformError {
  return new PlatformError(
    pick({
      en: `there is no environment ${envId} in ${region} for these credentials`,
      zh: `用当前凭证在 ${region} 找不到环境 ${envId}`,
    }),
    {
      code: 'NO_ENVIRONMENT',
      cure: pick({
        en: 'check TCB_ENV_ID, the account, and TCB_REGION if it is in another region (https://tcb.cloud.tencent.com/)',
        zh: '请检查 TCB_ENV_ID、账号，以及 TCB_REGION（环境在其他地域时须设置）：https://tcb.cloud.tencent.com/',
      }),
    },
  );
}

function unusable(envId: string, status: string): PlatformError {
  return new PlatformError(
    pick({ en: `the environment ${envId} is ${status}`, zh: `环境 ${envId} 的状态是 ${status}` }),
    {
      code: 'ENVIRONMENT_UNUSABLE',
      cure: pick({
        en: 'see why in the console (https://tcb.cloud.tencent.com/), then run the command again',
        zh: '请在控制台（https://tcb.cloud.tencent.com/）查看原因，然后重新执行',
      }),
    },
  );
}

/**
 * DescribeEnvs doesn't tell it. Older environments have no `Backend` at all, and theirs is `scf`.
 * https://docs.cloudbase.net/cloud-function/v2 (read 2026-11-28)
 */
async function readBackend(call: Call, envId: string): Promise<string> {
  const { EnvInfo } = await call('tcb', 'DescribeEnvInfo', { EnvId: envId });
  const base = EnvInfo?.EnvBaseInfo;
  if (base?.EnvId !== envId) throw unreadable('tcb DescribeEnvInfo');
  const backends = list(base.Functions).map((one) => text(one?.Backend) || 'scf');
  return backends.find((backend) => backend !== 'scf') ?? 'scf';
}

export async function describeBill(call: Call, envId: string): Promise<Bill> {
  const { EnvBillingInfoList } = await call('tcb', 'DescribeBillingInfo', { EnvId: envId });
  const found = list(EnvBillingInfoList).find((item) => item?.EnvId === envId);
  return { status: text(found?.Status) || undefined, expiresAt: text(found?.ExpireTime) || undefined };
}
