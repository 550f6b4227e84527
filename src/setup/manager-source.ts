import type { Environment } from '../runtime/environment.ts';
import type { ManagerName } from './lockfiles.ts';
import type { RegistryClient } from './registry.ts';
import type { ToolCache } from './tool-cache.ts';

/** A package manager that is there. */
export interface ManagerInstallation {
  readonly name: ManagerName;
  readonly version: string;
  /** Absolute path of the folder that has the program. */
  readonly folder: string;
  readonly origin: 'runner' | 'tool cache' | 'download';
}

/** Where package managers come from. */
export interface ManagerSource {
  readonly cache: ToolCache;
  readonly client: RegistryClient;
  readonly environment: Environment;
  readonly platform: NodeJS.Platform;
  /** Version of the Node that will run it. */
  readonly node: string;
}
