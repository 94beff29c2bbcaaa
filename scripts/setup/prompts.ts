/** The questions on a terminal; Ctrl-C at any of them ends the command with nothing written. */

import type { Readable, Writable } from 'node:stream';
import { confirm, isCancel, password, select, text } from '@clack/prompts';
import { texts } from './texts.ts';

type Rule = (value: string) => string | undefined;

export interface Prompts {
  text(message: string, initial: string | undefined, rule: Rule): Promise<string>;
  /** Shows dots. Empty keeps what there is, when `mayBeEmpty`. */
  secret(message: string, mayBeEmpty: boolean, rule: Rule): Promise<string>;
  choose<T extends string>(message: string, options: Readonly<Record<T, string>>, initial: T): Promise<T>;
  confirm(message: string, initial: boolean): Promise<boolean>;
}

/** On the terminal of the process, or on two streams. */
export function promptsOn(streams: { input?: Readable; output?: Writable } = {}): Prompts {
  return {
    async text(message, initial, rule) {
      const validate = (value: string | undefined): string | undefined => rule(value?.trim() ?? '');
      const initialValue = initial === undefined ? {} : { initialValue: initial };
      return answered(await text({ ...streams, message, validate, ...initialValue })).trim();
    },
    async secret(message, mayBeEmpty, rule) {
      const validate = (value: string | undefined): string | undefined => {
        const given = value?.trim() ?? '';
        if (given === '') return mayBeEmpty ? undefined : texts().needed;
        return rule(given);
      };
      return answered(await password({ ...streams, message, validate })).trim();
    },
    async choose<T extends string>(message: string, options: Readonly<Record<T, string>>, initialValue: T) {
      const list = Object.entries<string>(options).map(([value, label]) => ({ value, label }));
      return answered(await select<string>({ ...streams, message, options: list, initialValue })) as T;
    },
    async confirm(message, initialValue) {
      return answered(await confirm({ ...streams, message, initialValue }));
    },
  };
}

function answered<T>(answer: T): Exclude<T, symbol> {
  if (isCancel(answer)) throw new Error(texts().ended);
  return answer as Exclude<T, symbol>;
}
