import { pathToFileURL } from 'node:url';
import type { Target } from '../../src/release/target.ts';
import { runAction } from '../../src/runtime/run.ts';
import { type ActionName, operation } from './operations.ts';

// An action in a process of its own, as the runner starts it; its target stands in the file that is named.
const [, , name = '', file = ''] = process.argv;
const { target } = (await import(pathToFileURL(file).href)) as { readonly target: Target };
await runAction(operation(name as ActionName, target));
