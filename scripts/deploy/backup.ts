/** A copy of somebody else's function before it is replaced: code, settings, variables and triggers, for this user alone. */

import { join } from 'node:path';
import { pick } from '../command/language.ts';
import { makePrivateFolder, writePrivateFile } from '../local/private-files.ts';
import type { Environment } from '../platform/environment.ts';
import { PlatformError, unreadable } from '../platform/errors.ts';
import { text } from '../platform/values.ts';

/** How a deployment may replace what is not from here. */
export interface TakeOver {
  /** Of the copies; one folder in it per function and run. */
  root: string;
  /** Of this run, so that no copy is written over. */
  stamp: string;
  /** Rejects unless the whole file came. The address opens it to everybody: never to be told. */
  download(address: string): Promise<Buffer>;
}

export function backupFolder({ root, stamp }: TakeOver, name: string): string {
  return join(root, `${name}-${stamp}`);
}

/** `code.zip` as it was uploaded, and `function.json` as the platform describes it. */
export async function backUp(environment: Environment, takeOver: TakeOver, name: string): Promise<void> {
  const { namespace } = await environment.describe();
  const target = { FunctionName: name, Namespace: namespace };
  const { Url } = await environment.call('scf', 'GetFunctionAddress', target);
  const address = text(Url);
  if (address === '') throw unreadable('scf GetFunctionAddress');
  const code = await takeOver.download(address).catch(() => null);
  if (code === null || !isZip(code)) {
    throw new PlatformError(
      pick({
        en: `the code of ${name} could not be copied, so it is left as it is`,
        zh: `${name} 的代码没能备份，因此没有改动它`,
      }),
      {
        code: 'NOT_BACKED_UP',
        cure: pick({
          en: 'run the command again, or remove the function yourself once nobody needs it',
          zh: '请重新执行，或者在确认没有人使用后自行删除该函数',
        }),
      },
    );
  }
  const state = await environment.call('scf', 'GetFunction', target);
  const folder = backupFolder(takeOver, name);
  makePrivateFolder(folder);
  writePrivateFile(join(folder, 'code.zip'), code);
  writePrivateFile(join(folder, 'function.json'), `${JSON.stringify(state, null, 2)}\n`);
}

function isZip(content: Buffer): boolean {
  return content.subarray(0, 2).toString('latin1') === 'PK';
}
