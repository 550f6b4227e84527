import { expect, it } from 'vitest';
import { runningService } from './running-service.ts';

it('says that it is up, in which version and for how long', async () => {
  const { url } = await runningService();
  const response = await fetch(`${url}/health`);
  expect(response.status).toBe(200);
  expect(response.headers.get('cache-control')).toBe('no-store');
  expect(await response.json()).toEqual({
    status: 'ok',
    version: '1.2.3',
    uptime: expect.any(Number) as number,
  });
});

it('answers HEAD like GET, without a body', async () => {
  const { url } = await runningService();
  const response = await fetch(`${url}/health`, { method: 'HEAD' });
  expect(response.status).toBe(200);
  expect(await response.text()).toBe('');
});
