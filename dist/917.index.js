export const id = 917;
export const ids = [917];
export const modules = {

/***/ 531:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   Z: () => (/* binding */ runIdentityOf),
/* harmony export */   d: () => (/* binding */ isLater)
/* harmony export */ });
function runIdentityOf(environment) {
    const id = countOf(environment['GITHUB_RUN_ID']);
    const server = environment['GITHUB_SERVER_URL'] ?? '';
    const repository = environment['GITHUB_REPOSITORY'] ?? '';
    const isKnown = /^https:\/\/[A-Za-z0-9.-]+(:\d+)?$/.test(server) && /^[\w-]+\/[\w.-]+$/.test(repository);
    const repositoryPage = isKnown ? `${server}/${repository}` : undefined;
    return {
        id,
        number: countOf(environment['GITHUB_RUN_NUMBER']),
        attempt: countOf(environment['GITHUB_RUN_ATTEMPT']),
        workflow: workflowOf(environment),
        sha: /^[0-9a-f]{40,64}$/.exec(environment['GITHUB_SHA'] ?? '')?.[0] ?? '',
        page: repositoryPage === undefined || id === 0 ? undefined : `${repositoryPage}/actions/runs/${id}`,
        repositoryPage,
    };
}
function workflowOf(environment) {
    const [, path] = /^[^/]+\/[^/]+\/([^@]+)@/.exec(environment['GITHUB_WORKFLOW_REF'] ?? '') ?? [];
    return path ?? environment['GITHUB_WORKFLOW'] ?? '';
}
function countOf(value) {
    return /^\d{1,15}$/.test(value ?? '') ? Number(value) : 0;
}
function isLater(left, right) {
    return left.id === right.id ? left.attempt > right.attempt : left.id > right.id;
}


/***/ }),

/***/ 6186:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   l: () => (/* binding */ promisedBy),
/* harmony export */   n: () => (/* binding */ parsePromised)
/* harmony export */ });
/* harmony import */ var _foreign_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(7007);

const LIMIT = 8_192;
function promisedBy(plan, affected) {
    const notChecked = plan.notChecked.map(({ subject, reason }) => {
        return { subject: subject.slice(0, 200), reason: reason.slice(0, 300) };
    });
    const whole = {
        kinds: [...new Set(plan.tasks.map(({ kind }) => kind))],
        notChecked: atMost(50, notChecked),
        decisions: plan.decisions.map(({ subject, decision, reason }) => ({
            subject: subject.slice(0, 200),
            decision: decision.slice(0, 300),
            reason: reason.slice(0, 300),
        })),
        nothingToDo: affected?.length === 0 ? 'no package is affected by the changes' : undefined,
    };
    for (const most of [200, 100, 50, 25, 10, 0]) {
        const shorter = { ...whole, decisions: whole.decisions.slice(0, most) };
        if (Buffer.byteLength(JSON.stringify(shorter)) <= LIMIT)
            return shorter;
    }
    const names = notChecked.map(({ subject }) => ({ subject: subject.slice(0, 40), reason: '' }));
    return { ...whole, notChecked: atMost(20, names), decisions: [] };
}
function atMost(limit, items) {
    if (items.length <= limit)
        return items;
    return [
        ...items.slice(0, limit),
        { subject: `${items.length - limit} more`, reason: 'the log of the plan has them' },
    ];
}
const readAll = (0,_foreign_js__WEBPACK_IMPORTED_MODULE_0__/* .fields */ .OA)({
    kinds: (0,_foreign_js__WEBPACK_IMPORTED_MODULE_0__/* .listUpTo */ .JM)(500, (0,_foreign_js__WEBPACK_IMPORTED_MODULE_0__/* .textUpTo */ .qx)(100)),
    notChecked: (0,_foreign_js__WEBPACK_IMPORTED_MODULE_0__/* .optional */ .lq)((0,_foreign_js__WEBPACK_IMPORTED_MODULE_0__/* .listUpTo */ .JM)(200, (0,_foreign_js__WEBPACK_IMPORTED_MODULE_0__/* .fields */ .OA)({ subject: (0,_foreign_js__WEBPACK_IMPORTED_MODULE_0__/* .textUpTo */ .qx)(500), reason: (0,_foreign_js__WEBPACK_IMPORTED_MODULE_0__/* .optional */ .lq)((0,_foreign_js__WEBPACK_IMPORTED_MODULE_0__/* .textUpTo */ .qx)(2_000), '') })), []),
    decisions: (0,_foreign_js__WEBPACK_IMPORTED_MODULE_0__/* .optional */ .lq)((0,_foreign_js__WEBPACK_IMPORTED_MODULE_0__/* .listUpTo */ .JM)(1_000, (0,_foreign_js__WEBPACK_IMPORTED_MODULE_0__/* .fields */ .OA)({ subject: (0,_foreign_js__WEBPACK_IMPORTED_MODULE_0__/* .textUpTo */ .qx)(500), decision: (0,_foreign_js__WEBPACK_IMPORTED_MODULE_0__/* .textUpTo */ .qx)(2_000), reason: (0,_foreign_js__WEBPACK_IMPORTED_MODULE_0__/* .optional */ .lq)((0,_foreign_js__WEBPACK_IMPORTED_MODULE_0__/* .textUpTo */ .qx)(2_000), '') })), []),
    nothingToDo: (0,_foreign_js__WEBPACK_IMPORTED_MODULE_0__/* .optional */ .lq)((0,_foreign_js__WEBPACK_IMPORTED_MODULE_0__/* .textUpTo */ .qx)(500), undefined),
});
function parsePromised(text) {
    return (0,_foreign_js__WEBPACK_IMPORTED_MODULE_0__/* .readJson */ .Vh)(text, 'plan', readAll);
}


/***/ }),

/***/ 1917:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

// ESM COMPAT FLAG
__webpack_require__.r(__webpack_exports__);

// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  run: () => (/* binding */ run)
});

// EXTERNAL MODULE: external "node:fs/promises"
var promises_ = __webpack_require__(1455);
// EXTERNAL MODULE: external "node:path"
var external_node_path_ = __webpack_require__(6760);
// EXTERNAL MODULE: ./src/runtime/errors.js
var errors = __webpack_require__(5732);
// EXTERNAL MODULE: ./src/runtime/files.js
var files = __webpack_require__(6276);
// EXTERNAL MODULE: ./src/runtime/yaml.js
var yaml = __webpack_require__(5860);
;// CONCATENATED MODULE: ./src/github/event.js



