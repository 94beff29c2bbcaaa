/** The embedded cloud, in memory, as a place to try the assumptions on. */

import { join } from 'node:path';
import { PACKAGE_FOLDER } from '../command/folders.ts';
import { createCloudClock } from '../local/clock.ts';
import { startCloud, type Cloud } from '../local/cloud.ts';
import type { CloudOptions } from '../local/cloud-options.ts';
import { openDatabase } from '../platform/documents.ts';
import { buildProbe, type BuiltProbe } from './build-probe.ts';
import { PROVE_TIMEOUT_MS, proveDatabase, type ProveDatabaseOf } from './database.ts';
import type { Knobs } from './knobs.ts';
import { localFunction, TIME_LIMIT_S } from './local-function.ts';
import type { Scratch } from './try-all.ts';
import { SCRATCH, SCRATCH_FUNCTION, VARIABLE } from './scratch.ts';
import { warm } from './warm.ts';

export function localScratch(signal: AbortSignal, knobs: Knobs = {}): Scratch {
  const closers: (() => Promise<void> | void)[] = [];
  return {
    async make() {
      const probe = await buildProbe();
      closers.push(() => probe.remove());
      const cloud = await startCloud(optionsFor(probe, knobs));
      closers.push(() => cloud.close());
      cloud.database.createCollection(SCRATCH);
      knobs.prepare?.(cloud);
      const database = databaseOf(cloud, knobs);
      const scratchFunction = localFunction(cloud, { database, knobs, signal, closers });
      await warm(scratchFunction);
      return { database, scratchFunction };
    },
    async remove() {
      for (const close of closers.splice(0).toReversed()) await close();
    },
  };
}

function optionsFor({ codeRoot, directory }: BuiltProbe, { host, variables }: Knobs): CloudOptions {
  const guest = {
    name: SCRATCH_FUNCTION,
    directory,
    handler: 'index.main',
    timeout: TIME_LIMIT_S,
    memorySize: 256,
    envVariables: variables ?? { [VARIABLE]: 'x' },
    triggers: [],
  };
  return {
    root: PACKAGE_FOLDER,
    codeRoot: join(codeRoot, 'none'),
    clock: createCloudClock(),
    variables: {},
    guests: [guest],
    host: { freezesIdle: true, ...host },
  };
}

function databaseOf({ gateway, identity }: Cloud, knobs: Knobs): ProveDatabaseOf {
  const { secretId, secretKey, sessionToken: token } = identity.credentials;
  const settings = { envId: 'local-env', region: 'ap-shanghai', serviceUrl: gateway.url };
  return proveDatabase(openDatabase(settings, { secretId, secretKey, token }, PROVE_TIMEOUT_MS), {
    // The gateway lets nobody in but functions and keys: there are no other rules to read back.
    access: async () => knobs.access ?? 'ADMINONLY',
    readUnsigned: () => knobs.readUnsigned?.() ?? askUnsigned(gateway.url),
  });
}

async function askUnsigned(url: string): Promise<{ refused: string } | { read: true }> {
  const body = { action: 'database.getDocument', collectionName: SCRATCH, queryType: 'WHERE', query: '{}' };
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
  const { code } = (await answer.json()) as { code?: string };
  return code === undefined ? { read: true } : { refused: code };
}
