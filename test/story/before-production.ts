import type { Ended } from './runs.ts';
import { runFile } from './runs.ts';
import type { Reader } from './seen.ts';
import { counted, listed, seconds, type Teller } from './telling.ts';
import { type Change, sundays } from './versions.ts';
import { type EnvironmentName, SITE, type World } from './world.ts';

/** What every chapter has at hand. */
export interface Scene {
  readonly world: World;
  readonly reader: Reader;
  readonly teller: Teller;
}

export const LIVE_PAGE = `https://${SITE}.web.app`;

/** The shop before anything was delivered. */
export async function opening({ world, reader, teller }: Scene): Promise<void> {
  const { tell, agree, chapter } = teller;
  chapter('The shop');
  const commit = world.shop.git('log', '-1', '--format=%an: %s');
  const files = world.shop.git('ls-files', '.github/workflows').split('\n');
  const page = await reader.ask(LIVE_PAGE);
  const services = [await reader.serving('staging'), await reader.serving('production')];
  const tables = await Promise.all(
    (['staging', 'production'] as const).map((name) => {
      return reader.sql(name, `SELECT count(*) FROM information_schema.tables WHERE table_schema = 'public'`);
    }),
  );
  const tags = await reader.tags();
  agree('services before', services, [undefined, undefined]);
  agree('the page before', page.status, 404);
  tell(
    `A repository with one commit, “${commit}”, and ${counted(files.length, 'workflow file')}: ${listed(files.map((file) => file.replace(/.*\//, '')))}.`,
    `Cloud Run knows no service in staging and none in production, ${LIVE_PAGE} answers ${page.status},`,
    `the databases have ${listed(tables)} tables, and the registry has ${counted(tags.length, 'tag')} of the image.`,
  );
}

/** A pull request, what it is shown with, and what is left when it is closed. */
export async function pullRequest(scene: Scene): Promise<void> {
  const { world, reader, teller } = scene;
  const { shop } = world;
  const { tell, agree, about, chapter } = teller;
  chapter('A pull request');
  shop.git('checkout', '-qb', 'sundays');
  const change = await sundays(shop);
  await shop.commit(change.author, change.message, change.files);
  const event = { name: 'pull_request' } as const;
  const web = about(await runFile(world, { file: 'web.yml', event, environment: 'staging' }));
  const pull = web.result.event['pull_request'] as { title: string; number: number; head: { ref: string } };
  agree('web.yml', web.result.conclusion, 'success');
  const url = web.result.jobs.find(({ id }) => id.endsWith('preview'))?.outputs['url'] ?? '';
  const [page, program, live] = [await reader.ask(url), await reader.ask(`${url}/app.js`), await reader.ask(LIVE_PAGE)];
  agree('the preview', [page.status, program.text.includes('Sunday: 10 to 12'), live.status], [200, true, 404]);
  const tests = /(\d+) passed, (\d+) failed, (\d+) flaky/.exec(web.result.log);
  agree('smoke tests of the preview', tests?.slice(1, 3), ['1', '0']);
  const browser = /browsers: (\w+) for Playwright ([\d.]+)/.exec(web.result.log);
  tell(
    `${shop.git('log', '-1', '--format=%an')} opens pull request #${pull.number}, “${pull.title}”, from ${pull.head.ref}.`,
    `web.yml builds the page and puts it at ${url}, which answers ${page.status}; its program knows “Sunday: 10 to 12”.`,
    `Playwright ${browser?.[2]} opens it in a real ${browser?.[1]}: ${tests?.[0]}.`,
    `The live page still answers ${live.status}.`,
  );
  const api = about(await runFile(world, { file: 'ci.yml', event, environment: 'staging' }));
  agree('ci.yml', api.result.conclusion, 'success');
  const [comment] = web.result.comments;
  agree('comments', [web.result.comments.length, api.result.comments.length], [1, 1]);
  agree('the comment names the preview', comment?.body.includes(new URL(url).host), true);
  tell(
    `ci.yml checks the service and builds and scans its image (${rowOf(api, 'scan')}), and pushes nothing: the registry has ${counted((await reader.tags()).length, 'tag')}.`,
    `Each of the two has left one comment: “${web.verdict}” and “${api.verdict}”.`,
  );
  shop.git('checkout', '-q', 'main');
  shop.git('merge', '-q', '--no-ff', '-m', `Merge pull request #${pull.number}: ${pull.title}`, 'sundays');
  const closed = about(
    await runFile(world, {
      ...{ file: 'web.yml', event: { name: 'pull_request', action: 'closed', branch: 'sundays' } },
      environment: 'staging',
    }),
  );
  const gone = await reader.ask(url);
  agree('the closed preview', [closed.jobs['cleanup'], gone.status], ['success', 404]);
  tell(`It is merged, and the preview is taken away: its address answers ${gone.status} now.`);
}

/** A push to main on its way to staging. @returns how both files ended */
export async function staging(scene: Scene): Promise<void> {
  const { world, reader, teller } = scene;
  const { tell, agree, chapter } = teller;
  chapter('Staging');
  const api = await pushed(scene, 'ci.yml');
  const web = await pushed(scene, 'web.yml');
  const [page, program] = [await reader.ask(LIVE_PAGE), await reader.ask(`${LIVE_PAGE}/app.js`)];
  agree('the live page', [page.status, program.text.includes('Sunday: 10 to 12')], [200, true]);
  tell(
    `main is at “${world.shop.git('log', '-1', '--format=%s')}” now.`,
    await servesSentence(scene, 'staging'),
    `The registry has its image under ${listed((await reader.tags()).map((tag) => shortTag(tag)))}.`,
    `${LIVE_PAGE} answers ${page.status} and shows the Sunday.`,
    await databaseSentence(scene, 'staging'),
    `ci.yml took ${seconds(api.result.durationMs)}: ${api.verdict}; web.yml ${seconds(web.result.durationMs)}: ${web.verdict}.`,
  );
}

/** Commits a change to main and lets ci.yml bring it to staging. */
export async function toStaging(scene: Scene, change: Change): Promise<Ended> {
  const { shop } = scene.world;
  await shop.commit(change.author, change.message, change.files);
  return await pushed(scene, 'ci.yml');
}

export async function pushed({ world, teller }: Scene, file: string): Promise<Ended> {
  const ended = teller.about(await runFile(world, { file, event: { name: 'push' }, environment: 'staging' }));
  teller.agree(`${file} on a push`, ended.result.conclusion, 'success');
  return ended;
}

/** What serves, by the platform and by its own answer. */
export async function servesSentence({ reader }: Scene, name: EnvironmentName): Promise<string> {
  const [first, ...others] = (await reader.serving(name)) ?? [];
  if (first === undefined) return `Nothing serves in ${name}.`;
  const { status, text } = await reader.ask(`${await reader.address(name)}/health`);
  const { version } = JSON.parse(text) as { readonly version: string };
  const shares = [first, ...others].map((one) => `${one.name} has ${one.percent}% of the traffic`);
  return `In ${name} ${listed(shares)}; asked for its health it answers ${status}, version ${version}.`;
}

export async function databaseSentence({ reader }: Scene, name: EnvironmentName): Promise<string> {
  const applied = await reader.migrations(name);
  return `The database of ${name} has ${listed(applied)}.`;
}

export function rowOf({ table }: Ended, name: string): string {
  const row = table.get(name);
  return row === undefined ? `no line ${name}` : `${name} ${row.state}${row.detail === '' ? '' : `, ${row.detail}`}`;
}

function shortTag(tag: string): string {
  return tag.replace(/^(sha-[0-9a-f]{7})[0-9a-f]+$/, '$1');
}
