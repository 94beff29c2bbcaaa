/** A collection, that of the tokens unless another is named, closed to everybody but the administrator's side. */

import { CLOSED, closeCollection } from '../../platform/collections.ts';
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
      return tag === CLOSED ? [] : [`close ${name}, which is ${tag || 'open to an unknown degree'}`];
    },
    apply: () => closeCollection(environment, name),
  };
}