const LARGEST = 26 * 1024 * 1024;
async function readEvent(environment) {
    const name = environment['GITHUB_EVENT_NAME'] ?? '';
    const path = environment['GITHUB_EVENT_PATH'] ?? '';
    if (name === '' || path === '')
        throw notAnEvent('GITHUB_EVENT_NAME or GITHUB_EVENT_PATH is not set', 'nothing');
    const text = await (0,files/* readTextFile */.Gu)(path, LARGEST);
    if (text === undefined)
        throw notAnEvent('the file of GITHUB_EVENT_PATH does not exist', (0,errors/* shown */.SP)(path, 200));
    let payload;
    try {
        payload = JSON.parse(text);
    }
    catch (error) {
        throw notAnEvent('the file of GITHUB_EVENT_PATH is not JSON', (0,errors/* shown */.SP)(text, 60), error);
    }
    return eventOf(name, payload);
}
function eventOf(name, payload) {
    if (!(0,yaml/* isMap */.j)(payload))
        throw notAnEvent('the payload is not an object', (0,errors/* shown */.SP)(payload, 60));
    switch (name) {
        case 'push':
            return pushOf(payload);
        case 'pull_request':
            return pullRequestOf(payload);
        case 'merge_group': {
            const group = mapAt(payload, 'merge_group');
            const head = { sha: commitAt(group, 'head_sha'), ref: textAt(group, 'head_ref') };
            const base = { sha: commitAt(group, 'base_sha'), ref: textAt(group, 'base_ref') };
            return { kind: 'merge_group', action: textAt(payload, 'action'), head, base };
        }
        case 'workflow_dispatch':
            return {
                kind: 'workflow_dispatch',
                ref: textAt(payload, 'ref'),
                inputs: inputsOf(optionalMapAt(payload, 'inputs')),
            };
        case 'schedule':
            return { kind: 'schedule', cron: textAt(payload, 'schedule') };
        case 'release': {
            const release = mapAt(payload, 'release');
            return {
                kind: 'release',
                action: textAt(payload, 'action'),
                tag: textAt(release, 'tag_name'),
                isDraft: flagAt(release, 'draft'),
                isPrerelease: flagAt(release, 'prerelease'),
            };
        }
        default:
            return { kind: 'other', name };
    }
}
function pushOf(payload) {
    const ref = textAt(payload, 'ref');
    return {
        kind: 'push',
        ref,
        branch: ref.startsWith('refs/heads/') ? ref.slice('refs/heads/'.length) : undefined,
        before: commitAt(payload, 'before'),
        after: commitAt(payload, 'after'),
        isDeleted: flagAt(payload, 'deleted'),
    };
}
function pullRequestOf(payload) {
    const pull = mapAt(payload, 'pull_request');
    const head = sideOf(mapAt(pull, 'head'));
    const base = sideOf(mapAt(pull, 'base'));
    return {
        kind: 'pull_request',
        action: textAt(payload, 'action'),
        number: numberAt(pull, 'number'),
        head,
        base,
        isDraft: flagAt(pull, 'draft'),
        isMerged: flagAt(pull, 'merged'),
        isFork: head.repository !== base.repository,
        isDependabot: optionalMapAt(payload, 'sender')?.['login'] === 'dependabot[bot]',
    };
}
function sideOf(side) {
    const repository = optionalMapAt(side, 'repo');
    return {
        sha: commitAt(side, 'sha'),
        ref: textAt(side, 'ref'),
        repository: repository === undefined ? undefined : textAt(repository, 'full_name'),
    };
}
function inputsOf(inputs = {}) {
    const entries = Object.entries(inputs).filter(([, value]) => value !== null);
    return new Map(entries.map(([name, value]) => [name, typeof value === 'string' ? value : JSON.stringify(value)]));
}
function mapAt(fields, key) {
    const value = fields[key];
    if (!(0,yaml/* isMap */.j)(value))
        throw notAField(key, 'an object', value);
    return value;
}
function optionalMapAt(fields, key) {
    const value = fields[key];
    return value === undefined || value === null ? undefined : mapAt(fields, key);
}
function textAt(fields, key) {
    const value = fields[key];
    if (typeof value !== 'string' || value.length > 1_024)
        throw notAField(key, 'a text of at most 1,024 characters', value);
    return value;
}
function commitAt(fields, key) {
    const value = fields[key];
    if (typeof value !== 'string' || !/^([0-9a-f]{40}|[0-9a-f]{64})$/.test(value))
        throw notAField(key, 'a commit', value);
    return value;
}
function numberAt(fields, key) {
    const value = fields[key];
    if (!Number.isSafeInteger(value) || Number(value) < 1)
        throw notAField(key, 'a number above 0', value);
    return Number(value);
}
function flagAt(fields, key) {
    return fields[key] === true;
}
function notAField(key, accepted, value) {
    return notAnEvent(`\`${key}\` is not ${accepted}`, (0,errors/* shown */.SP)(value, 60));
}
function notAnEvent(what, given, cause) {
    return new errors/* ConfigurationError */.j1({
        code: 'PIPE-GITHUB-009',
        what: `the event that started the run can’t be read: ${what}`,
        given,
        accepted: 'the payload that GitHub writes into the file of GITHUB_EVENT_PATH',
        remedy: 'leave GITHUB_EVENT_NAME and GITHUB_EVENT_PATH as GitHub set them; a local run needs a whole payload',
    }, { cause });
}

// EXTERNAL MODULE: ./src/github/run.js
var github_run = __webpack_require__(531);
// EXTERNAL MODULE: ./src/runtime/summary.js
var summary = __webpack_require__(223);
// EXTERNAL MODULE: ./src/report/foreign.js
var foreign = __webpack_require__(7007);
;// CONCATENATED MODULE: ./src/report/job-lines.js

