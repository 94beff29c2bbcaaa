/** A gateway for tests: a database of its own, two credentials, and a function `echo`. */

import { createCloudClock, type CloudClock } from '../../../scripts/local/clock.ts';
import { openDatabase, type Database } from '../../../scripts/local/database/open.ts';
import type { Invocation, InvocationOutcome } from '../../../scripts/local/gateway/call.ts';
import type { GatewayOptions } from '../../../scripts/local/gateway/options.ts';
import { startGateway, type Gateway } from '../../../scripts/local/gateway/start.ts';

export const ENV_ID = 'local-env';
export const SECRET_KEY = 'local-secret-key';
export const ACCESS_KEY = 'local-access-key';

export interface TestCloud {
  gateway: Gateway;
  database: Database;
  clock: CloudClock;
  invocations: Invocation[];
  close(): Promise<void>;
}

export async function startTestCloud(options: Partial<GatewayOptions> = {}): Promise<TestCloud> {
  const clock = options.clock ?? createCloudClock();
  const database = openDatabase({ folder: undefined, clock });
  const invocations: Invocation[] = [];
  const invokeFunction = async (invocation: Invocation): Promise<InvocationOutcome> => {
    invocations.push(invocation);
    return echo(invocation);
  };
  const gateway = await startGateway({
    database,
    clock,
    port: 0,
    credentials,
    accessKey: ACCESS_KEY,
    invokeFunction,
    ...options,
  });
  const close = async (): Promise<void> => {
    await gateway.close();
    await database.close();
  };
  return { gateway, database, clock, invocations, close };
}

/** What the platform puts into a function's environment, so that the unmodified SDKs come here. */
export function pointSdksAt(url: string): void {
  Object.assign(process.env, {
    TENCENTCLOUD_RUNENV: 'SCF',
    TENCENTCLOUD_REGION: 'ap-shanghai',
    SCF_NAMESPACE: ENV_ID,
    TCB_ENV: ENV_ID,
    TENCENTCLOUD_SECRETID: 'AKIDlocal',
    TENCENTCLOUD_SECRETKEY: SECRET_KEY,
    TENCENTCLOUD_SESSIONTOKEN: 'local-session',
    TCB_CONTEXT_CNFG: JSON.stringify({ URL: url }),
    // Else a timer of the SDK outlives every failed request by 3 s and prints a warning.
    SILENCE: 'true',
  });
}

/** `AKIDlocal` is a function's temporary credential, `AKIDopt` a lasting one without session token. */
function credentials(secretId: string) {
  if (secretId === 'AKIDlocal') return { secretKey: SECRET_KEY, sessionToken: 'local-session' };
  return secretId === 'AKIDopt' ? { secretKey: SECRET_KEY } : undefined;
}

const CONTEXT_KEYS = [
  'callbackWaitsForEmptyEventLoop',
  'memory_limit_in_mb',
  'time_limit_in_ms',
  'request_id',
  'environment',
  'environ',
  'function_version',
  'function_name',
  'namespace',
  'tencentcloud_region',
  'tencentcloud_appid',
  'tencentcloud_uin',
];

function echo({ name, data }: Invocation): InvocationOutcome {
  if (name === 'echo') return { result: { echo: data, keys: CONTEXT_KEYS } };
  return {
    code: 'FUNCTION_NOT_FOUND',
    message: `[ResourceNotFound.Function] 未找到指定的Function，请创建后再试。 ${name}`,
  };
}
