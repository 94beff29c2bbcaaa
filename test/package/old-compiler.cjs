/** Type-checks by TypeScript 4.9, out of the copy in @ts-morph/common: `node old-compiler.cjs a.json b.json`. */

const { dirname } = require('node:path');
const { ts, getLibFiles } = require('@ts-morph/common');

const libraries = new Map(getLibFiles().map(({ fileName, text }) => [`/lib/${fileName}`, text]));
/** They are most of what is read, and the same for each. */
const parsed = new Map();

for (const file of process.argv.slice(2)) {
  const { config, error } = ts.readConfigFile(file, ts.sys.readFile);
  const { options, fileNames, errors } = ts.parseJsonConfigFileContent(config, ts.sys, dirname(file));
  const program = ts.createProgram(fileNames, options, hostFor(options));
  const found = [error, ...errors, ...ts.getPreEmitDiagnostics(program)].filter(Boolean);
  for (const { code, messageText } of found)
    console.log(`${file}: TS${code}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`);
  console.log(`${file}: TypeScript ${ts.version}: ${found.length} errors in ${fileNames.length} files`);
}

function hostFor(options) {
  const host = ts.createCompilerHost(options);
  const { readFile, fileExists, getSourceFile } = host;
  host.getDefaultLibLocation = () => '/lib';
  host.getDefaultLibFileName = () => '/lib/lib.d.ts';
  host.readFile = (name) => libraries.get(name) ?? readFile(name);
  host.fileExists = (name) => libraries.has(name) || fileExists(name);
  host.getSourceFile = (name, ...rest) => {
    if (!libraries.has(name)) return getSourceFile(name, ...rest);
    if (!parsed.has(name)) parsed.set(name, getSourceFile(name, ...rest));
    return parsed.get(name);
  };
  return host;
}
