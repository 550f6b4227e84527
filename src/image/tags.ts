import { ConfigurationError, type Fault } from '../runtime/errors.ts';
import { expand, globalValues, refBehind, shortSha, type TagFacts, type Values } from './expressions.ts';
import { type Flavor, PLAIN_FLAVOR } from './flavor.ts';
import { parseTagRules, ruleFault, type TagRule } from './tag-rules.ts';

export type { TagFacts } from './expressions.ts';
export { type Flavor, PLAIN_FLAVOR, parseFlavor } from './flavor.ts';

export interface ImageTags {
  /** The first tag, for the label org.opencontainers.image.version; undefined when there is none. */
  readonly version: string | undefined;
  /** Without duplicates, those of higher priority first, `latest` last where a flavor adds it. */
  readonly tags: readonly string[];
}

/**
 * The tags of an image by rules that docker/metadata-action's users know (its README, "tags input"). A rule whose event
 * is another one makes no tag. What a tag can't hold becomes `-`.
 *
 * @param lines one rule each: `type=semver,pattern={{version}}`
 * @throws ConfigurationError PIPE-TAG-001, one fault for each line that is no rule
 */
export function imageTags(lines: readonly string[], facts: TagFacts, flavor: Flavor = PLAIN_FLAVOR): ImageTags {
  const values = globalValues(facts);
  const faults: Fault[] = [];
  const tags: string[] = [];
  let latest: boolean | undefined;
  for (const rule of parseTagRules(lines)) {
    const made = applyRule(rule, facts, values, flavor);
    if (made === undefined) continue;
    if ('problem' in made) faults.push(ruleFault(rule.line, made.problem));
    else if (made.tag !== '') {
      tags.push(made.tag);
      // The first decides: of a branch's tag and a version's, it is the more important one.
      latest ??= made.latest;
    }
  }
  if (faults.length > 0) throw new ConfigurationError(faults);
  const isLatest = tags.length > 0 && (flavor.latest === 'auto' ? latest === true : flavor.latest);
  const name = `${flavor.prefixLatest ? flavor.prefix : ''}latest${flavor.suffixLatest ? flavor.suffix : ''}`;
  const all = isLatest ? [...tags, sanitizeTag(name)] : tags;
  return { version: tags[0], tags: [...new Set(all)] };
}

/**
 * The rules where none are given: the version of a Git tag in its parts (no lone 0: the next 0.x may break everything),
 * the branch, the pull request, the whole commit, and `latest` for the default branch.
 */
export const DEFAULT_TAG_RULES: readonly string[] = [
  'type=semver,pattern={{version}}',
  'type=semver,pattern={{major}}.{{minor}}',
  'type=semver,pattern={{major}},enable={{is_stable}}',
  'type=ref,event=branch',
  'type=ref,event=pr',
  'type=sha,format=long',
  'type=raw,value=latest,enable={{is_default_branch}}',
];

/** The flavor that belongs to them: `latest` is the default branch's, a Git tag does not move it. */
export const DEFAULT_FLAVOR: Flavor = { ...PLAIN_FLAVOR, latest: false };

/** Text as a tag (OCI Distribution Specification 1.1): letters, digits, . _ -, neither . nor - first, at most 128. */
function sanitizeTag(text: string): string {
  return text
    .replace(/[^A-Za-z0-9._-]+/g, '-')
    .replace(/^[.-]+/, '')
    .slice(0, 128);
}

type Made = { readonly tag: string; readonly latest: boolean } | { readonly problem: string } | undefined;

/** What a rule is about before its prefix and suffix; `latest` is what `auto` makes of it. */
type Core = { readonly value: string; readonly latest: boolean } | { readonly problem: string } | undefined;

function applyRule(rule: TagRule, facts: TagFacts, globals: Values, flavor: Flavor): Made {
  const version = semanticVersion(facts, rule);
  const values = { ...globals, is_stable: String(version !== undefined && version.major !== '0') };
  const enabled = expand(rule.attributes['enable'] ?? 'true', values, facts);
  if ('problem' in enabled) return enabled;
  if (enabled.text === 'false') return undefined;
  if (enabled.text !== 'true') return { problem: `its enable is neither true nor false but "${enabled.text}"` };
  const core = coreOf(rule, facts, globals);
  if (core === undefined || 'problem' in core) return core;
  const prefix = expand(rule.attributes['prefix'] ?? (usualPrefix(rule) || flavor.prefix), globals, facts);
  const suffix = expand(rule.attributes['suffix'] ?? flavor.suffix, globals, facts);
  if ('problem' in prefix) return prefix;
  if ('problem' in suffix) return suffix;
  const tag = core.value === '' ? '' : sanitizeTag(prefix.text + core.value + suffix.text);
  return { tag, latest: core.latest };
}

function usualPrefix({ type, attributes }: TagRule): string {
  if (type === 'sha') return 'sha-';
  return type === 'ref' && attributes['event'] === 'pr' ? 'pr-' : '';
}

