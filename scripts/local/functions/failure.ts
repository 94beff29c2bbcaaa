/** How a call that brought no result looks to its caller: codes and texts close to the platform's. */

export interface Failure {
  code: string;
  message: string;
}

/** Wording as the SDK sees it, recorded on the wire. */
export function notFound(name: string): Failure {
  return {
    code: 'FUNCTION_NOT_FOUND',
    message: `[ResourceNotFound.Function] 未找到指定的Function，请创建后再试。 ${name}`,
  };
}

export function executeFail(message: string): Failure {
  return { code: 'FUNCTIONS_EXECUTE_FAIL', message };
}

export function timedOut(seconds: number): Failure {
  return {
    code: 'FUNCTIONS_TIME_LIMIT_EXCEEDED',
    message: `Invoking task timed out after ${seconds} seconds`,
  };
}

export function outOfMemory(megabytes: number): Failure {
  return executeFail(
    `[MemoryLimitReached] it used more than its ${megabytes} MB of memory: set memorySize higher, or find the leak`,
  );
}

/** CloudBase: 6 MB for the event and for the result of a synchronous call. */
export const MAX_PAYLOAD_BYTES = 6 * 1024 * 1024;

export function tooLarge(what: 'event' | 'result', bytes: number): Failure {
  return {
    code: 'FUNCTIONS_EXECUTE_FAIL',
    message: `[RequestTooLarge] the ${what} is ${bytes} bytes of JSON, more than the ${MAX_PAYLOAD_BYTES} (6 MB) of a synchronous call`,
  };
}

export function tooManyWaiting(name: string, waiting: number, instances: number): Failure {
  return {
    code: 'FUNCTIONS_EXECUTE_FAIL',
    message: `[ResourceLimitReached] ${waiting} calls of ${name} already wait for its ${instances} instances`,
  };
}