const LINE_OF_JOB = {
    image: 'image',
    publish: 'image',
    tag: 'tag',
    verify: 'verification',
    migrate: 'migration',
    preview: 'preview',
    stage: 'deployment',
    deploy: 'deployment',
    smoke: 'smoke',
    promote: 'promotion',
    rollback: 'rollback',
    cleanup: 'cleanup',
};
const OUTPUTS_OF_JOB = {
    publish: ['digest'],
    stage: ['release'],
    deploy: ['release'],
};
const STEP_LINES = {
    coverage: [
        { output: 'lines', show: (value) => `lines ${value} %` },
        { output: 'branches', show: (value) => `branches ${value} %` },
        { output: 'patch', show: (value) => `changed lines ${value} %` },
    ],
    scan: [
        { output: 'critical', show: (value) => `${value} critical` },
        { output: 'high', show: (value) => `${value} high` },
        { output: 'new', show: (value) => `${value} new` },
    ],
    health: [
        { output: 'attempts', show: (value) => `${value} attempts` },
        { output: 'latency-p95', show: (value) => `95 % within ${value} ms` },
    ],
};
const DETAIL_OUTPUTS = ['digest', 'release', 'url', 'status', 'applied', 'failed', 'flaky', 'deleted'];
const SILENT_WHEN_SKIPPED = ['rollback', 'later'];
function lineNameOf(job) {
    return (Object.hasOwn(LINE_OF_JOB, job) ? LINE_OF_JOB[job] : undefined) ?? job;
}
function jobLines(job, whySkipped) {
    const name = lineNameOf(job.name);
    if (job.result === 'skipped') {
        return SILENT_WHEN_SKIPPED.includes(job.name) ? [] : [{ name, state: whySkipped(job), detail: '' }];
    }
    const steps = stepLines(job);
    const dropped = droppedOutputs(job, OUTPUTS_OF_JOB[job.name] ?? []);
    if (dropped !== undefined)
        return [brokenLine(name, [dropped]), ...steps];
    return [{ name, ...ownState(job, steps) }, ...steps];
}
function ownState(job, steps) {
    const detail = DETAIL_OUTPUTS.flatMap((output) => {
        const value = job.outputs.get(output) ?? '';
        return value === '' ? [] : [shownOutput(output, value)];
    }).join(', ');
    if (job.result === 'success')
        return { state: 'done', detail };
    if (job.result === 'cancelled')
        return { state: 'cancelled', detail: CANCELLED };
    const must = OUTPUTS_OF_JOB[job.name] ?? [];
    const isWholeOtherwise = must.length > 0 && must.every((output) => (job.outputs.get(output) ?? '') !== '');
    if (isWholeOtherwise && steps.some(({ state }) => state === 'failed'))
        return { state: 'done', detail };
    return { state: 'failed', detail: `the log of the job \`${job.name}\` says why` };
}
function shownOutput(output, value) {
    if (output === 'digest')
        return value.replace(/^(sha256:[0-9a-f]{12})[0-9a-f]{52}$/, '$1…');
    return output === 'url' ? value : `${output} ${value}`;
}
const CANCELLED = 'by hand, by a newer run, or because its time was up';
function stepLines(job) {
    return Object.entries(STEP_LINES).flatMap(([name, outputs]) => {
        const passed = job.outputs.get(`${name}-passed`) ?? '';
        if (passed === '')
            return [];
        const detail = outputs.flatMap(({ output, show }) => {
            const value = job.outputs.get(`${name}-${output}`) ?? '';
            return value === '' ? [] : [show(value)];
        });
        return [{ name, state: passed === 'true' ? 'done' : 'failed', detail: detail.join(', ') }];
    });
}
function droppedOutputs(job, names) {
    const empty = names.filter((name) => (job.outputs.get(name) ?? '') === '');
    if (job.result !== 'success' || empty.length === 0)
        return undefined;
    return {
        code: 'PIPE-REPORT-004',
        what: `${empty.map((name) => `\`${name}\``).join(' and ')} arrived empty from the green job \`${job.name}\`: GitHub drops an output that contains the text of a secret`,
        accepted: 'outputs without the text of a secret',
        remedy: 'look for a secret whose text is an ordinary word (a name, a region, a number) and make it a variable; in a ' +
            `workflow of your own, declare these outputs of the job ${(0,errors/* shown */.SP)(job.name)}`,
        state: 'what the job found is not known, so it does not count as done',
    };
}
function brokenLine(name, faults) {
    return { name, state: 'failed', detail: faults.map(({ what }) => what).join('; '), faults };
}

// EXTERNAL MODULE: ./src/report/promise.js
var promise = __webpack_require__(6186);
;// CONCATENATED MODULE: ./src/report/results.js

const DAY = 86_400_000;
const readProblem = (0,foreign/* fields */.OA)({
    file: (0,foreign/* textUpTo */.qx)(1_024),
    line: (0,foreign/* optional */.lq)((0,foreign/* numberUpTo */.ob)(10_000_000), undefined),
    message: (0,foreign/* textUpTo */.qx)(2_000),
    rule: (0,foreign/* optional */.lq)((0,foreign/* textUpTo */.qx)(200), undefined),
});
const readTask = (0,foreign/* fields */.OA)({
    id: (0,foreign/* textUpTo */.qx)(500),
    kind: (0,foreign/* textUpTo */.qx)(100),
    package: (0,foreign/* optional */.lq)((0,foreign/* textUpTo */.qx)(300), ''),
    directory: (0,foreign/* optional */.lq)((0,foreign/* textUpTo */.qx)(1_024), '.'),
    command: (0,foreign/* optional */.lq)((0,foreign/* textUpTo */.qx)(2_000), undefined),
    result: (0,foreign/* oneOf */.yL)(['passed', 'failed', 'timed-out', 'cancelled', 'skipped']),
    duration: (0,foreign/* optional */.lq)((0,foreign/* numberUpTo */.ob)(30 * DAY), 0),
    reason: (0,foreign/* optional */.lq)((0,foreign/* textUpTo */.qx)(2_000), undefined),
    problems: (0,foreign/* optional */.lq)((0,foreign/* listUpTo */.JM)(20, readProblem), []),
});
const readAll = (0,foreign/* fields */.OA)({
    tasks: (0,foreign/* listUpTo */.JM)(2_000, readTask),
    omitted: (0,foreign/* optional */.lq)((0,foreign/* numberUpTo */.ob)(100_000), 0),
    passed: (0,foreign/* optional */.lq)((0,foreign/* mapUpTo */.fB)(500, /^[^\u0000-\u001f]{1,100}$/, (0,foreign/* numberUpTo */.ob)(100_000)), new Map()),
    off: (0,foreign/* optional */.lq)((0,foreign/* listUpTo */.JM)(500, (0,foreign/* textUpTo */.qx)(500)), []),
});
function parseResults(text) {
    return (0,foreign/* readJson */.Vh)(text, 'results', readAll);
}

;// CONCATENATED MODULE: ./src/report/line.js
const KNOWN_LINES = [
    'setup',
    'generate',
    'format',
    'lint',
    'typecheck',
    'test',
    'build',
    'coverage',
    'image',
    'scan',
    'tag',
    'verification',
    'migration',
    'preview',
    'deployment',
    'health',
    'smoke',
    'promotion',
    'rollback',
    'cleanup',
];
const EXPECTED_KINDS = ['format', 'lint', 'typecheck', 'test', 'build'];
const ORDER = [
    'failed',
    'cancelled',
    'missing',
    'not-run',
    'not-checked',
    'done',
    'nothing-to-do',
    'not-configured',
];
function worst(states) {
    return ORDER.find((state) => states.includes(state)) ?? 'not-configured';
}
function inOrder(lines) {
    return [...lines].sort((a, b) => positionOf(a.name) - positionOf(b.name));
}
function positionOf(name) {
    const known = KNOWN_LINES.indexOf(name);
    return known === -1 ? KNOWN_LINES.indexOf('build') + 0.5 : known;
}

