import type { Contract } from '../build/contract.ts';
import { type Change, levelOf } from './commits.ts';
import { contractNews } from './contract-news.ts';
import { movingTagOf, tagOf, type Version } from './version.ts';

export interface NotesFacts {
  readonly version: Version;
  readonly previous: Version | undefined;
  readonly commit: string;
  readonly changes: readonly Change[];
  readonly contract: { readonly before: Contract; readonly after: Contract } | undefined;
  /** `owner/name`, and GitHub's address. */
  readonly repository: string;
  readonly server: string;
}

/** Lines of a section: GitHub takes notes of 125,000 characters. */
const MOST = 100;

/** Release notes as Markdown: what breaks first, then what is new, mended and faster, and how to refer to it. */
export function notesOf(facts: NotesFacts): string {
  const { version, previous, commit, changes, contract, repository, server } = facts;
  const page = `${server}/${repository}`;
  const line = (change: Change, said = change.description) => {
    const scope = change.scope === undefined ? '' : `**${readable(change.scope)}**: `;
    return `- ${scope}${readable(said)} ([${change.sha.slice(0, 7)}](${page}/commit/${change.sha}))`;
  };
  const told = changes.filter((change) => levelOf(change) !== undefined);
  const ofType = (...types: readonly (string | undefined)[]) => {
    return told.filter((change) => types.includes(change.type)).map((change) => line(change));
  };
  const named = ['feat', 'fix', 'revert', 'perf'];
  const others = told.filter(({ type }) => type === undefined || !named.includes(type)).map((change) => line(change));
  const sections: readonly (readonly [string, readonly string[]])[] = [
    [
      'Breaking changes',
      told.flatMap((change) => (change.breaking === undefined ? [] : [line(change, change.breaking)])),
    ],
    ['New', ofType('feat')],
    ['Fixed', ofType('fix', 'revert')],
    ['Faster', ofType('perf')],
    ['Other', others],
    [
      'New in the contract',
      contract === undefined ? [] : contractNews(contract.before, contract.after).map((text) => `- ${text}`),
    ],
  ];
  const compared = previous === undefined ? undefined : `${tagOf(previous)}...${tagOf(version)}`;
  return [
    ...sections.flatMap(([title, lines]) => (lines.length === 0 ? [] : [`### ${title}`, upTo(MOST, lines).join('\n')])),
    `Follow \`@${movingTagOf(version)}\`, or pin this release: \`@${commit}\` (\`${tagOf(version)}\`).`,
    ...(compared === undefined ? [] : [`[All commits](${page}/compare/${compared})`]),
  ].join('\n\n');
}

function upTo(most: number, lines: readonly string[]): readonly string[] {
  return lines.length <= most ? lines : [...lines.slice(0, most), `- and ${lines.length - most} more`];
}

/** A commit's words in one line that mention nobody and hold no HTML; code in backticks stays code. */
function readable(text: string): string {
  return text
    .replace(/\s+/g, ' ')
    .split(/(`[^`]*`)/)
    .map((part, index) => (index % 2 === 1 ? part : part.replace(/[<>]/g, escaped).replaceAll('@', '&#64;')))
    .join('');
}

const escaped = (sign: string): string => (sign === '<' ? '&lt;' : '&gt;');
