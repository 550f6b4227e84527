import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer as createHttpServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { findPrometheus } from '../../tools/alerts/install.ts';

/** Prometheus and Alertmanager of a test's own, on the loopback, wired together. */
export interface Monitoring {
  readonly prometheus: string;
  readonly alertmanager: string;
  /** Silences what has these labels for an hour. */
  readonly silence: (labels: Readonly<Record<string, string>>, by: string, reason: string) => Promise<void>;
  readonly stop: () => Promise<void>;
}

const WITHIN = 60_000;

/**
 * Starts both with a rule file, and waits until every group with an interval of seconds was evaluated and Alertmanager
 * has what fires.
 *
 * @param inhibit rules by which one alert stands for another, as Alertmanager's configuration writes them (JSON)
 */
export async function startMonitoring(rules: string, inhibit: readonly object[] = []): Promise<Monitoring> {
  const programs = await findPrometheus();
  const folder = await mkdtemp(join(tmpdir(), 'pipelines-alerts-'));
  const [ofPrometheus, ofAlertmanager] = [await freePort(), await freePort()];
  const target = `127.0.0.1:${ofPrometheus}`;
  const configuration = {
    global: { scrape_interval: '1s', evaluation_interval: '1s', external_labels: { cluster: 'test' } },
    rule_files: [join(folder, 'rules.yml')],
    alerting: { alertmanagers: [{ static_configs: [{ targets: [`127.0.0.1:${ofAlertmanager}`] }] }] },
    scrape_configs: [{ job_name: 'shop', static_configs: [{ targets: [target] }] }],
  };
  // JSON is YAML.
  await writeFile(join(folder, 'rules.yml'), rules);
  await writeFile(join(folder, 'prometheus.yml'), JSON.stringify(configuration));
  const route = { receiver: 'nobody', group_wait: '0s' };
  const routes = { route, receivers: [{ name: 'nobody' }], inhibit_rules: inhibit };
  await writeFile(join(folder, 'alertmanager.yml'), JSON.stringify(routes));
  for (const name of ['prometheus', 'alertmanager']) await mkdir(join(folder, name));
  const running = [
    start(programs.alertmanager, folder, [
      `--config.file=${join(folder, 'alertmanager.yml')}`,
      `--storage.path=${join(folder, 'alertmanager')}`,
      `--web.listen-address=127.0.0.1:${ofAlertmanager}`,
      '--cluster.listen-address=',
    ]),
    start(programs.prometheus, folder, [
      `--config.file=${join(folder, 'prometheus.yml')}`,
      `--storage.tsdb.path=${join(folder, 'prometheus')}`,
      `--web.listen-address=${target}`,
      '--rules.alert.resend-delay=1s',
    ]),
  ];
  const stop = async () => {
    await Promise.all(running.map(({ end }) => end()));
    await rm(folder, { recursive: true, force: true });
  };
  const prometheus = `http://${target}`;
  const alertmanager = `http://127.0.0.1:${ofAlertmanager}`;
  const silence = async (labels: Readonly<Record<string, string>>, by: string, reason: string) => {
    const matchers = Object.entries(labels).map(([name, value]) => ({ name, value, isRegex: false, isEqual: true }));
    const [startsAt, endsAt] = [0, 3_600_000].map((more) => new Date(Date.now() + more).toISOString());
    const response = await fetch(`${alertmanager}/api/v2/silences`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ matchers, startsAt, endsAt, createdBy: by, comment: reason }),
    });
    if (!response.ok) throw new Error(`the silence was answered ${response.status}: ${await response.text()}`);
  };
  try {
    await until(
      () => isSettled(prometheus, alertmanager),
      () => running.map(({ said }) => said()).join('\n'),
    );
  } catch (error) {
    await stop();
    throw error;
  }
  return { prometheus, alertmanager, silence, stop };
}

interface Rule {
  readonly lastEvaluation: string;
}

/** Every rule of a quick group was evaluated, and as many alerts fire there as are known here. */
async function isSettled(prometheus: string, alertmanager: string): Promise<boolean> {
  const answer = (await (await fetch(`${prometheus}/api/v1/rules`)).json()) as {
    data: { groups: { interval: number; rules: (Rule & { alerts?: { state: string }[] })[] }[] };
  };
  const rules = answer.data.groups.filter(({ interval }) => interval <= 10).flatMap((group) => group.rules);
  const up = (await (await fetch(`${prometheus}/api/v1/query?query=up`)).json()) as { data: { result: unknown[] } };
  const firing = rules.flatMap(({ alerts = [] }) => alerts.filter(({ state }) => state === 'firing')).length;
  const known = (await (await fetch(`${alertmanager}/api/v2/alerts`)).json()) as unknown[];
  const wereEvaluated = rules.every(({ lastEvaluation }) => Date.parse(lastEvaluation) > 0);
  return rules.length > 0 && wereEvaluated && up.data.result.length > 0 && firing > 0 && known.length === firing;
}

/** Asks every 100 ms, for a minute at most. */
export async function until(isSo: () => Promise<boolean>, said: () => string = () => ''): Promise<void> {
  const limit = Date.now() + WITHIN;
  while (Date.now() < limit) {
    const found = await isSo().catch(() => false);
    if (found) return;
    await delay(100);
  }
  throw new Error(`it did not come to be within ${WITHIN / 1_000} s\n${said().slice(-4_000)}`);
}

function start(program: string, cwd: string, args: readonly string[]) {
  const child: ChildProcess = spawn(program, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  const hear = (chunk: Buffer) => {
    said = (said + chunk.toString('utf8')).slice(-16_384);
  };
  child.stdout?.on('data', hear);
  child.stderr?.on('data', hear);
  const ended = once(child, 'close');
  return {
    said: () => said,
    end: async () => {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

export interface Front {
  readonly url: string;
  /** What was asked, with the token that came: `GET /api/v1/rules Bearer x`. */
  readonly asked: string[];
  readonly close: () => Promise<void>;
}

/** A server on the loopback that answers as it is told. */
export async function startFront(
  answer: (request: IncomingMessage, response: ServerResponse) => void | Promise<void>,
): Promise<Front> {
  const asked: string[] = [];
  const server = createHttpServer((request, response) => {
    asked.push(`${request.method} ${request.url} ${request.headers.authorization ?? ''}`.trim());
    void answer(request, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const close = async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  return { url: `http://127.0.0.1:${port}`, asked, close };
}
