/** The timer's part in the alerts: it takes the notes away, looks at every app, and says what has changed. */

import type { Keeper } from '../token/keeper.ts';
import { TokenError } from '../token/errors.ts';
import { changesOf } from './changes.ts';
import { findingsOf } from './conditions.ts';
import { readBook } from './incidents.ts';
import type { Book, Kind } from './incidents.ts';
import { NOTE } from './note.ts';
import { speak } from './speak.ts';
import type { SpeakPorts } from './speak.ts';
import type { Watcher } from './witness.ts';

interface Round {
  keepers: readonly Keeper[];
  /** The timer called, and not an operator: only its coming proves that it is alive. */
  isTimer: boolean;
  /** Real time since the function was called. */
  elapsedMs: number;
}

/** Never throws, and costs no call of the database where nothing has changed. */
export type AfterTicks = (round: Round) => Promise<void>;

/**
 * The function has 60 s (cloudbaserc.json). From here on it takes up to 24 s: three for the notes, twelve for the book,
 * three for the webhook, six to take the book back. The rest is for a database that dribbles.
 */
const LATEST_START_MS = 32_000;

export function createTimerPart(ports: SpeakPorts): Watcher & { afterTicks: AfterTicks } {
  /** The documents that this call has read, as they were then. */
  let documents = new Map<string, Record<string, unknown>>();

  return {
    onRead: (id, document) => void documents.set(id, document),
    onRefreshed: () => undefined,
    async afterTicks(round) {
      const read = documents;
      documents = new Map();
      if (round.elapsedMs > LATEST_START_MS) return;
      try {
        await look(ports, round, read);
      } catch (error) {
        const errmsg = error instanceof TokenError ? error.message : 'internal error';
        ports.log('alert_failed', { errcode: 503, errmsg });
      }
    },
  };
}

async function look(
  ports: SpeakPorts,
  { keepers, isTimer }: Round,
  read: ReadonlyMap<string, Record<string, unknown>>,
): Promise<void> {
  const isTimerKnown = isTimer && (await takeNotesAway(ports, read));
  const [first] = keepers;
  const keeping = first && read.get(first.appid);
  if (first === undefined || keeping === undefined) return;
  const book = readBook(keeping);
  const seen = keepers.filter(({ appid, memory }) => read.has(appid) && memory !== null);
  const findings = seen.flatMap(({ appid, memory, policy }) =>
    findingsOf(appid, memory!.record, policy, ports.now(), openKinds(book, appid)),
  );
  const appids = new Set(seen.map(({ appid }) => appid));
  const configured = keepers.map(({ appid }) => appid);
  await speak(ports, first.appid, book, changesOf(book, { appids, isTimerKnown, findings }, configured));
}

/** False when one may have stayed: the timer's recovery is said when none has, lest the next reader deny it. */
async function takeNotesAway(
  { collection }: SpeakPorts,
  read: ReadonlyMap<string, Record<string, unknown>>,
): Promise<boolean> {
  const noted = [...read].filter(([, document]) => (document[NOTE] ?? null) !== null);
  const taken = await Promise.allSettled(
    noted.map(([id, document]) => collection.setIf(id, { [NOTE]: document[NOTE] }, { [NOTE]: null })),
  );
  return taken.every(({ status }) => status === 'fulfilled');
}

function openKinds({ open }: Book, appid: string): ReadonlySet<Kind> {
  return new Set(open.filter((incident) => incident.appid === appid).map(({ kind }) => kind));
}
