import { mkdirSync, writeFileSync } from 'node:fs';

// A task of a known length that uses no processor, and leaves what a build leaves where a folder is named.
const [milliseconds, folder] = process.argv.slice(2);
setTimeout(() => {
  if (folder === undefined) return;
  mkdirSync(folder, { recursive: true });
  writeFileSync(`${folder}/index.js`, 'export {};\n');
}, Number(milliseconds));
