import type { RecordedExchange } from '../../src/local/run-types.ts';
import { databaseSentence, rowOf, type Scene, servesSentence, toStaging } from './before-production.ts';
import { type Ended, plain, runFile } from './runs.ts';
import { counted, listed, seconds } from './telling.ts';
import { notes, visitors } from './versions.ts';
import { type Visit, whileVisited } from './visitors.ts';

/** A release on GitHub as it was made. */
interface Published {
  readonly tag: string;
  readonly notes: string;
  /** Release reference in the notes. */
  readonly release: string;
}

/** Production, by hand and approved: exactly what staging verified. @returns the release reference of what serves */
export async function firstRelease(scene: Scene): Promise<string> {
  const { reader, teller } = scene;
  const { tell, agree, chapter } = teller;
  chapter('Production');
  const run = await released(scene, 'v1.0.0', { reason: 'opening day' });
  agree('release.yml', run.result.conclusion, 'success');
  const [inStaging, inProduction] = [await reader.serving('staging'), await reader.serving('production')];
  agree('the same image in both', inStaging?.[0]?.digest, inProduction?.[0]?.digest);
  const published = publishedBy(run);
  tell(
    `${approval(run)}: release.yml had found that ${verifiedBy(run)}.`,
    await servesSentence(scene, 'production'),
    `It is the image that serves in staging, ${inProduction?.[0]?.digest.slice(0, 19)}….`,
    await databaseSentence(scene, 'production'),
    tagSentence(scene, published),
  );
  tell(
    `The table says: ${run.verdict}; ${['verification', 'migration', 'deployment'].map((name) => rowOf(run, name)).join('; ')}.`,
  );
  return published.release;
}

/** The next version goes to half of the visitors first, and none of them notices. */
export async function nextRelease(scene: Scene): Promise<void> {
  const { reader, teller } = scene;
  const { tell, agree, chapter } = teller;
  chapter('The next version');
  const before = await reader.serving('production');
  await toStaging(scene, await notes(scene.world.shop));
  const { value: run, visit } = await whileVisited(reader, 'production', '/hours', () => {
    return released(scene, 'v1.1.0', { steps: '[50]' });
  });
  agree('release.yml', run.result.conclusion, 'success');
  const after = await reader.serving('production');
  agree('another revision serves', after?.[0]?.name === before?.[0]?.name, false);
  agree('visitors that were not answered', visit.failed, 0);
  agree(
    'steps',
    visit.shares.map((shares) => Object.values(shares).sort()),
    [[100], [50, 50], [100]],
  );
  const { text } = await reader.ask(`${await reader.address('production')}/hours`);
  agree('what is special', text.includes('fresh bread'), true);
  tell(
    `${scene.world.shop.git('log', '-1', '--format=%an')} pushes “${scene.world.shop.git('log', '-1', '--format=%s')}”, and staging takes it.`,
    `Released to production in steps: ${sharesSentence(visit)}.`,
    `Visitors asked ${visit.asked} times meanwhile; ${counted(visit.failed, 'question')} went unanswered.`,
    await servesSentence(scene, 'production'),
    `/hours tells of the fresh bread. ${await databaseSentence(scene, 'production')}`,
    tagSentence(scene, publishedBy(run)),
  );
}

/** A release that is well until visitors come: it takes itself back. */
export async function badRelease(scene: Scene): Promise<void> {
  const { reader, teller } = scene;
  const { tell, quote, agree, chapter } = teller;
  chapter('A bad release');
  const before = await reader.serving('production');
  const inStaging = await toStaging(scene, await visitors(scene.world.shop));
  const { value: run, visit } = await whileVisited(reader, 'production', '/hours', () => {
    return released(scene, 'v1.2.0', { steps: '[50]' });
  });
  agree('release.yml', run.result.conclusion, 'failure');
  agree(
    'jobs',
    [run.jobs['migrate'], run.jobs['deploy'], run.jobs['github-release']],
    ['success', 'failure', 'skipped'],
  );
  const after = await reader.serving('production');
  agree('what serves after', after, before);
  agree(
    'steps',
    visit.shares.map((shares) => Object.values(shares).sort()),
    [[100], [50, 50], [100]],
  );
  const tags = scene.world.shop.git('tag', '--list').split('\n');
  agree('tags', tags, ['v1.0.0', 'v1.1.0']);
  const last = await reader.ask(`${await reader.address('production')}/hours`);
  agree('production answers', last.status, 200);
  tell(
    `${scene.world.shop.git('log', '-1', '--format=%an')} pushes “${scene.world.shop.git('log', '-1', '--format=%s')}”. Staging finds it well (${rowOf(inStaging, 'health')}): nobody visits staging.`,
    `In production it gets its share of the visitors: ${sharesSentence(visit)}.`,
    `Of ${visit.asked} questions ${visit.failed} went unanswered until the traffic was back.`,
    await servesSentence(scene, 'production'),
    `The run is red: ${run.verdict}. There are the tags ${listed(tags)}, and none of this version.`,
    await databaseSentence(scene, 'production'),
  );
  tell('Whoever is called at night reads first:');
  agree('five lines', run.night.size, 5);
  quote([...run.night].map(([name, text]) => `${name}: ${text}`));
}

