export const id = 392;
export const ids = [392];
export const modules = {

/***/ 3392:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

// ESM COMPAT FLAG
__webpack_require__.r(__webpack_exports__);

// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  action: () => (/* binding */ action_action)
});

// EXTERNAL MODULE: ./src/runtime/action.js
var action = __webpack_require__(8717);
// EXTERNAL MODULE: ./src/runtime/collections.js
var collections = __webpack_require__(38);
// EXTERNAL MODULE: ./src/runtime/kinds.js
var kinds = __webpack_require__(9832);
// EXTERNAL MODULE: ./src/gate/tasks.js
var tasks = __webpack_require__(8104);
;// CONCATENATED MODULE: ./src/gate/inputs.js



const inputs = {
    'working-directory': {
        kind: (0,kinds/* workspacePath */.X5)({ example: 'apps/api' }),
        description: 'Folder of the project, from the root of the repository.',
        default: '.',
    },
    tasks: {
        kind: tasks/* tasksKind */.Jf,
        description: 'Adds, replaces, orders or switches off tasks of the plan.',
    },
    env: {
        kind: (0,collections/* record */.g1)((0,kinds/* string */.Yj)({ example: 'test', limit: 8_192 }), {
            example: 'TZ: UTC\nDATABASE_URL: postgres://test@127.0.0.1:5432/test',
            names: /^(?!ACTIONS_|INPUT_|GITHUB_|RUNNER_|STATE_)[A-Za-z_][A-Za-z0-9_]{0,127}$/,
            accepted: 'a YAML map from variable to value; names of the runner (GITHUB_, ACTIONS_…) are not accepted',
        }),
        description: "Variables for the project's commands. No secrets: every command of the project sees them.",
    },
    compose: {
        kind: (0,kinds/* workspacePath */.X5)({ example: 'compose.test.yaml' }),
        description: 'Compose file whose services are healthy before the first task and gone after the last.',
    },
    concurrency: {
        kind: (0,kinds/* integer */.nd)({ min: 1, max: 64, example: 4 }),
        description: 'How many tasks run beside each other; the number of cores, and at least 4, when left out.',
    },
    timeout: {
        kind: (0,kinds/* duration */.p0)({ min: 1_000, max: 21_600_000, example: '10m' }),
        description: 'Longest time for one task; then it is ended with everything it started.',
        default: '30m',
    },
    'fail-fast': {
        kind: (0,kinds/* boolean */.zM)(),
        description: 'Whether the first red task ends the others.',
        default: 'false',
    },
};
const outputs = {
    passed: { kind: 'boolean', description: 'Whether every task passed.' },
    results: {
        kind: 'json',
        description: 'Every task with its command, result, time and first problems, 32 KiB at most.',
    },
};

;// CONCATENATED MODULE: ./src/gate/action.js


const action_action = (0,action/* defineAction */.Q)({
    name: 'gate',
    description: "Runs a project's own format, lint, typecheck, test and build beside each other and says what is red.",
    branding: { icon: 'check-circle', color: 'green' },
    inputs: inputs,
    outputs: outputs,
    run: async (given, context) => (await Promise.all(/* import() */[__webpack_require__.e(781), __webpack_require__.e(131)]).then(__webpack_require__.bind(__webpack_require__, 4131))).run(given, context),
    post: async (_given, context) => (await Promise.all(/* import() */[__webpack_require__.e(781), __webpack_require__.e(131)]).then(__webpack_require__.bind(__webpack_require__, 4131))).post(context),
});


/***/ }),

