import { type ErrorCode, OutsideFault, shown } from '../runtime/errors.ts';
import type { HttpClient } from '../runtime/http.ts';
import { triesOf } from '../runtime/tries.ts';

/** A site that files are fetched from. */
export interface Site {
  /** By the name its users know, with the host. */
  readonly service: string;
  readonly code: ErrorCode;
  readonly remedy: string;
}

export interface FetchRequest {
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Largest body in bytes. */
  readonly limit: number;
  readonly signal: AbortSignal;
}

/** The body of an answer with status 200, or the status of another one, with how it was asked. */
export type Fetched = { readonly body: Buffer } | { readonly status: number; readonly fault: OutsideFault };

/** @throws OutsideFault with the client's own code when there was no answer at all */
export async function fetchFrom(http: HttpClient, site: Site, request: FetchRequest): Promise<Fetched> {
  const started = performance.now();
  const { status, body } = await http.send(request);
  if (status === 200) return { body };
  const elapsed = performance.now() - started;
  const what = `${shown(request.url, 200)} could not be fetched`;
  const fault = { code: site.code, what, remedy: site.remedy, state: 'nothing was installed' };
  return { status, fault: new OutsideFault(fault, { service: site.service, status, tries: triesOf(status), elapsed }) };
}

/** An answer that is not what such a site sends. */
export function unexpectedAnswer(site: Site, found: string, cause?: unknown): OutsideFault {
  const fault = {
    code: site.code,
    what: `the answer was not what such a site sends: ${found}`,
    remedy: site.remedy,
    state: 'nothing was installed',
  };
  return new OutsideFault(fault, { service: site.service, status: 200, tries: 1, elapsed: 0 }, { cause });
}
