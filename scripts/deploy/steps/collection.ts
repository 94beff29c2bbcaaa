/** A collection, that of the tokens unless another is named, closed to everybody but the administrator's side. */

import { FORMAT, isNewer } from '../../../functions/_shared/store/format.ts';
import { callOf } from '../../command/call.ts';
import { CLOSED, closeCollection } from '../../platform/collections.ts';
import { PlatformError } from '../../platform/errors.ts';
import type { Site } from '../site.ts';
import type { Step } from '../step.ts';
import { COLLECTION } from '../wanted.ts';

export function collectionStep({ environment }: Pick<Site, 'environment'>, name = COLLECTION): Step {
  return {
    title: 'collection',
    goal: `${name} exists, and only the administrator's side can read it (${CLOSED})`,
    async differences() {
      const tag = await environment.describeAccess(name);
      if (tag === null) return [`create ${name}, closed`];
      await refuseDowngrade(environment, name);
      return tag === CLOSED ? [] : [`close ${name}, which is ${tag || 'open to an unknown degree'}`];
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
    `the document of ${newer['_id']} in ${name} has format ${String(newer['schema'])}, and this version knows ${FORMAT}: a newer version is deployed`,
    {
      code: 'NEWER_DOCUMENT',
      cure: `deploy with that version or a later one; to go back all the same, ${callOf('destroy')} of the newer version removes the documents, and the next refresh makes new ones`,
    },
  );
}
