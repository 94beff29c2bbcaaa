/** A checkout that can't be written, in one sentence: every command is built into its dist/, and so are the functions. */

'use strict';

exports.explainReadOnly = explainReadOnly;

const CODES = new Set(['EROFS', 'EACCES', 'EPERM']);

/** Undefined: the error is about something else. `isChinese`: for whom it is told. */
function explainReadOnly(error, root, isChinese) {
  const { code, path } = error ?? {};
  if (!CODES.has(code) || typeof path !== 'string' || !path.startsWith(root)) return undefined;
  return isChinese
    ? `本项目的目录不可写（${code}）：命令和云函数要构建到其中的 dist/，--data 只改变数据的位置；请让 dist/ 可写，或者把整个目录复制到可写的位置（${root}）`
    : `this checkout can't be written (${code}): commands and functions are built into its dist/, and --data moves the data alone; make dist/ writable, or copy the folder to where you may write (${root})`;
}
