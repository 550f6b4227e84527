import { execFileSync } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { root } from '../../tools/install/root.ts';
import { openDescription } from '../support/github/openapi.ts';
import { serveGitHub } from '../support/github/serve.ts';
import { temporaryFolder } from '../support/temporary.ts';

/** Calls of the REST API in the sources that speak to GitHub: of actions, and of this bundle's own release. */
async function calledPaths(): Promise<readonly string[]> {
  const found = new Set<string>();
  for (const folder of ['src', 'tools/release']) {
    const files = (await readdir(join(root, folder), { recursive: true })).filter((path) => path.endsWith('.ts'));
    for (const path of files.filter((name) => folder !== 'src' || !name.startsWith('local/'))) {
      const text = await readFile(join(root, folder, path), 'utf8');
      for (const [, called = ''] of text.matchAll(/'(\/repos\/\{owner\}\/\{repo\}[^']*)'/g)) found.add(called);
    }
  }
  return [...found].sort();
}

async function standIn() {
  const git = await temporaryFolder();
  execFileSync('git', ['init', '--quiet', '--bare', git]);
  const github = await serveGitHub({ permissions: {}, git });
  onTestFinished(() => github.close());
  return github.routes;
}

it('has a stand-in for every call that the actions make', async () => {
  const paths = (await standIn()).map((route) => route.slice(route.indexOf(' ') + 1));
  const called = await calledPaths();
  expect(called.length).toBeGreaterThan(15);
  expect(called.filter((path) => !paths.includes(path))).toEqual([]);
});

it('has no call that would make a deployment: GitHub makes one of each job with an environment', async () => {
  expect((await calledPaths()).filter((path) => /deployments|environments$/.test(path))).toEqual([]);
});

it('has nothing in the stand-in that GitHub does not have', async () => {
  const { paths } = await openDescription();
  const unknown = (await standIn()).filter((route) => {
    const [method = '', path = ''] = route.split(' ');
    return path !== '/graphql' && paths[path]?.[method.toLowerCase()] === undefined;
  });
  expect(unknown).toEqual([]);
});
