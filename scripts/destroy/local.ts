/** `npm run destroy -- --local`: our documents in an embedded database; there is nothing else to remove. */

import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { spaced } from '../deploy/steps/collection-removal.ts';
import { pick } from '../command/language.ts';
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
    screen.say(
      pick({
        en: `There is nothing to remove: no embedded cloud has run on ${folder}.`,
        zh: `没有可删除的内容：${folder} 里没有本地模拟云环境的数据。`,
      }),
    );
    return true;
  }
  screen.skip(
    'functions',
    pick({ en: `they run only while ${callOf('start')} does`, zh: `它们只在 ${callOf('start')} 运行时存在` }),
  );
  screen.skip('security rule', pick({ en: 'there is none here', zh: '这里没有安全规则' }));
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
    goal: pick({ en: `it holds no ${noun.en}`, zh: `其中没有${spaced(noun.zh)}` }),
    differences: async () =>
      (await ours()).map((id) =>
        pick({ en: `delete the ${noun.en} ${id}`, zh: `删除${spaced(noun.zh)} ${id}` }),
      ),
    async apply() {
      for (const id of await ours()) await documents.remove(id);
    },
  };
}
