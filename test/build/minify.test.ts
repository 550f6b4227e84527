import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { minifyChunks } from '../../tools/build/minify.ts';
import { temporaryFolder } from '../support/temporary.ts';

const CHUNK =
  'class NamedError extends Error {}\nfunction once() { return new NamedError("x").constructor.name; }\nmodule.exports = once();\n';

it('a chunk that was made small before is the same, to the byte', async () => {
  const [kept, first, second] = [await temporaryFolder(), await temporaryFolder(), await temporaryFolder()];
  for (const folder of [first, second]) {
    await writeFile(join(folder, 'a.js'), CHUNK);
    await minifyChunks(folder, kept);
  }
  const small = await readFile(join(first, 'a.js'), 'utf8');
  expect(small.length).toBeLessThan(CHUNK.length);
  expect(small).toContain('NamedError');
  expect(await readFile(join(second, 'a.js'), 'utf8')).toBe(small);
  const fresh = await temporaryFolder();
  await writeFile(join(fresh, 'a.js'), CHUNK);
  await minifyChunks(fresh, await temporaryFolder());
  expect(await readFile(join(fresh, 'a.js'), 'utf8')).toBe(small);
});

it('a chunk that was changed is made small anew', async () => {
  const [kept, folder] = [await temporaryFolder(), await temporaryFolder()];
  await writeFile(join(folder, 'a.js'), CHUNK);
  await minifyChunks(folder, kept);
  await writeFile(join(folder, 'a.js'), CHUNK.replace('"x"', '"y"'));
  await minifyChunks(folder, kept);
  expect(await readFile(join(folder, 'a.js'), 'utf8')).toContain('"y"');
  expect(await readdir(kept)).toHaveLength(2);
});

it('what is no JavaScript ends the build', async () => {
  const folder = await temporaryFolder();
  await writeFile(join(folder, 'a.js'), 'const = 1;');
  await expect(minifyChunks(folder, await temporaryFolder())).rejects.toThrow();
});
