/**
 * What a released version has left behind: its functions in a user's project as `add` wrote them, an environment as
 * `deploy` left it, and the documents. Made by that version, and never changed after its release.
 */

import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { StoredDocument } from '../../scripts/platform/environment.ts';
import { emptyState, type FakeFunction, type FakeState } from '../platform/fake/state.ts';
import { ROOT } from '../support/root.ts';

const FOLDER = join(ROOT, 'test/upgrade/fixtures');

/** What the functions of the fixture were deployed with. */
export const VARIABLES = {
  WX_REFRESH_MINUTES: '100',
  TOKEN_ENCRYPTION_KEYS: Buffer.alloc(32, 7).toString('base64'),
};

export interface Stored {
  tokens: StoredDocument[];
  servers: StoredDocument[];
}

type Deployed = Pick<FakeState, 'rule' | 'domains'> & {
  functions: FakeFunction[];
  retries: [string, { MsgTTL: number; RetryConfig: { RetryNum: number }[] }][];
  collections: [string, string][];
};

/** A copy of the project in a new folder. */
export function unpackProject(version: string): string {
  const project = join(mkdtempSync(join(tmpdir(), 'upgrade-')), '小程序 x');
  mkdirSync(project);
  execFileSync('tar', ['-xzf', join(FOLDER, version, 'project.tgz'), '-C', project]);
  return project;
}

export function packProject(version: string, project: string): void {
  mkdirSync(join(FOLDER, version), { recursive: true });
  const names = ['cloudbaserc.json', 'cloudfunctions'];
  execFileSync('tar', ['-czf', join(FOLDER, version, 'project.tgz'), '-C', project, ...names]);
}

export function readStored(version: string): Stored {
  return readJson(version, 'stored.json') as Stored;
}

export function writeStored(version: string, stored: Stored): void {
  writeJson(version, 'stored.json', stored);
}

export function readDeployed(version: string): FakeState {
  const { functions, retries, collections, ...rest } = readJson(version, 'deployed.json') as Deployed;
  return {
    ...emptyState(),
    ...rest,
    functions: new Map(functions.map((one) => [one.FunctionName, { ...one, code: Buffer.alloc(0) }])),
    retries: new Map(retries),
    collections: new Map(collections),
  };
}

export function writeDeployed(version: string, state: FakeState): void {
  const { rule, domains } = state;
  const functions = [...state.functions.values()];
  const [retries, collections] = [[...state.retries], [...state.collections]];
  writeJson(version, 'deployed.json', { functions, rule, domains, retries, collections });
}

function readJson(version: string, name: string): unknown {
  return JSON.parse(readFileSync(join(FOLDER, version, name), 'utf8')) as unknown;
}

function writeJson(version: string, name: string, value: object): void {
  writeFileSync(join(FOLDER, version, name), `${JSON.stringify(value, null, 2)}\n`);
}
