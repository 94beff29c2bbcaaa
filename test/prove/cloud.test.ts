/** What `npm run prove` does to a real environment, on the stand-in: all lines hold, and nothing is left behind. */

import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Environment, FunctionState } from '../../scripts/platform/environment.ts';
import type { Line } from '../../scripts/prove/assumption.ts';
import { cloudScratch } from '../../scripts/prove/cloud.ts';
import { DEPLOYMENT } from '../../scripts/prove/assumptions/deployment.ts';
import { ASSUMPTIONS } from '../../scripts/prove/assumptions/all.ts';
import { tryAll } from '../../scripts/prove/try-all.ts';
import { renderReport } from '../../scripts/prove/report.ts';
import { SCRATCH, SCRATCH_FUNCTION } from '../../scripts/prove/scratch.ts';
import { playTencent } from '../platform/fake/played.ts';
import { someFunction } from '../platform/fake/state.ts';
import { standIn, type StandIn } from './stand-in.ts';

const PATIENCE_MS = 180_000;
const fake = await playTencent();
const RULE = { '*': { invoke: 'auth != null' }, shop: { invoke: true } };
beforeEach(() => {
  fake.state.rule = { AclTag: 'CUSTOM', Rule: JSON.stringify(RULE) };
});

/** One for all: what differs is the management side. */
let behind: StandIn;
beforeAll(async () => void (behind = await standIn()), PATIENCE_MS);
afterAll(() => behind.close());

async function run(
  assumptions = ASSUMPTIONS,
  differ?: (environment: Environment) => Partial<Environment>,
): Promise<Line[]> {
  return tryAll(
    cloudScratch(behind.partsOf(fake, differ)),
    new AbortController().signal,
    () => undefined,
    assumptions,
  );
}

const seenOf = (lines: readonly Line[], verdict: Line['verdict']): string[] =>
  lines.filter((line) => line.verdict === verdict).map(({ id, seen }) => `${id}: ${seen}`);

/** What a maintainer of the environment would find afterwards. */
function left(): object {
  const { functions, collections, rule, objects, domains } = fake.state;
  return { functions: [...functions], collections: [...collections], rule, objects: [...objects], domains };
}

it(
  'every assumption holds, and the environment is as it was',
  async () => {
    const before = JSON.stringify(left());
    // A document of 16 MB is the same here as on the embedded cloud, where it is tried.
    const tried = ASSUMPTIONS.filter(({ id }) => id !== 'too-large-document');
    const lines = await run(tried);
    expect([...seenOf(lines, 'differs'), ...seenOf(lines, 'not tried')]).toEqual([]);
    expect(lines).toHaveLength(tried.length);
    expect(JSON.stringify(left())).toBe(before);
    const report = renderReport('an environment', lines, ASSUMPTIONS.length);
    const { envId, secretId, secretKey } = fake.state;
    for (const secret of [envId, secretId, secretKey, 'tcloudbase', 'prove-'])
      expect(report).not.toContain(secret);
  },
  PATIENCE_MS,
);

/** By line: what the management side reads back instead. */
const DIFFERENT: Record<string, (environment: Environment) => Partial<Environment>> = {
  'rule-read-back': () => ({ describeFunctionRule: async () => ({ tag: 'CUSTOM', entries: RULE }) }),
  'variables-size': (environment) =>
    stateOf(environment, ({ variables }) => ({
      variables: new Map([...variables].map(([name, value]) => [name, value.slice(0, 2_048)])),
    })),
  'trigger-read-back': (environment) =>
    stateOf(environment, ({ triggers }) => ({
      triggers: triggers.map((trigger) => ({ ...trigger, isEnabled: false })),
    })),
  'state-after-update': (environment) => {
    let isChanged = false;
    return {
      ...stateOf(environment, () => (isChanged ? { status: 'UpdateFailed' } : {})),
      async call(service, action, params) {
        const { Description } = params as { Description?: string };
        isChanged ||= action === 'UpdateFunctionConfiguration' && Description !== undefined;
        return environment.call(service, action, params);
      },
    };
  },
};

function stateOf(
  { describeFunction }: Environment,
  differ: (state: FunctionState) => Partial<FunctionState>,
): Pick<Environment, 'describeFunction'> {
  return {
    async describeFunction(name) {
      const state = await describeFunction(name);
      // The variables are hidden from a spread.
      return state && { ...state, variables: state.variables, ...differ(state) };
    },
  };
}

describe('an environment that differs', () => {
  it('is known for each of deploy’s own assumptions', () => {
    expect(Object.keys(DIFFERENT).toSorted()).toEqual(DEPLOYMENT.map(({ id }) => id).toSorted());
  });

  it.each(Object.keys(DIFFERENT))(
    'in %s turns exactly that line red',
    async (id) => {
      // The trigger is created by the first line that waits for a tick.
      const lines = await run(
        [...ASSUMPTIONS.filter((one) => one.id === 'timer-fires'), ...DEPLOYMENT],
        DIFFERENT[id],
      );
      expect(lines.filter(({ verdict }) => verdict !== 'holds').map((line) => line.id)).toEqual([id]);
      expect(lines.find((line) => line.id === id)?.verdict).toBe('differs');
    },
    PATIENCE_MS,
  );

  it(
    'in who reads: an answer that is no refusal says nothing',
    async () => {
      const tried = ASSUMPTIONS.filter(({ id }) => ['unprivileged-reader', 'client-refused'].includes(id));
      const parts = { ...behind.partsOf(fake), request: async () => ({ status: 404, body: '' }) };
      const lines = await tryAll(cloudScratch(parts), new AbortController().signal, () => undefined, tried);
      const seen = 'a request without a key was answered with the status 404';
      expect(lines.map((line) => [line.verdict, line.seen])).toEqual(tried.map(() => ['not tried', seen]));
    },
    PATIENCE_MS,
  );
});

describe('scratch of the same name that is there already stays', () => {
  it.each([
    ['collection', () => void fake.state.collections.set(SCRATCH, 'PRIVATE')],
    ['function', () => void fake.state.functions.set(SCRATCH_FUNCTION, someFunction(SCRATCH_FUNCTION))],
  ])(
    'a %s',
    async (_, put) => {
      put();
      const before = JSON.stringify(left());
      await expect(run()).rejects.toMatchObject({ code: 'SCRATCH_EXISTS' });
      expect(JSON.stringify(left())).toBe(before);
    },
    PATIENCE_MS,
  );
});

it(
  'an upload that fails leaves nothing behind',
  async () => {
    const before = JSON.stringify(left());
    const parts = { ...behind.partsOf(fake), uploadFrom: () => () => Promise.reject(new Error('no way')) };
    const scratch = cloudScratch(parts);
    await expect(tryAll(scratch, new AbortController().signal, () => undefined, [])).rejects.toThrow(
      'no way',
    );
    expect(JSON.stringify(left())).toBe(before);
  },
  PATIENCE_MS,
);
