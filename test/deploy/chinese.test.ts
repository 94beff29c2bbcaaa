/** A deployment and a removal as a Chinese reader sees them: what is done, what is wrong, and what to do now. */

import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import { SERVER_KEYS, TOKENS } from '../../scripts/deploy/ours.ts';
import { pathsStep } from '../../scripts/deploy/outside/path-removal.ts';
import { createScreen } from '../../scripts/deploy/screen.ts';
import { collectionRemovalStep } from '../../scripts/deploy/steps/collection-removal.ts';
import { functionRemovalStep } from '../../scripts/deploy/steps/function-removal.ts';
import { ruleRemovalStep } from '../../scripts/deploy/steps/rule-removal.ts';
import { runRemoval } from '../../scripts/destroy/run.ts';
import { playTencent } from '../platform/fake/played.ts';
import { refuse } from '../platform/fake/refusal.ts';
import { emptyState, someFunction } from '../platform/fake/state.ts';
import { englishIn, readChinese } from '../support/chinese.ts';
import { deploy, documentsIn, environmentOf, settingsFor, type DeploymentOptions } from './in-process.ts';
import { LIVE, REVOKED } from './servers.ts';

const fake = await playTencent();
const NAMES = ['refreshAccessToken', 'getAccessToken', 'accessTokenHttp'];

function withServers(): void {
  fake.state.collections.set('wx_access_clients', 'ADMINONLY');
}

function failing(code: string): void {
  fake.interfere = ({ action }) => (action === 'DescribeDatabaseACL' ? refuse(code, '拒绝') : undefined);
}

const SITUATIONS: [string, () => void, DeploymentOptions][] = [
  ['an empty environment', () => undefined, {}],
  ['a dry run', () => undefined, { isDryRun: true }],
  ['a server, and its door', withServers, { servers: [LIVE] }],
  ['a door that is no longer needed', withServers, { servers: [REVOKED] }],
  ['ticks from outside', withServers, { servers: [LIVE], variables: { TICKS: 'outside' } }],
  ['readers alone', () => undefined, { variables: { TICKS: 'readers' } }],
  [
    'a name that is taken',
    () => fake.state.functions.set('getAccessToken', someFunction('getAccessToken')),
    {},
  ],
  [
    'a function that is taken over',
    () => fake.state.functions.set('getAccessToken', someFunction('getAccessToken')),
    { backups: mkdtempSync(join(tmpdir(), 'backups-')) },
  ],
  ...[
    'AuthFailure.SecretIdNotFound',
    'RequestLimitExceeded',
    'LimitExceeded',
    'InternalError',
    'Strange.Code',
  ].map((code): [string, () => void, DeploymentOptions] => [code, () => failing(code), {}]),
];

describe('npm run deploy, in Chinese', () => {
  it.each(SITUATIONS)('%s', async (_, prepare, options) => {
    fake.state = emptyState();
    fake.interfere = () => undefined;
    prepare();
    readChinese();
    const { output } = await deploy(fake, options);
    expect(englishIn(output)).toEqual([]);
  });
});

it('npm run destroy, in Chinese', async () => {
  fake.state = emptyState();
  fake.interfere = () => undefined;
  withServers();
  readChinese();
  expect(englishIn((await deploy(fake, { servers: [LIVE] })).output)).toEqual([]);
  const stored = [
    { _id: 'wxfake', schema: 1, version: 3, writer: 'w', mints: { day: 1, count: 1 } },
    { _id: 'other' },
  ];
  const environment = environmentOf(fake, settingsFor(fake), (name) =>
    documentsIn(name === 'wx_access_clients' ? [LIVE] : stored),
  );
  const steps = [
    pathsStep(environment),
    functionRemovalStep(environment, NAMES),
    ruleRemovalStep(environment, NAMES),
    ...[TOKENS, SERVER_KEYS].map((holding) => collectionRemovalStep(environment, holding)),
  ];
  const lines: string[] = [];
  const screen = createScreen(
    (text) => text,
    (line) => lines.push(stripVTControlCharacters(line)),
  );
  const removal = { isDryRun: false, confirm: () => Promise.resolve(), sleep: () => Promise.resolve() };
  expect(await runRemoval(steps, screen, removal)).toBe(true);
  expect(englishIn(lines.join('\n'))).toEqual([]);
});
