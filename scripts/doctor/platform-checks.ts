/** What the platform says of the deployment: the same comparisons that `npm run deploy` makes, without its writes. */

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { callOf } from '../command/call.ts';
import { readConfig, type Config, type TickSource } from '../../functions/_shared/runtime/config.ts';
import { configFiles } from '../build/declarations.ts';
import { buildFunctions } from '../build/functions.ts';
import type { Site } from '../deploy/site.ts';
import type { Step } from '../deploy/step.ts';
import { codeStep } from '../deploy/steps/code.ts';
import { collectionStep } from '../deploy/steps/collection.ts';
import { namesStep } from '../deploy/steps/names.ts';
import { retriesStep } from '../deploy/steps/retries.ts';
import { ruleStep } from '../deploy/steps/rule.ts';
import { ticketSteps } from '../deploy/steps/tickets.ts';
import { ticksStep } from '../deploy/steps/ticks.ts';
import { triggerStep } from '../deploy/steps/trigger.ts';
import { variablesStep } from '../deploy/steps/variables.ts';
import { wantOutside } from '../deploy/outside/parts.ts';
import { readWanted, type WantedFunction } from '../deploy/wanted.ts';
import type { Environment } from '../platform/environment.ts';
import { PlatformError } from '../platform/errors.ts';
import { describeKind, whyUnsupported } from '../platform/kind.ts';
import type { Values } from '../platform/settings.ts';
import { ok, unseen, type Finding } from './finding.ts';
import { checkAccount } from './account-check.ts';
import { checkWaysIn, outsideDoorStep } from './outside-checks.ts';

/** What happens while the deployment differs from what this checkout says. */
const WHYS: Record<string, string> = {
  names: `${callOf('deploy')} stops before it changes anything`,
  collection: 'open, everybody who runs the mini program can read the token',
  functions: 'what runs is not what is here, so nothing that was tested here is proven there',
  'security rule': 'the first wall is missing; getAccessToken itself still refuses clients',
  variables: 'the functions run with other settings than this machine says',
  trigger: 'the token is refreshed by callers that happen to need it, or by a timer that is not meant',
  retries: 'a failed tick is repeated too often or not at all',
  'outside door':
    'a server without a door gets no token, and a door without a server is a way in that nobody needs',
};

/** Only where ticks are meant to come from there. */
const FROM_OUTSIDE = 'a token is refreshed only when callers find it late';

export const PLATFORM_CHECKS = [
  'environment',
  ...Object.keys(WHYS),
  'ways in',
  'account',
  'configuration',
  'egress IP',
];

/** What a deployment from this checkout would make. */
export interface WantedParts {
  wanted: readonly WantedFunction[];
  /** The outside door; asked for only where a server needs it. */
  outside(): Promise<WantedFunction>;
  /** Where ticks are meant to come from. */
  ticks: TickSource;
  /** Whether this machine knows the variables. */
  isComplete: boolean;
}

export async function checkPlatform(
  environment: Environment,
  { wanted, outside, ticks, isComplete }: WantedParts,
): Promise<Finding[]> {
  const reached = await checkEnvironment(environment);
  if (reached.severity !== 'ok') return [reached];
  const upload = (): Promise<never> => Promise.reject(new Error('the doctor changes nothing'));
  const site: Site = {
    environment,
    wanted,
    ticks,
    upload,
    outside: async () => ({ wanted: await outside(), upload }),
    sleep: () => Promise.resolve(),
    get: () => Promise.reject(new Error('the doctor asks nobody')),
  };
  const steps = [
    collectionStep,
    ticketSteps,
    codeStep,
    ruleStep,
    triggerStep,
    retriesStep,
    ...(isComplete ? [variablesStep] : []),
    ...(ticks === 'outside' ? [ticksStep] : []),
  ];
  const all = [...steps.flatMap((create) => create(site)), outsideDoorStep(site, isComplete)];
  const names = await checkStep(namesStep(site));
  // Where it stops at the names, the rest of a deployment is not what would be done.
  const findings = names.severity === 'problem' ? [] : await Promise.all(all.map(checkStep));
  const others = [checkWaysIn, checkAccount, checkConfiguration, checkEgress].map((run) => run(environment));
  return [reached, names, ...findings, ...(await Promise.all(others))];
}

/** Builds this checkout beside the real output, so that looking changes nothing. */
export function wantedOf(root: string, values: Values): Promise<WantedFunction[]> {
  return inScratch(async (folder) => {
    await buildFunctions({ root, outDir: join(folder, 'functions'), files: configFiles(values) });
    return readWanted(root, join(folder, 'functions'), values);
  });
}

