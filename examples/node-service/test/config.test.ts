import { expect, it } from 'vitest';
import { readConfig } from '../src/config.ts';

it('listens on every interface, on port 8080, unless told otherwise', () => {
  expect(readConfig({})).toEqual({
    port: 8080,
    host: '0.0.0.0',
    logLevel: 'INFO',
    shutdownGrace: 8000,
  });
  const told = { PORT: '9000', HOST: '::1', LOG_LEVEL: 'DEBUG', SHUTDOWN_GRACE_MS: '0' };
  expect(readConfig(told)).toEqual({
    port: 9000,
    host: '::1',
    logLevel: 'DEBUG',
    shutdownGrace: 0,
  });
});

it.each(['', '80.5', '-1', '65536', '0x50', 'http'])('refuses the port "%s" by name', (port) => {
  expect(() => readConfig({ PORT: port })).toThrow(/^Invalid environment: PORT: /);
});

it('names every wrong variable at once', () => {
  expect(() => readConfig({ PORT: 'a', LOG_LEVEL: 'loud' })).toThrow(/PORT: .*; LOG_LEVEL: /);
});
