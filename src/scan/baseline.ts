import { basename } from 'node:path/posix';
import type { Event } from '../github/event.ts';
import type { Evidence, EvidenceWish } from '../github/evidence.ts';
import { ConfigurationError, OutsideFault, shown } from '../runtime/errors.ts';
import { insideWorkspace, readTextFile } from '../runtime/files.ts';
import type { Comparison } from './judge.ts';
import { type Baseline, LARGEST_RECORD, readRecord } from './record.ts';

/** What the findings are compared with, and how a report says it. */
export interface ChosenBaseline {
  readonly comparison: Comparison;
  readonly text: string;
  /** Something that a reader should see although nothing failed. */
  readonly notice?: string;
}

export interface BaselineWish {
  /** The input: undefined, `base`, `adopt` or a path. */
  readonly baseline: string | undefined;
  readonly workspace: string;
  /** Undefined where no event started the run. */
  readonly event: () => Promise<Event>;
  readonly workflowPath: string;
  readonly artifact: string;
  /** findEvidence of src/github, with its surroundings. */
  readonly find: (wish: EvidenceWish) => Promise<Evidence>;
}

/** Name of the result file, in the artifact and in the folder of `report`. */
export const RECORD_FILE = 'scan.json';

/**
 * What the findings of this run are compared with.
 *
 * @throws ConfigurationError PIPE-SCAN-014 a file that is no result of this action
 * @throws OutsideFault PIPE-SCAN-015 the record of the debt can't be read, so that nobody knows what was adopted
 */
export async function chooseBaseline(wish: BaselineWish): Promise<ChosenBaseline> {
  const { baseline } = wish;
  if (baseline === undefined) return { comparison: { kind: 'none' }, text: 'no baseline: everything counts' };
  if (baseline !== 'base' && baseline !== 'adopt') return await fromFile(baseline, wish.workspace);
  const event = await wish.event();
  const base = baseOf(event);
  if (base !== undefined) return await fromBase(base, wish);
  const branch = event.kind === 'push' ? event.branch : undefined;
  if (baseline === 'adopt' && branch !== undefined) return await adopted(branch, wish);
  const reason = 'not a pull request: everything counts';
  return { comparison: { kind: 'none' }, text: `baseline \`${baseline}\`, ${reason}` };
}

interface Base {
  readonly branch: string;
  readonly commit: string;
}

function baseOf(event: Event): Base | undefined {
  if (event.kind === 'pull_request') return { branch: event.base.ref, commit: event.base.sha };
  if (event.kind !== 'merge_group') return undefined;
  return { branch: event.base.ref.replace(/^refs\/heads\//, ''), commit: event.base.sha };
}

/** On pull requests: what the base branch has. */
async function fromBase({ branch, commit }: Base, wish: BaselineWish): Promise<ChosenBaseline> {
  const found = await evidenceOf(wish, branch, commit);
  if ('record' in found) {
    const text = `compared with ${shown(branch)} as of ${found.record.createdAt.slice(0, 10)} (run ${found.runNumber})`;
    return { comparison: { kind: 'known', record: found.record, packages: true }, text };
  }
  const text = `${shown(branch)} has no result to compare with: ${found.reason}`;
  if (wish.baseline === 'adopt' && isAbsence(found.reason)) {
    // The pull request that switches this on would be red for what is on the base branch already.
    const notice = `${text}. What was found is shown as debt; the first push to ${shown(branch)} records it.`;
    return { comparison: { kind: 'debt', record: undefined }, text, notice };
  }
  return { comparison: { kind: 'none' }, text, notice: `${text}. Everything counts.` };
}

/** On pushes: the debt that an earlier run recorded, or today's. */
async function adopted(branch: string, wish: BaselineWish): Promise<ChosenBaseline> {
  const found = await evidenceOf(wish, branch);
  if ('record' in found && found.hasDebt) {
    const text = `debt adopted earlier, from run ${found.runNumber} of ${shown(branch)}`;
    return { comparison: { kind: 'debt', record: found.record }, text };
  }
  const reason = 'record' in found ? 'the last green run did not adopt' : found.reason;
  if ('reason' in found && !isAbsence(found.reason)) {
    throw new OutsideFault(
      {
        code: 'PIPE-SCAN-015',
        what: 'the record of the adopted debt could not be read, and adopting again would hide what is new',
        given: shown(found.reason, 400),
        accepted: 'the result that the last green push run left, readable with `actions: read`',
        remedy: 'run it again; see whether the workflow grants `actions: read`',
        state: 'the scan was made; its findings were not judged',
      },
      { service: 'GitHub', tries: 1, elapsed: 0 },
    );
  }
  const text = `today’s debt is adopted: ${reason}`;
  return { comparison: { kind: 'debt', record: undefined }, text, notice: `Baseline: ${text}.` };
}

async function evidenceOf(
  { find, workflowPath, artifact }: BaselineWish,
  branch: string,
  commit?: string,
): Promise<
  { readonly record: Baseline; readonly runNumber: number; readonly hasDebt: boolean } | { readonly reason: string }
> {
  const evidence = await find({ workflowPath, branch, commit, artifact, file: RECORD_FILE, limit: LARGEST_RECORD });
  if (evidence.kind === 'none') return { reason: evidence.reason };
  const text = evidence.content.toString('utf8');
  const record = readRecord(text);
  if (typeof record === 'string') return { reason: `the result of run ${evidence.runNumber} is not used: ${record}` };
  return { record, runNumber: evidence.runNumber, hasDebt: record.adopts };
}

/**
 * Whether the reason says that there is nothing, not that it could not be asked for.
 */
function isAbsence(reason: string): boolean {
  return /^there is no green run |: it has left no such artifact\)|: its artifact has expired\)|^the runner names no workflow file/.test(
    reason,
  );
}

async function fromFile(path: string, workspace: string): Promise<ChosenBaseline> {
  const file = await insideWorkspace(workspace, path);
  const text = file === undefined ? undefined : await readTextFile(file, LARGEST_RECORD, workspace);
  const record = text === undefined ? 'there is no such file in the repository' : readRecord(text);
  if (typeof record === 'string') {
    throw new ConfigurationError({
      code: 'PIPE-SCAN-014',
      what: `the baseline ${shown(path, 200)} can't be used: ${record}`,
      accepted: '`base`, `adopt`, or the path of a result file of this action',
      example: '`baseline: security/scan.json`, a copy of the file of the output `report`',
      state: 'the scan was made; its findings were not judged',
    });
  }
  const day = record.createdAt.slice(0, 10);
  const comparison: Comparison = { kind: 'known', record, packages: false };
  return { comparison, text: `compared with ${shown(basename(path))} of ${day}` };
}
