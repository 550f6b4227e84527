/**
 * Reporters for vitest, as the text of a module each (https://vitest.dev/api/advanced/reporters). The methods of
 * version 3 and later stand beside those of 1 and 2. Reporters must not fail: that would make a green run red.
 */

/**
 * Writes which files vitest is about to run, and ends it before it starts anything: global setup comes later in all
 * versions.
 *
 * @param output absolute path of the JSON file it writes
 */
export function listingReporter(output: string): string {
  return `import { writeFileSync } from 'node:fs';
const hasThreshold = (value) =>
  typeof value === 'object' && value !== null &&
  Object.entries(value).some(([key, own]) =>
    typeof own === 'number' || typeof own === 'function' || (key === '100' && own === true) || hasThreshold(own));
const folderOf = (config) => config?.dir || config?.root || process.cwd();
export default class {
  onInit(vitest) {
    this.vitest = vitest;
    const { coverage = {} } = vitest.config;
    const projects = vitest.projects ?? [vitest];
    const { lines, branches, functions, statements, thresholds } = coverage;
    this.found = {
      hasThresholds: coverage.enabled === true &&
        hasThreshold({ lines, branches, functions, statements, 100: coverage['100'], thresholds }),
      isInBrowser: [vitest, ...projects].some((project) => project.config?.browser?.enabled === true),
      folders: [...new Set([vitest, ...projects].map((project) => folderOf(project.config)))],
      projects: null,
    };
    this.write();
  }
  onPathsCollected(paths = []) {
    // Version 3 tells more in a moment.
    if (Number.parseInt(this.vitest.version ?? '0', 10) >= 3) return;
    this.end(this.found.folders.map((folder) => ({ folder, files: paths })));
  }
  onTestRunStart(specifications) {
    const projects = new Map();
    for (const { moduleId, project } of specifications) {
      const folder = folderOf(project.config);
      projects.set(folder, [...(projects.get(folder) ?? []), moduleId]);
    }
    this.end([...projects].map(([folder, files]) => ({ folder, files })));
  }
  end(projects) {
    this.found.projects = projects;
    this.write();
    process.exit(0);
  }
  write() {
    writeFileSync(${JSON.stringify(output)}, JSON.stringify(this.found));
  }
}
`;
}

/**
 * Records how long each file took, with loading it and setting it up, and counts tests.
 *
 * @param record absolute path of the JSON file it writes
 */
export function timingReporter(record: string): string {
  return `import { writeFileSync } from 'node:fs';
const times = ['environmentSetupDuration', 'prepareDuration', 'collectDuration', 'setupDuration', 'duration'];
const tasks = (task) => (task.tasks ? task.tasks.flatMap(tasks) : [task]);
const stateOf = (task) => (task.mode === 'skip' || task.mode === 'todo' ? 'skipped' : task.result?.state);
export default class {
  onFinished(files = []) {
    this.write(files.map((file) => [
      file.filepath,
      [file.environmentLoad, file.prepareDuration, file.collectDuration, file.setupDuration, file.result?.duration],
      tasks(file).filter(({ type }) => type !== 'suite').map(stateOf),
    ]));
  }
  onTestRunEnd(modules) {
    this.write(modules.map((module) => {
      const diagnostic = module.diagnostic();
      const states = [...module.children.allTests()].map((test) => test.result()?.state);
      return [module.moduleId, times.map((name) => diagnostic[name]), states];
    }));
  }
  write(modules) {
    try {
      const record = { files: {}, passed: 0, failed: 0, skipped: 0 };
      for (const [path, durations, states] of modules) {
        const sum = durations.filter((time) => time > 0).reduce((all, time) => all + time, 0);
        record.files[path] = (record.files[path] ?? 0) + sum;
        for (const state of states) {
          record[state === 'passed' || state === 'pass' ? 'passed' : state === 'failed' || state === 'fail' ? 'failed' : 'skipped'] += 1;
        }
      }
      writeFileSync(${JSON.stringify(record)}, JSON.stringify(record));
    } catch (error) {
      process.stderr.write('The times of the test files were not recorded: ' + error + '\\n');
    }
  }
}
`;
}
