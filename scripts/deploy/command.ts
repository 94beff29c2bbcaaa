/** `npm run deploy`: brings a CloudBase environment to what this repository says, verifies it, and changes no more. */

import { resolve } from 'node:path';
import { defineCommand, runMain } from 'citty';
import { deployToCloud } from './cloud.ts';
import { deployLocally } from './local.ts';

const root = resolve(import.meta.dirname, '../..');

const command = defineCommand({
  meta: {
    name: 'npm run deploy --',
    description: 'Deploys both functions with all they need, and proves it. Safe to run again at any time.',
  },
  args: {
    'dry-run': { type: 'boolean', default: false, description: 'show what would change, and change nothing' },
    local: { type: 'boolean', default: false, description: 'on the embedded cloud instead of a real one' },
    sandbox: {
      type: 'boolean',
      default: false,
      description: 'with --local: the sandbox plays WeChat, whatever is configured',
    },
    data: { type: 'string', default: '.local/data', description: 'with --local: folder of the database' },
  },
  async run({ args }) {
    process.exitCode = await deploy(args).catch((error: unknown) => {
      console.error(`✗ ${error instanceof Error ? error.message : String(error)}`);
      return 1;
    });
  },
});

await runMain(command);

interface Args {
  'dry-run': boolean;
  local: boolean;
  sandbox: boolean;
  data: string;
}

async function deploy(args: Args): Promise<number> {
  const isDryRun = args['dry-run'];
  const isDone = args.local ? await deployLocally(root, args, isDryRun) : await deployToCloud(root, isDryRun);
  return isDone ? 0 : 1;
}
