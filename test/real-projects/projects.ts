import { REAL } from '../setup/real-packages.ts';
import {
  BIOME,
  ESLINT_JS,
  ESLINT_TS,
  JEST_CJS,
  json,
  LINTED,
  manifest,
  NODE_TEST,
  type RealProject,
  SUM,
  SUM_CJS,
  SUM_JS,
  TSCONFIG,
  TYPED,
  VERSIONS,
  VITEST,
} from './project-kinds.ts';

const { typescript, eslint, oldEslint, prettier, biome, vitest, jest, tsJest, mocha, vite } = VERSIONS;
const ignorePrettier = 'dist\npackage-lock.json\npnpm-lock.yaml\n.yarn\n.pnp.*\n';

/** Projects of the four package managers, in the shapes that people have. Nothing in them is made for this bundle. */
export const PROJECTS: readonly RealProject[] = [
  {
    name: 'npm-typescript-vitest',
    shape: 'a library: TypeScript, ESM, vitest, eslint (flat), prettier',
    manager: 'npm',
    files: {
      'package.json': manifest({
        type: 'module',
        scripts: {
          build: 'tsc',
          lint: 'eslint .',
          'format:check': 'prettier --check .',
          test: 'vitest',
          typecheck: 'tsc --noEmit',
        },
        devDependencies: { ...TYPED, ...LINTED, prettier, vitest },
      }),
      'tsconfig.json': TSCONFIG,
      'eslint.config.js': ESLINT_TS,
      '.prettierignore': `${ignorePrettier}`,
      'src/sum.ts': SUM,
      'src/sum.test.ts': VITEST,
    },
    expected: { format: 'passed', lint: 'passed', typecheck: 'passed', test: 'passed', build: 'passed' },
  },
  {
    name: 'npm-javascript-jest',
    shape: 'JavaScript, CommonJS, jest, eslint with .eslintrc, prettier without a script',
    manager: 'npm',
    files: {
      'package.json': manifest({
        scripts: { lint: 'eslint src', test: 'jest' },
        devDependencies: { jest, eslint: oldEslint, prettier },
      }),
      '.eslintrc.json':
        '{\n  "root": true,\n  "env": { "node": true, "es2022": true, "jest": true },\n  "extends": "eslint:recommended"\n}\n',
      '.prettierignore': ignorePrettier,
      'src/sum.js': SUM_CJS,
      'src/sum.test.js': JEST_CJS,
    },
    expected: { format: 'passed', lint: 'passed', test: 'passed' },
  },
  {
    name: 'npm-node-test',
    shape: 'JavaScript, ESM, node:test, biome, no other tool',
    manager: 'npm',
    files: {
      'package.json': manifest({
        type: 'module',
        scripts: { test: 'node --test', lint: 'biome ci src' },
        devDependencies: { '@biomejs/biome': biome },
      }),
      'biome.json': BIOME,
      'src/sum.js': SUM_JS,
      'src/sum.test.js': NODE_TEST,
    },
    expected: { lint: 'passed', test: 'passed' },
  },
  {
    name: 'npm-mocha',
    shape: 'JavaScript, ESM, mocha, eslint (flat)',
    manager: 'npm',
    files: {
      'package.json': manifest({
        type: 'module',
        scripts: { test: 'mocha "src/**/*.spec.js"', lint: 'eslint src' },
        devDependencies: { mocha, eslint, '@eslint/js': eslint },
      }),
      'eslint.config.js': ESLINT_JS,
      'src/sum.js': SUM_JS,
      'src/sum.spec.js': NODE_TEST.replace('import { test } from "node:test";', '/* global it */').replace(
        'test("adds"',
        'it("adds"',
      ),
    },
    expected: { lint: 'passed', test: 'passed' },
  },
  {
    name: 'npm-no-lockfile',
    shape: 'a package.json and no lockfile',
    manager: undefined,
    files: {
      'package.json': manifest({ scripts: { test: 'node --test' }, devDependencies: { prettier } }),
      'src/sum.test.js': '',
    },
    expected: {},
    says: 'PIPE-SETUP-013',
  },
  {
    name: 'npm-vite-without-tests',
    shape: 'a Vite application in TypeScript whose build checks the types, no tests at all',
    manager: 'npm',
    files: {
      'package.json': manifest({
        type: 'module',
        scripts: { dev: 'vite', build: 'tsc && vite build' },
        devDependencies: { typescript, vite },
      }),
      'tsconfig.json': json({
        compilerOptions: {
          target: 'es2022',
          module: 'esnext',
          moduleResolution: 'bundler',
          lib: ['es2022', 'dom'],
          strict: true,
          noEmit: true,
          types: ['vite/client'],
        },
        include: ['src'],
      }),
      'index.html':
        '<!doctype html>\n<html lang="en">\n  <body>\n    <script type="module" src="/src/main.ts"></script>\n  </body>\n</html>\n',
      'src/main.ts': 'document.body.textContent = "hello";\n',
    },
    expected: { build: 'passed' },
  },
  {
    name: 'npm-red-test',
    shape: 'TypeScript and vitest, with a test that fails',
    manager: 'npm',
    files: {
      'package.json': manifest({
        type: 'module',
        scripts: { test: 'vitest run', typecheck: 'tsc --noEmit' },
        devDependencies: { ...TYPED, vitest },
      }),
      'tsconfig.json': TSCONFIG,
      'src/sum.ts': SUM.replace('a + b', 'a - b'),
      'src/sum.test.ts': VITEST,
    },
    expected: { typecheck: 'passed', test: 'failed' },
    says: 'src/sum.test.ts:5',
  },
  {
    name: 'npm-env-file',
    shape: 'tests that need variables, which the project has in .env.test',
    manager: 'npm',
    files: {
      'package.json': manifest({
        type: 'module',
        scripts: { test: 'node --env-file=.env.test --test' },
        devDependencies: { prettier },
      }),
      '.env.test': 'API_ADDRESS=http://127.0.0.1:4000\n',
      '.prettierignore': ignorePrettier,
      'src/address.test.js':
        'import assert from "node:assert/strict";\nimport { test } from "node:test";\n\ntest("has an address", () => {\n  assert.equal(process.env.API_ADDRESS, "http://127.0.0.1:4000");\n});\n',
    },
    expected: { format: 'passed', test: 'passed' },
  },
  {
    name: 'npm-nestjs',
    shape: 'NestJS: decorators, ts-jest, eslint (flat), prettier, `nest`-like scripts',
    manager: 'npm',
    files: {
      'package.json': manifest({
        scripts: {
          build: 'tsc -p tsconfig.build.json',
          format: 'prettier --write "src/**/*.ts"',
          lint: 'eslint "src/**/*.ts" --fix',
          test: 'jest',
        },
        jest: {
          rootDir: 'src',
          testRegex: '.*\\.spec\\.ts$',
          transform: { '^.+\\.ts$': 'ts-jest' },
          testEnvironment: 'node',
        },
        dependencies: {
          '@nestjs/common': '^11.1.0',
          '@nestjs/core': '^11.1.0',
          '@nestjs/platform-express': '^11.1.0',
          'reflect-metadata': '^0.2.2',
          rxjs: '^7.8.2',
        },
        devDependencies: {
          '@nestjs/testing': '^11.1.0',
          '@types/jest': '^29.5.0',
          ...TYPED,
          ...LINTED,
          jest,
          'ts-jest': tsJest,
          prettier,
        },
      }),
      'tsconfig.json': json({
        compilerOptions: {
          target: 'es2022',
          module: 'commonjs',
          strict: true,
          skipLibCheck: true,
          esModuleInterop: true,
          emitDecoratorMetadata: true,
          experimentalDecorators: true,
          outDir: 'dist',
        },
      }),
      'tsconfig.build.json':
        '{\n  "extends": "./tsconfig.json",\n  "include": ["src"],\n  "exclude": ["**/*.spec.ts"]\n}\n',
      'eslint.config.mjs': ESLINT_TS,
      '.prettierignore': ignorePrettier,
      'src/app.controller.ts':
        'import { Controller, Get } from "@nestjs/common";\n\n@Controller()\nexport class AppController {\n  @Get()\n  hello(): string {\n    return "hello";\n  }\n}\n',
      'src/app.module.ts':
        'import { Module } from "@nestjs/common";\nimport { AppController } from "./app.controller";\n\n@Module({ controllers: [AppController] })\nexport class AppModule {}\n',
      'src/app.controller.spec.ts':
        'import { Test } from "@nestjs/testing";\nimport { AppController } from "./app.controller";\n\ntest("says hello", async () => {\n  const module = await Test.createTestingModule({\n    controllers: [AppController],\n  }).compile();\n  expect(module.get(AppController).hello()).toBe("hello");\n});\n',
    },
    expected: { format: 'passed', lint: 'passed', typecheck: 'passed', test: 'passed', build: 'passed' },
  },
  {
    name: 'pnpm-express',
    shape: 'an Express service: TypeScript, ESM, vitest, eslint (flat), engines and .nvmrc',
    manager: 'pnpm',
    files: {
      'package.json': manifest({
        type: 'module',
        packageManager: `pnpm@${REAL.pnpm}`,
        engines: { node: '>=22' },
        scripts: { build: 'tsc', lint: 'eslint .', test: 'vitest run', 'check-types': 'tsc --noEmit' },
        dependencies: { express: '^5.1.0' },
        devDependencies: { '@types/express': '^5.0.0', ...TYPED, ...LINTED, vitest },
      }),
      '.nvmrc': '24\n',
      'tsconfig.json': TSCONFIG,
      'eslint.config.js': ESLINT_TS,
      'pnpm-workspace.yaml': 'onlyBuiltDependencies:\n  - esbuild\n',
      'src/app.ts':
        'import express from "express";\n\nexport const app = express();\napp.get("/health", (_request, response) => {\n  response.json({ ok: true });\n});\n',
      'src/app.test.ts':
        'import type { AddressInfo } from "node:net";\nimport { expect, test } from "vitest";\nimport { app } from "./app.js";\n\ntest("is healthy", async () => {\n  const server = app.listen(0);\n  const { port } = server.address() as AddressInfo;\n  const answer = await fetch(`http://127.0.0.1:${port}/health`);\n  expect(await answer.json()).toEqual({ ok: true });\n  server.close();\n});\n',
    },
    expected: { lint: 'passed', typecheck: 'passed', test: 'passed', build: 'passed' },
  },
];
