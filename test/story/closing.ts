import type { Scene } from './before-production.ts';
import type { Ended } from './runs.ts';
import { counted, listed } from './telling.ts';
import { ENVIRONMENTS } from './world.ts';

/** What is there at the end, and whether every report said what its run was. */
export async function closing({ world, reader, teller }: Scene): Promise<void> {
  const { tell, agree, chapter, runs } = teller;
  chapter('What is left');
  const red = runs.filter(({ result }) => result.conclusion !== 'success');
  agree(
    'red runs',
    red.map(({ file }) => file),
    ['release.yml'],
  );
  for (const run of runs) {
    agree(`the verdict of ${run.file}`, /Not done/.test(run.verdict), run.result.conclusion !== 'success');
    agree(`refused requests of ${run.file}`, refusedIn(run), []);
  }
  const serving = await Promise.all(ENVIRONMENTS.map((name) => reader.serving(name)));
  agree(
    'services at the end',
    serving.map((revisions) => revisions?.map(({ percent }) => percent)),
    [[100], [100]],
  );
  const [staging, production] = serving.map((revisions) => revisions?.[0]);
  const applied = await Promise.all(ENVIRONMENTS.map((name) => reader.migrations(name)));
  agree('databases at the end', applied[0], applied[1]);
  const tags = world.shop.git('tag', '--list').split('\n');
  agree('tags at the end', tags, ['v1.0.0', 'v1.1.0']);
  const tokens = runs.flatMap(({ result }) => result.identityTokens);
  const jobs = new Set(tokens.map(({ job }) => job.replace(/^.*\//, '')));
  tell(
    `There were ${counted(runs.length, 'run')}: ${runs.length - red.length} green, and ${listed(red.map(({ file, verdict }) => `${file}, “${verdict}”`))}.`,
    `${counted(
      runs.reduce((sum, { result }) => sum + result.requests.length, 0),
      'call',
    )} to GitHub, none of them refused;`,
    `${counted(tokens.length, 'identity token')} for Google, asked for by the jobs ${listed([...jobs].sort())}, and no stored key.`,
  );
  tell(
    `Staging serves ${staging?.name} and production ${production?.name}.`,
    `Both databases have ${listed(applied[0] ?? [])}. git has the tags ${listed(tags)}.`,
  );
}

function refusedIn({ result }: Ended): readonly string[] {
  const refused = result.requests.filter(({ status }) => status === 401 || status === 403);
  return refused.map(({ job, method, path, status }) => `${job}: ${method} ${path} ${status}`);
}
