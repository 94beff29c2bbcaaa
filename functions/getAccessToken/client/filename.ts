/** The name of a downloaded file out of Content-Disposition (RFC 6266): safe to be put behind the path of a folder. */

/** Undefined when there is none, or nothing of it is left. `filename*` goes first, as the standard says. */
export function readFilename(disposition: string): string | undefined {
  const parameters = readParameters(disposition);
  const plain = parameters.get('filename');
  return (
    toName(decodeExtended(parameters.get('filename*'))) ?? toName(decodeExtended(plain) ?? decodePlain(plain))
  );
}

/** Whether the answer says of itself that it is a file. */
export function isAttachment(disposition: string): boolean {
  return /^\s*attachment\b/i.test(disposition) || readFilename(disposition) !== undefined;
}

/** Name, then a quoted text (in which a backslash escapes a quote) or anything up to the next semicolon. */
const PARAMETER = /;\s*([\w*-]+)\s*=\s*(?:"((?:[^"\\]|\\[^])*)"|([^;]*))|;\s*"(?:[^"\\]|\\[^])*"/g;

/** Values with the first of each name. */
function readParameters(disposition: string): Map<string, string> {
  const found = new Map<string, string>();
  // Some servers leave the kind out.
  const text = /^\s*[\w*-]+\s*=/.test(disposition) ? `;${disposition}` : disposition;
  for (const [, name, quoted, bare] of text.matchAll(PARAMETER)) {
    const key = name?.toLowerCase();
    if (key === undefined || found.has(key)) continue;
    found.set(
      key,
      quoted === undefined ? (bare ?? '').trim().replace(/^"/, '') : quoted.replace(/\\(["\\])/g, '$1'),
    );
  }
  return found;
}

/** `UTF-8''%E8%8C%B6.jpg` (RFC 8187). */
function decodeExtended(value: string | undefined): string | undefined {
  const [, charset, encoded] = /^([\w-]+)'[^']*'(.*)$/.exec(value ?? '') ?? [];
  if (charset === undefined || encoded === undefined || /%(?![\da-f]{2})/i.test(encoded)) return undefined;
  const bytes = encoded.replace(/%([\da-f]{2})/gi, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
  return decode(bytes, charset);
}

/** All signs beyond ASCII in pairs, as GBK writes Chinese. */
const LIKE_GBK = /^(?:[\0-\x7f]|[\x81-\xfe][\xa1-\xfe])+$/;

/**
 * Raw UTF-8, which `fetch` hands over one byte a character, or UTF-8 behind percent signs, as some servers send it
 * without saying so. What is neither is GBK if it looks like it, else ISO 8859-1, as of old.
 */
function decodePlain(value: string | undefined): string | undefined {
  if (value === undefined) return undefined;
  const escaped = /%[89a-f]/i.test(value) ? decodeExtended(`utf-8''${value}`) : undefined;
  return (
    escaped ?? decode(value, 'utf-8') ?? (LIKE_GBK.test(value) ? decode(value, 'gbk') : undefined) ?? value
  );
}

function decode(bytes: string, charset: string): string | undefined {
  // Not one byte a character: another fetch has decoded it already.
  if (/[\u0100-\uffff]/.test(bytes)) return bytes;
  try {
    return new TextDecoder(charset, { fatal: true }).decode(Buffer.from(bytes, 'latin1'));
  } catch {
    return undefined;
  }
}

/** Without folders, control characters, and the invisible ones that turn a name around. */
function toName(text: string | undefined): string | undefined {
  const visible = text?.replace(/[\p{Cc}\p{Zl}\p{Zp}\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu, '');
  const name = visible
    ?.split(/[/\\]/)
    .at(-1)
    ?.replace(/^[a-z]:/i, '')
    .trim();
  return name === undefined || /^\.*$/.test(name) ? undefined : name;
}
