import { copyFile, mkdir } from 'node:fs/promises';

await mkdir('dist', { recursive: true });
for (const file of ['index.html', 'app.js']) await copyFile(file, `dist/${file}`);
