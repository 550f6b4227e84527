export const id = 229;
export const ids = [229];
export const modules = {

/***/ 8229:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

// ESM COMPAT FLAG
__webpack_require__.r(__webpack_exports__);

// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  run: () => (/* binding */ run)
});

// EXTERNAL MODULE: ./src/report/promise.js
var promise = __webpack_require__(6186);
// EXTERNAL MODULE: ./src/runtime/errors.js
var errors = __webpack_require__(5732);
;// CONCATENATED MODULE: ./src/plan/output.js
const LARGEST_OUTPUT = 120_000;
const SHARES = { packages: 25_000, decisions: 20_000, notChecked: 8_000, found: 1_500 };
function planOutput(plan) {
    const complete = { ...plan, leftOut: { packages: 0, tasks: 0, decisions: 0, notChecked: 0, found: 0 } };
    if (size(complete) <= LARGEST_OUTPUT)
        return complete;
    const found = cutFound(plan.found);
    const packages = fitting(plan.packages, SHARES.packages);
    const decisions = fitting(plan.decisions, SHARES.decisions);
    const notChecked = fitting(plan.notChecked, SHARES.notChecked);
    const rest = { ...plan, found, packages, decisions, notChecked, tasks: [] };
    const tasks = fitting(plan.tasks, LARGEST_OUTPUT - size(rest) - 200);
    const leftOut = {
        packages: plan.packages.length - packages.length,
        tasks: plan.tasks.length - tasks.length,
        decisions: plan.decisions.length - decisions.length,
        notChecked: plan.notChecked.length - notChecked.length,
        found: entries(plan.found) - entries(found),
    };
    return { ...rest, tasks, leftOut };
}
function size(value) {
    return Buffer.byteLength(JSON.stringify(value));
}
function fitting(list, budget) {
    let left = budget;
    const end = list.findIndex((entry) => {
        left -= size(entry) + 1;
        return left < 0;
    });
    return end === -1 ? list : list.slice(0, end);
}
function cutFound(found) {
    const cut = (list) => fitting(list, SHARES.found);
    return {
        dockerfiles: cut(found.dockerfiles),
        composeFiles: cut(found.composeFiles),
        prismaSchemas: cut(found.prismaSchemas),
        firebase: cut(found.firebase),
        vercel: cut(found.vercel),
        playwright: cut(found.playwright),
        python: cut(found.python),
        other: found.other.map(({ language, files }) => ({ language, files: cut(files) })),
    };
}
function entries(found) {
    const { other, ...lists } = found;
    return [...Object.values(lists), ...other.map(({ files }) => files)].reduce((sum, list) => sum + list.length, 0);
}
function affectedPackages({ packages, root, workingDirectory }) {
    const checked = packages.filter((candidate) => candidate.checked).map(({ directory }) => directory);
    const members = checked.filter((directory) => directory !== root);
    if (members.length > 0)
        return members;
    return checked.length > 0 ? checked : packages.length > 0 ? [workingDirectory] : [];
}

// EXTERNAL MODULE: ./src/plan/plan.js + 32 modules
var plan_plan = __webpack_require__(5781);
// EXTERNAL MODULE: ./src/runtime/markdown.js
var markdown = __webpack_require__(122);
// EXTERNAL MODULE: ./src/plan/decisions.js
var plan_decisions = __webpack_require__(289);
// EXTERNAL MODULE: ./src/plan/paths.js
var paths = __webpack_require__(4086);
;// CONCATENATED MODULE: ./src/plan/summary.js



