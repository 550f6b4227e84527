import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { programOf } from '../support/buildkit.ts';
import { temporaryFolder } from '../support/temporary.ts';

/** Stands before the real `docker` and writes down what it is started with. */
export interface Recorder {
  /** For a step: PATH with the recorder first. */
  readonly environment: Readonly<Record<string, string>>;
  /** Arguments of all calls so far, one a line. */
  readonly args: () => Promise<string>;
  /** Variables of all calls so far, `name=value`. */
  readonly variables: () => Promise<string>;
}

export async function recordDocker(): Promise<Recorder> {
  const folder = await temporaryFolder();
  const bin = join(folder, 'bin');
  await mkdir(bin);
  const real = await programOf('docker', 'apt-get install docker.io');
  const lines = [
    '#!/bin/sh',
    `printf '%s\\n' "$@" >> '${folder}/args'`,
    `env >> '${folder}/variables'`,
    `exec '${real}' "$@"`,
  ];
  await writeFile(join(bin, 'docker'), `${lines.join('\n')}\n`, { mode: 0o755 });
  return {
    environment: { PATH: `${bin}:${process.env['PATH'] ?? ''}` },
    args: () => readFile(join(folder, 'args'), 'utf8'),
    variables: () => readFile(join(folder, 'variables'), 'utf8'),
  };
}
