import type { Finding } from './finding.ts';
import { compareVersions, nearestFix } from './versions.ts';

/** One thing to do that removes findings. */
export interface Upgrade {
  /** What is upgraded. */
  readonly what: string;
  /** To which version at least; undefined for a base image. */
  readonly to: string | undefined;
  /** Lockfile, system or image. */
  readonly where: string;
  /** How many findings it removes. */
  readonly removes: number;
}

/** What removes most of some findings, the best first: a package at one version, or the base image as a whole. */
export function upgradesFor(findings: readonly Finding[]): readonly Upgrade[] {
  const groups = new Map<string, Upgrade>();
  const put = (key: string, upgrade: Omit<Upgrade, 'removes'>) => {
    const known = groups.get(key);
    const isHigher = known?.to !== undefined && upgrade.to !== undefined && compareVersions(known.to, upgrade.to) > 0;
    const to = isHigher ? known.to : upgrade.to;
    groups.set(key, { ...upgrade, to, removes: (known?.removes ?? 0) + 1 });
  };
  for (const finding of findings) {
    const { kind, package: name = '', installed = '', fixed = '', place, target, layer } = finding;
    const fix = kind === 'vulnerability' ? nearestFix(fixed, installed) : undefined;
    if (fix === undefined) continue;
    put(`${target}\u001f${place}\u001f${name}`, { what: name, to: fix, where: place });
    if (layer?.isBase === true) put(`${target}\u001fbase`, { what: 'base image', to: undefined, where: target });
  }
  return [...groups.values()].sort((left, right) => right.removes - left.removes);
}
