// Runs a program of its own as an action inside a test would: a daemon that waits, with the mark given to it.
import { execute } from '../../../src/runtime/process.ts';

const [, , mark = ''] = process.argv;
const script = 'setsid /bin/sh -c "touch up; while :; do sleep 0.05; done" "$0" & wait';
await execute('/bin/sh', ['-c', script, mark], {
  cwd: process.cwd(),
  env: { ...process.env } as Record<string, string>,
});
