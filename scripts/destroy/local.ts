/** `npm run destroy -- --local`: the token documents of an embedded database; there is nothing else to remove. */

import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Screen } from '../deploy/screen.ts';
import type { Step } from '../deploy/step.ts';
import { COLLECTION } from '../deploy/wanted.ts';
import { createCloudClock } from '../local/clock.ts';
import { openDatabase } from '../local/database/open.ts';
import { documentsOf } from '../operate/local-documents.ts';
import type { Documents } from '../platform/environment.ts';
import { lookInto } from './ours.ts';
import { runRemoval, type RemovalOptions } from './run.ts';

export async function destroyLocally(
  root: string,
  data: string,
  screen: Screen,
  options: RemovalOptions,
): Promise<boolean> {
  const folder = resolve(root, data);
  if (!existsSync(join(folder, 'data.mdb'))) {
    screen.say(`There is nothing to remove: no embedded cloud has run on ${folder}.`);
    return true;
  }
  screen.skip('functions', 'they run only while npm start does');
  screen.skip('security rule', 'there is none here');
  const database = openDatabase({ folder, clock: createCloudClock() });
  try {
    const step = tokensStep(documentsOf(database, COLLECTION), () => database.hasCollection(COLLECTION));
    return await runRemoval([step], screen, options);
  } finally {
    await database.close();
  }
}

function tokensStep(documents: Documents, isThere: () => boolean): Step {
  const ours = async (): Promise<string[]> => (isThere() ? (await lookInto(documents, COLLECTION)).ours : []);
  return {
    title: 'collection',
    goal: `no token is left in ${COLLECTION}`,
    differences: async () => (await ours()).map((id) => `delete the token document of ${id}`),
    async apply() {
      for (const id of await ours()) await documents.remove(id);
    },
  };
}
