import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { judge } from '../../src/alerts/judge.ts';
import { type Looked, lookAtAlerts } from '../../src/alerts/look.ts';
import { parseRules } from '../../src/alerts/rules.ts';
import type { AlertsMap } from '../../src/alerts/settings.ts';
import { type Monitoring, startFront, startMonitoring, until } from './servers.ts';

const RULES = await readFile(new URL('rules.yml', import.meta.url), 'utf8');
const INHIBIT = [
  { source_matchers: ['severity="critical"'], target_matchers: ['severity="warning"'], equal: ['zone'] },
];

let monitoring: Monitoring;
beforeAll(async () => {
  monitoring = await startMonitoring(RULES, INHIBIT);
});
afterAll(() => monitoring?.stop());

async function look(alerts: AlertsMap, more: { service?: string; token?: string } = {}): Promise<Looked> {
  return await lookAtAlerts({
    alerts: { url: monitoring.prometheus, ...alerts },
    service: more.service ?? '',
    token: more.token ?? '',
    environment: { NO_PROXY: '127.0.0.1' },
    signal: new AbortController().signal,
    pause: async () => undefined,
  });
}

function found(looked: Looked) {
  if (!('finding' in looked)) throw new Error(`nothing was found: ${looked.fault.code} ${looked.fault.what}`);
  return looked.finding;
}

function faultOf(looked: Looked) {
  if (!('fault' in looked)) throw new Error(`it was found: ${looked.finding.detail}`);
  return looked;
}

describe('which rules are about a service', () => {
  test.each([
    ['label', 'by-label', '1 rule (named by a label), none fires'],
    ['expression', 'by-expression', '1 rule (named in the expression), none fires'],
    ['expression that names several', 'web', '1 rule (named in the expression), none fires'],
    ['annotation', 'by-annotation', '1 rule (named in an annotation), none fires'],
  ])('one that names it by its %s', async (_by, service, detail) => {
    expect(found(await look({ service }))).toMatchObject({ state: 'quiet', detail });
  });

  test('the run’s service where the map names none', async () => {
    expect(found(await look({}, { service: 'by-label' }))).toMatchObject({ state: 'quiet', counts: { rules: 1 } });
  });

  test.each(['nobody', 'by', 'excluded', 'BY-LABEL'])('none for %s: that is red', async (service) => {
    const finding = found(await look({ service }));
    expect(finding.state).toBe('unnamed');
    expect(finding.detail).toMatch(
      new RegExp(`^no alerting rule names "${service}" \\(\\d+ alerting rules were looked at`),
    );
    expect(finding.fault).toMatchObject({ code: 'PIPE-ALERTS-004' });
  });

  test('those that the caller names, and no other; one that is not there is red', async () => {
    expect(found(await look({ service: 'firing', rules: ['Generic'] }))).toMatchObject({
      state: 'quiet',
      detail: '1 rule (named in `rules`), none fires',
    });
    const finding = found(await look({ service: 'by-label', rules: ['Generic', 'Gone'] }));
    expect(finding).toMatchObject({ state: 'unnamed', fault: { code: 'PIPE-ALERTS-004' } });
    expect(finding.detail).toContain('there is no alerting rule "Gone"');
  });
});

