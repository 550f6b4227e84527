import { expect, it } from 'vitest';
import { referenceOf, startBench } from './bench.ts';

it('removes a preview, is content when it is gone already, and never touches what serves', async () => {
  const bench = await startBench();
  const live = await bench.deploy('one', 'page one');
  const preview = await bench.deploy('two', 'page two', { promote: 'false' });
  const { release = '' } = preview.outputs;
  expect((await bench.deletePreview({ release })).outputs).toEqual({ deleted: true });
  expect(bench.folders.releases()).toHaveLength(1);
  expect((await bench.deletePreview({ release })).outputs).toEqual({ deleted: false });
  await expect(bench.deletePreview({ release: live.outputs.release ?? '' })).rejects.toThrow('PIPE-RELEASE-016');
  expect(await bench.page()).toBe('page one');
});

it('removes a preview by its name, and says so when it was not told which', async () => {
  const bench = await startBench();
  await bench.deploy('one', 'page one');
  const target = referenceOf('x').replace(/\/x$/, '');
  const asked: string[] = [];
  bench.proxy.inject(({ method, path }) => {
    if (method === 'DELETE') asked.push(path);
    return undefined;
  });
  expect((await bench.deletePreview({ target, channel: 'pr-12' })).outputs).toEqual({ deleted: false });
  expect(asked).toEqual(['/places/shop/releases/channel:pr-12']);
  await expect(bench.deletePreview({ target })).rejects.toThrow('PIPE-RELEASE-015');
  await expect(bench.deletePreview({ release: referenceOf('a'), channel: 'b' })).rejects.toThrow('PIPE-RELEASE-015');
});

it('counts a removal whose answer was lost', async () => {
  const bench = await startBench();
  await bench.deploy('one', 'page one');
  const { outputs } = await bench.deploy('two', 'page two', { promote: 'false' });
  let isLost = false;
  bench.proxy.inject(({ method }) => {
    if (method !== 'DELETE' || isLost) return undefined;
    isLost = true;
    return 'lost';
  });
  const { outputs: removed } = await bench.deletePreview({ release: outputs.release ?? '' });
  expect(removed.deleted).toBe(false);
  expect(bench.folders.releases()).toHaveLength(1);
});
