// Started by run-source.ts: `node source-action.ts <action>`.
import { start } from '../../src/main.ts';

await start(process.argv[2] ?? '');
