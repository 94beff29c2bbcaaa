/** Puts elements behind the last one of an array in a JSON text; nothing that stands there moves, comments included. */

import { findNodeAtLocation, parseTree, stripComments, type JSONPath, type Node } from 'jsonc-parser';

/** `path` leads to an array, or to a property that is not there yet. */
export function append(text: string, path: readonly [string], values: readonly unknown[]): string {
  const tree = parseTree(text, [], { allowTrailingComma: true });
  const list = tree && findNodeAtLocation(tree, path as unknown as JSONPath);
  if (tree === undefined) return text;
  const unit = /\n([ \t]+)\S/.exec(text)?.[1] ?? '  ';
  const eol = text.includes('\r\n') ? '\r\n' : '\n';
  const write = (value: unknown, indent: string): string =>
    JSON.stringify(value, null, unit).replaceAll('\n', `\n${indent}`).replaceAll('\n', eol);
  if (list === undefined) {
    const indent = indentOf(text, tree.offset) + unit;
    const element = `${JSON.stringify(path[0])}: ${write(values, indent)}`;
    return behindLast(text, tree, { indent, eol, elements: [element] });
  }
  const first = list.children?.[0];
  const isOnOwnLine = first !== undefined && text.slice(list.offset, first.offset).includes('\n');
  const indent = isOnOwnLine ? indentOf(text, first.offset) : indentOf(text, list.offset) + unit;
  return behindLast(text, list, { indent, eol, elements: values.map((value) => write(value, indent)) });
}

interface Insertion {
  indent: string;
  eol: string;
  elements: readonly string[];
}

function behindLast(text: string, parent: Node, { indent, eol, elements }: Insertion): string {
  const end = parent.offset + parent.length - 1;
  const last = parent.children?.at(-1);
  const content = text.slice(0, end).trimEnd().length;
  const added = elements.map((element) => `${eol}${indent}${element}`).join(',');
  const close = text.slice(content, end).includes('\n') ? '' : `${eol}${indentOf(text, parent.offset)}`;
  const tail = added + close + text.slice(content);
  if (last === undefined) return text.slice(0, content) + tail;
  const lastEnd = last.offset + last.length;
  // A trailing comma is there already; one in a comment is none.
  const hasComma = stripComments(text.slice(lastEnd, content)).includes(',');
  return text.slice(0, lastEnd) + (hasComma ? '' : ',') + text.slice(lastEnd, content) + tail;
}

/** Of the line that the place is in. */
function indentOf(text: string, offset: number): string {
  const line = text.slice(text.lastIndexOf('\n', offset - 1) + 1);
  return /^[ \t]*/.exec(line)?.[0] ?? '';
}
