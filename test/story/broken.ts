import type { RunEvent } from '../../src/local/run-types.ts';
import { serviceOf } from '../support/cloud-run/state.ts';
import { databaseSentence, LIVE_PAGE, pushed, rowOf, type Scene, servesSentence } from './before-production.ts';
import type { Break } from './flags.ts';
import { loseRunner } from './lost-runner.ts';
import { type Ended, runFile } from './runs.ts';
import { counted, listed } from './telling.ts';
import { type Change, empty, impossible, notes, unwell } from './versions.ts';
import { REGION } from './world.ts';

/** How a delivery to staging goes wrong. */
interface Accident {
  readonly title: string;
  readonly file: 'ci.yml' | 'web.yml';
  readonly change: (shop: Scene['world']['shop']) => Promise<Change>;
  /** Jobs that have to have failed, and those that must not have run. */
  readonly failed: readonly string[];
  readonly skipped: readonly string[];
  /** What happens while it runs. */
  readonly during?: (scene: Scene) => {
    readonly onEvent: (event: RunEvent) => void;
    readonly over: () => Promise<string>;
  };
}

const ACCIDENTS: Readonly<Record<Break, Accident>> = {
  health: {
    title: 'A version that is not well',
    ...{ file: 'ci.yml', change: unwell, failed: ['stage'], skipped: ['smoke', 'promote', 'rollback'] },
  },
  migration: {
    title: 'A migration that PostgreSQL refuses',
    ...{ file: 'ci.yml', change: impossible, failed: ['migrate'], skipped: ['stage', 'smoke', 'promote', 'rollback'] },
  },
  smoke: {
    title: 'A page that shows nothing',
    ...{ file: 'web.yml', change: empty, failed: ['smoke'], skipped: ['promote', 'rollback'] },
  },
  promote: {
    title: 'A cloud that does not let the traffic be moved',
    ...{ file: 'ci.yml', change: notes, failed: ['promote'], skipped: [] },
    during: forbidden,
  },
  runner: {
    title: 'A runner that is lost while the traffic moves',
    ...{ file: 'ci.yml', change: notes, failed: ['promote'], skipped: [] },
    during: lost,
  },
};

/** One good delivery, then one that goes wrong: what serves then, and what the table says. */
export async function brokenStory(scene: Scene, what: Break): Promise<void> {
  const { world, reader, teller } = scene;
  const { tell, quote, agree, about, chapter } = teller;
  const { title, file, change, failed, skipped, during } = ACCIDENTS[what];
  const isPage = file === 'web.yml';
  const serving = async () => {
    return isPage ? (await reader.ask(`${LIVE_PAGE}/app.js`)).text : await reader.serving('staging');
  };
  chapter('A good day');
  const good = await pushed(scene, file);
  const before = await serving();
  tell(await nowSentence(scene, isPage), `${file}: ${good.verdict}.`);

  chapter(title);
  const { author, message, files } = await change(world.shop);
  await world.shop.commit(author, message, files);
  const happening = during?.(scene);
  const event = { name: 'push' } as const;
  const start = { file, event, environment: 'staging' as const };
  const bad = about(await runFile(world, happening === undefined ? start : { ...start, onEvent: happening.onEvent }));
  const happened = await happening?.over();
  agree(`${file} with a broken ${what}`, bad.result.conclusion, 'failure');
  agree('jobs that failed', jobsThat(bad, failed, 'failure'), failed);
  agree('jobs that did not run', jobsThat(bad, skipped, 'skipped'), skipped);
  agree('what serves is what served', await serving(), before);
  tell(
    `${world.shop.git('log', '-1', '--format=%an')} pushes “${world.shop.git('log', '-1', '--format=%s')}”.`,
    ...(happened === undefined ? [] : [happened]),
    `${file} is red: ${listed(Object.keys(bad.jobs).filter((name) => bad.jobs[name] === 'failure'))} failed,`,
    `${listed(Object.keys(bad.jobs).filter((name) => bad.jobs[name] === 'success'))} passed.`,
    await nowSentence(scene, isPage),
    ...(isPage ? [] : [await databaseSentence(scene, 'staging')]),
  );
  tell(`The table says “${bad.verdict}”:`);
  quote([...bad.table].filter(([, { state }]) => /failed|done/.test(state)).map(([name]) => rowOf(bad, name)));
  const error = bad.result.annotations.find(
    ({ level, message: said }) => level === 'error' && said.startsWith('PIPE-'),
  );
  agree('an error is shown', error === undefined, false);
  const first = bad.night.size === 0 ? (error?.message ?? '').split('\n') : [];
  quote([...first, ...[...bad.night].map(([name, text]) => `${name}: ${text}`)]);
}

function jobsThat({ jobs }: Ended, names: readonly string[], conclusion: string): readonly string[] {
  return names.filter((name) => jobs[name] === conclusion);
}

async function nowSentence(scene: Scene, isPage: boolean): Promise<string> {
  if (!isPage) return await servesSentence(scene, 'staging');
  const [page, program] = [await scene.reader.ask(LIVE_PAGE), await scene.reader.ask(`${LIVE_PAGE}/app.js`)];
  const days = /'Saturday: ([^']*)'/.exec(program.text)?.[1];
  const greets = program.text.includes('friend') ? 'greets a friend' : 'greets nobody by name';
  return `${LIVE_PAGE} answers ${page.status}; its program knows that Saturday is ${days}, and ${greets}.`;
}

const isStartOf = (event: RunEvent, job: string) => event.kind === 'job-start' && event.job.endsWith(job);

/** The account that deploys loses the right to change the service when the traffic is to be moved. */
function forbidden({ world }: Scene) {
  const { state } = world.cloudOf('staging');
  const refused: string[] = [];
  return {
    onEvent: (event: RunEvent) => {
      if (!isStartOf(event, 'promote')) return;
      state.may = (who, permission) => {
        const isAllowed = permission !== 'run.services.update';
        if (!isAllowed) refused.push(who);
        return isAllowed;
      };
    },
    over: async () => {
      state.may = () => true;
      return `Cloud Run has refused ${listed([...new Set(refused)])} to change the service, ${counted(refused.length, 'time')}.`;
    },
  };
}

/** The process that moves the traffic is gone the moment the new release has it. */
function lost({ world }: Scene) {
  const traffic = () => {
    const service = serviceOf(world.cloudOf('staging').state, REGION, 'api');
    return service?.traffic.find(({ percent = 0 }) => percent > 50)?.revision;
  };
  const before = traffic();
  let losing: Promise<string> | undefined;
  return {
    onEvent: (event: RunEvent) => {
      if (!isStartOf(event, 'promote')) return;
      let taken: string | undefined;
      losing = loseRunner('promote', () => {
        taken = traffic();
        return taken !== before;
      }).then(
        (pid) => `The process ${pid} that moves the traffic is ended the moment ${taken} has it.`,
        // Told where it is looked at: until then the run goes on.
        (error: unknown) => String(error),
      );
    },
    over: async () => (await losing) ?? 'The job promote never began.',
  };
}
