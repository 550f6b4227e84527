import { execFileSync } from 'node:child_process';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Counts, Coverage, FileCoverage } from '../../../src/coverage/types.ts';
import type { Repository } from '../../../src/runtime/git.ts';
import { machine } from '../../support/run-dist.ts';
import { temporaryFolder, writeFiles } from '../../support/temporary.ts';

/** A real git repository to commit to. */
export interface TestRepository {
  readonly folder: string;
  readonly repository: Repository;
  readonly git: (...args: string[]) => string;
  /** Writes files (null removes one), commits everything and returns the commit. */
  readonly commit: (files: Readonly<Record<string, string | null>>, message?: string) => Promise<string>;
}

export async function testRepository(): Promise<TestRepository> {
  const folder = await temporaryFolder();
  const git = (...args: string[]) => {
    const who = ['-c', 'user.name=a', '-c', 'user.email=a@example.com'];
    return execFileSync('git', ['-C', folder, ...who, ...args], { encoding: 'utf8' }).trim();
  };
  git('init', '-q', '-b', 'main');
  const commit = async (files: Readonly<Record<string, string | null>>, message = 'change') => {
    const entries = Object.entries(files);
    await writeFiles(
      folder,
      Object.fromEntries(entries.filter((entry): entry is [string, string] => entry[1] !== null)),
    );
    for (const [path, text] of entries) if (text === null) await rm(join(folder, path));
    git('add', '-A');
    git('commit', '-q', '--allow-empty', '-m', message);
    return git('rev-parse', 'HEAD');
  };
  return { folder, git, commit, repository: repositoryIn(folder) };
}

export function repositoryIn(workspace: string): Repository {
  return { workspace, environment: machine() };
}

/** A clone as actions/checkout makes it: so many commits of one ref, detached. */
export async function shallowClone(from: string, ref: string, depth: number): Promise<string> {
  const folder = await temporaryFolder();
  const git = (...args: string[]) => execFileSync('git', ['-C', folder, ...args], { stdio: 'pipe' });
  git('init', '-q', '-b', 'main');
  git('fetch', '-q', `--depth=${depth}`, pathToFileURL(from).href, ref);
  git('checkout', '-q', '--detach', 'FETCH_HEAD');
  return folder;
}

/** Lines with code of one file: `1 2 !3` means that line 3 was not run. */
export function file(path: string, lines: string, rest: Counts = {}): FileCoverage {
  const words = lines.split(' ').filter((word) => word !== '');
  const hits = words.map((word) => (word.startsWith('!') ? 0 : 1));
  const covered = hits.filter((hit) => hit === 1).length;
  return {
    path,
    counts: { lines: { covered, total: hits.length }, ...rest },
    lines: Uint32Array.from(words.map((word) => Number(word.replace('!', '')))),
    hits: Uint8Array.from(hits),
  };
}

export function coverageOf(...files: readonly FileCoverage[]): Coverage {
  const totals: Record<string, { covered: number; total: number }> = {};
  for (const { counts } of files) {
    for (const [metric, { covered, total }] of Object.entries(counts)) {
      const sum = totals[metric] ?? { covered: 0, total: 0 };
      totals[metric] = { covered: sum.covered + covered, total: sum.total + total };
    }
  }
  const sorted = [...files].sort((left, right) => (left.path < right.path ? -1 : 1));
  return {
    reports: [{ path: 'coverage/lcov.info', format: 'lcov', files: files.length, besides: [] }],
    files: new Map(sorted.map((one) => [one.path, one])),
    totals,
  };
}

/** An lcov report of files as {@link file} takes them; `4:1/2` is a line that was run and of whose branches one was. */
export async function writeLcov(path: string, files: Readonly<Record<string, string>>): Promise<void> {
  const records = Object.entries(files).map(([name, lines]) => {
    const words = lines.split(' ').filter((word) => word !== '');
    const data = words.map((word) => `DA:${word.replace('!', '').replace(/:.*/, '')},${word.startsWith('!') ? 0 : 1}`);
    const arms = words.flatMap((word) => {
      const [, line, covered, total] = /^(\d+):(\d+)\/(\d+)$/.exec(word) ?? [];
      return Array.from({ length: Number(total ?? 0) }, (_, arm) => {
        return `BRDA:${line},0,${arm},${arm < Number(covered) ? 1 : 0}`;
      });
    });
    const hit = data.filter((line) => line.endsWith(',1')).length;
    return ['TN:', `SF:${name}`, ...arms, ...data, `LF:${data.length}`, `LH:${hit}`, 'end_of_record', ''].join('\n');
  });
  await writeFile(path, records.join(''));
}