/***/ 5790:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   D: () => (/* binding */ parseCommandLine),
/* harmony export */   k: () => (/* binding */ displayCommand)
/* harmony export */ });
const PIECE = /(?<space>[^\S\n\r]+)|'(?<single>[^']*)'|"(?<double>(?:[^"\\$`]|\\.)*)"|\\(?<escaped>.)|(?<plain>[^\s'"\\|&;<>()$`]+)/sy;
function parseCommandLine(line) {
    const words = [];
    let word;
    for (let index = 0; index < line.length; index = PIECE.lastIndex) {
        PIECE.lastIndex = index;
        const piece = PIECE.exec(line)?.groups;
        if (piece === undefined)
            return { problem: problemAt(line, index) };
        const { space, single, double, escaped, plain } = piece;
        if (space === undefined)
            word = (word ?? '') + (single ?? double?.replace(/\\(.)/gs, '$1') ?? escaped ?? plain ?? '');
        else if (word !== undefined) {
            words.push(word);
            word = undefined;
        }
    }
    if (word !== undefined)
        words.push(word);
    const [program, ...args] = words;
    if (program === undefined || program === '')
        return { problem: 'it is empty' };
    if (/^[A-Za-z_]\w*=/.test(program))
        return { problem: 'it starts with a variable; variables go into `env`' };
    return { argv: [program, ...args] };
}
function problemAt(line, index) {
    const character = line.charAt(index);
    if (character === "'")
        return "a quote (') is not closed";
    if (character === '\\')
        return 'it ends with a backslash';
    if (character !== '"')
        return needsShell(character);
    const expansion = /^"(?:[^"\\$`]|\\.)*([$`])/s.exec(line.slice(index))?.[1];
    return expansion === undefined ? 'a quote (") is not closed' : needsShell(expansion);
}
function needsShell(character) {
    const name = character === '\n' || character === '\r' ? 'a line break' : `\`${character}\``;
    return `${name} needs a shell; put the line into a script of package.json and name that`;
}
function displayCommand(argv) {
    return argv.map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`)).join(' ');
}


/***/ }),

/***/ 8104:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   Jf: () => (/* binding */ tasksKind),
/* harmony export */   dw: () => (/* binding */ switchedOff),
/* harmony export */   nR: () => (/* binding */ selectTasks)
/* harmony export */ });
/* harmony import */ var node_path__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(6760);
/* harmony import */ var _runtime_collections_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(38);
/* harmony import */ var _runtime_errors_js__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(5732);
/* harmony import */ var _runtime_kinds_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(9832);
/* harmony import */ var _command_line_js__WEBPACK_IMPORTED_MODULE_4__ = __webpack_require__(5790);





const COMMAND = 'a command line without shell syntax';
const taskKind = (0,_runtime_collections_js__WEBPACK_IMPORTED_MODULE_1__/* .either */ .gP)([
    (0,_runtime_kinds_js__WEBPACK_IMPORTED_MODULE_2__/* .enumeration */ .eG)(['off', 'false']),
    (0,_runtime_kinds_js__WEBPACK_IMPORTED_MODULE_2__/* .string */ .Yj)({ example: 'npm run lint', accepted: COMMAND, limit: 4_096 }),
    (0,_runtime_collections_js__WEBPACK_IMPORTED_MODULE_1__/* .shape */ .cW)({
        run: (0,_runtime_kinds_js__WEBPACK_IMPORTED_MODULE_2__/* .string */ .Yj)({ example: 'npm run e2e', accepted: COMMAND, limit: 4_096 }),
        needs: (0,_runtime_collections_js__WEBPACK_IMPORTED_MODULE_1__/* .list */ .p_)((0,_runtime_kinds_js__WEBPACK_IMPORTED_MODULE_2__/* .string */ .Yj)({ example: 'build' }), { example: '[build]', max: 100 }),
        timeout: (0,_runtime_kinds_js__WEBPACK_IMPORTED_MODULE_2__/* .duration */ .p0)({ min: 1_000, max: 21_600_000, example: '10m' }),
        directory: (0,_runtime_kinds_js__WEBPACK_IMPORTED_MODULE_2__/* .workspacePath */ .X5)({ example: 'apps/web' }),
    }, { example: '{run: npm run e2e, needs: [build], timeout: 10m}' }),
], { example: 'npm run lint' });
const tasksKind = (0,_runtime_collections_js__WEBPACK_IMPORTED_MODULE_1__/* .record */ .g1)(taskKind, {
    example: 'lint: off\ntest: npm run test:ci\ne2e: {run: npm run e2e, needs: [build]}',
    accepted: 'a YAML map from task to `off`, to a command line, or to a map of `run`, `needs`, `timeout`, `directory`',
    names: /^[A-Za-z0-9@._/-]{1,200}(:[A-Za-z0-9._-]{1,60})?$/,
    max: 200,
});
function selectTasks(planned, wishes, options) {
    const faults = [];
    let tasks = planned.map((task) => ({ ...task, timeout: options.timeout }));
    for (const [key, wish] of wishes ?? []) {
        const matches = tasks.filter((task) => task.id === key || task.kind === key);
        tasks = apply(tasks, matches, key, wish, options, faults);
    }
    if (faults.length > 0)
        throw new _runtime_errors_js__WEBPACK_IMPORTED_MODULE_3__/* .ConfigurationError */ .j1(faults);
    return tasks;
}
function switchedOff(planned, tasks) {
    const left = new Set(tasks.flatMap(({ id, kind }) => [id, kind]));
    const replaced = new Set(tasks.filter(({ id, kind }) => id === kind).map(({ kind }) => kind));
    return planned.filter(({ id, kind }) => !left.has(id) && !replaced.has(kind)).map(({ id }) => id);
}
function apply(tasks, matches, key, wish, options, faults) {
    const isOff = wish === 'off' || wish === 'false';
    const { run, ...change } = typeof wish === 'string' ? (isOff ? {} : { run: wish }) : wish;
    if (run === undefined) {
        if (matches.length === 0)
            faults.push(unknownTask(key, tasks));
        if (isOff)
            return matches.reduce(without, tasks);
        return tasks.map((task) => (matches.includes(task) ? changed(task, change, options) : task));
    }
    const parsed = (0,_command_line_js__WEBPACK_IMPORTED_MODULE_4__/* .parseCommandLine */ .D)(run);
    if ('problem' in parsed) {
        faults.push(badCommand(key, run, parsed.problem));
        return tasks;
    }
    return withCommand(tasks, matches, key, parsed.argv, change, options);
}
function changed(task, { needs, timeout, directory }, options) {
    return {
        ...task,
        needs: needs ?? task.needs,
        timeout: timeout ?? task.timeout,
        ...(directory === undefined ? {} : { directory: fromRoot(directory, options) }),
    };
}
function withCommand(tasks, matches, key, command, change, options) {
    const directory = fromRoot(options.workingDirectory, options);
    const [first, ...others] = matches;
    if (first === undefined) {
        const added = { id: key, kind: key, package: '', directory, command, path: [], environment: {}, needs: [] };
        return [...tasks, changed({ ...added, path: binFolders(directory), timeout: options.timeout }, change, options)];
    }
    const ids = new Set(matches.map(({ id }) => id));
    const needs = [...new Set(matches.flatMap((task) => task.needs))].filter((id) => !ids.has(id));
    const place = others.length === 0 ? {} : { id: key, package: '', directory, path: binFolders(directory) };
    const own = { path: binFolders(first.directory), environment: {}, command, needs };
    const replacement = changed({ ...first, ...own, ...place }, change, options);
    const renamed = matches.reduce((all, task) => rename(all, task.id, replacement.id), tasks);
    return renamed.map((task) => (task.id === replacement.id ? replacement : task)).filter(firstOfItsName);
}
function binFolders(directory) {
    const names = directory === '.' ? [] : directory.split('/');
    const folders = names.map((_, index) => names.slice(0, names.length - index).join('/'));
    return [...folders.map((folder) => `${folder}/node_modules/.bin`), 'node_modules/.bin'];
}
function fromRoot(directory, { workspace }) {
    return (0,node_path__WEBPACK_IMPORTED_MODULE_0__.relative)(workspace, directory).split(node_path__WEBPACK_IMPORTED_MODULE_0__.sep).join('/') || '.';
}
function without(tasks, gone) {
    return tasks
        .filter((task) => task.id !== gone.id)
        .map((task) => task.needs.includes(gone.id)
        ? { ...task, needs: [...new Set(task.needs.flatMap((id) => (id === gone.id ? gone.needs : [id])))] }
        : task);
}
function rename(tasks, from, to) {
    return tasks.map((task) => ({
        ...task,
        id: task.id === from ? to : task.id,
        needs: [...new Set(task.needs.map((id) => (id === from ? to : id)))],
    }));
}
function firstOfItsName(task, index, tasks) {
    return tasks.findIndex(({ id }) => id === task.id) === index;
}
function unknownTask(key, tasks) {
    const known = [...new Set([...tasks.map(({ kind }) => kind), ...tasks.map(({ id }) => id)])];
    const meant = (0,_runtime_errors_js__WEBPACK_IMPORTED_MODULE_3__/* .nearest */ .pA)(key, known);
    return {
        code: 'PIPE-GATE-001',
        what: `\`tasks\` names a task that the plan does not have: ${(0,_runtime_errors_js__WEBPACK_IMPORTED_MODULE_3__/* .shown */ .SP)(key)}`,
        given: (0,_runtime_errors_js__WEBPACK_IMPORTED_MODULE_3__/* .shown */ .SP)(key),
        accepted: `${meant === undefined ? '' : `\`${meant}\` (nearest), or another of: `}${known.slice(0, 30).join(', ') || 'none, the plan is empty'}; a new task needs \`run\``,
        example: `\`tasks: {${/^[\w-]+$/.test(key) ? key : 'e2e'}: {run: npm run e2e}}\``,
        state: 'no task was run',
    };
}
function badCommand(key, run, problem) {
    return {
        code: 'PIPE-GATE-002',
        what: `the command of the task \`${key}\` can't be run without a shell: ${problem}`,
        given: (0,_runtime_errors_js__WEBPACK_IMPORTED_MODULE_3__/* .shown */ .SP)(run, 200),
        accepted: COMMAND,
        example: `\`tasks: {${/^[\w-]+$/.test(key) ? key : 'test'}: npm run test:ci}\``,
        state: 'no task was run',
    };
}


