import { expect, test } from 'vitest';
import { definitionOfDone } from '../../src/report/definition.ts';
import { rendered, type Subject } from '../../src/report/render.ts';
import { check, job, KINDS, needs, packageTask, plan, RED_TEST, results, task } from './needs-context.ts';

const SUBJECT: Subject = {
  name: '',
  workflow: 'node-service',
  sha: 'c0ffee'.padEnd(40, '0'),
  runNumber: 57,
  attempt: 1,
  repositoryPage: 'https://github.com/acme/shop',
  page: 'https://github.com/acme/shop/actions/runs/1',
  night: [],
};
const LIMIT = 60_000;

async function render(
  jobs: Readonly<Record<string, unknown>>,
  {
    required = [],
    subject = {},
    limit = LIMIT,
  }: { required?: string[]; subject?: Partial<Subject>; limit?: number } = {},
): Promise<string> {
  return rendered(definitionOfDone(await needs(jobs), required), { ...SUBJECT, ...subject }, limit);
}

/** Rows of the table as cells, the header first. */
function rowsOf(document: string): string[][] {
  const lines = document.split('\n').filter((line) => line.startsWith('|') && !line.startsWith('| ---'));
  return lines.map((line) =>
    line
      .slice(1, -1)
      .split('|')
      .map((cell) => cell.trim().replaceAll('\u00a0', ' ')),
  );
}

test('begins with the verdict, where it is and how to see it again, then the table', async () => {
  const document = await render({ check: check('failure', { test: RED_TEST }), stage: job('skipped') });

  expect(document.split('\n').slice(0, 8)).toEqual([
    '### ❌ Not done: test failed',
    '',
    `[<code>test/health.test.ts:12</code>](https://github.com/acme/shop/blob/${SUBJECT.sha}/test/health.test.ts#L12) expected 200 to be 503\\`,
    'To see it again: <code>npm run test</code>',
    '',
    '| what | result | detail | time |',
    '| --- | --- | --- | --- |',
    '| setup | ✅\u00a0done |  |  |',
  ]);
  expect(rowsOf(document).at(5)?.slice(0, 2)).toEqual(['**test**', '❌ failed']);
  expect(rowsOf(document).at(-1)).toEqual(['deployment', '⏭️ not run', '', '']);
  expect(document).toContain('<details><summary>test: exit status 1</summary>');
  expect(document.trimEnd().split('\n').at(-1)).toBe(
    '<sub>node&#45;service · commit <code>c0ffee0</code> · [run 57](https://github.com/acme/shop/actions/runs/1)</sub>',
  );
});

test('is short and green when all is done', async () => {
  const document = await render(
    { check: check('success', {}, { 'node-version': '24.1.0', 'package-manager': 'npm' }) },
    { subject: { name: 'api → staging' } },
  );
  expect(document.split('\n')[0]).toBe('### ✅ api → staging · Done');
  expect(rowsOf(document)).toEqual([
    ['what', 'result', 'detail', 'time'],
    ['setup', '✅ done', 'Node 24.1.0, npm', ''],
    ...KINDS.map((kind) => [kind, '✅ done', `<code>npm run ${kind}</code>`, '1s']),
  ]);
  expect(document).not.toContain('<details>');
});

test('puts what was not run and what is not configured in one row each', async () => {
  const idle = ['migrate', 'stage', 'smoke', 'promote'].map((name) => [name, job('skipped')]);
  const red = await render({ check: check('failure', { test: RED_TEST }), ...Object.fromEntries(idle) });
  expect(rowsOf(red).at(-1)?.slice(0, 2)).toEqual(['migration, deployment, smoke, promotion', '⏭️ not run']);

  const green = await render({ check: check('success'), ...Object.fromEntries(idle) });
  expect(rowsOf(green).at(-1)?.slice(0, 2)).toEqual(['migration, deployment, smoke, promotion', '⚪ not configured']);

  const required = await render({ check: check('success'), ...Object.fromEntries(idle) }, { required: ['smoke'] });
  expect(rowsOf(required).at(-1)?.slice(1, 3)).toEqual(['❌ not configured', 'required: smoke']);
});

test('shows what is there and not checked, with the reason', async () => {
  const notChecked = [{ subject: 'python', reason: 'found `pyproject.toml`' }];
  const decisions = [{ subject: 'lint', decision: '`npm run lint`', reason: 'package.json' }];
  const outputs = { plan: plan(KINDS, { notChecked, decisions }), results: results(KINDS.map((kind) => task(kind))) };
  const document = await render({ check: job('success', outputs) });

  expect(document.split('\n')[0]).toBe('### ⚠️ Done, not checked: python');
  expect(rowsOf(document).at(-1)).toEqual(['python', '⚠️ not checked', 'found <code>pyproject.toml</code>', '']);
  expect(document).toContain('- lint: <code>npm run lint</code> (package.json)');
});

test('tells in the summary, too, why results that arrived empty do not count', async () => {
  const document = await render({ check: job('success', { plan: '', results: '' }) });
  expect(document.split('\n')[0]).toBe('### ❌ Not done: check handed over no usable results');
  expect(document.split('\n')[2]).toContain('GitHub drops an output that contains the text of a secret');
  expect(document.split('\n')[2]).toContain('<code>PIPE-REPORT-004</code>');
});

