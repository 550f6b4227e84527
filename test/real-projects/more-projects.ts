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

const { typescript, eslint, prettier, biome, vitest, jest, tsJest, mocha, vite } = VERSIONS;
const library = (name: string, more: object = {}) =>
  manifest({
    name,
    type: 'module',
    main: 'dist/index.js',
    types: 'dist/index.d.ts',
    scripts: { build: 'tsc' },
    ...more,
  });
const libraryConfig = TSCONFIG.replace('"strict": true,', '"strict": true,\n    "declaration": true,').replace(
  '"types": ["node"]',
  '"types": []',
);

/** The other half: monorepos, Yarn, bun. */
export const MORE_PROJECTS: readonly RealProject[] = [
  {
    name: 'pnpm-fastify',
    shape: 'a Fastify service: JavaScript, ESM, node:test, biome, no packageManager field',
    manager: 'pnpm',
    files: {
      'package.json': manifest({
        type: 'module',
        scripts: { test: 'node --test', check: 'biome check src' },
        dependencies: { fastify: '^5.4.0' },
        devDependencies: { '@biomejs/biome': biome },
      }),
      'biome.json': BIOME,
      'src/app.js':
        'import Fastify from "fastify";\n\nexport const app = Fastify();\napp.get("/health", async () => ({ ok: true }));\n',
      'src/app.test.js':
        'import assert from "node:assert/strict";\nimport { test } from "node:test";\nimport { app } from "./app.js";\n\ntest("is healthy", async () => {\n  const answer = await app.inject("/health");\n  assert.deepEqual(answer.json(), { ok: true });\n});\n',
    },
    expected: { lint: 'passed', test: 'passed' },
  },
  {
    name: 'pnpm-workspace',
    shape: 'a monorepo of pnpm: a library and an application that needs its build',
    manager: 'pnpm',
    files: {
      'package.json': manifest({ packageManager: `pnpm@${REAL.pnpm}`, devDependencies: TYPED }),
      'pnpm-workspace.yaml': 'packages:\n  - packages/*\n',
      'packages/lib/package.json': library('@acme/lib'),
      'packages/lib/tsconfig.json': libraryConfig,
      'packages/lib/src/index.ts': SUM,
      'packages/app/package.json': manifest({
        name: '@acme/app',
        type: 'module',
        scripts: { build: 'tsc', test: 'node --test dist' },
        dependencies: { '@acme/lib': 'workspace:*' },
      }),
      'packages/app/tsconfig.json': libraryConfig,
      'packages/app/src/index.ts': 'import { sum } from "@acme/lib";\n\nexport const three = sum(1, 2);\n',
    },
    expected: { 'packages/lib:build': 'passed', 'packages/app:build': 'passed', 'packages/app:test': 'passed' },
  },
  {
    name: 'pnpm-next',
    shape: 'a Next.js application, built and type-checked',
    manager: 'pnpm',
    files: {
      'package.json': manifest({
        packageManager: `pnpm@${REAL.pnpm}`,
        scripts: { dev: 'next dev', build: 'next build', start: 'next start' },
        dependencies: { next: '^16.0.0', react: '^19.1.0', 'react-dom': '^19.1.0' },
        devDependencies: { ...TYPED, '@types/react': '^19.1.0', '@types/react-dom': '^19.1.0' },
      }),
      'pnpm-workspace.yaml': 'ignoredBuiltDependencies:\n  - sharp\n  - unrs-resolver\n',
      '.gitignore': 'node_modules\n.next\nnext-env.d.ts\n',
      'tsconfig.json': json({
        compilerOptions: {
          target: 'es2022',
          lib: ['dom', 'es2022'],
          module: 'esnext',
          moduleResolution: 'bundler',
          strict: true,
          noEmit: true,
          jsx: 'react-jsx',
          esModuleInterop: true,
          isolatedModules: true,
          resolveJsonModule: true,
          skipLibCheck: true,
          allowJs: true,
          incremental: true,
          plugins: [{ name: 'next' }],
        },
        include: ['next-env.d.ts', '**/*.ts', '**/*.tsx', '.next/types/**/*.ts', '.next/dev/types/**/*.ts'],
        exclude: ['node_modules'],
      }),
      'app/layout.tsx':
        'import type { ReactNode } from "react";\n\nexport default function Layout({ children }: { children: ReactNode }) {\n  return (\n    <html lang="en">\n      <body>{children}</body>\n    </html>\n  );\n}\n',
      'app/page.tsx': 'export default function Page() {\n  return <h1>hello</h1>;\n}\n',
    },
    expected: { typecheck: 'passed', build: 'passed' },
  },
  {
    name: 'yarn-classic-jest',
    shape: 'Yarn 1: TypeScript, CommonJS, ts-jest; the build checks the types',
    manager: 'classicYarn',
    files: {
      'package.json': manifest({
        scripts: { test: 'jest', build: 'tsc' },
        jest: { preset: 'ts-jest', rootDir: 'src' },
        devDependencies: { ...TYPED, jest, 'ts-jest': tsJest, '@types/jest': '^29.5.0' },
      }),
      'tsconfig.json': TSCONFIG.replace('nodenext', 'commonjs').replace('"types": ["node"]', '"esModuleInterop": true'),
      'src/sum.ts': SUM,
      'src/sum.test.ts': 'import { sum } from "./sum";\n\ntest("adds", () => {\n  expect(sum(1, 2)).toBe(3);\n});\n',
    },
    expected: { test: 'passed', build: 'passed' },
  },
  {
    name: 'yarn-classic-workspaces',
    shape: 'Yarn 1 with workspaces: JavaScript, mocha in each package, prettier at the root',
    manager: 'classicYarn',
    files: {
      'package.json': manifest({
        workspaces: ['packages/*'],
        scripts: { test: 'yarn workspaces run test', 'format:check': 'prettier --check .' },
        devDependencies: { mocha, prettier },
      }),
      '.prettierignore': 'node_modules\n',
      'packages/a/package.json': manifest({
        name: 'a',
        type: 'module',
        main: 'sum.js',
        scripts: { test: 'mocha sum.spec.js' },
      }),
      'packages/a/sum.js': SUM_JS,
      'packages/a/sum.spec.js': NODE_TEST.replace('import { test } from "node:test";\n', '').replace(
        'test("adds"',
        'it("adds"',
      ),
      'packages/b/package.json': manifest({
        name: 'b',
        type: 'module',
        scripts: { test: 'mocha b.spec.js' },
        dependencies: { a: '1.0.0' },
      }),
      'packages/b/b.spec.js': NODE_TEST.replace('import { test } from "node:test";\n', '')
        .replace('test("adds"', 'it("adds"')
        .replace('./sum.js', 'a'),
    },
    expected: { format: 'passed', 'packages/a:test': 'passed', 'packages/b:test': 'passed' },
  },
  {
    name: 'yarn-vite-react',
    shape: 'Yarn 4 with node_modules: Vite, React, vitest, eslint (flat)',
    manager: 'yarn',
    files: {
      'package.json': manifest({
        type: 'module',
        packageManager: `yarn@${REAL.yarn}`,
        scripts: { dev: 'vite', build: 'vite build', lint: 'eslint src', test: 'vitest' },
        dependencies: { react: '^19.1.0', 'react-dom': '^19.1.0' },
        devDependencies: {
          ...LINTED,
          typescript,
          vite,
          vitest,
          '@vitejs/plugin-react': '^6.0.0',
          '@types/react': '^19.1.0',
          '@types/react-dom': '^19.1.0',
        },
      }),
      '.yarnrc.yml': 'nodeLinker: node-modules\n',
      'tsconfig.json': json({
        compilerOptions: {
          target: 'es2022',
          module: 'esnext',
          moduleResolution: 'bundler',
          lib: ['es2022', 'dom'],
          strict: true,
          noEmit: true,
          jsx: 'react-jsx',
          skipLibCheck: true,
        },
        include: ['src'],
      }),
      'eslint.config.js': ESLINT_TS,
      'vite.config.js':
        'import react from "@vitejs/plugin-react";\nimport { defineConfig } from "vite";\n\nexport default defineConfig({ plugins: [react()] });\n',
      'index.html':
        '<!doctype html>\n<html lang="en">\n  <body>\n    <div id="root"></div>\n    <script type="module" src="/src/main.tsx"></script>\n  </body>\n</html>\n',
      'src/main.tsx':
        'import { createRoot } from "react-dom/client";\nimport { App } from "./App";\n\ncreateRoot(document.getElementById("root")!).render(<App />);\n',
      'src/App.tsx': 'export function App() {\n  return <h1>hello</h1>;\n}\n',
      'src/App.test.tsx':
        'import { renderToString } from "react-dom/server";\nimport { expect, test } from "vitest";\nimport { App } from "./App";\n\ntest("says hello", () => {\n  expect(renderToString(<App />)).toContain("hello");\n});\n',
    },
    expected: { lint: 'passed', typecheck: 'passed', test: 'passed', build: 'passed' },
  },
  {
    name: 'yarn-pnp',
    shape: "Yarn 4 with Plug'n'Play: TypeScript, vitest, prettier and eslint (flat) without scripts",
    manager: 'yarn',
    files: {
      'package.json': manifest({
        type: 'module',
        packageManager: `yarn@${REAL.yarn}`,
        scripts: { test: 'vitest run' },
        devDependencies: { ...TYPED, eslint, '@eslint/js': eslint, prettier, vitest },
      }),
      'tsconfig.json': TSCONFIG,
      'eslint.config.js': ESLINT_JS.replace(
        '[js.configs.recommended]',
        '[{ ignores: [".pnp.*", ".yarn"] }, js.configs.recommended]',
      ),
      '.prettierignore': '.pnp.*\n.yarn\n',
      '.gitignore': '.pnp.*\n.yarn/*\n',
      'src/sum.ts': SUM,
      'src/sum.test.ts': VITEST,
    },
    expected: { format: 'passed', lint: 'passed', typecheck: 'passed', test: 'passed' },
  },
  {
    name: 'yarn-3',
    shape: 'Yarn 3 with node_modules, no packageManager field: JavaScript, jest',
    manager: 'oldYarn',
    files: {
      'package.json': manifest({ scripts: { test: 'jest' }, devDependencies: { jest } }),
      '.yarnrc.yml': 'nodeLinker: node-modules\n',
      'src/sum.js': SUM_CJS,
      'src/sum.test.js': JEST_CJS,
    },
    expected: { test: 'passed' },
  },
  {
    name: 'bun-test',
    shape: 'bun: TypeScript, `bun test`, biome',
    manager: 'bun',
    files: {
      'package.json': manifest({
        type: 'module',
        packageManager: `bun@${REAL.bun}`,
        scripts: { test: 'bun test', lint: 'biome ci src', typecheck: 'tsc --noEmit' },
        devDependencies: { '@biomejs/biome': biome, typescript, '@types/bun': '^1.3.0' },
      }),
      'tsconfig.json':
        '{\n  "compilerOptions": { "target": "es2022", "module": "esnext", "moduleResolution": "bundler", "strict": true, "noEmit": true, "skipLibCheck": true },\n  "include": ["src"]\n}\n',
      'biome.json': BIOME,
      'src/sum.ts': SUM,
      'src/sum.test.ts': VITEST.replace('"vitest"', '"bun:test"').replace('./sum.js', './sum'),
    },
    expected: { lint: 'passed', typecheck: 'passed', test: 'passed' },
  },
  {
    name: 'bun-workspaces',
    shape: 'bun with workspaces and the binary lockfile, no packageManager field: vitest, prettier',
    manager: 'oldBun',
    files: {
      'package.json': manifest({
        workspaces: ['packages/*'],
        scripts: { 'format:check': 'prettier --check .' },
        devDependencies: { prettier, vitest },
      }),
      'packages/a/package.json': manifest({
        name: 'a',
        type: 'module',
        main: 'sum.js',
        scripts: { test: 'vitest run' },
      }),
      'packages/a/sum.js': SUM_JS,
      'packages/a/sum.test.js': VITEST,
      'packages/b/package.json': manifest({
        name: 'b',
        type: 'module',
        scripts: { test: 'vitest run' },
        dependencies: { a: 'workspace:*' },
      }),
      'packages/b/b.test.js': VITEST.replace('./sum.js', 'a'),
    },
    expected: { format: 'passed', 'packages/a:test': 'passed', 'packages/b:test': 'passed' },
  },
];
