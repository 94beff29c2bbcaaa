/**
 * A whole deployment: every step in its order, then the first refresh and the check that outsiders are refused. It stops
 * at the first that fails.
 */

import { pick } from '../command/language.ts';
import { callOf } from '../command/call.ts';
import { runOutside } from './outside/run.ts';
import { checkGuard } from './guard-check.ts';
import { makeFirstRefresh } from './first-refresh.ts';
import { showCheck } from './show-check.ts';
import type { Screen } from './screen.ts';
import type { Site } from './site.ts';
import { runSteps, type Step, type StepOptions, type StepOutcome } from './step.ts';
import { codeStep } from './steps/code.ts';
import { collectionStep } from './steps/collection.ts';
import { namesStep } from './steps/names.ts';
import { retriesStep } from './steps/retries.ts';
import { ruleStep } from './steps/rule.ts';
import { ticketRemovalSteps, ticketSteps } from './steps/tickets.ts';
import { ticksStep } from './steps/ticks.ts';
import { triggerStep } from './steps/trigger.ts';
import { variablesStep } from './steps/variables.ts';

/** The secrets come after the rule, and the timer after the secrets: no moment of it is open, none is misconfigured. */
const STEPS: readonly ((site: Site) => Step | Step[])[] = [
  namesStep,
  collectionStep,
  ticketSteps,
  codeStep,
  ruleStep,
  variablesStep,
  triggerStep,
  retriesStep,
];

/** True when all holds; in a dry run, when nothing stands in the way. */
export async function runDeployment(site: Site, screen: Screen, isDryRun: boolean): Promise<boolean> {
  const options = { isDryRun, sleep: site.sleep };
  const more = site.ticks === 'outside' ? [ticksStep] : [];
  const steps = [...STEPS, ...more].flatMap((create) => create(site));
  const own = await runSteps(steps, screen, options);
  if (own === null || !(isDryRun || (await isVerified(site, screen)))) return stopped(screen);
  const removed = await runRemoval(site, screen, options);
  const outside = removed && (await runOutside(site, screen, options));
  if (outside === null) return stopped(screen);
  const outcomes = [...own, ...removed!, ...outside];
  const changes = outcomes.filter((outcome) => outcome === 'changed' || outcome === 'would change').length;
  const skipped = outcomes.filter((outcome) => outcome === 'skipped').length;
  screen.say(
    isDryRun ? foretold(changes, outcomes.length) : told(changes, skipped, site.environment.names.get),
  );
  return true;
}

async function isVerified({ environment, wanted }: Site, screen: Screen): Promise<boolean> {
  const { refresh } = environment.names;
  const guarded = wanted.map(({ name }) => name).filter((name) => name !== refresh);
  return (
    (await showCheck('refresh', () => makeFirstRefresh(environment), screen)) &&
    showCheck('guard', () => checkGuard(environment, guarded), screen)
  );
}

async function runRemoval(site: Site, screen: Screen, options: StepOptions): Promise<StepOutcome[] | null> {
  try {
    return await runSteps(await ticketRemovalSteps(site), screen, options);
  } catch (error) {
    screen.bad('ticket function', error);
    return null;
  }
}

function foretold(changes: number, parts: number): string {
  return changes === 0
    ? pick({ en: 'Nothing would change.', zh: '不会有任何改动。' })
    : pick({ en: `${changes} of ${parts} parts would change.`, zh: `${parts} 项中有 ${changes} 项会改动。` });
}

function told(changes: number, skipped: number, get: string): string {
  if (skipped > 0)
    return pick({
      en: 'Deployed and verified, apart from what is marked with ! above.',
      zh: '已部署并验证，上面标有“!”的除外。',
    });
  return changes === 0
    ? pick({
        en: 'Deployed: all was as it should be, nothing has been changed.',
        zh: '已部署：一切都符合要求，没有改动。',
      })
    : pick({
        en: `Deployed and verified. Other cloud functions now get the token by callFunction({ name: "${get}" }).`,
        zh: `已部署并验证。其他云函数现在可以用 callFunction({ name: "${get}" }) 获取 token。`,
      });
}

function stopped(screen: Screen): false {
  screen.say(
    pick({
      en: `Stopped here. Once that is cured, run ${callOf('deploy')} again: it goes on from what is there.`,
      zh: `部署在此停止。处理之后再执行 ${callOf('deploy')}，会从已完成的地方继续。`,
    }),
  );
  return false;
}
