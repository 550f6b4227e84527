/** Variable that tells the reporter below where to write. */
export const REPORT_VARIABLE = 'PIPELINES_SMOKE_REPORT';

/**
 * A reporter of Playwright (playwright.dev/docs/test-reporters), which Playwright loads beside those of the project
 * from the variable PW_TEST_REPORTER. It writes what Playwright's own JSON report has of each test, and what that has
 * not: browser, trace setting and address of each project, and where the HTML report goes. Its variable is its own, so
 * that a JSON report of the project stays where the project wants it.
 */
export const REPORTER = `'use strict';
const { renameSync, writeFileSync } = require('node:fs');
const cut = (value, length) => String(value === undefined || value === null ? '' : value).slice(0, length);
const place = (location) => location === undefined ? undefined : { file: location.file, line: location.line, column: location.column };
const errorOf = (error) => ({ message: cut(error.message !== undefined ? error.message : error.value, 4000), ...place(error.location) });
const projectOf = (project, count) => {
  const use = project.use || {};
  const launch = use.launchOptions || {};
  const trace = use.trace && use.trace.mode !== undefined ? use.trace.mode : use.trace;
  return {
    name: cut(project.name, 200),
    browser: cut(use.browserName || use.defaultBrowserType || 'chromium', 50),
    channel: cut(use.channel || launch.channel, 50),
    headless: use.headless !== false && launch.headless !== false,
    isElsewhere: use.connectOptions !== undefined || launch.executablePath !== undefined,
    trace: cut(trace, 50),
    baseURL: cut(use.baseURL, 2048),
    outputDir: cut(project.outputDir, 4096),
    tests: count,
  };
};
module.exports = class {
  constructor() { this.errors = []; }
  printsToStdio() { return false; }
  onBegin(config, suite) { this.config = config; this.suite = suite; }
  onError(error) { this.errors.push(errorOf(error)); }
  onEnd(result) {
    const target = process.env.${REPORT_VARIABLE};
    if (target === undefined) return;
    const tests = [];
    const projects = [];
    for (const suite of this.suite === undefined ? [] : this.suite.suites) {
      const all = suite.allTests();
      const project = suite.project();
      if (project) projects.push(projectOf(project, all.length));
      for (const test of all) {
        tests.push({
          title: test.titlePath().slice(3).map((part) => cut(part, 300)),
          project: cut(project && project.name, 200),
          ...place(test.location),
          outcome: test.outcome(),
          results: test.results.map((one) => ({
            status: one.status,
            duration: one.duration,
            retry: one.retry,
            errors: (one.errors || []).slice(0, 5).map(errorOf),
            attachments: one.attachments.slice(0, 20).flatMap((attachment) => attachment.path === undefined ? [] : [{
              name: cut(attachment.name, 200), type: cut(attachment.contentType, 100), path: attachment.path,
            }]),
          })),
        });
      }
    }
    const config = this.config || {};
    const reporters = (config.reporter || []).map(([name, options]) => ({ name: cut(name, 200), folder: cut(options && options.outputFolder, 4096) }));
    const report = {
      version: cut(config.version, 50), configFile: config.configFile, rootDir: config.rootDir,
      hasWebServer: Boolean(config.webServer), reporters, status: result && result.status, projects, tests, errors: this.errors,
    };
    writeFileSync(target + '.part', JSON.stringify(report));
    renameSync(target + '.part', target);
  }
};
`;
