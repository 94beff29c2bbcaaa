/** The questions on a terminal; Ctrl-C at any of them ends the command with nothing written. */

import { confirm, isCancel, password, select, text } from '@clack/prompts';

export interface Prompts {
  text(
    message: string,
    initial: string | undefined,
    rule: (value: string) => string | undefined,
  ): Promise<string>;
  /** Shows dots. Empty keeps what there is, when `mayBeEmpty`. */
  secret(message: string, mayBeEmpty: boolean): Promise<string>;
  choose<T extends string>(message: string, options: Readonly<Record<T, string>>, initial: T): Promise<T>;
  confirm(message: string, initial: boolean): Promise<boolean>;
}

export const terminalPrompts: Prompts = {
  async text(message, initial, rule) {
    const validate = (value: string | undefined): string | undefined => rule(value?.trim() ?? '');
    return answered(
      await text({ message, validate, ...(initial === undefined ? {} : { initialValue: initial }) }),
    ).trim();
  },
  async secret(message, mayBeEmpty) {
    const validate = (value: string | undefined): string | undefined =>
      mayBeEmpty || value?.trim() ? undefined : 'it is needed';
    return answered(await password({ message, validate })).trim();
  },
  async choose<T extends string>(message: string, options: Readonly<Record<T, string>>, initialValue: T) {
    const list = Object.entries<string>(options).map(([value, label]) => ({ value, label }));
    return answered(await select<string>({ message, options: list, initialValue })) as T;
  },
  async confirm(message, initialValue) {
    return answered(await confirm({ message, initialValue }));
  },
};

function answered<T>(answer: T): Exclude<T, symbol> {
  if (isCancel(answer)) throw new Error('ended by you: nothing was written');
  return answer as Exclude<T, symbol>;
}
