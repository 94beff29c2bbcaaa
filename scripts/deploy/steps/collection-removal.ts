/** Deletes a collection of this project, or only our documents where others are in it. */

import { pick } from '../../command/language.ts';
import { tableParams } from '../../platform/collections.ts';
import type { Environment } from '../../platform/environment.ts';
import { readHolding, type Holding } from '../ours.ts';
import type { Step } from '../step.ts';

/** A collection with documents of others stays; ours in it go in any case. */
export function collectionRemovalStep(environment: Environment, holding: Holding): Step {
  const { collection, noun } = holding;
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
      return contents === null ? [] : differencesOf(holding, contents);
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

function differencesOf(
  { collection, noun, nouns }: Holding,
  { ours, foreign }: Awaited<ReturnType<typeof readHolding>>,
): string[] {
  const counted = pick({
    en: `${ours.length} ${ours.length === 1 ? noun.en : nouns.en}`,
    zh: `${ours.length} 条${spaced(noun.zh)}`,
  });
  if (foreign === 0)
    return [
      pick({
        en: `delete ${collection} with ${counted}`,
        zh: `删除 ${collection} 和其中的 ${counted}`,
      }),
    ];
  if (ours.length === 0) return [];
  return [
    pick({
      en: `delete ${counted} (${collection} itself stays, for it holds ${foreign} document${foreign === 1 ? '' : 's'} of others)`,
      zh: `删除 ${counted}（${collection} 本身保留，其中有 ${foreign} 条别人的记录）`,
    }),
  ];
}

/** Beside Chinese, Latin letters have a space. */
export function spaced(noun: string): string {
  return /^[a-z]/i.test(noun) ? ` ${noun}` : noun;
}
