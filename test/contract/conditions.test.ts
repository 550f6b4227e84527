import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { data, Evaluator, Lexer, Parser } from '@actions/expressions';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { root } from '../../tools/install/root.ts';

interface Job {
  readonly if?: string;
  readonly needs?: readonly string[];
}

const workflows = ['node-service', 'web-app', 'release', 'check', 'rollback'];

async function jobsOf(workflow: string): Promise<Readonly<Record<string, Job>>> {
  const text = await readFile(join(root, `.github/workflows/${workflow}.yml`), 'utf8');
  return (parse(text) as { jobs: Record<string, Job> }).jobs;
}

const FUNCTIONS = ['always', 'cancelled', 'success', 'failure'].map((name) => ({
  ...{ name, minArgs: 0, maxArgs: 0 },
  call: () => new data.BooleanData(name === 'always'),
}));

/** The condition of a job as GitHub's own evaluator takes it, in a run that was not cancelled. */
async function runs(workflow: string, job: string, contexts: object): Promise<boolean> {
  const condition = (await jobsOf(workflow))[job]?.if ?? '';
  const bare = condition.replace(/^\$\{\{([\s\S]*)\}\}$/, '$1').trim();
  const { tokens } = new Lexer(bare).lex();
  const expression = new Parser(tokens, Object.keys(contexts), FUNCTIONS).parse();
  const known = JSON.parse(JSON.stringify(contexts), data.reviver) as data.Dictionary;
  const functions = new Map(FUNCTIONS.map((one) => [one.name, one]));
  const result = new Evaluator(expression, known, functions).evaluate();
  return result.coerceString() === 'true';
}

describe.each(['node-service', 'web-app'])('the job rollback of %s', (workflow) => {
  const rollsBack = (promote: object) =>
    runs(workflow, 'rollback', {
      inputs: { promote: true },
      needs: { stage: { result: 'success', outputs: { 'previous-release': 'one' } }, promote },
    });

  test.each([
    ['a promotion that failed', { result: 'failure', outputs: { promoted: 'false' } }],
    ['a runner that was lost', { result: 'failure', outputs: {} }],
    ['a promotion that was cancelled', { result: 'cancelled', outputs: {} }],
  ])('runs after %s', async (_, promote) => {
    expect(await rollsBack(promote)).toBe(true);
  });

  test('leaves a release that has all the traffic where it is, whatever failed after that', async () => {
    expect(await rollsBack({ result: 'failure', outputs: { promoted: 'true' } })).toBe(false);
    expect(await rollsBack({ result: 'success', outputs: { promoted: 'true' } })).toBe(false);
  });
});

describe('the job rollback of release', () => {
  const rollsBack = (promotion: string) =>
    runs('release', 'rollback', {
      inputs: { deploy: 'cloud-run' },
      needs: {
        verify: { result: 'success', outputs: {} },
        deploy: { result: 'failure', outputs: { promotion, 'previous-release': 'one' } },
      },
    });

  test('runs where the promotion failed or nobody knows, never where it was not begun or is done', async () => {
    const ends = ['failure', 'cancelled', '', 'skipped', 'success'];
    expect(await Promise.all(ends.map(rollsBack))).toEqual([true, true, true, false, false]);
  });
});

describe('the job tag of node-service', () => {
  const tags = (check: string, publish: string) =>
    runs('node-service', 'tag', { needs: { check: { result: check }, publish: { result: publish } } });

  test('runs when both have passed, and for nothing else', async () => {
    const results = ['success', 'failure', 'cancelled', 'skipped'];
    for (const check of results)
      for (const publish of results)
        expect(await tags(check, publish), `${check}, ${publish}`).toBe(check === 'success' && publish === 'success');
  });
});

/** Jobs that a job waits for, also through others. */
function waitsFor(jobs: Readonly<Record<string, Job>>, name: string): ReadonlySet<string> {
  const found = new Set<string>();
  const open = [...(jobs[name]?.needs ?? [])];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (found.has(next)) continue;
    found.add(next);
    open.push(...(jobs[next]?.needs ?? []));
  }
  return found;
}

// Without a function of the status GitHub asks `success()`, which counts every job that is waited for, also through others.
test.each(workflows)('%s: a job behind one that may be skipped has a condition that says so', async (workflow) => {
  const jobs = await jobsOf(workflow);
  for (const [name, job] of Object.entries(jobs)) {
    const behind = [...waitsFor(jobs, name)].filter((other) => !(job.needs ?? []).includes(other));
    if (!behind.some((other) => jobs[other]?.if !== undefined)) continue;
    expect(job.if, `${workflow} ${name}`).toMatch(/\b(always|cancelled|failure)\(\)/);
  }
});
