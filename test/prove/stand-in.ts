/** A real environment's part, played: management by the stand-in, calls and documents by an embedded cloud behind it. */

import type { Cloud } from '../../scripts/local/cloud.ts';
import type { Environment } from '../../scripts/platform/environment.ts';
import { openDatabase } from '../../scripts/platform/documents.ts';
import { buildProbe } from '../../scripts/prove/build-probe.ts';
import type { CloudParts } from '../../scripts/prove/cloud-parts.ts';
import { PROVE_TIMEOUT_MS } from '../../scripts/prove/database.ts';
import { localScratch } from '../../scripts/prove/local.ts';
import { SCRATCH_FUNCTION } from '../../scripts/prove/scratch.ts';
import { environmentOf, settingsFor, uploadOf } from '../deploy/in-process.ts';
import type { FakeTencent } from '../platform/fake/tencent.ts';

type Differ = (environment: Environment) => Partial<Environment>;

export interface StandIn {
  /** `differ`: what the management side says otherwise. */
  partsOf(fake: FakeTencent, differ?: Differ): CloudParts;
  close(): Promise<void>;
}

export async function standIn(): Promise<StandIn> {
  let cloud: Cloud | undefined;
  const prepare = (started: Cloud): void => void (cloud = started);
  const behind = localScratch(new AbortController().signal, { prepare });
  const { scratchFunction } = await behind.make();
  if (cloud === undefined) throw new Error('no cloud was started');
  const { gateway, identity } = cloud;
  const { secretId, secretKey, sessionToken: token } = identity.credentials;
  return {
    close: () => behind.remove(),
    partsOf(fake, differ = () => ({})) {
      const settings = settingsFor(fake);
      const environment = environmentOf(fake, settings);
      fake.state.invoke = (_, event) =>
        scratchFunction.invoke(event as Parameters<typeof scratchFunction.invoke>[0]);
      const place = { ...settings, envId: 'local-env', serviceUrl: gateway.url };
      return {
        environment: { ...environment, ...differ(environment) },
        sdk: openDatabase(place, { secretId, secretKey, token }, PROVE_TIMEOUT_MS),
        build: buildProbe,
        uploadFrom: () => uploadOf(environment),
        request: async () => ({ status: 401, body: '{}' }),
        serverTime: scratchFunction.serverTime,
        async sleep(durationMs) {
          // As soon as there is a trigger, there are ticks.
          const { triggers = [] } = fake.state.functions.get(SCRATCH_FUNCTION) ?? {};
          if (triggers.length > 0) await scratchFunction.firstTick();
          await scratchFunction.sleep(durationMs);
        },
        isTickAwaited: true,
        pace: { holdMs: 150, idleMs: 1_000, timeLimitS: 3, tickPatienceMs: 15_000, betweenLooksMs: 50 },
      };
    },
  };
}
