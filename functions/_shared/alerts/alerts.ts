/** Alerts put together: the collection that the token's store is to use, and what the timer does after its ticks. */

import type { Collection, FieldWriter, ListReader } from '../store/collection.ts';
import type { Log } from '../token/ports.ts';
import type { Send } from '../wechat/send.ts';
import type { SilentKind } from './incidents.ts';
import { createReaderPart } from './reader.ts';
import { createTickPart } from './tick.ts';
import type { AfterTicks } from './tick.ts';
import { createPost } from './webhook.ts';
import { observe } from './observe.ts';

export interface AlertOptions {
  webhookUrl: string;
  /** All that are configured; the open incidents are in the first one's document. */
  appids: readonly string[];
  /** It is what ticks call; all others are readers. */
  isTicked: boolean;
  /** Which incident it is when the ticks that are meant to come don't; null: none is meant to come. */
  silence: SilentKind | null;
  /** Its reads must bring `incidents` and `missedTickAtMs` along. */
  collection: Collection & FieldWriter & ListReader;
  send: Send;
  now(): number;
  newId(): string;
  log: Log;
}

export interface Alerts {
  collection: Collection & ListReader;
  /** Of the tickets' collection: readers notice missing ticks by the tokens. */
  observeTickets(collection: Collection & ListReader): Collection & ListReader;
  afterTicks: AfterTicks | null;
}

export function createAlerts({
  webhookUrl,
  appids,
  isTicked,
  silence,
  send,
  ...ports
}: AlertOptions): Alerts {
  const alerting = { ...ports, post: createPost(webhookUrl, send) };
  if (!isTicked) {
    // Readers see nothing but missing ticks.
    const asItIs = { observeTickets: (tickets: Collection & ListReader) => tickets, afterTicks: null };
    if (silence === null) return { collection: ports.collection, ...asItIs };
    const part = createReaderPart(alerting, appids, silence);
    return { collection: observe(ports.collection, part), ...asItIs };
  }
  const { afterTicks, ...observer } = createTickPart(alerting);
  const observeTickets = (tickets: Collection & ListReader) => observe(tickets, observer);
  return { collection: observeTickets(ports.collection), observeTickets, afterTicks };
}
