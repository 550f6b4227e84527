import type { CloudAnswer } from '../cloud-proxy.ts';

/** Google's names of HTTP statuses (google.rpc.Code). */
const NAMES: Readonly<Record<number, string>> = {
  400: 'INVALID_ARGUMENT',
  401: 'UNAUTHENTICATED',
  403: 'PERMISSION_DENIED',
  404: 'NOT_FOUND',
  409: 'ABORTED',
  429: 'RESOURCE_EXHAUSTED',
};

/** A refusal; thrown, because it ends whatever was being done. */
export class Refusal extends Error {
  readonly answer: CloudAnswer;

  constructor(code: number, message: string, status = NAMES[code] ?? 'UNKNOWN', details?: readonly object[]) {
    super(message);
    const error = { code, message, status, ...(details === undefined ? {} : { details }) };
    this.answer = { status: code, body: { error } };
  }
}

/** A field that is not as it has to be. */
export function badField(field: string, description: string): Refusal {
  const violation = { '@type': 'type.googleapis.com/google.rpc.BadRequest', fieldViolations: [{ field, description }] };
  return new Refusal(400, `${field}: ${description}`, 'INVALID_ARGUMENT', [violation]);
}

export function ok(body: object): CloudAnswer {
  return { status: 200, body };
}

export function now(): string {
  // Google's times have six digits after the point.
  return new Date().toISOString().replace('Z', '000Z');
}
