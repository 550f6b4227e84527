import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { startApi } from '../github/api-server.ts';
import { openFile, type View } from './browser.ts';
import { focused, focusFirstJob, look } from './in-page.js';
import { runReport } from './run-report.ts';
import { DIGEST, delivered, HOSTILE, hostile, listedJobs, RELEASE, smokeFailed } from './story-needs.ts';

const TOKEN = 'ghs_0123456789abcdefghijklmnopqrstuvwxyz';
const PUSH = { name: 'push', payload: { ref: 'refs/heads/main' } };
const NAMES = ['check', 'publish', 'tag', 'migrate', 'stage', 'smoke'] as const;
const OWN = 'https://github.com/acme/shop/';

/** The folder that a run of the action leaves for its artifact. */
async function written(needs: unknown, listed: readonly object[]) {
  const api = await startApi({ tokens: { [TOKEN]: { login: 'bot', may: 'write' } } });
  api.intercept = ({ path }) => {
    if (!path.startsWith('/repos/acme/shop/actions/runs/1001/attempts/1/jobs?')) return undefined;
    return { status: 200, body: { total_count: listed.length, jobs: listed } };
  };
  const outcome = await runReport({
    needs,
    event: PUSH,
    inputs: { 'github-token': TOKEN, workflow: 'node-service', service: 'api', environment: 'staging' },
    environment: { GITHUB_API_URL: api.url, RUNNER_NAME: 'runner-7', GITHUB_JOB: 'report' },
  });
  const folder = outcome.value('folder');
  return { ...outcome, folder, page: join(folder, 'report.html') };
}

/** A delivery whose smoke test said no. */
function red() {
  const jobs = NAMES.map((name, index) => [name, 10 + index, name === 'smoke' ? 'failure' : 'success'] as const);
  return written(smokeFailed(), listedJobs(jobs, 'api / '));
}

const VIEWS: readonly View[] = [360, 1440].flatMap((width): View[] => [
  { width, scheme: 'light' },
  { width, scheme: 'dark' },
]);
const WIDE: View = { width: 1440, scheme: 'light' };

describe('the page of a delivery that failed', () => {
  test('is readable, whole and quiet, narrow and wide, light and dark', async () => {
    const { page: file } = await red();
    for (const view of VIEWS) {
      const page = await openFile(file, view);
      const seen = await page.evaluate(look);
      expect({ view, pale: seen.pale, overflow: seen.overflow, cut: seen.cut }).toEqual({
        view,
        pale: [],
        overflow: 0,
        cut: [],
      });
      expect(seen.texts).toBeGreaterThan(60);
      expect(seen.background).toBe(view.scheme === 'dark' ? 'rgb(17, 22, 27)' : 'rgb(250, 250, 248)');
      expect(page.said).toEqual([]);
    }
  });

  test('says first what serves and what to do, then the table, the timeline, the rest', async () => {
    const { page: file } = await red();
    const { order, rows } = await (await openFile(file, WIDE)).evaluate(look);
    expect(order).toEqual([
      'Not done: smoke failed',
      ...['serving now', 'what happened', 'database', 'what to run', 'again'],
      ...['Definition of Done', 'Timeline', 'Details'],
    ]);
    expect(rows).toContain('image: done');
    expect(rows).toContain('smoke: failed');
    expect(rows).toContain('promotion: required, not run');
  });

  test('shows when what ran: each job behind the one before, its steps within it', async () => {
    const { page: file } = await red();
    const page = await openFile(file, WIDE);
    const { jobs } = await page.evaluate(look);
    expect(jobs.map(({ name }) => name)).toEqual([...NAMES]);
    for (const [index, { left, right }] of jobs.entries()) {
      expect(right).toBeGreaterThan(left);
      expect(left).toBeGreaterThanOrEqual(jobs[index - 1]?.right ?? 0);
    }
    // What failed is unfolded.
    const open = jobs.filter(({ isOpen }) => isOpen);
    expect(open.map(({ name, steps }) => [name, steps.length])).toEqual([['smoke', 3]]);
    for (const { left, right, steps } of open) {
      expect(Math.min(...steps.map((step) => step.left))).toBeGreaterThanOrEqual(left - 1);
      expect(Math.max(...steps.map((step) => step.right))).toBeLessThanOrEqual(right + 1);
    }
  });

  test('can be used from the keyboard, and shows where one is', async () => {
    const { page: file } = await red();
    const page = await openFile(file, WIDE);
    const { focusable } = await page.evaluate(look);
    const reached: string[] = [];
    for (let count = 0; count < focusable; count += 1) {
      await page.press('Tab');
      reached.push(await page.evaluate(focused));
    }
    expect(focusable).toBeGreaterThan(20);
    expect(reached.filter((where) => !/^(?:A|SUMMARY) solid$/.test(where))).toEqual([]);
    // The next one leaves the page: all of them were reached.
    await page.press('Tab');
    expect(await page.evaluate(focused)).toMatch(/^BODY/);
    await page.evaluate(focusFirstJob);
    await page.press('Enter');
    const after = await page.evaluate(look);
    expect(after.jobs.filter(({ isOpen }) => isOpen).map(({ name }) => name)).toEqual(['check', 'smoke']);
  });

  test('leads to the log of each job, the commit and the run, and nowhere else', async () => {
    const { page: file } = await red();
    const { links, logOfFirst } = await (await openFile(file, WIDE)).evaluate(look);
    expect(links).toContain(`${OWN}actions/runs/1001/job/6`);
    expect(links).toContain(`${OWN}commit/${'c'.repeat(40)}`);
    expect(links.filter((href) => !href.startsWith(OWN))).toEqual([]);
    expect(logOfFirst).toBe(`${OWN}actions/runs/1001/job/1`);
  });
});

