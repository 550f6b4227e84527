import type { ManagerKind } from '../setup/installation.ts';

/** A project as people have them, and what checking it says. */
export interface RealProject {
  readonly name: string;
  /** What it stands for, in one line of the table. */
  readonly shape: string;
  /** Which package manager wrote its lockfile; undefined where it has none. */
  readonly manager: ManagerKind | undefined;
  readonly files: Readonly<Record<string, string>>;
  /** Task to what becomes of it; a task that is not named is not there. */
  readonly expected: Readonly<Record<string, 'passed' | 'failed'>>;
  /** Part of an error that is expected beside it: a code, or a file with its line. */
  readonly says?: string;
}

/** A package.json. */
export function manifest(fields: object): string {
  return `${JSON.stringify({ name: 'project', version: '1.0.0', private: true, ...fields }, undefined, 2)}\n`;
}

/** JSON as prettier has it: short lists on one line. */
export function json(value: object): string {
  const text = JSON.stringify(value, undefined, 2);
  return `${text.replace(/\[\s+("[^\]]*")\s+\]/g, (_, items: string) => `[${items.split(/,\s+/).join(', ')}]`)}\n`;
}

export const TSCONFIG = json({
  compilerOptions: {
    target: 'es2022',
    module: 'nodenext',
    strict: true,
    skipLibCheck: true,
    outDir: 'dist',
    types: ['node'],
  },
  include: ['src'],
});

/** Versions by major: what a project that was begun this year has. */
export const VERSIONS = {
  typescript: '^5.9.0',
  types: '^24.0.0',
  eslint: '^9.30.0',
  oldEslint: '^8.57.0',
  tseslint: '^8.40.0',
  prettier: '^3.6.0',
  biome: '2.5.15',
  vitest: '^4.0.0',
  jest: '^29.7.0',
  tsJest: '^29.4.0',
  mocha: '^11.7.0',
  vite: '^8.0.0',
} as const;

/** Development dependencies of what is written in TypeScript, and of what ESLint looks at. */
export const TYPED = { typescript: VERSIONS.typescript, '@types/node': VERSIONS.types };
export const LINTED = {
  eslint: VERSIONS.eslint,
  '@eslint/js': VERSIONS.eslint,
  'typescript-eslint': VERSIONS.tseslint,
};

/** A function and its test, which most of the projects are. */
export const SUM = 'export function sum(a: number, b: number): number {\n  return a + b;\n}\n';
export const SUM_JS = 'export function sum(a, b) {\n  return a + b;\n}\n';
export const SUM_CJS = 'function sum(a, b) {\n  return a + b;\n}\n\nmodule.exports = { sum };\n';
export const NODE_TEST = `import assert from "node:assert/strict";
import { test } from "node:test";
import { sum } from "./sum.js";

test("adds", () => {
  assert.equal(sum(1, 2), 3);
});
`;
export const VITEST = `import { expect, test } from "vitest";
import { sum } from "./sum.js";

test("adds", () => {
  expect(sum(1, 2)).toBe(3);
});
`;
export const JEST_CJS = `const { sum } = require("./sum");

test("adds", () => {
  expect(sum(1, 2)).toBe(3);
});
`;
export const ESLINT_JS = `import js from "@eslint/js";

export default [js.configs.recommended];
`;
export const ESLINT_TS = `import js from "@eslint/js";
import { defineConfig } from "eslint/config";
import tseslint from "typescript-eslint";

export default defineConfig(
  { ignores: ["dist"] },
  js.configs.recommended,
  tseslint.configs.recommended,
);
`;
/** Without package.json and lockfiles, which package managers write as they like. */
export const BIOME = `{
  "files": { "includes": ["src/**"] },
  "formatter": { "indentStyle": "space" }
}
`;
