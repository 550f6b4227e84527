import type { CloudProxy } from './cloud-proxy.ts';

/**
 * The environment in which Google's own program asks the stand-ins, signed in by a credential file.
 *
 * @param folder its home
 */
export function gcloudEnvironment(
  folder: string,
  credentials: string,
  { port, authorities }: Pick<CloudProxy, 'port' | 'authorities'>,
): Readonly<Record<string, string>> {
  return {
    PATH: process.env['PATH'] ?? '',
    HOME: folder,
    CLOUDSDK_CONFIG: `${folder}/config`,
    CLOUDSDK_PROXY_TYPE: 'http',
    CLOUDSDK_PROXY_ADDRESS: '127.0.0.1',
    CLOUDSDK_PROXY_PORT: String(port),
    CLOUDSDK_CORE_CUSTOM_CA_CERTS_FILE: authorities,
    CLOUDSDK_CORE_DISABLE_PROMPTS: '1',
    CLOUDSDK_CORE_DISABLE_USAGE_REPORTING: '1',
    CLOUDSDK_COMPONENT_MANAGER_DISABLE_UPDATE_CHECK: '1',
    CLOUDSDK_AUTH_CREDENTIAL_FILE_OVERRIDE: credentials,
  };
}
