/** How a value is written into .env.local, so that dotenv and a shell that sources the file read the same. */

/** Nothing in it means anything to either of them. */
const PLAIN = /^[A-Za-z0-9_./:,@%+=-]+$/;

/** Within double quotes a shell still expands these; dotenv reads `\n` and `\r` as line ends there. */
const SPECIAL_IN_DOUBLE = /["$`\\!]/;

/** Null: there is no spelling that both of them read alike. */
export function quote(value: string): string | null {
  if (/[\r\n\0]/.test(value)) return null;
  if (PLAIN.test(value)) return value;
  // A backslash before the closing quote would escape it for dotenv, and not for a shell.
  if (!value.includes("'") && !value.endsWith('\\')) return `'${value}'`;
  return SPECIAL_IN_DOUBLE.test(value) ? null : `"${value}"`;
}
