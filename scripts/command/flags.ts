/** What a command can be told, and the type of the values that come of it. */

import type { Text } from './language.ts';

interface Rules {
  description: Text;
  /** A flag without which this one means nothing. */
  requires?: string;
  /** A flag that contradicts this one. */
  excludes?: string;
}

/** On when it is given. */
interface Switch extends Rules {
  type: 'boolean';
}

interface Setting extends Rules {
  type: 'string';
  default?: string;
  /** The only values that it may have. */
  options?: readonly string[];
}

/** A setting that may be given several times. */
interface List extends Rules {
  type: 'list';
}

export type Flags = Readonly<Record<string, Switch | Setting | List>>;

/** As Node's own parser wants them. */
export function toParserOptions(
  flags: Flags,
): Record<string, { type: 'string' | 'boolean'; multiple?: true }> {
  return Object.fromEntries(
    Object.entries(flags).map(([flag, { type }]) => [
      flag,
      type === 'list' ? { type: 'string', multiple: true } : { type },
    ]),
  );
}

export type Values<F extends Flags> = {
  [Name in keyof F]: F[Name] extends { type: 'boolean' }
    ? boolean
    : F[Name] extends { type: 'list' }
      ? readonly string[]
      : F[Name] extends { default: string }
        ? string
        : F[Name] extends { options: readonly (infer Option)[] }
          ? Option | undefined
          : string | undefined;
};