function coreOf(rule: TagRule, facts: TagFacts, globals: Values): Core {
  const { attributes } = rule;
  const { ref, sha } = facts;
  switch (rule.type) {
    case 'schedule':
      return facts.eventName === 'schedule' ? plain(attributes['pattern'] ?? 'nightly', facts, globals) : undefined;
    case 'semver':
      return semverCore(rule, facts, globals);
    case 'match':
      return matchCore(rule, facts, globals);
    case 'edge': {
      const branch = refBehind(ref, 'refs/heads/');
      const wanted = attributes['branch'] || facts.defaultBranch;
      return branch !== undefined && branch === wanted ? { value: 'edge', latest: false } : undefined;
    }
    case 'ref':
      return refCore(attributes['event'] ?? '', ref);
    case 'raw':
      return plain(attributes['value'] ?? '', facts, globals);
    case 'sha':
      return { value: attributes['format'] === 'long' ? sha : shortSha(sha), latest: false };
  }
}

function plain(text: string, facts: TagFacts, globals: Values): Core {
  const expanded = expand(text, globals, facts);
  return 'problem' in expanded ? expanded : { value: expanded.text, latest: false };
}

function refCore(event: string, ref: string): Core {
  const found =
    event === 'branch'
      ? refBehind(ref, 'refs/heads/')
      : event === 'tag'
        ? refBehind(ref, 'refs/tags/')
        : refBehind(ref, 'refs/pull/')?.replace(/\/(?:merge|head)$/, '');
  return found === undefined ? undefined : { value: found, latest: event === 'tag' };
}

/** What a rule for versions looks at: its own value, else the Git tag. */
function versionText(rule: TagRule, facts: TagFacts): string | undefined {
  const given = rule.attributes['value'] ?? '';
  const expanded = expand(given, globalValues(facts), facts);
  if (given !== '' && 'text' in expanded) return expanded.text;
  return refBehind(facts.ref, 'refs/tags/');
}

interface SemanticVersion {
  readonly raw: string;
  /** Without `v` and build metadata. */
  readonly version: string;
  readonly major: string;
  readonly minor: string;
  readonly patch: string;
  readonly isPrerelease: boolean;
}

const NUMBER = '(0|[1-9]\\d*)';
const LABELS = '[0-9A-Za-z-]+(?:\\.[0-9A-Za-z-]+)*';
const SEMVER = new RegExp(`^v?${NUMBER}\\.${NUMBER}\\.${NUMBER}(?:-(${LABELS}))?(?:\\+${LABELS})?$`);

/** A version (semver.org 2.0.0) with or without `v`; undefined where the rule's text is none. */
function semanticVersion(facts: TagFacts, rule: TagRule): SemanticVersion | undefined {
  const raw = versionText(rule, facts);
  const [, major, minor, patch, prerelease] = SEMVER.exec(raw ?? '') ?? [];
  if (raw === undefined || major === undefined || minor === undefined || patch === undefined) return undefined;
  // A numeric part of a pre-release has no leading zero.
  if (prerelease?.split('.').some((part) => /^0\d+$/.test(part)) === true) return undefined;
  const version = `${major}.${minor}.${patch}${prerelease === undefined ? '' : `-${prerelease}`}`;
  return { raw, version, major, minor, patch, isPrerelease: prerelease !== undefined };
}

function semverCore(rule: TagRule, facts: TagFacts, globals: Values): Core {
  const found = semanticVersion(facts, rule);
  if (found === undefined) return undefined;
  const { isPrerelease, ...parts } = found;
  const pattern = rule.attributes['pattern'] ?? '';
  // A pre-release never moves 1.2 or 1: only its whole version becomes a tag.
  const used = isPrerelease && !/^\{\{\s*raw\s*\}\}$/.test(pattern) ? '{{version}}' : pattern;
  const expanded = expand(used, { ...globals, ...parts }, facts);
  return 'problem' in expanded ? expanded : { value: expanded.text, latest: !isPrerelease };
}

function matchCore(rule: TagRule, facts: TagFacts, globals: Values): Core {
  const { pattern = '', group = '0' } = rule.attributes;
  const text = versionText(rule, facts);
  const [, source = pattern, flags = ''] = /^\/(.+)\/([a-z]*)$/.exec(pattern) ?? [];
  let expression: RegExp;
  try {
    expression = new RegExp(source, flags);
  } catch (error) {
    return { problem: `its pattern is no regular expression (${error instanceof Error ? error.message : 'unknown'})` };
  }
  if (!/^\d+$/.test(group)) return { problem: 'its group is no number' };
  const found = text === undefined ? undefined : expression.exec(text)?.[Number(group)];
  if (found === undefined) return undefined;
  const value = plain(found, facts, globals);
  return value === undefined || 'problem' in value ? value : { ...value, latest: true };
}
