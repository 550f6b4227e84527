import type { CloudAnswer } from '../cloud-proxy.ts';
import { badRequest, VercelRefusal } from './answers.ts';
import type { VercelCall, VercelRoute } from './api.ts';
import { projectOf } from './projects.ts';
import { newId, tick, type VercelProject, type VercelVariable } from './state.ts';

interface GivenVariable {
  readonly key: string;
  readonly value: string;
  readonly type: string;
  readonly target?: readonly string[];
  readonly customEnvironmentIds?: readonly string[];
  readonly comment?: string;
}

function view(variable: VercelVariable): object {
  const isReadable = variable.type === 'plain';
  return {
    id: variable.id,
    key: variable.key,
    type: variable.type,
    target: variable.target,
    customEnvironmentIds: variable.customEnvironmentIds,
    ...(variable.comment === undefined ? {} : { comment: variable.comment }),
    ...(variable.type === 'sensitive' ? {} : { value: isReadable ? variable.value : 'encrypted' }),
    createdAt: variable.createdAt,
    updatedAt: variable.updatedAt,
    configurationId: null,
    decrypted: isReadable,
  };
}

/** Whether two variables would be read by the same deployment. */
function overlaps(variable: VercelVariable, given: GivenVariable): boolean {
  if (variable.key !== given.key) return false;
  const sameTarget = (given.target ?? []).some((target) => variable.target.includes(target));
  return sameTarget || (given.customEnvironmentIds ?? []).some((id) => variable.customEnvironmentIds.includes(id));
}

function put(call: VercelCall, project: VercelProject, given: GivenVariable, isUpsert: boolean): VercelVariable {
  if (!/^[A-Za-z][A-Za-z0-9_]{0,255}$/.test(given.key)) {
    throw new VercelRefusal(
      400,
      'bad_request',
      `The name contains invalid characters. Only letters, digits, and underscores are allowed. Furthermore, the name should not start with a digit.`,
    );
  }
  if ((given.target ?? []).length + (given.customEnvironmentIds ?? []).length === 0) {
    throw badRequest('missing required property `target`.');
  }
  const isDevelopment = given.target?.includes('development') === true;
  if (given.type === 'sensitive' && isDevelopment) {
    throw new VercelRefusal(
      400,
      'bad_request',
      'You cannot set a Sensitive Environment Variable’s target to development.',
    );
  }
  const known = project.env.find((variable) => overlaps(variable, given));
  const now = tick(call.state);
  if (known === undefined) {
    const made: VercelVariable = {
      id: newId(call.state, '', 16),
      key: given.key,
      value: given.value,
      type: given.type,
      target: given.target ?? [],
      customEnvironmentIds: given.customEnvironmentIds ?? [],
      comment: given.comment,
      createdAt: now,
      updatedAt: now,
    };
    project.env.push(made);
    return made;
  }
  if (!isUpsert) {
    const message = `A variable with the name \`${given.key}\` already exists for the target ${(given.target ?? []).join(', ')} on branch undefined`;
    throw new VercelRefusal(403, 'ENV_CONFLICT', message, { envVarKey: given.key });
  }
  known.value = given.value;
  known.type = given.type;
  known.comment = given.comment;
  known.updatedAt = now;
  return known;
}

function createVariables(call: VercelCall): CloudAnswer {
  const project = projectOf(call);
  const body = call.body();
  call.schemas?.check('createProjectEnv', body);
  const isUpsert = call.request.query.get('upsert') === 'true';
  const given = (Array.isArray(body) ? body : [body]) as readonly GivenVariable[];
  const created: object[] = [];
  const failed: object[] = [];
  for (const variable of given) {
    const unknown = (variable.customEnvironmentIds ?? []).find((id) => {
      return !project.customEnvironments.some((environment) => environment.id === id);
    });
    if (unknown !== undefined) throw badRequest(`Custom Environment ${unknown} does not exist.`);
    try {
      created.push(view(put(call, project, variable, isUpsert)));
    } catch (error) {
      if (!(error instanceof VercelRefusal) || !Array.isArray(body)) throw error;
      const { error: said } = error.answer.body as { error: object };
      failed.push({ error: { ...said, envVarKey: variable.key } });
    }
  }
  return { status: 201, body: { created: Array.isArray(body) ? created : created[0], failed } };
}

export const environmentRoutes: readonly VercelRoute[] = [
  [
    'GET',
    '/v8|v9|v10/projects/:project/env',
    (call) => ({ status: 200, body: { envs: projectOf(call).env.map(view) } }),
  ],
  ['POST', '/v10/projects/:project/env', createVariables],
  [
    'DELETE',
    '/v9/projects/:project/env/:variable',
    (call) => {
      const project = projectOf(call);
      const index = project.env.findIndex(({ id }) => id === call.parts['variable']);
      const [removed] = index < 0 ? [] : project.env.splice(index, 1);
      if (removed === undefined) throw new VercelRefusal(404, 'not_found', 'The environment variable was not found');
      return { status: 200, body: view(removed) };
    },
  ],
];
