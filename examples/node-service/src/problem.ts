import { STATUS_CODES } from 'node:http';

/** What is wrong with one field of a request's body: where (a path like `url`) and what. */
export interface Fault {
  path: string;
  message: string;
}

/** An answer that is an error the caller can do something about, as RFC 9457 describes it. */
export class Problem extends Error {
  readonly status: number;
  readonly faults: readonly Fault[];
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    status: number,
    detail: string,
    more: { faults?: readonly Fault[]; headers?: Record<string, string> } = {},
  ) {
    super(detail);
    this.status = status;
    this.faults = more.faults ?? [];
    this.headers = more.headers ?? {};
  }
}

/** The `application/problem+json` body of a problem. */
export function problemBody({ status, message, faults }: Problem): Record<string, unknown> {
  const title = STATUS_CODES[status] ?? 'Error';
  return { title, status, detail: message, ...(faults.length > 0 && { errors: faults }) };
}
