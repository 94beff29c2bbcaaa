/** The language of the lines that a person reads: `--lang`, else the locale of the surroundings. Runs in the browser, too. */

export type Language = 'en' | 'zh';

export const LANGUAGES: readonly Language[] = ['en', 'zh'];

/** One command runs in a process, and all of it speaks one language. */
let chosen: Language = 'en';

export function language(): Language {
  return chosen;
}

/** What programs read stays English: `--json` wins over everything. */
export function chooseLanguage(
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): void {
  chosen = args.includes('--json') ? 'en' : (flagIn(args) ?? localeOf(env));
}

/** A text in every language, side by side: the compiler sees that none is missing. */
export function textsOf<Texts>(texts: { en: Texts; zh: NoInfer<Texts> }): () => Texts {
  return () => texts[chosen];
}

/** Before the line is parsed, so that an error in it is told in that language, too. */
function flagIn(args: readonly string[]): Language | undefined {
  const at = args.findIndex((word) => word === '--lang' || word.startsWith('--lang='));
  const given = args[at] === '--lang' ? args[at + 1] : args[at]?.slice('--lang='.length);
  return LANGUAGES.find((one) => one === given);
}

/** In the order of POSIX: the first that is set counts. */
function localeOf({
  LC_ALL: all,
  LC_MESSAGES: messages,
  LANG: lang,
}: Readonly<Record<string, string | undefined>>): Language {
  const locale = [all, messages, lang].find((value) => value !== undefined && value !== '') ?? '';
  return /^zh\b|^zh_/i.test(locale) ? 'zh' : 'en';
}
