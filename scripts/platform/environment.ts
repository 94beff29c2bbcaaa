/**
 * One CloudBase environment, seen as its administrator. Every method throws a PlatformError: one line with what
 * happened and what cures it, and never a secret. `openEnvironment` (open.ts) makes one.
 */

import type { FunctionNames } from '../local/names.ts';
import type { Call } from './models.ts';

export interface Environment {
  /** `local`: the embedded cloud, of which only a part of this can be had (place/reach.ts). */
  kind: 'cloud' | 'local';
  envId: string;
  names: FunctionNames;
  /** Reads the environment itself; it is what tells whether the credentials and the environment id are right. */
  describe(): Promise<EnvironmentInfo>;
  /** Null: there is no such function. */
  describeFunction(name: string): Promise<FunctionState | null>;
  /** How often the platform repeats an asynchronous call (a timer's) that failed, and how long it keeps one. */
  describeRetries(name: string): Promise<RetryPolicy>;
  /** The security rule of all functions of the environment, those of others included. */
  describeFunctionRule(): Promise<FunctionRule>;
  /** Null: there is no such collection. Else its access tag, `ADMINONLY` when it is as `npm run deploy` sets it. */
  describeAccess(collection: string): Promise<string | null>;
  /** Whether the environment is paid for. */
  describeBill(): Promise<Bill>;
  /** Where HTTP access leads to, for all domains of the environment. */
  describeHttpDomains(): Promise<HttpDomain[]>;
  /** Calls as the management side does. The result may hold a token: never print it. */
  invoke(name: string, event: object): Promise<Invocation>;
  /** The documents of a collection, past all access rules. */
  documents(collection: string): Documents;
  /** Any action of the management API: the parameters go out as they are, the answer is what stands in `Response`. */
  call: Call;
  /** Ends what was started for it. */
  close(): Promise<void>;
}

export interface EnvironmentInfo {
  envId: string;
  /** `NORMAL` where all is well; undefined when the platform doesn't tell. */
  status: string | undefined;
  /** What the functions' API calls Namespace. */
  namespace: string;
  /** The document database, by which collections are listed and created; null: the environment has none. */
  databaseId: string | null;
  /** Which functions it runs: `scf` is V1, anything else is V2 (`cbf`). */
  backend: string;
  /** It was created with PostgreSQL in place of the document database. */
  isPostgres: boolean;
}

export interface FunctionState {
  name: string;
  /** `Active` where it can be called; `Creating`, `Updating`, `CreateFailed` … otherwise. */
  status: string;
  /** Why the status is what it is, in the platform's words. */
  statusReason: string | undefined;
  runtime: string;
  handler: string;
  /** Seconds. */
  timeout: number;
  /** Megabytes. */
  memorySize: number;
  description: string;
  /** Values are secrets: hidden from `inspect` and JSON, never to be printed. */
  variables: ReadonlyMap<string, string>;
  triggers: readonly TriggerState[];
  /** As the platform writes it, e.g. `2026-11-22 10:00:00`; undefined when it doesn't tell. */
  changedAt: string | undefined;
  /** Whether the account pays for it: `Available`, or why not; undefined when the platform doesn't tell. */
  availability: string | undefined;
  /** The addresses it calls out from, when it has a fixed egress IP; else empty. */
  egressIps: readonly string[];
}

export interface TriggerState {
  name: string;
  /** `timer`, or something that isn't ours. */
  type: string;
  /** The cron expression of a timer. */
  config: string;
  isEnabled: boolean;
}

export interface Bill {
  /** `NORMAL`, or `ISOLATE` where nothing runs until it is paid; undefined when the platform doesn't tell. */
  status: string | undefined;
  /** As the platform writes it; undefined: it does not end, or the platform doesn't tell. */
  expiresAt: string | undefined;
}

export interface RetryPolicy {
  /** Null: the platform's default (2). */
  retries: number | null;
  /** Seconds that a waiting call is kept; null: the platform's default (6 hours). */
  keptSeconds: number | null;
}

export interface FunctionRule {
  /** `CUSTOM` where rules are in force. */
  tag: string | null;
  /** Function name, or `*` → its entry; null: there is no rule, or none that can be read. */
  entries: Record<string, FunctionRuleEntry> | null;
}

/** `invoke: false`: only the administrator's side, timers and other functions. */
interface FunctionRuleEntry {
  invoke?: unknown;
  [key: string]: unknown;
}

export interface HttpDomain {
  name: string;
  /** The one that every environment with HTTP access has from the platform. */
  isDefault: boolean;
  isEnabled: boolean;
  routes: readonly HttpRoute[];
}

export interface HttpRoute {
  path: string;
  /** Null: it leads to something else, a container or static files. */
  functionName: string | null;
  /** The platform lets in only those who have signed in to CloudBase. */
  needsLogin: boolean;
  isEnabled: boolean;
}

/** `failure`: the call arrived, and the function threw or was stopped. */
export type Invocation = { result: unknown } | { failure: string };

export interface Documents {
  /** Null: there is no such document. */
  get(id: string): Promise<StoredDocument | null>;
  /** All of them, up to `limit` (default 1000), in the order of `_id`. */
  list(limit?: number): Promise<StoredDocument[]>;
  /** False when the document exists already. */
  insert(id: string, document: object): Promise<boolean>;
  /**
   * Sets the given fields, each as a whole, if the stored version is still the given one; else false. As the functions
   * do it: `changes` must hold the new version, and whoever loses reads again.
   */
  replaceIf(id: string, version: number, changes: object): Promise<boolean>;
  /** False when there was none. */
  remove(id: string): Promise<boolean>;
}

export type StoredDocument = Record<string, unknown> & { _id: string };