/***/ }),

/***/ 8717:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   Q: () => (/* binding */ defineAction)
/* harmony export */ });
function defineAction(action) {
    return action;
}


/***/ }),

/***/ 38:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   cW: () => (/* binding */ shape),
/* harmony export */   g1: () => (/* binding */ record),
/* harmony export */   gP: () => (/* binding */ either),
/* harmony export */   p_: () => (/* binding */ list)
/* harmony export */ });
/* harmony import */ var _errors_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(5732);
/* harmony import */ var _kinds_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(9832);
/* harmony import */ var _yaml_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(5860);



function list(item, options) {
    const max = options.max ?? 1_000;
    const accepted = `one item a line or a YAML sequence, at most ${max}, each ${item.accepted}`;
    const fromYaml = async (value, at, context) => {
        const items = Array.isArray(value) ? value : typeof value === 'string' ? linesOf(value) : [value];
        if ((0,_yaml_js__WEBPACK_IMPORTED_MODULE_0__/* .isMap */ .j)(value) || items.length > max) {
            const what = items.length > max ? `${items.length} items` : (0,_errors_js__WEBPACK_IMPORTED_MODULE_1__/* .shown */ .SP)(value);
            throw new _kinds_js__WEBPACK_IMPORTED_MODULE_2__/* .Refused */ .Lw([{ at, given: item.secret ? _kinds_js__WEBPACK_IMPORTED_MODULE_2__/* .NOT_SHOWN */ .a6 : what, accepted, example: options.example }]);
        }
        return collect(items.map((entry, index) => () => item.fromYaml(entry, `${at}[${index}]`, context)));
    };
    return {
        accepted,
        example: options.example,
        secret: item.secret,
        fromText: async (text, context) => {
            if (!/^\s*(\[|- )/.test(text))
                return fromYaml(linesOf(text), '', context);
            return fromYaml(await yamlOf(text, { accepted, example: options.example, secret: item.secret }), '', context);
        },
        fromYaml,
    };
}
function linesOf(text) {
    return text
        .split(/\r?\n/)
        .map((line) => line.trim())
        .filter((line) => line !== '');
}
async function yamlOf(text, kind) {
    const parsed = await (0,_yaml_js__WEBPACK_IMPORTED_MODULE_0__/* .parseYaml */ .h)(text);
    if ('value' in parsed)
        return parsed.value;
    const given = kind.secret ? `${_kinds_js__WEBPACK_IMPORTED_MODULE_2__/* .NOT_SHOWN */ .a6}; ${parsed.place}` : `${(0,_errors_js__WEBPACK_IMPORTED_MODULE_1__/* .shown */ .SP)(text)}; ${parsed.problem}`;
    throw new _kinds_js__WEBPACK_IMPORTED_MODULE_2__/* .Refused */ .Lw([{ at: '', given, accepted: kind.accepted, example: kind.example }]);
}
function record(item, options) {
    const { names = /^[^\u0000-\u001f]{1,256}$/, max = 500, example } = options;
    const accepted = options.accepted ?? `a YAML map from names to ${item.accepted}`;
    return map(accepted, example, item.secret, async (value, at, context) => {
        const entries = Object.entries(value);
        if (entries.length > max) {
            throw new _kinds_js__WEBPACK_IMPORTED_MODULE_2__/* .Refused */ .Lw([{ at, given: `${entries.length} entries`, accepted: `at most ${max}`, example }]);
        }
        const readers = entries.map(([name, leaf], index) => async () => {
            const place = placeOf(at, name, item.secret ? index : undefined);
            if (names.test(name))
                return [name, await item.fromYaml(leaf, place, context)];
            const given = item.secret ? _kinds_js__WEBPACK_IMPORTED_MODULE_2__/* .NOT_SHOWN */ .a6 : (0,_errors_js__WEBPACK_IMPORTED_MODULE_1__/* .shown */ .SP)(name);
            throw new _kinds_js__WEBPACK_IMPORTED_MODULE_2__/* .Refused */ .Lw([{ at: place, given, accepted: `names like ${names.source}`, example }]);
        });
        return new Map(await collect(readers));
    });
}
function shape(keys, options) {
    const known = Object.keys(keys);
    const { example, accepted = `a YAML map with the keys ${known.join(', ')}` } = options;
    const isSecret = Object.values(keys).some((kind) => kind.secret);
    const unknown = (name, at) => {
        const meant = (0,_errors_js__WEBPACK_IMPORTED_MODULE_1__/* .nearest */ .pA)(name, known);
        const hint = meant === undefined ? accepted : `\`${meant}\` (nearest), or another of: ${known.join(', ')}`;
        const given = isSecret ? `an unknown key; ${_kinds_js__WEBPACK_IMPORTED_MODULE_2__/* .NOT_SHOWN */ .a6}` : `the unknown key ${(0,_errors_js__WEBPACK_IMPORTED_MODULE_1__/* .shown */ .SP)(name)}`;
        return new _kinds_js__WEBPACK_IMPORTED_MODULE_2__/* .Refused */ .Lw([{ at, given, accepted: hint, example }]);
    };
    return map(accepted, example, isSecret, async (value, at, context) => {
        const readers = Object.entries(value).map(([name, leaf], index) => async () => {
            const kind = Object.hasOwn(keys, name) ? keys[name] : undefined;
            if (kind === undefined)
                throw unknown(name, placeOf(at, name, isSecret ? index : undefined));
            const read = async () => kind.fromYaml(leaf, placeOf(at, name), context);
            return [name, await (isSecret ? withoutValues(read) : read())];
        });
        return Object.fromEntries(await collect(readers));
    });
}
async function withoutValues(read) {
    try {
        return await read();
    }
    catch (error) {
        if (!(error instanceof _kinds_js__WEBPACK_IMPORTED_MODULE_2__/* .Refused */ .Lw))
            throw error;
        throw new _kinds_js__WEBPACK_IMPORTED_MODULE_2__/* .Refused */ .Lw(error.refusals.map((refusal) => ({ ...refusal, given: _kinds_js__WEBPACK_IMPORTED_MODULE_2__/* .NOT_SHOWN */ .a6 })));
    }
}
function placeOf(at, name, hiddenAs) {
    const shownName = hiddenAs === undefined ? (0,_errors_js__WEBPACK_IMPORTED_MODULE_1__/* .printable */ .g$)(name.slice(0, 64)) : `entry ${hiddenAs + 1}`;
    return at === '' ? shownName : `${at}.${shownName}`;
}
function map(accepted, example, isSecret, read) {
    const fromYaml = (value, at, context) => {
        if (!(0,_yaml_js__WEBPACK_IMPORTED_MODULE_0__/* .isMap */ .j)(value)) {
            const given = isSecret ? _kinds_js__WEBPACK_IMPORTED_MODULE_2__/* .NOT_SHOWN */ .a6 : (0,_errors_js__WEBPACK_IMPORTED_MODULE_1__/* .shown */ .SP)(value);
            throw new _kinds_js__WEBPACK_IMPORTED_MODULE_2__/* .Refused */ .Lw([{ at, given, accepted, example }]);
        }
        return read(value, at, context);
    };
    return {
        accepted,
        example,
        secret: isSecret,
        fromText: async (text, context) => {
            return fromYaml(await yamlOf(text, { accepted, example, secret: isSecret }), '', context);
        },
        fromYaml,
    };
}
function either(kinds, options) {
    const accepted = kinds.map((kind) => kind.accepted).join(', or ');
    const isSecret = kinds.some((kind) => kind.secret);
    const attempt = async (at, given, read) => {
        let nearestMiss;
        for (const kind of kinds) {
            try {
                return (await read(kind));
            }
            catch (error) {
                if (!(error instanceof _kinds_js__WEBPACK_IMPORTED_MODULE_2__/* .Refused */ .Lw))
                    throw error;
                if (error.refusals.some((refusal) => refusal.at !== at))
                    nearestMiss = error;
            }
        }
        if (nearestMiss !== undefined && !isSecret)
            throw nearestMiss;
        throw new _kinds_js__WEBPACK_IMPORTED_MODULE_2__/* .Refused */ .Lw([{ at, given: isSecret ? _kinds_js__WEBPACK_IMPORTED_MODULE_2__/* .NOT_SHOWN */ .a6 : (0,_errors_js__WEBPACK_IMPORTED_MODULE_1__/* .shown */ .SP)(given), accepted, example: options.example }]);
    };
    return {
        accepted,
        example: options.example,
        secret: isSecret,
        fromText: (text, context) => attempt('', text, (kind) => kind.fromText(text, context)),
        fromYaml: (value, at, context) => attempt(at, value, (kind) => kind.fromYaml(value, at, context)),
    };
}
async function collect(readers) {
    const values = [];
    const refusals = [];
    for (const read of readers) {
        try {
            values.push(await read());
        }
        catch (error) {
            if (!(error instanceof _kinds_js__WEBPACK_IMPORTED_MODULE_2__/* .Refused */ .Lw))
                throw error;
            refusals.push(...error.refusals);
        }
    }
    if (refusals.length > 0)
        throw new _kinds_js__WEBPACK_IMPORTED_MODULE_2__/* .Refused */ .Lw(refusals);
    return values;
}


/***/ })

};

