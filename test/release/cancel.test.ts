import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { startCloudProxy } from '../support/cloud-proxy.ts';
import { startFolders } from './folders/agent.ts';
import { foldersScenario } from './folders/scenario.ts';
import { deployOrder, HEALTH, type Place, runHere, runProcess } from './matrix-run.ts';

it('leaves the traffic whole when the runner cancels a promotion between two steps', async () => {
  const folders = await startFolders();
  const scenario = foldersScenario(folders);
  const proxy = await startCloudProxy(scenario.services);
  const folder = await mkdtemp(join(tmpdir(), 'pipelines-cancel-'));
  onTestFinished(async () => {
    await proxy.stop();
    await folders.stop();
    await rm(folder, { recursive: true, force: true });
  });
  const place: Place = { scenario, proxy, folder };
  await runHere(place, await deployOrder(place, 1));
  const before = folders.serving();
  const { release } = await runHere(place, await deployOrder(place, 2, { promote: 'false' }));
  const inputs = { release, steps: '[50]', interval: '1h', health: HEALTH };
  const code = await runProcess(place, { name: 'promote', deployment: 2, inputs }, (end) => {
    const watch = setInterval(() => {
      if (folders.serving().length < 2) return;
      clearInterval(watch);
      end('SIGINT');
    }, 20);
  });
  expect(code).toBe(1);
  expect(folders.serving()).toEqual(before);
  expect(folders.releases().some(({ isRolledBack }) => isRolledBack)).toBe(false);
});
