/** The environment that the settings name, opened for a run. Refused, before anything is made, where its kind is unknown. */

import { setTimeout as sleep } from 'node:timers/promises';
import { PROJECT_FOLDER } from '../command/folders.ts';
import { createUpload, type Upload } from '../deploy/upload.ts';
import { readServerTime } from '../platform/server-time.ts';
import { openDatabase } from '../platform/documents.ts';
import { requestHttpsOnce } from '../platform/https.ts';
import { describeKind, whyUnsupported } from '../platform/kind.ts';
import { openEnvironment } from '../platform/open.ts';
import { readPlatformSettings, type Values } from '../platform/settings.ts';
import { buildProbe } from './build-probe.ts';
import { PROVE_TIMEOUT_MS } from './database.ts';
import { CLOUD_PACE, type CloudParts } from './cloud-parts.ts';

/** Of a refusal. */
const REQUEST = { patienceMs: 10_000, mostBytes: 65_536 } as const;

/** `kind`: in words, without the environment's id. Throws one readable line. */
export async function partsOfCloud(
  signal: AbortSignal,
  isTickAwaited: boolean,
): Promise<{ parts: CloudParts; kind: string; values: Values }> {
  const settings = readPlatformSettings(PROJECT_FOLDER);
  const { environment, source } = await openEnvironment(settings);
  const info = await environment.describe();
  const why = whyUnsupported(info);
  if (why !== undefined) throw why;
  const parts: CloudParts = {
    environment,
    sdk: openDatabase(settings, source.credentials, PROVE_TIMEOUT_MS),
    build: buildProbe,
    uploadFrom: (codeRoot) => unlessAborted(signal, createUpload(settings, source, codeRoot)),
    request: (method, address) => requestHttpsOnce(address, { ...REQUEST, method }),
    serverTime: () => readServerTime(Date.now),
    sleep: (durationMs) => sleep(durationMs, undefined, { signal }),
    isTickAwaited,
    pace: CLOUD_PACE,
  };
  return { parts, kind: describeKind(info), values: settings.values };
}

/** An upload takes seconds, and what was interrupted takes it away again. */
export function unlessAborted(signal: AbortSignal, upload: Upload): Upload {
  return async (functions) => {
    signal.throwIfAborted();
    await upload(functions);
  };
}
