/** One JSON line per event, with only the fields that are listed here: what isn't listed can't leak. */

import type { Log } from '../token/ports.ts';

const FIELDS = new Set([
  'function',
  'appid',
  'api',
  'action',
  'outcome',
  'owner',
  'errcode',
  'errmsg',
  'code',
  'source',
  'tookMs',
  'expiresIn',
  'refreshIn',
  'refusals',
  'refutations',
  'damaged',
  'isMarked',
  'rid',
  'server',
  'opened',
  'recovered',
]);

/** Logged as a warning, so that the platform's log search finds them by level. */
const WARNINGS = new Set([
  'mint_failed',
  'foreign_minter_suspected',
  'reports_refuted',
  'document_damaged',
  'claim_lost',
  'store_failed',
  'caller_refused',
  'misconfigured',
  'internal_error',
  'server_refused',
  'no_token',
  'alert_failed',
]);

const LONGEST_TEXT = 500;

/**
 * JSON leaves some characters as they are that break a line, steer a terminal or turn the direction of writing;
 * written as \uXXXX they mean the same to a parser of the line.
 */
function inert(json: string): string {
  return json.replace(
    /[\p{Cc}\u200e\u200f\u2028-\u202e\u2066-\u2069]/gu,
    (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

export function createLog(functionName: string, write: (line: string) => void): Log {
  return (event, fields) => {
    const shown = Object.entries({ function: functionName, ...fields }).filter(([name]) => FIELDS.has(name));
    const bounded = shown.map(([name, value]) => [
      name,
      typeof value === 'string' ? value.slice(0, LONGEST_TEXT) : value,
    ]);
    const level = WARNINGS.has(event) ? 'warn' : 'info';
    write(inert(JSON.stringify({ level, event, ...(Object.fromEntries(bounded) as object) })));
  };
}

// eslint-disable-next-line no-console -- the platform's log is the function's standard output
export const writeLine = (line: string): void => console.log(line);
