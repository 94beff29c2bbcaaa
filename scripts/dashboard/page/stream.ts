/** The server's updates, and how old they are. */

import { computed, signal } from '@preact/signals';
import type { Update } from '../snapshot.ts';

type Connection = 'opening' | 'open' | 'lost';

/** How often the page tries to reconnect. */
const AGAIN_MS = 3_000;
const TICK_MS = 500;

export const connection = signal<Connection>('opening');
export const problem = signal<string | null>(null);
const update = signal<(Update & { receivedAtMs: number }) | null>(null);
export const snapshot = computed(() => update.value?.snapshot ?? null);
const browserMs = signal(Date.now());

/** How old the figures are. */
export const ageMs = computed(() => {
  const { value } = update;
  return value === null ? 0 : value.ageMs + Math.max(0, browserMs.value - value.receivedAtMs);
});

/** Now, by the clock of the environment, which may differ from this machine's. */
export const nowMs = computed(() => (snapshot.value?.atMs ?? browserMs.value) + ageMs.value);

export function openStream(): void {
  setInterval(() => (browserMs.value = Date.now()), TICK_MS);
  connect();
}

function connect(): void {
  const events = new EventSource('/events');
  events.addEventListener('open', () => (connection.value = 'open'));
  events.addEventListener('message', ({ data }: MessageEvent<string>) => receive(JSON.parse(data) as Update));
  events.addEventListener('error', () => {
    connection.value = 'lost';
    // The browser reconnects by itself after a broken connection, but not after a refusal.
    if (events.readyState === EventSource.CLOSED) setTimeout(connect, AGAIN_MS);
  });
}

function receive(received: Update): void {
  const before = snapshot.peek()?.runId;
  // The server was restarted: its page and its key may have changed.
  if (before !== undefined && received.snapshot !== null && before !== received.snapshot.runId) {
    location.reload();
    return;
  }
  browserMs.value = Date.now();
  problem.value = received.problem;
  update.value = { ...received, receivedAtMs: Date.now() };
}
