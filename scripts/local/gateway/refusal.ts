/** An answer that the SDKs turn into a rejection: `{ code, message }` under HTTP 200. */

export class Refusal extends Error {
  override name = 'Refusal';
  code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}
