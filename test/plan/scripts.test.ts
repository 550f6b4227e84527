import { describe, expect, it } from 'vitest';
import { manifestOf } from '../../src/plan/manifest.ts';
import { chooseScript } from '../../src/plan/script-choice.ts';
import { COVERAGE_NAMES, SCRIPT_NAMES } from '../../src/plan/script-names.ts';
import { TASK_KINDS, type TaskKind } from '../../src/plan/types.ts';
import { commands, lines, manifest, plan } from './repository.ts';

/** A command that is what its kind asks for, whatever the script is called. */
const COMMAND: Readonly<Record<TaskKind, string>> = {
  generate: 'graphql-codegen',
  format: 'prettier --check .',
  lint: 'eslint .',
  typecheck: 'tsc --noEmit',
  test: 'vitest run',
  build: 'rollup -c',
};

function chosen(kind: TaskKind, scripts: Readonly<Record<string, string>>, coverage = false) {
  return chooseScript(manifestOf('.', { scripts }), kind, { coverage });
}

describe('the scripts of a package', () => {
  const names = TASK_KINDS.flatMap((kind) => SCRIPT_NAMES[kind].map((name) => [kind, name] as const));
  it.each(names)('are known for %s by the name %s', (kind, name) => {
    const { choice, passedOver } = chosen(kind, { [name]: COMMAND[kind] });
    expect(choice).toMatchObject({ script: name, corrects: false });
    expect(choice?.instead).toBeUndefined();
    expect(passedOver).toEqual([]);
    const others = TASK_KINDS.filter((other) => other !== kind && chosen(other, { [name]: COMMAND[kind] }).choice);
    expect(others).toEqual([]);
  });

  it.each(COVERAGE_NAMES)('measure coverage with %s where it is asked for', (name) => {
    const scripts = { test: 'vitest run', [name]: 'vitest run --coverage' };
    expect(chosen('test', scripts).choice?.script).toBe('test');
    expect(chosen('test', scripts, true).choice?.script).toBe(name);
    expect(chosen('test', { [name]: 'vitest run --coverage' }).choice?.script).toBe(name);
  });

  it.each([
    ['lint', ['lint:ci', 'lint:check', 'lint', 'eslint']],
    ['format', ['format:check', 'prettier:check', 'format']],
    ['typecheck', ['typecheck', 'type-check', 'tsc']],
    ['test', ['test:ci', 'test', 'test:unit']],
    ['build', ['build:ci', 'build', 'compile']],
    ['generate', ['generate', 'codegen', 'prisma:generate']],
  ] as const)('are preferred for %s in the order %j', (kind, ordered) => {
    for (const [index, expected] of ordered.entries()) {
      const names = ordered.slice(index).reverse();
      const scripts = Object.fromEntries(names.map((name) => [name, COMMAND[kind]]));
      expect(chosen(kind, scripts).choice?.script).toBe(expected);
    }
  });

  it('are planned by the name of their kind, with the file that they come from', async () => {
    const found = await plan({ 'package.json': manifest({ 'type-check': 'tsc --noEmit' }) });
    expect(found.tasks).toEqual([
      {
        id: 'typecheck',
        kind: 'typecheck',
        package: 'project',
        directory: '.',
        command: ['npm', 'run', 'type-check'],
        display: 'npm run type-check',
        path: [],
        environment: {},
        script: 'type-check',
        source: 'package.json',
        reason: 'package.json',
        needs: [],
      },
    ]);
    expect(lines(found)).toContain('typecheck: `npm run type-check` (package.json)');
  });

  it('say what they were chosen for when their name could mean several things', async () => {
    const check = (command: string) => plan({ 'package.json': manifest({ check: command }) }).then(commands);
    expect(await check('biome check .')).toEqual({ lint: 'npm run check' });
    expect(await check('svelte-check --tsconfig ./tsconfig.json')).toEqual({ typecheck: 'npm run check' });
    expect(await check('node scripts/check-links.js')).toEqual({});
  });

  it('are started as they are by the package manager of the project', async () => {
    const scripts = manifest({ lint: 'eslint .', 'test:unit': 'vitest run' });
    for (const [lockfile, name] of [
      ['pnpm-lock.yaml', 'pnpm'],
      ['yarn.lock', 'yarn'],
      ['bun.lock', 'bun'],
    ]) {
      const found = await plan({ 'package.json': scripts, [lockfile ?? '']: '' });
      expect(commands(found)).toEqual({ lint: `${name} run lint`, test: `${name} run test:unit` });
    }
  });
});

