import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { type Access, unionOfPermissions, workflowContracts } from '../../tools/build/workflow-contract.ts';
import { root } from '../../tools/install/root.ts';

interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, unknown>>;
}

interface Job {
  readonly permissions?: Readonly<Record<string, Access>>;
  readonly uses?: string;
  readonly secrets?: unknown;
  readonly steps?: readonly Step[];
}

interface Workflow {
  readonly permissions: Readonly<Record<string, Access>>;
  readonly jobs: Readonly<Record<string, Job>>;
}

/** What a step needs a permission for: the call that fails without it. */
const NEEDED_BY: readonly {
  readonly step: RegExp;
  /** Inputs of which the step has one where it makes the call. */
  readonly given?: readonly string[];
  /** Input with which the step does not make the call. */
  readonly unless?: string;
  readonly permissions: Readonly<Record<string, Access>>;
}[] = [
  // GET of the repository's content
  { step: /^actions\/checkout@/, permissions: { contents: 'read' } },
  // GET of the runs of the base branch and of their artifacts
  { step: /^\$\/actions\/coverage$/, unless: 'collect', permissions: { actions: 'read' } },
  { step: /^\$\/actions\/plan$/, given: ['shards'], permissions: { actions: 'read' } },
  // the same for what was found before
  { step: /^\$\/actions\/scan$/, permissions: { actions: 'read' } },
  // pushes to GitHub's registry by the job's token, to others by an identity token
  {
    step: /^\$\/actions\/image$/,
    given: ['push', 'digest'],
    permissions: { packages: 'write', 'id-token': 'write' },
  },
  // compares the commit with the one that serves; signs in at the cloud by an identity token
  { step: /^\$\/actions\/deploy-/, permissions: { contents: 'read', 'id-token': 'write' } },
  { step: /^\$\/actions\/(promote|rollback|delete-preview)$/, permissions: { 'id-token': 'write' } },
  // GET of the environment, of runs and their artifacts; of commits and what lies between them
  { step: /^\$\/actions\/verify$/, permissions: { actions: 'read', contents: 'read' } },
  // POST of a tag and of a release
  { step: /^\$\/actions\/publish-release$/, permissions: { actions: 'read', contents: 'write' } },
  // GET of the jobs of the run for the timeline, and of the runs before this one
  { step: /^\$\/actions\/report$/, unless: 'page', permissions: { actions: 'read' } },
  // POST of a SARIF file to code scanning
  { step: /^\$\/actions\/report$/, given: ['findings'], permissions: { 'security-events': 'write' } },
  // POST and PATCH of issue comments on a pull request
  { step: /^\$\/actions\/report$/, unless: 'comment', permissions: { 'pull-requests': 'write' } },
];

/** Steps that run a caller's code; building an image does in BuildKit only, which gets none of the job's credentials. */
const PROJECT_CODE = /^\$\/actions\/(setup|gate|migrate|smoke)$/;

/** Secrets of the one job that has something to do with them; none of them deploys. */
const OWN_SECRETS: readonly { readonly step: string; readonly secrets: readonly string[] }[] = [
  { step: '$/actions/migrate', secrets: ['secrets.database-url', 'secrets.direct-database-url'] },
  { step: '$/actions/smoke', secrets: ['secrets.smoke-env', 'secrets.protection-bypass'] },
];

const folder = join(root, '.github/workflows');
const names = (await readdir(folder)).filter((name) => !name.startsWith('ci-'));
const workflows = await Promise.all(
  names.map(async (name) => ({ name, file: parse(await readFile(join(folder, name), 'utf8')) as Workflow })),
);
const jobs = workflows.flatMap(({ name, file }) =>
  Object.entries(file.jobs).map(([id, job]) => ({ name: `${name} ${id}`, job })),
);

describe.each(jobs)('the job $name', ({ job }) => {
  const uses = (job.steps ?? []).flatMap((step) => step.uses ?? []);

  it('asks for exactly what its steps need', () => {
    const steps = job.steps ?? [];
    const needed = NEEDED_BY.filter(({ step, given, unless = '' }) => {
      const calls = steps.filter(({ uses: reference }) => reference !== undefined && step.test(reference));
      return calls.some(({ with: inputs = {} }) => {
        return !(unless in inputs) && (given === undefined || given.some((name) => name in inputs));
      });
    });
    expect(job.permissions).toEqual(unionOfPermissions(needed.map(({ permissions }) => permissions)));
  });

  it('runs project code only where there is nothing to take', () => {
    if (!uses.some((reference) => PROJECT_CODE.test(reference))) return;
    for (const [scope, access] of Object.entries(job.permissions ?? {})) {
      expect([scope, access]).toEqual([expect.stringMatching(/^(contents|actions)$/), 'read']);
    }
    const secrets = JSON.stringify(job).match(/secrets\.[\w-]+/g) ?? [];
    // The address of the database belongs to the job that migrates, and it is the only one that has it.
    const own = uses.includes('$/actions/gate')
      ? []
      : OWN_SECRETS.flatMap(({ step, secrets: names }) => (uses.includes(step) ? names : []));
    expect(secrets.filter((secret) => ![...own, 'secrets.npm-token'].includes(secret))).toEqual([]);
    expect(JSON.stringify(job)).not.toMatch(/github\.token|GITHUB_TOKEN/);
  });

  it('refers to actions only by the running commit or by a pinned one', () => {
    for (const reference of uses) expect(reference).toMatch(/^\$\/actions\/[a-z-]+$|^[\w.-]+\/[\w./-]+@[0-9a-f]{40}$/);
  });

  it('holds no shell', () => {
    expect((job.steps ?? []).filter(({ run }) => run !== undefined)).toEqual([]);
  });

  it('leaves no credential in the folder that it checks out', () => {
    for (const step of job.steps ?? []) {
      if (step.uses?.startsWith('actions/checkout@') === true) expect(step.with?.['persist-credentials']).toBe(false);
    }
  });
});

describe.each(await workflowContracts(root))('the workflow $name', ({ name, permissions }) => {
  it('grants its jobs nothing by default', () => {
    expect(workflows.find((workflow) => workflow.name === `${name}.yml`)?.file.permissions).toEqual({});
  });

  it('asks callers, on its page and in the files that they copy, for exactly the union of its jobs', async () => {
    const page = await readFile(join(root, 'docs', `${name}.md`), 'utf8');
    const blocks = [...page.matchAll(/permissions:\n((?: +[a-z-]+: (?:read|write)\n)+)/g)].map(([block]) =>
      parse(block.replace(/^ +(?=permissions)/, '')),
    );
    expect(blocks.length).toBeGreaterThanOrEqual(2);
    for (const block of blocks as { permissions: unknown }[]) expect(block.permissions).toEqual(permissions);
    const callers = await callersOf(`${name}.yml`);
    expect(callers.length).toBeGreaterThan(0);
    for (const caller of callers) expect(caller).toEqual(permissions);
  });
});

/** The permissions granted to a workflow by each job of examples/callers that calls it. */
async function callersOf(workflow: string): Promise<unknown[]> {
  const place = join(root, 'examples/callers');
  const files = await Promise.all((await readdir(place)).map((name) => readFile(join(place, name), 'utf8')));
  return files
    .flatMap((text) => Object.values((parse(text) as Workflow).jobs))
    .filter(({ uses }) => uses === `org/pipelines/.github/workflows/${workflow}@v1`)
    .map((job) => job.permissions);
}
