import { performance } from 'node:perf_hooks';
import { installVercelSdk } from '../conformance/vercel/install.ts';
import { installJacoco, installJavaScriptProducers, installPythonProducers } from '../coverage/install.ts';
import { installBuildctl, installBuildkitd, installBuildx } from '../docker/buildkit.ts';
import { installCompose } from '../docker/install.ts';
import { findPostgres, installPrisma, installPrisma6, installSquawk } from '../migrate/install.ts';
import { installAws, installCrane, installGoogleDocuments } from '../registry/install.ts';
import { installDatabaseWriter } from '../scan/database.ts';
import { installTrivy } from '../scan/trivy.ts';
import { linkBrowsers } from '../smoke/install.ts';

/** Installs one after the other, and says where what was installed is. */
async function inRow(installs: readonly (() => Promise<unknown>)[]): Promise<readonly unknown[]> {
  const found: unknown[] = [];
  for (const install of installs) found.push(await install());
  return found;
}

/**
 * What takes longer to install than a test may take: all of it before the first test. Compilers use every core by
 * themselves and come one after the other; beside them comes what is downloaded. What is there already costs nothing.
 */
const started = performance.now();
const rows = await Promise.all([
  inRow([installBuildkitd, installBuildctl, installBuildx, installCrane, installDatabaseWriter]),
  inRow([
    installTrivy,
    installCompose,
    installSquawk,
    installPrisma,
    installPrisma6,
    linkBrowsers,
    installVercelSdk,
    installJavaScriptProducers,
    installPythonProducers,
    installJacoco,
    installAws,
    installGoogleDocuments,
    findPostgres,
  ]),
]);
console.log(`${rows.flat().length} tools are there, after ${((performance.now() - started) / 1_000).toFixed(0)} s`);
