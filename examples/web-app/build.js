import { mkdir, writeFile } from 'node:fs/promises';
import { page } from './page.js';

const hours = [
  ['Monday to Friday', '8 to 18'],
  ['Saturday', '9 to 13'],
];

await mkdir('dist', { recursive: true });
await writeFile('dist/index.html', page('The corner shop', hours));
await writeFile('dist/404.html', page('Nothing here', []));
