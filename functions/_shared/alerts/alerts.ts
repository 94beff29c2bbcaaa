/** Alerts put together: who notices what is read and refreshed, and what the timer does after its ticks. */

import type { Collection, ListReader } from '../store/collection.ts';
import type { Send } from '../wechat/send.ts';
import type { SilentKind } from './incidents.ts';
import { observe } from './observe.ts';
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
  /** The collection with what is read and refreshed in it noticed, where somebody looks; the tickets' likewise. */
  tokens(collection: Collection & ListReader): Collection & ListReader;
  tickets(collection: Collection & ListReader): Collection & ListReader;
  afterTicks: AfterTicks | null;
}

export function createAlerts(options: AlertOptions): Alerts {
  const { webhookUrl, appids, isTicked, silence, send, ...ports } = options;
  const alerting = { ...ports, post: createPost(webhookUrl, send) };
  if (isTicked) {
    const { afterTicks, ...observer } = createTickPart(alerting);
    const noticed = (collection: Collection & ListReader) => observe(collection, observer);
    return { tokens: noticed, tickets: noticed, afterTicks };
  }
  // Readers see nothing but missing ticks, and see those by the tokens.
  const part = silence && createReaderPart(alerting, appids, silence);
  return {
    tokens: (collection) => (part === null ? collection : observe(collection, part)),
    tickets: (collection) => collection,
    afterTicks: null,
  };
}
