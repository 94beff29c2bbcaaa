/** What the function host and an instance say to each other, over the child process's message channel. */

import type { PackagePaths } from './package-paths.ts';

/** Begins the lines by which an instance says, in the middle of what it prints, where a call begins and ends. */
export const MARK = '\u001e';

/** The cloud's time as of a message: the machine's time plus an offset, or standing still. */
export interface ClockReading {
  offsetMs: number;
  frozenAtMs?: number;
}

/** Given to an instance once, when it begins. */
export interface InstanceSettings {
  /** Folder of the built function. */
  directory: string;
  /** `<file>.<export>`, as in cloudbaserc.json. */
  handler: string;
  /** Keys of an earlier call stay in `process.env`, as was observed on the platform. */
  staleProcessEnv: boolean;
  clock: ClockReading;
  /** Where packages found each other in earlier instances. */
  packages: PackagePaths[];
  constantFields: ConstantFields;
  /** What the environment in a call's context holds besides the keys of the call. */
  contextVariables: Record<string, string>;
}

/** Tells an instance its proxy. A variable, since every user of the machine can list arguments. */
export const PROXY_VARIABLE = 'EMBEDDED_CLOUD_PROXY';

/** Tells an instance the address of the sandbox, where that plays WeChat. */
export const SANDBOX_VARIABLE = 'EMBEDDED_CLOUD_SANDBOX';

/** The plain fields of the platform's `context`. */
export interface ContextFields {
  callbackWaitsForEmptyEventLoop: boolean;
  memory_limit_in_mb: number;
  time_limit_in_ms: number;
  request_id: string;
  environment: string;
  /** The older spelling of `environment`. */
  environ: string;
  function_version: string;
  function_name: string;
  namespace: string;
  tencentcloud_region: string;
  tencentcloud_appid: string;
  tencentcloud_uin: string;
}

/** The same in all calls of an instance. */
export type ConstantFields = Omit<ContextFields, 'request_id' | 'environ' | 'environment'>;

export interface Call {
  eventJson: string;
  requestId: string;
  /** What this one call adds to `process.env`. */
  callKeys: Record<string, string>;
}

export type HostMessage =
  /** To a process started in advance: it loads what can be loaded before it has a function. */
  | { kind: 'prepare' }
  /** The first message, except for `prepare`. */
  | { kind: 'begin'; settings: InstanceSettings; environment: Record<string, string> }
  | { kind: 'invoke'; id: number; call: Call; clock: ClockReading }
  | { kind: 'clock'; clock: ClockReading };

export type InstanceMessage =
  /** `packages`: the paths that it found beyond those it was given. */
  | { kind: 'ready'; packages: PackagePaths[] }
  | { kind: 'result'; id: number; resultJson: string }
  | { kind: 'failure'; id: number; message: string }
  /** An error nobody caught; the instance ends after saying so. */
  | { kind: 'crash'; message: string };
