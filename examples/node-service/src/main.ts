import { readFileSync } from 'node:fs';
import { readConfig } from './config.ts';
import { createLog } from './log.ts';
import { startService } from './service.ts';

const write = (line: string) => process.stdout.write(line);

try {
  const manifest = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
  const { version } = JSON.parse(manifest) as { version: string };
  const config = readConfig(process.env);
  const service = await startService(config, version, createLog(config.logLevel, write));
  process.once('SIGTERM', () => void service.stop());
  process.once('SIGINT', () => void service.stop());
} catch (error) {
  const reason = error instanceof Error ? error.message : String(error);
  createLog('ERROR', write)('ERROR', `The service did not start. ${reason}`);
  process.exitCode = 1;
}
