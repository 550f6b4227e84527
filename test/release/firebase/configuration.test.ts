import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readProjectFiles } from '../../../src/release/targets/firebase/project-files.ts';
import { readSection, type Section } from '../../../src/release/targets/firebase/section.ts';
import { projectOf, selectSection } from '../../../src/release/targets/firebase/selection.ts';
import { servingConfig } from '../../../src/release/targets/firebase/serving-config.ts';
import { temporaryFolder, writeFiles } from '../../support/temporary.ts';

function section(value: Readonly<Record<string, unknown>>): Section {
  const read = readSection({ public: 'dist', ...value }, 'hosting', 'firebase.json');
  if ('faults' in read) throw new Error(read.faults.map(({ what }) => what).join('; '));
  return read.section;
}

function faults(value: Readonly<Record<string, unknown>>): readonly string[] {
  const read = readSection({ public: 'dist', ...value }, 'hosting', 'firebase.json');
  return 'faults' in read ? read.faults.map(({ what }) => /`([^`]*)`/.exec(what)?.[1] ?? '') : [];
}

async function project(files: Readonly<Record<string, string>>) {
  const folder = await temporaryFolder();
  await writeFiles(folder, files);
  return await readProjectFiles(folder, folder);
}

it.each([
  [{ rewrites: 'x' }, 'hosting.rewrites'],
  [{ rewrites: [1] }, 'hosting.rewrites[0]'],
  [{ rewrites: [{ destination: '/x' }] }, 'hosting.rewrites[0]'],
  [{ rewrites: [{ source: '**', regex: '.*', destination: '/x' }] }, 'hosting.rewrites[0]'],
  [{ rewrites: [{ source: '**' }] }, 'hosting.rewrites[0]'],
  [{ rewrites: [{ source: '**', dynamicLinks: false }] }, 'hosting.rewrites[0]'],
  [{ rewrites: [{ source: '**', run: {} }] }, 'hosting.rewrites[0]'],
  [{ rewrites: [{ source: '**', region: 'x', function: { functionId: 'a' } }] }, 'hosting.rewrites[0].region'],
  [{ redirects: [{ source: '/a' }] }, 'hosting.redirects[0].destination'],
  [{ redirects: [{ source: '/a', destination: '/b', type: 200 }] }, 'hosting.redirects[0].type'],
  [{ redirects: [{ source: '/a', destination: '/b', type: '301' }] }, 'hosting.redirects[0].type'],
  [{ headers: [{ source: '**', headers: [{ key: 'a' }] }] }, 'hosting.headers[0].headers'],
  [{ headers: [{ source: '**', headers: { a: 'b' } }] }, 'hosting.headers[0].headers'],
  [{ cleanUrls: 'yes' }, 'hosting.cleanUrls'],
  [{ trailingSlash: 1 }, 'hosting.trailingSlash'],
  [{ appAssociation: 'MAYBE' }, 'hosting.appAssociation'],
  [{ i18n: {} }, 'hosting.i18n'],
  [{ ignore: [1] }, 'hosting.ignore'],
  [{ source: '.' }, 'hosting.source'],
  [{ site: 'a', target: 'b' }, 'hosting'],
  [{ public: undefined }, 'hosting.public'],
  [{ public: undefined, rewrites: [{ source: '**', destination: '/x' }] }, 'hosting.public'],
])('refuses %j at the place that is wrong', (value, at) => {
  expect(faults(value)).toEqual([at]);
});

it('names several faults at once, and at most ten', () => {
  expect(faults({ cleanUrls: 1, trailingSlash: 2, rewrites: [3] })).toHaveLength(3);
  expect(faults({ rewrites: Array.from({ length: 50 }, () => 1) })).toHaveLength(10);
});

it('takes a site without files where something else answers', () => {
  const dynamic = { public: undefined, rewrites: [{ source: '**', run: { serviceId: 'api' } }] };
  expect(section(dynamic).public).toBeUndefined();
  expect(section({ public: undefined, redirects: [{ source: '/a', destination: '/b' }] }).public).toBeUndefined();
});

it('leaves out of the serving configuration what the file does not say', () => {
  expect(servingConfig(section({}), [])).toEqual({});
  expect(servingConfig(section({ trailingSlash: true, cleanUrls: false, rewrites: [] }), [])).toEqual({
    trailingSlashBehavior: 'ADD',
    cleanUrls: false,
    rewrites: [],
  });
  expect(servingConfig(section({ redirects: [{ glob: '/a', source: '/b', destination: '/c', type: 0 }] }), [])).toEqual(
    {
      redirects: [{ glob: '/a', location: '/c' }],
    },
  );
});

it('names keys that Hosting does not know, with the nearest one', () => {
  expect(section({ cleanURLs: true, zzz: 1 }).strangers).toEqual([
    { key: 'cleanURLs', meant: 'cleanUrls' },
    { key: 'zzz', meant: undefined },
  ]);
});

it('says where firebase.json is not there, not JSON, or without a hosting section', async () => {
  await expect(project({})).rejects.toThrow('PIPE-FIREBASE-001');
  await expect(project({ 'firebase.json': '{"hosting": \n ?}' })).rejects.toThrow('line 2, column 2');
  await expect(project({ 'firebase.json': '{}' })).rejects.toThrow('PIPE-FIREBASE-002');
  await expect(project({ 'firebase.json': '{"hosting": []}' })).rejects.toThrow('PIPE-FIREBASE-002');
  await expect(project({ 'firebase.json': '{"hosting": {"public": "d"}}', '.firebaserc': '{' })).rejects.toThrow(
    '.firebaserc',
  );
  expect((await project({ 'firebase.json': '{/* a */ "hosting": {"public": "d"}, // b\n}' })).sections).toHaveLength(1);
});

it('reads a configuration file of another name', async () => {
  const folder = await temporaryFolder();
  await writeFiles(folder, { 'web/firebase.staging.json': '{"hosting": {"public": "d"}}' });
  const files = await readProjectFiles(join(folder, 'web/firebase.staging.json'), folder);
  expect(files).toMatchObject({ folder: join(folder, 'web'), name: 'firebase.staging.json' });
});

const SITES = {
  'firebase.json': JSON.stringify({
    hosting: [
      { target: 'shop', public: 'shop' },
      { target: 'both', public: 'both' },
      { site: 'acme-docs', public: 'docs' },
    ],
  }),
  '.firebaserc': JSON.stringify({
    projects: { default: 'acme-shop', staging: 'acme-staging' },
    targets: { 'acme-shop': { hosting: { shop: ['acme-one'], both: ['acme-two', 'acme-three'] } } },
  }),
};

it('finds section and site by target, by site, and by the site that a target is linked to', async () => {
  const files = await project(SITES);
  const select = (site?: string, target?: string) => {
    const found = selectSection({ site, target }, files, 'acme-shop');
    return [found.section.public, found.site];
  };
  expect(select(undefined, 'shop')).toEqual(['shop', 'acme-one']);
  expect(select('acme-docs')).toEqual(['docs', 'acme-docs']);
  expect(select('acme-three')).toEqual(['both', 'acme-three']);
  expect(select('acme-other', 'both')).toEqual(['both', 'acme-other']);
  for (const wrong of [() => select(), () => select('acme-nowhere'), () => select(undefined, 'nothing')]) {
    expect(wrong).toThrow('PIPE-FIREBASE-003');
  }
  expect(() => select(undefined, 'both')).toThrow('2 sites');
  expect(() => select('Not_A_Site', 'shop')).toThrow('not the name of a Hosting site');
  expect(() => selectSection({ site: undefined, target: 'shop' }, files, 'acme-staging')).toThrow('linked to no site');
});

it('takes a single section for whatever site is asked for, and the default site where none is', async () => {
  const files = await project({ 'firebase.json': '{"hosting": {"public": "d"}}' });
  expect(selectSection({ site: undefined, target: undefined }, files, 'p').site).toBeUndefined();
  expect(selectSection({ site: 'acme-any', target: undefined }, files, 'p').site).toBe('acme-any');
});

it('finds the project by input, environment and .firebaserc, in that order, aliases resolved', async () => {
  const files = await project(SITES);
  expect(projectOf('staging', {}, files)).toBe('acme-staging');
  expect(projectOf('acme-other', { GOOGLE_CLOUD_PROJECT: 'acme-env' }, files)).toBe('acme-other');
  expect(projectOf(undefined, { GOOGLE_CLOUD_PROJECT: 'acme-env' }, files)).toBe('acme-env');
  expect(projectOf(undefined, {}, files)).toBe('acme-shop');
  expect(
    projectOf(undefined, {}, await project({ ...SITES, '.firebaserc': '{"projects": {"live": "acme-live"}}' })),
  ).toBe('acme-live');
  expect(() => projectOf(undefined, {}, undefined)).toThrow('PIPE-FIREBASE-003');
  expect(() => projectOf('Not A Project', {}, files)).toThrow('PIPE-FIREBASE-003');
  expect(() => projectOf('../..', {}, files)).toThrow('PIPE-FIREBASE-003');
  expect(projectOf('example.com:old-project', {}, files)).toBe('example.com:old-project');
});
