import { symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { writeFiles } from '../../support/temporary.ts';
import type { Room } from './room.ts';

/** The hosting section that has all that firebase.json can say. */
const FULL_SECTION = {
  target: 'shop',
  public: 'dist',
  ignore: ['firebase.json', '**/.*', '**/node_modules/**', 'drafts/*', '*.map', '{a,b}.txt', 'logs/**', 'kept'],
  cleanUrls: true,
  trailingSlash: false,
  appAssociation: 'NONE',
  i18n: { root: '/localized' },
  rewrites: [
    { source: '/app/**', destination: '/index.html' },
    { source: '/first', function: 'first' },
    { source: '/second', function: 'second', region: 'europe-west1' },
    { glob: '/both', function: { functionId: 'both', region: 'us-east1' } },
    { source: '/many', function: { functionId: 'many' } },
    { source: '/unknown', function: { functionId: 'unknown', region: 'asia-east1' } },
    { regex: '/run/(?P<rest>.+)', run: { serviceId: 'api' } },
    { source: '/pinned/**', run: { serviceId: 'pinned-api', region: 'europe-west1', pinTag: true } },
    { source: '/tagged/**', run: { serviceId: 'tagged-api', region: 'europe-west1', pinTag: true } },
    { source: '/links/**', dynamicLinks: true },
  ],
  redirects: [
    { source: '/blog/:post*', destination: '/articles/:post', type: 301 },
    { regex: '^/old/(\\d+)$', destination: 'https://example.com/:1', type: 302 },
    { glob: '/bare', destination: '/there' },
  ],
  headers: [
    {
      source: '**/*.@(js|css)',
      headers: [
        { key: 'Cache-Control', value: 'max-age=31536000, immutable' },
        { key: 'X-Twice', value: 'first' },
        { key: 'X-Twice', value: 'second' },
      ],
    },
    { regex: '.*', headers: [{ key: 'X-Frame-Options', value: 'DENY' }] },
  ],
};

/** Files of which some are left out, and names that need care. */
const FILES: Readonly<Record<string, string>> = {
  'dist/index.html': '<h1>shop</h1>',
  'dist/about.html': 'about',
  'dist/404.html': 'not here',
  'dist/assets/app.js': 'console.log(1);'.repeat(200),
  'dist/assets/same.js': 'console.log(1);'.repeat(200),
  'dist/assets/app.js.map': '{}',
  'dist/app.js.map': '{}',
  'dist/empty.txt': '',
  'dist/with space & sign%.txt': 'a name',
  'dist/ünïcode/日本.txt': 'another',
  'dist/.hidden': 'left out',
  'dist/.well-known/assetlinks.json': '[]',
  'dist/node_modules/left/index.js': 'left out',
  'dist/deep/node_modules/left/index.js': 'left out',
  'dist/drafts/one.html': 'left out',
  'dist/drafts/deep/two.html': 'kept: the glob names one level',
  'dist/logs/a/b.log': 'left out',
  'dist/kept/file.txt': 'kept: the glob names the folder and nothing in it',
  'dist/a.txt': 'left out',
  'dist/deep/a.txt': 'kept',
  'dist/firebase-debug.log': 'left out',
  'dist/.firebase/cache': 'left out',
  'dist/localized/fr/index.html': 'boutique',
  'dist/localized/de_ALL/index.html': 'Laden',
  'shared/logo.svg': '<svg/>',
  '.firebaserc': JSON.stringify({
    projects: { default: 'acme-shop' },
    targets: { 'acme-shop': { hosting: { shop: ['acme-shop'], docs: ['acme-docs'] } } },
  }),
};

/** Puts the project into a folder, and its functions and services into the room. */
export async function writeFullProject(folder: string, { neighbours }: Pick<Room, 'neighbours'>): Promise<void> {
  const sections = [FULL_SECTION, { target: 'docs', public: 'docs' }];
  const text = JSON.stringify({ hosting: sections }, undefined, 2);
  await writeFiles(folder, { ...FILES, 'docs/index.html': 'docs', 'firebase.json': `// of the shop\n${text}` });
  await symlink('../assets', join(folder, 'dist/deep/linked'));
  await symlink('index.html', join(folder, 'dist/start.html'));
  neighbours.functions.push(
    { id: 'first', region: 'us-central1', generation: 1 },
    { id: 'second', region: 'europe-west1', generation: 2 },
    { id: 'both', region: 'us-east1', generation: 2 },
    { id: 'both', region: 'us-central1', generation: 1 },
    { id: 'many', region: 'us-central1', generation: 2 },
    { id: 'many', region: 'europe-west1', generation: 2 },
  );
  neighbours.addService('api', 'us-central1', 'api-00001-abc');
  for (const id of ['second', 'both', 'many']) neighbours.addService(id, 'us-central1', `${id}-00001-abc`);
  neighbours.addService('pinned-api', 'europe-west1', 'pinned-api-00003-abc');
  const tagged = neighbours.addService('tagged-api', 'europe-west1', 'tagged-api-00009-abc');
  const type = 'TRAFFIC_TARGET_ALLOCATION_TYPE_REVISION';
  tagged.traffic.push({ type, revision: 'tagged-api-00009-abc', tag: 'blue' });
}