export function outsideOf(root: string, values: Values): Promise<WantedFunction> {
  return inScratch((folder) => wantOutside(root, join(folder, 'outside'), values));
}

async function inScratch<T>(run: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'doctor-'));
  try {
    return await run(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function checkEnvironment(environment: Environment): Promise<Finding> {
  const check = 'environment';
  try {
    const info = await environment.describe();
    const why = whyUnsupported(info);
    if (why !== undefined) throw why;
    const { envId, status } = info;
    return ok(
      check,
      `${envId} answers${status === undefined ? '' : ` (${status})`}, the credentials are good; ${describeKind(info)}`,
    );
  } catch (error) {
    const isAnswer =
      error instanceof PlatformError &&
      /^(NO_ENVIRONMENT|ENVIRONMENT_UNUSABLE|UNSUPPORTED_ENVIRONMENT|AuthFailure|UnauthorizedOperation)/.test(
        error.code,
      );
    return {
      ...unseen(check, error),
      severity: isAnswer ? 'problem' : 'unseen',
      why: 'nothing else could be looked at',
    };
  }
}

async function checkStep(step: Step): Promise<Finding> {
  const { title: check } = step;
  const why = WHYS[check] ?? FROM_OUTSIDE;
  try {
    const differences = await step.differences();
    if (differences.length === 0) return ok(check, step.goal);
    return {
      check,
      severity: 'problem',
      finding: `${callOf('deploy')} would ${differences.join('; ')}`,
      why,
      cure: callOf('deploy'),
    };
  } catch (error) {
    if (!(error instanceof PlatformError) || !DECIDED.has(error.code)) return unseen(check, error);
    return { check, severity: 'problem', finding: error.message, why, cure: error.cure };
  }
}

/** Answers that are findings, not failures to look. */
const DECIDED = new Set([
  'NOT_OURS',
  'OTHER_RUNTIME',
  'CREATE_FAILED',
  'FUNCTION_GONE',
  'NO_DATABASE',
  'RULE_UNREADABLE',
  'NO_HTTP_ACCESS',
  'PATH_TAKEN',
  'NO_TICKER',
]);

/** The variables as deployed, judged by the functions' own reading; names are told, values never. */
async function checkConfiguration(environment: Environment): Promise<Finding> {
  const check = 'configuration';
  try {
    const { refresh } = environment.names;
    const state = await environment.describeFunction(refresh);
    if (state === null)
      return { check, severity: 'unseen', finding: `${refresh} is not deployed`, cure: callOf('deploy') };
    const config = readConfig(Object.fromEntries(state.variables));
    if (config.ok) return tellConfiguration(check, config.config);
    return {
      check,
      severity: 'problem',
      finding: `the deployed variables are of no use: ${config.problems.join('; ')}`,
      why: 'every call is answered with 500',
      cure: `${callOf('setup')}, then ${callOf('deploy')}`,
    };
  } catch (error) {
    return unseen(check, error);
  }
}

function tellConfiguration(check: string, { apps, ticks, alertWebhookUrl, warnings }: Config): Finding {
  if (warnings.length === 0 && ticks === 'readers' && alertWebhookUrl !== null)
    return {
      check,
      severity: 'hint',
      finding: 'ALERT_WEBHOOK_URL is set, and no ticks are meant to come (TICKS=readers)',
      why: 'ticks send the alerts: nobody is told when something goes wrong',
      cure: `${callOf('doctor')} every hour in a crontab says it by its exit code; or TICKS=timer or outside, then ${callOf('deploy')}`,
    };
  if (warnings.length === 0) return ok(check, `deployed for ${apps.map(({ appid }) => appid).join(', ')}`);
  return {
    check,
    severity: 'problem',
    finding: warnings.join('; '),
    why: 'tokens are refreshed and served, but without what the variable asks for',
    cure: `correct it in .env.local or the environment, then ${callOf('deploy')}`,
  };
}

async function checkEgress(environment: Environment): Promise<Finding> {
  const check = 'egress IP';
  try {
    const ips = (await environment.describeFunction(environment.names.refresh))?.egressIps ?? [];
    if (ips.length > 0)
      return ok(check, `fixed: ${ips.join(', ')}; belongs on the whitelist of every app that has one`);
    return {
      check,
      severity: 'hint',
      finding: 'not fixed: the functions call WeChat from changing addresses',
      why: 'an app with an IP whitelist refuses them (40164); without a whitelist nothing has to be done',
      cure: 'only with a whitelist: switch the fixed egress IP of both functions on in the console, and add it there',
    };
  } catch (error) {
    return unseen(check, error);
  }
}