/** Back to the first version, by hand: a release that is named. */
export async function byHand(scene: Scene, release: string): Promise<void> {
  const { world, reader, teller } = scene;
  const { tell, agree, about, chapter } = teller;
  chapter('A rollback by hand');
  const before = await reader.serving('production');
  const start = { file: 'rollback.yml', event: { name: 'workflow_dispatch' }, environment: 'production' } as const;
  const { value: run, visit } = await whileVisited(reader, 'production', '/hours', async () => {
    return about(await runFile(world, { ...start, inputs: { release } }));
  });
  agree('rollback.yml', run.result.conclusion, 'success');
  const after = await reader.serving('production');
  agree(
    'what serves',
    after?.map(({ name, percent }) => [name, percent]),
    [[release.split('/').at(-1), 100]],
  );
  agree('visitors that were not answered', visit.failed, 0);
  const job = run.result.jobs.find(({ id }) => id.endsWith('rollback'));
  const since = run.result.annotations.map(({ message }) => message).find((message) => message.includes('given'));
  tell(
    `The bread was not fresh. Somebody starts rollback.yml with the release of v1.0.0 from its notes, ${release}.`,
    `The job takes ${seconds(job?.durationMs ?? 0)}: ${before?.[0]?.name} had the traffic, and now: ${await servesSentence(scene, 'production')}`,
    `Visitors asked ${visit.asked} times; ${visit.failed} questions went unanswered.`,
    ...(since === undefined ? [] : [`The run says: “${since}”`]),
    await databaseSentence(scene, 'production'),
  );
}

/** Starts release.yml for main, as somebody does on GitHub's page. */
async function released(
  { world, teller }: Scene,
  version: string,
  more: Readonly<Record<string, string>>,
): Promise<Ended> {
  const commit = world.shop.git('rev-parse', 'main');
  const inputs = { version, commit, environment: 'production', ...more };
  const event = { name: 'workflow_dispatch' } as const;
  return teller.about(await runFile(world, { file: 'release.yml', event, inputs, environment: 'production' }));
}

/** The release that a run has published, by what GitHub answered. */
function publishedBy({ result }: Ended): Published {
  const isMade = ({ method, path, status }: RecordedExchange) => {
    return method === 'POST' && path.endsWith('/releases') && status === 201;
  };
  const body = result.requests.find(isMade)?.responseBody as { readonly tag_name: string; readonly body: string };
  const text = plain(body.body);
  return { tag: body.tag_name, notes: text, release: /Release: (\S+)/.exec(text)?.[1] ?? '' };
}

function tagSentence({ world }: Scene, { tag, notes: text }: Published): string {
  const commit = world.shop.git('log', '-1', '--format=%h', tag);
  const said = /Approved: ([^-]*?) -/.exec(text)?.[1] ?? 'nobody approved';
  return `GitHub has the release ${tag}, and git the tag at ${commit}; its notes say “${said}”.`;
}

function approval(run: Ended): string {
  return run.table.get('approval')?.detail ?? 'nobody was asked';
}

function verifiedBy({ result }: Ended): string {
  return /^verified by (.*)$/m.exec(result.log)?.[1]?.replace(/, https.*$/, ' verified it') ?? 'nothing verified it';
}

function sharesSentence({ shares }: Visit): string {
  return shares
    .map((one) =>
      Object.entries(one)
        .map(([name, percent]) => `${name} ${percent}%`)
        .join(' and '),
    )
    .join(', then ');
}
