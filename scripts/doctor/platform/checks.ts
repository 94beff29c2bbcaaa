/** What the platform says of the deployment: the same comparisons that `npm run deploy` makes, without its writes. */

import type { Site } from '../../deploy/site.ts';
import { codeStep } from '../../deploy/steps/code.ts';
import { collectionStep } from '../../deploy/steps/collection.ts';
import { namesStep } from '../../deploy/steps/names.ts';
import { retriesStep } from '../../deploy/steps/retries.ts';
import { ruleStep } from '../../deploy/steps/rule.ts';
import { ticketSteps } from '../../deploy/steps/tickets.ts';
import { ticksStep } from '../../deploy/steps/ticks.ts';
import { triggerStep } from '../../deploy/steps/trigger.ts';
import { variablesStep } from '../../deploy/steps/variables.ts';
import type { Environment } from '../../platform/environment.ts';
import type { Finding } from '../finding.ts';
import { checkAccount } from './account.ts';
import { checkConfiguration } from './configuration.ts';
import { checkEgress } from './egress.ts';
import { checkEnvironment } from './environment.ts';
import { outsideDoorStep } from './outside-door.ts';
import { checkStep, WHYS } from './step.ts';
import type { WantedParts } from './wanted.ts';
import { checkWaysIn } from './ways-in.ts';

export const PLATFORM_CHECKS = [
  'environment',
  ...Object.keys(WHYS),
  'ways in',
  'account',
  'configuration',
  'egress IP',
];

export async function checkPlatform(environment: Environment, parts: WantedParts): Promise<Finding[]> {
  const reached = await checkEnvironment(environment);
  if (reached.severity !== 'ok') return [reached];
  const site = readOnlySite(environment, parts);
  const all = [...stepsFor(parts).flatMap((create) => create(site)), outsideDoorStep(site, parts.isComplete)];
  const names = await checkStep(namesStep(site));
  // Where it stops at the names, the rest of a deployment is not what would be done.
  const findings = names.severity === 'problem' ? [] : await Promise.all(all.map(checkStep));
  const others = [checkWaysIn, checkAccount, checkConfiguration, checkEgress].map((run) => run(environment));
  return [reached, names, ...findings, ...(await Promise.all(others))];
}

function readOnlySite(environment: Environment, { wanted, outside, ticks }: WantedParts): Site {
  const upload = (): Promise<never> => Promise.reject(new Error('the doctor changes nothing'));
  return {
    environment,
    wanted,
    ticks,
    upload,
    outside: async () => ({ wanted: await outside(), upload }),
    sleep: () => Promise.resolve(),
    get: () => Promise.reject(new Error('the doctor asks nobody')),
  };
}

function stepsFor({ isComplete, ticks }: WantedParts) {
  return [
    collectionStep,
    ticketSteps,
    codeStep,
    ruleStep,
    triggerStep,
    retriesStep,
    ...(isComplete ? [variablesStep] : []),
    ...(ticks === 'outside' ? [ticksStep] : []),
  ];
}
