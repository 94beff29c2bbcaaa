/** An answer of Tencent's API that says no. */

export type ApiParams = Record<string, unknown>;

export class ApiRefusal extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

export function refuse(code: string, message: string): ApiRefusal {
  return new ApiRefusal(code, message);
}