const MOST_LINES = 1_000;
function planLog({ decisions, notChecked }) {
    const lines = [
        ...decisions.map(plan_decisions/* decisionLine */.ZS),
        ...notChecked.map(({ subject, reason }) => `not checked: ${subject} (${reason})`),
    ];
    if (lines.length <= MOST_LINES)
        return lines;
    return [...lines.slice(0, MOST_LINES), `… and ${lines.length - MOST_LINES} more`];
}
function planSummary(plan) {
    const decisions = plan.decisions.slice(0, MOST_LINES).map(({ subject, decision, reason }) => {
        const because = reason === '' ? '' : ` (${withCommands(reason)})`;
        return (0,markdown/* markdown */.wD)(`- ${(0,markdown/* text */.Qq)(subject)}: ${withCommands(decision)}${because}`);
    });
    const left = plan.notChecked.slice(0, MOST_LINES).map(({ subject, reason }) => {
        return (0,markdown/* markdown */.wD)(`- not checked: ${withCommands(subject)} (${withCommands(reason)})`);
    });
    const count = plan.tasks.length === 1 ? '1 task' : `${plan.tasks.length} tasks`;
    return (0,markdown/* paragraphs */.qN)([
        (0,markdown/* markdown */.wD)('### Plan'),
        (0,markdown/* markdown */.wD)([...decisions, ...left].join('\n')),
        plan.tasks.length === 0 ? (0,markdown/* markdown */.wD)('') : (0,markdown/* details */.zH)((0,markdown/* text */.Qq)(count), taskTable(plan)),
    ]);
}
function taskTable({ tasks }) {
    const rows = tasks.slice(0, MOST_LINES).map(({ id, display, source, needs }) => {
        return [(0,markdown/* code */.aY)(id), (0,markdown/* code */.aY)(display), (0,markdown/* text */.Qq)(source), (0,markdown/* text */.Qq)(needs.length === 0 ? '' : (0,paths/* namedList */.wO)(needs))];
    });
    return (0,markdown/* table */.tp)([(0,markdown/* markdown */.wD)('Task'), (0,markdown/* markdown */.wD)('Command'), (0,markdown/* markdown */.wD)('From'), (0,markdown/* markdown */.wD)('Waits for')], rows);
}
function withCommands(value) {
    const parts = value.split('`');
    if (parts.length % 2 === 0)
        return (0,markdown/* text */.Qq)(value);
    return (0,markdown/* markdown */.wD)(parts.map((part, index) => (part === '' ? '' : index % 2 === 1 ? (0,markdown/* code */.aY)(part) : (0,markdown/* text */.Qq)(part))).join(''));
}

// EXTERNAL MODULE: ./src/plan/workflow-inputs.js
var workflow_inputs = __webpack_require__(5199);
;// CONCATENATED MODULE: ./src/plan/run.js






async function run({ workingDirectory, changedSince, workflowInputs }, { workspace, environment, signal, log, summarize }) {
    if (changedSince !== undefined)
        throw notAvailable(changedSince);
    if (workflowInputs !== undefined)
        (0,workflow_inputs/* checkWorkflowInputs */.D)(workflowInputs);
    const plan = await (0,plan_plan/* planRepository */._)({ workspace, workingDirectory, environment, signal });
    for (const line of planLog(plan))
        log.info(line);
    summarize(planSummary(plan));
    return { outputs: { plan: planOutput(plan), affected: affectedPackages(plan), promised: (0,promise/* promisedBy */.l)(plan) } };
}
function notAvailable(given) {
    return new errors/* ConfigurationError */.j1({
        code: 'PIPE-PLAN-001',
        what: 'the input `changed-since` is not available yet',
        given: (0,errors/* shown */.SP)(given),
        accepted: 'nothing: without it every package counts as affected',
        remedy: 'leave it out',
        state: 'nothing was planned',
    });
}


/***/ }),

/***/ 7007:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   JM: () => (/* binding */ listUpTo),
/* harmony export */   OA: () => (/* binding */ fields),
/* harmony export */   SB: () => (/* binding */ NotAsAgreed),
/* harmony export */   Vh: () => (/* binding */ readJson),
/* harmony export */   fB: () => (/* binding */ mapUpTo),
/* harmony export */   lq: () => (/* binding */ optional),
/* harmony export */   ob: () => (/* binding */ numberUpTo),
/* harmony export */   qx: () => (/* binding */ textUpTo),
/* harmony export */   yL: () => (/* binding */ oneOf)
/* harmony export */ });
/* harmony import */ var _runtime_errors_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(5732);
/* harmony import */ var _runtime_yaml_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(5860);


