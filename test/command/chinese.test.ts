/** The Chinese texts of commands, page and alerts: Chinese punctuation, a space beside Latin letters, and no sentence that was translated. */

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { knownErrcodes, meaningOf } from '../../functions/_shared/wechat/errcodes.ts';
import { chooseLanguage } from '../../scripts/command/language.ts';
import { translate } from '../../scripts/command/translate.ts';
import { readConfig } from '../../functions/_shared/runtime/config.ts';
import { ROOT } from '../support/root.ts';

interface Found {
  where: string;
  text: string;
}

/** Where every text of a file is Chinese; elsewhere it stands behind `zh:`. */
const CHINESE_FILE = /(?:^|\/)(?:zh|troubles\.zh|chinese)\.ts$/;

function sources(below: string): string[] {
  return readdirSync(join(ROOT, below), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.tsx?$/.test(name))
    .map((name) => `${below}/${name}`);
}

function textsIn(file: string): Found[] {
  const source = readFileSync(join(ROOT, file), 'utf8').replaceAll(/\/\*[^]*?\*\/|^\s*\/\/.*$/gm, '');
  const parts = CHINESE_FILE.test(file)
    ? [source]
    : [...source.matchAll(/\bzh: /g)].map(({ index }) => valueAt(source, index + 4));
  return parts
    .flatMap((part) => literalsIn(part))
    .filter((text) => HAN.test(text))
    .map((text) => ({ where: file, text }));
}

/** Up to the comma or bracket that ends it. */
function valueAt(source: string, start: number): string {
  let depth = 0;
  for (let at = start; at < source.length; at++) {
    const sign = source[at]!;
    if (QUOTES.includes(sign)) at = endOf(source, at) - 1;
    else if ('([{'.includes(sign)) depth++;
    else if (')]}'.includes(sign) && depth-- === 0) return source.slice(start, at);
    else if (sign === ',' && depth === 0) return source.slice(start, at);
  }
  return source.slice(start);
}

/** What a placeholder holds is not known: it stands for any sign. Literals inside of it are texts, too. */
function literalsIn(source: string): string[] {
  const found: string[] = [];
  for (let at = 0; at < source.length; at++) {
    if (!QUOTES.includes(source[at]!)) continue;
    const end = endOf(source, at);
    const inner: string[] = [];
    const text = source.slice(at + 1, end - 1).replaceAll(/\$\{(?:[^{}`]|`[^`]*`|\{[^}]*\})*\}/g, (hole) => {
      inner.push(hole);
      return ANY;
    });
    found.push(text, ...inner.flatMap((hole) => literalsIn(hole.slice(2, -1))));
    at = end - 1;
  }
  return found;
}

function endOf(source: string, start: number): number {
  const quote = source[start];
  for (let at = start + 1, depth = 0; at < source.length; at++) {
    const sign = source[at];
    if (sign === '\\') at++;
    else if (quote === '`' && source.startsWith('${', at)) depth++;
    else if (depth > 0 && sign === '}') depth--;
    else if (depth === 0 && sign === quote) return at + 1;
  }
  return source.length;
}

const QUOTES = '\'"`';
const ANY = '\u{FFFC}';
const HAN = /\p{Script=Han}/u;
const texts = [...sources('scripts'), ...sources('functions/_shared/alerts')].flatMap(textsIn);

/** Without WeChat's own name of a menu, and without code. */
const plain = (text: string): string =>
  text
    .replaceAll('IP白名单', 'IP')
    .replaceAll(/\w+\(\{[^)]*\}\)/g, '')
    .replaceAll(/\\n */g, '');
const having = (pattern: RegExp): Found[] => texts.filter(({ text }) => pattern.test(plain(text)));

describe('every Chinese text', () => {
  it('is found: the commands, the page and the alerts have hundreds', () => {
    expect(texts.length).toBeGreaterThan(500);
  });

  it('has Chinese punctuation', () => {
    expect(having(/\p{Script=Han} ?[,;:!?()](?![\w/])|[,;:!?()] ?\p{Script=Han}/u)).toEqual([]);
    expect(having(/[，。：；！？（）、] | [，。：；！？（）、]/u)).toEqual([]);
  });

  it('has a space between Chinese and Latin letters or figures', () => {
    expect(having(/\p{Script=Han}[A-Za-z0-9]|[A-Za-z0-9]\p{Script=Han}/u)).toEqual([]);
  });

  it.each([
    '指向微信获取',
    '响一次',
    '内嵌',
    '内置云环境',
    '报告失效',
    '报为失效',
    '值得知道',
    '别的系统',
    '丢掉',
    '指令',
    '给不出',
    '整天',
    '失败 5 次，刷新',
    '运行命令',
    '被使用',
    '进行刷新',
    '您',
  ])('does not say %s', (words) => {
    expect(texts.filter(({ text }) => text.includes(words))).toEqual([]);
  });
});

describe('what functions say is Chinese, too', () => {
  const inChinese = (text: string): string => {
    chooseLanguage(['--lang', 'zh'], {});
    try {
      return translate(text);
    } finally {
      chooseLanguage([], {});
    }
  };

  it.each([...knownErrcodes(), 99_999])('the advice on %i', (errcode) => {
    const told = inChinese(`${errcode} wechat's own text (${meaningOf(errcode).advice})`);
    expect(told).toMatch(/^-?\d+ wechat's own text；.*\p{Script=Han}/u);
    expect(told).not.toMatch(/ the /);
  });

  it('each problem of the configuration', () => {
    const bad = {
      WX_TOKEN_API: 'x',
      WX_REFRESH_MINUTES: '1',
      MINT_LIMIT_PER_DAY: 'x',
      WX_API_BASE_URLS: 'x',
    };
    const more = { TOKEN_ENCRYPTION_KEYS: 'x', TICKS: 'x', WX_APPID: 'a b' };
    for (const env of [
      { ...bad, ...more },
      { ...bad, ...more, WX_APPS: '{}' },
    ]) {
      const read = readConfig(env);
      for (const problem of read.ok ? [] : read.problems) expect(inChinese(problem)).toMatch(HAN);
    }
  });

  it.each([
    '503 WeChat did not answer (ECONNRESET); it is tried again by itself',
    '503 WeChat could not be reached (ENOTFOUND); it is tried again by itself',
    "503 WeChat's answer was of no use: HTTP 502 with an HTML page; it is tried again by itself",
    "caller not allowed (source wx_client): only other cloud functions may read the access_token, by callFunction({ name: 'getAccessToken' }); TRUSTED_SOURCES can admit further sources",
    'unknown appid: it is not among those that WX_APPID or WX_APPS configures',
    'another instance is minting',
    'the database could not be written (DATABASE_TIMEOUT)',
    'the collection wx_access_tokens does not exist: npm run deploy creates it',
  ])('%s', (text) => {
    expect(inChinese(text)).not.toMatch(/\b(?!npm)[a-z]{2,} (?!run)[a-z]{2,} [a-z]{2,}/);
  });

  it('and stays English where the reader is', () => {
    expect(translate('another instance is minting')).toBe('another instance is minting');
  });
});