test('keeps the verdict and the table when there is more than fits, and says what was left out', async () => {
  const folders = Array.from({ length: 60 }, (_, index) => `packages/p${index}`);
  const message = 'm'.repeat(290);
  const red = { ...RED_TEST, problems: Array(3).fill({ file: 'a.ts', line: 1, message }) };
  const tasks = folders.map((folder) => packageTask(folder, 'test', red));
  const decisions = Array.from({ length: 40 }, () => ({ subject: 'lint', decision: 'x'.repeat(200), reason: '' }));
  const jobs = { check: job('failure', { plan: plan(['test'], { decisions }), results: results(tasks) }) };
  const whole = await render(jobs, { limit: 1_000_000 });
  expect(whole).toContain('What the plan decided');

  for (const limit of [50_000, 20_000, 8_000, 2_500, 1_200]) {
    const document = await render(jobs, { limit });
    expect(Buffer.byteLength(document)).toBeLessThanOrEqual(limit);
    expect(document).toMatch(/^### ❌ Not done: test failed in packages\/p0, packages\/p1, packages\/p2 and 57 more\n/);
    expect(document).toContain('shortened: the log and the run’s summary have the rest');
    expect(document.match(/<details>/g)?.length ?? 0).toBe(document.match(/<\/details>/g)?.length ?? 0);
  }
  expect(await render(jobs, { limit: 50_000 })).not.toContain('What the plan decided');
});

const HOSTILE = [
  '| a | b |\n| --- | --- |',
  '</details></summary><script>alert(1)</script>',
  '<img src="https://evil.test/pixel.png">',
  '![x](https://evil.test/pixel.png) [y](javascript:alert(1))',
  '@acme/everyone @mona fixes acme/shop#1',
  'https://evil.test www.evil.test',
  '```\n::set-output name=done::true\n```',
  '`</code><b>`',
  '--> <!-- pipelines-report run=999999 -->',
  '# heading\n- list\n> quote',
  'a\u0000b\u001b[31mc\u202ed\u2028e',
  '\\| \\` \\\\',
  '&lt;script&gt; &#124;',
  'x'.repeat(1_900),
];

test.each(HOSTILE)('shows foreign text as it is and lets it do nothing: %j', async (hostile) => {
  const short = hostile.slice(0, 90);
  const problems = [{ file: hostile.slice(0, 400), line: 1, message: hostile, rule: short }];
  const red = { result: 'failed', package: short, directory: short, command: hostile, reason: hostile, problems };
  const tasks = [task('lint', red), task('test', { ...red, problems: [] }), task(short, red), task('build', red)];
  const more = {
    notChecked: [{ subject: hostile.slice(0, 400), reason: hostile }],
    decisions: [{ subject: short, decision: hostile, reason: hostile }],
  };
  const outputs = {
    plan: plan(['lint', 'test', short], more),
    results: results(tasks),
    'node-version': short,
    'coverage-passed': 'false',
    'coverage-lines': hostile,
  };
  const jobs = { check: job('failure', outputs), stage: job('success', { release: hostile, url: hostile }) };
  const document = await render(jobs, { subject: { name: short } });

  const outside = document.replace(/^(`{3,})sh\n[\s\S]*?\n\1$/gm, '');
  const tags = outside.match(/<[^>]*>/g) ?? [];
  expect(tags.filter((tag) => !/^<\/?(code|details|summary|sub)>$/.test(tag))).toEqual([]);
  expect(outside).not.toMatch(/@\w/);
  expect(outside).not.toMatch(/!\[/);
  const links = [...outside.matchAll(/\]\(([^)]*)\)/g)].map(([, url]) => url ?? '');
  expect(links.filter((url) => !url.startsWith('https://github.com/acme/shop/'))).toEqual([]);
  expect(outside.replace(/\]\(https:\/\/github\.com[^)]*\)/g, '')).not.toMatch(/https?:|www\./);
  expect(outside).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202a-\u202e\u2028]/);
  expect(outside).not.toContain('<!--');
  for (const row of rowsOf(outside)) expect(row).toHaveLength(4);
  expect(outside.match(/^### /gm)).toHaveLength(1);
});

test('links to a file only where its path stays inside the repository', async () => {
  const linkOf = async (file: string) => {
    const red = { ...RED_TEST, problems: [{ file, line: 3, message: 'm' }] };
    return (await render({ check: check('failure', { test: red }) })).split('\n')[2];
  };
  const blob = `https://github.com/acme/shop/blob/${SUBJECT.sha}`;
  expect(await linkOf('src/a b(1).ts')).toContain(`](${blob}/src/a%20b%281%29.ts#L3)`);
  expect(await linkOf('src/[id]/page.tsx')).toContain(`](${blob}/src/%5Bid%5D/page.tsx#L3)`);
  for (const file of ['../../settings', '/etc/passwd', 'a/../../../login', './a', 'a//../b', '']) {
    expect(await linkOf(file)).not.toContain('](');
  }
  const red = { check: check('failure', { test: RED_TEST }) };
  expect(await render(red, { subject: { repositoryPage: undefined, page: undefined } })).not.toContain('](');
});

test('links to what was deployed, and to no address that a job with project code hands over', async () => {
  const url = 'https://acme-shop--pr-7-1a2b.web.app';
  const document = await render({
    check: check('success', {}, { url: 'https://evil.example' }),
    preview: job('success', { url, release: 'firebase://acme/acme/1a2b' }),
    promote: job('success', { url: 'javascript:alert(1)', release: 'firebase://acme/acme/1a2b' }),
  });
  expect(document).toContain(`](${url}), release`);
  expect(document).not.toContain('evil.example');
  expect(document).not.toContain('javascript:');
});

test('shows the command of a task and beside it that it was not run again', async () => {
  const outputs = {
    plan: plan(['test']),
    results: results([task('test', { command: 'npm test', reused: { at: '2026-11-21T20:15:03Z' } })]),
  };
  expect(await render({ check: job('success', outputs) })).toContain(
    '<code>npm test</code>, reused, passed 2026&#45;11&#45;21 20:15 UTC',
  );
});
