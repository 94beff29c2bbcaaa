/** The embedded cloud's data folder, looked at from outside; functions are called in `npm start`, or in a cloud of its own. */

import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createCloudClock } from '../local/clock.ts';
import { COLLECTION } from '../../functions/_shared/store/document.ts';
import type { Cloud } from '../local/cloud.ts';
import { openDatabase } from '../local/database/open.ts';
import type { Invocation } from '../platform/environment.ts';
import { readSettings as readStartSettings } from '../start/settings.ts';
import { knockAt } from './door.ts';
import { documentsOf } from './local-documents.ts';
import type { Reach } from './reach.ts';

export interface LocalOptions {
  root: string;
  /** The database's folder, relative to `root`. */
  data: string;
  /** Where a running `npm start` has its client door. */
  doorUrl: string;
  /** WeChat is the sandbox, whatever credentials are set. */
  isSandbox: boolean;
}

/** Throws one readable line when no embedded cloud has run on that folder. */
export function openLocal({ root, data, doorUrl, isSandbox }: LocalOptions): {
  reach: Reach;
  values: Record<string, string>;
} {
  const folder = resolve(root, data);
  if (!existsSync(join(folder, 'data.mdb'))) {
    throw new Error(
      `no embedded cloud has run on ${folder}: start one with npm start -- --once, or choose another folder with --data`,
    );
  }
  const { variables, isWeChatReal } = readStartSettings(root, { once: true, sandbox: isSandbox, data });
  const database = openDatabase({ folder, clock: createCloudClock() });
  let own: Promise<Cloud> | undefined;
  const startOwn = async (): Promise<Cloud> => {
    // Loaded here: to look at the data, neither is needed.
    const [{ buildFunctions }, { startCloud }] = await Promise.all([
      import('../build/functions.ts'),
      import('../local/cloud.ts'),
    ]);
    await buildFunctions({ root });
    const codeRoot = join(root, 'dist/functions');
    return startCloud({
      root,
      codeRoot,
      clock: createCloudClock(),
      dataFolder: folder,
      variables,
      isWeChatReal,
    });
  };
  const invokeOwn = async (name: string, event: object): Promise<Invocation> => {
    const cloud = await (own ??= startOwn());
    const outcome = await cloud.host.invoke({ name, event, caller: { kind: 'management' } });
    return 'failure' in outcome ? { failure: outcome.failure.message } : outcome;
  };
  const documents = (name: string) => documentsOf(database, name);
  const snapshot = async (): Promise<string> =>
    JSON.stringify(
      await documents(COLLECTION)
        .list()
        .catch(() => []),
    );
  const reach: Reach = {
    kind: 'local',
    envId: `the embedded cloud in ${folder}`,
    documents,
    /**
     * A running `npm start` comes first: its sandbox would not know a token that another one issued. If it wrote
     * nothing here, it works on another folder, or had nothing to write: then a cloud on this folder is asked.
     */
    async invoke(name, event) {
      const before = await snapshot();
      const answer = own === undefined ? await knockAt(doorUrl, name, event) : null;
      return answer !== null && (await snapshot()) !== before ? answer : invokeOwn(name, event);
    },
    async close() {
      const cloud = await own?.catch(() => undefined);
      await cloud?.close();
      await database.close();
    },
  };
  return { reach, values: definedOnly(variables) };
}

function definedOnly(variables: Record<string, string | undefined>): Record<string, string> {
  const entries = Object.entries(variables).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as Record<string, string>;
}
