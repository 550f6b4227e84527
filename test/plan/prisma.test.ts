import { describe, expect, it } from 'vitest';
import { commands, lines, manifest, order, plan } from './repository.ts';

const CHECKS = { lint: 'eslint .', typecheck: 'tsc --noEmit', test: 'vitest run' };

describe('the Prisma client', () => {
  const SCHEMA = 'generator client {\n  provider = "prisma-client-js"\n}\n';
  const CUSTOM = 'generator client {\n  provider = "prisma-client"\n  output = "../src/generated"\n}\n';
  const PRISMA = ['prisma', '@prisma/client'];
  const scripts = { ...CHECKS, 'format:check': 'prettier --check .', build: 'vite build' };

  it('is generated before what reads it when no script does it', async () => {
    const found = await plan({ 'package.json': manifest(scripts, PRISMA), 'prisma/schema.prisma': SCHEMA });
    expect(order(found)).toEqual([
      'build <- generate',
      'format',
      'generate',
      'lint <- generate',
      'test <- generate',
      'typecheck <- generate',
    ]);
    expect(commands(found)).toMatchObject({ generate: 'prisma generate' });
    expect(lines(found)).toContain('generate: `prisma generate` (prisma/schema.prisma, no script)');
    const custom = await plan({ 'package.json': manifest(scripts, PRISMA), 'prisma/schema.prisma': CUSTOM });
    expect(order(custom)).toContain('format <- generate');
  });

  it.each([
    ['prisma/schema.prisma', {}, 'prisma generate'],
    ['schema.prisma', {}, 'prisma generate'],
    ['prisma/schema/user.prisma', {}, 'prisma generate'],
    ['db/main.prisma', { prisma: { schema: 'db/main.prisma' } }, 'prisma generate'],
    ['db/main.prisma', { prisma: { schema: './db' } }, 'prisma generate'],
    ['db/main.prisma', {}, 'prisma generate --schema db/main.prisma'],
  ])('is generated from %s with %j', async (path, fields, command) => {
    const found = await plan({ 'package.json': manifest({}, PRISMA, fields), [path]: SCHEMA });
    expect(commands(found)).toEqual({ generate: command });
  });

  it('is generated from where prisma.config.ts says', async () => {
    for (const written of ["schema: 'db/schema'", "schema: path.join('db', 'schema')", 'schema: "./db/schema"']) {
      const config = `import { defineConfig } from 'prisma/config';\nexport default defineConfig({ ${written} });\n`;
      const tree = {
        'package.json': manifest({}, PRISMA),
        'prisma.config.ts': config,
        'db/schema/a.prisma': SCHEMA,
        'other/b.prisma': SCHEMA,
      };
      expect(commands(await plan(tree))).toEqual({ generate: 'prisma generate' });
    }
  });

  it.each([
    [{ 'db:generate': 'prisma generate' }, 'npm run db:generate', 'the generate script does it'],
    [{ postinstall: 'prisma generate' }, undefined, 'an install script does it'],
    [{ prepare: 'npm run p', p: 'npx prisma generate' }, undefined, 'an install script does it'],
    [{ build: 'prisma generate && vite build' }, undefined, 'the build script does it'],
  ])('is not generated twice: %j', async (own, generate, reason) => {
    const found = await plan({ 'package.json': manifest(own, PRISMA), 'prisma/schema.prisma': SCHEMA });
    expect(commands(found)['generate']).toBe(generate);
    expect(lines(found)).toContain(`prisma generate: not run by itself (${reason})`);
  });

  it('is generated beside other generators', async () => {
    const found = await plan({
      'package.json': manifest({ codegen: 'graphql-codegen', test: 'vitest' }, PRISMA),
      'prisma/schema.prisma': SCHEMA,
    });
    expect(order(found)).toEqual(['generate', 'prisma-generate', 'test <- generate prisma-generate']);
  });

  it.each([
    ['the client', ['prisma']],
    ['the CLI', ['@prisma/client']],
  ])('is not generated without %s', async (_, names) => {
    expect((await plan({ 'package.json': manifest({}, names), 'prisma/schema.prisma': SCHEMA })).tasks).toEqual([]);
  });
});
