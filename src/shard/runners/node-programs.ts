/**
 * Finds the test files as `node --test` of the same Node does, and writes them as JSON: `{"files": […]}` or
 * `{"reason": "…"}`. Node 22 and later look for patterns with the class behind `fs.globSync` (lib/internal/test_runner,
 * createTestFileList); Node 20 walks through folders by rules of its own (documented under "Test runner execution
 * model" of its version), which are written out here.
 *
 * Arguments: the JSON file to write, then the patterns.
 */
export const LISTING_PROGRAM = `'use strict';
const fs = require('node:fs');
const { basename, join, resolve } = require('node:path');
const [, , output, ...patterns] = process.argv;
const major = Number.parseInt(process.versions.node, 10);
const NEWEST = 26;
const kind = (path) => { try { return fs.statSync(path); } catch { return undefined; } };

function walk(path, found, state) {
  const stats = fs.statSync(path);
  if (stats.isFile()) {
    const name = basename(path);
    const isTest = /^test$|^test-.+|.+[._-]test$/.test(name.replace(/\\.[cm]?js$/, ''));
    if (state.given || (/\\.[cm]?js$/.test(name) && (state.inTest || isTest))) found.add(path);
  } else if (stats.isDirectory()) {
    const name = basename(path);
    if (!state.given && name === 'node_modules') return;
    for (const entry of fs.readdirSync(path)) {
      walk(join(path, entry), found, { given: false, inTest: state.inTest || name === 'test' });
    }
  }
}

function before21() {
  const special = patterns.find((pattern) => /[*?[{]/.test(pattern));
  if (special !== undefined) return { reason: 'Node ' + major + ' leaves \`' + special + '\` to the shell; name a folder' };
  const missing = patterns.find((pattern) => kind(pattern) === undefined);
  if (missing !== undefined) return { reason: 'there is no \`' + missing + '\`' };
  const found = new Set();
  for (const path of patterns.length === 0 ? [process.cwd()] : patterns) walk(resolve(path), found, { given: true, inTest: false });
  return { files: [...found] };
}

function byPatterns() {
  const folder = patterns.find((pattern) => kind(pattern)?.isDirectory());
  if (folder !== undefined) return { reason: 'versions of Node differ in what they do with the folder \`' + folder + '\`; name a pattern' };
  if (patterns.length === 0 && major > NEWEST) return { reason: 'it is not known how Node ' + major + ' finds test files; name a pattern' };
  const readsTypes = Boolean(process.features.typescript) || process.execArgv.includes('--experimental-strip-types');
  const extensions = 'js,mjs,cjs' + (readsTypes ? ',ts,mts,cts' : '');
  const usual = '**/{test,test/**/*,test-*,*[._-]test}.{' + extensions + '}';
  const found = fs.globSync(patterns.length === 0 ? [usual] : patterns, { exclude: (name) => name === 'node_modules' });
  const files = [...new Set(found.map((path) => resolve(path)))];
  const odd = files.find((path) => kind(path)?.isFile() !== true);
  return odd === undefined ? { files } : { reason: '\`' + odd + '\` is no file' };
}

const found = major < 21 ? before21() : fs.globSync === undefined ? { reason: 'Node ' + major + ' can’t list files by a pattern' } : byPatterns();
fs.writeFileSync(output, JSON.stringify({ ...found, major }));
`;

/**
 * A reporter for Node's test runner (https://nodejs.org/api/test.html#custom-reporters): the time of each file's process
 * and the counts of the end. In every version a file is reported as a test that has its path for a name.
 */
export const TIMING_REPORTER = `import { resolve } from 'node:path';
export default async function* times(source) {
  const files = {};
  const counts = {};
  for await (const { type, data } of source) {
    if (type === 'test:complete' && data.nesting === 0 && data.file !== undefined && resolve(data.name) === resolve(data.file)) {
      files[resolve(data.file)] = data.details?.duration_ms ?? 0;
    }
    if (type === 'test:diagnostic' && data.nesting === 0 && data.file === undefined) {
      const [, name, count] = /^(pass|fail|cancelled|skipped|todo) (\\d+)$/.exec(data.message) ?? [];
      if (name !== undefined) counts[name] = Number(count);
    }
  }
  const { pass = 0, fail = 0, cancelled = 0, skipped = 0, todo = 0 } = counts;
  yield JSON.stringify({ files, passed: pass, failed: fail + cancelled, skipped: skipped + todo });
}
`;
