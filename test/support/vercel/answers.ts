import type { CloudAnswer } from '../cloud-proxy.ts';

/** An error as Vercel's REST API writes it. */
export class VercelRefusal extends Error {
  readonly answer: CloudAnswer;
  constructor(status: number, code: string, message: string, more: object = {}) {
    super(message);
    this.answer = { status, body: { error: { code, message, ...more } } };
  }
}

export const notAuthorized = (): VercelRefusal => new VercelRefusal(403, 'forbidden', 'Not authorized');

export const invalidToken = (): VercelRefusal => {
  return new VercelRefusal(403, 'forbidden', 'Not authorized', { invalidToken: true });
};

export const badRequest = (message: string): VercelRefusal => {
  return new VercelRefusal(400, 'bad_request', `Invalid request: ${message}`);
};

export const unknownField = (name: string, place = ''): VercelRefusal => {
  return badRequest(`${place === '' ? '' : `\`${place}\` `}should NOT have additional property \`${name}\`.`);
};

export const notFound = (message: string): VercelRefusal => new VercelRefusal(404, 'not_found', message);

/** The quota of an endpoint is used up until a time (in milliseconds since the epoch). */
export const rateLimited = (endpoint: string, total: number, resetMs: number): VercelRefusal => {
  const message = `The rate limit of ${total} exceeded for '${endpoint}'. Try again in 1 minute`;
  const limit = { remaining: 0, reset: Math.ceil(resetMs / 1_000), resetMs, total };
  return new VercelRefusal(429, 'rate_limited', message, { limit });
};
