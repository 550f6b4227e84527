import { readTextFile } from '../runtime/files.ts';
import type { Log } from '../runtime/log.ts';
import type { Builder, BuilderCall } from './builder.ts';
import { runsForPlatform } from './dockerfile.ts';
import { foreignPlatforms, installEmulation } from './emulation.ts';
import type { ImageSpec } from './images.ts';

/** Installs emulation where a Dockerfile runs programs of a platform that the builder can't run, and only there. */
export async function preparePlatforms(
  images: readonly ImageSpec[],
  builder: Builder,
  call: BuilderCall,
  log: Pick<Log, 'info'>,
): Promise<void> {
  const foreign = await Promise.all(
    images.map(async ({ file, inline, target, platforms }) => {
      const found = foreignPlatforms(platforms, builder);
      if (found.length === 0) return [];
      const text = inline ?? (file === undefined ? '' : ((await readTextFile(file)) ?? ''));
      return runsForPlatform(text, target) ? found : [];
    }),
  );
  const needed = [...new Set(foreign.flat())];
  if (needed.length === 0) return;
  log.info(`Emulation for ${needed.join(', ')}: RUN steps need it, and the builder has none.`);
  await installEmulation(needed, builder, call);
}
