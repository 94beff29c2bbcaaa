/** A real environment as a place to try the assumptions on: a scratch collection and a scratch function, and nothing else. */

import { pick } from '../command/language.ts';
import { ruleRemovalStep } from '../deploy/steps/rule-removal.ts';
import { ruleStep } from '../deploy/steps/rule.ts';
import { variablesStep } from '../deploy/steps/variables.ts';
import { whenActive, type Site } from '../deploy/site.ts';
import { closeCollection, tableParams } from '../platform/collections.ts';
import type { Environment } from '../platform/environment.ts';
import { PlatformError } from '../platform/errors.ts';
import { callOf } from '../command/call.ts';
import { cloudFunction } from './cloud-function.ts';
import type { CloudParts } from './cloud-parts.ts';
import { proveDatabase } from './database.ts';
import type { Scratch } from './try-all.ts';
import { SCRATCH, SCRATCH_FUNCTION } from './scratch.ts';
import { refusalIn } from './unprivileged.ts';
import { wantedScratch } from './wanted-scratch.ts';
import { warm } from './warm.ts';

export function cloudScratch(parts: CloudParts): Scratch {
  const { environment } = parts;
  /** What takes away what was made so far; the last first. */
  const removals: (() => Promise<void>)[] = [];
  return {
    async make() {
      await requireNothingLeft(environment);
      const probe = await parts.build();
      removals.push(() => probe.remove());
      removals.push(() => removeCollection(environment));
      await closeCollection(environment, SCRATCH);
      const site = siteOf(parts, probe.codeRoot);
      removals.push(() => removeFunction(environment));
      await site.upload(site.wanted);
      await whenActive(site, SCRATCH_FUNCTION);
      await variablesStep(site).apply();
      const hasRule = await enterRule(site, removals);
      const database = proveDatabase(parts.sdk, {
        access: () => environment.describeAccess(SCRATCH),
        readUnsigned: async () => ({
          refused: refusalIn(await parts.request('GET', documentsOf(environment))),
        }),
      });
      const scratchFunction = cloudFunction(parts, { site, database, hasRule });
      await warm(scratchFunction);
      return { database, scratchFunction };
    },
    /** All of it is tried, whatever fails on the way. */
    async remove() {
      const failures: unknown[] = [];
      for (const remove of removals.splice(0).toReversed())
        await remove().catch((error: unknown) => failures.push(error));
      if (failures.length > 0) throw failures[0];
    },
  };
}

function siteOf({ environment, uploadFrom, sleep, pace }: CloudParts, codeRoot: string): Site {
  const unused = () => Promise.reject(new Error('not needed here'));
  const upload = uploadFrom(codeRoot);
  return {
    environment,
    wanted: [wantedScratch(pace.timeLimitS)],
    ticks: 'timer',
    upload,
    outside: unused,
    get: unused,
    sleep,
  };
}

/** Only where a rule is in force already: the platform's own default could not be put back. */
async function enterRule(site: Site, removals: (() => Promise<void>)[]): Promise<boolean> {
  const { tag, entries } = await site.environment.describeFunctionRule();
  if (tag !== 'CUSTOM' || entries?.['*'] === undefined) return false;
  removals.push(() => ruleRemovalStep(site.environment, [SCRATCH_FUNCTION]).apply());
  await ruleStep(site).apply();
  return true;
}

async function removeFunction(environment: Environment): Promise<void> {
  if ((await environment.describeFunction(SCRATCH_FUNCTION)) === null) return;
  const { namespace } = await environment.describe();
  await environment.call('scf', 'DeleteFunction', { FunctionName: SCRATCH_FUNCTION, Namespace: namespace });
}

async function removeCollection(environment: Environment): Promise<void> {
  if ((await environment.describeAccess(SCRATCH)) === null) return;
  const params = { ...tableParams(await environment.describe()), TableName: SCRATCH };
  await environment.call('tcb', 'DeleteTable', params);
}

/** https://docs.cloudbase.net/http-api/database (read 2026-11-28) */
function documentsOf({ envId }: Environment): string {
  const root = `https://${envId}.api.tcloudbasegateway.com/v1/database/instances/(default)/databases/(default)`;
  return `${root}/collections/${SCRATCH}/documents`;
}

async function requireNothingLeft(environment: Environment): Promise<void> {
  if ((await environment.describeAccess(SCRATCH)) !== null)
    throw leftOver(pick({ en: `a collection ${SCRATCH}`, zh: `集合 ${SCRATCH}` }));
  if ((await environment.describeFunction(SCRATCH_FUNCTION)) !== null)
    throw leftOver(pick({ en: `a function ${SCRATCH_FUNCTION}`, zh: `云函数 ${SCRATCH_FUNCTION}` }));
}

function leftOver(what: string): PlatformError {
  return new PlatformError(pick({ en: `the environment has ${what}`, zh: `环境里已有${what}` }), {
    code: 'SCRATCH_EXISTS',
    cure: pick({
      en: `another run may be at work; if none is, it was killed: delete that in the console, and run ${callOf('prove')} again`,
      zh: `可能有另一次测试正在进行；如果没有，说明上一次被强行终止：请在控制台删除它，再执行 ${callOf('prove')}`,
    }),
  });
}
