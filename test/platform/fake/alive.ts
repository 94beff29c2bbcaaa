/** Brings the fake to life: what was uploaded runs in the embedded cloud, with the variables that were set. */

import { cpSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { readDeclarations, type FunctionDeclaration } from '../../../scripts/build/declarations.ts';
import { OUTSIDE_CONFIG } from '../../../scripts/build/outside.ts';
import { createCloudClock } from '../../../scripts/local/clock.ts';
import { startCloud, type Cloud } from '../../../scripts/local/cloud.ts';
import { answerRequest } from '../../../scripts/local/gateway/respond.ts';
import { createFaults } from '../../../scripts/local/gateway/faults.ts';
import { createStats } from '../../../scripts/local/gateway/stats.ts';
import { SCRATCH_FUNCTION } from '../../../scripts/prove/scratch.ts';
import { ROOT } from '../../support/cloud.ts';
import type { FakeState } from './state.ts';
import type { FakeTencent } from './tencent.ts';
import { unzip } from './unzip.ts';

export interface Life {
  /** Undefined before the first call of a function. */
  cloud(): Cloud | undefined;
  close(): Promise<void>;
}

interface LifeOptions {
  /** Where the functions' code is when they are deployed in process, without the CLI: that uploads empty code. */
  codeRoot?: string;
}

export function bringToLife(fake: FakeTencent, { codeRoot }: LifeOptions = {}): Life {
  const dataFolder = mkdtempSync(join(tmpdir(), 'fake-data-'));
  let running: Cloud | undefined;
  let version = '';
  /** One after the other: what was uploaded since is started anew, on the same data. */
  let queue = Promise.resolve();
  const start = async (): Promise<Cloud> => {
    const turn = queue.then(async () => {
      if (running !== undefined && version === versionOf(fake)) return running;
      await running?.close();
      version = versionOf(fake);
      return (running = await startFrom(fake, dataFolder, codeRoot));
    });
    queue = turn.then(
      () => undefined,
      () => undefined,
    );
    return turn;
  };
  fake.state.invoke = async (name, event) => {
    const { host } = await start();
    const outcome = await host.invoke({ name, event, caller: { kind: 'management' } });
    return 'failure' in outcome ? { failure: outcome.failure.message } : outcome;
  };
  fake.documents = async ({ method, url, headers, body }) => {
    const { database, clock } = await start();
    const [path = '', query = ''] = url.split('?');
    const { secretId, secretKey } = fake.state;
    return answerRequest(
      { method, path, query, headers, body },
      {
        database,
        clock,
        port: 0,
        credentials: (id) => (id === secretId ? { secretKey } : undefined),
        invokeFunction: () => Promise.reject(new Error('functions are called by scf Invoke')),
        faults: createFaults(),
        stats: createStats(),
      },
    );
  };
  return {
    cloud: () => running,
    close: async () => running?.close(),
  };
}

function versionOf({ state }: FakeTencent): string {
  return JSON.stringify(
    [...state.functions.values()].map((one) => [one.FunctionName, one.uploads, one.variables]),
  );
}

async function startFrom(
  { state }: FakeTencent,
  dataFolder: string,
  deployedFrom: string | undefined,
): Promise<Cloud> {
  const codeRoot = mkdtempSync(join(tmpdir(), 'fake-code-'));
  for (const { FunctionName, code } of state.functions.values()) {
    const folder = join(codeRoot, FunctionName);
    if (code.length > 0) writeUploaded(code, folder);
    else if (deployedFrom === undefined) throw new Error(`the uploaded code of ${FunctionName} is empty`);
    else cpSync(join(deployedFrom, FunctionName), folder, { recursive: true });
  }
  const [any] = state.functions.values();
  const variables = Object.fromEntries((any?.variables ?? []).map(({ Key, Value }) => [Key, Value]));
  const outside = await readDeclarations(ROOT, [OUTSIDE_CONFIG]);
  const doors = outside.filter(({ name }) => state.functions.has(name));
  const guests = [...doors, ...scratchIn(state)].map((declaration) =>
    Object.assign(declaration, { directory: join(codeRoot, declaration.name) }),
  );
  return startCloud({ root: ROOT, codeRoot, clock: createCloudClock(), variables, guests, dataFolder });
}

function writeUploaded(code: Buffer, folder: string): void {
  for (const [name, content] of unzip(code)) {
    const file = join(folder, name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
  }
}

/** `npm run prove`'s, which no file declares. */
function scratchIn({ functions }: FakeState): FunctionDeclaration[] {
  const scratch = functions.get(SCRATCH_FUNCTION);
  if (scratch === undefined) return [];
  const { FunctionName: name, Handler: handler, Timeout: timeout, MemorySize: memorySize } = scratch;
  const envVariables = Object.fromEntries(scratch.variables.map(({ Key, Value }) => [Key, Value]));
  return [{ name, handler, timeout, memorySize, envVariables, triggers: [] }];
}
