import { describe, expect, it } from 'vitest';
import { planSummary } from '../../src/plan/summary.ts';
import { commands, lines, manifest, plan, refusal } from './repository.ts';

const WORKSPACE = manifest({}, [], { workspaces: ['packages/*'] });
const LONG = 'x'.repeat(120_000);

describe('a package.json that is not JSON', () => {
  it.each([
    ['', 1, 1],
    ['{', 1, 2],
    ['{"a": 1,}', 1, 9],
    ['{\n  // comment\n  "a": 1\n}', 2, 3],
    ["{\n  'a': 1\n}", 2, 3],
    ['{"a": "line\nbreak"}', 1, 7],
    ['{"a": 01}', 1, 8],
    ['{"a": .5}', 1, 7],
    ['{"a": tru}', 1, 7],
    ['{"a" 1}', 1, 6],
    ['{"a": 1} x', 1, 10],
    ['[1, 2', 1, 6],
    ['[1 2]', 1, 4],
    ['{"a": "\\x"}', 1, 7],
    ['{"a": 1]', 1, 8],
    ['<<<<<<< HEAD\n{}', 1, 1],
    [`{"a": ${'['.repeat(100_000)}`, 1, 100_007],
    [`{"a": "${'y'.repeat(3_000_000)}" "b"}`, 1, 3_000_010],
  ])('is refused with its place: %#', async (text, line, column) => {
    const message = await refusal({ 'package.json': text });
    expect(message).toContain(`PIPE-PLAN-003: package.json is not valid JSON at line ${line}, column ${column}.`);
    expect(message.length).toBeLessThan(500);
  });

  it('is refused by file in a workspace', async () => {
    const tree = { 'package.json': WORKSPACE, 'packages/a/package.json': '{"name": "a"\n"version": "1"}' };
    expect(await refusal(tree)).toContain('packages/a/package.json is not valid JSON at line 2, column 1');
  });

  it.each([
    ['PIPE-FILE-002', '{"name": "a\u0000b"}'],
    ['PIPE-FILE-001', `{"a": "${'y'.repeat(5_000_000)}"}`],
  ])('is refused by the limits of every project file: %s', async (code, text) => {
    expect(await refusal({ 'package.json': text })).toContain(code);
  });

  it('is not one with a byte order mark', async () => {
    expect(commands(await plan({ 'package.json': '\ufeff{"scripts": {"lint": "eslint ."}}' }))).toEqual({
      lint: 'npm run lint',
    });
  });
});

describe('a package.json of another form', () => {
  it.each([
    ['[]', 'package.json is not as', 'a list of 0'],
    ['null', 'package.json is not as', 'null'],
    ['7', 'package.json is not as', '7'],
    ['{"name": 5}', '`name` in package.json', '5'],
    ['{"name": ["a"]}', '`name` in package.json', 'a list of 1'],
    ['{"name": "a\\n::error::b"}', '`name` in package.json', '"a\\n::error::b"'],
    [`{"name": "${LONG}"}`, '`name` in package.json', '(120000 characters)'],
    ['{"scripts": ["lint"]}', '`scripts` in package.json', 'a list of 1'],
    ['{"scripts": "lint"}', '`scripts` in package.json', '"lint"'],
    ['{"workspaces": "packages/*"}', '`workspaces` in package.json', '"packages/*"'],
    ['{"workspaces": [1]}', '`workspaces` in package.json', 'a list of 1'],
    ['{"workspaces": {"packages": {}}}', '`workspaces` in package.json', 'an object'],
    ['{"packageManager": {}}', '`packageManager` in package.json', 'an object'],
  ])('is refused with what was given: %#', async (text, what, given) => {
    const message = await refusal({ 'package.json': text });
    expect(message).toContain('PIPE-PLAN-004');
    expect(message).toContain(what);
    expect(message).toContain(given);
    expect(message.length).toBeLessThan(600);
  });

  it('is read as far as it makes sense', async () => {
    const odd = {
      scripts: { '//': ['a', 'b'], lint: 7, test: 'vitest', '': 'x', build: '  ' },
      dependencies: [],
      devDependencies: { a: 1 },
      workspaces: {},
    };
    expect(commands(await plan({ 'package.json': odd }))).toEqual({ test: 'npm run test' });
    expect((await plan({ 'package.json': { name: '', scripts: null, workspaces: null } })).packages[0]?.name).toBe('.');
  });
});

