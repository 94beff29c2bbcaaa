/** What a command is: its description, its flags and words, and what it does with them. */

import type { Flags, Values } from './flags.ts';
import type { Text } from './language.ts';

/** 0: it did what it says. 1: it did not. 2: it could not even look (`doctor`, `status`), or was asked wrongly (`fuzz`, `simulate`). */
export type ExitCode = 0 | 1 | 2;

export interface CommandOptions<F extends Flags> {
  description: Text;
  flags: F;
  /** Names of the words that it takes besides flags; those in brackets, the last ones, may be left out. */
  words?: readonly string[];
  run(values: Values<F>, words: readonly string[]): Promise<ExitCode>;
  /** What an error ends with; default 1. */
  failsWith?: ExitCode;
}

/** As the runner sees it: the parser gives every flag a value of the type that its definition says. */
export interface Command extends Omit<CommandOptions<Flags>, 'run'> {
  run(
    values: Readonly<Record<string, string | boolean | readonly string[] | undefined>>,
    words: readonly string[],
  ): Promise<ExitCode>;
}

/** A command whose first word chooses what it does. */
export interface Group {
  description: Text;
  commands: Readonly<Record<string, Command>>;
}

/** A line of the table of commands. */
export interface Entry {
  /** One line, for the list. */
  description: Text;
  load(): Promise<Command | Group>;
}

export type Environment = Readonly<Record<string, string | undefined>>;

/** Ties the type of `run`'s values to the flags. */
export function defineCommand<const F extends Flags>(options: CommandOptions<F>): Command {
  return options as unknown as Command;
}
