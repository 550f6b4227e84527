import { ConfigurationError, OutsideFault, shown } from '../runtime/errors.ts';
import type { Builder, BuilderCall } from './builder.ts';
import { ask, reasonOf } from './buildx.ts';

/** QEMU 10.2.3, registered with the kernel's binfmt_misc (https://github.com/tonistiigi/binfmt). */
const BINFMT_IMAGE = 'tonistiigi/binfmt@sha256:400a4873b838d1b89194d982c45e5fb3cda4593fbfd7e08a02e76b03b21166f0';

const WITHIN = 300_000;

/** The platforms whose programs a builder can't run; a variant (`linux/arm/v7`) counts as its architecture's. */
export function foreignPlatforms(wanted: readonly string[], builder: Pick<Builder, 'platforms'>): readonly string[] {
  return [...new Set(wanted)].filter((platform) => {
    const plain = platform.replace(/^(linux\/arm64)\/v8$/, '$1');
    return !builder.platforms.includes(plain) && !builder.platforms.includes(platform);
  });
}

/**
 * Installs the emulation of foreign platforms on this machine.
 *
 * @throws ConfigurationError PIPE-IMAGE-008 when the builder runs elsewhere
 * @throws OutsideFault PIPE-IMAGE-009 when it can't be installed
 */
export async function installEmulation(
  platforms: readonly string[],
  builder: Builder,
  call: BuilderCall,
): Promise<void> {
  if (builder.driver !== 'docker-container' && builder.driver !== 'docker') throw notHere(platforms, builder);
  const names = platforms.map((platform) => platform.split('/')[1] ?? platform);
  const args = ['run', '--rm', '--privileged', BINFMT_IMAGE, '--install', [...new Set(names)].join(',')];
  const answer = await ask(args, { ...call, timeout: WITHIN });
  if (answer.exitCode === 0) return;
  throw new OutsideFault(
    {
      code: 'PIPE-IMAGE-009',
      what: `the emulation of ${platforms.join(', ')} could not be installed: ${shown(reasonOf(answer), 300)}`,
      remedy:
        'run it again, or use a runner of that architecture, or a Dockerfile whose RUN steps are FROM --platform=$BUILDPLATFORM',
      state: 'nothing was built',
    },
    { service: 'QEMU in Docker', tries: 1, elapsed: answer.duration },
  );
}

function notHere(platforms: readonly string[], builder: Builder): ConfigurationError {
  return new ConfigurationError({
    code: 'PIPE-IMAGE-008',
    what: `the builder ${shown(builder.name)} can't run programs of ${platforms.join(', ')}, and the Dockerfile has RUN steps for it`,
    given: `a builder of the driver ${builder.driver} with ${builder.platforms.join(', ')}`,
    accepted: 'a builder that lists the platform',
    remedy: 'install emulation where it runs, add a node of that architecture to it, or leave BUILDX_BUILDER out',
    state: 'nothing was built',
  });
}
