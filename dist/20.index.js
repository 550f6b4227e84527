export const id = 20;
export const ids = [20];
export const modules = {

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


/***/ }),

/***/ 6020:
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
;// CONCATENATED MODULE: ./src/setup/inputs.js


const inputs = {
    'working-directory': {
        kind: (0,kinds/* workspacePath */.X5)({ example: 'apps/api' }),
        description: 'Folder of the project. Version files and the lockfile are looked for in it, then in the folders above.',
        default: '.',
    },
    'node-version': {
        kind: (0,kinds/* string */.Yj)({ example: '24', limit: 256 }),
        description: 'Version, line, range or alias of Node (`24`, `>=22 <25`, `lts/*`, `latest`, `system`). Without it the first of these decides, in the nearest folder that has one: .nvmrc, .node-version, `devEngines.runtime` and `volta.node` of package.json; then `engines.node` and .tool-versions.',
    },
    'package-manager': {
        kind: (0,kinds/* string */.Yj)({ example: 'pnpm@10', limit: 512 }),
        description: 'Package manager, with or without a version: `npm` or `pnpm`. Without it `packageManager`, `devEngines.packageManager` or the lockfile decides.',
    },
    install: {
        kind: (0,collections/* either */.gP)([(0,kinds/* boolean */.zM)(), (0,collections/* list */.p_)(installArgument(), { example: '--ignore-scripts', max: 20 })], {
            example: '--ignore-scripts',
        }),
        description: 'Whether to install, by `npm ci` or `pnpm install --frozen-lockfile`; or further arguments for that, one a line.',
        default: 'true',
    },
    cache: {
        kind: (0,kinds/* boolean */.zM)(),
        description: 'Whether to keep the package store in the cache of GitHub Actions. An entry is a hint for speed, never evidence: npm checks every package in it against the lockfile, pnpm trusts its store. Say `false` in jobs that hold credentials.',
        default: 'true',
    },
    'npm-token': {
        kind: (0,kinds/* secret */.rJ)({ example: '${{ secrets.NPM_TOKEN }}' }),
        description: 'Token that reads private packages. It goes to one registry (`npm-registry`) and is gone before a script of the project or of a package runs; `.npmrc` needs no line for it.',
    },
    'npm-registry': {
        kind: (0,kinds/* string */.Yj)({ example: 'https://npm.example.com/', limit: 512 }),
        description: 'The registry that `npm-token` is for. Default: the one that npm is set up for outside the project.',
    },
    'node-mirror': {
        kind: (0,kinds/* string */.Yj)({
            accepted: 'an http or https address',
            example: 'https://nodejs.org/dist',
            pattern: /^https?:\/\/[^\s?#@]+$/,
            limit: 512,
        }),
        description: 'Site that Node is downloaded from. Whatever it is, the checksums need a signature by a release key of Node.',
        default: 'https://nodejs.org/dist',
    },
};
const outputs = {
    'node-version': { kind: 'string', description: 'Version of Node that the next steps use, without `v`.' },
    'package-manager': { kind: 'string', description: 'Package manager with its version, such as `pnpm@10.34.9`.' },
    'cache-hit': { kind: 'boolean', description: 'Whether the cache had an entry of this very lockfile.' },
};
function installArgument() {
    const kept = 'frozen-lockfile|lockfile|lockfile-only|lockfile-dir|fix-lockfile|package-lock|package-lock-only|prefer-frozen-lockfile|userconfig|globalconfig|registry|prefix|dir|global|location|cache|store-dir|config';
    return (0,kinds/* string */.Yj)({
        accepted: 'a long option with its value behind `=`, other than those of lockfile, registry, folder and configuration',
        example: '--ignore-scripts',
        pattern: new RegExp(`^--(?!(?:no-)?(?:${kept})(?:[=.]|$))[a-z][a-z0-9-]*(?:=\\S+)?$`),
        limit: 256,
    });
}

;// CONCATENATED MODULE: ./src/setup/action.js


const action_action = (0,action/* defineAction */.Q)({
    name: 'setup',
    description: 'Provides the Node and the package manager that the project asks for, installs its dependencies from the lockfile, and caches the package store.',
    inputs: inputs,
    outputs: outputs,
    run: async (given, context) => (await __webpack_require__.e(/* import() */ 848).then(__webpack_require__.bind(__webpack_require__, 8848))).run(given, context),
    post: async (_given, context) => (await __webpack_require__.e(/* import() */ 848).then(__webpack_require__.bind(__webpack_require__, 8848))).post(context),
});


/***/ })

};

