/** What `npm run deploy` has made, taken away again: the functions first, for they would write and mint on. */

import { tableParams } from '../../platform/collections.ts';
import type { Environment, FunctionRule } from '../../platform/environment.ts';
import type { Step } from '../step.ts';
import { isFromHere } from '../from-here.ts';
import { writeRule } from './rule.ts';
import { readHolding, type Holding } from '../ours.ts';

/**
 * With a function go its code, its variables, its triggers and its retry settings. One of the same name that was not
 * deployed from here stays as it is.
 */
export function functionsStep(environment: Environment, names: readonly string[]): Step {
  let kept: readonly string[] = [];
  const present = async (): Promise<string[]> => {
    const { ours, foreign } = await sorted(environment, names);
    kept = foreign;
    return ours;
  };
  return {
    title: 'functions',
    get goal() {
      const gone = names.filter((name) => !kept.includes(name));
      const told =
        gone.length > 0
          ? `${listed(gone)} ${gone.length === 1 ? 'is' : 'are'} gone, with triggers and variables`
          : '';
      const stays =
        kept.length > 0 ? `${listed(kept)} stay${kept.length === 1 ? 's' : ''}: not deployed from here` : '';
      return [told, stays].filter(Boolean).join('; ');
    },
    differences: async () => (await present()).map((name) => `delete ${name}`),
    async apply() {
      const { namespace } = await environment.describe();
      for (const name of await present()) {
        await environment.call('scf', 'DeleteFunction', { FunctionName: name, Namespace: namespace });
      }
    },
  };
}

/** `foreign`: functions that only have the same name. */
async function sorted(
  { describeFunction }: Pick<Environment, 'describeFunction'>,
  names: readonly string[],
): Promise<{ ours: string[]; foreign: string[] }> {
  const states = (await Promise.all(names.map((name) => describeFunction(name)))).filter(
    (state) => state !== null,
  );
  const told = (isOurs: boolean): string[] =>
    states.filter((state) => isFromHere(state) === isOurs).map(({ name }) => name);
  return { ours: told(true), foreign: told(false) };
}

/** Entries of functions that are not from here are not ours either. */
export function ruleStep(environment: Environment, names: readonly string[]): Step {
  const read = async () => {
    const { entries } = await environment.describeFunctionRule();
    return entries ?? {};
  };
  const ours = async (): Promise<string[]> => {
    const entries = await read();
    const present = names.filter((name) => Object.hasOwn(entries, name));
    const { foreign } = await sorted(environment, present);
    return present.filter((name) => !foreign.includes(name));
  };
  return {
    title: 'security rule',
    goal: 'it holds no entry of this project; the others are as they were',
    differences: async () => (await ours()).map((name) => `take out ${name}`),
    apply: async () => writeRule(environment, without(await read(), await ours())),
  };
}

function without(
  entries: NonNullable<FunctionRule['entries']>,
  names: readonly string[],
): NonNullable<FunctionRule['entries']> {
  return Object.fromEntries(Object.entries(entries).filter(([name]) => !names.includes(name)));
}

/** A collection with documents of others stays; ours in it go in any case. */
export function collectionStep(environment: Environment, holding: Holding): Step {
  const { collection, noun, nouns } = holding;
  const told = (number: number): string => `${number} ${number === 1 ? noun : nouns}`;
  const readContents = async () => {
    const isThere = (await environment.describeAccess(collection)) !== null;
    return isThere ? readHolding(environment.documents(collection), holding) : null;
  };
  return {
    title: `collection ${collection}`,
    goal: `it holds no ${noun}; it stays only where it holds documents of others`,
    async differences() {
      const contents = await readContents();
      if (contents === null) return [];
      const { ours, foreign } = contents;
      if (foreign === 0) return [`delete ${collection} with ${told(ours.length)}`];
      if (ours.length === 0) return [];
      const kept = `${collection} itself stays, for it holds ${foreign} document${foreign === 1 ? '' : 's'} of others`;
      return [`delete ${told(ours.length)} (${kept})`];
    },
    async apply() {
      const contents = await readContents();
      if (contents === null) return;
      if (contents.foreign === 0) {
        const params = { ...tableParams(await environment.describe()), TableName: collection };
        await environment.call('tcb', 'DeleteTable', params);
        return;
      }
      const documents = environment.documents(collection);
      for (const id of contents.ours) await documents.remove(id);
    },
  };
}

/** `a`, `a and b`, `a, b and c`. */
function listed(names: readonly string[]): string {
  return [names.slice(0, -1).join(', '), ...names.slice(-1)].filter(Boolean).join(' and ');
}
