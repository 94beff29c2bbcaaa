/** What `npm run deploy` has made, taken away again: the functions first, for they would write and mint on. */

import { pick, phrases } from '../../command/language.ts';
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
      return phrases([told(gone), keeps(kept)].filter(Boolean));
    },
    differences: async () =>
      (await present()).map((name) => pick({ en: `delete ${name}`, zh: `删除 ${name}` })),
    async apply() {
      const { namespace } = await environment.describe();
      for (const name of await present()) {
        await environment.call('scf', 'DeleteFunction', { FunctionName: name, Namespace: namespace });
      }
    },
  };
}

function told(gone: readonly string[]): string {
  if (gone.length === 0) return '';
  return pick({
    en: `${listed(gone)} ${gone.length === 1 ? 'is' : 'are'} gone, with triggers and variables`,
    zh: `${listed(gone)} 已删除，包括触发器和环境变量`,
  });
}

function keeps(kept: readonly string[]): string {
  if (kept.length === 0) return '';
  return pick({
    en: `${listed(kept)} stay${kept.length === 1 ? 's' : ''}: not deployed from here`,
    zh: `${listed(kept)} 保留：不是由本项目部署的`,
  });
}

/** `foreign`: functions that only have the same name. */
async function sorted(
  { describeFunction }: Pick<Environment, 'describeFunction'>,
  names: readonly string[],
): Promise<{ ours: string[]; foreign: string[] }> {
  const states = (await Promise.all(names.map((name) => describeFunction(name)))).filter(
    (state) => state !== null,
  );
  const namesOf = (isOurs: boolean): string[] =>
    states.filter((state) => isFromHere(state) === isOurs).map(({ name }) => name);
  return { ours: namesOf(true), foreign: namesOf(false) };
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
    goal: pick({
      en: 'it holds no entry of this project; the others are as they were',
      zh: '其中没有本项目的条目；其他条目保持不变',
    }),
    differences: async () =>
      (await ours()).map((name) => pick({ en: `take out ${name}`, zh: `去掉 ${name}` })),
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
  const counted = (number: number): string =>
    pick({ en: `${number} ${number === 1 ? noun.en : nouns.en}`, zh: `${number} 条${spaced(noun.zh)}` });
  const readContents = async () => {
    const isThere = (await environment.describeAccess(collection)) !== null;
    return isThere ? readHolding(environment.documents(collection), holding) : null;
  };
  return {
    title: `collection ${collection}`,
    goal: pick({
      en: `it holds no ${noun.en}; it stays only where it holds documents of others`,
      zh: `其中没有${spaced(noun.zh)}；只有存着别人的记录时才保留`,
    }),
    async differences() {
      const contents = await readContents();
      if (contents === null) return [];
      const { ours, foreign } = contents;
      if (foreign === 0)
        return [
          pick({
            en: `delete ${collection} with ${counted(ours.length)}`,
            zh: `删除 ${collection} 和其中的 ${counted(ours.length)}`,
          }),
        ];
      if (ours.length === 0) return [];
      return [
        pick({
          en: `delete ${counted(ours.length)} (${collection} itself stays, for it holds ${foreign} document${foreign === 1 ? '' : 's'} of others)`,
          zh: `删除 ${counted(ours.length)}（${collection} 本身保留，其中有 ${foreign} 条别人的记录）`,
        }),
      ];
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

/** Beside Chinese, Latin letters have a space. */
export function spaced(noun: string): string {
  return /^[a-z]/i.test(noun) ? ` ${noun}` : noun;
}

/** `a`, `a and b`, `a, b and c`. */
function listed(names: readonly string[]): string {
  return pick({
    en: [names.slice(0, -1).join(', '), ...names.slice(-1)].filter(Boolean).join(' and '),
    zh: names.join('、'),
  });
}
