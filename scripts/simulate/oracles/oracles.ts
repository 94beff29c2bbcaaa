/** The oracles of one app: each watches a rule while the simulation runs, and all write their findings to one place. */

import type { SendResult } from '../../../functions/_shared/wechat/send.ts';
import type { Dice } from '../dice.ts';
import type { Ledger, Mint } from '../ledger.ts';
import type { Trace } from '../trace.ts';
import { createBreakerOracle } from './breaker.ts';
import { createCallOracle } from './calls.ts';
import type { CallOracle } from './calls.ts';
import { createClocks } from './clocks.ts';
import type { Clocks } from './clocks.ts';
import { createDocumentOracle } from './documents.ts';
import type { DocumentOracle } from './documents.ts';
import { createMintOracle } from './mints.ts';
import { createPromiseOracle } from './promises.ts';
import type { PromiseOracle } from './promises.ts';
import { createReportOracle } from './reports.ts';
import type { ReportOracle } from './reports.ts';
import { createViolations } from './violations.ts';
import type { Violations } from './violations.ts';

export interface Oracles extends Violations {
  clocks: Clocks;
  documents: DocumentOracle;
  reports: Omit<ReportOracle, 'onMint' | 'onStored' | 'onRefuted'>;
  calls: CallOracle;
  promises: PromiseOracle;
  /** WeChat has minted. */
  onMint(mint: Mint): void;
  /** What WeChat answered to a request for a token. */
  onAnswer(result: SendResult): void;
  /** A caller got no token. */
  onUnanswered(why: string): void;
}

interface OracleOptions {
  now(): number;
  trace: Trace;
  ledger: Ledger;
  dice: Dice;
  mintLimitPerDay: number;
}

export function createOracles({ now, trace, ledger, dice, mintLimitPerDay }: OracleOptions): Oracles {
  const { violate, firsts, counts } = createViolations(now, trace);
  const promises = createPromiseOracle(ledger, now, violate);
  const clocks = createClocks(now);
  const reports = createReportOracle({ now, ledger, violate, isSkewed: clocks.isSkewed });
  const { onStored, onRefuted } = reports;
  const documents = createDocumentOracle({ now, trace, ledger, violate, onStored, onRefuted });
  const { promisedUntilAtMs } = promises;
  const { stored } = documents;
  const mints = createMintOracle({ now, ledger, mintLimitPerDay, violate, stored, promisedUntilAtMs });
  return {
    violate,
    clocks,
    documents,
    reports,
    calls: createCallOracle(now, violate),
    promises,
    onMint(mint) {
      reports.onMint(mint);
      mints.onMint(mint);
    },
    onAnswer: createBreakerOracle(now, violate).onAnswer,
    onUnanswered(why) {
      if (dice.explanation() === null)
        violate('unanswered', `a request went unanswered in a well world: ${why}`);
    },
    firsts,
    counts,
  };
}
