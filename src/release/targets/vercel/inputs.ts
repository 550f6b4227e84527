import { list, record } from '../../../runtime/collections.ts';
import type { Inputs } from '../../../runtime/inputs.ts';
import { duration, enumeration, secret, string, workspacePath } from '../../../runtime/kinds.ts';

const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/;

/** Names of environment variables that Vercel takes. */
const VARIABLE = /^[A-Za-z][A-Za-z0-9_]{0,255}$/;

export const inputs = {
  project: {
    kind: string({ example: 'web', pattern: NAME, accepted: 'the name or the id of a project' }),
    description:
      'Name or id of the project. Default: the variable VERCEL_PROJECT_ID, then `.vercel/project.json`. It must exist.',
  },
  team: {
    kind: string({ example: 'acme', pattern: NAME, accepted: 'the name in its address (slug) or the id of a team' }),
    description:
      'Slug or id of the team that owns the project. Default: the variable VERCEL_ORG_ID, then `.vercel/project.json`, then the account of the token.',
  },
  'working-directory': {
    kind: workspacePath({ example: 'apps/web' }),
    description:
      'Folder that is deployed. In a monorepo either the repository or the root directory that the project’s settings name.',
    default: '.',
  },
  prebuilt: {
    kind: enumeration(['auto', 'true', 'false']),
    description:
      '`auto`: the output of `vercel build` where there is a folder `.vercel/output`, else the source, which Vercel builds. `true` insists on the output, `false` on the source.',
    default: 'auto',
  },
  target: {
    kind: string({
      example: 'production',
      pattern: /^[a-z0-9][a-z0-9-]{0,31}$/,
      accepted: '`production`, `preview`, or the name of a custom environment of the project',
    }),
    description:
      'Environment: `production` is staged without its domains, and takes them when it is promoted; `preview` and custom environments are deployed for themselves and are never promoted (Vercel would build them again).',
    default: 'production',
  },
  channel: {
    kind: string({ example: 'pr-12', pattern: NAME, accepted: 'a name of letters, digits, dots and dashes' }),
    description: 'Name of a preview, so that `delete-preview` can remove all its deployments later.',
  },
  domains: {
    kind: list(
      string({
        example: 'www.example.com',
        pattern: /^(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{2,63}$/,
        accepted: 'a domain name in lower case',
      }),
      { example: 'www.example.com', max: 50 },
    ),
    description:
      'Domains that must lead to the deployment, one a line. Production: they have to be verified domains of the project, or nothing is staged. Else: the deployment gets them as aliases when it is ready; one that it can’t have is an error.',
    default: '',
  },
  env: {
    kind: record(string({ example: 'https://api.example.com', limit: 65_536 }), {
      example: 'API_URL: https://api.example.com',
      names: VARIABLE,
      max: 100,
    }),
    description: 'Variables of this deployment’s functions, a YAML map. They are visible to the project’s members.',
  },
  'build-env': {
    kind: record(string({ example: 'https://api.example.com', limit: 65_536 }), {
      example: 'NEXT_PUBLIC_API_URL: https://api.example.com',
      names: VARIABLE,
      max: 100,
    }),
    description: 'Variables of this deployment’s build on Vercel, a YAML map; prebuilt output was built without them.',
  },
  secrets: {
    kind: record(secret({ example: '${{ secrets.STRIPE_KEY }}' }), {
      example: 'STRIPE_KEY: ${{ secrets.STRIPE_KEY }}',
      names: VARIABLE,
      max: 100,
    }),
    description:
      'Secret variables, a YAML map: written to the project as sensitive variables of `target` before the deployment is made, which then has them. What is not named stays.',
  },
  timeout: {
    kind: duration({ min: 10_000, max: 7_200_000, example: '15m' }),
    description: 'Longest time for Vercel to build and to get the deployment ready.',
    default: '15m',
  },
} as const satisfies Inputs;
