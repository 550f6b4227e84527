import type { CloudAnswer } from '../cloud-proxy.ts';

const CODES = {
  INVALID_ARGUMENT: 400,
  FAILED_PRECONDITION: 400,
  UNAUTHENTICATED: 401,
  PERMISSION_DENIED: 403,
  NOT_FOUND: 404,
  ALREADY_EXISTS: 409,
  ABORTED: 409,
  RESOURCE_EXHAUSTED: 429,
} as const;

/** A refusal in Google's form (google.rpc.Status). */
export class Refusal extends Error {
  readonly answer: CloudAnswer;
  constructor(status: keyof typeof CODES, message: string, details: readonly object[] = []) {
    super(message);
    const code = CODES[status];
    const more = details.length === 0 ? {} : { details };
    this.answer = { status: code, body: { error: { code, message, status, ...more } } };
  }
}
