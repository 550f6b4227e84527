import { pathToFileURL } from 'node:url';
import { deployAction } from '../../src/release/deploy/action.ts';
import type { Target } from '../../src/release/target.ts';
import { runAction } from '../../src/runtime/run.ts';

// A deploy action in a process of its own, as the runner starts it; its target stands in the file that is named.
const { target } = (await import(pathToFileURL(process.argv[2] ?? '').href)) as { readonly target: Target };
await runAction(deployAction(target));
