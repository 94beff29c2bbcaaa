/** What an answer can come from. */

import type { TokenApi } from '../../functions/_shared/token/record.ts';
import type { Prompts } from './prompts.ts';

type Encryption = 'on' | 'off' | 'rotate';

export interface Flags {
  env?: string | undefined;
  appid?: string | undefined;
  mode?: TokenApi | undefined;
  encryption?: Encryption | undefined;
  tickets?: 'jsapi' | 'wx_card' | 'jsapi+wx_card' | 'none' | undefined;
  /** From --secret-file. */
  secret?: string | undefined;
}

export interface Sources {
  flags: Flags;
  /** The process environment, empty variables left out. */
  env: Readonly<Record<string, string>>;
  /** What the file holds. */
  file: Readonly<Record<string, string>>;
  /** Null: nobody can be asked. */
  prompts: Prompts | null;
  /** What is wrong with an AppSecret that is typed in. */
  secretRule(value: string): string | undefined;
}
