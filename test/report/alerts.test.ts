import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { type Monitoring, startFront, startMonitoring } from '../alerts/servers.ts';
import { check, define, job, states } from './needs-context.ts';
import { type Outcome, runReport } from './run-report.ts';
import { checkFailed, delivered, PREVIOUS, RELEASE, smokeFailed } from './story-needs.ts';

const RULES = await readFile(new URL('../alerts/rules.yml', import.meta.url), 'utf8');
const PUSH = { name: 'push', payload: { ref: 'refs/heads/main' } };

let monitoring: Monitoring;
beforeAll(async () => {
  monitoring = await startMonitoring(RULES);
});
afterAll(() => monitoring?.stop());

interface Wish {
  readonly service?: string;
  readonly url?: string;
  readonly inputs?: Readonly<Record<string, string>>;
  readonly event?: { readonly name: string; readonly payload: unknown };
}

function report(needs: unknown, { service = 'by-label', url, inputs = {}, event = PUSH }: Wish = {}): Promise<Outcome> {
  const alerts = `url: ${url ?? monitoring.prometheus}`;
  return runReport({ needs, event, inputs: { service, page: 'false', alerts, ...inputs } });
}

/** The row of the table. */
function row({ summary }: Outcome): string | undefined {
  const seen = summary.replace(/&#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code)));
  return seen
    .split('\n')
    .find((line) => /^\| (?:\*\*)?alerts/.test(line))
    ?.replaceAll('\u00a0', ' ')
    .replaceAll('&quot;', '"');
}

describe('the line of the alerts', () => {
  test('is done where a rule names the service and none fires, with numbers', async () => {
    const outcome = await report(delivered());
    expect(outcome.exitCode).toBe(0);
    expect(row(outcome)).toBe('| alerts | ✅ done | 1 rule (named by a label), none fires |  |');
    const { lines } = JSON.parse(outcome.value('json')) as { lines: { name: string; evidence: unknown }[] };
    expect(lines.find(({ name }) => name === 'alerts')?.evidence).toEqual([
      { name: 'rules', kind: 'number', value: '1' },
      { name: 'firing', kind: 'number', value: '0' },
      { name: 'pending', kind: 'number', value: '0' },
      { name: 'silenced', kind: 'number', value: '0' },
    ]);
  });

  test('is red where one fires, and the five lines say what serves and how to go back', async () => {
    const outcome = await report(delivered(), { service: 'firing' });
    expect(outcome.exitCode).toBe(1);
    expect(row(outcome)).toMatch(/^\| \*\*alerts\*\* \| ❌ failed \| "Fires" since 20/);
    expect(outcome.log).toContain('::error::PIPE-ALERTS-005: not done: an alert of "firing" fires: "Fires" since');
    expect(outcome.log).toContain(`serving now: ${RELEASE} has the traffic: it was promoted, and answered`);
    expect(outcome.log).toMatch(/^what happened: PIPE-ALERTS-005: an alert of "firing" fires/m);
    expect(outcome.log).toContain(
      `to go back: \`gh workflow run rollback.yml --field release=${PREVIOUS} --repo acme/shop\``,
    );
  });

  test('is red where no rule names the service, or one can not fire', async () => {
    const nobody = await report(delivered(), { service: 'nobody' });
    expect(nobody.exitCode).toBe(1);
    expect(nobody.log).toContain('::error::PIPE-ALERTS-004: not done: no alerting rule names "nobody"');
    const broken = await report(delivered(), { service: 'broken' });
    expect(broken.exitCode).toBe(1);
    expect(broken.log).toContain('::error::PIPE-ALERTS-006: not done: alerting rules of "broken" can not fire');
  });

  test('is done and warned of where one is pending', async () => {
    const outcome = await report(delivered(), { service: 'pending' });
    expect(outcome.exitCode).toBe(0);
    expect(row(outcome)).toMatch(/✅ done \| 1 rule \(named by a label\), none fires, "Waits" is pending since/);
    expect(outcome.log).toMatch(/^::warning::The alerts are not settled: .*"Waits" is pending/m);
  });

  test('is not checked where a rule was never evaluated: amber, red where it is required', async () => {
    const outcome = await report(delivered(), { service: 'fresh' });
    expect(outcome.exitCode).toBe(0);
    expect(outcome.summary).toMatch(/^### ⚠️ fresh · Done, not checked: alerts\n/);
    const required = await report(delivered(), { service: 'fresh', inputs: { require: 'alerts' } });
    expect(required.exitCode).toBe(1);
    expect(required.value('missing')).toBe('["alerts"]');
  });

  test('has no result where the server is gone: red with the code, and the rest of the report is there', async () => {
    const front = await startFront((_request, response) => void response.end());
    await front.close();
    const outcome = await report(delivered(), { url: front.url });
    expect(outcome.exitCode).toBe(1);
    expect(outcome.value('missing')).toBe('["alerts"]');
    expect(row(outcome)).toMatch(/^\| \*\*alerts\*\* \| ❌ not checked \| PIPE-ALERTS-003: Prometheus did not answer/);
    expect(outcome.summary).toContain('| promotion | ✅');
    expect(outcome.log).toMatch(/^::error::PIPE-ALERTS-003: not done: Prometheus did not answer/m);
    expect(outcome.log).not.toMatch(/^\s+at /m);
  });

  test('is red where the map can not be used, and says how', async () => {
    const outcome = await report(delivered(), { inputs: { alerts: 'service: api' } });
    expect(outcome.exitCode).toBe(1);
    expect(outcome.log).toContain(
      '::error::PIPE-ALERTS-001: not done: the input `alerts` can not be used. Given: it has no `url`.',
    );
    const wrong = await report(delivered(), { inputs: { alerts: 'adress: https://prometheus.example' } });
    expect(wrong.log).toMatch(/^::error::PIPE-INPUT-00\d.*`?url`?/m);
  });

  test('comes from `settings` as well, as the workflows hand over what a caller writes', async () => {
    const settings = `alerts:\n  url: ${monitoring.prometheus}\n  rules: [Fires]\nrequire: [smoke]\npage: false\n`;
    const outcome = await runReport({ needs: delivered(), event: PUSH, inputs: { settings } });
    expect(row(outcome)).toMatch(/❌ failed \| "Fires" since/);
    expect(outcome.value('folder')).toBe('');
    const secret = await runReport({
      needs: delivered(),
      event: PUSH,
      inputs: { settings: 'alerts-token: abcdefghij' },
    });
    expect(secret.log).toMatch(/^::error::PIPE-INPUT-00\d:.*alerts-token/m);
    expect(secret.log.replace(/^::add-mask::.*$/gm, '')).not.toContain('abcdefghij');
  });

  test('never shows the token, and sends it to nobody else', async () => {
    const token = 'prometheus-token-0123456789';
    const elsewhere = await startFront((_request, response) => void response.end('{}'));
    const front = await startFront((_request, response) => {
      response.writeHead(307, { location: `${elsewhere.url}/?token=${token}` }).end();
    });
    onTestFinished(async () => void (await Promise.all([front.close(), elsewhere.close()])));
    const outcome = await report(delivered(), { url: front.url, inputs: { 'alerts-token': token, page: 'true' } });
    expect(front.asked).toEqual([`GET /api/v1/rules?type=alert Bearer ${token}`]);
    expect(elsewhere.asked).toEqual([]);
    const said = outcome.log.split('\n').filter((line) => !line.startsWith('::add-mask::'));
    expect(`${said.join('\n')}${outcome.summary}${outcome.output}`).not.toContain(token);
    expect(await readFile(`${outcome.value('folder')}/report.html`, 'utf8')).not.toContain(token);
    expect(outcome.log).toContain('PIPE-ALERTS-002');
  });
});

describe('alerts are looked at', () => {
  const asked = async (needs: unknown, event = PUSH) => {
    const front = await startFront((_request, response) => void response.writeHead(404).end());
    onTestFinished(front.close);
    const outcome = await report(needs, { url: front.url, event });
    return { count: front.asked.length, row: row(outcome), summary: outcome.summary };
  };

  test('after a promotion, a rollback, and what was tried at an address of its own', async () => {
    expect((await asked(delivered())).count).toBe(1);
    expect(
      (await asked({ ...delivered(), promote: job('failure'), rollback: job('success', { release: PREVIOUS }) })).count,
    ).toBe(1);
    expect((await asked({ check: check('success'), smoke: job('success', { failed: '0' }) })).count).toBe(1);
    expect((await asked({ verify: job('success'), deploy: job('success', { release: RELEASE }) })).count).toBe(1);
  });

  test('not where nothing came before users: failed before, not deployed, superseded, a pull request', async () => {
    const failed = await asked(checkFailed());
    expect(failed.count).toBe(0);
    expect(failed.summary.replaceAll('\u00a0', ' ')).toMatch(/^\| .*alerts \| ⏭️ not run \|/m);
    const idle = await asked({ check: check('success'), stage: job('skipped'), promote: job('skipped') });
    expect(idle.count).toBe(0);
    expect(idle.summary.replaceAll('\u00a0', ' ')).toMatch(/^\| .*alerts \| ⚪ not configured \|/m);
    // Staged and tried, and never promoted.
    expect((await asked(smokeFailed())).count).toBe(0);
    const newer = { release: RELEASE, superseded: 'true' };
    expect((await asked({ verify: job('success'), deploy: job('success', newer) })).count).toBe(0);
    const held = job('success', { release: RELEASE, held: 'true' });
    expect((await asked({ ...delivered(), promote: held })).count).toBe(0);
    const stage = job('success', newer);
    expect((await asked({ ...delivered(), stage, smoke: job('skipped'), promote: job('skipped') })).count).toBe(0);
    const repo = { full_name: 'acme/shop' };
    const side = { sha: 'a'.repeat(40), ref: 'feature', repo };
    const payload = {
      action: 'opened',
      pull_request: { number: 7, head: side, base: side },
      sender: { login: 'mona' },
    };
    const pull = await asked({ check: check('success'), smoke: job('success') }, {
      name: 'pull_request',
      payload,
    } as never);
    expect(pull).toMatchObject({ count: 0, row: undefined });
  });

  test('not where nobody asks: a deployment says that they are not configured, never green', async () => {
    const definition = await define(delivered());
    expect(states(definition)).toMatchObject({
      alerts: 'not-configured',
      scan: 'done',
      health: 'done',
      migration: 'done',
    });
    expect(states(await define({ stage: job('success', { release: RELEASE }) }))).toEqual({
      deployment: 'done',
      ...Object.fromEntries(['scan', 'migration', 'health', 'smoke', 'alerts'].map((name) => [name, 'not-configured'])),
    });
    expect(await define(delivered(), ['alerts'])).toMatchObject({ isDone: false, missing: ['alerts'] });
    const off = await report(delivered(), { inputs: { alerts: 'off' } });
    expect(off.exitCode).toBe(0);
    expect(off.summary.replaceAll('\u00a0', ' ')).toMatch(/^\| alerts \| ⚪ not configured/m);
  });
});
