/** A collection, that of the tokens unless another is named, closed to everybody but the administrator's side. */

import { FORMAT, isNewer } from '../../../functions/_shared/store/format.ts';
import { callOf } from '../../command/call.ts';
import { pick } from '../../command/language.ts';
import { CLOSED, closeCollection } from '../../platform/collections.ts';
import { PlatformError } from '../../platform/errors.ts';
import type { Site } from '../site.ts';
import type { Step } from '../step.ts';
import { COLLECTION } from '../wanted.ts';

export function collectionStep({ environment }: Pick<Site, 'environment'>, name = COLLECTION): Step {
  return {
    title: 'collection',
    goal: pick({
      en: `${name} exists, and only the administrator's side can read it (${CLOSED})`,
      zh: `${name} 存在，仅管理端可读写（${CLOSED}）`,
    }),
    async differences() {
      const tag = await environment.describeAccess(name);
      if (tag === null)
        return [pick({ en: `create ${name}, closed`, zh: `创建 ${name}，权限为仅管理端可读写` })];
      await refuseDowngrade(environment, name);
      return tag === CLOSED
        ? []
        : [
            pick({
              en: `close ${name}, which is ${tag || 'open to an unknown degree'}`,
              zh: `把 ${name} 的权限改为仅管理端可读写，目前是 ${tag || '权限不明'}`,
            }),
          ];
    },
    apply: () => closeCollection(environment, name),
  };
}

/** Older functions would refuse every call: those that are deployed stay. */
async function refuseDowngrade({ documents }: Site['environment'], name: string): Promise<void> {
  // Where they can't be read from here, the functions themselves refuse them.
  const stored = await documents(name)
    .list()
    .catch(() => []);
  const newer = stored.find(isNewer);
  if (newer === undefined) return;
  throw new PlatformError(
    pick({
      en: `the document of ${newer['_id']} in ${name} has format ${String(newer['schema'])}, and this version knows ${FORMAT}: a newer version is deployed`,
      zh: `${name} 中 ${newer['_id']} 的记录是格式 ${String(newer['schema'])}，而这个版本只认到 ${FORMAT}：已部署的是更新的版本`,
    }),
    {
      code: 'NEWER_DOCUMENT',
      cure: pick({
        en: `deploy with that version or a later one; to go back all the same, ${callOf('destroy')} of the newer version removes the documents, and the next refresh makes new ones`,
        zh: `请用那个版本或更新的版本部署；如果确实要退回，用新版本执行 ${callOf('destroy')} 删除这些记录，下一次刷新会重新建立`,
      }),
    },
  );
}
