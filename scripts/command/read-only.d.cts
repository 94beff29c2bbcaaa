export function explainReadOnly(error: unknown, root: string, isChinese: boolean): string | undefined;
