import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { readReports } from '../../src/coverage/reports.ts';

/** `node read.ts tracked.json report…`: reads reports as the action does and prints totals, and the most memory used. */
const [, , list = '', ...reports] = process.argv;
const folder = dirname(list);
const tracked = JSON.parse(await readFile(list, 'utf8')) as string[];
const { totals, files } = await readReports({
  workspace: folder,
  workingDirectory: folder,
  reports,
  tracked,
  since: 0,
});
console.log(JSON.stringify({ totals, files: files.size, peak: process.resourceUsage().maxRSS * 1024 }));
