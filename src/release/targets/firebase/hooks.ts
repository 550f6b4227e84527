import { stripVTControlCharacters } from 'node:util';
import { projectEnvironment } from '../../../runtime/environment.ts';
import { ConfigurationError, ProjectFailure, shown } from '../../../runtime/errors.ts';
import { execute } from '../../../runtime/process.ts';
import type { Surroundings } from '../../target.ts';
import type { FirebaseInputs } from './inputs.ts';
import type { Section } from './section.ts';

/** Longest run of one hook in milliseconds. */
const LONGEST = 1_800_000;

/** Where hooks run and what they are told, as Firebase's own program tells them. */
export interface HookPlace {
  /** Folder of firebase.json. */
  readonly folder: string;
  readonly project: string;
  /** Folder that is deployed. */
  readonly output: string;
}

/**
 * `predeploy` of firebase.json: refused, passed over, or run one after the other without any credential.
 *
 * @param choice `built`: what is deployed was built by an earlier job, so that there is nothing to run
 * @throws ConfigurationError PIPE-FIREBASE-006 when there are hooks and they are refused
 * @throws ProjectFailure PIPE-FIREBASE-007 when one fails
 */
export async function runHooks(
  section: Section,
  choice: FirebaseInputs['predeploy'] | 'built',
  place: HookPlace,
  surroundings: Pick<Surroundings, 'environment' | 'log' | 'signal'>,
): Promise<void> {
  const { log } = surroundings;
  if (section.postdeploy.length > 0) {
    log.annotate('notice', '`postdeploy` of firebase.json is not run: put it into a job after this one.');
  }
  if (section.predeploy.length === 0) return;
  const first = shown(section.predeploy[0], 120);
  if (choice === 'refuse') {
    throw new ConfigurationError({
      code: 'PIPE-FIREBASE-006',
      what: 'firebase.json has `predeploy` hooks, and a job that holds a deploy credential runs no code of the project',
      given: `${first}${section.predeploy.length > 1 ? ` and ${section.predeploy.length - 1} more` : ''}`,
      accepted: '`predeploy: skip` where an earlier job has built what is deployed, or `predeploy: run`',
      example: 'predeploy: skip',
      remedy: 'build in a job without credentials, hand its output over, and skip the hooks here',
      state: 'nothing was run and nothing was sent',
    });
  }
  if (choice !== 'run') {
    const why = choice === 'skip' ? 'predeploy: skip' : 'what is deployed was built by an earlier job';
    log.info(`The predeploy hooks of firebase.json are not run (${why}): ${first}.`);
    return;
  }
  for (const command of section.predeploy) await runHook(command, place, surroundings);
}

async function runHook(
  command: string,
  { folder, project, output }: HookPlace,
  { environment, log, signal }: Pick<Surroundings, 'environment' | 'log' | 'signal'>,
): Promise<void> {
  const additions = { GCLOUD_PROJECT: project, PROJECT_DIR: folder, RESOURCE_DIR: output };
  const env = projectEnvironment(withoutSignIn(environment), additions);
  const group = log.openGroup(`predeploy: ${shown(command, 200)}`);
  const decoder = new TextDecoder();
  try {
    // The hook is a line of shell by definition; it is the whole of it, and one argument.
    const { exitCode, endedBy } = await execute('sh', ['-c', command], {
      cwd: folder,
      env,
      signal,
      timeout: LONGEST,
      onOutput: (chunk) => group.write(stripVTControlCharacters(decoder.decode(chunk, { stream: true }))),
    });
    if (exitCode === 0 && endedBy === 'itself') return;
    const how =
      endedBy === 'timeout'
        ? `it took more than ${LONGEST / 60_000} minutes`
        : `it ended with ${exitCode ?? 'a signal'}`;
    throw new ProjectFailure({
      code: 'PIPE-FIREBASE-007',
      what: `the predeploy hook ${shown(command, 200)} failed`,
      given: how,
      remedy: 'its output is in the log',
      state: 'nothing was deployed',
    });
  } finally {
    group.close();
  }
}

/** Files of credentials that other steps may have left behind are no business of a hook. */
function withoutSignIn(environment: Surroundings['environment']): Surroundings['environment'] {
  const names = /^(GOOGLE_APPLICATION_CREDENTIALS|GOOGLE_GHA_CREDS_PATH|CLOUDSDK_.*|FIREBASE_TOKEN)$/;
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !names.test(name)));
}
