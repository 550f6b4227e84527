import { execFileSync } from 'node:child_process';
import { root } from '../install/root.ts';

/**
 * Builds everything that is generated anew and ends with 1 when that differs from what is there: what is committed must
 * be what its sources say. The differences stay in the working tree, ready to be committed.
 */
const before = snapshot();
await import('./build.ts');
const after = snapshot();
const changed = [...new Set([...before.keys(), ...after.keys()])].filter(
  (path) => before.get(path) !== after.get(path),
);
if (changed.length > 0) {
  console.log(`generated files were not up to date; they are now, commit them:\n${changed.sort().join('\n')}`);
  process.exitCode = 1;
} else console.log(`${after.size} files, all generated ones are what their sources say`);

/** Every file that git would commit, with the hash of its content. */
function snapshot(): ReadonlyMap<string, string> {
  const git = (args: readonly string[], input?: string) => {
    return execFileSync('git', [...args], {
      cwd: root,
      encoding: 'utf8',
      maxBuffer: 64 * 1024 * 1024,
      ...(input === undefined ? {} : { input }),
    });
  };
  const paths = git(['ls-files', '--cached', '--others', '--exclude-standard', '--deduplicate'])
    .split('\n')
    .filter(Boolean);
  const gone = new Set(git(['ls-files', '--deleted']).split('\n'));
  const there = paths.filter((path) => !gone.has(path));
  const hashes = git(['hash-object', '--stdin-paths'], `${there.join('\n')}\n`)
    .trim()
    .split('\n');
  return new Map(there.map((path, index) => [path, hashes[index] ?? '']));
}
