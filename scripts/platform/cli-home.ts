/** A home folder for one run of the `tcb` CLI, with the keys as its login; gone with the run, however that ends. */

import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { OWN_FOLDER } from '../command/folders.ts';
import { makeOwnFolder } from '../command/own-folder.ts';
import { isRunning } from '../local/running.ts';
import { beforeSignal } from './before-signal.ts';
import type { CredentialSource } from './credentials.ts';
import type { PlatformSettings } from './settings.ts';

/**
 * The CLI ignores keys in variables and reads only the file of a login. So they are put into a home folder of its
 * own, readable by this user alone, and removed afterwards, when the process is told to stop too.
 */
export async function withCliHome<T>(
  { root }: Pick<PlatformSettings, 'root'>,
  source: CredentialSource,
  run: (home: string | undefined) => Promise<T>,
): Promise<T> {
  // A login of its own it may renew; one of CLI 3 it must neither misread nor write over.
  if (source.kind === 'login' && source.isOfCli2) return run(undefined);
  const home = makeHome(root);
  const remove = (): void => rmSync(home, { recursive: true, force: true });
  const forget = beforeSignal(remove);
  try {
    writeLogin(home, source.credentials);
    return await run(home);
  } finally {
    forget();
    remove();
  }
}

const HOME_NAME = /^cli-home-(\d+)-/;

/** A process that was killed outright could not clean up after itself: every command does it at its start. */
export function removeLeftHomes(root: string): void {
  const folder = join(root, OWN_FOLDER);
  if (!existsSync(folder)) return;
  for (const name of readdirSync(folder)) {
    const pid = HOME_NAME.exec(name)?.[1];
    if (pid !== undefined && !isRunning(Number(pid)))
      rmSync(join(folder, name), { recursive: true, force: true });
  }
}

function makeHome(root: string): string {
  return mkdtempSync(join(makeOwnFolder(root), `cli-home-${process.pid}-`));
}

function writeLogin(
  home: string,
  { secretId, secretKey, token }: { secretId: string; secretKey: string; token?: string },
): void {
  const folder = join(home, '.config', '.cloudbase');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const credential = { secretId, secretKey, ...(token === undefined ? {} : { token }) };
  writeFileSync(join(folder, 'auth.json'), JSON.stringify({ credential }), { mode: 0o600 });
}
