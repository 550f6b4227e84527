import { createRequire } from 'node:module';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Chunk, withSharedModules } from '../../tools/build/shared-modules.ts';
import { temporaryFolder, writeFiles } from '../support/temporary.ts';

/** What makes a module, as the bundler calls it. */
type Factory = (this: unknown, ...given: readonly unknown[]) => void;

const LARGE = `const large = '${'x'.repeat(6_000)}';`;

/** A chunk as the bundler writes it. */
function chunk(name: string, modules: Readonly<Record<string, string>>): Chunk {
  const entries = Object.entries(modules).map(([id, body]) => {
    return `/***/ ${id}:\n/***/ (function(module, exports, __webpack_require__) {\n\n${body}\n\n\n/***/ })`;
  });
  const code = `"use strict";\nexports.id = 1;\nexports.ids = [1];\nexports.modules = {\n\n${entries.join(',\n\n')}\n\n};\n;\n`;
  return { name: `${name}.index.js`, code };
}

const DOOR =
  '/* harmony export */ __webpack_require__.d(exports, {\n/* harmony export */   action: () => (/* binding */ action)\n';

/** Names of the files that change or are new. */
const changed = (chunks: readonly Chunk[]) => withSharedModules(chunks).map(({ name }) => name);

describe('a module that several chunks hold', () => {
  it('is in one file, and works as before in each of them', async () => {
    const text = `${LARGE} module.exports = { size: large.length, own: this === exports, next: __webpack_require__(8) };`;
    const chunks = ['10', '11'].map((name) => chunk(name, { 7: text, [name]: 'module.exports = 7;' }));
    const written = withSharedModules(chunks);
    expect(written.map(({ name }) => name)).toEqual(['shared-7.index.js', '10.index.js', '11.index.js']);
    for (const { name, code } of written.slice(1)) {
      expect(code).not.toContain('xxx');
      expect(code).toContain(`/***/ ${Number.parseInt(name, 10)}:`);
    }
    const folder = await temporaryFolder();
    const files = Object.fromEntries(written.map(({ name, code }) => [name, code]));
    await writeFiles(folder, { ...files, 'package.json': '{"type":"commonjs"}' });
    const load = createRequire(join(folder, 'x.js'));
    for (const name of ['10', '11']) {
      const { modules } = load(`./${name}.index.js`) as { modules: Record<string, Factory> };
      const made = { exports: {} as unknown };
      modules['7']?.call(made.exports, made, made.exports, (id: number) => id);
      expect(made.exports).toEqual({ size: 6_000, own: true, next: 8 });
    }
  });

  it('stands with those that the same chunks hold, and with no others', () => {
    const one = chunk('1', { 5: LARGE, 6: LARGE, 7: LARGE });
    const two = chunk('2', { 5: LARGE, 6: LARGE, 7: LARGE });
    const three = chunk('3', { 7: LARGE });
    expect(changed([one, two, three])).toEqual([
      'shared-5.index.js',
      'shared-7.index.js',
      '1.index.js',
      '2.index.js',
      '3.index.js',
    ]);
  });

  it.each<[string, readonly Chunk[]]>([
    [
      'a door holds it: the start would need one file more',
      [chunk('1', { 7: LARGE, 8: DOOR }), chunk('2', { 7: LARGE }), chunk('3', { 7: LARGE })],
    ],
    ['it is small', [chunk('1', { 7: 'module.exports = 1;' }), chunk('2', { 7: 'module.exports = 1;' })]],
    [
      'it is small, however many hold it',
      ['1', '2', '3', '4'].map((name) => chunk(name, { 7: LARGE.replace('x'.repeat(3_000), '') })),
    ],
    ['it is not the same in both', [chunk('1', { 7: LARGE }), chunk('2', { 7: `${LARGE} ` })]],
    ['only one holds it', [chunk('1', { 7: LARGE }), chunk('2', { 8: LARGE })]],
  ])('stays where it is when %s', (_, chunks) => {
    expect(changed(chunks)).toEqual([]);
  });

  it('that has another form than the bundler writes ends the build', () => {
    const { name, code } = chunk('1', { 7: LARGE });
    expect(() => withSharedModules([{ name, code: code.replace('\n/***/ })', '\n})') }])).toThrow(/no end/);
  });
});
