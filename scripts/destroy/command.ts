/** `npm run destroy`: removes what `npm run deploy` has made, after confirmation, and nothing of anybody else. */

import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { defineCommand, runMain } from 'citty';
import { createScreen } from '../deploy/screen.ts';
import { destroyInCloud } from './cloud.ts';
import { requireConfirmation } from './confirm.ts';
import { destroyLocally } from './local.ts';

const root = resolve(import.meta.dirname, '../..');

const command = defineCommand({
  meta: {
    name: 'npm run destroy --',
    description:
      'Removes the functions, their trigger and paths, their entries in the security rule, tokens and clients.',
  },
  args: {
    yes: { type: 'boolean', default: false, description: 'do not ask' },
    'dry-run': { type: 'boolean', default: false, description: 'show what would go, and remove nothing' },
    local: { type: 'boolean', default: false, description: 'on the embedded cloud instead of a real one' },
    data: { type: 'string', default: '.local/data', description: 'with --local: folder of the database' },
  },
  async run({ args }) {
    process.exitCode = await destroy(args).catch((error: unknown) => {
      console.error(`✗ ${error instanceof Error ? error.message : String(error)}`);
      return 1;
    });
  },
});

await runMain(command);

interface Args {
  yes: boolean;
  'dry-run': boolean;
  local: boolean;
  data: string;
}

async function destroy({ yes, 'dry-run': isDryRun, local, data }: Args): Promise<number> {
  const options = { isDryRun, sleep: (durationMs: number): Promise<void> => sleep(durationMs) };
  const confirm = (): Promise<void> => requireConfirmation('local', yes);
  const isDone = local
    ? await destroyLocally(
        root,
        data,
        createScreen((text) => text),
        { ...options, confirm },
      )
    : await destroyInCloud(root, yes, options);
  return isDone ? 0 : 1;
}
