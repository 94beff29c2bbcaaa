/** What a part of the benchmark hands over: its tables, and how it did against the targets. */

export interface Section {
  title: string;
  /** Markdown, without the heading. */
  text: string;
  targets: Target[];
}

export interface Target {
  what: string;
  /** What was asked for and what came out, ready to be shown. */
  wanted: string;
  got: string;
  isMet: boolean;
}

/** `limit` and `value` in the same unit; `show` gives both their form. */
export function atMost(
  what: string,
  limit: number,
  value: number,
  show: (value: number) => string = String,
): Target {
  return { what, wanted: `≤ ${show(limit)}`, got: show(value), isMet: value <= limit };
}

export function exactly(what: string, wanted: number, values: readonly number[]): Target {
  const odd = values.find((value) => value !== wanted);
  return { what, wanted: String(wanted), got: String(odd ?? wanted), isMet: odd === undefined };
}