describe('a script that would not check', () => {
  it.each([
    ['test', 'echo "Error: no test specified" && exit 1'],
    ['test', "echo 'later' && exit 0"],
    ['lint', 'true'],
    ['build', 'echo nothing to build'],
  ] as const)('is left out when %s only says something: %s', async (kind, command) => {
    const found = await plan({ 'package.json': manifest({ [kind]: command }) });
    expect(found.tasks).toEqual([]);
    expect(lines(found)).toContain(`${kind}: script \`${kind}\` is not run (it only prints a text)`);
  });

  it.each([
    ['prettier --write .', 'prettier --check .'],
    ["prettier -w 'src/**/*.{ts,tsx}' --log-level warn", "prettier --check 'src/**/*.{ts,tsx}' --log-level warn"],
    ['npx prettier --write src', 'prettier --check src'],
    ['biome format --write src', 'biome format src'],
  ])('has its formatter check instead of rewrite: %s', async (script, command) => {
    const found = await plan({ 'package.json': manifest({ format: script }, ['prettier']) });
    expect(commands(found)).toEqual({ format: command });
    expect(lines(found)).toContain(`format: \`${command}\` (package.json, script format without --write)`);
  });

  it.each([
    'prettier --write $FILES',
    'prettier --write . && git add .',
    'prettier --write src > log.txt',
    'cross-env A=1 prettier --write src',
  ])('is not taken apart where a shell would do more: %s', async (script) => {
    const found = await plan({ 'package.json': manifest({ format: script }, ['prettier']) });
    expect(commands(found)).toEqual({ format: 'prettier --check .' });
    expect(lines(found)).toContain('format: script `format` is not run (it rewrites files)');
  });

  it('never rewrites files: a format script counts only when its command checks', async () => {
    const found = (scripts: Record<string, string>) => plan({ 'package.json': manifest(scripts) }).then(commands);
    expect(await found({ format: 'prettier -c src' })).toEqual({ format: 'npm run format' });
    expect(await found({ fmt: 'dprint fmt' })).toEqual({});
    expect(await found({ format: 'prettier src' })).toEqual({});
    expect(await found({ format: 'npm run format:all', 'format:all': 'prettier --write . && eslint --fix .' })).toEqual(
      {},
    );
    expect(await found({ 'format:check': 'prettier --check .', format: 'prettier --write .' })).toEqual({
      format: 'npm run format:check',
    });
  });

  it('lints without correcting', async () => {
    const found = await plan({ 'package.json': manifest({ lint: 'eslint "{src,test}/**/*.ts" --fix' }) });
    expect(commands(found)).toEqual({ lint: "eslint '{src,test}/**/*.ts'" });
    expect(lines(found)).toContain("lint: `eslint '{src,test}/**/*.ts'` (package.json, script lint without --fix)");
    const both = await plan({ 'package.json': manifest({ lint: 'eslint . --fix', 'lint:check': 'eslint .' }) });
    expect(commands(both)).toEqual({ lint: 'npm run lint:check' });
    const hooked = await plan({ 'package.json': manifest({ prelint: 'node prepare.js', lint: 'eslint . --fix' }) });
    expect(commands(hooked)).toEqual({ lint: 'npm run lint' });
  });

  it.each([
    ['jest --watch', 'jest'],
    ['jest --watchAll --runInBand', 'jest --runInBand'],
    ['vitest --watch', 'vitest run'],
    ['vitest watch src', 'vitest run src'],
    ['node --test --watch', 'node --test'],
    ['ng test', 'ng test --watch=false'],
    ['mocha -w', 'mocha'],
  ])('runs once instead of waiting for changes: %s', async (script, command) => {
    const found = await plan({ 'package.json': manifest({ test: script }) });
    expect(commands(found)).toEqual({ test: command });
    expect(lines(found)).toContain(`test: \`${command}\` (package.json, script test without watching)`);
  });

  it.each(['vitest', 'jest --watchAll=false', 'jest', 'react-scripts test', 'vitest --watch=false'])(
    'is run as it is when CI ends it: %s',
    async (script) => {
      expect(commands(await plan({ 'package.json': manifest({ test: script }) }))).toEqual({ test: 'npm run test' });
    },
  );

  it.each([
    ['nodemon --exec mocha', 'it waits for changes: nodemon'],
    ['tsc -p test && jest --watch', 'it waits for changes: jest --watch'],
    ['karma start', 'it waits for changes: karma start'],
    ['playwright test', 'it drives a browser'],
    ['cypress run', 'it drives a browser'],
  ])('is named as not checked where it can not be: %s', async (script, reason) => {
    const found = await plan({ 'package.json': manifest({ test: script }) });
    expect(found.tasks).toEqual([]);
    expect(lines(found)).toContain(`test: script \`test\` is not run (${reason})`);
    expect(found.notChecked).toContainEqual({ subject: 'script test', reason });
  });

  it('gives way to the next one that does', async () => {
    const scripts = { test: 'tsc -p test && jest --watch', 'test:unit': 'jest' };
    expect(commands(await plan({ 'package.json': manifest(scripts) }))).toEqual({ test: 'npm run test:unit' });
    const mixed = { test: 'npm run test:unit && npm run e2e', 'test:unit': 'vitest run', e2e: 'playwright test' };
    const found = await plan({ 'package.json': manifest(mixed) });
    expect(commands(found)).toEqual({ test: 'npm run test:unit' });
    expect(found.notChecked).toEqual([{ subject: 'script e2e', reason: 'no task of the plan runs these tests' }]);
    const whole = {
      test: 'npm run test:unit && npm run test:integration',
      'test:unit': 'jest a',
      'test:integration': 'jest b',
    };
    const all = await plan({ 'package.json': manifest(whole) });
    expect(commands(all)).toEqual({ test: 'npm run test' });
    expect(all.notChecked).toEqual([]);
  });

  it.each([
    ['vite', 'build'],
    ['next dev', 'build'],
    ['webpack serve', 'build'],
  ] as const)('is not taken for a build when it is a server: %s', async (script, kind) => {
    const found = await plan({ 'package.json': manifest({ [kind]: script }) });
    expect(found.tasks).toEqual([]);
    expect(lines(found)).toContain(`build: script \`build\` is not run (it starts a server: ${script})`);
  });

  it.each([
    ['drizzle-kit generate', 'it writes files to edit, not files to build with'],
    ['plop', 'it writes files to edit, not files to build with'],
    ['nuxt generate', 'it writes files to edit, not files to build with'],
    ['prisma migrate dev', 'it writes files to edit, not files to build with'],
    ['openapi-typescript http://localhost:3000/openapi.json -o src/api.ts', 'it reads from a server on this machine'],
  ])('is not taken for a generator of code: %s', async (script, reason) => {
    const found = await plan({ 'package.json': manifest({ generate: script }) });
    expect(found.tasks).toEqual([]);
    expect(lines(found)).toContain(`generate: script \`generate\` is not run (${reason})`);
  });
});
