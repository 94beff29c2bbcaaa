/** Alerts put together: who notices what is read and refreshed, and what the timer does after its ticks. */

import type { Send } from '../wechat/send.ts';
import type { SilentKind } from './incidents.ts';
import type { Observer } from './observe.ts';
import { createReaderPart } from './reader.ts';
import type { AlertPorts } from './send-alert.ts';
import { createTickPart } from './tick.ts';
import type { AfterTicks } from './tick.ts';
import { createPost } from './webhook.ts';

/** `collection`: of the tokens; its reads must bring `incidents` and `missedTickAtMs` along. */
export interface AlertOptions extends Omit<AlertPorts, 'post'> {
  webhookUrl: string;
  /** All that are configured; the open incidents are in the first one's document. */
  appids: readonly string[];
  /** It is what ticks call; all others are readers. */
  isTicked: boolean;
  /** Which incident it is when the ticks that are meant to come don't; null: none is meant to come. */
  silence: SilentKind | null;
  send: Send;
}

export interface Alerts {
  /** Of the tokens' collection, and of the tickets'; null: nobody looks. */
  tokens: Observer | null;
  tickets: Observer | null;
  afterTicks: AfterTicks | null;
}

export function createAlerts(options: AlertOptions): Alerts {
  const { webhookUrl, appids, isTicked, silence, send, ...ports } = options;
  const alerting = { ...ports, post: createPost(webhookUrl, send) };
  if (isTicked) {
    const { afterTicks, ...observer } = createTickPart(alerting);
    return { tokens: observer, tickets: observer, afterTicks };
  }
  // Readers see nothing but missing ticks, and see those by the tokens.
  const tokens = silence && createReaderPart(alerting, appids, silence);
  return { tokens, tickets: null, afterTicks: null };
}