class NotAsAgreed extends Error {
}
function textUpTo(limit) {
    return (value, at) => {
        if (typeof value === 'string' && value.length <= limit)
            return value;
        throw new NotAsAgreed(`${at} is ${(0,_runtime_errors_js__WEBPACK_IMPORTED_MODULE_0__/* .shown */ .SP)(value, 40)} instead of a text of at most ${limit} characters`);
    };
}
function numberUpTo(max) {
    return (value, at) => {
        if (typeof value === 'number' && value >= 0 && value <= max)
            return value;
        throw new NotAsAgreed(`${at} is ${(0,_runtime_errors_js__WEBPACK_IMPORTED_MODULE_0__/* .shown */ .SP)(value, 40)} instead of a number from 0 to ${max}`);
    };
}
function oneOf(values) {
    return (value, at) => {
        const found = values.find((known) => known === value);
        if (found !== undefined)
            return found;
        throw new NotAsAgreed(`${at} is ${(0,_runtime_errors_js__WEBPACK_IMPORTED_MODULE_0__/* .shown */ .SP)(value, 40)} instead of one of ${values.join(', ')}`);
    };
}
function listUpTo(max, item) {
    return (value, at) => {
        if (Array.isArray(value) && value.length <= max)
            return value.map((entry, index) => item(entry, `${at}[${index}]`));
        const given = Array.isArray(value) ? `a list of ${value.length}` : (0,_runtime_errors_js__WEBPACK_IMPORTED_MODULE_0__/* .shown */ .SP)(value, 40);
        throw new NotAsAgreed(`${at} is ${given} instead of a list of at most ${max}`);
    };
}
function mapUpTo(max, name, item) {
    return (value, at) => {
        const entries = (0,_runtime_yaml_js__WEBPACK_IMPORTED_MODULE_1__/* .isMap */ .j)(value) ? Object.entries(value) : undefined;
        if (entries === undefined || entries.length > max) {
            const given = entries === undefined ? (0,_runtime_errors_js__WEBPACK_IMPORTED_MODULE_0__/* .shown */ .SP)(value, 40) : `a map of ${entries.length}`;
            throw new NotAsAgreed(`${at} is ${given} instead of a map of at most ${max}`);
        }
        return new Map(entries.map(([key, entry]) => {
            if (!name.test(key))
                throw new NotAsAgreed(`${at} has the name ${(0,_runtime_errors_js__WEBPACK_IMPORTED_MODULE_0__/* .shown */ .SP)(key, 40)}`);
            return [key, item(entry, `${at}.${key}`)];
        }));
    };
}
function fields(readers) {
    return (value, at) => {
        if (!(0,_runtime_yaml_js__WEBPACK_IMPORTED_MODULE_1__/* .isMap */ .j)(value))
            throw new NotAsAgreed(`${at} is ${(0,_runtime_errors_js__WEBPACK_IMPORTED_MODULE_0__/* .shown */ .SP)(value, 40)} instead of a map`);
        const read = Object.entries(readers).map(([key, reader]) => {
            return [key, reader(Object.hasOwn(value, key) ? value[key] : undefined, `${at}.${key}`)];
        });
        return Object.fromEntries(read);
    };
}
function optional(reader, fallback) {
    return (value, at) => (value === undefined || value === null ? fallback : reader(value, at));
}
function readJson(text, at, reader) {
    let value;
    try {
        value = JSON.parse(text);
    }
    catch {
        throw new NotAsAgreed(`${at} is ${(0,_runtime_errors_js__WEBPACK_IMPORTED_MODULE_0__/* .shown */ .SP)(text, 40)} instead of JSON`);
    }
    return reader(value, at);
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


/***/ })

};

