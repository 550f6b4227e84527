import { execFileSync } from 'node:child_process';
import { cp, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { root } from '../../tools/install/root.ts';
import { callerFile } from '../support/callers.ts';
import { writeFiles } from '../support/temporary.ts';

/** A repository as a team has it: a page, a service with a database, and the workflow files that it has copied. */
export interface Shop {
  readonly folder: string;
  readonly git: (...args: readonly string[]) => string;
  /** Writes files and commits them as one of the team. @returns the commit */
  readonly commit: (author: string, message: string, files: Readonly<Record<string, string>>) => Promise<string>;
  readonly read: (path: string) => Promise<string>;
}

/** What the service of this shop has of its own, beside what examples/callers say. Each line belongs to `with:`. */
const SERVICE = [
  'working-directory: api',
  `deploy-settings: '{authentication: public, secrets: {DATABASE_URL: database-url}, min-instances: 1}'`,
  `health: '{path: /health, interval: 300ms, timeout: 20s}'`,
  `migrate: '{tool: script, scripts: api/migrations}'`,
];
const DATABASE = ['secrets:', '  database-url: ${{ secrets.DATABASE_URL }}'];

/** @param scan settings of the action `scan` by which it finds its database on this machine */
export async function createShop(folder: string, scan: string): Promise<Shop> {
  const source = join(root, 'test/story/shop');
  const isSource = (path: string) => !/[/\\](node_modules|dist|test-results)$/.test(path);
  await cp(source, folder, { recursive: true, filter: isSource });
  const git = (...args: readonly string[]) => {
    return execFileSync('git', ['-C', folder, ...args], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).trim();
  };
  const shop: Shop = {
    folder,
    git,
    read: (path) => readFile(join(folder, path), 'utf8'),
    commit: async (author, message, files) => {
      await writeFiles(folder, files);
      const email = `${author.toLowerCase()}@example.com`;
      git('config', 'user.name', author);
      git('config', 'user.email', email);
      git('add', '-A');
      git('commit', '-qm', message);
      return git('rev-parse', 'HEAD');
    },
  };
  git('init', '-q', '-b', 'main');
  git('config', 'commit.gpgSign', 'false');
  const workflows = {
    'ci.yml': await callerFile('cloud-run.yml', { given: [...SERVICE, `scan: '{${scan}}'`], behind: DATABASE }),
    'web.yml': await callerFile('web-app.yml', {
      given: ['working-directory: web', `scan: '{allow-empty: true, ${scan}}'`],
    }),
    'release.yml': await callerFile('release.yml', { given: [...SERVICE, 'interval: 3s'], behind: DATABASE }),
    'rollback.yml': await callerFile('rollback.yml'),
  };
  const files = Object.entries(workflows).map(([name, text]) => [`.github/workflows/${name}`, text]);
  await shop.commit('Ada', 'The corner shop', Object.fromEntries(files));
  return shop;
}
