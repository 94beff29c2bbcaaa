/** What getTicket needs beside its code, and what goes of it once WX_TICKETS is unset; the stored tickets stay. */

import { pick } from '../../command/language.ts';
import { findDoor } from '../outside/steps.ts';
import type { Site } from '../site.ts';
import type { Step } from '../step.ts';
import { TICKETS_COLLECTION } from '../wanted.ts';
import { collectionStep } from './collection.ts';
import { functionRemovalStep } from './function-removal.ts';
import { ruleRemovalStep } from './rule-removal.ts';

/** Before the code: what ticks from then on writes there. */
export function ticketSteps(site: Pick<Site, 'environment' | 'wanted'>): Step[] {
  return hasTickets(site) ? [collectionStep(site, TICKETS_COLLECTION)] : [];
}

/** None where it is wanted, or not there. */
export async function ticketRemovalSteps(site: Pick<Site, 'environment' | 'wanted'>): Promise<Step[]> {
  const { environment } = site;
  const { ticket } = environment.names;
  if (hasTickets(site) || (await findDoor(environment, ticket)) !== 'ours') return [];
  return [
    {
      ...functionRemovalStep(environment, [ticket]),
      title: 'ticket function',
      goal: pick({
        en: `${ticket} is gone: WX_TICKETS is not set`,
        zh: `${ticket} 已删除：没有设置 WX_TICKETS`,
      }),
    },
    { ...ruleRemovalStep(environment, [ticket]), title: 'ticket rule' },
  ];
}

function hasTickets({ environment, wanted }: Pick<Site, 'environment' | 'wanted'>): boolean {
  return wanted.some(({ name }) => name === environment.names.ticket);
}
