import { relative } from 'node:path';
import type { Log, Place } from '../runtime/log.ts';
import type { Secrets } from '../runtime/secrets.ts';
import type { BuildResult } from './build.ts';

/** Warnings of all images that become annotations: GitHub shows ten of a step. */
const MOST_WARNINGS = 9;

/** An annotation of a Dockerfile: its failure as an error, BuildKit's own checks as warnings. */
export interface DockerfileAnnotation {
  readonly level: 'error' | 'warning';
  readonly message: string;
  readonly place: Place;
}

/** Puts what is wrong with a Dockerfile on its line. */
export function annotateDockerfiles(
  results: readonly BuildResult[],
  workspace: string,
  log: Log,
  secrets: Secrets,
): void {
  const all = results.flatMap((result) => annotationsOf(result, workspace));
  const warnings = new Map<string, DockerfileAnnotation>();
  // Images of one Dockerfile have its warnings in common.
  for (const found of all.filter(({ level }) => level === 'warning')) warnings.set(JSON.stringify(found), found);
  const errors = all.filter(({ level }) => level === 'error');
  for (const { level, message, place } of [...errors, ...[...warnings.values()].slice(0, MOST_WARNINGS)]) {
    log.annotate(level, secrets.redact(message), place);
  }
}

function annotationsOf(
  { image, trouble, failure, warnings }: Pick<BuildResult, 'image' | 'trouble' | 'failure' | 'warnings'>,
  workspace: string,
): readonly DockerfileAnnotation[] {
  if (image.file === undefined) return [];
  const file = relative(workspace, image.file);
  const found: DockerfileAnnotation[] = warnings.map(({ message, line, url }) => ({
    level: 'warning',
    message: url === undefined ? message : `${message}: ${url}`,
    place: line === undefined ? { file } : { file, line },
  }));
  if (failure?.kind !== 'project' || trouble?.line === undefined) return found;
  const { line, endLine = line } = trouble;
  const message = [trouble.message, ...trouble.tail.slice(-10)].join('\n');
  return [{ level: 'error', message, place: { file, line, endLine, title: image.name } }, ...found];
}
