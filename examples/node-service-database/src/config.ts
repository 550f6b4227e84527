export interface Config {
  port: number;
  host: string;
  /** Address of the PostgreSQL database. It holds a password: it is never logged. */
  databaseUrl: string;
}

/** Reads the configuration from environment variables; throws an error that names the wrong one. */
export function readConfig(env: Record<string, string | undefined>): Config {
  const port = env.PORT ?? '8080';
  if (!/^\d{1,5}$/.test(port) || Number(port) > 65_535) {
    throw new Error('PORT must be a whole number up to 65535');
  }
  const databaseUrl = env.DATABASE_URL ?? '';
  if (!/^postgres(ql)?:\/\//.test(databaseUrl)) {
    throw new Error('DATABASE_URL must be the address of a PostgreSQL database');
  }
  return { port: Number(port), host: env.HOST ?? '0.0.0.0', databaseUrl };
}
