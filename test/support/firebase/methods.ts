import type { CloudRequest } from '../cloud-proxy.ts';
import { applyChannel, createChannel, release } from './channels.ts';
import { Refusal } from './refusal.ts';
import { channelBody, newVersion, page, releaseBody, siteBody, versionBody } from './resources.ts';
import {
  age,
  type Channel,
  type Config,
  type Hosting,
  type Labels,
  newId,
  type Operation,
  type Project,
  type Site,
  type Version,
} from './state.ts';
import {
  checkConfig,
  checkLabels,
  deleteVersion,
  filterOf,
  type HasService,
  patchVersion,
  populate,
} from './versions.ts';

/** What a method gets: the request as the description of the API understood it. */
export interface Asked {
  readonly hosting: Hosting;
  readonly names: Readonly<Record<string, string>>;
  readonly request: CloudRequest;
  readonly body: Readonly<Record<string, unknown>>;
  readonly hasService: HasService;
  /** Origin at which files are taken. */
  readonly uploads: string;
}

const NOT_FOUND = 'Requested entity was not found.';

function projectOf({ hosting, names }: Asked): Project {
  const { projectsId = '-', sitesId } = names;
  const found = [...hosting.projects.values()].find((project) => {
    if (projectsId === '-') return sitesId !== undefined && project.sites.has(sitesId);
    return project.id === projectsId || project.number === projectsId;
  });
  if (found === undefined) throw new Refusal('NOT_FOUND', NOT_FOUND);
  return found;
}

interface At {
  readonly project: Project;
  readonly site: Site;
}

function siteOf(asked: Asked): At {
  const project = projectOf(asked);
  const site = project.sites.get(asked.names['sitesId'] ?? '');
  if (site === undefined) throw new Refusal('NOT_FOUND', NOT_FOUND);
  age(asked.hosting, site);
  return { project, site };
}

function versionOf({ names }: Asked, site: Site): Version {
  const version = site.versions.get(names['versionsId'] ?? '');
  if (version === undefined) throw new Refusal('NOT_FOUND', NOT_FOUND);
  return version;
}

function channelOf({ names }: Asked, site: Site): Channel {
  const channel = site.channels.get(names['channelsId'] ?? 'live');
  if (channel === undefined) throw new Refusal('NOT_FOUND', NOT_FOUND);
  return channel;
}

/** `sites/shop/versions/1a2b`, with or without a project before it. */
function namedVersion(hosting: Hosting, name: string): At & { readonly version: Version } {
  const [, projectsId = '-', sitesId = '', id = ''] =
    /^(?:projects\/([^/]+)\/)?sites\/([^/]+)\/versions\/([^/]+)$/.exec(name) ?? [];
  for (const project of hosting.projects.values()) {
    const site = project.sites.get(sitesId);
    const isHere = projectsId === '-' || projectsId === project.id || projectsId === project.number;
    const version = isHere ? site?.versions.get(id) : undefined;
    if (site !== undefined && version !== undefined) return { project, site, version };
  }
  throw new Refusal(name.includes('/versions/') ? 'NOT_FOUND' : 'INVALID_ARGUMENT', NOT_FOUND);
}

function mask(query: URLSearchParams, otherwise: string): readonly string[] {
  const text = query.get('updateMask') ?? '';
  // A mask may name fields in fields; what counts here is the outer one.
  return [...new Set((text === '' ? otherwise : text).split(',').map((field) => field.trim().split('.', 1)[0] ?? ''))];
}