test('shows hostile names as text, in every corner', async () => {
  const { page: file } = await written(hostile(), listedJobs([[HOSTILE, 10, 'failure']], 'api / '));
  for (const view of VIEWS) {
    const page = await openFile(file, view);
    const { title, text, foreign, links, overflow, cut } = await page.evaluate(look);
    expect({ foreign, overflow, cut, links: links.filter((href) => !href.startsWith(OWN)) }).toEqual({
      foreign: 0,
      overflow: 0,
      cut: [],
      links: [],
    });
    expect(text).toContain('"><script>document.title=');
    expect(title).toMatch(/^api → staging: Not done/);
    expect(page.said).toEqual([]);
  }
});

test('runs nothing and loads nothing, whatever would get into it', async () => {
  const { page: file } = await written(delivered(), listedJobs([['check', 5]]));
  const changed = `${file}.changed.html`;
  const more = `<script>document.title='owned'</script><img src="https://evil.example/x.png"><h2 style="color:red">x</h2>`;
  await writeFile(changed, (await readFile(file, 'utf8')).replace('</main>', `${more}</main>`));
  const page = await openFile(changed, WIDE);
  expect((await page.evaluate(look)).title).toBe('api → staging: Done');
  const refused = page.said.filter((line) => line.includes('Content Security Policy'));
  expect(refused.map((line) => /script|image|style/.exec(line)?.[0]).sort()).toEqual(['image', 'script', 'style']);
});

test('of a green run shows the evidence: digest, release, numbers, address', async () => {
  const names = [
    ['check', 5],
    ['publish', 7],
  ] as const;
  const run = await written(delivered(), listedJobs(names, 'api / '));
  expect(run.exitCode).toBe(0);
  const { text, rows, links, pale } = await (await openFile(run.page, { width: 1440, scheme: 'dark' })).evaluate(look);
  for (const said of [DIGEST, RELEASE, 'lines 91.4 %', '20260301000000_note_title']) expect(text).toContain(said);
  expect(rows).toContain('alerts: not configured');
  expect(links).toContain('https://api.staging.example/');
  expect(pale).toEqual([]);
});
