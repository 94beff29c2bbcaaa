/** Type-checks by TypeScript 4.9, out of the copy in @ts-morph/common: `node old-compiler.cjs tsconfig.json`. */

const { dirname } = require('node:path');
const { ts, getLibFiles } = require('@ts-morph/common');

const [file] = process.argv.slice(2);
const { config, error } = ts.readConfigFile(file, ts.sys.readFile);
const { options, fileNames, errors } = ts.parseJsonConfigFileContent(config, ts.sys, dirname(file));
const libraries = new Map(getLibFiles().map(({ fileName, text }) => [`/lib/${fileName}`, text]));
const host = ts.createCompilerHost(options);
const { readFile, fileExists } = host;
host.getDefaultLibLocation = () => '/lib';
host.getDefaultLibFileName = () => '/lib/lib.d.ts';
host.readFile = (name) => libraries.get(name) ?? readFile(name);
host.fileExists = (name) => libraries.has(name) || fileExists(name);
const program = ts.createProgram(fileNames, options, host);
const found = [error, ...errors, ...ts.getPreEmitDiagnostics(program)].filter(Boolean);
for (const { code, messageText } of found)
  console.log(`TS${code}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`);
console.log(`TypeScript ${ts.version}: ${found.length} errors in ${fileNames.length} files`);
