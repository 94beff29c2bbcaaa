/** What the controls do to the clock, to WeChat's sandbox and to the functions' instances, and which are on. */

import type { Cloud } from '../local/cloud.ts';
import type { InstanceInfo } from '../local/functions/pool.ts';
import { DEFAULT_LIMITS } from '../local/wechat/constants.ts';
import type { Fault } from '../local/wechat/faults.ts';
import type { WeChatSandbox } from '../local/wechat/sandbox.ts';
import type { SandboxState } from './snapshot.ts';
import { MINUTE_MS, stepForward } from './step-clock.ts';

export interface SandboxControlsOptions {
  cloud: Pick<Cloud, 'clock' | 'host' | 'timer' | 'reset'>;
  sandbox: WeChatSandbox;
  /** With their secrets, to restore the right one. */
  apps: readonly { appid: string; secret: string }[];
}

/** Each throws one readable line for an app that isn't there. */
export interface SandboxControls {
  /** The timer ticks on the way; resolves, within a bounded time, when the clock has arrived. */
  moveClock(minutes: number): Promise<void>;
  /** Switching it off also ends other faults of WeChat. */
  setOutage(isOn: boolean): void;
  /** WeChat issues the next token, but the answer is lost. */
  loseAnswer(): void;
  killInstances(): void;
  revoke(appid: string): void;
  mintForeign(appid: string): void;
  spendQuota(appid: string, isSpent: boolean): void;
  changeSecret(appid: string, isWrong: boolean): void;
  reset(): Promise<void>;
  state(): SandboxState;
}

const FUNCTIONS = ['refreshAccessToken', 'getAccessToken'];

/** Further ahead nothing new happens, and the database keeps the dates. */
const MOST_OFFSET_MS = 30 * 24 * 60 * MINUTE_MS;

/** The code is documented as "busy"; the text is this sandbox's. */
const OUTAGE: Fault = { do: 'refuse', errcode: -1, errmsg: 'system error (the outage knob)' };

const ALWAYS = { untilMs: Number.MAX_SAFE_INTEGER };

const WRONG_SECRET = 'changed-by-the-dashboard';

export function createSandboxControls({ cloud, sandbox, apps }: SandboxControlsOptions): SandboxControls {
  const { clock, host, timer } = cloud;
  const { wechat, faults } = sandbox;
  const isLaid = (kind: Fault['do']): boolean =>
    faults.list(clock.now()).some(({ fault }) => fault.do === kind);
  const instances = (): InstanceInfo[] => FUNCTIONS.flatMap((name) => host.instances(name));

  return {
    async moveClock(minutes) {
      if (clock.offsetMs() > MOST_OFFSET_MS) throw new TypeError('the clock is 30 days ahead already');
      await stepForward({ clock, timer }, minutes * MINUTE_MS);
    },
    setOutage(isOn) {
      if (!isOn) faults.clear();
      else if (!isLaid('refuse')) faults.add({ fault: OUTAGE, on: 'any', ...ALWAYS });
    },
    loseAnswer() {
      if (!isLaid('drop')) faults.add({ fault: { do: 'drop' }, stage: 'after', times: 1 });
    },
    killInstances() {
      for (const { pid, state } of instances()) if (pid > 0 && state !== 'gone') kill(pid);
    },
    revoke: (appid) => wechat.account(appid).revoke(clock.now()),
    mintForeign: (appid) => void wechat.account(appid).foreignMint(clock.now()),
    spendQuota: (appid, isSpent) =>
      wechat.account(appid).setLimits(isSpent ? SPENT : { legacyPerDay, stablePerDay }),
    changeSecret(appid, isWrong) {
      const right = apps.find((app) => app.appid === appid)?.secret ?? '';
      wechat.account(appid).setSecret(isWrong ? WRONG_SECRET : right, clock.now());
    },
    async reset() {
      await cloud.reset?.();
      await host.invoke({
        name: 'refreshAccessToken',
        event: {},
        caller: { kind: 'timer', variety: 'native' },
      });
    },
    state: () => ({
      // Two readings of a clock differ by a millisecond now and then.
      offsetMs: Math.round(clock.offsetMs() / 1000) * 1000,
      isOut: isLaid('refuse'),
      isLosing: isLaid('drop'),
      instances: instances().filter(({ state }) => state !== 'gone').length,
      apps: wechat.appids().map((appid) => ({
        appid,
        isQuotaSpent: isQuotaSpent(sandbox, appid, clock.now()),
        isSecretWrong: wechat.account(appid).isSecret(WRONG_SECRET),
      })),
    }),
  };
}

/** As the platform does it when it needs the place: without a word, whatever the instance is doing. */
function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has just ended by itself.
  }
}

/** No call is left on any day: a counter would begin again at midnight, and the switch would turn itself off. */
const SPENT = { legacyPerDay: 0, stablePerDay: 0 };

const { legacyPerDay, stablePerDay } = DEFAULT_LIMITS;

function isQuotaSpent({ wechat }: WeChatSandbox, appid: string, nowMs: number): boolean {
  return wechat.account(appid).quota('/cgi-bin/token', nowMs)?.limit === SPENT.legacyPerDay;
}
