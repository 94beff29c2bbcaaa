/** `npm run destroy -- --local`: our documents in an embedded database; there is nothing else to remove. */

import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { callOf } from '../command/call.ts';
import { PROJECT_FOLDER } from '../command/folders.ts';
import { createScreen } from '../deploy/screen.ts';
import type { Step } from '../deploy/step.ts';
import { createCloudClock } from '../local/clock.ts';
import { openDatabase } from '../local/database/open.ts';
import { documentsOf } from '../place/local-documents.ts';
import type { Documents } from '../platform/environment.ts';
import { SERVER_KEYS, readHolding, TICKETS, TOKENS, type Holding } from '../deploy/ours.ts';
import { requireConfirmation } from './confirm.ts';
import { runRemoval, type DestroyOptions } from './run.ts';

export async function destroyLocally(
  data: string,
  { isConfirmed, ...options }: DestroyOptions,
): Promise<boolean> {
  const screen = createScreen((text) => text);
  const folder = resolve(PROJECT_FOLDER, data);
  if (!existsSync(join(folder, 'data.mdb'))) {
    screen.say(`There is nothing to remove: no embedded cloud has run on ${folder}.`);
    return true;
  }
  screen.skip('functions', `they run only while ${callOf('start')} does`);
  screen.skip('security rule', 'there is none here');
  const database = openDatabase({ folder, clock: createCloudClock() });
  try {
    const steps = [TOKENS, TICKETS, SERVER_KEYS].map((holding) =>
      documentsStep(documentsOf(database, holding.collection), holding, () =>
        database.hasCollection(holding.collection),
      ),
    );
    return await runRemoval(steps, screen, {
      ...options,
      confirm: () => requireConfirmation('local', isConfirmed),
    });
  } finally {
    await database.close();
  }
}

function documentsStep(documents: Documents, holding: Holding, isThere: () => boolean): Step {
  const { collection, noun } = holding;
  const ours = async (): Promise<string[]> => (isThere() ? (await readHolding(documents, holding)).ours : []);
  return {
    title: `collection ${collection}`,
    goal: `it holds no ${noun}`,
    differences: async () => (await ours()).map((id) => `delete the ${noun} ${id}`),
    async apply() {
      for (const id of await ours()) await documents.remove(id);
    },
  };
}