describe('names that could do harm', () => {
  it('are data: keys of every object among them', async () => {
    const text =
      '{"__proto__": {"scripts": {"lint": "x"}}, "constructor": 1, "scripts": {"__proto__": "a", "toString": "b", "hasOwnProperty": "c"}, "devDependencies": {"__proto__": "1", "constructor": "2"}}';
    const found = await plan({
      'package.json': text,
      'tsconfig.json': '{"__proto__": {"files": []}, "compilerOptions": null}',
    });
    expect(found.tasks).toEqual([]);
    expect(Object.hasOwn(Object.prototype, 'scripts')).toBe(false);
  });

  it('never reach a line of the log or of the summary as they are', async () => {
    const evil = 'a\n::error::b\u001b[31m\u0007\u202e`$(id)`';
    const found = await plan({
      'package.json': manifest(
        { [`test:e2e`]: 'x', [evil]: 'x', lint: `turbo run lint --filter='${evil}'`, build: `tsc -b '${evil}'` },
        [],
        {
          workspaces: ['packages/*', '../../*'],
          dependencies: { prisma: '*', '@prisma/client': '*', typescript: '*' },
          packageManager: `npm@1\u001b[2J${'9'.repeat(500)}`,
        },
      ),
      'packages/b/package.json': {
        name: '<img src=x onerror=alert(1)>',
        scripts: { test: `jest --watch='${evil}' --config "${evil}"` },
      },
      [`packages/${evil.replaceAll('/', '')}/package.json`]: {
        name: '@everyone',
        scripts: { test: `nodemon '${evil}'`, lint: 'eslint .' },
      },
      'tsconfig.json': '{}',
      [`${evil}/Dockerfile`]: '',
      [`${evil}/x.prisma`]: '',
      [`${evil}.csproj`]: '',
    });
    const log = lines(found);
    for (const line of log) expect(line).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e]/);
    const summary = planSummary(found);
    expect(summary).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f\u202e]|<img|@everyone/);
    expect(log.join('\n')).toContain('\\u001b[31m');
    expect(log).toContain('not checked: 4 files (control characters in the path)');
    expect(found.packages.map(({ directory }) => directory)).toEqual(['.', 'packages/b']);
    JSON.stringify(found, (_, value: unknown) => {
      if (typeof value === 'string') expect(value).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e]/);
      return value;
    });
  });

  it('are no commands: nothing of a script is planned but its name or a known tool', async () => {
    const scripts = {
      'lint:ci\nrm -rf /': 'x',
      '-rf': 'x',
      'test; id': 'x',
      format: "prettier --write 'a\nb'",
      lint: 'eslint --fix "$(id)"',
    };
    const found = await plan({ 'package.json': manifest(scripts) });
    expect(found.tasks.map(({ command }) => command)).toEqual([['npm', 'run', 'lint']]);
  });

  it('may be folders of any name', async () => {
    const found = await plan({
      'package.json': WORKSPACE,
      'packages/a b;$(id)/package.json': { name: 'odd', scripts: { lint: 'x' } },
    });
    expect(found.tasks).toMatchObject([
      { id: 'packages/a b;$(id):lint', directory: 'packages/a b;$(id)', command: ['npm', 'run', 'lint'] },
    ]);
    expect(lines(found)).toContain('lint: `npm run lint` in "packages/a b;$(id)" (package.json)');
  });
});

describe('texts of any length', () => {
  it('are cut in every line', async () => {
    const long = 'y'.repeat(5_000);
    const found = await plan({
      'package.json': manifest({
        test: `jest --watch ${long}`,
        lint: `eslint --fix ${long}`,
        format: `prettier --write ${long}`,
        build: LONG,
        e2e: LONG,
      }),
    });
    for (const line of lines(found)) expect(line.length).toBeLessThan(1_300);
    expect(commands(found)).toEqual({ build: 'npm run build' });
  });

  it.each([
    ['(((('.repeat(4_000), 'test'],
    ['"'.repeat(15_001), 'test'],
    ['a && '.repeat(3_000), 'test'],
    [`${'A=1 '.repeat(4_000)}vitest`, 'test'],
    [`${'npx '.repeat(4_000)}vitest`, 'test'],
    ['npm run test && npm run test', 'test'],
    ['run-s "test*" "te*t**" test:**', 'test'],
    [`concurrently ${'"npm:test"'.repeat(1_000)}`, 'test'],
  ])('in scripts are looked through in bounded time: %#', async (script, id) => {
    expect(commands(await plan({ 'package.json': manifest({ test: script }) }))[id]).toBe('npm run test');
  });

  it('in scripts that call each other are looked through once', async () => {
    const names = Array.from({ length: 400 }, (_, index) => `s${index}`);
    const all = names.map((name) => `npm run ${name}`).join(' && ');
    const scripts = Object.fromEntries(names.map((name) => [name, all]));
    expect(commands(await plan({ 'package.json': manifest({ ...scripts, build: all }) }))).toEqual({
      build: 'npm run build',
    });
  });
});
