/** What `npm run deploy` has made, taken away again: the functions first, for they would write and mint on. */

import { tableParams } from '../platform/collections.ts';
import type { Environment, FunctionRule } from '../platform/environment.ts';
import type { Step } from '../deploy/step.ts';
import { writeRule } from '../deploy/steps/rule.ts';
import { COLLECTION } from '../deploy/wanted.ts';
import { lookInto } from './ours.ts';

/** With a function go its code, its variables, its triggers and its retry settings. */
export function functionsStep(environment: Environment, names: readonly string[]): Step {
  const present = async (): Promise<string[]> => {
    const states = await Promise.all(names.map((name) => environment.describeFunction(name)));
    return states.flatMap((state) => (state === null ? [] : [state.name]));
  };
  return {
    title: 'functions',
    goal: `${names.join(' and ')} are gone, with their trigger and their variables`,
    differences: async () => (await present()).map((name) => `delete ${name}`),
    async apply() {
      const { namespace } = await environment.describe();
      for (const name of await present()) {
        await environment.call('scf', 'DeleteFunction', { FunctionName: name, Namespace: namespace });
      }
    },
  };
}

export function ruleStep(environment: Environment, names: readonly string[]): Step {
  const read = async () => {
    const { entries } = await environment.describeFunctionRule();
    return entries ?? {};
  };
  return {
    title: 'security rule',
    goal: `it says nothing of ${names.join(' and ')}; the other entries are as they were`,
    async differences() {
      const entries = await read();
      return names.filter((name) => Object.hasOwn(entries, name)).map((name) => `take out ${name}`);
    },
    apply: async () => writeRule(environment, without(await read(), names)),
  };
}

function without(
  entries: NonNullable<FunctionRule['entries']>,
  names: readonly string[],
): NonNullable<FunctionRule['entries']> {
  return Object.fromEntries(Object.entries(entries).filter(([name]) => !names.includes(name)));
}

/** A collection with documents of others stays; the tokens in it go in any case. */
export function collectionStep(environment: Environment): Step {
  const look = async () => {
    const isThere = (await environment.describeAccess(COLLECTION)) !== null;
    return isThere ? lookInto(environment.documents(COLLECTION), COLLECTION) : null;
  };
  return {
    title: 'collection',
    goal: `no token is left in ${COLLECTION}; it stays only where it holds documents of others`,
    async differences() {
      const contents = await look();
      if (contents === null) return [];
      const { ours, foreign } = contents;
      if (foreign === 0) return [`delete ${COLLECTION} with ${count(ours.length, 'token document')}`];
      if (ours.length === 0) return [];
      const kept = `${COLLECTION} itself stays, for it holds ${count(foreign, 'document')} of others`;
      return [`delete ${count(ours.length, 'token document')} (${kept})`];
    },
    async apply() {
      const contents = await look();
      if (contents === null) return;
      if (contents.foreign === 0) {
        const params = tableParams(await environment.describe(), COLLECTION);
        await environment.call('tcb', 'DeleteTable', params);
        return;
      }
      const documents = environment.documents(COLLECTION);
      for (const id of contents.ours) await documents.remove(id);
    },
  };
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