/** The methods of the API by the ends of their ids; those for `projects.sites` are the same ones. */
export const METHODS: Readonly<Record<string, (asked: Asked) => object>> = {
  'projects.operations.get': ({ hosting, names }) => {
    const name = `projects/${names['projectsId']}/operations/${names['operationsId']}`;
    const operation = hosting.operations.get(name);
    if (operation === undefined) throw new Refusal('NOT_FOUND', NOT_FOUND);
    return operationBody(operation);
  },
  'projects.sites.list': (asked) => {
    const project = projectOf(asked);
    const { items, next } = page([...project.sites.values()], asked.request.query, `sites ${project.id}`, 10);
    return {
      sites: items.map((site) => siteBody(project, site)),
      ...(next === undefined ? {} : { nextPageToken: next }),
    };
  },
  'projects.sites.get': (asked) => {
    const { project, site } = siteOf(asked);
    return siteBody(project, site);
  },
  'sites.getConfig': (asked) => configBody(siteOf(asked)),
  'sites.updateConfig': (asked) => {
    const at = siteOf(asked);
    const { maxVersions } = asked.body;
    if (typeof maxVersions === 'string') at.site.maxVersions = Number(maxVersions);
    return configBody(at);
  },
  'sites.versions.create': (asked) => {
    const { project, site } = siteOf(asked);
    const {
      status = 'CREATED',
      config = {},
      labels = {},
    } = asked.body as { status?: string; config?: Config; labels?: Labels };
    if (status !== 'CREATED') throw new Refusal('INVALID_ARGUMENT', 'Request contains an invalid argument.');
    const version = newVersion(asked.hosting, 'CREATED');
    version.config = checkConfig(config, asked.hasService);
    version.labels = checkLabels(labels);
    site.versions.set(version.id, version);
    return versionBody(project, site, version);
  },
  'sites.versions.get': (asked) => {
    const { project, site } = siteOf(asked);
    return versionBody(project, site, versionOf(asked, site));
  },
  'sites.versions.list': (asked) => {
    const { project, site } = siteOf(asked);
    const filter = asked.request.query.get('filter') ?? '';
    const versions = [...site.versions.values()].reverse().filter(filterOf(filter));
    const { items, next } = page(versions, asked.request.query, `versions ${site.id} ${filter}`, 25);
    return {
      versions: items.map((version) => versionBody(project, site, version)),
      ...(next === undefined ? {} : { nextPageToken: next }),
    };
  },
  'sites.versions.patch': (asked) => {
    const { project, site } = siteOf(asked);
    const version = versionOf(asked, site);
    patchVersion(asked.hosting, site, version, mask(asked.request.query, 'status'), asked.body, asked.hasService);
    return versionBody(project, site, version);
  },
  'sites.versions.delete': (asked) => {
    const { site } = siteOf(asked);
    const version = versionOf(asked, site);
    if (version.status === 'DELETED') throw new Refusal('NOT_FOUND', NOT_FOUND);
    deleteVersion(asked.hosting, site, version);
    return {};
  },
  'sites.versions.populateFiles': (asked) => {
    const { site } = siteOf(asked);
    const version = versionOf(asked, site);
    const required = populate(site, version, (asked.body['files'] ?? {}) as Labels);
    const uploadUrl = `${asked.uploads}/upload/sites/${site.id}/versions/${version.id}/files`;
    return { ...(required.length === 0 ? {} : { uploadRequiredHashes: required }), uploadUrl };
  },
  'sites.versions.files.list': (asked) => {
    const { site } = siteOf(asked);
    const version = versionOf(asked, site);
    const files = [...version.files].map(([path, hash]) => ({
      path,
      hash,
      status: site.blobs.has(hash) ? 'ACTIVE' : 'EXPECTED',
    }));
    const { items, next } = page(files, asked.request.query, `files ${site.id} ${version.id}`, 100);
    return { files: items, ...(next === undefined ? {} : { nextPageToken: next }) };
  },
  'sites.versions.clone': (asked) => operationBody(cloneVersion(asked)),
  'sites.releases.create': (asked) => createRelease(asked),
  'sites.channels.releases.create': (asked) => createRelease(asked),
  'sites.releases.list': (asked) => {
    const { project, site } = siteOf(asked);
    const all = [...site.channels.values()].flatMap((channel) => channel.releases.map((one) => ({ channel, one })));
    all.sort((left, right) => (left.one.releaseTime < right.one.releaseTime ? 1 : -1));
    const { items, next } = page(all, asked.request.query, `releases ${site.id}`, 100);
    const releases = items.map(({ channel, one }) => releaseBody(project, site, channel, one));
    return { releases, ...(next === undefined ? {} : { nextPageToken: next }) };
  },
  'sites.channels.releases.list': (asked) => {
    const { project, site } = siteOf(asked);
    const channel = channelOf(asked, site);
    const { items, next } = page(channel.releases, asked.request.query, `releases ${site.id} ${channel.id}`, 100);
    const releases = items.map((one) => releaseBody(project, site, channel, one));
    return { releases, ...(next === undefined ? {} : { nextPageToken: next }) };
  },
  'sites.channels.create': (asked) => {
    const { project, site } = siteOf(asked);
    const id = asked.request.query.get('channelId') ?? '';
    return channelBody(project, site, createChannel(asked.hosting, site, id, asked.body));
  },
  'sites.channels.get': (asked) => {
    const { project, site } = siteOf(asked);
    return channelBody(project, site, channelOf(asked, site));
  },
  'sites.channels.list': (asked) => {
    const { project, site } = siteOf(asked);
    const { items, next } = page([...site.channels.values()], asked.request.query, `channels ${site.id}`, 10);
    return {
      channels: items.map((channel) => channelBody(project, site, channel)),
      ...(next === undefined ? {} : { nextPageToken: next }),
    };
  },
  'sites.channels.patch': (asked) => {
    const { project, site } = siteOf(asked);
    const id = asked.names['channelsId'] ?? '';
    const there = site.channels.get(id);
    // The description says: "Implicitly creates the channel if it doesn't already exist."
    const channel = there ?? createChannel(asked.hosting, site, id, asked.body);
    if (there !== undefined)
      applyChannel(asked.hosting, channel, mask(asked.request.query, Object.keys(asked.body).join(',')), asked.body);
    return channelBody(project, site, channel);
  },
  'sites.channels.delete': (asked) => {
    const { site } = siteOf(asked);
    const channel = channelOf(asked, site);
    if (channel.id === 'live') throw new Refusal('INVALID_ARGUMENT', 'The live channel cannot be deleted.');
    site.channels.delete(channel.id);
    return {};
  },
};

