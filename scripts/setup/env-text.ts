/** Changes some variables in the text of a .env file and leaves every other line, comment and order as it is. Pure. */

import { parse } from 'dotenv';
import { pick } from '../command/language.ts';
import { quote } from './quoting.ts';

/** Null takes the variable out. */
export type Changes = Readonly<Record<string, string | null>>;

/** Throws one readable line when the result would not read back as it should. */
export function changeEnvText(text: string, changes: Changes): string {
  let next = text;
  for (const [name, value] of Object.entries(changes)) next = changeOne(next, name, value);
  requireRoundTrip(text, next, changes);
  return next;
}

function changeOne(text: string, name: string, value: string | null): string {
  const line = value === null ? null : `${name}=${spelled(name, value)}`;
  const found = [...text.matchAll(assignmentsOf(name))].toReversed();
  const [last, ...earlier] = found;
  if (last === undefined) return line === null ? text : appended(text, line);
  // The last one counts: it is replaced, and those before it go.
  const comment = last.groups?.['comment'];
  const kept = line !== null && comment !== undefined ? `${line} ${comment}` : line;
  return earlier.reduce((rest, match) => spliced(rest, match, null), spliced(text, last, kept));
}

/** A whole assignment as dotenv sees it: a quoted value may run over several lines. */
function assignmentsOf(name: string): RegExp {
  const quoted = [`'(?:\\\\'|[^'])*'`, `"(?:\\\\"|[^"])*"`, '`(?:\\\\`|[^`])*`'];
  const value = `(?:${quoted.join('|')}|[^#\\r\\n]+)?`;
  const begin = `^[ \\t]*(?:export[ \\t]+)?${name}(?:[ \\t]*=[ \\t]*|:[ \\t]+)`;
  return new RegExp(`${begin}${value}[ \\t]*(?<comment>#.*)?$`, 'gm');
}

/** A replacement of null takes the line end along. */
function spliced(text: string, match: RegExpMatchArray, replacement: string | null): string {
  const index = match.index ?? 0;
  const rest = text.slice(index + match[0].length);
  return (
    text.slice(0, index) + (replacement ?? '') + (replacement === null ? rest.replace(/^\r?\n/, '') : rest)
  );
}

function appended(text: string, line: string): string {
  const end = text.includes('\r\n') ? '\r\n' : '\n';
  const before = text === '' || text.endsWith('\n') ? text : text + end;
  return before + line + end;
}

function spelled(name: string, value: string): string {
  const spelling = quote(value);
  if (spelling !== null) return spelling;
  throw new Error(
    pick({
      en: `the value of ${name} can't be written so that dotenv and a shell read it alike (it has a single quote beside $, ", \`, \\ or !, or a line break): choose another, or write the file by hand`,
      zh: `${name} 的值无法写成 dotenv 和 shell 读法一致的形式（含有单引号，又有 $、"、\`、\\ 或“!”，或者有换行）：请换一个值，或者手工写文件`,
    }),
  );
}

/** The proof that nothing else has changed, whatever odd lines the file holds. */
function requireRoundTrip(before: string, after: string, changes: Changes): void {
  const wanted: Record<string, string> = parse(before);
  for (const [name, value] of Object.entries(changes)) {
    if (value === null) delete wanted[name];
    else wanted[name] = value;
  }
  const got = parse(after);
  const names = new Set([...Object.keys(wanted), ...Object.keys(got)]);
  const wrong = [...names].find((name) => wanted[name] !== got[name]);
  if (wrong === undefined) return;
  throw new Error(
    pick({
      en: `the file holds a line around ${wrong} that can't be changed safely: it is left as it is, tidy it up by hand`,
      zh: `文件里 ${wrong} 附近有一行无法安全修改：没有改动，请手工整理`,
    }),
  );
}
