/**
 * What the database's answers must look like. Anything else is an error, and never a won or lost race: the next
 * generation of the SDK resolves on a refusal, with an answer that has neither id nor count.
 */

/** Carries the database's own code where it told one. */
export class AnswerError extends Error {
  override readonly name = 'AnswerError';
  readonly code: string;

  constructor(code: string) {
    super(`the database answered in a form that is not known here (${code})`);
    this.code = code;
  }
}

/** Null: there is no such document. */
export function documentIn(answer: unknown, id: string): Record<string, unknown> | null {
  return documentsIn(answer, [id]).get(id) ?? null;
}

/** By id: some of these documents or all, each once, and no others. */
export function documentsIn(answer: unknown, ids: readonly string[]): Map<string, Record<string, unknown>> {
  const { data } = fieldsOf(answer);
  if (!Array.isArray(data)) throw new AnswerError('UNREADABLE_ANSWER');
  const documents = new Map<string, Record<string, unknown>>();
  for (const found of data.map(fieldsOf)) {
    const id = ids.find((one) => one === found['_id']);
    if (id === undefined || documents.has(id)) throw new AnswerError('UNREADABLE_ANSWER');
    documents.set(id, found);
  }
  return documents;
}

/** An insert that succeeded names the document. */
export function requireInserted(answer: unknown, id: string): void {
  if (fieldsOf(answer)['id'] !== id) throw new AnswerError('UNREADABLE_ANSWER');
}

/** Of one document at most: true when it was changed, or removed. */
export function isOne(answer: unknown, count: 'updated' | 'deleted'): boolean {
  const number = fieldsOf(answer)[count];
  if (number === 0 || number === 1) return number === 1;
  throw new AnswerError('UNREADABLE_ANSWER');
}

/** An answer with a code is a refusal that was not thrown. */
function fieldsOf(answer: unknown): Record<string, unknown> {
  if (typeof answer !== 'object' || answer === null) throw new AnswerError('UNREADABLE_ANSWER');
  const { code, message } = answer as { code?: unknown; message?: unknown };
  const isRefusal = typeof code === 'string' && code !== '' && !('_id' in answer);
  if (!isRefusal) return answer as Record<string, unknown>;
  const error = new AnswerError(code);
  if (typeof message === 'string') error.message = message;
  throw error;
}
