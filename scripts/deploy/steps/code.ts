/** The code and the settings of the functions, uploaded where they differ. */

import { names, phrases, pick } from '../../command/language.ts';
import { PlatformError } from '../../platform/errors.ts';
import { isFromHere, notFromHere, UNFINISHED } from '../from-here.ts';
import { changeFunction, whenActive, type Site } from '../site.ts';
import type { Step } from '../step.ts';
import type { WantedFunction } from '../wanted.ts';
import { codeDifferences, describeStatus } from './code-differences.ts';
import { requireUsable } from './usable.ts';

export function codeStep(site: Site): Step {
  const { environment, wanted } = site;
  /** Their mark is written later, with the variables. */
  const uploaded = new Set<string>();
  const compare = (each: WantedFunction): Promise<string[]> =>
    compareOne(site, each, uploaded.has(each.name));
  return {
    title: 'functions',
    goal: pick({
      en: `${wanted.map(({ name }) => name).join(' and ')} run this code with these settings`,
      zh: `${wanted.map(({ name }) => name).join(' 和 ')} 运行的是本项目的代码和配置`,
    }),
    differences: async () => (await Promise.all(wanted.map(compare))).flat(),
    async apply() {
      const comparisons = await Promise.all(
        wanted.map(async (each) => ({ each, changes: await compare(each) })),
      );
      const stale = comparisons.filter(({ changes }) => changes.length > 0).map(({ each }) => each);
      for (const { name } of stale) {
        const exists = (await environment.describeFunction(name)) !== null;
        if (exists) await changeFunction(site, name, { Description: UNFINISHED });
      }
      await upload(site, stale);
      for (const { name } of stale) {
        await whenActive(site, name);
        uploaded.add(name);
      }
    },
  };
}

async function compareOne(site: Site, wanted: WantedFunction, isUploaded: boolean): Promise<string[]> {
  const { name } = wanted;
  const { describeFunction, envId } = site.environment;
  const state = await describeFunction(name);
  if (state === null) return [pick({ en: `create ${name}`, zh: `创建 ${name}` })];
  if (!isFromHere(state)) {
    if (site.takeOver === undefined) throw notFromHere([state], envId);
    // A dry run: the step before this one has replaced nothing.
    return [pick({ en: `upload ${name} (in place of what is there)`, zh: `上传 ${name}（替换已有的）` })];
  }
  requireUsable(state, wanted, envId);
  const changes = names(codeDifferences(state, wanted, isUploaded));
  return changes === ''
    ? []
    : [pick({ en: `upload ${name} (${changes})`, zh: `上传 ${name}（${changes}）` })];
}

/** Where it fails, the platform may have written the reason into the function itself. */
async function upload(
  { environment, upload: send }: Site,
  functions: readonly WantedFunction[],
): Promise<void> {
  try {
    await send(functions);
  } catch (error) {
    const states = await Promise.all(functions.map(({ name }) => environment.describeFunction(name))).catch(
      () => [],
    );
    const reasons = states.flatMap((state) =>
      state?.status.endsWith('Failed') ? `${state.name} ${describeStatus(state)}` : [],
    );
    if (!(error instanceof PlatformError) || reasons.length === 0) throw error;
    throw new PlatformError(phrases(reasons), { code: error.code, cure: error.message });
  }
}
