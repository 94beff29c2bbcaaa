/** `npm run destroy` on a real environment. */

import { pick } from '../command/language.ts';
import { callOf } from '../command/call.ts';
import { OWN_FOLDER, PROJECT_FOLDER } from '../command/folders.ts';
import { showCheck } from '../deploy/show-check.ts';
import { createScreen } from '../deploy/screen.ts';
import { describeKind, whyUnsupported } from '../platform/kind.ts';
import { openEnvironment } from '../platform/open.ts';
import { readPlatformSettings } from '../platform/settings.ts';
import { requireConfirmation } from './confirm.ts';
import { SERVER_KEYS, TICKETS, TOKENS } from '../deploy/ours.ts';
import { pathsStep } from '../deploy/outside/path-removal.ts';
import { runRemoval, type DestroyOptions } from './run.ts';
import { collectionRemovalStep } from '../deploy/steps/collection-removal.ts';
import { functionRemovalStep } from '../deploy/steps/function-removal.ts';
import { ruleRemovalStep } from '../deploy/steps/rule-removal.ts';

const AFTERWORD = {
  en: `Nothing from before is restored: a function that ${callOf('deploy', '--take-over')} replaced is only in its copy, in ${OWN_FOLDER}/backups.`,
  zh: `之前的内容不会恢复：被 ${callOf('deploy', '--take-over')} 替换的云函数，只在 ${OWN_FOLDER}/backups 里有备份。`,
};

/** True when all is gone. Throws one readable line when it can't begin or is not confirmed. */
export async function destroyInCloud({ isConfirmed, ...options }: DestroyOptions): Promise<boolean> {
  const settings = readPlatformSettings(PROJECT_FOLDER);
  const screen = createScreen(settings.redact);
  const { environment } = await openEnvironment(settings);
  const describe = async (): Promise<string> => {
    const info = await environment.describe();
    const why =
      info.databaseId === null && !info.isPostgres && info.backend === 'scf'
        ? undefined
        : whyUnsupported(info);
    if (why !== undefined) throw why;
    return pick({
      en: `${info.envId} in ${settings.region} (${describeKind(info)})`,
      zh: `${settings.region} 的 ${info.envId}（${describeKind(info)}）`,
    });
  };
  if (!(await showCheck('environment', describe, screen))) return false;
  const { databaseId } = await environment.describe();
  const names = Object.values(environment.names);
  const steps = [
    pathsStep(environment),
    functionRemovalStep(environment, names),
    ruleRemovalStep(environment, names),
    // Where there is no document database, there is nothing of ours in it either.
    ...(databaseId === null
      ? []
      : [TOKENS, TICKETS, SERVER_KEYS].map((holding) => collectionRemovalStep(environment, holding))),
  ];
  const confirm = (): Promise<void> => requireConfirmation(settings.envId, isConfirmed);
  return runRemoval(steps, screen, { ...options, confirm, afterword: pick(AFTERWORD) });
}
