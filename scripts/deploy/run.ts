/** A whole deployment: every step in its order, then the proof; stops at the first that fails. */

import { firstRefresh, provenGuard } from './proof.ts';
import type { Screen } from './screen.ts';
import type { Site } from './site.ts';
import { runStep, type Step } from './step.ts';
import { codeStep } from './steps/code.ts';
import { collectionStep } from './steps/collection.ts';
import { retriesStep } from './steps/retries.ts';
import { ruleStep } from './steps/rule.ts';
import { triggerStep } from './steps/trigger.ts';
import { variablesStep } from './steps/variables.ts';

/** The secrets come after the rule, and the timer after the secrets: no moment of it is open, none is misconfigured. */
const STEPS: readonly ((site: Site) => Step)[] = [
  collectionStep,
  codeStep,
  ruleStep,
  variablesStep,
  triggerStep,
  retriesStep,
];

/** True when all holds; in a dry run, when nothing stands in the way. */
export async function runDeployment(site: Site, screen: Screen, isDryRun: boolean): Promise<boolean> {
  const outcomes: string[] = [];
  for (const create of STEPS) {
    const outcome = await runStep(create(site), screen, { isDryRun, sleep: site.sleep });
    outcomes.push(outcome);
    if (outcome === 'failed') return stopped(screen);
  }
  const changes = outcomes.filter((outcome) => outcome !== 'unchanged').length;
  if (isDryRun) {
    screen.say(changes === 0 ? 'Nothing would change.' : `${changes} of ${STEPS.length} parts would change.`);
    return true;
  }
  const isProven =
    (await prove('refresh', () => firstRefresh(site.environment), screen)) &&
    (await prove('guard', () => provenGuard(site.environment), screen));
  if (!isProven) return stopped(screen);
  screen.say(
    changes === 0
      ? 'Deployed: all was as it should be, nothing has been changed.'
      : 'Deployed and verified. Other cloud functions now get the token by callFunction({ name: "getAccessToken" }).',
  );
  return true;
}

export async function prove(title: string, run: () => Promise<string>, screen: Screen): Promise<boolean> {
  try {
    screen.good(title, await run());
    return true;
  } catch (error) {
    screen.bad(title, error);
    return false;
  }
}

function stopped(screen: Screen): false {
  screen.say('Stopped here. Once that is cured, run npm run deploy again: it goes on from what is there.');
  return false;
}
