import { createHash } from 'node:crypto';
import { mainContainer } from './containers.ts';
import type { Container, EnvVar, Volume } from './resources.ts';
import type { SecretVersion } from './secret-version.ts';

type Secrets = ReadonlyMap<string, SecretVersion | undefined>;

/** Variables with those that were named changed, in their place, and new ones at the end. */
export function withVariables(
  before: readonly EnvVar[],
  texts: ReadonlyMap<string, string | undefined>,
  secrets: Secrets,
): readonly EnvVar[] {
  const wanted = new Map<string, EnvVar | undefined>();
  for (const [name, value] of texts) wanted.set(name, value === undefined ? undefined : { name, value });
  for (const [name, reference] of secrets) {
    if (isFile(name)) continue;
    wanted.set(name, reference === undefined ? undefined : { name, valueSource: { secretKeyRef: reference } });
  }
  const kept = before.flatMap((variable) => {
    if (!wanted.has(variable.name)) return [variable];
    const wish = wanted.get(variable.name);
    return wish === undefined ? [] : [wish];
  });
  const known = new Set(before.map(({ name }) => name));
  const added = [...wanted].flatMap(([name, wish]) => (wish === undefined || known.has(name) ? [] : [wish]));
  return [...kept, ...added];
}

export function isFile(name: string): boolean {
  return name.startsWith('/');
}

/** Secrets as files in the container that takes requests: a volume for each folder, as a mount covers the whole folder. */
export function withSecretFiles(
  before: { readonly containers: readonly Container[]; readonly volumes: readonly Volume[] },
  service: string,
  secrets: Secrets,
): { readonly containers: readonly Container[]; readonly volumes: readonly Volume[] } {
  let { containers, volumes } = before;
  for (const [path, reference] of secrets) {
    if (!isFile(path)) continue;
    const folder = path.slice(0, path.lastIndexOf('/')) || '/';
    const file = path.slice(path.lastIndexOf('/') + 1);
    const main = mainContainer(containers) ?? {};
    const mount = (main.volumeMounts ?? []).find(({ mountPath }) => mountPath === folder);
    const name =
      mount?.name ?? `secret-${createHash('sha256').update(`${service}${folder}`).digest('hex').slice(0, 12)}`;
    volumes = volumes.filter((volume) => volume.name !== name);
    const mounts = (main.volumeMounts ?? []).filter((item) => item.name !== name);
    if (reference !== undefined) {
      const { secret, version } = reference;
      volumes = [...volumes, { name, secret: { secret, items: [{ path: file, version }] } }];
      mounts.push({ name, mountPath: folder });
    }
    containers = containers.map((container) => {
      if (container !== main) return container;
      const { volumeMounts: _, ...rest } = container;
      return mounts.length === 0 ? rest : { ...rest, volumeMounts: mounts };
    });
  }
  return { containers, volumes };
}
