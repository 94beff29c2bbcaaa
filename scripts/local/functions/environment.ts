/** The environment of an instance and of one call in it, as the platform makes them; nothing of the developer's own. */

import type { Proxy } from '../../proxy/read.ts';
import { withKeyLists } from './caller-context.ts';
import { PROXY_VARIABLE, SANDBOX_VARIABLE } from './protocol.ts';

export interface Credentials {
  secretId: string;
  secretKey: string;
  sessionToken: string;
}

export interface CloudIdentity {
  envId: string;
  region: string;
  credentials: Credentials;
}

const API_TOKEN = 'local-api-token.';

/** What WeChat's platform gives to a function for `cloud.openapi`, and by which it knows which one calls. */
export function apiTokenOf(functionName: string): string {
  return API_TOKEN + functionName;
}

export function functionOfToken(apiToken: string): string | undefined {
  return apiToken.startsWith(API_TOKEN) ? apiToken.slice(API_TOKEN.length) : undefined;
}

interface StartOptions {
  functionName: string;
  cloud: CloudIdentity;
  gatewayUrl: string;
  directory: string;
  /** The function's own variables, declared in cloudbaserc.json. */
  declared: Record<string, string>;
}

/** `process.env` of an instance before its first call: all of it, nothing is inherited but PATH. */
export function startEnvironment({
  functionName,
  cloud,
  gatewayUrl,
  directory,
  declared,
}: StartOptions): Record<string, string> {
  return {
    PATH: process.env['PATH'] ?? '/usr/bin:/bin',
    // Documented: code runs in UTC, whatever the machine of the developer says.
    TZ: 'UTC',
    ...declared,
    ...sdkEnvironment(cloud, gatewayUrl),
    USER_CODE_ROOT: directory,
    // What the SDKs take from the environment when a timer started the function.
    WX_TRIGGER_API_TOKEN_V0: apiTokenOf(functionName),
  };
}

/** All that an SDK needs to reach this cloud: in a function, or in a script outside that plays one. */
export function sdkEnvironment(cloud: CloudIdentity, gatewayUrl: string): Record<string, string> {
  return {
    TENCENTCLOUD_RUNENV: 'SCF',
    ...sharedKeys(cloud),
    TENCENTCLOUD_REGION: cloud.region,
    TCB_ENV: cloud.envId,
    TCB_CONTEXT_CNFG: JSON.stringify({ URL: gatewayUrl }),
  };
}

/** How the process of an instance gets out of this machine, and to WeChat; it takes it away before a function could see it. */
export function machineEnvironment(
  proxy: Proxy | undefined,
  sandboxUrl: string | undefined,
): Record<string, string> {
  const { NODE_EXTRA_CA_CERTS: certificates } = process.env;
  return {
    ...(certificates ? { NODE_EXTRA_CA_CERTS: certificates } : {}),
    ...(proxy === undefined ? {} : { [PROXY_VARIABLE]: JSON.stringify(proxy) }),
    ...(sandboxUrl === undefined ? {} : { [SANDBOX_VARIABLE]: sandboxUrl }),
  };
}

/** What one call adds to `process.env`; `callerKeys` come from `describeCaller`. */
export function callEnvironment(
  envId: string,
  seqId: string,
  callerKeys: Record<string, string>,
): Record<string, string> {
  const keys = withKeyLists({ ...callerKeys, TCB_ENV: envId, TCB_SEQID: seqId });
  const { TCB_CONTEXT_KEYS: names } = keys;
  // Early versions of SDK 2 look for the address of the cloud only where this list names it.
  return names === undefined ? keys : { ...keys, TCB_CONTEXT_KEYS: `${names},TCB_CONTEXT_CNFG` };
}

/**
 * What `context.environment` holds in every call besides the call's own keys, which win. It holds live credentials on the
 * platform, too. That the declared variables are in it is assumed.
 */
export function contextVariables(
  cloud: CloudIdentity,
  declared: Record<string, string>,
): Record<string, string> {
  return { ...declared, ...sharedKeys(cloud) };
}

function sharedKeys({ envId, credentials }: CloudIdentity): Record<string, string> {
  return {
    SCF_NAMESPACE: envId,
    TENCENTCLOUD_SECRETID: credentials.secretId,
    TENCENTCLOUD_SECRETKEY: credentials.secretKey,
    TENCENTCLOUD_SESSIONTOKEN: credentials.sessionToken,
  };
}
