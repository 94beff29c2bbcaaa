/** Makes the one file that a mini program requires to have its `wx.cloud` reach an embedded cloud. */

import { join } from 'node:path';
import { build } from 'esbuild';
import { PACKAGE_FOLDER } from '../../command/folders.ts';
import type { Place } from './ask.ts';

/** The same code at each start; made when it is first asked for. */
let bundled: Promise<string> | undefined;

export async function makeWxCloudScript(place: Place): Promise<string> {
  bundled ??= bundleShim();
  return `/* wx.cloud of the embedded cloud, for this start only. It holds a secret: don't commit it. */
${await bundled}
module.exports = module.exports.install(wx, ${JSON.stringify(place)});
`;
}

async function bundleShim(): Promise<string> {
  const { outputFiles } = await build({
    absWorkingDir: PACKAGE_FOLDER,
    entryPoints: ['scripts/local/wx-cloud/install.ts'].map((file) => join(PACKAGE_FOLDER, file)),
    bundle: true,
    write: false,
    platform: 'browser',
    format: 'cjs',
    target: 'es2017',
    charset: 'utf8',
    minifyWhitespace: true,
    minifySyntax: true,
    logLevel: 'silent',
  });
  return outputFiles[0]?.text ?? '';
}
