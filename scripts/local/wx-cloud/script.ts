/** Makes the one file that a mini program requires to have its `wx.cloud` reach an embedded cloud. */

import { join } from 'node:path';
import { ready, type Made } from '../../build/ready.ts';
import { bundleFiles } from '../../build/remembered-bundle.ts';
import { PACKAGE_FOLDER } from '../../command/folders.ts';
import type { Place } from './ask.ts';

/** The same code at each start; made when it is first asked for. */
let bundled: Promise<Made<'wx-cloud.js'>> | undefined;

export async function makeWxCloudScript(place: Place): Promise<string> {
  bundled ??= ready(['wx-cloud.js'], bundleShim);
  const code = Buffer.from((await bundled)['wx-cloud.js']).toString();
  return `/* wx.cloud of the embedded cloud, for this start only. It holds a secret: don't commit it. */
${code}
module.exports = module.exports.install(wx, ${JSON.stringify(place)});
`;
}

export async function bundleShim(): Promise<Made<'wx-cloud.js'>> {
  const { outputs } = await bundleFiles({
    absWorkingDir: PACKAGE_FOLDER,
    entryPoints: ['scripts/local/wx-cloud/install.ts'].map((file) => join(PACKAGE_FOLDER, file)),
    bundle: true,
    platform: 'browser',
    format: 'cjs',
    target: 'es2017',
    charset: 'utf8',
    minifyWhitespace: true,
    minifySyntax: true,
    logLevel: 'silent',
  });
  return { 'wx-cloud.js': outputs[0]?.contents ?? new Uint8Array() };
}
