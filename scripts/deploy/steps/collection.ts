/** The collection of the tokens, closed to everybody but the administrator's side. */

import { tableParams } from '../../platform/collections.ts';
import type { Site } from '../site.ts';
import type { Step } from '../step.ts';
import { COLLECTION } from '../wanted.ts';

const CLOSED = 'ADMINONLY';

export function collectionStep({ environment }: Site): Step {
  return {
    title: 'collection',
    goal: `${COLLECTION} exists, and only the administrator's side can read it (${CLOSED})`,
    async differences() {
      const tag = await environment.describeAccess(COLLECTION);
      if (tag === null) return [`create ${COLLECTION}, closed`];
      return tag === CLOSED ? [] : [`close ${COLLECTION}, which is ${tag || 'open to an unknown degree'}`];
    },
    async apply() {
      const info = await environment.describe();
      const tag = await environment.describeAccess(COLLECTION);
      if (tag === null) await environment.call('tcb', 'CreateTable', tableParams(info, COLLECTION));
      // A new collection can be read by whoever writes to it: never left as it was made.
      const params = { EnvId: info.envId, CollectionName: COLLECTION, AclTag: CLOSED };
      await environment.call('tcb', 'ModifyDatabaseACL', params);
    },
  };
}
