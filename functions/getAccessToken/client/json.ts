/** Reads JSON as WeChat sends it: with raw control characters in strings, and integers beyond what a number can hold. */

/** Undefined when it is no JSON. An integer beyond 2^53 - 1, either side of zero, becomes a string of its digits. */
export function readJson(text: string): unknown {
  return parse(text) ?? parse(withoutControls(text));
}

function parse(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    // Known to be JSON by now, so that quoting some numbers in it can't make sense of nonsense.
    return LONG_NUMBER.test(text) ? JSON.parse(quoteLongIntegers(text)) : value;
  } catch {
    return undefined;
  }
}

const LONG_NUMBER = /\d{16}/;

/** An escape, a quote, or a number: what is needed to tell the numbers in strings from those outside. */
const PIECES = /\\.|"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;

function quoteLongIntegers(text: string): string {
  let isInString = false;
  return text.replace(PIECES, (piece) => {
    if (piece === '"') isInString = !isInString;
    const isLong = !isInString && /^-?\d+$/.test(piece) && !Number.isSafeInteger(Number(piece));
    return isLong ? `"${piece}"` : piece;
  });
}

/** WeChat passes on control characters that users have put into their names. */
function withoutControls(text: string): string {
  // oxlint-disable-next-line no-control-regex
  return text.replace(/[\u0000-\u001f\u007f]/g, '');
}
