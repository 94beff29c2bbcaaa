/** Opens the environment that the settings name; nothing is sent before the first method is called. */

import { pick } from '../command/language.ts';
import { createApi } from './api.ts';
import { cloudEnvironment } from './cloud.ts';
import { findCredentials, type CredentialSource } from './credentials.ts';
import { openDocuments } from './documents.ts';
import type { Environment } from './environment.ts';
import { PlatformError } from './errors.ts';
import type { PlatformSettings } from './settings.ts';
import { renewLogin } from './tcb-cli.ts';

export interface OpenedEnvironment {
  environment: Environment;
  /** What the `tcb` CLI has to be started with. */
  source: CredentialSource;
}

/** Throws one readable line when there are no credentials. */
export async function openEnvironment(settings: PlatformSettings): Promise<OpenedEnvironment> {
  const source = await currentCredentials(settings);
  const call = createApi(settings, source.credentials);
  const documents = openDocuments(settings, source.credentials);
  return { environment: cloudEnvironment(settings, { call, documents }), source };
}

/** The keys of a login in the browser live for about two hours; the CLI renews them whenever it runs. */
async function currentCredentials(settings: PlatformSettings): Promise<CredentialSource> {
  const source = findCredentials(settings.values);
  if (!isExpired(source)) return source;
  if (source.kind === 'login' && source.isOfCli2) await renewLogin(settings);
  const renewed = findCredentials(settings.values);
  if (!isExpired(renewed)) return renewed;
  throw new PlatformError(pick({ en: 'the login of the tcb CLI has expired', zh: 'tcb CLI 的登录已过期' }), {
    code: 'LOGIN_EXPIRED',
    cure: pick({
      en: 'sign in again (npx tcb login, or tcb login with CLI 3)',
      zh: '请重新登录（npx tcb login，CLI 3 是 tcb login）',
    }),
  });
}

/** The CLI counts a minute or two as expired as well: a deployment takes longer than that. */
const MARGIN_MS = 120_000;

function isExpired(source: CredentialSource): boolean {
  return source.kind === 'login' && (source.expiresAtMs ?? Infinity) < Date.now() + MARGIN_MS;
}
