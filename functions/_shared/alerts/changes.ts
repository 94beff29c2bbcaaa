/** What began and what ended since the open incidents were written. Pure. */

import type { Finding } from './conditions.ts';
import { isSame, isSilence } from './incidents.ts';
import type { OpenIncidents, Incident } from './incidents.ts';

/** What was observed; incidents about anything else stay open. */
export interface Observation {
  /** Apps whose record was read. */
  appids: ReadonlySet<string>;
  /** Is it known whether ticks come from where they are meant to? */
  isTickKnown: boolean;
  findings: readonly Finding[];
}

export interface Changes {
  opened: Finding[];
  recovered: Incident[];
  /** All that is open now. */
  open: Incident[];
}

/** Null when nothing has changed. `configured`: incidents of other apps are dropped without an alert. */
export function changesOf(
  stored: OpenIncidents,
  observation: Observation,
  configured: readonly string[],
): Changes | null {
  const known = stored.open.filter(({ appid }) => configured.includes(appid));
  const opened = observation.findings.filter((finding) => !known.some((one) => isSame(one, finding)));
  const recovered = known.filter(
    (one) => isInSight(one, observation) && !observation.findings.some((finding) => isSame(one, finding)),
  );
  if (opened.length === 0 && recovered.length === 0) return null;
  const standing = known.filter((one) => !recovered.includes(one));
  return { opened, recovered, open: [...standing, ...opened.map(incidentOf)] };
}

function isInSight({ appid, kind }: Incident, { appids, isTickKnown }: Observation): boolean {
  return isSilence(kind) ? isTickKnown : appids.has(appid);
}

/** Only this much is stored: WeChat's text isn't. */
function incidentOf({ appid, kind, sinceAtMs }: Finding): Incident {
  return { appid, kind, sinceAtMs };
}
