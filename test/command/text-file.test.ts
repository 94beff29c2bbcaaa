/** Files that a person wrote, in the encodings that editors and shells write: read as they are meant, or refused by name. */

import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'dotenv';
import { describe, expect, it } from 'vitest';
import { readDeclarations } from '../../scripts/build/declarations.ts';
import { decodeText } from '../../scripts/command/text-file.ts';
import { readSettings } from '../../scripts/local/settings.ts';
import { readUserFunctions } from '../../scripts/local/user-functions.ts';
import { readValues } from '../../scripts/platform/settings.ts';
import { readSecretFile } from '../../scripts/setup/secret-input.ts';
import { setup } from '../../scripts/setup/setup.ts';

const swapped = (bytes: Buffer): Buffer => Buffer.from(bytes).swap16();
const utf16 = (text: string): Buffer => Buffer.from(text, 'utf16le');

/** As Notepad, PowerShell 5 (`>`, `Out-File`) and others write them. */
const READABLE: [name: string, encode: (text: string) => Buffer][] = [
  ['UTF-8', (text) => Buffer.from(text)],
  ['UTF-8 with a byte order mark', (text) => Buffer.from(`\uFEFF${text}`)],
  ['UTF-16 LE', (text) => utf16(`\uFEFF${text}`)],
  ['UTF-16 BE', (text) => swapped(utf16(`\uFEFF${text}`))],
];

const REFUSED: [name: string, bytes: (text: string) => Buffer, says: RegExp][] = [
  ['UTF-16 LE without a mark', utf16, /looks like UTF-16 without a byte order mark/],
  ['UTF-16 BE without a mark', (text) => swapped(utf16(text)), /looks like UTF-16 without/],
  ['UTF-32', (text) => Buffer.concat([Buffer.from([0xff, 0xfe, 0, 0]), utf16(text)]), /but in UTF-32/],
  ['GBK', (text) => Buffer.concat([Buffer.from(text), Buffer.from([0xc4, 0xe3])]), /perhaps in GBK/],
  ['a UTF-16 cut in two', (text) => utf16(`\uFEFF${text}`).subarray(0, -1), /damaged UTF-16LE/],
];

function folderWith(name: string, content: Buffer): string {
  const folder = mkdtempSync(join(tmpdir(), 'encodings-'));
  writeFileSync(join(folder, name), content);
  return folder;
}

const ENV = '# 我的注释\r\nWX_APPID=wxencoded000000001\r\nOTHER="ümläut 值"\r\n';

describe.each(READABLE)('in %s', (_name, encode) => {
  it('.env.local is read by every command, and setup keeps all of it and writes UTF-8', async () => {
    const folder = folderWith('.env.local', encode(ENV));
    expect(readValues(folder, {})).toMatchObject({ WX_APPID: 'wxencoded000000001', OTHER: 'ümläut 值' });
    const start = readSettings(folder, { once: true, sandbox: true, data: 'data' });
    expect(start.variables).toMatchObject({ OTHER: 'ümläut 值' });
    const file = join(folder, '.env.local');
    const flags = {
      env: 'env-1',
      appid: 'wxnew0000000000001',
      secret: 'canary-new-secret',
      encryption: 'off',
    } as const;
    expect(
      await setup({ flags, file, env: {}, prompts: null, isChecked: false, tell: () => undefined }),
    ).toBe(true);
    const written = readFileSync(file);
    expect(written.includes(0)).toBe(false);
    expect(written.toString()).toContain('# 我的注释\r\n');
    expect(parse(written.toString())).toMatchObject({ WX_APPID: 'wxnew0000000000001', OTHER: 'ümläut 值' });
  });

  it('cloudbaserc.json, the user’s own config.json, and the file of the AppSecret are read', async () => {
    const declared = encode('{ "functions": [{ "name": "pay" }] }');
    const root = folderWith('cloudbaserc.json', declared);
    expect(await readDeclarations(root)).toMatchObject([{ name: 'pay' }]);
    mkdirSync(join(root, 'pay'));
    writeFileSync(join(root, 'pay/index.js'), '');
    writeFileSync(join(root, 'pay/config.json'), encode('{ "timeout": 7 }'));
    const { functions } = await readUserFunctions({ folders: [root], projects: [] }, []);
    expect(functions).toMatchObject([{ name: 'pay', timeout: 7 }]);
    const folder = folderWith('secret', encode('canary-file-secret\r\n'));
    expect(readSecretFile(join(folder, 'secret'))).toBe('canary-file-secret');
  });

  it('is not repeated where somebody gives it in place of the file', () => {
    const secret = 'canary'.repeat(6);
    expect(() => readSecretFile(secret)).toThrow(
      /^the file that --secret-file names can't be read \(ENOENT\)/,
    );
    expect(() => readSecretFile(secret)).not.toThrow(/canary/);
  });
});

describe.each(REFUSED)('in %s', (_name, encode, says) => {
  it('is refused by its name, and left as it is', async () => {
    const bytes = encode(ENV);
    expect(() => decodeText(bytes, 'FILE')).toThrow(says);
    const folder = folderWith('.env.local', bytes);
    const file = join(folder, '.env.local');
    const flags = { env: 'env-1', appid: 'wxnew0000000000001', secret: 'canary-new-secret' };
    const run = setup({ flags, file, env: {}, prompts: null, isChecked: false, tell: () => undefined });
    await expect(run).rejects.toThrow(says);
    expect(readFileSync(file).equals(bytes)).toBe(true);
    expect(() => readValues(folder, {})).toThrow(says);
  });
});
