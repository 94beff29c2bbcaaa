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
export type Text = Readonly<Record<Language, string>>;

/** The one of the chosen language. What is made when a module loads is picked from when it is shown: no sooner is it chosen. */
export function pick<Choice>(texts: { en: Choice; zh: NoInfer<Choice> }): Choice {
  return texts[chosen];
}

/** The same of many texts. */
export function textsOf<Texts>(texts: { en: Texts; zh: NoInfer<Texts> }): () => Texts {
  return () => pick(texts);
}

/** Phrases one after the other, and names in a list. */
export function phrases(parts: readonly string[]): string {
  return parts.join(pick({ en: '; ', zh: '；' }));
}

export function names(list: readonly string[]): string {
  return list.join(pick({ en: ', ', zh: '、' }));
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