describe('what a rule says', () => {
  test('firing is red, with the name and since when', async () => {
    const finding = found(await look({ service: 'firing' }));
    expect(finding).toMatchObject({
      state: 'firing',
      counts: { rules: 1, firing: 1 },
      fault: { code: 'PIPE-ALERTS-005' },
    });
    expect(finding.detail).toMatch(/^"Fires" since 20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    expect(finding.fault?.what).toContain('an alert of "firing" fires: "Fires" since');
  });

  test('pending is told apart, and not called quiet', async () => {
    const finding = found(await look({ service: 'pending' }));
    expect(finding).toMatchObject({ state: 'pending', counts: { rules: 1, firing: 0, pending: 1 } });
    expect(finding.detail).toMatch(/^1 rule \(named by a label\), none fires, "Waits" is pending since 20/);
  });

  test('one that can not be evaluated is red: it would tell nobody', async () => {
    const finding = found(await look({ service: 'broken' }));
    expect(finding).toMatchObject({ state: 'blind', fault: { code: 'PIPE-ALERTS-006' } });
    expect(finding.detail).toMatch(/^"Broken" can not be evaluated: .*regular expression/);
  });

  test('one that was never evaluated is told apart', async () => {
    const finding = found(await look({ service: 'fresh' }));
    expect(finding).toMatchObject({ state: 'fresh', counts: { pending: 0 } });
    expect(finding.detail).toContain('"Fresh" was not evaluated yet');
  });

  test('a group that stands still is red, by the clock of the server', async () => {
    const rules = parseRules(await (await fetch(`${monitoring.prometheus}/api/v1/rules?type=alert`)).text()) ?? [];
    const wanted = { service: 'by-label', label: 'service', rules: undefined };
    const minutes = (count: number) => Date.now() + count * 60_000;
    expect(judge(rules, wanted, minutes(1)).state).toBe('quiet');
    const finding = judge(rules, wanted, minutes(60));
    expect(finding).toMatchObject({ state: 'blind', fault: { code: 'PIPE-ALERTS-006' } });
    expect(finding.detail).toMatch(/^"ByLabel" stands still: its group "quick" was evaluated last (1h|59m|60m)/);
  });

  test('an alert of another service does not count, although the rule is about several', async () => {
    expect(found(await look({ service: 'shop' }))).toMatchObject({ state: 'firing', counts: { firing: 1 } });
    expect(found(await look({ service: 'several-b' }))).toMatchObject({
      state: 'quiet',
      counts: { rules: 1, firing: 0 },
    });
  });
});

describe('waits', () => {
  test('until what is pending has settled, and no longer', async () => {
    let answers = 0;
    const front = await startFront(async (_request, response) => {
      answers += 1;
      const body = await (await fetch(`${monitoring.prometheus}/api/v1/rules?type=alert`)).text();
      // The same alert, a moment later.
      response.end(answers < 3 ? body : body.replaceAll('"state":"pending"', '"state":"firing"'));
    });
    onTestFinished(front.close);
    expect(found(await look({ url: front.url, service: 'pending', wait: 60_000 })).state).toBe('firing');
    expect(answers).toBe(3);
    answers = -100;
    expect(found(await look({ url: front.url, service: 'pending' })).state).toBe('pending');
    expect(answers).toBe(-99);
  });
});

describe('Alertmanager', () => {
  test('a silence excuses, and says who silenced it, why and until when', async () => {
    await monitoring.silence({ alertname: 'Silenced' }, 'ana', 'new disks');
    const { alertmanager } = monitoring;
    const states = async () => (await (await fetch(`${alertmanager}/api/v2/alerts`)).json()) as Held[];
    await until(async () => (await states()).some(({ status }) => status.silencedBy.length > 0));
    const finding = found(await look({ service: 'silenced', alertmanager }));
    expect(finding).toMatchObject({ state: 'quiet', counts: { firing: 0, silenced: 1 } });
    expect(finding.detail).toMatch(/"Silenced" is silenced \(by "ana" for "new disks" until 20\d\d-.*Z\)$/);
    expect(found(await look({ service: 'silenced' })).state).toBe('firing');
  });

  interface Held {
    readonly labels: Readonly<Record<string, string>>;
    readonly status: { readonly silencedBy: readonly string[]; readonly inhibitedBy: readonly string[] };
  }

  test('an inhibition does not excuse: the alert that stands for it fires', async () => {
    const { alertmanager } = monitoring;
    await until(async () => {
      const alerts = (await (await fetch(`${alertmanager}/api/v2/alerts`)).json()) as Held[];
      return alerts.some(({ labels, status }) => labels['service'] === 'inhibited' && status.inhibitedBy.length > 0);
    });
    const finding = found(await look({ service: 'inhibited', alertmanager }));
    expect(finding).toMatchObject({ state: 'firing', counts: { firing: 1, silenced: 0 } });
    expect(finding.detail).toMatch(/^"Inhibited" since .* \(inhibited by another alert, which fires too\)$/);
  });

  test('one that does not answer excuses nothing, and is told', async () => {
    const front = await startFront((_request, response) => void response.writeHead(404).end());
    onTestFinished(front.close);
    const finding = found(await look({ service: 'firing', alertmanager: front.url }));
    expect(finding.state).toBe('firing');
    expect(finding.detail).toContain('whether it is silenced is not known: PIPE-ALERTS-002');
  });

  test('is not asked where nothing fires, and gets no token of another server', async () => {
    const front = await startFront((_request, response) => void response.end('[]'));
    onTestFinished(front.close);
    await look({ service: 'by-label', alertmanager: front.url }, { token: 'token-of-prometheus' });
    expect(front.asked).toEqual([]);
    await look({ service: 'firing', alertmanager: front.url }, { token: 'token-of-prometheus' });
    expect(front.asked).toEqual(['GET /api/v2/alerts?active=true&silenced=true&inhibited=true']);
  });
});

describe('a server that does not say', () => {
  const answers: Readonly<Record<string, readonly [status: number, headers: Record<string, string>, body: string]>> = {
    'a token that it does not know': [401, {}, ''],
    'a page to sign in at': [200, { 'content-type': 'text/html' }, '<!doctype html><title>Sign in</title>'],
    'an answer without rules': [200, {}, '{"status":"success","data":{}}'],
    'no such path': [404, {}, 'not found'],
  };
  test.each(Object.entries(answers))('%s is the caller’s to see to', async (_name, [status, headers, body]) => {
    const front = await startFront((_request, response) => void response.writeHead(status, headers).end(body));
    onTestFinished(front.close);
    const looked = faultOf(await look({ url: front.url, service: 'api' }));
    expect(looked).toMatchObject({ kind: 'configuration', fault: { code: 'PIPE-ALERTS-002' } });
    expect(front.asked).toHaveLength(1);
  });

  test('a redirect is not followed, with the token or without', async () => {
    const elsewhere = await startFront((_request, response) => void response.end('{}'));
    onTestFinished(elsewhere.close);
    const front = await startFront((_request, response) => {
      response.writeHead(302, { location: `${elsewhere.url}/login?code=1` }).end();
    });
    onTestFinished(front.close);
    const looked = faultOf(await look({ url: front.url, service: 'api' }, { token: 'the-token' }));
    expect(looked.fault).toMatchObject({ code: 'PIPE-ALERTS-002' });
    expect(looked.fault.what).toContain(`a redirect to "${new URL(elsewhere.url).host}", which was not followed`);
    expect(front.asked).toEqual(['GET /api/v1/rules?type=alert Bearer the-token']);
    expect(elsewhere.asked).toEqual([]);
  });

  test('one that is gone, or fails, is a fault outside after several tries', async () => {
    const front = await startFront((_request, response) => {
      response.writeHead(503, { 'retry-after': '0' }).end();
    });
    onTestFinished(front.close);
    const failing = faultOf(await look({ url: front.url, service: 'api' }));
    expect(failing).toMatchObject({ kind: 'outside', fault: { code: 'PIPE-ALERTS-003' } });
    expect(failing.fault.what).toMatch(/status 503, 4 tries over/);
    expect(front.asked).toHaveLength(4);
    await front.close();
    const gone = faultOf(await look({ url: front.url, service: 'api' }));
    expect(gone).toMatchObject({ kind: 'outside', fault: { code: 'PIPE-ALERTS-003' } });
    expect(gone.fault.what).toContain('did not answer');
  });
});

describe('the map', () => {
  test.each([
    ['no address', { service: 'api', url: undefined }, '', 'it has no `url`'],
    ['no service', {}, '', 'neither it nor the run names a service'],
    ['a token over an open line', { url: 'http://prometheus.example', service: 'api' }, 'secret-token', 'an open line'],
    ['a token of two lines', { service: 'api' }, 'one\ntwo', 'has spaces, line ends'],
  ])('with %s is refused before anything is asked', async (_name, alerts, token, said) => {
    const looked = faultOf(await look(alerts as AlertsMap, { token }));
    expect(looked).toMatchObject({ kind: 'configuration', fault: { code: 'PIPE-ALERTS-001' } });
    expect(looked.fault.given).toContain(said);
  });

  test.each(['', '/', '/api/v1', '/api/v1/rules'])('takes the address with %s behind it', async (path) => {
    expect(found(await look({ url: `${monitoring.prometheus}${path}`, service: 'by-label' })).state).toBe('quiet');
  });
});

/** A Grafana as its own description has it: rules below /api/prometheus/grafana, states and health with details. */
function grafana(rules: readonly object[]) {
  return startFront((request, response) => {
    if (request.headers.authorization !== 'Bearer glsa_token') return void response.writeHead(401).end('{}');
    if (request.url !== '/api/prometheus/grafana/api/v1/rules?type=alert')
      return void response.writeHead(404).end('{}');
    const now = new Date().toISOString();
    const group = { name: 'shop', file: 'Folder', interval: 60, lastEvaluation: now, evaluationTime: 0.01, totals: {} };
    const base = { type: 'alerting', query: 'up', annotations: {}, lastEvaluation: now, evaluationTime: 0.01 };
    const groups = [{ ...group, rules: rules.map((rule) => ({ ...base, ...rule })) }];
    response.end(JSON.stringify({ status: 'success', data: { groups, totals: {} } }));
  });
}

describe('Grafana', () => {
  const labels = { service: 'api' };
  const alert = (state: string) => ({ labels: { alertname: 'Slow', ...labels }, annotations: {}, state, value: '1' });
  test.each([
    ['is quiet', { state: 'inactive', health: 'ok' }, 'quiet', 'none fires'],
    ['fires', { state: 'firing', health: 'ok', alerts: [alert('Alerting')] }, 'firing', '"Slow"'],
    [
      'fires because its query fails',
      { state: 'firing', health: 'error', alerts: [alert('Alerting (Error)')] },
      'firing',
      '"Slow"',
    ],
    ['is pending', { state: 'pending', health: 'ok', alerts: [alert('Pending')] }, 'pending', '"Slow" is pending'],
    ['fails', { state: 'inactive', health: 'error', lastError: 'no such table' }, 'blind', 'no such table'],
    ['is paused', { state: 'inactive', health: 'ok', isPaused: true }, 'blind', '"Slow" is paused'],
    ['has no data', { state: 'inactive', health: 'nodata' }, 'quiet', '"Slow" has no data'],
    [
      'was never evaluated',
      { health: 'unknown', lastEvaluation: '0001-01-01T00:00:00Z' },
      'fresh',
      'not evaluated yet',
    ],
  ] as const)('a rule that %s', async (_name, rule, state, said) => {
    const front = await grafana([{ name: 'Slow', labels, ...rule }]);
    onTestFinished(front.close);
    for (const url of [front.url, `${front.url}/api/prometheus/grafana/`]) {
      const looked = await look({ url, kind: 'grafana', service: 'api' }, { token: 'glsa_token' });
      expect(found(looked)).toMatchObject({ state, counts: { rules: 1 } });
      expect(found(looked).detail).toContain(said);
      expect(looked).toMatchObject({ page: `${front.url}/alerting/list` });
    }
  });

  test('does not let in without a token, and says so', async () => {
    const front = await grafana([]);
    onTestFinished(front.close);
    const { fault } = faultOf(await look({ url: front.url, kind: 'grafana', service: 'api' }));
    expect(fault.what).toContain('Grafana at 127.0.0.1');
    expect(fault.what).toContain('it answered 401: the token is missing, or may not read it');
  });
});
