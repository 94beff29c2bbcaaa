/** A real CloudBase environment, put together from its API and its documents. */

import { describeAccess } from './collections.ts';
import { describeBill, describeEnvironment } from './describe.ts';
import type { Documents, Environment, EnvironmentInfo } from './environment.ts';
import { describeFunction, describeRetries, invokeFunction } from './functions.ts';
import type { Call } from './models.ts';
import { describeHttpDomains } from './routes.ts';
import { describeFunctionRule } from './rule.ts';
import type { PlatformSettings } from './settings.ts';

export interface CloudParts {
  call: Call;
  documents: (collection: string) => Documents;
}

export function cloudEnvironment(
  { envId, region, names }: PlatformSettings,
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
    names,
    describe,
    describeFunction: async (name) => describeFunction(call, await namespace(), name),
    describeRetries: async (name) => describeRetries(call, await namespace(), name),
    describeFunctionRule: () => describeFunctionRule(call, envId),
    describeAccess: async (collection) => describeAccess(call, await describe(), collection),
    describeBill: () => describeBill(call, envId),
    describeHttpDomains: () => describeHttpDomains(call, envId),
    invoke: async (name, event) => invokeFunction(call, await namespace(), name, event),
    documents,
    call,
    close: () => Promise.resolve(),
  };
}
