import type { Container } from './resources.ts';

/** The container that requests come to: the only one, or the one with a port. */
export function mainContainer(containers: readonly Container[]): Container | undefined {
  return containers.length <= 1 ? containers[0] : containers.find(({ ports }) => (ports ?? []).length > 0);
}

/** Changes the container of a name, or adds one. */
export function withContainer(
  containers: readonly Container[],
  name: string,
  change: (before: Container) => Container,
): readonly Container[] {
  if (!containers.some((container) => container.name === name)) return [...containers, change({})];
  return containers.map((container) => (container.name === name ? change(container) : container));
}
