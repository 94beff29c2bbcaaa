/** The server's updates, and how old they are. */

import { computed, signal } from '@preact/signals';
import type { Update } from '../snapshot.ts';
import { authorization } from './secret.ts';

/** `refused`: the secret is missing, or that of an earlier start. */
type Connection = 'opening' | 'open' | 'lost' | 'refused';

/** After a connection that ended. */
const AGAIN_MS = 1_000;
const UNAUTHORIZED = 401;
/** Begins a message of server-sent events that is more than a sign of life. */
const DATA = 'data: ';
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
  void connect();
}

async function connect(): Promise<void> {
  await listen().catch(() => undefined);
  if (connection.value !== 'refused') connection.value = 'lost';
  setTimeout(() => void connect(), AGAIN_MS);
}

/** Until the connection ends. `EventSource` could not send the secret. */
async function listen(): Promise<void> {
  const response = await fetch('/events', { headers: authorization() });
  if (response.status === UNAUTHORIZED) connection.value = 'refused';
  if (!response.ok || response.body === null) return;
  connection.value = 'open';
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  for (let text = ''; ;) {
    const { done, value } = await reader.read();
    if (done) return;
    const messages = (text + value).split('\n\n');
    text = messages.pop() ?? '';
    for (const message of messages.filter((one) => one.startsWith(DATA)))
      receive(JSON.parse(message.slice(DATA.length)) as Update);
  }
}

function receive(received: Update): void {
  const before = snapshot.peek()?.runId;
  // The server was restarted: its page may have changed.
  if (before !== undefined && received.snapshot !== null && before !== received.snapshot.runId) {
    location.reload();
    return;
  }
  browserMs.value = Date.now();
  problem.value = received.problem;
  update.value = { ...received, receivedAtMs: Date.now() };
}
