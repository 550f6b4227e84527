import { readFile } from 'node:fs/promises';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import { factsOf, factsWithin, type ReportFacts } from '../../src/report/facts.ts';
import type { Subject } from '../../src/report/render.ts';
import type { Timeline } from '../../src/report/timeline.ts';
import { createSecrets } from '../../src/runtime/secrets.ts';
import { check, define, results, task } from './needs-context.ts';
import { runReport } from './run-report.ts';
import { checkFailed, DIGEST, delivered, hostile, SUBJECT as RUN, smokeFailed } from './story-needs.ts';

const schema = JSON.parse(await readFile(new URL('../../docs/report.schema.json', import.meta.url), 'utf8')) as object;
const validate = new Ajv2020({ allErrors: true, strict: true, strictRequired: false }).compile(schema);

function faultsOf(report: unknown): readonly string[] {
  return validate(report)
    ? []
    : (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
}

const SUBJECT: Subject = { ...RUN, night: [['serving now', 'api-00041 has all the traffic']] };
const page = 'https://github.com/acme/shop/actions/runs/1001/job/1';
const job = {
  name: 'api / publish',
  id: 'publish',
  conclusion: 'success',
  queued: 0,
  started: 1_000,
  ended: 9_000,
  page,
};
const TIMELINE: Timeline = {
  jobs: [{ ...job, steps: [{ name: 'Build', conclusion: 'success', started: 2_000, ended: 5_000 }] }],
};

async function facts(jobs: Readonly<Record<string, unknown>>, secret = ''): Promise<ReportFacts> {
  const secrets = createSecrets(() => undefined);
  if (secret !== '') secrets.add(secret);
  return factsOf(await define(jobs), SUBJECT, TIMELINE, secrets);
}

describe.each([
  ['a delivery', delivered()],
  ['a smoke test that failed', smokeFailed()],
  ['a check that failed', checkFailed()],
  ['hostile outputs', hostile()],
])('the report of %s as JSON', (_name, jobs) => {
  test('is as the published schema says', async () => {
    expect(faultsOf(await facts(jobs))).toEqual([]);
  });

  test.each([60_000, 20_000, 8_000, 3_000])(
    'keeps within %i bytes, says what it left out, and never the verdict',
    async (limit) => {
      const whole = await facts(jobs);
      const shorter = factsWithin(whole, limit);
      expect(faultsOf(shorter)).toEqual([]);
      const { done, headline, subject, night } = shorter;
      expect({ done, headline, subject, night }).toEqual({
        done: whole.done,
        headline: whole.headline,
        subject: whole.subject,
        night: whole.night,
      });
      expect(shorter.leftOut.length > 0).toBe(Buffer.byteLength(JSON.stringify(whole)) > limit);
      const red = (lines: ReportFacts['lines']) =>
        lines.filter(({ state }) => state === 'failed').map(({ name }) => name);
      expect(red(shorter.lines)).toEqual(red(whole.lines));
    },
  );
});

test('keeps within 60,000 bytes whatever comes', async () => {
  const problems = Array(10).fill({ file: 'src/a.ts', line: 1, message: 'm'.repeat(300) });
  const tasks = Array.from({ length: 30 }, (_, index) => task(`kind-${index}`, { result: 'failed', problems }));
  const long = await facts({
    check: { result: 'failure', outputs: { plan: '{"kinds":[]}', results: results(tasks) } },
  });
  expect(Buffer.byteLength(JSON.stringify(long))).toBeGreaterThan(80_000);
  const shorter = factsWithin(long, 60_000);
  expect(Buffer.byteLength(JSON.stringify(shorter))).toBeLessThanOrEqual(60_000);
  expect(shorter.leftOut).toEqual(['steps', 'timeline', 'decisions', 'errors']);
  expect(shorter.lines.find(({ state }) => state === 'failed')?.failing[0]?.problems).toHaveLength(1);
});

test('has evidence for every line that is done: a number, a digest, an address', async () => {
  const { lines } = await facts(delivered());
  const evidence = Object.fromEntries(
    lines.filter(({ state }) => state === 'done').map((line) => [line.name, line.evidence.map(({ name }) => name)]),
  );
  const { setup, ...rest } = evidence;
  expect(setup).toEqual([]);
  expect(Object.entries(rest).filter(([, names]) => names.length === 0)).toEqual([]);
  expect(evidence).toMatchObject({
    test: ['passed', 'tasks'],
    coverage: ['lines', 'branches'],
    image: ['digest', 'log'],
    scan: ['critical', 'high', 'new', 'log'],
    migration: ['status', 'applied', 'last-migration'],
    deployment: ['release'],
    health: ['attempts', 'latency-p95'],
    smoke: ['failed', 'flaky'],
    promotion: ['url', 'release'],
  });
  expect(lines.find(({ name }) => name === 'image')?.evidence).toEqual([
    { name: 'digest', kind: 'digest', value: DIGEST },
    { name: 'log', kind: 'link', value: page },
  ]);
});

test('never makes a link of what project code has written', async () => {
  const outputs = { failed: 'https://evil.example', url: 'https://evil.example', flaky: '0' };
  const { lines } = await facts({ smoke: { result: 'success', outputs } });
  const [smoke] = lines;
  expect(smoke?.evidence.map(({ kind }) => kind)).toEqual(['text', 'number']);
});

test('holds no secret, in no field', async () => {
  const secret = 'correct-horse-battery';
  const failure = `it said ${secret} and "${secret}"`;
  const { outputs } = smokeFailed().smoke;
  const report = await facts(
    { ...smokeFailed(), smoke: { result: 'failure', outputs: { ...outputs, failure } } },
    secret,
  );
  expect(JSON.stringify(report)).not.toContain(secret);
  expect(report.lines.find(({ name }) => name === 'smoke')?.detail).toBe('it said *** and "***"');
});

test('the action hands it over, and writes all of it beside the page', async () => {
  const TOKEN = 'ghs_0123456789abcdefghijklmnopqrstuvwxyz';
  const run = await runReport({ needs: smokeFailed(), inputs: { service: 'api', 'alerts-token': TOKEN } });
  const output = JSON.parse(run.value('json')) as ReportFacts;
  expect(faultsOf(output)).toEqual([]);
  expect(output).toMatchObject({ done: false, headline: 'Not done: smoke failed', missing: ['promotion'] });
  const file = JSON.parse(await readFile(`${run.value('folder')}/report.json`, 'utf8')) as ReportFacts;
  expect(file).toEqual(output);
  expect(file.timeline).toEqual({ jobs: [], reason: 'the input `github-token` is empty' });
  expect(run.value('artifact')).toMatch(/^report-pipeline-api-[0-9a-f]{8}$/);
  expect(run.summary).toContain('[page with the timeline](https://github.com/acme/shop/actions/runs/1001#artifacts)');

  const without = await runReport({ needs: smokeFailed(), inputs: { page: 'false' } });
  expect(without.value('folder')).toBe('');
  expect(without.value('artifact')).toBe('');
  expect(without.summary).not.toContain('#artifacts');
  expect(faultsOf(JSON.parse(without.value('json')))).toEqual([]);
});

test('two calls of one caller have artifacts of their own', async () => {
  const names = await Promise.all(
    [{ service: 'api' }, { service: 'api', environment: 'staging' }, { service: 'web' }].map(async (inputs) => {
      return (await runReport({ needs: { check: check('success') }, inputs })).value('artifact');
    }),
  );
  expect(new Set(names).size).toBe(3);
});