;// CONCATENATED MODULE: ./src/report/task-lines.js

function taskLines(checked) {
    const { promised, results } = checked;
    if (promised?.nothingToDo !== undefined && (results?.tasks.length ?? 0) === 0)
        return [];
    const planned = promised?.kinds ?? [];
    const ran = (results?.tasks ?? []).map(({ kind }) => kind);
    const expected = promised === undefined ? [] : EXPECTED_KINDS;
    return [...new Set([...planned, ...expected, ...ran])].map((kind) => lineOf(kind, checked));
}
function lineOf(kind, checked) {
    const tasks = (checked.results?.tasks ?? []).filter((task) => task.kind === kind);
    const isPromised = checked.promised?.kinds.includes(kind) === true;
    const passed = checked.results?.passed.get(kind) ?? 0;
    if (tasks.length > 0)
        return { ...aggregated(kind, tasks, passed), isPromised: true };
    if (passed > 0)
        return { name: kind, state: 'done', detail: `${passed} tasks`, isPromised: true };
    if (!isPromised)
        return notConfigured(kind, checked);
    return withoutResult(kind, checked);
}
function notConfigured(kind, { promised }) {
    const decision = promised?.decisions.find(({ subject }) => subject === kind);
    const detail = decision === undefined ? '' : [decision.decision, decision.reason].filter((part) => part !== '').join(', ');
    return { name: kind, state: 'not-configured', detail };
}
function withoutResult(name, { job, results }) {
    if (isOff(name, results))
        return { name, state: 'not-checked', detail: 'switched off in `tasks`' };
    if (job.result === 'success' && job.outputs.get('gate-outcome') === 'skipped') {
        return { name, state: 'not-checked', detail: 'the gate is switched off' };
    }
    if (results !== undefined && results.omitted > 0) {
        const state = job.result === 'success' ? 'done' : 'missing';
        return { name, state, detail: 'too many tasks to hand over: the log has them', isPromised: true };
    }
    if (job.result === 'cancelled') {
        return { name, state: 'not-run', detail: `\`${job.name}\` was cancelled`, isPromised: true };
    }
    if (job.result === 'failure' && results === undefined) {
        return { name, state: 'not-run', detail: `\`${job.name}\` failed before its tasks`, isPromised: true };
    }
    return { name, state: 'missing', detail: 'the plan promised it and it has no result', isPromised: true };
}
function isOff(kind, results) {
    return results?.off.some((name) => name === kind || name.endsWith(`:${kind}`)) === true;
}
const STATES = {
    passed: 'done',
    failed: 'failed',
    'timed-out': 'failed',
    cancelled: 'cancelled',
    skipped: 'not-run',
};
function aggregated(name, tasks, passed) {
    const state = worst(tasks.map(({ result }) => STATES[result]));
    const bad = tasks.filter(({ result }) => result !== 'passed');
    const causes = bad.filter(({ result }) => result === 'failed' || result === 'timed-out');
    const failing = (causes.length > 0 ? causes : bad).map((task) => failingOf(task, tasks.length + passed > 1));
    const [only] = tasks.length + passed === 1 ? tasks : [];
    return {
        name,
        state,
        detail: only === undefined ? countOf(tasks, passed, bad.length) : (only.reason ?? ''),
        duration: Math.max(...tasks.map(({ duration }) => duration)),
        ...(only?.command === undefined ? {} : { command: only.command }),
        failing,
    };
}
function countOf(tasks, passed, bad) {
    const folders = new Set(tasks.map(({ directory }) => directory));
    const things = passed === 0 && folders.size === tasks.length ? 'packages' : 'tasks';
    const count = tasks.length + passed;
    return bad === 0 ? `${count} ${things}` : `${count - bad} of ${count} ${things} passed`;
}
function failingOf(task, isOneOfMany) {
    const { directory, command, result, reason, problems } = task;
    return {
        directory: isOneOfMany || directory !== '.' ? directory : undefined,
        package: task.package,
        command,
        reason: reason ?? result,
        isTimeout: result === 'timed-out',
        problems,
    };
}

;// CONCATENATED MODULE: ./src/report/check-lines.js





function isCheck(job) {
    return job.name === 'check' || job.outputs.has('plan') || job.outputs.has('results');
}
function isIdle(job) {
    if (!isCheck(job) || job.result !== 'success')
        return false;
    return readOutput(job, 'plan', promise/* parsePromised */.n).value?.nothingToDo !== undefined;
}
function checkReport(job, whySkipped) {
    if (job.result === 'skipped') {
        return { lines: [{ name: job.name, state: whySkipped(job), detail: '' }], promised: undefined };
    }
    const plan = readOutput(job, 'plan', promise/* parsePromised */.n);
    const results = readOutput(job, 'results', parseResults);
    const isGateOff = job.outputs.get('gate-outcome') === 'skipped';
    const dropped = droppedOutputs(job, isGateOff ? ['plan'] : ['plan', 'results']);
    const faults = [...plan.faults, ...results.faults, ...(dropped === undefined ? [] : [dropped])];
    const checked = { job, promised: plan.value, results: results.value };
    const tasks = faults.length > 0 ? taskLines({ ...checked, promised: undefined }) : taskLines(checked);
    const lines = [...setupLine(checked), ...tasks, ...stepLines(job)];
    const own = faults.length > 0 ? brokenLine(job.name, faults) : ownLine(checked, lines);
    return { lines: own === undefined ? lines : [...lines, own], promised: plan.value };
}
function readOutput(job, name, parse) {
    const text = job.outputs.get(name) ?? '';
    if (text === '')
        return { value: undefined, faults: [] };
    try {
        return { value: parse(text), faults: [] };
    }
    catch (error) {
        if (!(error instanceof foreign/* NotAsAgreed */.SB))
            throw error;
        return { value: undefined, faults: [notAsAgreedFault(job, name, error.message)] };
    }
}
function notAsAgreedFault(job, output, found) {
    return {
        code: 'PIPE-REPORT-005',
        what: `the output \`${output}\` of the job \`${job.name}\` is not what this bundle writes`,
        given: found,
        accepted: output === 'plan' ? 'what the plan promises, as JSON' : 'the output `results` of the action `gate`',
        remedy: 'see whether something of the project wrote it; versions of the actions in one workflow have to be the same',
        state: 'nothing of that output was used',
    };
}
const OUTCOMES = {
    success: 'done',
    failure: 'failed',
    cancelled: 'cancelled',
    skipped: 'not-checked',
};
function setupLine({ job, promised, results }) {
    const outcome = job.outputs.get('setup-outcome') ?? '';
    const known = Object.hasOwn(OUTCOMES, outcome) ? OUTCOMES[outcome] : undefined;
    const state = known ?? guessedSetup(job, promised !== undefined, results !== undefined);
    if (state === undefined)
        return [];
    if (state === 'failed')
        return [{ name: 'setup', state, detail: `the log of the job \`${job.name}\` says why` }];
    if (state === 'cancelled')
        return [{ name: 'setup', state, detail: CANCELLED }];
    const node = job.outputs.get('node-version') ?? '';
    const parts = [node === '' ? '' : `Node ${node}`, job.outputs.get('package-manager') ?? ''];
    return [{ name: 'setup', state, detail: parts.filter((part) => part !== '').join(', ') }];
}
function guessedSetup(job, hasPlan, hasResults) {
    if (hasResults || job.result === 'success')
        return 'done';
    return job.result === 'failure' && !hasPlan ? 'failed' : undefined;
}
function ownLine({ job, promised, results }, lines) {
    const name = job.name;
    if (job.result === 'success' && promised?.nothingToDo !== undefined && lines.length <= 1) {
        return { name, state: 'nothing-to-do', detail: promised.nothingToDo };
    }
    if (job.result === 'cancelled' && !lines.some(({ state }) => state === 'cancelled')) {
        return { name, state: 'cancelled', detail: CANCELLED };
    }
    if (job.result === 'failure' && !lines.some(({ state }) => state === 'failed' || state === 'cancelled')) {
        const what = results === undefined ? 'it failed before its tasks had a result' : 'a step beside the lines above failed';
        return { name, state: 'failed', detail: `${what}: the log of the job \`${name}\` says why` };
    }
    return undefined;
}

