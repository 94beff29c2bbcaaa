/** How much is measured: enough for medians that hold, or just enough to see that everything works. */

export interface Plan {
  isQuick: boolean;
  /** Of each case of a stampede; the largest ones three times at most. */
  rounds: number;
  shapes: readonly Shape[];
  /** Timed one by one, for p50 and p99. */
  timedCalls: number;
  /** How long mitata runs a loop, at the least; the longer one is its own default. */
  loopMs: number;
  /** Fresh processes for each way of loading. */
  coldStarts: number;
  appCounts: readonly number[];
  instanceCounts: readonly number[];
  /** Of getTicket, all at once. */
  ticketCallers: number;
  /** How long one instance is kept busy. */
  sustainMs: number;
}

export interface Shape {
  processes: number;
  callers: number;
}

export const FULL: Plan = {
  isQuick: false,
  rounds: 5,
  shapes: [
    { processes: 1, callers: 200 },
    { processes: 8, callers: 1 },
    { processes: 8, callers: 25 },
    { processes: 8, callers: 200 },
  ],
  timedCalls: 500,
  loopMs: 642,
  coldStarts: 21,
  appCounts: [1, 10, 40],
  instanceCounts: [1, 8, 64],
  ticketCallers: 8,
  sustainMs: 3_000,
};

export const QUICK: Plan = {
  isQuick: true,
  rounds: 1,
  shapes: [
    { processes: 1, callers: 3 },
    { processes: 2, callers: 2 },
  ],
  timedCalls: 5,
  loopMs: 1,
  coldStarts: 1,
  appCounts: [1, 2],
  instanceCounts: [1, 2],
  ticketCallers: 2,
  sustainMs: 50,
};
