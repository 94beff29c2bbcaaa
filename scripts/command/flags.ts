/** What a command can be told, and the type of the values that come of it. */

interface Rules {
  description: string;
  /** A flag without which this one means nothing. */
  requires?: string;
  /** A flag that contradicts this one. */
  excludes?: string;
}

/** On when it is given. */
export interface Switch extends Rules {
  type: 'boolean';
}

export interface Setting extends Rules {
  type: 'string';
  default?: string;
  /** The only values that it may have. */
  options?: readonly string[];
}

export type Flags = Readonly<Record<string, Switch | Setting>>;

export type Values<F extends Flags> = {
  [Name in keyof F]: F[Name] extends { type: 'boolean' }
    ? boolean
    : F[Name] extends { default: string }
      ? string
      : F[Name] extends { options: readonly (infer Option)[] }
        ? Option | undefined
        : string | undefined;
};
