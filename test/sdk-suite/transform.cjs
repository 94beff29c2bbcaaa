/** Makes JavaScript of the suite's TypeScript, whose types are those of another version of the SDK. */

'use strict';

const ts = require('typescript');

const compilerOptions = {
  module: ts.ModuleKind.CommonJS,
  target: ts.ScriptTarget.ES2022,
  esModuleInterop: true,
};

exports.process = (source, fileName) => ({
  code: ts.transpileModule(source, { fileName, compilerOptions }).outputText,
});
