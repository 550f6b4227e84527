import { performance } from 'node:perf_hooks';
import { installJacoco, installJavaScriptProducers, installPythonProducers } from '../coverage/install.ts';
import { installBuildctl, installBuildkitd, installBuildx } from '../docker/buildkit.ts';
import { installCompose } from '../docker/install.ts';
import { findPostgres, installPrisma, installSquawk } from '../migrate/install.ts';
import { installAws, installCrane, installGoogleDocuments } from '../registry/install.ts';
import { installDatabaseWriter } from '../scan/database.ts';
import { installTrivy } from '../scan/trivy.ts';

/**
 * What takes longer to install than a test may take: all of it before the first test, one after the other (compilers use
 * every core by themselves). What is there already costs nothing.
 */
const started = performance.now();
const found = [
  await installBuildkitd(),
  await installBuildctl(),
  await installBuildx(),
  await installCrane(),
  await installDatabaseWriter(),
  await installTrivy(),
  await installCompose(),
  await installSquawk(),
  await installPrisma(),
  await installJavaScriptProducers(),
  await installPythonProducers(),
  (await installJacoco()).agent,
  await installAws(),
  await installGoogleDocuments(),
  await findPostgres(),
];
console.log(`${found.length} tools are there, after ${((performance.now() - started) / 1_000).toFixed(0)} s`);
