/** What the embedded cloud is started with. */

import type { FunctionDeclaration } from '../build/declarations.ts';
import type { Proxy } from '../proxy/read.ts';
import type { CloudClock } from './clock.ts';
import type { FunctionHost, FunctionHostOptions } from './functions/host.ts';
import type { Seed } from './seed.ts';
import type { Variables } from './variables.ts';
import type { AppOptions } from './wechat/account.ts';

export interface CloudOptions {
  /** The repository. */
  root: string;
  /** Where `npm run build` has put the functions. */
  codeRoot: string;
  clock: CloudClock;
  /** Undefined keeps the database for this process only. */
  dataFolder?: string | undefined;
  /** Fill the placeholders of cloudbaserc.json. */
  variables: Variables;
  /** What the sandbox knows of its apps, where it differs from what the functions are told. */
  sandboxApps?: readonly AppOptions[];
  /** The way out for the functions. */
  proxy?: Proxy | undefined;
  /** Ask the real WeChat, not the sandbox. */
  isWeChatReal?: boolean;
  ports?: { gateway: number; door: number; sandbox: number };
  /** Functions beside those of cloudbaserc.json, with a `directory` each. */
  guests?: readonly FunctionDeclaration[];
  /** Documents of collections that are empty, and access rules. */
  seed?: Seed;
  host?: Partial<FunctionHostOptions>;
  onTick?: (trigger: { functionName: string }, outcome: Outcome) => void;
  /** Without it the timer's triggers do nothing by themselves. */
  hasTimer?: boolean;
  /** Its door is written into the data folder. Not for a command's own cloud: it is gone before anybody could ask. */
  isPublished?: boolean;
}

type Outcome = Awaited<ReturnType<FunctionHost['invoke']>>;
