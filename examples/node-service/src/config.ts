import { z } from 'zod';
import { severities } from './log.ts';

const wholeNumber = (maximum: number) =>
  z
    .string()
    .regex(/^\d{1,9}$/, 'must be a whole number')
    .transform(Number)
    .pipe(z.number().max(maximum));

const environment = z.object({
  /** Cloud Run sets PORT and sends requests to it on every interface; 0 picks a free port. */
  PORT: wholeNumber(65_535).default(8080),
  HOST: z.string().min(1).default('0.0.0.0'),
  LOG_LEVEL: z.enum(severities).default('INFO'),
  /** Milliseconds that requests in flight may still take after SIGTERM. Cloud Run kills after 10 s. */
  SHUTDOWN_GRACE_MS: wholeNumber(600_000).default(8000),
});

export interface Config {
  port: number;
  host: string;
  logLevel: (typeof severities)[number];
  /** Milliseconds. */
  shutdownGrace: number;
}

/** Reads the configuration from environment variables; throws one error that names every wrong one. */
export function readConfig(env: Record<string, string | undefined>): Config {
  const result = environment.safeParse(env);
  if (!result.success) {
    const faults = result.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
    throw new Error(`Invalid environment: ${faults.join('; ')}`);
  }
  const { PORT, HOST, LOG_LEVEL, SHUTDOWN_GRACE_MS } = result.data;
  return { port: PORT, host: HOST, logLevel: LOG_LEVEL, shutdownGrace: SHUTDOWN_GRACE_MS };
}
