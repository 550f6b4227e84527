import type { OperationState, RevisionState, ServiceState } from './resources.ts';
import { type CloudRunState, etagText, urlsOf } from './state.ts';

/** A service as v2 shows it. */
export function shownService(state: CloudRunState, service: ServiceState): object {
  const { spec, project, region, name } = service;
  const base = `projects/${project}/locations/${region}/services/${name}`;
  const urls = urlsOf(state, service);
  const { nonce: _, ...template } = spec.template;
  return {
    name: base,
    uid: service.uid,
    generation: String(service.generation),
    createTime: service.createTime,
    updateTime: service.updateTime,
    creator: service.creator,
    lastModifier: service.lastModifier,
    ...spec,
    template,
    observedGeneration: String(service.observedGeneration),
    terminalCondition: service.terminal,
    conditions: service.conditions,
    ...(service.latestReady === '' ? {} : { latestReadyRevision: `${base}/revisions/${service.latestReady}` }),
    latestCreatedRevision: `${base}/revisions/${service.latestCreated}`,
    trafficStatuses: service.traffic,
    ...(service.traffic.length === 0 ? {} : { uri: urls[1] }),
    urls,
    ...(service.reconciling ? { reconciling: true } : {}),
    etag: etagText(service.etag),
  };
}

/** A revision as v2 shows it. */
export function shownRevision(service: ServiceState, revision: RevisionState): object {
  const { project, region, name } = service;
  const { revision: _, nonce: __, labels, annotations, ...template } = revision.template;
  const base = `projects/${project}/locations/${region}/services/${name}`;
  return {
    name: `${base}/revisions/${revision.name}`,
    uid: revision.uid,
    generation: String(revision.generation),
    ...(labels === undefined ? {} : { labels }),
    ...(annotations === undefined ? {} : { annotations }),
    createTime: revision.createTime,
    updateTime: revision.updateTime,
    launchStage: 'GA',
    service: name,
    ...template,
    conditions: revision.conditions,
    observedGeneration: String(revision.generation),
    ...(revision.reconciling ? { reconciling: true } : {}),
    logUri: `https://console.cloud.google.com/logs/viewer?project=${project}`,
    creator: revision.creator,
    etag: etagText(revision.etag),
  };
}

/** A long-running operation: its end is seen when it has ended and was asked for often enough. */
export function shownOperation(operation: OperationState): object {
  const type = `type.googleapis.com/google.cloud.run.v2.${operation.kind}`;
  const { name, done, error, polls } = operation;
  if (!done || polls > 0) return { name, metadata: { '@type': type } };
  if (error !== undefined) return { name, metadata: { '@type': type }, done: true, error };
  return { name, metadata: { '@type': type }, done: true, response: { '@type': type, ...operation.response() } };
}
