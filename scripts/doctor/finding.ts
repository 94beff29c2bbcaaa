/** What a check has found, and what an exit code says about all of them. */

import type { ExitCode } from '../command/definition.ts';

/**
 * - `ok`: as it should be.
 * - `hint`: works, but worth knowing; no reason for an exit code.
 * - `problem`: somebody has to act.
 * - `unseen`: it could not be looked at.
 * - `skipped`: it has no meaning here.
 */
export type Severity = 'ok' | 'hint' | 'problem' | 'unseen' | 'skipped';

export interface Finding {
  check: string;
  /** The AppID that it is about; undefined: all of them. */
  appid?: string;
  severity: Severity;
  finding: string;
  /** What it means for the app, in the words of status and dashboard. */
  title?: string;
  /** What happens if nobody acts. */
  why?: string;
  /** The command, or the place, that cures it. */
  cure?: string;
}

/** What one check says; its name and the app's are added by its caller. */
export type Found = Omit<Finding, 'check' | 'appid'>;

/** A problem that was found is certain, whatever else could not be seen. */
export function exitCodeOf(findings: readonly Finding[]): ExitCode {
  if (findings.some(({ severity }) => severity === 'problem')) return 1;
  return findings.some(({ severity }) => severity === 'unseen') ? 2 : 0;
}

export function ok(check: string, finding: string): Finding {
  return { check, severity: 'ok', finding };
}

export function skipped(check: string, finding: string): Finding {
  return { check, severity: 'skipped', finding };
}

/** For a call that failed; every error that gets here is one line with its cure in it. */
export function unseen(check: string, error: unknown): Finding {
  return { check, severity: 'unseen', finding: error instanceof Error ? error.message : String(error) };
}
