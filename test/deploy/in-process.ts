/** A deployment without the CLI and without a network: the steps themselves, against the fake's state. */

import { stripVTControlCharacters } from 'node:util';
import { createScreen } from '../../scripts/deploy/screen.ts';
import { runDeployment } from '../../scripts/deploy/run.ts';
import type { Upload } from '../../scripts/deploy/upload.ts';
import { readWanted } from '../../scripts/deploy/wanted.ts';
import { withPlainErrors } from '../../scripts/platform/api.ts';
import { cloudEnvironment } from '../../scripts/platform/cloud.ts';
import type { Documents, Environment } from '../../scripts/platform/environment.ts';
import { readPlatformSettings, type PlatformSettings } from '../../scripts/platform/settings.ts';
import { join } from 'node:path';
import { ROOT } from '../support/cloud.ts';
import type { FakeTencent } from '../platform/fake/tencent.ts';

export const SECRET = 'canary"of$the\\secret{{env.X}}0001';
const VALUES = { WX_APPID: 'wxfake', WX_APPSECRET: SECRET };

export function settingsFor(fake: FakeTencent, variables: Record<string, string> = {}): PlatformSettings {
  const { envId, secretId, secretKey } = fake.state;
  const env = { TCB_ENV_ID: envId, TENCENTCLOUD_SECRETID: secretId, TENCENTCLOUD_SECRETKEY: secretKey };
  // Another folder than the repository: a developer may have a .env.local there.
  const settings = readPlatformSettings(join(ROOT, 'test'), { ...env, ...VALUES, ...variables });
  return { ...settings, values: settings.values, root: ROOT };
}

export function environmentOf(
  fake: FakeTencent,
  settings: PlatformSettings,
  documents: (name: string) => Documents = () => {
    throw new Error('no documents here');
  },
): Environment {
  const send = (service: string, action: string, params: object) =>
    fake.answerDirectly(service, action, { ...params });
  return cloudEnvironment(settings, { call: withPlainErrors(send, settings.redact), documents });
}

export interface Deployment {
  isDone: boolean;
  /** Without colours. */
  output: string;
  /** The actions that were asked for, in their order. */
  actions: string[];
}

export interface DeploymentOptions {
  isDryRun?: boolean;
  variables?: Record<string, string>;
}

export async function deploy(
  fake: FakeTencent,
  { isDryRun = false, variables = {} }: DeploymentOptions = {},
): Promise<Deployment> {
  const settings = settingsFor(fake, variables);
  const environment = environmentOf(fake, settings);
  const wanted = await readWanted(ROOT, join(ROOT, 'dist/functions'), settings.values);
  const lines: string[] = [];
  const screen = createScreen(settings.redact, (line) => lines.push(stripVTControlCharacters(line)));
  const before = fake.calls.length;
  const site = { environment, wanted, upload: uploadOf(environment), sleep: () => Promise.resolve() };
  const isDone = await runDeployment(site, screen, isDryRun);
  const actions = fake.calls.slice(before).map(({ action }) => action);
  return { isDone, output: lines.join('\n'), actions };
}

/** What `tcb fn deploy` does at the functions' API, by the same calls. */
function uploadOf(environment: Environment): Upload {
  return async (functions) => {
    const { namespace } = await environment.describe();
    for (const { name, handler, runtime, timeout, memorySize, description } of functions) {
      const target = { FunctionName: name, Namespace: namespace };
      const settings = { Timeout: timeout, MemorySize: memorySize, Description: description };
      const code = { Handler: handler, Code: { ZipFile: '' } };
      if ((await environment.describeFunction(name)) === null) {
        await environment.call('scf', 'CreateFunction', {
          ...target,
          ...code,
          ...settings,
          Runtime: runtime,
        });
        continue;
      }
      await environment.call('scf', 'UpdateFunctionCode', { ...target, ...code });
      await environment.describeFunction(name);
      await environment.call('scf', 'UpdateFunctionConfiguration', { ...target, ...settings });
    }
  };
}
