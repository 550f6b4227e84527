export const id = 694;
export const ids = [694];
export const modules = {

/***/ 6694:
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
// EXTERNAL MODULE: ./src/runtime/errors.js
var errors = __webpack_require__(5732);
// EXTERNAL MODULE: ./src/report/foreign.js
var foreign = __webpack_require__(7007);
;// CONCATENATED MODULE: ./src/report/needs.js



const JOB_NAME = /^[A-Za-z_][A-Za-z0-9_-]{0,99}$/;
const ACCEPTED = 'the `needs` context as JSON, with at least one job';
const EXAMPLE = '${{ toJSON(needs) }}';
const readOutputs = (0,foreign/* mapUpTo */.fB)(200, /^[A-Za-z_][A-Za-z0-9_-]{0,99}$/, (0,foreign/* textUpTo */.qx)(131_072));
const readJobs = (0,foreign/* mapUpTo */.fB)(200, JOB_NAME, (0,foreign/* fields */.OA)({
    result: (0,foreign/* oneOf */.yL)(['success', 'failure', 'cancelled', 'skipped']),
    outputs: (0,foreign/* optional */.lq)(readOutputs, new Map()),
}));
function needsKind() {
    const refuse = (given) => new kinds/* Refused */.Lw([{ at: '', given, accepted: ACCEPTED, example: EXAMPLE }]);
    const fromText = (text) => {
        try {
            const jobs = (0,foreign/* readJson */.Vh)(text, 'needs', readJobs);
            if (jobs.size === 0)
                throw new foreign/* NotAsAgreed */.SB('needs holds no job: `needs:` of this job is empty');
            return new Map([...jobs].map(([name, job]) => [name, { name, ...job }]));
        }
        catch (error) {
            if (error instanceof foreign/* NotAsAgreed */.SB)
                throw refuse(error.message);
            throw error;
        }
    };
    return {
        accepted: ACCEPTED,
        example: EXAMPLE,
        secret: false,
        fromText,
        fromYaml: (value) => {
            if (typeof value === 'string')
                return fromText(value);
            throw refuse((0,errors/* shown */.SP)(value));
        },
    };
}

;// CONCATENATED MODULE: ./src/report/inputs.js



const COMMENT_MODES = ['always', 'failure', 'never'];
const inputs = {
    needs: {
        kind: needsKind(),
        description: 'The jobs that this one needs, as `toJSON(needs)` gives them; 64 KiB at most.',
        required: true,
    },
    require: {
        kind: (0,collections/* list */.p_)((0,kinds/* string */.Yj)({ example: 'test', limit: 100 }), { example: 'test\ndeployment', max: 100 }),
        description: 'Lines that have to have a result beside those that the plan promises, such as `test`, `image`, `deployment`.',
    },
    comment: {
        kind: (0,kinds/* enumeration */.eG)(COMMENT_MODES),
        description: 'Whether to comment on the pull request: `always`; on `failure` only, then kept up to date; or `never`.',
        default: 'always',
    },
    workflow: {
        kind: (0,kinds/* string */.Yj)({ example: 'node-service', limit: 255 }),
        description: 'Name of the pipeline workflow that reports; each has a comment of its own.',
        default: 'pipeline',
    },
    'working-directory': {
        kind: (0,kinds/* workspacePath */.X5)({ example: 'apps/api' }),
        description: 'Folder of the project, from the root of the repository; each has a comment of its own.',
        default: '.',
    },
    service: {
        kind: (0,kinds/* string */.Yj)({ example: 'api', limit: 255 }),
        description: 'Name of the service; each has a comment of its own.',
    },
    environment: {
        kind: (0,kinds/* string */.Yj)({ example: 'staging', limit: 255 }),
        description: 'Name of the environment that is deployed to; each has a comment of its own.',
    },
    'github-token': {
        kind: (0,kinds/* secret */.rJ)({ example: '${{ github.token }}' }),
        description: 'Token with `pull-requests: write` for the comment.',
        expression: '${{ github.token }}',
    },
};
const outputs = {
    done: { kind: 'boolean', description: 'Whether everything required has a good result.' },
    missing: { kind: 'json', description: 'Names of the required lines that have no result, as a JSON list.' },
};

;// CONCATENATED MODULE: ./src/report/action.js


const action_action = (0,action/* defineAction */.Q)({
    name: 'report',
    description: 'The Definition of Done: one table in the summary and one comment on the pull request.',
    inputs: inputs,
    outputs: outputs,
    run: async (given, context) => (await __webpack_require__.e(/* import() */ 917).then(__webpack_require__.bind(__webpack_require__, 1917))).run(given, context),
});


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