;// CONCATENATED MODULE: ./src/report/definition.js




function definitionOfDone(needs, required) {
    const jobs = [...needs.values()];
    const whySkipped = skippedBecause(jobs);
    const checks = jobs.filter(isCheck).map((job) => ({ job, ...checkReport(job, whySkipped) }));
    const checkLines = checks.flatMap(({ job, lines }) => {
        return checks.length === 1 ? lines : lines.map((line) => ({ ...line, name: `${line.name} (${job.name})` }));
    });
    const others = jobs.filter((job) => !isCheck(job)).flatMap((job) => jobLines(job, whySkipped));
    const lines = merged([...checkLines, ...others]);
    refuseUnknown(required, lines, jobs);
    const isCheckIdle = checks.some(({ job }) => isIdle(job)) && checks.every(({ job }) => isIdle(job) || isSkipped(job));
    const isNothingToDo = hasNothingToDo(jobs);
    const withRequired = inOrder(isNothingToDo ? lines : [...lines, ...absent(required, lines, isCheckIdle)]);
    const missing = withRequired.filter((line) => isMissing(line, required, isNothingToDo)).map(({ name }) => name);
    const isRed = withRequired.some(({ state }) => state === 'failed' || state === 'cancelled');
    return {
        lines: withRequired,
        notChecked: checks.flatMap(({ promised }) => promised?.notChecked ?? []),
        decisions: checks.flatMap(({ promised }) => promised?.decisions ?? []),
        missing,
        isNothingToDo,
        isDone: !isRed && missing.length === 0,
    };
}
function skippedBecause(jobs) {
    const isNothingToDo = hasNothingToDo(jobs);
    const positions = jobs.filter(({ result }) => result === 'failure' || result === 'cancelled').map(positionOfJob);
    return (job) => {
        if (isNothingToDo)
            return 'nothing-to-do';
        return positions.some((position) => position <= positionOfJob(job)) ? 'not-run' : 'not-configured';
    };
}
function positionOfJob(job) {
    return isCheck(job) ? 0 : positionOf(lineNameOf(job.name));
}
function hasNothingToDo(jobs) {
    return jobs.every((job) => isSkipped(job) || isIdle(job));
}
function isSkipped({ result }) {
    return result === 'skipped';
}
function merged(lines) {
    const names = [...new Set(lines.map(({ name }) => name))];
    return names.flatMap((name) => {
        const all = lines.filter((line) => line.name === name);
        const ran = all.filter(({ state }) => !['not-configured', 'not-run', 'nothing-to-do'].includes(state));
        const counted = ran.length > 0 ? ran : all;
        const state = worst(counted.map((line) => line.state));
        return counted.filter((line) => line.state === state).slice(0, 1);
    });
}
function absent(required, lines, isCheckIdle) {
    const ofCheck = KNOWN_LINES.slice(0, KNOWN_LINES.indexOf('image'));
    return [...new Set(required)]
        .filter((name) => !lines.some((line) => line.name === name))
        .map((name) => {
        if (isCheckIdle && ofCheck.includes(name))
            return { name, state: 'nothing-to-do', detail: '' };
        return { name, state: 'missing', detail: 'it is required and nothing of this run is about it' };
    });
}
function isMissing(line, required, isNothingToDo) {
    if (line.state === 'missing')
        return true;
    const isRequired = required.includes(line.name) || line.isPromised === true;
    if (!isRequired || isNothingToDo)
        return false;
    return line.state === 'not-run' || line.state === 'not-checked' || line.state === 'not-configured';
}
function refuseUnknown(required, lines, jobs) {
    const known = new Set([
        ...KNOWN_LINES,
        ...lines.map(({ name }) => name),
        ...jobs.map(({ name }) => lineNameOf(name)),
    ]);
    const faults = required
        .filter((name) => !known.has(name))
        .map((name) => {
        const meant = (0,errors/* nearest */.pA)(name, known);
        const list = [...known].slice(0, 40).join(', ');
        return {
            code: 'PIPE-REPORT-001',
            what: `\`require\` names a line that the Definition of Done does not have: ${(0,errors/* shown */.SP)(name)}`,
            given: (0,errors/* shown */.SP)(name),
            accepted: meant === undefined ? list : `\`${meant}\` (nearest), or another of: ${list}`,
            example: `\`require: ${meant ?? 'test'}\``,
            state: 'the jobs of the run have ended; their results were not judged',
        };
    });
    if (faults.length > 0)
        throw new errors/* ConfigurationError */.j1(faults);
}

// EXTERNAL MODULE: ./src/runtime/kinds.js
var kinds = __webpack_require__(9832);
// EXTERNAL MODULE: ./src/runtime/markdown.js
var markdown = __webpack_require__(122);
;// CONCATENATED MODULE: ./src/report/verdict.js


