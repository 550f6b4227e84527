import { expect, it } from 'vitest';
import { analyse } from '../../src/migrate/analyse.ts';
import { emptyCatalogue } from '../../src/migrate/catalogue.ts';
import { parser, pullRequest, pullRequestEvent, repository, runJob } from './project.ts';

const rulesOf = async (sql: string) => {
  return (await analyse(parser, sql, emptyCatalogue(), 'x')).findings.map(({ rule, line }) => `${rule}:${line}`);
};

it('finds what is hidden in blocks, texts to execute, common table expressions and comments', async () => {
  expect(await rulesOf('DO $$ BEGIN IF true THEN DROP TABLE a; END IF; END $$;')).toContain('drop-table:1');
  expect(await rulesOf("DO $$ BEGIN EXECUTE 'TRUNCATE a'; END $$;")).toContain('truncate:1');
  expect(await rulesOf("DO $$ BEGIN EXECUTE format('DROP TABLE %I', 'a'); END $$;")).toContain('unreadable-code:1');
  expect(await rulesOf('WITH gone AS (DELETE FROM a RETURNING *) SELECT * FROM gone;')).toContain('delete-all:1');
  expect(await rulesOf('/* a /* b */ DROP TABLE x; */ -- c\n\nDROP/**/TABLE a;')).toContain('drop-table:3');
  expect(await rulesOf("SELECT 'DROP TABLE a'; -- DROP TABLE b")).toEqual([]);
});

it('reads on after a text that exhausts the parser, and counts that as unreadable', async () => {
  expect(await rulesOf(`SELECT ${'('.repeat(100_000)}1${')'.repeat(100_000)};`)).toEqual(['unreadable:1']);
  expect(await rulesOf(`SELECT 1${'+1'.repeat(100_000)};`)).toEqual(['unreadable:1']);
  expect(await rulesOf('SELECT 1;\nDROP TABLE a\0;')).toEqual(['unreadable:2']);
  expect(await rulesOf('SELECT 1;\n\n  SELEC 2;')).toEqual(['unreadable:3']);
  expect(await rulesOf('DROP TABLE a;')).toContain('drop-table:1');
});

it('counts lines of text with letters of several bytes, and of Windows', async () => {
  expect(await rulesOf("SELECT 'äöü€😀';\r\n\r\nDROP TABLE a;")).toContain('drop-table:3');
  expect(await rulesOf("SELECT 'äöü€😀';\n\nSELEC 1;")).toEqual(['unreadable:3']);
});

it('is red on SQL that can’t be read: NUL, no UTF-8, megabytes', async () => {
  const project = await repository();
  const file = (name: string) => `prisma/migrations/${name}/migration.sql`;
  const { base, head } = await pullRequest(project, {
    [file('2_nul')]: 'SELECT 1;\0',
    [file('3_large')]: `SELECT 1; -- ${'x'.repeat(5_000_000)}`,
    [file('4_::error::')]: 'DROP TABLE "::error::@everyone <img>";\n',
  });
  const { exitCode, log, summary } = await runJob({ workspace: project.folder, event: pullRequestEvent(base, head) });
  expect(exitCode).toBe(1);
  expect(log).toMatch(/PIPE-MIGRATE-011: 2_nul fails/);
  expect(log).toMatch(/PIPE-MIGRATE-011: 3_large fails/);
  expect(summary).not.toContain('<img>');
  const verdict = log.split('\n').filter((line) => line.startsWith('::error::'));
  expect(verdict.map((line) => /^::error::(PIPE-MIGRATE-\d+): /.exec(line)?.[1]).sort()).toEqual([
    'PIPE-MIGRATE-010',
    'PIPE-MIGRATE-011',
    'PIPE-MIGRATE-011',
  ]);
});
