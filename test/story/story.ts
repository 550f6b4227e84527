import { performance } from 'node:perf_hooks';
import { opening, pullRequest, type Scene, staging } from './before-production.ts';
import { brokenStory } from './broken.ts';
import { closing } from './closing.ts';
import { HELP, parseFlags, UsageError } from './flags.ts';
import { badRelease, byHand, firstRelease, nextRelease } from './production.ts';
import { createReader } from './seen.ts';
import { createTeller, Otherwise, seconds } from './telling.ts';
import { startWorld } from './world.ts';

/** `npm run story`. Exit status: 0 told, 1 told with `--break`, 2 a wrong call, 3 it did not go as told. */
async function main(args: readonly string[]): Promise<number> {
  const { broken, wantsHelp } = parseFlags(args);
  if (wantsHelp) {
    process.stdout.write(`${HELP}\n`);
    return 0;
  }
  const started = performance.now();
  const world = await startWorld();
  const interrupted = () => void world.stop().finally(() => process.exit(130));
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, interrupted);
  const reader = createReader(world);
  try {
    const teller = createTeller((text) => process.stdout.write(text));
    const scene: Scene = { world, reader, teller };
    await opening(scene);
    if (broken === undefined) {
      await pullRequest(scene);
      await staging(scene);
      const first = await firstRelease(scene);
      await nextRelease(scene);
      await badRelease(scene);
      await byHand(scene, first);
      await closing(scene);
    } else {
      await brokenStory(scene, broken);
    }
    process.stdout.write(`Told in ${seconds(performance.now() - started)}.\n`);
    return broken === undefined ? 0 : 1;
  } finally {
    reader.close();
    await world.stop();
  }
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  if (error instanceof UsageError) {
    process.stderr.write(`error: ${error.message}\n`);
    process.exitCode = 2;
  } else {
    const isOtherwise = error instanceof Otherwise;
    const log = isOtherwise ? (error.run?.result.log.slice(-6_000) ?? '') : '';
    const text = isOtherwise
      ? `error: not as told: ${error.message}`
      : error instanceof Error
        ? error.stack
        : String(error);
    process.stderr.write(`${log}\n${text}\n`);
    process.exitCode = 3;
  }
}
