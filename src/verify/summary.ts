import type { ReleaseRecord } from '../release/record.ts';
import { ROLLBACK_WORKFLOW } from '../release/rollback/rolled-back.ts';
import type { PipelineError } from '../runtime/errors.ts';
import { code, details, link, type Markdown, markdown, paragraphs, table, text } from '../runtime/markdown.ts';
import type { Changes } from './changes.ts';
import type { Reviewers } from './environment.ts';
import type { Subject } from './subject.ts';
import type { Verification } from './verification.ts';

/** Everything that is known before somebody is asked. */
export interface Outlook {
  readonly name: string;
  readonly environment: string;
  readonly subject: Subject;
  readonly verification: Verification;
  /** The run that verified it. */
  readonly run: { readonly number: number; readonly page: string; readonly commit: string };
  readonly hasStaging: boolean;
  /** What serves, by the record of the last release, or why that is not known. */
  readonly serving: ReleaseRecord | string;
  readonly changes: Changes;
  readonly reviewers: Reviewers;
  readonly reason: string;
}

/** What is released and what will change, for those who are asked to approve it. */
export function summaryOf(outlook: Outlook): Markdown {
  const { name, environment, subject, verification, reason } = outlook;
  const what = subject.tag ?? subject.commit.slice(0, 12);
  const rows: readonly (readonly [string, Markdown])[] = [
    ['commit', commitText(subject)],
    ['verified by', verifiedText(outlook)],
    ['image', imageText(outlook)],
    ['serves now', servingText(outlook)],
    ['commits', commitsText(outlook.changes)],
    ['migrations', migrationsText(outlook.changes, verification)],
    ['approval', approvalText(outlook)],
    ...(reason === '' ? [] : [['reason', text(reason)] as const]),
  ];
  return paragraphs([
    markdown(`### ${text(name === '' ? what : `${name} ${what}`)} → ${text(environment)}: what will change`),
    table(
      ['what', ''].map(markdown),
      rows.map(([label, value]) => [markdown(label), value]),
    ),
    listOf(outlook.changes),
  ]);
}

/** Why nothing is released. */
export function refusalSummary(environment: string, { faults }: PipelineError): Markdown {
  const told = faults.flatMap(({ code: name, what, given, remedy, state }) => [
    markdown(`${code(name)} ${text(what)}`),
    ...(given === undefined ? [] : given.split('; ').map((one) => markdown(`- ${text(one)}`))),
    ...[remedy, state].flatMap((one) => (one === undefined ? [] : [text(one)])),
  ]);
  return paragraphs([markdown(`### ❌ Nothing is released to ${text(environment)}`), ...told]);
}

function commitText({ commit, tag, hasTag }: Subject): Markdown {
  const named = tag === undefined ? '' : `, tag ${code(tag)}${hasTag ? '' : ' (made after the release)'}`;
  return markdown(`${code(commit)}${named}`);
}

function verifiedText({ verification, run, subject, hasStaging }: Outlook): Markdown {
  const same =
    run.commit === subject.commit ? '' : `, by commit ${code(run.commit.slice(0, 12))}, which has the same files`;
  return markdown(`${hasStaging ? '' : '⚠️ '}${text(verification.by)} (${link(`run ${run.number}`, run.page)})${same}`);
}

function imageText({ verification, serving }: Outlook): Markdown {
  if (verification.digest === '') {
    return verification.release === '' ? markdown('none') : markdown(`none: ${code(verification.release)} is released`);
  }
  const before = typeof serving === 'string' ? '' : serving.digest;
  const change =
    before === ''
      ? ''
      : before === verification.digest
        ? ' (the one that serves)'
        : `, until now ${code(before.slice(0, 19))}…`;
  return markdown(`${code(verification.digest)}${change}`);
}

function servingText({ serving, changes }: Outlook): Markdown {
  if (typeof serving === 'string') return markdown(`not known: ${text(serving)}`);
  const older = changes.status === 'behind' ? ' — ⚠️ the released commit is older: to go back, use rollback.yml' : '';
  const same = changes.status === 'identical' ? ' — the same commit' : '';
  const when = serving.at.slice(0, 10);
  const how = serving.workflow === ROLLBACK_WORKFLOW ? 'it was rolled back to by hand' : 'by the record of its release';
  const run = serving.run === '' ? '' : ` (${link('run', serving.run)})`;
  return markdown(`${code(serving.commit.slice(0, 12))} since ${text(when)}, ${how}${run}${older}${same}`);
}

function commitsText({ status, commits, page }: Changes): Markdown {
  if (status === 'unknown') return markdown('not known');
  return commits === 0 ? markdown('none') : link(`${commits} new`, page);
}

function migrationsText({ status, migrations, migrationCount }: Changes, { lastMigration }: Verification): Markdown {
  const last = lastMigration === '' ? '' : ` (staging has all up to ${code(lastMigration)})`;
  if (status === 'unknown' || migrationCount === undefined) {
    return markdown(`not known: what is pending is applied, if anything${last}`);
  }
  if (migrationCount === 0) return markdown(`none${last}`);
  const more = migrationCount > migrations.length ? ` and ${migrationCount - migrations.length} more` : '';
  return markdown(`⚠️ ${migrations.map((name) => code(name)).join(', ')}${more}${last}`);
}

function approvalText({ reviewers }: Outlook): Markdown {
  if (reviewers.length === 0) return markdown('⚠️ nobody is asked: <code>approval: none</code>');
  return markdown(`${text(reviewers.slice(0, 10).join(', '))} ${reviewers.length === 1 ? 'is' : 'are'} asked`);
}

function listOf({ list, commits, page }: Changes): Markdown {
  if (list.length === 0) return markdown('');
  const lines = list.map(({ commit, title }) => `- ${code(commit.slice(0, 8))} ${text(title)}`);
  const more = commits > list.length ? [`- ${link(`${commits - list.length} more`, page)}`] : [];
  return details(
    markdown(`${commits} ${commits === 1 ? 'commit' : 'commits'}`),
    markdown([...lines, ...more].join('\n')),
  );
}
