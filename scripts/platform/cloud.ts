/** A real CloudBase environment, put together from its API and its documents. */

import type { Call } from './api.ts';
import { describeAccess } from './collections.ts';
import type { Documents, Environment, EnvironmentInfo } from './environment.ts';
import { PlatformError } from './errors.ts';
import { describeFunction, describeRetries, invokeFunction } from './functions.ts';
import { describeHttpDomains } from './routes.ts';
import { describeFunctionRule } from './rule.ts';
import type { PlatformSettings } from './settings.ts';

export interface CloudParts {
  call: Call;
  documents: (collection: string) => Documents;
}

export function cloudEnvironment(
  { envId, region }: PlatformSettings,
  { call, documents }: CloudParts,
): Environment {
  let asked: Promise<EnvironmentInfo> | undefined;
  const describe = (): Promise<EnvironmentInfo> => {
    asked ??= describeEnvironment(call, envId, region);
    // A failure isn't kept: the next caller asks again.
    asked.catch(() => (asked = undefined));
    return asked;
  };
  const namespace = async (): Promise<string> => (await describe()).namespace;
  return {
    kind: 'cloud',
    envId,
    describe,
    describeFunction: async (name) => describeFunction(call, await namespace(), name),
    describeRetries: async (name) => describeRetries(call, await namespace(), name),
    describeFunctionRule: () => describeFunctionRule(call, envId),
    describeAccess: async (collection) => describeAccess(call, await describe(), collection),
    describeHttpDomains: () => describeHttpDomains(call, envId),
    invoke: async (name, event) => invokeFunction(call, await namespace(), name, event),
    documents,
    call,
    close: () => Promise.resolve(),
  };
}

interface EnvAnswer {
  EnvId?: unknown;
  Status?: unknown;
  Functions?: { Namespace?: unknown }[] | null;
  Databases?: { InstanceId?: unknown }[] | null;
}

async function describeEnvironment(call: Call, envId: string, region: string): Promise<EnvironmentInfo> {
  const { EnvList } = await call('tcb', 'DescribeEnvs', { EnvId: envId });
  const found = (Array.isArray(EnvList) ? (EnvList as EnvAnswer[]) : []).find((env) => env.EnvId === envId);
  if (found === undefined) {
    throw new PlatformError(`there is no environment ${envId} in ${region} for these credentials`, {
      code: 'NO_ENVIRONMENT',
      cure: 'check TCB_ENV_ID, the account, and TCB_REGION if it is in another region (https://tcb.cloud.tencent.com/)',
    });
  }
  const status = text(found.Status);
  if (status !== undefined && status !== 'NORMAL') {
    throw new PlatformError(`the environment ${envId} is ${status}`, {
      code: 'ENVIRONMENT_UNUSABLE',
      cure: 'see why in the console (https://tcb.cloud.tencent.com/), then run the command again',
    });
  }
  return {
    envId,
    status,
    namespace: text(found.Functions?.[0]?.Namespace) ?? envId,
    databaseId: text(found.Databases?.[0]?.InstanceId) ?? null,
  };
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