const NAMED = 3;
const FAULTS = 9;
function headlineOf(definition) {
    const { lines, isDone, isNothingToDo, notChecked } = definition;
    if (isNothingToDo && isDone) {
        const reason = lines.find(({ state, detail }) => state === 'nothing-to-do' && detail !== '')?.detail;
        return `Nothing to do: ${reason === undefined ? 'no job of this run had any work' : plain(reason, 200)}`;
    }
    if (!isDone) {
        const failed = lines.filter(({ state }) => state === 'failed').map(failedPhrase);
        const cancelled = lines.filter(({ state }) => state === 'cancelled');
        const without = openLines(definition).map(missingPhrase);
        const parts = [...failed];
        if (cancelled.length > 0)
            parts.push(cancelledPhrase(cancelled));
        return `Not done: ${joined([...parts, ...without])}`;
    }
    const open = [...notChecked.map(({ subject }) => subject), ...namesOf(lines, 'not-checked')];
    if (!lines.some(({ state, name }) => state === 'done' && name !== 'setup'))
        return 'Done, and nothing was checked';
    return open.length === 0 ? 'Done' : `Done, not checked: ${joined(open.map((subject) => plain(subject, 60)))}`;
}
function namesOf(lines, state) {
    return lines.filter((line) => line.state === state).map(({ name }) => name);
}
function failedPhrase(line) {
    const name = plain(line.name, 60);
    if (line.faults !== undefined)
        return `${name} handed over no usable results`;
    const failing = line.failing ?? [];
    const verb = failing.length > 0 && failing.every(({ isTimeout }) => isTimeout) ? 'timed out' : 'failed';
    const folders = failing.flatMap(({ directory }) => (directory === undefined ? [] : [placeName(directory)]));
    const where = [...new Set(folders)];
    return where.length === 0 ? `${name} ${verb}` : `${name} ${verb} in ${joined(where)}`;
}
function placeName(directory) {
    return directory === '.' ? 'the root' : plain(directory, 80);
}
function cancelledPhrase(lines) {
    return `${joined(lines.map(({ name }) => plain(name, 60)))} ${lines.length === 1 ? 'was' : 'were'} cancelled`;
}
function missingPhrase({ name, state }) {
    const what = plain(name, 60);
    if (state === 'not-configured')
        return `${what} is required and not configured`;
    if (state === 'not-checked')
        return `${what} is required and not checked`;
    return `${what} has no result`;
}
function joined(parts) {
    const named = parts.slice(0, NAMED);
    const more = parts.length - named.length;
    if (more > 0)
        return `${named.join(', ')} and ${more} more`;
    return named.length < 2 ? named.join('') : `${named.slice(0, -1).join(', ')} and ${named.at(-1) ?? ''}`;
}
function plain(text, limit) {
    const line = text
        .slice(0, limit * 4)
        .replace(/\u001b\[[0-9;?]*[ -/]*[@-~]/g, '')
        .replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g, ' ')
        .replace(/[\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, '')
        .trim();
    return line.length > limit ? `${line.slice(0, limit - 1)}…` : line;
}
function placeOf({ file, line }) {
    return line === undefined ? file : `${file}:${line}`;
}
function isRed({ state }) {
    return state === 'failed' || state === 'cancelled';
}
function openLines({ lines, missing }) {
    const open = lines.filter((line) => missing.includes(line.name) && !isRed(line));
    return lines.some(isRed) ? open.filter(({ state }) => state !== 'not-run') : open;
}
function logLines(definition) {
    const rows = definition.lines.map(({ name, state, detail, duration, failing = [] }) => {
        const [problem] = failing.flatMap(({ problems }) => problems);
        const why = problem === undefined ? plain(detail, 160) : `${plain(placeOf(problem), 160)} ${plain(problem.message, 160)}`;
        const time = duration === undefined || state === 'not-run' ? '' : ` (${(0,kinds/* durationText */.S5)(duration)})`;
        return `${plain(name, 40).padEnd(12)} ${state.replaceAll('-', ' ')}${time}${why === '' ? '' : `  ${why}`}`;
    });
    const open = definition.notChecked.map(({ subject, reason }) => {
        return `${plain(subject, 40).padEnd(12)} not checked  ${plain(reason, 160)}`;
    });
    return [headlineOf(definition), ...rows, ...open];
}
function failureOf(definition) {
    if (definition.isDone)
        return undefined;
    const failed = definition.lines.filter(({ state }) => state === 'failed');
    const cancelled = definition.lines.filter(({ state }) => state === 'cancelled');
    const open = openLines(definition);
    const faults = [
        ...failed.flatMap((line) => line.faults ?? [failedFault(line)]),
        ...(cancelled.length === 0 ? [] : [cancelledFault(cancelled)]),
        ...(open.length === 0 ? [] : [openFault(open)]),
    ];
    const more = faults.length - FAULTS;
    const [first, ...rest] = faults.slice(0, FAULTS);
    if (first === undefined)
        throw new TypeError('a run that is not done has a line that says why');
    const what = `not done: ${first.what}${more > 0 ? ` (and ${more} more, in the summary)` : ''}`;
    const told = [{ ...first, what }, ...rest];
    const isHandover = [...failed, ...cancelled, ...open].every((line) => line.faults !== undefined);
    return isHandover ? new errors/* ConfigurationError */.j1(told) : new errors/* ProjectFailure */.cV(told);
}
function cancelledFault(lines) {
    const [first] = lines;
    const why = first === undefined || first.detail === '' ? '' : `, ${plain(first.detail, 200)}`;
    return {
        code: 'PIPE-REPORT-006',
        what: `${cancelledPhrase(lines)}${why}`,
        remedy: 'run it again; when its time was up, raise `timeout` or look for what hangs',
    };
}
function openFault(lines) {
    const details = [...new Set(lines.map(({ detail }) => detail))].filter((detail) => detail !== '');
    const isPromised = lines.every((line) => line.isPromised === true);
    return {
        code: 'PIPE-REPORT-003',
        what: joined(lines.map(missingPhrase)),
        ...(details.length === 1 ? { given: plain(details[0] ?? '', 200) } : {}),
        accepted: 'a result for every line that the plan promised or that `require` names',
        remedy: isPromised
            ? 'the log of the job that runs the gate says why it ended without them'
            : 'add what these lines need, or take them out of `require`',
    };
}
function failedFault(line) {
    const failing = line.failing ?? [];
    const problems = failing.flatMap((one) => one.problems).slice(0, NAMED);
    const found = problems.map((problem) => `${plain(placeOf(problem), 200)} ${plain(problem.message, 200)}`).join('; ');
    const [first] = failing;
    const reason = first === undefined ? line.detail : first.reason;
    return {
        code: 'PIPE-REPORT-002',
        what: `${failedPhrase(line)}: ${found === '' ? plain(reason, 200) : found}`,
        ...(first === undefined ? {} : { remedy: remedyFor(first) }),
    };
}
function remedyFor({ command, directory }) {
    if (command === undefined)
        return 'the log of the job has the command and everything it printed';
    const where = directory === undefined || directory === '.' ? '' : ` in ${plain(directory, 80)}`;
    return `run \`${plain(command, 200)}\`${where}; it is the same command`;
}

;// CONCATENATED MODULE: ./src/report/render.js



const SIGNS = {
    done: '✅\u00a0done',
    failed: '❌\u00a0failed',
    cancelled: '🚫\u00a0cancelled',
    'not-run': '⏭️\u00a0not\u00a0run',
    missing: '❌\u00a0no\u00a0result',
    'not-checked': '⚠️\u00a0not\u00a0checked',
    'not-configured': '⚪\u00a0not\u00a0configured',
    'nothing-to-do': '✅\u00a0nothing\u00a0to\u00a0do',
};
const HEADERS = ['what', 'result', 'detail', 'time'].map(markdown/* markdown */.wD);
function rendered(definition, subject, limit) {
    const head = [heading(definition, subject), firstLook(definition, subject), tableOf(definition, subject)];
    const failing = definition.lines
        .filter(({ state }) => state === 'failed')
        .flatMap((line) => (line.failing ?? []).map((one) => folded(line, one, subject)));
    const decisions = decisionsOf(definition);
    const whole = footer(subject, false);
    const shortened = footer(subject, true);
    for (const [parts, last] of [
        [[...head, ...failing, decisions], whole],
        [[...head, ...failing], shortened],
        [[...head, ...failing.slice(0, 3)], shortened],
        [head, shortened],
    ]) {
        const document = assembled([...parts, last]);
        if (Buffer.byteLength(document) <= limit)
            return document;
    }
    const room = limit - Buffer.byteLength(shortened) - 8;
    return assembled([(0,markdown/* cut */.Jj)(assembled(head), room), shortened]);
}
function assembled(parts) {
    return (0,markdown/* markdown */.wD)(`${parts
        .map((part) => part.trim())
        .filter((part) => part !== '')
        .join('\n\n')}\n`);
}
function heading(definition, { name }) {
    const sign = !definition.isDone ? '❌' : headlineOf(definition).startsWith('Done, ') ? '⚠️' : '✅';
    const whose = name === '' ? '' : `${(0,markdown/* text */.Qq)(plain(name, 200))} · `;
    return (0,markdown/* markdown */.wD)(`### ${sign} ${whose}${(0,markdown/* text */.Qq)(headlineOf(definition))}`);
}
function firstLook({ lines, isDone }, subject) {
    if (isDone)
        return (0,markdown/* markdown */.wD)('');
    const failed = lines.filter(({ state }) => state === 'failed');
    const failing = failed.flatMap((line) => line.failing ?? []);
    const first = failing.find(({ problems }) => problems.length > 0) ?? failing[0];
    const [fault] = failed.flatMap((line) => line.faults ?? []);
    if (first === undefined)
        return fault === undefined ? (0,markdown/* markdown */.wD)('') : faultText(fault);
    const [problem] = first.problems;
    const what = problem === undefined ? phrase(plain(first.reason, 300)) : problemText(problem, 300, subject);
    const command = commandText(first);
    return (0,markdown/* markdown */.wD)(command === '' ? what : `${what}\\\nTo see it again: ${command}`);
}
function faultText({ code: name, what, given = '', remedy = '' }) {
    const parts = [what, given, remedy].filter((part) => part !== '').map((part) => phrase(sentence(plain(part, 600))));
    return (0,markdown/* markdown */.wD)(`${parts.join(' ')} ${(0,markdown/* code */.aY)(name)}`);
}
function sentence(part) {
    return `${part.slice(0, 1).toUpperCase()}${part.slice(1)}.`;
}
function commandText({ command, directory }) {
    if (command === undefined)
        return '';
    const where = directory === undefined || directory === '.' ? '' : ` in ${(0,markdown/* code */.aY)(plain(directory, 200))}`;
    return `${(0,markdown/* code */.aY)(plain(command, 300))}${where}`;
}
function problemText(problem, limit, subject) {
    return (0,markdown/* markdown */.wD)(`${placeLink(problem, subject)} ${(0,markdown/* text */.Qq)(plain(problem.message, limit))}`);
}
function placeLink(problem, { repositoryPage, sha }) {
    const place = (0,markdown/* code */.aY)(plain(placeOf(problem), 300));
    const isLinkable = !/^[/\\]|(^|[/\\])\.\.?([/\\]|$)|[\u0000-\u001f]/.test(problem.file) && problem.file !== '';
    if (repositoryPage === undefined || sha === '' || !isLinkable || problem.file.length > 500)
        return place;
    const path = problem.file.split('/').map(escapedSegment).join('/');
    const anchor = problem.line === undefined ? '' : `#L${problem.line}`;
    return (0,markdown/* markdown */.wD)(`[${place}](${repositoryPage}/blob/${sha}/${path}${anchor})`);
}
function escapedSegment(segment) {
    const wellFormed = Buffer.from(segment, 'utf8').toString('utf8');
    return encodeURIComponent(wellFormed).replace(/[!'()*~_]/g, (character) => {
        return `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
    });
}
function tableOf(definition, subject) {
    const { lines, notChecked } = definition;
    const shared = (state) => ({
        state,
        lines: lines.filter((line) => line.state === state && !hasOwnRow(line)),
    });
    const own = lines.filter(hasOwnRow).map((line) => rowOf(line, definition, subject));
    const open = notChecked.map(({ subject: what, reason }) => {
        return [(0,markdown/* text */.Qq)(plain(what, 100)), (0,markdown/* markdown */.wD)(SIGNS['not-checked']), phrase(plain(reason, 300)), (0,markdown/* markdown */.wD)('')];
    });
    const groups = [shared('nothing-to-do'), shared('not-run'), shared('not-configured')]
        .filter((group) => group.lines.length > 0)
        .map((group) => sharedRow(group.state, group.lines, definition));
    return (0,markdown/* table */.tp)(HEADERS, [...own, ...open, ...groups]);
}
function hasOwnRow(line) {
    if (line.state === 'not-run')
        return line.failing !== undefined;
    return line.state !== 'not-configured' && !(line.state === 'nothing-to-do' && line.detail === '');
}
function rowOf(line, { missing }, subject) {
    const isOpen = missing.includes(line.name) && line.state === 'not-checked';
    const sign = isOpen ? '❌\u00a0not\u00a0checked' : SIGNS[line.state];
    const time = line.duration === undefined || line.state === 'not-run' ? '' : (0,kinds/* durationText */.S5)(line.duration);
    const name = (0,markdown/* text */.Qq)(plain(line.name, 100));
    const isRed = sign.startsWith('❌') || line.state === 'cancelled';
    return [(0,markdown/* markdown */.wD)(isRed ? `**${name}**` : name), (0,markdown/* markdown */.wD)(sign), detailOf(line, subject), (0,markdown/* text */.Qq)(time)];
}
function detailOf(line, subject) {
    const failing = line.failing ?? [];
    const [first] = failing;
    if (first === undefined || line.state === 'done') {
        return line.command === undefined ? phrase(plain(line.detail, 400)) : (0,markdown/* code */.aY)(plain(line.command, 200));
    }
    const folders = failing.flatMap(({ directory }) => (directory === undefined ? [] : [plain(directory, 80)]));
    const [problem] = first.problems;
    const isNamed = folders.length === 1 && problem?.file.startsWith(`${folders[0]}/`) === true;
    const where = folders.length === 0 || isNamed ? '' : `${joined(folders)}: `;
    const why = problem === undefined ? phrase(plain(first.reason, 160)) : problemText(problem, 160, subject);
    const count = line.command === undefined && line.detail !== '' ? ` (${(0,markdown/* text */.Qq)(plain(line.detail, 100))})` : '';
    return (0,markdown/* markdown */.wD)(`${(0,markdown/* text */.Qq)(where)}${why}${count}`);
}
function sharedRow(state, lines, { missing }) {
    const names = lines.map(({ name }) => (0,markdown/* text */.Qq)(plain(name, 100))).join(', ');
    const required = state === 'not-run' ? [] : lines.map(({ name }) => name).filter((name) => missing.includes(name));
    const [reason, ...others] = new Set(lines.map(({ detail }) => detail));
    const common = others.length === 0 ? (reason ?? '') : '';
    const detail = required.length > 0 ? (0,markdown/* text */.Qq)(`required: ${joined(required)}`) : phrase(plain(common, 300));
    const sign = required.length > 0 && state === 'not-configured' ? '❌\u00a0not\u00a0configured' : SIGNS[state];
    return [(0,markdown/* markdown */.wD)(names), (0,markdown/* markdown */.wD)(sign), detail, (0,markdown/* markdown */.wD)('')];
}
function phrase(value) {
    return (0,markdown/* markdown */.wD)(value
        .split(/(`[^`]+`)/)
        .map((part) => (/^`[^`]+`$/.test(part) ? (0,markdown/* code */.aY)(part.slice(1, -1)) : (0,markdown/* text */.Qq)(part)))
        .join(''));
}
function folded(line, failing, subject) {
    const { problems, reason } = failing;
    const where = failing.directory === undefined ? '' : ` in ${(0,markdown/* code */.aY)(plain(failing.directory, 200))}`;
    const title = (0,markdown/* markdown */.wD)(`${(0,markdown/* text */.Qq)(plain(line.name, 100))}${where}: ${phrase(plain(reason, 300))}`);
    const command = failing.command === undefined ? '' : (0,markdown/* codeBlock */.DV)(plain(failing.command, 2_000), 'sh');
    const found = problems.map((problem) => {
        const rule = problem.rule === undefined ? '' : ` ${(0,markdown/* code */.aY)(plain(problem.rule, 100))}`;
        return `- ${problemText(problem, 1_000, subject)}${rule}`;
    });
    const rest = problems.length === 0 ? 'No place could be read from what it printed; the log has all of it.' : found.join('\n');
    return (0,markdown/* details */.zH)(title, (0,markdown/* markdown */.wD)(`${command}\n${rest}`));
}
function decisionsOf({ decisions }) {
    if (decisions.length === 0)
        return (0,markdown/* markdown */.wD)('');
    const lines = decisions.map(({ subject, decision, reason }) => {
        const why = reason === '' ? '' : ` (${phrase(plain(reason, 300))})`;
        return `- ${(0,markdown/* text */.Qq)(plain(subject, 200))}: ${phrase(plain(decision, 300))}${why}`;
    });
    return (0,markdown/* details */.zH)((0,markdown/* markdown */.wD)('What the plan decided, and why'), (0,markdown/* markdown */.wD)(lines.join('\n')));
}
function footer({ workflow, sha, runNumber, attempt, page }, isShortened) {
    const run = `run ${runNumber}${attempt > 1 ? `, attempt ${attempt}` : ''}`;
    const parts = [
        (0,markdown/* text */.Qq)(plain(workflow, 100)),
        ...(sha === '' ? [] : [`commit ${(0,markdown/* code */.aY)(sha.slice(0, 7))}`]),
        page === undefined ? (0,markdown/* text */.Qq)(run) : (0,markdown/* link */.nf)(run, page),
        ...(isShortened ? ['shortened: the log and the run’s summary have the rest'] : []),
    ];
    return (0,markdown/* markdown */.wD)(`<sub>${parts.join(' · ')}</sub>`);
}

;// CONCATENATED MODULE: ./src/report/run.js









const SUMMARY_LIMIT = 900_000;
async function run(inputs, context) {
    const { service = '', environment = '', workflow, comment: mode, githubToken: token = '' } = inputs;
    const definition = definitionOfDone(inputs.needs, inputs.require ?? []);
    const folder = await folderOf(inputs.workingDirectory, context.workspace);
    const run = (0,github_run/* runIdentityOf */.Z)(context.environment);
    const event = await eventOfRun(context);
    const subject = subjectOf({ workflow, service, environment, folder }, run, event);
    context.summarize(rendered(definition, subject, SUMMARY_LIMIT));
    for (const line of logLines(definition))
        context.log.info(line);
    if (event.kind === 'pull_request' && mode !== 'never') {
        const key = { caller: run.workflow, workflow, folder, service, environment };
        const render = (limit) => (0,summary/* redactMarkdown */.R)(rendered(definition, subject, limit), context.secrets);
        const creates = mode === 'always' || !definition.isDone;
        const { commentOn } = await __webpack_require__.e(/* import() */ 175).then(__webpack_require__.bind(__webpack_require__, 6175));
        await commentOn({ event, run, creates, token, key, render }, context);
    }
    return { outputs: { done: definition.isDone, missing: definition.missing }, failure: failureOf(definition) };
}
async function folderOf(workingDirectory, workspace) {
    return ((0,external_node_path_.relative)(await (0,promises_.realpath)(workspace), workingDirectory)
        .split(external_node_path_.sep)
        .join('/') || '.');
}
async function eventOfRun({ environment, log }) {
    try {
        return await readEvent(environment);
    }
    catch (error) {
        if (!(error instanceof errors/* PipelineError */.zC))
            throw error;
        log.annotate('warning', error.message);
        return { kind: 'other', name: '' };
    }
}
function subjectOf({ workflow, service, environment, folder }, run, event) {
    const place = service === '' ? (folder === '.' ? '' : folder) : service;
    return {
        name: environment === '' ? place : `${place === '' ? '' : `${place} `}→ ${environment}`,
        workflow,
        sha: event.kind === 'pull_request' ? event.head.sha : run.sha,
        runNumber: run.number,
        attempt: run.attempt,
        repositoryPage: run.repositoryPage,
        page: run.page,
    };
}


/***/ })

};

