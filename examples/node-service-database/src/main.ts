import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Pool } from 'pg';
import { readConfig } from './config.ts';
import { answerBy } from './service.ts';

function log(severity: 'INFO' | 'ERROR', message: string): void {
  process.stdout.write(`${JSON.stringify({ severity, message })}\n`);
}

function fail(error: unknown): void {
  log('ERROR', error instanceof Error ? error.message : String(error));
}

try {
  const manifest = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
  const { version } = JSON.parse(manifest) as { version: string };
  const { port, host, databaseUrl } = readConfig(process.env);
  const database = new Pool({ connectionString: databaseUrl, max: 5 });
  // A connection that the server ends while it is idle is no reason to end.
  database.on('error', fail);
  const answer = answerBy(database, version, fail);
  const server = createServer((request, response) => void answer(request, response));
  server.listen(port, host, () => {
    log('INFO', `Listening on ${host}:${(server.address() as AddressInfo).port}`);
  });
  const stop = () => {
    server.close(() => void database.end());
    server.closeIdleConnections();
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
} catch (error) {
  fail(error);
  process.exitCode = 1;
}
