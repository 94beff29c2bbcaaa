/** Which apps a run has: one of a kind, or all kinds beside each other on the same instances. */

import type { TokenApi } from '../../functions/_shared/token/record.ts';
import type { World } from './world.ts';

/** `mixed`: an app in `token` mode, one in `stable` mode, and one whose mode is changed by deployments. */
export const MODES = ['token', 'stable', 'mixed'] as const;
export type Mode = (typeof MODES)[number];

export type SimulatedApp = Pick<World, 'appid' | 'deployment' | 'isSwitching'>;

export function appsOf(mode: Mode): SimulatedApp[] {
  if (mode !== 'mixed') return [createSimulatedApp(1, mode, false)];
  return [
    createSimulatedApp(1, 'token', false),
    createSimulatedApp(2, 'stable', false),
    createSimulatedApp(3, 'token', true),
  ];
}

function createSimulatedApp(number: number, api: TokenApi, isSwitching: boolean): SimulatedApp {
  const appid = `wxSIMULATED000000${number}`;
  const deployment = { secret: `secret-0-${number}`, fingerprint: `f-0 ${api}`, api };
  return { appid, deployment, isSwitching };
}
