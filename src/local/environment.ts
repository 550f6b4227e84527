import { delimiter } from 'node:path';
import type { Environment } from './git.ts';

/**
 * What a job gets of the machine's environment: where programs are, how this machine reaches the network, and how it
 * trusts certificates. Tokens, credentials and settings of the shell that started us stay outside.
 */
const PASSED = [
  /^(PATH|LANG|LANGUAGE|LC_\w+|TZ|SHELL|USER|LOGNAME)$/,
  /^(https?|all|no|ftp)_proxy$/i,
  // Certificates: NODE_EXTRA_CA_CERTS, SSL_CERT_FILE, REQUESTS_CA_BUNDLE, GIT_SSL_CAINFO, PIP_CERT…
  /(_CA_CERTS|_CA_CERTS_FILE|_CA_BUNDLE|_CAINFO|_CERT|_CERT_FILE|_CERT_DIR|_CA_CERT|_CERTS)$/,
  /^npm_config_(registry|cafile|ca|proxy|https_proxy|noproxy|strict_ssl|fetch_\w+|maxsockets)$/i,
  /^(PIP|UV)_(INDEX_URL|EXTRA_INDEX_URL|DEFAULT_INDEX|INDEX|FIND_LINKS|NO_INDEX|TRUSTED_HOST|PROXY|TIMEOUT|DEFAULT_TIMEOUT|RETRIES)$/,
  /^(GOPROXY|GOSUMDB|GONOSUMDB|GOFLAGS|GOINSECURE)$/,
  // Which Docker, which builder and how it builds; not DOCKER_CONFIG, which holds logins.
  /^DOCKER_(HOST|CERT_PATH|TLS|TLS_VERIFY|API_VERSION|BUILDKIT|DEFAULT_PLATFORM|CLI_HINTS)$/,
  /^BUILDX_(BUILDER|CONFIG|EXPERIMENTAL|NO_DEFAULT_ATTESTATIONS|METADATA_PROVENANCE|GIT_INFO|GIT_LABELS|BAKE_ENTITLEMENTS_FS)$/,
  /^BUILDKIT_(HOST|PROGRESS|COLORS|TTY_LOG_LINES)$/,
  /^XDG_RUNTIME_DIR$/,
];

const LOOPBACK = ['127.0.0.1', 'localhost', '::1'];

/**
 * The clean environment of a run.
 *
 * @param machine what the runner itself was started with.
 * @param home the run's own home folder.
 * @param nodeFolder folder of the Node that runs this program; actions run on the same.
 */
export function cleanEnvironment(machine: Environment, home: string, nodeFolder: string): Record<string, string> {
  const passed: Record<string, string> = {};
  for (const [name, value] of Object.entries(machine)) {
    if (value !== undefined && PASSED.some((pattern) => pattern.test(name))) passed[name] = value;
  }
  const path = (passed['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '' && !isOfPackage(folder));
  return {
    ...passed,
    ...withLoopback(passed),
    PATH: [nodeFolder, ...path.filter((folder) => folder !== nodeFolder)].join(delimiter),
    HOME: home,
  };
}

/** Folders that npm puts on PATH for the script it runs: programs of this bundle, none of the project's business. */
function isOfPackage(folder: string): boolean {
  return /[\\/]node_modules[\\/]\.bin$|[\\/]node-gyp-bin$/.test(folder);
}

/** The stand-ins are on this machine: no proxy between them and a job. */
function withLoopback(passed: Readonly<Record<string, string>>): Record<string, string> {
  const isProxied = Object.keys(passed).some((name) => /^(https?|all)_proxy$/i.test(name));
  if (!isProxied) return {};
  const known = (passed['NO_PROXY'] ?? passed['no_proxy'] ?? '').split(',').filter((host) => host.trim() !== '');
  const value = [...new Set([...known, ...LOOPBACK])].join(',');
  return { NO_PROXY: value, no_proxy: value };
}