function configBody({ project, site }: At): object {
  return {
    name: `projects/${project.number}/sites/${site.id}/config`,
    ...(site.maxVersions === undefined ? {} : { maxVersions: String(site.maxVersions) }),
  };
}

function createRelease(asked: Asked): object {
  const { hosting, request, body } = asked;
  const { project, site } = siteOf(asked);
  const channel = channelOf(asked, site);
  const name = request.query.get('versionName') ?? '';
  const named = name === '' ? undefined : namedVersion(hosting, name);
  if (named !== undefined && named.site !== site)
    throw new Refusal('INVALID_ARGUMENT', 'Version belongs to another site.');
  return releaseBody(project, site, channel, release(hosting, channel, named?.version, body));
}

/** A copy takes its time: it is asked for twice before it is there. */
function cloneVersion(asked: Asked): Operation {
  const { hosting, body } = asked;
  const { project, site } = siteOf(asked);
  const source = namedVersion(hosting, String(body['sourceVersion'] ?? ''));
  if (source.version.status !== 'FINALIZED')
    throw new Refusal('FAILED_PRECONDITION', 'Source version is not FINALIZED.');
  const version = newVersion(hosting, 'CLONING');
  site.versions.set(version.id, version);
  const operation: Operation = {
    name: `projects/${project.number}/operations/clone-${newId(hosting, 12)}`,
    left: 2,
    finish: () => {
      version.config = source.version.config;
      for (const [path, hash] of source.version.files) {
        const bytes = source.site.blobs.get(hash);
        if (bytes !== undefined) site.blobs.set(hash, bytes);
        version.files.set(path, hash);
      }
      version.status = 'CREATED';
      if (body['finalize'] === true)
        patchVersion(hosting, site, version, ['status'], { status: 'FINALIZED' }, asked.hasService);
      return {
        '@type': 'type.googleapis.com/google.firebase.hosting.v1beta1.Version',
        ...versionBody(project, site, version),
      };
    },
  };
  hosting.operations.set(operation.name, operation);
  return operation;
}

function operationBody(operation: Operation): object {
  if (operation.left > 0) {
    operation.left -= 1;
    return { name: operation.name, metadata: {} };
  }
  operation.result ??= operation.finish();
  return { name: operation.name, done: true, response: operation.result };
}
