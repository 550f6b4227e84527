import { dirname, relative } from 'node:path';
import { ConfigurationError, shown } from '../runtime/errors.ts';
import { insideWorkspace, readTextFile } from '../runtime/files.ts';
import { isMap } from '../runtime/yaml.ts';
import { ask, type DockerCall, NOTHING_STARTED, readableLines } from './compose-docker.ts';

/** A service of a compose file, as far as it matters here. */
export interface ComposeService {
  readonly name: string;
  /** Image that is pulled for it; undefined where it is built. */
  readonly image: string | undefined;
}

export interface ComposeFile {
  /** Absolute path. */
  readonly file: string;
  /** Path from the workspace, for messages. */
  readonly name: string;
  /** Services that start, in the order of their names. */
  readonly services: readonly ComposeService[];
}

/**
 * Reads a compose file with Docker Compose itself: interpolated, merged, profiles applied
 * (https://docs.docker.com/reference/cli/docker/compose/config/).
 *
 * @throws ConfigurationError PIPE-COMPOSE-004 not there or outside the workspace, PIPE-COMPOSE-005 not valid
 */
export async function readComposeFile(
  file: string,
  options: { readonly workspace: string; readonly project: string; readonly call: DockerCall },
): Promise<ComposeFile> {
  const name = relative(options.workspace, file);
  if ((await insideWorkspace(options.workspace, file)) === undefined)
    throw notThere(name, 'leads out of the workspace');
  if ((await readTextFile(file)) === undefined) throw notThere(name, 'does not exist');
  const args = ['compose', '--project-name', options.project, '--file', file, 'config', '--format', 'json'];
  const answer = await ask(args, options.call);
  if (answer.exitCode !== 0) throw invalid(name, wordsAbout(file, readableLines(answer.stderr)));
  const services = servicesOf(JSON.parse(answer.stdout));
  if (services.length === 0) throw invalid(name, 'it has no service that starts (a service with a profile does not)');
  return { file, name, services };
}

function notThere(name: string, what: string): ConfigurationError {
  return new ConfigurationError({
    code: 'PIPE-COMPOSE-004',
    what: `the compose file ${shown(name, 200)} ${what}`,
    accepted: 'the path of a compose file in the repository',
    example: 'compose: compose.test.yaml',
    state: NOTHING_STARTED,
  });
}

export function invalid(name: string, words: string): ConfigurationError {
  return new ConfigurationError({
    code: 'PIPE-COMPOSE-005',
    what: `Docker Compose does not accept ${shown(name, 200)}: ${shown(words, 400)}`,
    accepted: 'a file of the Compose Specification with at least one service',
    remedy: `correct it until \`docker compose --file ${name} config\` accepts it`,
    state: NOTHING_STARTED,
  });
}

/** The first line of what compose says about a file; its warnings and the folder's path are left out. */
export function wordsAbout(file: string, lines: readonly string[]): string {
  const words = lines.find((line) => !/^time="[^"]*" level=/.test(line)) ?? 'it gives no reason';
  return words.trim().replaceAll(`${dirname(file)}/`, '');
}

function servicesOf(config: unknown): ComposeService[] {
  const services = isMap(config) && isMap(config['services']) ? Object.entries(config['services']) : [];
  return services.map(([name, service]) => {
    const { image, build } = isMap(service) ? service : {};
    return { name, image: typeof image === 'string' && !isMap(build) ? image : undefined };
  });
}
