export const id = 781;
export const ids = [781];
export const modules = {

/***/ 289:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   Mw: () => (/* binding */ notCheckedOf),
/* harmony export */   ZS: () => (/* binding */ decisionLine),
/* harmony export */   bB: () => (/* binding */ decisionsOf),
/* harmony export */   d2: () => (/* binding */ plainDecision),
/* harmony export */   xY: () => (/* binding */ plainEntry)
/* harmony export */ });
/* harmony import */ var _paths_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(4086);
/* harmony import */ var _types_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(3679);


const SUBJECTS = _types_js__WEBPACK_IMPORTED_MODULE_0__/* .TASK_KINDS */ .E;
const LONGEST = 400;
function decisionsOf(drafts, remarks, waits, options) {
    const lines = [
        ...drafts.map(taskLine),
        ...remarks,
        ...waits.map(({ task, waitsFor, reason }) => {
            return { subject: task.kind, decision: `waits for ${waitsFor.kind}`, reason, directory: task.directory };
        }),
    ];
    const groups = new Map();
    for (const line of lines) {
        const key = JSON.stringify([line.subject, line.decision, line.reason]);
        const group = groups.get(key);
        if (group === undefined)
            groups.set(key, [line]);
        else
            group.push(line);
    }
    const rank = ([first]) => SUBJECTS.indexOf(first?.subject ?? '') + 1 || SUBJECTS.length + 1;
    return [...groups.values()]
        .sort((left, right) => rank(left) - rank(right))
        .flatMap((group) => {
        const [first] = group;
        if (first === undefined)
            return [];
        const folders = [...new Set(group.map(({ directory }) => directory))].sort();
        const isOwn = folders.length === 1 && folders[0] === options.focus;
        const place = options.isWorkspace && !isOwn ? ` in ${(0,_paths_js__WEBPACK_IMPORTED_MODULE_1__/* .namedList */ .wO)(folders)}` : '';
        return [{ subject: first.subject, decision: `${first.decision}${place}`, reason: first.reason }];
    });
}
function taskLine({ kind, display, reason, directory, coversWorkspace }) {
    const scope = coversWorkspace ? ' for the whole workspace' : '';
    return { subject: kind, decision: `\`${display}\`${scope}`, reason, directory };
}
function notCheckedOf(remarks) {
    const groups = new Map();
    for (const { notChecked, directory } of remarks) {
        if (notChecked === undefined)
            continue;
        const key = JSON.stringify([notChecked.subject, notChecked.reason]);
        const group = groups.get(key) ?? { notChecked, folders: [] };
        if (!group.folders.includes(directory))
            group.folders.push(directory);
        groups.set(key, group);
    }
    return [...groups.values()].map(({ notChecked, folders }) => {
        const isRootOnly = folders.length === 1 && folders[0] === '.';
        const place = isRootOnly ? '' : ` in ${(0,_paths_js__WEBPACK_IMPORTED_MODULE_1__/* .namedList */ .wO)(folders)}`;
        return { subject: `${notChecked.subject}${place}`, reason: notChecked.reason };
    });
}
function plainDecision({ subject, decision, reason }) {
    return { subject: plain(subject), decision: plain(decision), reason: plain(reason) };
}
function plainEntry({ subject, reason }) {
    return { subject: plain(subject), reason: plain(reason) };
}
function plain(text) {
    const cut = text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
    return cut.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, (character) => {
        return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
    });
}
function decisionLine({ subject, decision, reason }) {
    return reason === '' ? `${subject}: ${decision}` : `${subject}: ${decision} (${reason})`;
}


/***/ }),

/***/ 4086:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   Hy: () => (/* binding */ upwards),
/* harmony export */   KT: () => (/* binding */ named),
/* harmony export */   UO: () => (/* binding */ isWithin),
/* harmony export */   _z: () => (/* binding */ inFolder),
/* harmony export */   ky: () => (/* binding */ seenFrom),
/* harmony export */   wO: () => (/* binding */ namedList),
/* harmony export */   yS: () => (/* binding */ folderOf)
/* harmony export */ });
/* harmony import */ var node_path__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(6760);
/* harmony import */ var _runtime_errors_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(5732);


function inFolder(folder, name) {
    return node_path__WEBPACK_IMPORTED_MODULE_0__.posix.join(folder, name);
}
function folderOf(path) {
    return node_path__WEBPACK_IMPORTED_MODULE_0__.posix.dirname(path);
}
function upwards(folder) {
    const folders = [folder];
    for (let next = folder; next !== '.';) {
        next = folderOf(next);
        folders.push(next);
    }
    return folders;
}
function isWithin(folder, path) {
    return folder === '.' || path === folder || path.startsWith(`${folder}/`);
}
function seenFrom(folder, path) {
    return node_path__WEBPACK_IMPORTED_MODULE_0__.posix.relative(folder, path) || '.';
}
function named(name) {
    return /^[\w@./+,=~^-]{1,214}$/.test(name) ? name : (0,_runtime_errors_js__WEBPACK_IMPORTED_MODULE_1__/* .shown */ .SP)(name, 120);
}
function namedList(names, most = 5) {
    const first = names.slice(0, most).map(named).join(', ');
    return names.length > most ? `${first} and ${names.length - most} more` : first;
}


/***/ }),

/***/ 5781:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  _: () => (/* binding */ planRepository)
});

// UNUSED EXPORTS: TASK_KINDS

// EXTERNAL MODULE: external "node:fs/promises"
var promises_ = __webpack_require__(1455);
// EXTERNAL MODULE: external "node:path"
var external_node_path_ = __webpack_require__(6760);
// EXTERNAL MODULE: ./src/runtime/errors.js
var errors = __webpack_require__(5732);
// EXTERNAL MODULE: ./src/runtime/files.js
var files = __webpack_require__(6276);
;// CONCATENATED MODULE: ./src/plan/batches.js
const AT_ONCE = 64;
async function inBatches(items, work, atOnce = AT_ONCE) {
    const results = [];
    for (let start = 0; start < items.length; start += atOnce) {
        results.push(...(await Promise.all(items.slice(start, start + atOnce).map(work))));
    }
    return results;
}

;// CONCATENATED MODULE: ./src/plan/json.js
function parseJson(text) {
    try {
        return { value: JSON.parse(text) };
    }
    catch {
        return { fault: positionOf(text, faultOffset(text)) };
    }
}
function parseJsonWithComments(text) {
    return parseJson(withoutComments(text));
}
function withoutComments(text) {
    const blank = (part) => part.replace(/[^\n]/g, ' ');
    const plain = text.replace(/"[^"\\\n]*(?:\\.[^"\\\n]*)*"?|\/\/[^\n]*|\/\*[\s\S]*?(?:\*\/|$)/g, (part) => part.startsWith('"') ? part : blank(part));
    return plain.replace(/"[^"\\\n]*(?:\\.[^"\\\n]*)*"?|,(?=\s*[}\]])/g, (part) => (part === ',' ? ' ' : part));
}
const TOKEN = /[ \t\r\n]*(?:(?<mark>[{}[\]:,])|(?<text>"[^"\\\u0000-\u001f]*(?:\\(?:["\\/bfnrt]|u[\da-fA-F]{4})[^"\\\u0000-\u001f]*)*")|(?<plain>-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null))/y;
function faultOffset(text) {
    const open = [];
    let expected = 'value';
    let offset = 0;
    while (expected !== 'nothing') {
        TOKEN.lastIndex = offset;
        const token = TOKEN.exec(text)?.groups;
        const next = token === undefined ? undefined : after(expected, token, open);
        if (next === undefined)
            break;
        expected = next;
        offset = TOKEN.lastIndex;
    }
    return offset + (/^[ \t\r\n]*/.exec(text.slice(offset))?.[0].length ?? 0);
}
function after(expected, { mark, text }, open) {
    const isObject = open.at(-1) === '{';
    if (expected.endsWith('end') && mark === (isObject ? '}' : ']')) {
        open.pop();
        return valueEnded(open);
    }
    switch (expected) {
        case 'colon':
            return mark === ':' ? 'value' : undefined;
        case 'comma or end':
            return mark === ',' ? (isObject ? 'key' : 'value') : undefined;
        case 'key':
        case 'key or end':
            return text === undefined ? undefined : 'colon';
        default:
            return mark === undefined ? valueEnded(open) : opened(mark, open);
    }
}
function opened(mark, open) {
    if (mark !== '{' && mark !== '[')
        return undefined;
    open.push(mark);
    return mark === '{' ? 'key or end' : 'value or end';
}
function valueEnded(open) {
    return open.length === 0 ? 'nothing' : 'comma or end';
}
function positionOf(text, offset) {
    const before = text.slice(0, offset);
    const lineStart = before.lastIndexOf('\n') + 1;
    return { line: (before.match(/\n/g) ?? []).length + 1, column: offset - lineStart + 1 };
}
function fieldOf(value, name) {
    if (typeof value !== 'object' || value === null || Array.isArray(value))
        return undefined;
    return Object.hasOwn(value, name) ? value[name] : undefined;
}
function textsOf(value) {
    if (typeof value !== 'object' || value === null || Array.isArray(value))
        return new Map();
    return new Map(Object.entries(value).filter((entry) => typeof entry[1] === 'string'));
}

// EXTERNAL MODULE: ./src/plan/paths.js
var plan_paths = __webpack_require__(4086);
;// CONCATENATED MODULE: ./src/plan/declared-order.js


const LARGEST_CONFIG = 1024 * 1024;
async function declaredOrder(files, root) {
    const declared = new Map();
    const sources = [
        ['turbo.json', ['pipeline', 'tasks']],
        ['turbo.jsonc', ['tasks']],
        ['nx.json', ['targetDefaults']],
    ];
    for (const [name, fields] of sources) {
        const path = (0,plan_paths/* inFolder */._z)(root, name);
        const text = files.has(path) ? await files.read(path, LARGEST_CONFIG) : undefined;
        const parsed = text === undefined ? undefined : parseJsonWithComments(text);
        if (parsed === undefined || 'fault' in parsed)
            continue;
        for (const field of fields)
            for (const [script, entries] of dependsOnOf(fieldOf(parsed.value, field)))
                declared.set(script, entries);
    }
    return declared;
}
function dependsOnOf(tasks) {
    if (typeof tasks !== 'object' || tasks === null)
        return [];
    return Object.entries(tasks).flatMap(([script, task]) => {
        const dependsOn = fieldOf(task, 'dependsOn');
        if (!Array.isArray(dependsOn))
            return [];
        return [[script, dependsOn.filter((entry) => typeof entry === 'string').slice(0, 100)]];
    });
}

;// CONCATENATED MODULE: ./src/plan/draft.js

function scriptCommand(packageManager, script, extra = []) {
    const separator = extra.length > 0 && packageManager === 'npm' ? ['--'] : [];
    return [packageManager, 'run', script, ...separator, ...extra];
}
function toolCommand(packageManager, argv) {
    return packageManager === 'yarn' && argv[0] !== 'node' ? ['yarn', 'run', ...argv] : argv;
}
function programFolders(packageManager, directory) {
    if (packageManager === 'yarn')
        return [];
    return (0,plan_paths/* upwards */.Hy)(directory).map((folder) => (0,plan_paths/* inFolder */._z)(folder, 'node_modules/.bin'));
}
function displayed(argv) {
    return argv.map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`)).join(' ');
}
function byPackage(drafts) {
    const groups = new Map();
    for (const draft of drafts) {
        const group = groups.get(draft.directory);
        if (group === undefined)
            groups.set(draft.directory, [draft]);
        else
            group.push(draft);
    }
    return groups;
}
function ofKind(drafts, kind) {
    return drafts.filter((draft) => draft.kind === kind);
}

;// CONCATENATED MODULE: ./src/plan/tsconfig.js



const tsconfig_LARGEST_CONFIG = 1024 * 1024;
const DEEPEST = 16;
async function readTsconfig(files, path) {
    if (!files.has(path))
        return undefined;
    const chain = await chainOf(files, path, DEEPEST);
    const options = (name) => {
        const level = chain.find(({ json }) => fieldOf(fieldOf(json, 'compilerOptions'), name) !== undefined);
        return { value: fieldOf(fieldOf(level?.json, 'compilerOptions'), name), base: (0,plan_paths/* folderOf */.yS)(level?.path ?? path) };
    };
    const own = chain[0]?.json;
    const hasReferences = Array.isArray(fieldOf(own, 'references'));
    const listed = fieldOf(own, 'files');
    const included = inherited(chain, 'include');
    const outDir = options('outDir');
    const emits = options('noEmit').value === true ? 'nothing' : 'everything';
    return {
        emits: emits === 'everything' && options('emitDeclarationOnly').value === true ? 'declarations' : emits,
        isSolution: hasReferences && Array.isArray(listed) && listed.length === 0 && fieldOf(own, 'include') === undefined,
        isIncremental: options('incremental').value === true || options('composite').value === true,
        outDir: typeof outDir.value === 'string' ? external_node_path_.posix.join(outDir.base, outDir.value) : undefined,
        sources: sourcesOf((0,plan_paths/* folderOf */.yS)(path), included, inherited(chain, 'files')),
        excludes: inherited(chain, 'exclude').texts,
    };
}
async function chainOf(files, path, depth) {
    const text = files.has(path) ? await files.read(path, tsconfig_LARGEST_CONFIG) : undefined;
    const parsed = text === undefined ? undefined : parseJsonWithComments(text);
    if (parsed === undefined || 'fault' in parsed)
        return [];
    const json = parsed.value;
    const extended = [fieldOf(json, 'extends')].flat().filter((name) => typeof name === 'string' && name.startsWith('.'));
    if (depth === 0)
        return [{ path, json }];
    const levels = [{ path, json }];
    for (const name of extended.reverse().slice(0, 4)) {
        const target = external_node_path_.posix.join((0,plan_paths/* folderOf */.yS)(path), String(name));
        const found = [target, `${target}.json`].find((candidate) => files.has(candidate));
        if (found !== undefined)
            levels.push(...(await chainOf(files, found, depth - 4)));
    }
    return levels;
}
function inherited(chain, name) {
    const level = chain.find(({ json }) => Array.isArray(fieldOf(json, name)));
    const list = fieldOf(level?.json, name);
    const texts = Array.isArray(list) ? list.filter((item) => typeof item === 'string') : [];
    return { texts, base: (0,plan_paths/* folderOf */.yS)(level?.path ?? '.') };
}
function sourcesOf(folder, include, listed) {
    const folders = [include, listed].flatMap(({ texts, base }) => {
        return texts.slice(0, 200).map((pattern) => {
            const parts = pattern.split('/');
            const wild = parts.findIndex((part) => /[*?]/.test(part));
            return external_node_path_.posix.join(base, ...(wild === -1 ? parts : parts.slice(0, wild)));
        });
    });
    return folders.length > 0 ? folders : [folder];
}

;// CONCATENATED MODULE: ./src/plan/facts.js




const ESLINT_CONFIG = /^(eslint\.config\.[cm]?[jt]s|\.eslintrc(\.(js|cjs|mjs|json|yaml|yml))?)$/;
const TYPED_LINT = /projectService|parserOptions|tsconfigRootDir|TypeChecked|type-checked|requiring-type-checking|import\/(no-unresolved|recommended|errors)|import-x|flatConfigs|airbnb|neostandard|eslint-plugin-n\b/;
const facts_LARGEST_CONFIG = 256 * 1024;
async function gatherFacts(files, project) {
    const manifests = [project.root, ...project.members.filter((member) => member !== project.root)];
    const owned = ownedFiles(files, manifests);
    const typed = new Map();
    const configText = (path) => {
        const known = typed.get(path) ?? readConfig(files, path);
        typed.set(path, known);
        return known;
    };
    const facts = await inBatches(manifests, async (manifest) => {
        const { directory } = manifest;
        const eslintConfig = eslintConfigOf(files, manifest, project.root.directory);
        const text = eslintConfig === undefined ? '' : await configText(eslintConfig);
        return {
            manifest,
            directory,
            files: owned.get(directory) ?? [],
            tsconfig: await readTsconfig(files, (0,plan_paths/* inFolder */._z)(directory, 'tsconfig.json')),
            eslintConfig,
            lintsWithTypes: TYPED_LINT.test(text) || importsMember(text, manifest, project),
            dependency: (name) => {
                const version = manifest.dependencies.get(name);
                if (version !== undefined)
                    return { version, isOwn: true };
                const shared = project.root.dependencies.get(name);
                return shared === undefined ? undefined : { version: shared, isOwn: false };
            },
        };
    });
    return new Map(facts.map((found) => [found.directory, found]));
}
function ownedFiles(files, manifests) {
    const owned = new Map(manifests.map(({ directory }) => [directory, []]));
    const owners = new Map();
    const ownerOf = (folder) => {
        if (owners.has(folder))
            return owners.get(folder);
        const owner = owned.has(folder) ? folder : folder === '.' ? undefined : ownerOf((0,plan_paths/* folderOf */.yS)(folder));
        owners.set(folder, owner);
        return owner;
    };
    for (const path of files.paths) {
        const owner = ownerOf((0,plan_paths/* folderOf */.yS)(path));
        if (owner !== undefined)
            owned.get(owner)?.push(owner === '.' ? path : path.slice(owner.length + 1));
    }
    return owned;
}
function eslintConfigOf(files, manifest, root) {
    if (fieldOf(manifest.json, 'eslintConfig') !== undefined)
        return (0,plan_paths/* inFolder */._z)(manifest.directory, 'package.json');
    const folders = (0,plan_paths/* upwards */.Hy)(manifest.directory);
    for (const folder of folders.slice(0, folders.indexOf(root) + 1)) {
        const found = ESLINT_NAMES.map((name) => (0,plan_paths/* inFolder */._z)(folder, name)).find((path) => files.has(path));
        if (found !== undefined)
            return found;
    }
    return undefined;
}
const ESLINT_NAMES = [
    ...['js', 'mjs', 'cjs', 'ts', 'mts', 'cts'].map((extension) => `eslint.config.${extension}`),
    ...['.js', '.cjs', '.mjs', '.json', '.yaml', '.yml', ''].map((extension) => `.eslintrc${extension}`),
];
async function readConfig(files, path) {
    return (await files.read(path, facts_LARGEST_CONFIG)) ?? '';
}
function importsMember(text, manifest, project) {
    if (text === '' || project.members.length === 0)
        return false;
    const imported = [...text.matchAll(/['"]((?:@[\w.-]+\/)?[\w.-]+)(?:\/[^'"]*)?['"]/g)].map(([, name]) => name ?? '');
    const members = memberNames(project);
    return imported.some((name) => members.has(name) && name !== manifest.name);
}
const namesOfProject = new WeakMap();
function memberNames(project) {
    const known = namesOfProject.get(project) ?? new Set(project.members.flatMap(({ name }) => (name === undefined ? [] : [name])));
    namesOfProject.set(project, known);
    return known;
}
function hasOwnEslintConfig({ files, manifest }) {
    return files.some((path) => ESLINT_CONFIG.test(path)) || fieldOf(manifest.json, 'eslintConfig') !== undefined;
}
const TEST_FILE = /(^|\/)(__tests__\/.+|[^/]+[._-](test|spec))\.[cm]?[jt]sx?$/;
const NODE_TEST_FILE = /(^|\/)(test\/.+|test|test-[^/]+|[^/]+[._-]test)\.[cm]?js$/;
function testFilesOf({ files }) {
    return files.filter((path) => TEST_FILE.test(path) || /^(.*\/)?(tests?|__tests__|spec)\/.*\.[cm]?[jt]sx?$/.test(path));
}
function hasTestFiles({ files }) {
    return files.some((path) => TEST_FILE.test(path));
}
function hasNodeTestFiles({ files }) {
    return files.some((path) => NODE_TEST_FILE.test(path));
}

;// CONCATENATED MODULE: ./src/plan/script-names.js
const SCRIPT_NAMES = {
    generate: [
        'generate:ci',
        'generate',
        'generate:all',
        'codegen',
        'code-gen',
        'gen',
        'generate:types',
        'generate-types',
        'gen:types',
        'typegen',
        'prisma:generate',
        'prisma-generate',
        'generate:prisma',
        'db:generate',
        'generate:db',
        'generate:api',
        'generate:client',
        'api:generate',
        'graphql:codegen',
        'codegen:graphql',
        'graphql:generate',
        'openapi:generate',
    ],
    format: [
        'format:ci',
        'format:check',
        'format-check',
        'check:format',
        'check-format',
        'check-formatting',
        'check:formatting',
        'format:verify',
        'format:test',
        'formatcheck',
        'fmt:check',
        'fmt-check',
        'check:fmt',
        'check-fmt',
        'prettier:ci',
        'prettier:check',
        'prettier-check',
        'check:prettier',
        'check-prettier',
        'lint:format',
        'lint:prettier',
        'biome:format',
        'dprint:check',
        'format',
        'fmt',
        'prettier',
    ],
    lint: [
        'lint:ci',
        'ci:lint',
        'lint:check',
        'check:lint',
        'check-lint',
        'lint',
        'lint:all',
        'eslint:ci',
        'eslint:check',
        'check:eslint',
        'eslint',
        'lint:eslint',
        'lint:js',
        'lint:ts',
        'lint:code',
        'biome:ci',
        'biome:check',
        'check:biome',
        'biome:lint',
        'lint:biome',
        'biome',
        'oxlint',
        'linter',
        'check',
    ],
    typecheck: [
        'typecheck:ci',
        'typecheck',
        'type-check',
        'check-types',
        'check:types',
        'types:check',
        'type:check',
        'check-type',
        'check:type',
        'typecheck:all',
        'tsc:check',
        'check:tsc',
        'check-tsc',
        'ts:check',
        'check:ts',
        'check-ts',
        'ts-check',
        'tscheck',
        'typescript:check',
        'tsc',
        'test:types',
        'test-types',
        'test:tsc',
        'test:typecheck',
        'lint:types',
        'lint:tsc',
        'types',
        'check',
    ],
    test: [
        'test:ci',
        'ci:test',
        'test-ci',
        'test',
        'test:run',
        'test:unit',
        'test-unit',
        'unit',
        'unit:test',
        'unit-test',
        'unit-tests',
        'tests',
        'test:all',
        'test:node',
        'test:js',
        'vitest',
        'jest',
        'mocha',
    ],
    build: ['build:ci', 'ci:build', 'build', 'build:prod', 'build:production', 'build:all', 'compile'],
};
const COVERAGE_NAMES = [
    'test:coverage:ci',
    'coverage:ci',
    'test:ci:coverage',
    'test:coverage',
    'test:cov',
    'test-coverage',
    'coverage',
    'cov',
    'cover',
    'test:unit:coverage',
    'test:unit:cov',
    'coverage:unit',
    'unit:coverage',
    'vitest:coverage',
    'jest:coverage',
];
const AMBIGUOUS_NAMES = new Set([
    'check',
    'tsc',
    'types',
    'test:types',
    'test-types',
    'lint:types',
    'biome',
    'lint:ts',
    'format',
    'fmt',
    'prettier',
    'cover',
    'unit',
    'tests',
]);
const FURTHER_TESTS = /^(test[:-])?(e2e|end-to-end|integration|int|browser|playwright|cypress|smoke|acceptance|visual|a11y)([:-]ci|[:-]run)?$/;
const INSTALL_SCRIPTS = ['preinstall', 'install', 'postinstall', 'prepare'];

;// CONCATENATED MODULE: ./src/plan/delegation.js

function delegationOf(calls, kind) {
    const parts = calls.filter(({ program }) => program !== 'echo').map(handedOver);
    const [first] = parts;
    if (first === undefined || parts.some((part) => part === undefined))
        return undefined;
    const all = parts.filter((part) => part !== undefined);
    const targets = targetsFor(kind, first.targets);
    const isOne = all.every((part) => sameWords(targetsFor(kind, part.targets), targets) && sameWords(part.extra, first.extra));
    if (!isOne || targets.length === 0)
        return undefined;
    const selectors = all.some((part) => part.selectors.length === 0) ? [] : all.flatMap((part) => part.selectors);
    return { ...first, targets, selectors };
}
function runsPackages(call) {
    const runners = ['turbo', 'nx', 'lerna', 'wsrun', 'ultra', 'moon', 'rush', 'rushx', 'lage', 'wireit'];
    return runners.includes(call.program) || handedOver(call) !== undefined;
}
function targetsFor(kind, targets) {
    const known = targets.filter((name) => SCRIPT_NAMES[kind].includes(name));
    return known.length > 0 || targets.length === 1 ? (known.length > 0 ? known : targets) : [];
}
function sameWords(left, right) {
    return left.length === right.length && left.every((word, index) => word === right[index]);
}
function handedOver(call) {
    if (!call.isPlain)
        return undefined;
    const read = Object.hasOwn(READERS, call.program) ? READERS[call.program] : undefined;
    const found = read?.(call.args);
    if (found === undefined || found.targets.length === 0)
        return undefined;
    const words = [...found.extra, ...Object.values(call.environment)];
    const isReadable = found.targets.every((target) => /^[\w:./-]{1,214}$/.test(target)) && words.every(isOrdinary);
    return isReadable ? { ...found, environment: call.environment } : undefined;
}
function isOrdinary(word) {
    return word.length <= 1_000 && !/[\u0000-\u001f\u007f]/.test(word);
}
function split(args, withValue, stopAt = Number.POSITIVE_INFINITY) {
    const words = [];
    const values = [];
    const flags = new Set();
    for (let index = 0; index < args.length; index += 1) {
        const arg = args[index] ?? '';
        if (arg === '--')
            return { words, values, flags, behind: args.slice(index + 1) };
        if (!arg.startsWith('-')) {
            words.push(arg);
            if (words.length >= stopAt)
                return { words, values, flags, behind: args.slice(index + 1) };
            continue;
        }
        const [name = '', ...rest] = arg.split('=');
        flags.add(name);
        if (!withValue.test(name))
            continue;
        if (rest.length === 0)
            index += 1;
        values.push([name, rest.length > 0 ? rest.join('=') : (args[index] ?? '')]);
    }
    return { words, values, flags, behind: [] };
}
function valuesOf({ values }, ...names) {
    return values.filter(([name]) => names.includes(name)).map(([, value]) => value);
}
const READERS = {
    turbo: (args) => {
        const read = split(args, /^(--filter|-F|--concurrency|--cache-dir|--env-mode|--output-logs|--log-order|--log-prefix|--cwd|--ui|--token|--team|--api|--cache|--cache-workers|--verbosity)$/);
        const targets = read.words[0] === 'run' ? read.words.slice(1) : read.words;
        const others = /^(prune|gen|generate|login|logout|link|unlink|daemon|watch|ls|query|boundaries|info|scan|bin|config|telemetry|completion|docs)$/;
        if (others.test(targets[0] ?? '') || read.flags.has('--cwd'))
            return undefined;
        return { targets, selectors: valuesOf(read, '--filter', '-F'), extra: read.behind, tool: 'turbo' };
    },
    pnpm: (args) => {
        const withValue = /^(--filter|-F|--filter-prod|--workspace-concurrency|--reporter|--loglevel|-C|--dir|--resume-from)$/;
        const isRun = args.some((arg, index) => arg === 'run' && split(args.slice(0, index), withValue).words.length === 0);
        const read = split(args, withValue, isRun ? 2 : 1);
        const [target = ''] = isRun ? read.words.slice(1) : read.words;
        const selectors = valuesOf(read, '--filter', '-F');
        const isRecursive = read.flags.has('-r') || read.flags.has('--recursive') || selectors.length > 0;
        const other = !isRun && /^(install|i|add|update|up|remove|publish|exec|dlx|list|ls|why|outdated|audit|rebuild|pack|deploy)$/;
        if (!isRecursive ||
            ['-w', '--workspace-root', '-C', '--dir', '--filter-prod', '--resume-from'].some((flag) => read.flags.has(flag)))
            return undefined;
        if (other !== false && other.test(target))
            return undefined;
        return {
            targets: [target],
            selectors,
            extra: read.behind.filter((arg) => arg !== '--'),
            tool: selectors.length > 0 ? 'pnpm --filter' : 'pnpm -r',
        };
    },
    npm: (args) => {
        const read = split(args, /^(-w|--workspace|--prefix|--loglevel)$/);
        const selectors = valuesOf(read, '-w', '--workspace').map((value) => value.includes('/') && !value.startsWith('@') ? `./${value.replace(/^\.\//, '')}` : value);
        const isAll = ['-ws', '--ws', '--workspaces'].some((flag) => read.flags.has(flag));
        const [first = '', second = ''] = read.words;
        const target = /^run(-script)?$/.test(first) ? second : /^(t|test|tst)$/.test(first) ? 'test' : '';
        if ((!isAll && selectors.length === 0) || target === '' || read.flags.has('--prefix'))
            return undefined;
        return {
            targets: [target],
            selectors: isAll ? [] : selectors,
            extra: read.behind,
            tool: isAll ? 'npm --workspaces' : 'npm --workspace',
        };
    },
    yarn: (args) => {
        if (args[0] === 'workspace') {
            const [, name = '', ...rest] = args;
            const [target = '', ...extra] = rest[0] === 'run' ? rest.slice(1) : rest;
            return { targets: [target], selectors: [name], extra, tool: 'yarn workspace' };
        }
        if (args[0] !== 'workspaces')
            return undefined;
        const isForeach = args[1] === 'foreach';
        const read = split(args.slice(isForeach ? 2 : 1), /^(--include|--exclude|--from|-j|--jobs)$/, 2);
        const selectors = [
            ...valuesOf(read, '--include', '--from'),
            ...valuesOf(read, '--exclude').map((name) => `!${name}`),
        ];
        if (read.words[0] !== 'run')
            return undefined;
        return {
            targets: read.words.slice(1),
            selectors,
            extra: read.behind,
            tool: isForeach ? 'yarn workspaces foreach' : 'yarn workspaces run',
        };
    },
    bun: (args) => {
        const read = split(args, /^(--filter|-F)$/);
        const targets = read.words[0] === 'run' ? read.words.slice(1) : read.words;
        const selectors = valuesOf(read, '--filter', '-F');
        if (selectors.length === 0 && !read.flags.has('--workspaces'))
            return undefined;
        return {
            targets: targets.slice(0, 1),
            selectors,
            extra: [...targets.slice(1), ...read.behind],
            tool: 'bun --filter',
        };
    },
    lerna: (args) => {
        const read = split(args, /^(--scope|--ignore|--concurrency|--loglevel|--since)$/);
        if (read.words[0] !== 'run')
            return undefined;
        const selectors = [...valuesOf(read, '--scope'), ...valuesOf(read, '--ignore').map((name) => `!${name}`)];
        return {
            targets: read.words.slice(1).flatMap((word) => word.split(',')),
            selectors,
            extra: read.behind,
            tool: 'lerna',
        };
    },
    nx: (args) => {
        const read = split(args, /^(-t|--target|--targets|-p|--projects|--exclude|--parallel|-c|--configuration|--base|--head|--output-style|--outputStyle)$/);
        if (!/^(run-many|affected)$/.test(read.words[0] ?? ''))
            return undefined;
        const list = (...names) => valuesOf(read, ...names).flatMap((value) => value.split(','));
        const selectors = [...list('-p', '--projects'), ...list('--exclude').map((name) => `!${name}`)];
        return {
            targets: [...list('-t', '--target', '--targets'), ...read.words.slice(1)],
            selectors,
            extra: read.behind,
            tool: 'nx',
        };
    },
};

;// CONCATENATED MODULE: ./src/plan/graph.js


function graphOf(manifests, satisfies) {
    const byName = new Map(manifests.flatMap((manifest) => (manifest.name === undefined ? [] : [[manifest.name, manifest]])));
    const folders = new Set(manifests.map(({ directory }) => directory));
    const dependencies = new Map();
    for (const { directory, dependencies: specifications } of manifests) {
        const found = new Set();
        for (const [name, specification] of specifications) {
            const target = targetOf(name, specification, directory, { byName, folders, satisfies });
            if (target !== undefined && target !== directory)
                found.add(target);
        }
        dependencies.set(directory, [...found].sort());
    }
    const groups = componentsOf([...folders].sort(), dependencies);
    return { dependencies, order: groups.flat(), cycles: groups.filter((group) => group.length > 1) };
}
function targetOf(name, specification, from, names) {
    const [, protocol = '', rest = ''] = /^(?:([a-z+]+):)?(.*)$/s.exec(specification.trim()) ?? [];
    if (['file', 'link', 'portal'].includes(protocol))
        return folderAt(rest, from, names);
    if (protocol === 'workspace') {
        if (/^\.{1,2}(\/|$)/.test(rest))
            return folderAt(rest, from, names);
        const alias = /^((?:@[^/@]+\/)?[^@]+)@/.exec(rest)?.[1];
        return names.byName.get(alias ?? name)?.directory;
    }
    const target = names.byName.get(name);
    if (target === undefined || protocol === 'catalog')
        return target?.directory;
    if (protocol !== '' || rest.includes('/'))
        return undefined;
    return target.version === undefined || names.satisfies(target.version, rest) ? target.directory : undefined;
}
function folderAt(path, from, { folders }) {
    if (path.length > 4_096)
        return undefined;
    const folder = external_node_path_.posix.join(from, path.replace(/^\/\//, '')).replace(/\/$/, '') || '.';
    return folders.has(folder) && (0,plan_paths/* isWithin */.UO)('.', folder) ? folder : undefined;
}
function componentsOf(folders, dependencies) {
    const index = new Map();
    const low = new Map();
    const waiting = [];
    const isWaiting = new Set();
    const components = [];
    const path = [];
    const enter = (folder) => {
        index.set(folder, index.size);
        low.set(folder, index.size - 1);
        waiting.push(folder);
        isWaiting.add(folder);
        path.push({ folder, next: 0 });
    };
    const lower = (folder, value) => low.set(folder, Math.min(low.get(folder) ?? value, value));
    const leave = ({ folder }) => {
        path.pop();
        const parent = path.at(-1);
        if (parent !== undefined)
            lower(parent.folder, low.get(folder) ?? 0);
        if (low.get(folder) !== index.get(folder))
            return;
        const component = waiting.splice(waiting.lastIndexOf(folder));
        for (const member of component)
            isWaiting.delete(member);
        components.push(component.sort());
    };
    for (const start of folders) {
        if (!index.has(start))
            enter(start);
        for (let frame = path.at(-1); frame !== undefined; frame = path.at(-1)) {
            const target = dependencies.get(frame.folder)?.[frame.next];
            frame.next += 1;
            if (target === undefined)
                leave(frame);
            else if (!index.has(target))
                enter(target);
            else if (isWaiting.has(target))
                lower(frame.folder, index.get(target) ?? 0);
        }
    }
    return components;
}
function dependenciesOf(start, { dependencies }) {
    const found = new Set();
    const open = [start];
    for (let folder = open.pop(); folder !== undefined; folder = open.pop()) {
        for (const target of dependencies.get(folder) ?? []) {
            if (target === start || found.has(target))
                continue;
            found.add(target);
            open.push(target);
        }
    }
    return found;
}

;// CONCATENATED MODULE: ./src/plan/prisma.js


const CONFIG = /^(\.config\/prisma|prisma\.config)\.[cm]?[jt]s$/;
const LARGEST_SCHEMA = 2 * 1024 * 1024;
async function prismaSchemaOf(files, manifest, own) {
    const schemas = own.filter((path) => path.endsWith('.prisma'));
    if (schemas.length === 0)
        return undefined;
    const config = own.find((path) => CONFIG.test(path));
    const configured = config === undefined ? undefined : await fromConfig(files, (0,plan_paths/* inFolder */._z)(manifest.directory, config));
    const declared = fieldOf(fieldOf(manifest.json, 'prisma'), 'schema');
    const named = typeof declared === 'string' ? declared : configured;
    const path = named === undefined ? defaultSchema(schemas) : schemaAt(named, schemas);
    if (path === undefined)
        return config === undefined ? undefined : { path: config, isFound: true, writesSource: true };
    const parts = schemas.filter((schema) => schema === path || schema.startsWith(`${path}/`));
    const texts = await Promise.all(parts.slice(0, 100).map((part) => files.read((0,plan_paths/* inFolder */._z)(manifest.directory, part), LARGEST_SCHEMA)));
    const isFound = named !== undefined || ['prisma/schema.prisma', 'schema.prisma', 'prisma/schema'].includes(path);
    return { path, isFound, writesSource: texts.some((text) => /^\s*output\s*=/m.test(text ?? '')) };
}
async function fromConfig(files, path) {
    const text = (await files.read(path, LARGEST_SCHEMA)) ?? '';
    const value = /\bschema\s*:\s*((?:[\w.]+\([^()]{0,300}\))|['"][^'"\n]{1,300}['"])/.exec(text)?.[1];
    const parts = [...(value ?? '').matchAll(/['"]([^'"]+)['"]/g)].map(([, part = '']) => part);
    return parts.length === 0 ? undefined : parts.join('/');
}
function schemaAt(named, schemas) {
    const wanted = (0,plan_paths/* inFolder */._z)('.', named).replace(/\/$/, '');
    return schemas.some((path) => path === wanted || path.startsWith(`${wanted}/`)) ? wanted : defaultSchema(schemas);
}
function defaultSchema(schemas) {
    const usual = ['prisma/schema.prisma', 'schema.prisma'].find((path) => schemas.includes(path));
    if (usual !== undefined)
        return usual;
    if (schemas.some((path) => path.startsWith('prisma/schema/')))
        return 'prisma/schema';
    const [first] = schemas;
    return schemas.length === 1 && first !== undefined ? first : undefined;
}
function prismaSchemasIn(paths) {
    const schemas = paths.filter((path) => path.endsWith('.prisma'));
    const counts = new Map();
    for (const path of schemas)
        counts.set((0,plan_paths/* folderOf */.yS)(path), (counts.get((0,plan_paths/* folderOf */.yS)(path)) ?? 0) + 1);
    return [...new Set(schemas.map((path) => ((counts.get((0,plan_paths/* folderOf */.yS)(path)) ?? 0) > 1 ? (0,plan_paths/* folderOf */.yS)(path) : path)))].sort();
}

;// CONCATENATED MODULE: ./src/plan/programs.js
const ASSIGNMENT = /^([A-Za-z_]\w*)=([\s\S]*)$/;
const EXEC_VALUES = /^(-p|--package|-c|--call|-w|--workspace|-C|--dir|--filter)$/;
const ENVIRONMENT_LOADERS = new Set([
    'dotenv',
    'dotenvx',
    'infisical',
    'doppler',
    'op',
    'env-cmd',
    'with-env',
    'dotenv-flow',
]);
const PREFIXES = new Set([
    'exec',
    'command',
    'time',
    'nice',
    'nohup',
    'cross-env',
    'cross-env-shell',
    'env',
    'sudo',
]);
function programOf(command) {
    const variables = [];
    let isPlain = command.isPlain;
    let words = command.words;
    for (let rest = behindStarter(words); rest !== undefined; rest = behindStarter(words)) {
        const [, name, value = ''] = ASSIGNMENT.exec(words[0] ?? '') ?? [];
        if (name !== undefined)
            variables.push([name, value]);
        if (ENVIRONMENT_LOADERS.has(nameOf(words[0] ?? '')))
            isPlain = false;
        words = rest;
    }
    const [program = '', ...args] = words;
    if (program === '')
        return undefined;
    const call = { program: nameOf(program), args, environment: Object.fromEntries(variables), isPlain };
    return call.program === 'node' ? installedProgram(call) : call;
}
function behindStarter(words) {
    const [first = '', second = ''] = words;
    if (ASSIGNMENT.test(first) || PREFIXES.has(nameOf(first)))
        return words.slice(1);
    if (ENVIRONMENT_LOADERS.has(nameOf(first)))
        return behindLoader(words.slice(1));
    if (/^(npx|bunx|pnpx)$/.test(first))
        return behindFlags(words.slice(1));
    if (/^(npm|pnpm|yarn|bun)$/.test(first) && /^(exec|x|dlx)$/.test(second))
        return behindFlags(words.slice(2));
    return first === 'bun' && second === '--bun' ? [first, ...words.slice(2)] : undefined;
}
function behindFlags(words) {
    let index = 0;
    for (; (words[index] ?? '').startsWith('-'); index += 1) {
        const flag = words[index] ?? '';
        if (flag === '--')
            return words.slice(index + 1);
        if (EXEC_VALUES.test(flag))
            index += 1;
    }
    return words.slice(index);
}
function behindLoader(words) {
    const separator = words.indexOf('--');
    if (separator !== -1)
        return words.slice(separator + 1);
    let index = 0;
    while ((words[index] ?? '').startsWith('-'))
        index += /^-\w$/.test(words[index] ?? '') ? 2 : 1;
    return words.slice(index);
}
function installedProgram(call) {
    const index = call.args.findIndex((arg) => !arg.startsWith('-'));
    const file = call.args[index] ?? '';
    if (!/(^|\/)node_modules\//.test(file))
        return call;
    return { ...call, program: nameOf(file).replace(/\.[cm]?js$/, ''), args: call.args.slice(index + 1) };
}
function nameOf(path) {
    return path.slice(path.lastIndexOf('/') + 1);
}
function operands(call) {
    return call.args.filter((arg) => !arg.startsWith('-'));
}
function hasFlag(call, ...flags) {
    return call.args.some((arg) => flags.includes(arg) || flags.includes(arg.split('=', 1)[0] ?? ''));
}

;// CONCATENATED MODULE: ./src/plan/recognise.js


const WATCHERS = new Set(['nodemon', 'ts-node-dev', 'tsnd', 'onchange', 'chokidar', 'node-dev', 'gulp-watch']);
const SHORT_WATCH = new Set([
    'tsc',
    'vue-tsc',
    'tsgo',
    'rollup',
    'webpack',
    'vite',
    'tsup',
    'mocha',
    'ava',
    'vitest',
    'babel',
    'swc',
    'tsdown',
]);
const WATCH_WORDS = {
    vitest: /^(watch|dev)$/,
    tsx: /^watch$/,
    parcel: /^watch$/,
    cypress: /^open$/,
};
function watchSign(call) {
    const { program, args } = call;
    if (WATCHERS.has(program))
        return program;
    const flag = args.find((arg) => /^--(watch|watchAll|watch-path|ui)(=|$)/.test(arg) && !/=(false|0|no)$/.test(arg));
    const name = flag?.split('=', 1)[0];
    if (name !== undefined && !(name === '--ui' && !/^(vitest|playwright)$/.test(program)))
        return `${(0,plan_paths/* named */.KT)(program)} ${name}`;
    if (SHORT_WATCH.has(program) && args.includes('-w'))
        return `${program} -w`;
    const [word = ''] = operands(call);
    if (Object.hasOwn(WATCH_WORDS, program) && WATCH_WORDS[program]?.test(word) === true)
        return `${program} ${word}`;
    if (program === 'karma' && word === 'start' && !hasFlag(call, '--single-run', '--singleRun'))
        return 'karma start';
    if (program === 'ng' && word === 'test' && !hasFlag(call, '--watch', '--no-watch', '--configuration', '-c'))
        return 'ng test';
    return undefined;
}
const SERVERS = {
    next: /^(dev|start|)$/,
    vite: /^(dev|serve|preview|)$/,
    nuxt: /^(dev|preview|start)$/,
    nuxi: /^(dev|preview|start)$/,
    astro: /^(dev|preview)$/,
    webpack: /^(serve|server)$/,
    'webpack-dev-server': /^/,
    storybook: /^dev$/,
    'start-storybook': /^/,
    serve: /^/,
    'http-server': /^/,
    'live-server': /^/,
    'json-server': /^/,
    'react-scripts': /^start$/,
    'vue-cli-service': /^serve$/,
    ng: /^serve$/,
    nest: /^start$/,
    remix: /^dev$/,
    'react-router': /^dev$/,
    wrangler: /^dev$/,
    vercel: /^dev$/,
    expo: /^start$/,
};
function serverSign(call) {
    const [word = ''] = operands(call);
    const words = Object.hasOwn(SERVERS, call.program) ? SERVERS[call.program] : undefined;
    if (words === undefined || !words.test(word) || hasFlag(call, '--version', '--help'))
        return undefined;
    return words.source.includes(word) && word !== '' ? `${call.program} ${word}` : call.program;
}
const BROWSER_TESTS = {
    playwright: /^test$/,
    cypress: /^(run|open)$/,
    nightwatch: /^/,
    testcafe: /^/,
    wdio: /^/,
    detox: /^test$/,
    codeceptjs: /^run/,
};
function isBrowserTest(call) {
    const words = Object.hasOwn(BROWSER_TESTS, call.program) ? BROWSER_TESTS[call.program] : undefined;
    return words?.test(operands(call)[0] ?? '') === true;
}
function isPlaceholder(calls) {
    return calls.every(({ program }) => ['echo', 'exit', 'true', 'false', ':', 'printf'].includes(program));
}
const TYPE_CHECKERS = new Set(['tsc', 'tsgo', 'vue-tsc', 'svelte-check', 'glint', 'ember-tsc', 'flow', 'tsd']);
function isTypeCheck(call) {
    const [word = ''] = operands(call);
    if (call.program === 'astro')
        return word === 'check';
    if (call.program === 'nuxi' || call.program === 'nuxt')
        return word === 'typecheck';
    return TYPE_CHECKERS.has(call.program) && !hasFlag(call, '--version', '-v', '--init', '--showConfig');
}
function isCompiler(call) {
    return ['tsc', 'tsgo', 'vue-tsc'].includes(call.program);
}
function buildsReferences(call) {
    return isCompiler(call) && hasFlag(call, '-b', '--build');
}
const LINTERS = new Set([
    'eslint',
    'eslint_d',
    'oxlint',
    'stylelint',
    'xo',
    'standard',
    'ts-standard',
    'tslint',
    'rslint',
]);
function isLint(call) {
    const [word = ''] = operands(call);
    if (call.program === 'biome' || call.program === 'rome')
        return /^(lint|check|ci)$/.test(word);
    if (['next', 'ng', 'expo', 'nuxt'].includes(call.program))
        return word === 'lint';
    return LINTERS.has(call.program);
}
const FIX_FLAGS = [
    '--fix',
    '--fix-suggestions',
    '--fix-dangerously',
    '--write',
    '--apply',
    '--apply-unsafe',
    '--unsafe',
];
function fixes(call) {
    return isLint(call) && call.args.some((arg) => FIX_FLAGS.includes(arg) || arg === '--fix=true');
}
function withoutFixes(args) {
    return args.filter((arg) => !FIX_FLAGS.includes(arg) && arg !== '--fix=true');
}
const FORMATTERS = {
    prettier: (call) => {
        if (hasFlag(call, '--write', '-w'))
            return 'write';
        return hasFlag(call, '--check', '-c', '--list-different', '-l') ? 'check' : 'print';
    },
    'pretty-quick': (call) => (hasFlag(call, '--check') ? 'check' : 'write'),
    biome: biomeRole,
    rome: biomeRole,
    dprint: (_, word) => (word === 'check' ? 'check' : word === 'fmt' ? 'write' : undefined),
    oxfmt: (call) => (hasFlag(call, '--check', '--list-different') ? 'check' : 'write'),
    deno: (call, word) => (word === 'fmt' ? (hasFlag(call, '--check') ? 'check' : 'write') : undefined),
};
function biomeRole(call, word) {
    if (!/^(format|check|ci)$/.test(word))
        return undefined;
    return hasFlag(call, ...FIX_FLAGS) ? 'write' : 'check';
}
function formatRole(call) {
    const role = Object.hasOwn(FORMATTERS, call.program) ? FORMATTERS[call.program] : undefined;
    if (role !== undefined)
        return role(call, operands(call)[0] ?? '');
    return fixes(call) ? 'write' : undefined;
}
function isScaffolding(call) {
    const words = operands(call).slice(0, 2).join(' ');
    const { program } = call;
    if (['plop', 'hygen', 'yo', 'schematics', 'drizzle-kit', 'knex', 'sequelize', 'sequelize-cli', 'release-it'].includes(program))
        return true;
    if (program === 'typeorm' || program === 'typeorm-ts-node-esm')
        return /migration/.test(words);
    if (program === 'turbo')
        return /^(gen|generate)\b/.test(words);
    if (program === 'nx' || program === 'ng')
        return /^(g|generate)\b/.test(words);
    if (program === 'prisma')
        return !/^(generate|format|validate)/.test(words);
    return (program === 'nuxt' || program === 'nuxi') && words === 'generate';
}
function needsLocalServer(call) {
    return call.args.some((arg) => /\bhttps?:\/\/(localhost|127\.0\.0\.1|0\.0\.0\.0)\b/.test(arg));
}
function generatesPrisma(call) {
    return call.program === 'prisma' && operands(call)[0] === 'generate';
}
const GENERATORS = new Set([
    'graphql-codegen',
    'graphql-code-generator',
    'gql-gen',
    'openapi-typescript',
    'openapi-generator-cli',
    'orval',
    'kubb',
    'buf',
    'protoc',
    'typechain',
    'panda',
    'velite',
    'lingui',
    'paraglide-js',
    'tsr',
    'relay-compiler',
    'typed-scss-modules',
    'swagger-typescript-api',
    'contentlayer',
    'contentlayer2',
    'openapi-ts',
    'wit-bindgen',
]);
function generatesCode(call) {
    return GENERATORS.has(call.program) && !(call.program === 'buf' && operands(call)[0] !== 'generate');
}

;// CONCATENATED MODULE: ./src/plan/shell-words.js
const LONGEST_SCRIPT = 16_384;
const PIECE = /(?<space>[^\S\n\r]+)|(?<operator>&&|\|\||[;|\n\r]|&(?!>))|(?<bracket>[()])|(?<redirection>&>>?|\d*[<>]{1,2}(?:&[\d-])?)|(?<substitution>`)|'(?<single>[^']*)'|"(?<double>[^"\\]*(?:\\.[^"\\]*)*)"|\\(?<escaped>.?)|(?<plain>[^\s'"\\|&;<>()`]+)/sy;
function shellCommands(script) {
    if (script.length > LONGEST_SCRIPT)
        return [];
    const commands = [];
    let words = [];
    let word;
    let isPlain = true;
    let isTarget = false;
    let after = '';
    const endWord = () => {
        if (word !== undefined && !isTarget)
            words.push(word);
        if (word !== undefined)
            isTarget = false;
        word = undefined;
    };
    const endCommand = (operator) => {
        endWord();
        if (words.length > 0)
            commands.push({ words, isPlain, after });
        [words, isPlain, isTarget, after] = [[], true, false, operator];
    };
    for (let index = 0; index < script.length; index = PIECE.lastIndex) {
        PIECE.lastIndex = index;
        const piece = PIECE.exec(script)?.groups;
        if (piece === undefined)
            return [];
        isPlain &&= isPlainPiece(piece);
        if (isText(piece))
            word = (word ?? '') + textOf(piece);
        else
            endWord();
        if (piece['redirection'] !== undefined)
            isTarget = !/&[\d-]$/.test(piece['redirection']);
        if (piece['operator'] !== undefined)
            endCommand(piece['operator'].trim() || ';');
        if (piece['bracket'] !== undefined)
            endCommand(piece['bracket']);
    }
    endCommand('');
    return commands;
}
function isText({ single, double, escaped, plain }) {
    return (single ?? double ?? escaped ?? plain) !== undefined;
}
function textOf({ single, double, escaped, plain }) {
    if (escaped !== undefined)
        return escaped === '\n' ? '' : escaped || '\\';
    return single ?? double?.replace(/\\([$`"\\\n])/g, (_, character) => character.trim()) ?? plain ?? '';
}
function isPlainPiece({ redirection, bracket, substitution, double, plain }) {
    if ((redirection ?? bracket ?? substitution) !== undefined)
        return false;
    return !/\$|\*\*|^~/.test(plain ?? '') && !/[$`]/.test(double ?? '');
}

;// CONCATENATED MODULE: ./src/plan/scripts.js



const NOTHING = { calls: [], scripts: new Set() };
const MOST_CALLS = 500;
function expandScript(manifest, name) {
    if (!manifest.scripts.has(name))
        return NOTHING;
    const calls = [];
    const scripts = new Set();
    const isThere = (script) => manifest.scripts.has(script);
    let open = [name];
    let left = MOST_CALLS;
    for (let next = open.shift(); next !== undefined && left > 0; next = open.shift()) {
        if (scripts.has(next))
            continue;
        scripts.add(next);
        const found = callsOf(manifest, next).slice(0, left);
        left -= found.length;
        const called = found.map((call) => calledScripts(manifest, call).filter(isThere));
        calls.push(...found.filter((_, index) => called[index]?.length === 0));
        const following = [`pre${next}`, `post${next}`].filter(isThere);
        open = [...new Set([...following, ...called.flat(), ...open])];
    }
    return { calls, scripts };
}
function callsOf(manifest, name) {
    const text = manifest.scripts.get(name) ?? '';
    const wireit = /^\s*wireit\s*$/.test(text) ? fieldOf(fieldOf(fieldOf(manifest.json, 'wireit'), name), 'command') : '';
    const command = typeof wireit === 'string' && wireit !== '' ? wireit : text;
    return shellCommands(command).flatMap((part) => {
        const call = programOf(part);
        return call === undefined ? [] : (scripts_installedProgram(manifest, call) ?? call);
    });
}
function scripts_installedProgram(manifest, call) {
    const [name = ''] = call.args;
    const isProgram = /^[a-z@]/.test(name) && !BUILT_IN.has(name) && !SCRIPT_WORDS.has(name) && !manifest.scripts.has(name);
    if (!/^(pnpm|yarn|bun)$/.test(call.program) || !isProgram)
        return undefined;
    const started = programOf({ words: call.args, isPlain: call.isPlain, after: '' });
    return started === undefined
        ? undefined
        : { ...started, environment: { ...call.environment, ...started.environment } };
}
const BUILT_IN = new Set([
    ...['install', 'i', 'ci', 'add', 'remove', 'publish', 'pack', 'version', 'link', 'init', 'exec', 'dlx', 'x'],
    ...['workspace', 'workspaces', 'audit', 'dedupe', 'why', 'list', 'ls', 'config'],
]);
const SCRIPT_WORDS = new Set(['run', 'run-script', 'test', 'start', 'build']);
function calledScripts(manifest, call) {
    const { program } = call;
    const names = operands(call);
    if (/^(npm|pnpm|yarn|bun)$/.test(program))
        return byPackageManager(call);
    if (program === 'node') {
        const run = call.args.find((arg) => arg.startsWith('--run='))?.slice('--run='.length);
        return run === undefined ? (call.args.includes('--run') ? names.slice(0, 1) : []) : [run];
    }
    if (['run-s', 'run-p', 'npm-run-all', 'npm-run-all2'].includes(program))
        return names.flatMap((name) => namesLike(manifest, name));
    if (program !== 'concurrently')
        return [];
    return call.args.flatMap((arg) => {
        if (arg.startsWith('npm:'))
            return namesLike(manifest, arg.slice(4));
        const inner = shellCommands(arg).length > 0 && arg.includes(' ') ? shellCommands(arg) : [];
        return inner.flatMap((part) => {
            const started = programOf(part);
            return started === undefined || started.program === 'concurrently' ? [] : calledScripts(manifest, started);
        });
    });
}
function byPackageManager(call) {
    if (call.args.some((arg) => /^(-r|--recursive|-F|--filter|-C|--dir|--prefix|--cwd|-w|-ws|--workspaces?)(=|$)/.test(arg)))
        return [];
    const [first = '', second = ''] = operands(call);
    if (/^run(-script)?$/.test(first))
        return [second];
    if (BUILT_IN.has(first))
        return [];
    if (call.program === 'npm')
        return first === 't' ? ['test'] : /^(test|start|stop|restart)$/.test(first) ? [first] : [];
    return [first];
}
function namesLike(manifest, pattern) {
    if (!pattern.includes('*'))
        return [pattern];
    const [prefix = ''] = pattern.split('*', 1);
    const isDeep = pattern.includes('**');
    return [...manifest.scripts.keys()].filter((name) => {
        return (name.startsWith(prefix) && name.length > prefix.length && (isDeep || !name.slice(prefix.length).includes(':')));
    });
}

;// CONCATENATED MODULE: ./src/plan/script-choice.js



function chooseScript(manifest, kind, options) {
    const names = [...(options.preferred ?? []), ...namesOf(kind, options.coverage)];
    const present = [...new Set(names)].filter((name) => (manifest.scripts.get(name) ?? '').trim() !== '');
    const verdicts = present.map((name) => judge(manifest, kind, name, options.preferred?.includes(name) === true));
    const choice = ['first', 'changed', 'last']
        .flatMap((rank) => verdicts.map((verdict) => (verdict && 'use' in verdict && verdict.use === rank ? verdict.choice : undefined)))
        .find((found) => found !== undefined);
    const passedOver = verdicts.flatMap((verdict) => (verdict && 'passedOver' in verdict ? [verdict.passedOver] : []));
    return { choice, passedOver: passedOver.filter(({ script }) => choice?.expansion.scripts.has(script) !== true) };
}
function namesOf(kind, coverage) {
    if (kind !== 'test')
        return SCRIPT_NAMES[kind];
    return coverage ? [...COVERAGE_NAMES, ...SCRIPT_NAMES.test] : [...SCRIPT_NAMES.test, ...COVERAGE_NAMES];
}
function judge(manifest, kind, script, isPreferred) {
    const expansion = expandScript(manifest, script);
    const { calls } = expansion;
    if (calls.length > 0 && isPlaceholder(calls))
        return pass(script, 'it only prints a text', false);
    if (AMBIGUOUS_NAMES.has(script) && !isPreferred && !calls.some((call) => suits(call, kind)))
        return undefined;
    const watch = signIn(calls, watchSign);
    if (watch !== undefined) {
        return ended(manifest, kind, script, expansion) ?? pass(script, `it waits for changes: ${watch}`, true);
    }
    const server = kind === 'test' ? undefined : signIn(calls, serverSign);
    if (server !== undefined)
        return pass(script, `it starts a server: ${server}`, false);
    if (kind === 'format')
        return judgeFormat(manifest, script, expansion);
    if (kind === 'generate')
        return judgeGenerate(script, expansion);
    if (kind === 'test')
        return judgeTest(script, expansion);
    if (kind === 'lint' && calls.some(fixes))
        return judgeFix(manifest, script, expansion);
    return { use: 'first', choice: { script, expansion, corrects: false } };
}
function pass(script, reason, isLoss) {
    return { passedOver: { script, reason, isLoss } };
}
function signIn(calls, sign) {
    return calls.map(sign).find((found) => found !== undefined);
}
function judgeGenerate(script, expansion) {
    if (expansion.calls.some(isScaffolding))
        return pass(script, 'it writes files to edit, not files to build with', false);
    if (expansion.calls.some(needsLocalServer))
        return pass(script, 'it reads from a server on this machine', true);
    return { use: 'first', choice: { script, expansion, corrects: false } };
}
function judgeTest(script, expansion) {
    const { calls } = expansion;
    const choice = { script, expansion, corrects: false };
    if (!calls.some(isBrowserTest))
        return { use: 'first', choice };
    const isBrowserOnly = calls.every((call) => isBrowserTest(call) || !isTest(call));
    return isBrowserOnly ? pass(script, 'it drives a browser', true) : { use: 'last', choice };
}
function suits(call, kind) {
    if (kind === 'typecheck')
        return isTypeCheck(call);
    if (kind === 'lint')
        return isLint(call);
    if (kind === 'format')
        return formatRole(call) !== undefined;
    return kind !== 'test' || isTest(call);
}
const TESTERS = new Set([
    'vitest',
    'jest',
    'mocha',
    'ava',
    'tap',
    'tape',
    'uvu',
    'jasmine',
    'karma',
    'qunit',
    'lab',
    'c8',
    'nyc',
    'react-scripts',
    'tsx',
    'wtr',
]);
function isTest({ program, args }) {
    if (program === 'node')
        return args.some((arg) => arg === '--test' || arg.startsWith('--test-'));
    return TESTERS.has(program) || args[0] === 'test';
}
function judgeFormat(manifest, script, expansion) {
    const roles = expansion.calls.map(formatRole);
    const choice = { script, expansion, corrects: false };
    if (!roles.includes('write')) {
        const isChecking = roles.includes('check') || !AMBIGUOUS_NAMES.has(script);
        return isChecking
            ? { use: 'first', choice }
            : { passedOver: { script, reason: 'it checks nothing', isLoss: false } };
    }
    const call = onlyCall(manifest, script);
    if (call?.program === 'prettier') {
        const kept = call.args.filter((arg) => !['--write', '-w', '--list-different', '-l', '--check', '-c'].includes(arg));
        return changed(script, [call.program, '--check', ...kept], '--write', expansion);
    }
    if (call?.program === 'biome')
        return changed(script, ['biome', ...withoutFixes(call.args)], '--write', expansion);
    return pass(script, 'it rewrites files', false);
}
function judgeFix(manifest, script, expansion) {
    const call = onlyCall(manifest, script);
    if (call !== undefined)
        return changed(script, [call.program, ...withoutFixes(call.args)], '--fix', expansion);
    return { use: 'last', choice: { script, expansion, corrects: true } };
}
function ended(manifest, kind, script, expansion) {
    const call = onlyCall(manifest, script);
    if (call === undefined || kind === 'generate')
        return undefined;
    const args = call.args.filter((arg) => !/^(--watch|--watchAll)(=|$)/.test(arg) && !(arg === '-w' && call.program !== 'prettier'));
    if (call.program === 'vitest') {
        const rest = args.filter((arg) => !/^(watch|dev|run|--ui(=.*)?)$/.test(arg));
        return changed(script, ['vitest', 'run', ...rest], 'watching', expansion);
    }
    if (call.program === 'ng')
        return changed(script, ['ng', ...args, '--watch=false'], 'watching', expansion);
    if (!['jest', 'mocha', 'ava', 'tsc', 'vue-tsc', 'tsgo', 'node', 'vite', 'rollup', 'webpack', 'tsup'].includes(call.program))
        return undefined;
    return changed(script, [call.program, ...args], 'watching', expansion);
}
const LONGEST_COMMAND = 1_000;
function changed(script, argv, without, expansion) {
    const text = argv.join(' ');
    if (text.length > LONGEST_COMMAND || /[\u0000-\u001f\u007f]/.test(text)) {
        return pass(script, `its command without ${without} does not fit into a line`, true);
    }
    const instead = { argv, reason: `package.json, script ${script} without ${without}` };
    return {
        use: 'changed',
        choice: { script, instead, expansion: { ...expansion, calls: [callOf(argv)] }, corrects: false },
    };
}
function callOf([program, ...args]) {
    return { program, args, environment: {}, isPlain: true };
}
function onlyCall(manifest, script) {
    const [call, ...others] = callsOf(manifest, script);
    const hasHooks = manifest.scripts.has(`pre${script}`) || manifest.scripts.has(`post${script}`);
    const isAlone = call !== undefined && others.length === 0 && !hasHooks;
    return isAlone && call.isPlain && Object.keys(call.environment).length === 0 ? call : undefined;
}

;// CONCATENATED MODULE: ./src/plan/tools.js




function owned({ facts }, name) {
    const found = facts.dependency(name);
    if (found === undefined)
        return undefined;
    if (!found.isOwn)
        return "a dependency of the workspace's root";
    return facts.manifest.runtimeDependencies.has(name) ? 'a dependency' : 'a devDependency';
}
function configFile({ facts }, pattern, field = '') {
    const file = facts.files.find((path) => pattern.test(path));
    return file ?? (field !== '' && fieldOf(facts.manifest.json, field) !== undefined ? 'package.json' : undefined);
}
const PRETTIER_CONFIG = /^(\.prettierrc(\..+)?|prettier\.config\.[cm]?[jt]s)$/;
const BIOME_CONFIG = /^\.?biome\.jsonc?$/;
function formatTool(question) {
    const { running, needsOwnConfig } = question;
    const done = running.find((call) => formatRole(call) === 'check');
    if (done !== undefined)
        return { none: `\`${done.program}\` of another task does it` };
    const candidates = [
        ['prettier', PRETTIER_CONFIG, 'prettier', ['prettier', '--check', '.'], needsOwnConfig],
        ['@biomejs/biome', BIOME_CONFIG, '', ['biome', 'format', '.'], true],
        ['dprint', /^\.?dprint\.jsonc?$/, '', ['dprint', 'check'], true],
        ['oxfmt', /^\.?oxfmtrc\.jsonc?$/, '', ['oxfmt', '--check'], needsOwnConfig],
    ];
    for (const [name, pattern, field, argv, needsConfig] of candidates) {
        const what = owned(question, name);
        const config = configFile(question, pattern, field);
        const isEnough = !needsConfig || (name === 'prettier' && question.facts.manifest.dependencies.has(name));
        if (what === undefined || (!isEnough && config === undefined))
            continue;
        return { argv, source: config ?? 'package.json', reason: `${isEnough ? what : config}, no script` };
    }
    return { none: 'no script, and no formatter among the dependencies' };
}
function lintTool(question) {
    const { facts, running, needsOwnConfig } = question;
    const done = running.find(isLint);
    if (done !== undefined)
        return { none: `\`${done.program}\` of another task does it` };
    const eslint = hasOwnEslintConfig(facts) && owned(question, 'eslint') !== undefined;
    if (eslint) {
        const name = facts.eslintConfig?.split('/').at(-1) ?? 'package.json';
        return { argv: ['eslint', '.'], source: name, reason: `${name}, no script` };
    }
    const biome = configFile(question, BIOME_CONFIG);
    if (biome !== undefined && owned(question, '@biomejs/biome') !== undefined) {
        return { argv: ['biome', 'ci', '.'], source: biome, reason: `${biome}, no script` };
    }
    const oxlint = configFile(question, /^\.oxlintrc\.json$/);
    if (owned(question, 'oxlint') !== undefined && (oxlint !== undefined || !needsOwnConfig)) {
        const source = oxlint ?? 'package.json';
        return { argv: ['oxlint'], source, reason: `${oxlint ?? owned(question, 'oxlint')}, no script` };
    }
    return { none: 'no script, and no linter that is both a dependency and configured' };
}
const NO_EMIT_BUILD = [5, 6];
function typecheckTool(question) {
    const { facts, running } = question;
    if (facts.tsconfig === undefined)
        return { none: 'no script, no tsconfig.json' };
    const done = running.find((call) => isTypeCheck(call) && checksWholeProject(call));
    if (done !== undefined)
        return { none: `\`${[done.program, ...done.args].join(' ')}\` of another task does it` };
    const reason = 'tsconfig.json, no script';
    const special = [
        ['vue-tsc', facts.tsconfig.isSolution ? ['vue-tsc', '-b', '--noEmit'] : ['vue-tsc', '--noEmit']],
        ['svelte-check', ['svelte-check']],
        ['@astrojs/check', ['astro', 'check']],
    ];
    const found = special.find(([name]) => facts.manifest.dependencies.has(name));
    if (found !== undefined)
        return { argv: found[1], source: 'tsconfig.json', reason };
    const typescript = facts.dependency('typescript');
    if (typescript === undefined)
        return { none: 'tsconfig.json, but typescript is not a dependency' };
    if (!facts.tsconfig.isSolution)
        return { argv: ['tsc', '--noEmit'], source: 'tsconfig.json', reason };
    if (isOlder(typescript.version, NO_EMIT_BUILD)) {
        return {
            none: `tsconfig.json only refers to others, which tsc checks without writing since TypeScript ${NO_EMIT_BUILD.join('.')}`,
        };
    }
    return { argv: ['tsc', '-b', '--noEmit'], source: 'tsconfig.json', reason: `${reason}; it refers to other projects` };
}
function checksWholeProject(call) {
    if (!hasFlag(call, '-p', '--project'))
        return operands(call).length === 0 || buildsReferences(call);
    return call.args.some((arg) => /^((-p|--project)=)?(\.\/?|(\.\/)?tsconfig\.json)$/.test(arg));
}
function isOlder(range, [major, minor]) {
    const found = /^[\^~=v]?(\d+)\.(\d+)/.exec(range);
    if (found === null)
        return false;
    const [, givenMajor, givenMinor] = found.map(Number);
    return (givenMajor ?? 0) < major || (givenMajor === major && (givenMinor ?? 0) < minor);
}
const OTHER_TESTERS = [
    'mocha',
    'ava',
    'tap',
    'tape',
    'uvu',
    'jasmine',
    'karma',
    '@japa/runner',
    '@playwright/test',
    'cypress',
];
function testTool(question) {
    const { facts, coverage } = question;
    const isConfigured = configFile(question, /^(vitest|vite|jest)\.config\./, 'jest') !== undefined;
    const hasRunner = (name) => facts.manifest.dependencies.has(name) || (isConfigured && facts.dependency(name));
    if (hasTestFiles(facts)) {
        if (hasRunner('vitest')) {
            const measured = coverage && ['v8', 'istanbul'].some((name) => facts.dependency(`@vitest/coverage-${name}`));
            const argv = measured ? ['vitest', 'run', '--coverage'] : ['vitest', 'run'];
            return { argv, source: 'package.json', reason: `${owned(question, 'vitest')}, no script` };
        }
        if (hasRunner('jest')) {
            const argv = coverage ? ['jest', '--coverage'] : ['jest'];
            return { argv, source: 'package.json', reason: `${owned(question, 'jest')}, no script` };
        }
    }
    const isNode = hasNodeTestFiles(facts) && !OTHER_TESTERS.some((name) => facts.manifest.dependencies.has(name));
    if (!isNode || hasRunner('vitest') || hasRunner('jest'))
        return { none: 'no script, and no test files with a known runner' };
    return { argv: ['node', '--test'], source: 'package.json', reason: 'test files, no script' };
}

;// CONCATENATED MODULE: ./src/plan/package-tasks.js







const TOOLS = [
    ['lint', lintTool],
    ['format', formatTool],
    ['typecheck', typecheckTool],
    ['test', testTool],
];
function tasksOfPackage(question, kinds) {
    const { facts, coverage, preferred } = question;
    const remarks = [];
    const drafts = [];
    for (const kind of kinds) {
        const choices = chooseScript(facts.manifest, kind, { coverage, preferred: preferred[kind] ?? [] });
        if (choices.choice !== undefined)
            drafts.push(scriptDraft(question, kind, choices.choice));
        remarks.push(...passedOver(question, kind, choices));
    }
    for (const [kind, choose] of TOOLS) {
        if (!kinds.includes(kind) || !question.tools.has(kind) || drafts.some((draft) => draft.kind === kind))
            continue;
        const running = [...question.running, ...drafts.flatMap(({ calls }) => calls)];
        const outcome = choose({ facts, running, needsOwnConfig: question.needsOwnConfig, coverage });
        if ('argv' in outcome)
            drafts.push(toolDraft(question, kind, outcome));
        else
            remarks.push({ directory: facts.directory, subject: kind, decision: 'nothing to run', reason: outcome.none });
    }
    remarks.push(...furtherTests(question, kinds, drafts));
    return { drafts, remarks };
}
function scriptDraft(question, kind, choice) {
    const { facts, packageManager } = question;
    const { extra = [], environment = {} } = question.handed[kind] ?? {};
    const shared = {
        kind,
        label: kind,
        facts,
        directory: facts.directory,
        source: 'package.json',
        scripts: choice.expansion.scripts,
        calls: choice.expansion.calls,
        corrects: choice.corrects,
        coversWorkspace: false,
        writesInstalledOnly: false,
        environment,
        script: choice.script,
    };
    if (choice.instead === undefined) {
        const command = scriptCommand(packageManager, choice.script, extra);
        return { ...shared, command, display: displayed(command), path: [], reason: 'package.json' };
    }
    const command = toolCommand(packageManager, [...choice.instead.argv, ...extra]);
    const path = programFolders(packageManager, facts.directory);
    return { ...shared, command, display: displayed(command), path, reason: choice.instead.reason };
}
function toolDraft({ facts, packageManager }, kind, tool) {
    const command = toolCommand(packageManager, tool.argv);
    const [program, ...args] = tool.argv;
    return {
        kind,
        label: kind,
        facts,
        directory: facts.directory,
        command,
        display: displayed(command),
        path: program === 'node' ? [] : programFolders(packageManager, facts.directory),
        environment: {},
        source: tool.source,
        reason: tool.reason,
        calls: [{ program, args, environment: {}, isPlain: true }],
        scripts: new Set(),
        corrects: false,
        writesInstalledOnly: false,
        coversWorkspace: false,
    };
}
function passedOver({ facts }, kind, { choice, passedOver: scripts }) {
    return scripts
        .filter(({ isLoss }) => choice === undefined || (isLoss && kind === 'test'))
        .map(({ script, reason, isLoss }) => {
        const remark = { directory: facts.directory, subject: kind, decision: `script \`${script}\` is not run`, reason };
        return isLoss ? { ...remark, notChecked: { subject: `script ${script}`, reason } } : remark;
    });
}
function furtherTests({ facts }, kinds, drafts) {
    if (!kinds.includes('test'))
        return [];
    const running = new Set(drafts.flatMap(({ scripts }) => [...scripts]));
    const left = [...facts.manifest.scripts.keys()].filter((name) => FURTHER_TESTS.test(name) && !running.has(name));
    return left.map((script) => ({
        directory: facts.directory,
        subject: 'test',
        decision: `script \`${script}\` is not run`,
        reason: 'tests beyond the unit tests',
        notChecked: { subject: `script ${script}`, reason: 'no task of the plan runs these tests' },
    }));
}
async function prismaTask(files, question, drafts, rootFacts) {
    const { facts } = question;
    const nothing = { drafts: [], remarks: [] };
    if (!facts.manifest.dependencies.has('@prisma/client') || facts.dependency('prisma') === undefined)
        return nothing;
    const schema = await prismaSchemaOf(files, facts.manifest, facts.files);
    if (schema === undefined)
        return nothing;
    const remark = (reason) => ({
        directory: facts.directory,
        subject: 'prisma generate',
        decision: 'not run by itself',
        reason,
    });
    const running = drafts.find(({ kind, calls }) => (kind === 'generate' || kind === 'build') && calls.some(generatesPrisma));
    if (running !== undefined)
        return { drafts: [], remarks: [remark(`the ${running.kind} script does it`)] };
    const installed = [facts, rootFacts].some(({ manifest }) => INSTALL_SCRIPTS.some((script) => expandScript(manifest, script).calls.some(generatesPrisma)));
    if (installed)
        return { drafts: [], remarks: [remark('an install script does it')] };
    const argv = ['prisma', 'generate', ...(schema.isFound ? [] : ['--schema', schema.path])];
    const draft = toolDraft(question, 'generate', { argv, source: schema.path, reason: `${schema.path}, no script` });
    const isSecond = drafts.some(({ kind, directory }) => kind === 'generate' && directory === facts.directory);
    const label = isSecond ? 'prisma-generate' : 'generate';
    return { drafts: [{ ...draft, label, writesInstalledOnly: !schema.writesSource }], remarks: [] };
}

;// CONCATENATED MODULE: ./src/plan/reads-build.js








const NO_USE = { reads: 'none', emitsTests: false };
const USUAL_OUTPUTS = ['dist', 'build', 'out', 'lib', 'es', 'esm', 'cjs', '.next', '.output', '.svelte-kit'];
const MOST_FILES = 300;
const MOST_FILES_IN_ALL = 20_000;
const LARGEST_TEST = 512 * 1024;
function readingBudget() {
    return { left: MOST_FILES_IN_ALL };
}
async function buildUse(files, facts, tasks, budget) {
    const compiled = await compiledBy(files, facts, tasks.build);
    const outputs = outputsOf(facts, compiled);
    const reads = await readsOf(files, facts, tasks.test, outputs, budget);
    return { reads, emitsTests: reads === 'none' && (await emitsTests(files, facts, tasks.test, compiled)) };
}
async function readsOf(files, facts, test, outputs, budget) {
    if (outputs.length === 0)
        return 'none';
    const inArguments = test.calls.some(({ args }) => args.some((arg) => outputs.some((folder) => isIn(folder, arg.replace(/^\.\//, '')))));
    const tests = testFilesOf(facts);
    if (tests.length > Math.min(MOST_FILES, budget.left))
        return 'files';
    budget.left -= tests.length;
    let use = inArguments ? 'files' : 'none';
    const ownName = hasBuiltEntry(facts) ? facts.manifest.name : undefined;
    const texts = await inBatches(tests, (path) => readTest(files, (0,plan_paths/* inFolder */._z)(facts.directory, path)), 8);
    for (const [index, text] of texts.entries()) {
        if (importsBuild(text, tests[index] ?? '', outputs, ownName))
            return 'imports';
        if (namesBuild(text, outputs))
            use = 'files';
    }
    return use;
}
async function readTest(files, path) {
    return (await files.read(path, LARGEST_TEST)) ?? '';
}
function isIn(folder, path) {
    return path === folder || path.startsWith(`${folder}/`);
}
async function compiledBy(files, facts, build) {
    const configs = [];
    for (const call of build.calls.filter(isCompiler)) {
        const index = call.args.findIndex((arg) => arg === '-p' || arg === '--project');
        const name = index === -1 ? 'tsconfig.json' : (call.args[index + 1] ?? 'tsconfig.json');
        const config = await readTsconfig(files, (0,plan_paths/* inFolder */._z)(facts.directory, name.endsWith('.json') ? name : `${name}/tsconfig.json`));
        if (config !== undefined)
            configs.push(config);
    }
    return configs;
}
function outputsOf(facts, compiled) {
    const configured = compiled.flatMap(({ outDir }) => outDir === undefined ? [] : [(0,plan_paths/* seenFrom */.ky)(facts.directory, outDir)]);
    const candidates = [...new Set([...configured, ...USUAL_OUTPUTS])].filter((folder) => folder !== '.' && !folder.startsWith('..'));
    return candidates.filter((folder) => !facts.files.some((path) => isIn(folder, path)));
}
const SEARCHING = new Set(['jest', 'vitest', 'node']);
async function emitsTests(files, facts, test, compiled) {
    const searches = test.calls.some((call) => SEARCHING.has(call.program) && operands(call).every((word) => word === 'run'));
    const emitting = compiled.filter(({ emits, outDir }) => emits === 'everything' && outDir !== undefined && (0,plan_paths/* isWithin */.UO)(facts.directory, outDir));
    const tests = testFilesOf(facts).map((path) => (0,plan_paths/* inFolder */._z)(facts.directory, path));
    const isEmitted = emitting.some(({ sources, excludes }) => {
        return (!/test|spec/.test(excludes.join(' ')) && tests.some((path) => sources.some((folder) => (0,plan_paths/* isWithin */.UO)(folder, path))));
    });
    if (!searches || !isEmitted)
        return false;
    const config = facts.files.find((path) => /^(vitest|vite|jest)\.config\.[cm]?[jt]s(on)?$/.test(path));
    const text = config === undefined ? '' : await readTest(files, (0,plan_paths/* inFolder */._z)(facts.directory, config));
    const inManifest = JSON.stringify(fieldOf(facts.manifest.json, 'jest') ?? '');
    return !/\b(roots|rootDir|testMatch|testRegex|include|exclude|dir|testPathIgnorePatterns|modulePathIgnorePatterns)\b/.test(text + inManifest);
}
function hasBuiltEntry({ manifest, files }) {
    const entries = ['main', 'module', 'types', 'typings', 'bin', 'exports'].flatMap((name) => pathsIn(fieldOf(manifest.json, name), 8));
    const known = new Set(files);
    return entries.slice(0, 500).some((entry) => {
        const path = external_node_path_.posix.normalize(entry);
        if (path.startsWith('..') || path.includes('*') || path === '.')
            return false;
        return !['', '.js', '.json', '/index.js'].some((ending) => known.has(`${path}${ending}`));
    });
}
function pathsIn(value, depth) {
    if (typeof value === 'string')
        return [value];
    if (typeof value !== 'object' || value === null || depth === 0)
        return [];
    return Object.values(value).flatMap((part) => pathsIn(part, depth - 1));
}
const IMPORT = /(?:\bfrom|\bimport|\brequire|\bimport\s*\(|\brequire\s*\(|\bresolve\s*\()\s*\(?\s*['"`]([^'"`\n]{1,300})['"`]/g;
function importsBuild(text, file, outputs, ownName) {
    for (const [, specifier = ''] of text.matchAll(IMPORT)) {
        if (ownName !== undefined && isIn(ownName, specifier))
            return true;
        if (!specifier.startsWith('.'))
            continue;
        const path = external_node_path_.posix.join(external_node_path_.posix.dirname(file), specifier);
        if (outputs.some((folder) => isIn(folder, path)))
            return true;
    }
    return false;
}
function namesBuild(text, outputs) {
    for (const [, quoted = ''] of text.matchAll(/['"`]((?:\.{0,2}\/)*[\w.-]{1,40})(?:\/[^'"`\n]*)?['"`]/g)) {
        const folder = quoted.replace(/^(\.{0,2}\/)+/, '');
        if (!outputs.includes(folder) || makesItself(text, folder))
            continue;
        if (quoted !== folder || folder === 'dist' || text.includes(`${quoted}/`))
            return true;
    }
    return false;
}
function makesItself(text, folder) {
    return [...text.matchAll(/\bmkdir(?:Sync|p)?\s*\(([^;\n]{0,200})/g)].some(([, args = '']) => args.includes(`'${folder}'`) || args.includes(`"${folder}"`));
}

// EXTERNAL MODULE: ./src/plan/types.js
var types = __webpack_require__(3679);
;// CONCATENATED MODULE: ./src/plan/focus-tasks.js







function tasksOfFocus(question, focus) {
    const { root, members, graph, ask } = question;
    const folders = dependenciesOf(focus.directory, graph);
    const dependencies = members.filter(({ directory }) => folders.has(directory));
    const { preferred, handed, covering } = handedByRoot(question);
    const own = tasksOfPackage(ask(focus, { preferred, handed, tools: new Set(types/* TASK_KINDS */.E) }), [...types/* TASK_KINDS */.E]);
    const remarks = own.remarks.map((remark) => explained(remark, own.drafts, covering));
    const built = dependencies.map((facts) => tasksOfPackage(ask(facts, { preferred, handed }), ['generate', 'build']));
    const drafts = [...own.drafts, ...built.flatMap((part) => part.drafts)];
    const rootBuild = covering.get('build');
    const unbuilt = dependencies.filter((facts) => hasBuiltEntry(facts) && !drafts.some(({ kind, directory }) => kind === 'build' && directory === facts.directory));
    if (rootBuild === undefined || unbuilt.length === 0)
        return { drafts, remarks, dependencies: folders };
    const kept = drafts.filter(({ kind, directory }) => kind !== 'build' || directory === focus.directory);
    const { choice } = chooseScript(root.manifest, 'build', { coverage: false });
    if (choice === undefined)
        return { drafts, remarks, dependencies: folders };
    const build = { ...scriptDraft(ask(root), 'build', choice), coversWorkspace: true };
    return {
        drafts: [...kept, build],
        remarks,
        dependencies: folders.size === 0 ? folders : new Set([...folders, root.directory]),
    };
}
function handedByRoot({ root, ask }) {
    const preferred = {};
    const handed = {};
    const covering = new Map();
    for (const kind of types/* TASK_KINDS */.E) {
        const { choice } = chooseScript(root.manifest, kind, { coverage: ask(root).coverage });
        if (choice === undefined)
            continue;
        const found = delegationOf(choice.expansion.calls, kind);
        if (found === undefined)
            covering.set(kind, choice.script);
        else {
            preferred[kind] = found.targets;
            handed[kind] = { extra: found.extra, environment: found.environment };
        }
    }
    return { preferred, handed, covering };
}
function explained(remark, drafts, covering) {
    const kind = types/* TASK_KINDS */.E.find((name) => name === remark.subject);
    const script = kind === undefined ? undefined : covering.get(kind);
    if (kind === undefined || script === undefined || ofKind(drafts, kind).length > 0)
        return remark;
    const reason = `the root’s \`${script}\` stands for the whole workspace and is not run for one package`;
    return { ...remark, reason, notChecked: { subject: kind, reason } };
}

;// CONCATENATED MODULE: ./src/plan/local-order.js


const WRITING_ORDER = ['generate', 'build', 'typecheck', 'test', 'lint', 'format'];
function by(...programs) {
    return ({ calls }) => calls.some((call) => programs.some(([name, word]) => call.program === name && word.test(operands(call)[0] ?? '')));
}
const readsTypes = ({ kind, facts }) => kind === 'typecheck' || (kind === 'lint' && facts.lintsWithTypes);
const readsCode = (draft) => draft.kind === 'test' || draft.kind === 'build' || readsTypes(draft);
const readsEverything = ({ kind }) => kind === 'typecheck' || kind === 'lint' || kind === 'test';
const SHARED = [
    { what: 'the Prisma client', writes: ({ calls }) => calls.some(generatesPrisma), reads: readsCode },
    { what: 'generated code', writes: writesGenerated, reads: readsCode },
    { what: '.next/types and next-env.d.ts', writes: by(['next', /^(build|typegen|dev)$/]), reads: readsTypes },
    {
        what: '.nuxt',
        writes: by(['nuxt', /^(build|generate|prepare|typecheck|analyze)$/], ['nuxi', /^(build|generate|prepare|typecheck|analyze)$/]),
        reads: readsEverything,
    },
    { what: '.svelte-kit', writes: writesSvelteKit, reads: readsEverything },
    {
        what: '.astro',
        writes: by(['astro', /^(build|sync|check)$/]),
        reads: (draft) => readsTypes(draft) || draft.kind === 'test',
    },
    { what: '.react-router', writes: by(['react-router', /^(build|typegen)$/]), reads: readsTypes },
    { what: 'the compiler’s output', writes: writesCompiled, reads: () => false },
];
function writesGenerated(draft, all) {
    if (draft.kind === 'generate')
        return true;
    const generators = all.flatMap(({ kind, script }) => (kind === 'generate' && script !== undefined ? [script] : []));
    return generators.some((script) => draft.scripts.has(script)) || draft.calls.some(generatesCode);
}
function writesSvelteKit(draft) {
    if (!draft.facts.manifest.dependencies.has('@sveltejs/kit'))
        return false;
    return by(['svelte-kit', /^sync$/], ['vite', /^build$/], ['vitest', /^/])(draft);
}
function writesCompiled(draft, all) {
    if (draft.kind !== 'build' && draft.kind !== 'typecheck')
        return false;
    const others = all.filter(({ kind }) => kind !== draft.kind && (kind === 'build' || kind === 'typecheck'));
    return draft.calls.some((call) => others.some((other) => other.calls.some((theirs) => writesSame(call, theirs, draft))));
}
function writesSame(call, theirs, { facts }) {
    if (!isCompiler(call) || !isCompiler(theirs))
        return false;
    if (buildsReferences(call) || buildsReferences(theirs))
        return true;
    if (projectOf(call) !== projectOf(theirs))
        return false;
    const bothWrite = [call, theirs].every((one) => !hasFlag(one, '--noEmit')) && facts.tsconfig?.emits !== 'nothing';
    return bothWrite || facts.tsconfig?.isIncremental === true;
}
function projectOf({ args }) {
    const index = args.findIndex((arg) => arg === '-p' || arg === '--project');
    return (index === -1 ? 'tsconfig.json' : (args[index + 1] ?? '')).replace(/^\.\//, '');
}
function waitsInPackage(drafts, use) {
    const waits = [...afterGenerators(drafts), ...afterCorrections(drafts)];
    for (const shared of SHARED)
        waits.push(...waitsFor(shared, drafts));
    const build = drafts.find(({ kind }) => kind === 'build');
    if (build !== undefined)
        waits.push(...afterBuild(drafts, build, use));
    return waits;
}
function afterGenerators(drafts) {
    const generators = drafts.filter(({ kind }) => kind === 'generate');
    const readers = drafts.filter(({ kind }) => kind !== 'generate');
    return readers.flatMap((task) => {
        const relevant = task.kind === 'format' ? generators.filter((draft) => !draft.writesInstalledOnly) : generators;
        return relevant.map((waitsFor) => ({ task, waitsFor, reason: '' }));
    });
}
function afterCorrections(drafts) {
    const correcting = drafts.filter(({ corrects }) => corrects);
    return correcting.flatMap((waitsFor) => drafts
        .filter((task) => task !== waitsFor && task.kind !== 'generate')
        .map((task) => ({ task, waitsFor, reason: `the script ${waitsFor.script ?? ''} corrects files while it runs` })));
}
function waitsFor({ what, writes, reads }, drafts) {
    const rank = ({ kind }) => WRITING_ORDER.indexOf(kind);
    const writers = drafts.filter((draft) => writes(draft, drafts)).sort((left, right) => rank(left) - rank(right));
    const last = writers.at(-1);
    if (last === undefined)
        return [];
    const chain = writers.slice(1).flatMap((task, index) => {
        const before = writers[index];
        const isPair = before === undefined || (before.kind === 'generate' && task.kind === 'generate');
        return isPair ? [] : [{ task, waitsFor: before, reason: `both write ${what}` }];
    });
    const readers = drafts.filter((draft) => reads(draft) && !writers.includes(draft) && last.kind !== 'generate');
    return [...chain, ...readers.map((task) => ({ task, waitsFor: last, reason: `it reads ${what}` }))];
}
function afterBuild(drafts, build, use) {
    const again = drafts.filter((task) => task !== build && build.script !== undefined && task.scripts.has(build.script));
    const waits = again.map((task) => ({ task, waitsFor: build, reason: 'it runs the build script as well' }));
    const tests = drafts.filter(({ kind }) => kind === 'test');
    if (use.reads === 'none') {
        const reason = 'it compiles test files to where the tests are looked for';
        return use.emitsTests ? [...waits, ...tests.map((waitsFor) => ({ task: build, waitsFor, reason }))] : waits;
    }
    const readers = drafts.filter(({ kind }) => kind === 'test' || (kind === 'typecheck' && use.reads === 'imports'));
    return [
        ...waits,
        ...readers.map((task) => ({ task, waitsFor: build, reason: 'the tests read what the build writes' })),
    ];
}
function withoutCircles(waits) {
    const before = new Map();
    const reaches = (from, to) => {
        return from === to || [...(before.get(from) ?? [])].some((next) => reaches(next, to));
    };
    const kept = [];
    for (const wait of waits) {
        if (reaches(wait.waitsFor, wait.task))
            continue;
        const known = before.get(wait.task) ?? new Set();
        if (!known.has(wait.waitsFor))
            kept.push(wait);
        before.set(wait.task, known.add(wait.waitsFor));
    }
    return kept;
}

;// CONCATENATED MODULE: ./src/plan/root-order.js



function rootWaits(drafts, root, graph) {
    const covering = drafts.filter(({ coversWorkspace }) => coversWorkspace);
    return [
        ...covering.filter(({ corrects }) => corrects).flatMap((task) => aroundCorrections(task, drafts)),
        ...covering.filter(({ corrects }) => !corrects).flatMap((task) => beforeCovering(task, drafts)),
        ...oneByOne(covering, ofKind(drafts, 'build')),
        ...afterRootGenerators(drafts, root, graph),
    ];
}
function aroundCorrections(first, drafts) {
    return drafts.filter((task) => !(task.coversWorkspace && task.corrects)).map((task) => [task, [first]]);
}
function beforeCovering(task, drafts) {
    const generators = ofKind(drafts, 'generate');
    if (task.kind === 'format')
        return [[task, generators.filter(({ writesInstalledOnly }) => !writesInstalledOnly)]];
    const readsBuilds = task.kind === 'typecheck' || task.kind === 'test' || (task.kind === 'lint' && task.facts.lintsWithTypes);
    return [[task, [...generators, ...(readsBuilds ? ofKind(drafts, 'build') : [])]]];
}
const ONE_BY_ONE = ['generate', 'build', 'typecheck', 'test', 'lint', 'format'];
function oneByOne(covering, builds) {
    const alone = covering
        .filter(({ calls, corrects }) => !corrects && calls.some(runsPackages))
        .sort((left, right) => ONE_BY_ONE.indexOf(left.kind) - ONE_BY_ONE.indexOf(right.kind));
    return alone.map((task, index) => [task, [...(task.kind === 'build' ? [] : builds), ...alone.slice(0, index)]]);
}
function afterRootGenerators(drafts, root, graph) {
    const generators = ofKind(drafts, 'generate').filter(({ directory }) => directory === root);
    if (generators.length === 0)
        return [];
    const before = dependenciesOf(root, graph);
    return drafts
        .filter(({ directory }) => directory !== root && !before.has(directory))
        .map((task) => [task, generators]);
}

;// CONCATENATED MODULE: ./src/plan/running-order.js
function runningOrder(tasks, waits) {
    const needs = new Map(tasks.map((task) => [task, waits.get(task) ?? new Set()]));
    const freed = new Map(tasks.map((task) => [task, []]));
    for (const [task, others] of needs)
        for (const other of others)
            freed.get(other)?.push(task);
    const waiting = new Map([...needs].map(([task, others]) => [task, others.size]));
    const sorted = new Set();
    const released = [];
    let ready = tasks.filter((task) => waiting.get(task) === 0);
    while (sorted.size < tasks.length) {
        for (const task of ready)
            sorted.add(task);
        const next = ready.flatMap((task) => freed.get(task) ?? []);
        ready = next.filter((task) => {
            const left = (waiting.get(task) ?? 0) - 1;
            waiting.set(task, left);
            return left === 0 && !sorted.has(task);
        });
        const first = ready.length > 0 ? undefined : tasks.find((task) => !sorted.has(task));
        if (first === undefined)
            continue;
        released.push(first);
        needs.set(first, new Set([...(needs.get(first) ?? [])].filter((other) => sorted.has(other))));
        ready = [first];
    }
    return { tasks: [...sorted], needs, released };
}

;// CONCATENATED MODULE: ./src/plan/order.js





const MOST_NEEDS = 500_000;
function orderTasks(question) {
    const { drafts, graph, root } = question;
    const needs = new Map(drafts.map((draft) => [draft, new Set()]));
    const fromRoot = rootWaits(drafts, root, graph);
    const inside = waitsInside(question, fromRoot);
    const waits = [
        ...waitsBetween(question),
        ...inside.map(({ task, waitsFor }) => [task, [waitsFor]]),
        ...fromRoot,
    ];
    let count = 0;
    for (const [task, others] of waits) {
        const known = needs.get(task);
        for (const other of others)
            if (other !== task)
                known?.add(other);
        count += others.length;
        if (count > MOST_NEEDS)
            throw tooManyWaits();
    }
    const order = runningOrder(drafts, needs);
    return {
        drafts: order.tasks,
        needs: order.needs,
        told: inside.filter(({ reason }) => reason !== ''),
        released: order.released,
    };
}
function rootBuildOf(drafts) {
    return drafts.find(({ kind, coversWorkspace }) => kind === 'build' && coversWorkspace);
}
function waitsInside({ drafts, buildUse, declared, root }, fromRoot) {
    const rootBuild = rootBuildOf(drafts);
    return [...byPackage(drafts)].flatMap(([folder, own]) => {
        const isBuiltByRoot = rootBuild !== undefined && !own.includes(rootBuild);
        const all = isBuiltByRoot ? [...own, rootBuild] : own;
        const settled = folder === root ? settledAmong(own, fromRoot) : [];
        const waits = withoutCircles([
            ...settled,
            ...waitsInPackage(all, buildUse(folder)),
            ...declaredWaits(own, declared),
        ]);
        return waits.filter((wait) => {
            return own.includes(wait.task) && !settled.includes(wait) && (!comesLast(wait.waitsFor) || comesLast(wait.task));
        });
    });
}
function comesLast({ coversWorkspace, corrects, kind }) {
    return coversWorkspace && !corrects && kind !== 'build';
}
function settledAmong(own, fromRoot) {
    return fromRoot.flatMap(([task, others]) => {
        if (!own.includes(task))
            return [];
        return others.filter((other) => own.includes(other)).map((waitsFor) => ({ task, waitsFor, reason: '' }));
    });
}
function declaredWaits(own, declared) {
    return own.flatMap((task) => {
        const { script = '', facts } = task;
        const entries = [
            ...(declared.get(script) ?? []),
            ...(declared.get(`${facts.manifest.name ?? ''}#${script}`) ?? []),
        ];
        return entries.flatMap((entry) => {
            const waitsFor = own.find((other) => other.script === entry && isProvided(other));
            return waitsFor === undefined || waitsFor === task
                ? []
                : [{ task, waitsFor, reason: 'the project’s task runner says so' }];
        });
    });
}
function isProvided({ kind }) {
    return kind === 'build' || kind === 'generate';
}
function waitsBetween({ drafts, graph, root, declared }) {
    const grouped = byPackage(drafts);
    const rootBuild = rootBuildOf(drafts);
    const position = new Map(graph.order.map((folder, index) => [folder, index]));
    const provided = new Map();
    return graph.order.flatMap((folder, index) => {
        const own = grouped.get(folder) ?? [];
        const before = (graph.dependencies.get(folder) ?? []).filter((other) => (position.get(other) ?? index) < index);
        const fromOthers = new Set(before.flatMap((other) => [...(provided.get(other) ?? [])]));
        provided.set(folder, providedBy(own, folder === root ? undefined : rootBuild, fromOthers));
        const generated = rootBuild === undefined
            ? [...fromOthers]
            : before.flatMap((other) => ofKind(grouped.get(other) ?? [], 'generate'));
        return own
            .filter((task) => waitsForOthers(task, declared))
            .map((task) => [task, task.kind === 'generate' || task === rootBuild ? generated : [...fromOthers]]);
    });
}
function providedBy(own, rootBuild, fromOthers) {
    const build = ofKind(own, 'build')[0] ?? rootBuild;
    if (build !== undefined)
        return new Set([build]);
    const generators = ofKind(own, 'generate');
    return generators.length > 0 ? new Set(generators) : fromOthers;
}
function waitsForOthers({ kind, facts, script, corrects, coversWorkspace }, declared) {
    if (kind === 'format' || (corrects && coversWorkspace))
        return false;
    if (kind !== 'lint')
        return true;
    return (facts.lintsWithTypes ||
        (declared.get(script ?? '') ?? []).some((entry) => /^\^(build|generate|codegen)/.test(entry)));
}
function tooManyWaits() {
    return new errors/* ConfigurationError */.j1({
        code: 'PIPE-PLAN-008',
        what: 'the packages of the workspace depend on each other too often to be planned',
        given: `more than ${MOST_NEEDS} pairs of tasks that wait for each other`,
        accepted: `at most ${MOST_NEEDS}`,
        remedy: 'check a part of the workspace with `working-directory`',
        state: 'nothing was planned',
    });
}

;// CONCATENATED MODULE: ./src/plan/patterns.js

const MOST_PATTERNS = 500;
const LONGEST_PATTERN = 512;
const MOST_ALTERNATIVES = 2_000;
function readPatterns(patterns, base, rules) {
    if (patterns.length > MOST_PATTERNS)
        return { problem: `${patterns.length} patterns, ${MOST_PATTERNS} at most` };
    let lines = [];
    const escaping = [];
    for (const pattern of patterns) {
        const taken = /^!+/.exec(pattern)?.[0].length ?? 0;
        const written = alternatives(pattern.slice(taken), MOST_ALTERNATIVES - lines.length);
        if (typeof written === 'string')
            return { problem: written };
        for (const alternative of written) {
            const path = pathOf(rules.takesBack ? alternative.replace(/^\/+/, '') : alternative, base);
            if (path === undefined)
                escaping.push(pattern);
            else
                lines = withPattern(lines, path, taken % 2 === 1, rules);
        }
    }
    return { matches: (folder) => isMember(lines, folder === '.' ? [] : folder.split('/')), escaping };
}
function withPattern(lines, path, takesOut, rules) {
    const takesBack = rules.takesBack && !takesOut;
    const kept = takesBack ? lines.filter((line) => !line.takesOut || !matchesParts(line.parts, path)) : lines;
    return [...kept, { takesOut, parts: partsOf(path) }];
}
function isMember(lines, folder) {
    const isTaken = lines.some(({ takesOut, parts }) => takesOut && matchesParts(parts, folder));
    return !isTaken && lines.some(({ takesOut, parts }) => !takesOut && matchesParts(parts, folder));
}
function alternatives(pattern, room) {
    if (pattern.length > LONGEST_PATTERN)
        return `a pattern of ${pattern.length} characters, ${LONGEST_PATTERN} at most`;
    if (/[\u0000-\u001f\u007f\\]/.test(pattern))
        return 'a pattern with a control character or a backslash';
    if (/[@!+?*]\(/.test(pattern))
        return 'a pattern with an extended group such as @(a|b); `{a,b}` says the same';
    let written = [pattern];
    for (;;) {
        const open = written.findIndex((candidate) => /\{[^{}]*\}/.test(candidate));
        if (open === -1)
            return written;
        const candidate = written[open] ?? '';
        const group = /\{([^{}]*)\}/.exec(candidate);
        const choices = (group?.[1] ?? '').split(',');
        if (written.length + choices.length > room)
            return `patterns with more than ${MOST_ALTERNATIVES} alternatives`;
        const [before, after] = [
            candidate.slice(0, group?.index),
            candidate.slice((group?.index ?? 0) + (group?.[0].length ?? 0)),
        ];
        written = written.toSpliced(open, 1, ...choices.map((choice) => `${before}${choice}${after}`));
    }
}
function pathOf(pattern, base) {
    if (pattern.startsWith('/'))
        return undefined;
    const path = external_node_path_.posix.normalize(external_node_path_.posix.join(base, pattern)).replace(/\/$/, '');
    if (path === '..' || path.startsWith('../'))
        return undefined;
    return path === '.' ? [] : path.split('/');
}
function partsOf(path) {
    const parts = path.map((name) => (name === '**' ? '**' : piecesOf(name)));
    return parts.filter((part, index) => part !== '**' || parts[index - 1] !== '**');
}
function piecesOf(name) {
    return [...name.matchAll(/(\*+)|(\?)|\[([!^]?)([^\]]+)\]|([\s\S])/g)].map(([, stars, one, not, set, character]) => {
        if (stars !== undefined)
            return '*';
        if (one !== undefined)
            return '?';
        return set === undefined ? { character: character ?? '' } : { set, isNot: not !== '' };
    });
}
function matchesParts(pattern, path) {
    let reached = [true, ...path.map(() => false)];
    for (const part of pattern) {
        const next = path.map(() => false);
        if (part === '**') {
            let open = false;
            reached = [...reached.keys()].map((index) => {
                const isHidden = index > 0 && (path[index - 1] ?? '').startsWith('.');
                open = (open && !isHidden) || reached[index] === true;
                return open;
            });
            continue;
        }
        for (const [index, name] of path.entries())
            next[index] = reached[index] === true && matchesName(part, name);
        reached = [false, ...next];
    }
    return reached.at(-1) === true;
}
function matchesName(pieces, name) {
    const first = pieces[0];
    if (name.startsWith('.') && !(typeof first === 'object' && 'character' in first && first.character === '.'))
        return false;
    let [piece, index, star, resume] = [0, 0, -1, 0];
    while (index < name.length) {
        const current = pieces[piece];
        if (current === '*') {
            [star, resume] = [piece, index];
            piece += 1;
        }
        else if (current !== undefined && matchesCharacter(current, name.charAt(index))) {
            piece += 1;
            index += 1;
        }
        else if (star !== -1) {
            resume += 1;
            [piece, index] = [star + 1, resume];
        }
        else
            return false;
    }
    return pieces.slice(piece).every((rest) => rest === '*');
}
function matchesCharacter(piece, character) {
    if (piece === '?')
        return true;
    if ('character' in piece)
        return piece.character === character;
    for (let index = 0; index < piece.set.length; index += 1) {
        const from = piece.set.charAt(index);
        const isRange = piece.set.charAt(index + 1) === '-' && index + 2 < piece.set.length;
        const to = isRange ? piece.set.charAt(index + 2) : from;
        if (character >= from && character <= to)
            return !piece.isNot;
        if (isRange)
            index += 2;
    }
    return piece.isNot;
}

;// CONCATENATED MODULE: ./src/plan/workspace-tasks.js








const ALL = new Set(types/* TASK_KINDS */.E);
const PLANNING_ORDER = ['generate', 'build', 'lint', 'format', 'typecheck', 'test'];
function tasksOfWorkspace(question) {
    const drafts = [];
    const remarks = [];
    for (const kind of PLANNING_ORDER) {
        const found = tasksOfKind(question, kind, drafts);
        drafts.push(...found.drafts);
        remarks.push(...found.remarks);
    }
    return { drafts, remarks };
}
function tasksOfKind(question, kind, sofar) {
    const { root, ask } = question;
    const rootQuestion = ask(root);
    const { choice } = chooseScript(root.manifest, kind, { coverage: rootQuestion.coverage });
    const say = (decision, reason) => ({ directory: root.directory, subject: kind, decision, reason });
    if (choice === undefined)
        return ownTasks(question, kind, sofar);
    const handed = question.hasNxTasks && choice.expansion.calls.some(({ program }) => program === 'nx')
        ? undefined
        : delegationOf(choice.expansion.calls, kind);
    if (handed !== undefined) {
        const found = handedTasks(question, kind, handed);
        if (found.drafts.length > 0) {
            const line = say('the packages’ own scripts, in the order of their dependencies', `the root’s \`${choice.script}\` only hands over, with ${handed.tool}`);
            return { drafts: found.drafts, remarks: [line, ...found.remarks] };
        }
    }
    const own = tasksOfPackage(rootQuestion, [kind]);
    const draft = scriptDraft(rootQuestion, kind, choice);
    if (kind === 'generate' || isPackageOfItsOwn(question, kind)) {
        const others = ownTasks(question, kind, [...sofar, draft]);
        return { drafts: [draft, ...others.drafts], remarks: [...own.remarks, ...others.remarks] };
    }
    const count = question.members.filter(({ manifest }) => chooseScript(manifest, kind, { coverage: rootQuestion.coverage }).choice !== undefined).length;
    const again = say(`the packages’ own scripts are not run again (${count} of them)`, `the root’s \`${choice.script}\` stands for the whole workspace`);
    return { drafts: [{ ...draft, coversWorkspace: true }], remarks: [...own.remarks, ...(count > 0 ? [again] : [])] };
}
function isPackageOfItsOwn({ root, graph, members }, kind) {
    if (kind !== 'build' && kind !== 'typecheck' && kind !== 'test')
        return false;
    const names = new Map(members.map(({ manifest, directory }) => [directory, manifest.name ?? '']));
    return (graph.dependencies.get(root.directory) ?? []).some((directory) => {
        return root.manifest.runtimeDependencies.has(names.get(directory) ?? '');
    });
}
function ownTasks(question, kind, sofar) {
    const { root, members, ask } = question;
    const grouped = byPackage(sofar);
    const own = (facts, needsOwnConfig) => {
        const others = (grouped.get(facts.directory) ?? []).filter((draft) => draft.kind !== kind);
        return tasksOfPackage(ask(facts, { tools: ALL, needsOwnConfig, running: others.flatMap(({ calls }) => calls) }), [
            kind,
        ]);
    };
    const found = members.map((facts) => own(facts, true));
    const drafts = found.flatMap((part) => part.drafts);
    const remarks = found.flatMap((part) => part.remarks).filter(({ decision }) => decision !== 'nothing to run');
    const hasRoot = (grouped.get(root.directory) ?? []).some((draft) => draft.kind === kind);
    if (drafts.length > 0 || hasRoot)
        return { drafts, remarks };
    const atRoot = own(root, false);
    return {
        drafts: atRoot.drafts.map((draft) => ({ ...draft, coversWorkspace: true })),
        remarks: [...remarks, ...atRoot.remarks],
    };
}
function handedTasks(question, kind, handed) {
    const selected = selectedBy(question, handed.selectors);
    const extra = kind === 'lint' || kind === 'format' ? withoutFixes(handed.extra) : handed.extra;
    const rest = {
        preferred: { [kind]: handed.targets },
        handed: { [kind]: { extra, environment: handed.environment } },
    };
    const found = question.members
        .filter(({ directory, manifest }) => selected(directory) && handed.targets.some((target) => manifest.scripts.has(target)))
        .map((facts) => tasksOfPackage(question.ask(facts, rest), [kind]));
    const left = question.members.filter(({ directory, manifest }) => !selected(directory) && handed.targets.some((target) => manifest.scripts.has(target)));
    const remarks = left.map(({ directory }) => ({
        directory,
        subject: kind,
        decision: `script \`${handed.targets.join('`, `')}\` is not run`,
        reason: 'the root’s script does not select this package',
        notChecked: { subject: kind, reason: 'the root’s script does not select it' },
    }));
    return {
        drafts: found.flatMap((part) => part.drafts),
        remarks: [...found.flatMap((part) => part.remarks), ...remarks],
    };
}
function selectedBy({ members, graph, root }, selectors) {
    const chosen = selectors.filter((selector) => !selector.startsWith('!'));
    const leftOut = selectors.filter((selector) => selector.startsWith('!')).map((selector) => selector.slice(1));
    const meant = (selector) => {
        const isAll = selector === '*' || selector.startsWith('...') || /^\[.*\]$/.test(selector);
        const name = selector
            .replace(/\[.*\]$/, '')
            .replace(/\^?\.\.\.$/, '')
            .replace(/^\{(.*)\}$/, './$1');
        const matches = matcherOf(name, root.directory);
        const found = members.filter(({ directory, manifest }) => isAll || matches(directory, manifest.name ?? ''));
        const folders = found.map(({ directory }) => directory);
        const below = selector.endsWith('...') ? folders.flatMap((folder) => [...dependenciesOf(folder, graph)]) : [];
        return new Set([...folders, ...below]);
    };
    const included = chosen.length === 0 ? undefined : new Set(chosen.flatMap((selector) => [...meant(selector)]));
    const excluded = new Set(leftOut.flatMap((selector) => [...meant(selector)]));
    return (directory) => (included === undefined || included.has(directory)) && !excluded.has(directory);
}
function matcherOf(selector, root) {
    const rules = { takesBack: false };
    if (selector.startsWith('.')) {
        const patterns = readPatterns([selector], root, rules);
        return (directory) => 'matches' in patterns && patterns.matches(directory);
    }
    const patterns = readPatterns([selector.replaceAll('/', ':')], '.', rules);
    return (_, name) => 'matches' in patterns && patterns.matches(name.replaceAll('/', ':'));
}

;// CONCATENATED MODULE: ./src/plan/choose-tasks.js














async function chooseTasks(files, project, coverage) {
    const manifests = [project.root, ...project.members];
    const facts = await gatherFacts(files, project);
    const graph = graphOf(manifests, await rangeCheck(project));
    const question = questionOf(files, project, facts, graph, coverage);
    const chosen = chooseFor(question, project, facts);
    const prisma = await prismaTasks(files, question, chosen.drafts, chosen.folders);
    const { drafts, remarks } = withoutRepetition([...chosen.drafts, ...prisma.drafts]);
    const ordered = orderTasks({
        drafts: inReadingOrder(drafts),
        graph,
        root: project.root.directory,
        buildUse: await buildUses(files, drafts),
        declared: await declaredOrder(files, project.root.directory),
    });
    return {
        packages: packagesOf(project, graph, chosen),
        ordered,
        remarks: [
            ...chosen.remarks,
            ...prisma.remarks,
            ...remarks,
            ...missing(drafts, project, coverage),
            ...ordered.released.map(({ directory, kind }) => ({
                directory,
                subject: kind,
                decision: 'does not wait',
                reason: 'it and others would wait for each other in a circle',
            })),
        ],
        decisions: graph.cycles.map((cycle) => ({
            subject: 'dependencies',
            decision: `a circle: ${(0,plan_paths/* namedList */.wO)(cycle)}`,
            reason: 'these packages depend on each other; their builds run one after the other, by folder',
        })),
    };
}
async function rangeCheck({ root, members }) {
    const names = new Set(members.map(({ name }) => name));
    const hasRange = [root, ...members].some(({ dependencies }) => [...dependencies].some(([name, range]) => names.has(name) && /\d/.test(range)));
    if (!hasRange)
        return () => true;
    const { default: semver } = await __webpack_require__.e(/* import() */ 978).then(__webpack_require__.t.bind(__webpack_require__, 4978, 19));
    return (version, range) => semver.validRange(range) === null || semver.satisfies(version, range, { includePrerelease: true });
}
function questionOf(files, project, facts, graph, coverage) {
    const factsOf = (directory) => {
        const found = facts.get(directory);
        if (found === undefined)
            throw new TypeError(`no facts were gathered for ${directory}`);
        return found;
    };
    const { root, members, packageManager } = project;
    const hasPlugins = files.has((0,plan_paths/* inFolder */._z)(root.directory, 'nx.json'));
    const hasTargets = files.paths.some((path) => path.endsWith('/project.json') || path === 'project.json');
    const plain = { packageManager: packageManager.name, coverage, preferred: {}, handed: {}, running: [] };
    return {
        root: factsOf(root.directory),
        members: members.map(({ directory }) => factsOf(directory)),
        graph,
        hasNxTasks: hasPlugins && hasTargets,
        ask: (about, rest = {}) => ({
            ...plain,
            tools: new Set(),
            needsOwnConfig: true,
            facts: about,
            ...rest,
        }),
    };
}
function chooseFor(question, project, facts) {
    const { root, focus, members } = project;
    if (members.length === 0) {
        const tasks = tasksOfPackage(question.ask(question.root, { tools: new Set(types/* TASK_KINDS */.E), needsOwnConfig: false }), [
            ...types/* TASK_KINDS */.E,
        ]);
        return { ...tasks, folders: new Map([[root.directory, true]]) };
    }
    const focused = facts.get(focus.directory);
    if (focus === root || focused === undefined) {
        const all = [root, ...members].map(({ directory }) => [directory, true]);
        return { ...tasksOfWorkspace(question), folders: new Map(all) };
    }
    const tasks = tasksOfFocus(question, focused);
    const folders = [...tasks.dependencies].map((directory) => [directory, false]);
    return { ...tasks, folders: new Map([...folders, [focus.directory, true]]) };
}
async function prismaTasks(files, question, drafts, folders) {
    const { root, members, ask } = question;
    const found = { drafts: [], remarks: [] };
    const grouped = byPackage(drafts);
    const ofRoot = grouped.get(root.directory) ?? [];
    for (const facts of [root, ...members]) {
        if (!folders.has(facts.directory))
            continue;
        const related = facts === root ? ofRoot : [...(grouped.get(facts.directory) ?? []), ...ofRoot];
        const { drafts: added, remarks } = await prismaTask(files, ask(facts), related, root);
        found.drafts.push(...added);
        found.remarks.push(...remarks);
    }
    return found;
}
function withoutRepetition(drafts) {
    const builds = new Map(ofKind(drafts, 'build').map((draft) => [draft.directory, draft]));
    const isRepeated = ({ kind, script, directory }) => kind === 'generate' && script !== undefined && builds.get(directory)?.scripts.has(script) === true;
    const remarks = drafts.filter(isRepeated).map(({ directory, script }) => ({
        directory,
        subject: 'generate',
        decision: `\`${script}\` is not run by itself`,
        reason: 'the build script runs it',
    }));
    return { drafts: drafts.filter((draft) => !isRepeated(draft)), remarks };
}
function inReadingOrder(drafts) {
    const rank = ({ kind }) => types/* TASK_KINDS */.E.indexOf(kind);
    return [...drafts].sort((left, right) => rank(left) - rank(right) || (left.directory < right.directory ? -1 : 1));
}
async function buildUses(files, drafts) {
    const budget = readingBudget();
    const builds = new Map(ofKind(drafts, 'build').map((draft) => [draft.directory, draft]));
    const rootBuild = drafts.find(({ kind, coversWorkspace }) => kind === 'build' && coversWorkspace);
    const tests = ofKind(drafts, 'test').filter(({ coversWorkspace }) => !coversWorkspace);
    const useOf = async (test) => {
        const build = builds.get(test.directory) ?? rootBuild;
        const use = build === undefined ? NO_USE : await buildUse(files, test.facts, { test, build }, budget);
        return [test.directory, use];
    };
    const uses = new Map(await inBatches(tests, useOf, 8));
    return (directory) => uses.get(directory) ?? NO_USE;
}
function packagesOf(project, graph, { folders }) {
    return [project.root, ...project.members].flatMap(({ name, directory }) => {
        const checked = folders.get(directory);
        if (checked === undefined)
            return [];
        return [{ name: name ?? directory, directory, dependsOn: graph.dependencies.get(directory) ?? [], checked }];
    });
}
function missing(drafts, { focus }, coverage) {
    const remarks = [];
    const { directory } = focus;
    if (ofKind(drafts, 'build').length === 0) {
        remarks.push({ directory, subject: 'build', decision: 'nothing to run', reason: 'no script' });
    }
    for (const test of coverage ? ofKind(drafts, 'test') : []) {
        const measures = COVERAGE_NAMES.includes(test.script ?? '') ||
            test.calls.some((call) => hasFlag(call, '--coverage') || ['c8', 'nyc'].includes(call.program));
        const reason = 'no script such as test:coverage';
        if (!measures)
            remarks.push({
                directory: test.directory,
                subject: 'coverage',
                decision: 'asked for, the tests run without it',
                reason,
            });
    }
    return remarks;
}

// EXTERNAL MODULE: ./src/plan/decisions.js
var decisions = __webpack_require__(289);
;// CONCATENATED MODULE: ./src/plan/found.js


const MOST = 100;
const LANGUAGES = [
    ['go', /(^|\/)go\.mod$/],
    ['rust', /(^|\/)Cargo\.toml$/],
    ['java', /(^|\/)(pom\.xml|build\.gradle(\.kts)?)$/],
    ['ruby', /(^|\/)Gemfile$/],
    ['php', /(^|\/)composer\.json$/],
    ['.net', /(^|\/)[^/]+\.(csproj|fsproj|sln)$/],
    ['elixir', /(^|\/)mix\.exs$/],
    ['dart', /(^|\/)pubspec\.yaml$/],
    ['deno', /(^|\/)deno\.jsonc?$/],
];
const PYTHON = /(^|\/)(pyproject\.toml|requirements[\w.-]*\.(txt|in)|setup\.py|setup\.cfg|Pipfile)$/;
const DOCKERFILE = /(^|\/)((Dockerfile|Containerfile)([.-][\w.-]+)?|[\w.-]+\.(Dockerfile|dockerfile))$/;
const COMPOSE = /(^|\/)(docker-)?compose([.-][\w.-]+)?\.ya?ml$/;
function findOthers(files, workingDirectory) {
    const paths = files.paths.filter((path) => (0,plan_paths/* isWithin */.UO)(workingDirectory, path) || (0,plan_paths/* isWithin */.UO)((0,plan_paths/* folderOf */.yS)(path), workingDirectory));
    const like = (pattern) => paths.filter((path) => pattern.test(path)).slice(0, MOST);
    const languages = LANGUAGES.map(([language, pattern]) => ({ language, files: like(pattern) }));
    return {
        dockerfiles: like(DOCKERFILE).filter((path) => !path.endsWith('.dockerignore')),
        composeFiles: like(COMPOSE),
        prismaSchemas: prismaSchemasIn(paths).slice(0, MOST),
        firebase: like(/(^|\/)firebase\.json$/),
        vercel: like(/(^|\/)vercel\.json$/),
        playwright: like(/(^|\/)playwright(-ct)?\.config\.[cm]?[jt]s$/),
        python: like(PYTHON),
        other: languages.filter((language) => language.files.length > 0),
    };
}
function hasOtherLanguage({ python, other }) {
    return python.length > 0 || other.length > 0;
}
function foundDecisions(found) {
    const line = (subject, paths, decision = 'found') => paths.length === 0 ? [] : [{ subject, decision, reason: (0,plan_paths/* namedList */.wO)(paths) }];
    return [
        ...line('docker', found.dockerfiles),
        ...line('compose', found.composeFiles),
        ...line('prisma', found.prismaSchemas),
        ...line('firebase', found.firebase),
        ...line('vercel', found.vercel),
        ...line('playwright', found.playwright, 'found, run by `smoke`, not by the checks'),
        ...line('python', found.python, NOT_CHECKED),
        ...found.other.flatMap(({ language, files }) => line(language, files, NOT_CHECKED)),
    ];
}
const NOT_YET = 'found, not available yet in this version';
const NOT_CHECKED = 'found, not checked by this workflow';
function foundNotChecked(found) {
    const languages = [...(found.python.length > 0 ? ['python'] : []), ...found.other.map(({ language }) => language)];
    const playwright = { subject: 'playwright', reason: 'found, run by `smoke`, not by the checks' };
    return [
        ...(found.dockerfiles.length > 0
            ? [{ subject: 'image', reason: `${(0,plan_paths/* namedList */.wO)(found.dockerfiles)}: ${NOT_YET}` }]
            : []),
        ...(found.prismaSchemas.length > 0
            ? [{ subject: 'migration', reason: `${(0,plan_paths/* namedList */.wO)(found.prismaSchemas)}: ${NOT_YET}` }]
            : []),
        ...(found.playwright.length > 0 ? [playwright] : []),
        ...languages.map((subject) => ({ subject, reason: NOT_CHECKED })),
    ];
}

;// CONCATENATED MODULE: ./src/plan/manifest.js



const FORMAT = 'https://docs.npmjs.com/cli/configuring-npm/package-json';
const LONGEST_NAME = 214;
async function readManifest(files, directory) {
    const path = (0,plan_paths/* inFolder */._z)(directory, 'package.json');
    const text = await files.read(path);
    if (text === undefined)
        return undefined;
    const parsed = parseJson(text);
    if ('fault' in parsed)
        throw notJson(path, parsed.fault);
    return manifestOf(directory, parsed.value);
}
function manifestOf(directory, json) {
    const path = (0,plan_paths/* inFolder */._z)(directory, 'package.json');
    if (typeof json !== 'object' || json === null || Array.isArray(json))
        throw badField(path, '', json, 'an object');
    const text = (name) => optionalText(path, json, name);
    const name = text('name');
    if (name !== undefined && (name.length > LONGEST_NAME || !isOneLine(name))) {
        throw badField(path, 'name', name, `a name of at most ${LONGEST_NAME} characters, none of them a control character`);
    }
    const kinds = ['peerDependencies', 'devDependencies', 'dependencies', 'optionalDependencies'];
    const dependencies = kinds.flatMap((kind) => [...textsOf(fieldOf(json, kind))]);
    return {
        directory,
        name: name === '' ? undefined : name,
        version: text('version'),
        scripts: scriptsOf(path, fieldOf(json, 'scripts')),
        dependencies: new Map(dependencies),
        runtimeDependencies: new Set(textsOf(fieldOf(json, 'dependencies')).keys()),
        workspaces: workspacesOf(path, fieldOf(json, 'workspaces')),
        packageManager: text('packageManager'),
        devEngine: devEngineOf(fieldOf(fieldOf(json, 'devEngines'), 'packageManager')),
        json,
    };
}
function isOneLine(text) {
    return !/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]/.test(text);
}
function optionalText(path, json, name) {
    const value = fieldOf(json, name);
    if (value === undefined || value === null || typeof value === 'string')
        return value ?? undefined;
    throw badField(path, name, value, 'a text');
}
function scriptsOf(path, value) {
    if (value === undefined || value === null)
        return new Map();
    if (typeof value !== 'object' || Array.isArray(value))
        throw badField(path, 'scripts', value, 'an object of texts');
    return textsOf(value);
}
function workspacesOf(path, value) {
    const list = Array.isArray(value) ? value : fieldOf(value, 'packages');
    if (value === undefined || value === null)
        return undefined;
    if (list === undefined && typeof value === 'object')
        return [];
    if (Array.isArray(list) && list.every((pattern) => typeof pattern === 'string'))
        return list;
    throw badField(path, 'workspaces', value, 'a list of patterns such as ["packages/*"]');
}
function devEngineOf(value) {
    const first = Array.isArray(value) ? value[0] : value;
    const name = fieldOf(first, 'name');
    const version = fieldOf(first, 'version');
    if (typeof name !== 'string')
        return undefined;
    return { name, version: typeof version === 'string' ? version : undefined };
}
function notJson(path, { line, column }) {
    return new errors/* ConfigurationError */.j1({
        code: 'PIPE-PLAN-003',
        what: `${(0,plan_paths/* named */.KT)(path)} is not valid JSON at line ${line}, column ${column}`,
        accepted: path.endsWith('package.json') ? 'JSON without comments and trailing commas' : 'JSON, comments allowed',
        remedy: `correct ${(0,plan_paths/* named */.KT)(path)}:${line}:${column}`,
        state: 'nothing was planned',
    });
}
function badField(path, field, value, accepted) {
    const subject = field === '' ? (0,plan_paths/* named */.KT)(path) : `\`${field}\` in ${(0,plan_paths/* named */.KT)(path)}`;
    const given = typeof value === 'string' || typeof value !== 'object' ? (0,errors/* shown */.SP)(value) : kindOf(value);
    return new errors/* ConfigurationError */.j1({
        code: 'PIPE-PLAN-004',
        what: `${subject} is not as the format wants it (${FORMAT})`,
        given,
        accepted,
        remedy: `correct ${(0,plan_paths/* named */.KT)(path)}`,
        state: 'nothing was planned',
    });
}
function kindOf(value) {
    if (value === null)
        return 'null';
    return Array.isArray(value) ? `a list of ${value.length}` : 'an object';
}

;// CONCATENATED MODULE: ./src/plan/package-manager.js


const NAMES = ['npm', 'pnpm', 'yarn', 'bun'];
const SUPPORTED = new Set(['npm', 'pnpm']);
const LOCKFILES = [
    ['pnpm-lock.yaml', 'pnpm'],
    ['package-lock.json', 'npm'],
    ['npm-shrinkwrap.json', 'npm'],
    ['yarn.lock', 'yarn'],
    ['bun.lock', 'bun'],
    ['bun.lockb', 'bun'],
];
function packageManagerOf(files, folders, manifests) {
    for (const manifest of manifests) {
        const declared = declaredBy(manifest);
        if (declared !== undefined)
            return declared;
    }
    const names = folders.flatMap((folder) => lockfilesIn(files, folder));
    const lockfile = LOCKFILES.find(([name]) => name === names[0]);
    if (lockfile !== undefined)
        return planned(lockfile[1], lockfile[0]);
    if (folders.some((folder) => files.has((0,plan_paths/* inFolder */._z)(folder, 'pnpm-workspace.yaml'))))
        return planned('pnpm', 'pnpm-workspace.yaml');
    return planned('npm', 'default');
}
function lockfilesIn(files, directory) {
    return LOCKFILES.map(([name]) => name).filter((name) => files.has((0,plan_paths/* inFolder */._z)(directory, name)));
}
function declaredBy(manifest) {
    const { packageManager, devEngine } = manifest;
    if (packageManager !== undefined && packageManager !== '') {
        const [, name = '', version] = /^([^@]*)(?:@([^+]*))?/.exec(packageManager) ?? [];
        return planned(known(manifest, 'packageManager', name), 'packageManager', version);
    }
    if (devEngine === undefined)
        return undefined;
    return planned(known(manifest, 'devEngines.packageManager.name', devEngine.name), 'devEngines', devEngine.version);
}
function planned(name, source, version) {
    const asked = /^[\w.^~<>=*|+ -]{1,64}$/.test(version ?? '') ? { version: version ?? '' } : {};
    return { name, ...asked, source, supported: SUPPORTED.has(name) };
}
function known(manifest, field, name) {
    const found = NAMES.find((candidate) => candidate === name);
    if (found !== undefined)
        return found;
    const meant = (0,errors/* nearest */.pA)(name, NAMES);
    throw new errors/* ConfigurationError */.j1({
        code: 'PIPE-PLAN-009',
        what: `\`${field}\` in ${(0,plan_paths/* named */.KT)((0,plan_paths/* inFolder */._z)(manifest.directory, 'package.json'))} names a package manager that is not known`,
        given: (0,errors/* shown */.SP)(name),
        accepted: `${meant === undefined ? '' : `\`${meant}\` (nearest), or another of: `}${NAMES.join(', ')}`,
        example: '`"packageManager": "pnpm@10.34.8"`',
        state: 'nothing was planned',
    });
}

;// CONCATENATED MODULE: ./src/plan/workspace-patterns.js



const LARGEST_WORKSPACE_FILE = 1024 * 1024;
async function declaredWorkspaces(files, manifest, packageManager) {
    const { directory } = manifest;
    const yaml = (0,plan_paths/* inFolder */._z)(directory, 'pnpm-workspace.yaml');
    const usesPnpm = packageManager === 'pnpm';
    const list = usesPnpm ? await pnpmPackages(files, yaml) : manifest.workspaces;
    if (list === undefined)
        return undefined;
    const source = usesPnpm ? 'pnpm-workspace.yaml' : 'package.json';
    const patterns = readPatterns(list, directory, { takesBack: packageManager === 'npm' });
    if ('problem' in patterns)
        throw badPatterns((0,plan_paths/* inFolder */._z)(directory, source), patterns.problem);
    return { directory, source, patterns };
}
async function pnpmPackages(files, path) {
    const text = await files.read(path, LARGEST_WORKSPACE_FILE);
    if (text === undefined)
        return undefined;
    const read = await packagesIn(text);
    if ('packages' in read)
        return read.packages;
    throw new errors/* ConfigurationError */.j1({
        code: 'PIPE-PLAN-005',
        what: `${(0,plan_paths/* named */.KT)(path)} is not as pnpm wants it (https://pnpm.io/pnpm-workspace_yaml)`,
        given: (0,errors/* shown */.SP)(read.problem, 160),
        accepted: 'a YAML map whose `packages` is a list of patterns',
        example: "`packages: ['apps/*', 'packages/*']`",
        state: 'nothing was planned',
    });
}
async function packagesIn(text) {
    const { isAlias, isMap, isScalar, isSeq, parseDocument } = await __webpack_require__.e(/* import() */ 637).then(__webpack_require__.t.bind(__webpack_require__, 6637, 19));
    try {
        const document = parseDocument(text, { logLevel: 'silent' });
        const [fault] = document.errors;
        if (fault !== undefined)
            return { problem: fault.message.split('\n', 1)[0] ?? fault.message };
        const { contents } = document;
        if (contents === null || (isScalar(contents) && contents.value === null))
            return { packages: undefined };
        if (!isMap(contents))
            return { problem: 'it is not a map' };
        const found = contents.get('packages', true);
        if (found === undefined || (isScalar(found) && found.value === null))
            return { packages: undefined };
        const list = isAlias(found) ? found.resolve(document) : found;
        const packages = isSeq(list) ? list.items.map((item) => (isScalar(item) ? item.value : undefined)) : [undefined];
        if (packages.every((pattern) => typeof pattern === 'string'))
            return { packages };
        return { problem: '`packages` is not a list of texts' };
    }
    catch (error) {
        return { problem: error instanceof Error ? error.message : String(error) };
    }
}
function badPatterns(path, problem) {
    return new errors/* ConfigurationError */.j1({
        code: 'PIPE-PLAN-006',
        what: `the workspace patterns in ${(0,plan_paths/* named */.KT)(path)} can't be used`,
        given: problem,
        accepted: 'patterns with *, **, ?, [a-z], {a,b} and a leading !, each of at most 512 characters',
        example: '`packages/*`',
        state: 'nothing was planned',
    });
}

;// CONCATENATED MODULE: ./src/plan/project.js






const MOST_PACKAGES = 10_000;
async function findProject(files, workingDirectory) {
    const focus = await readManifest(files, workingDirectory);
    if (focus === undefined)
        return undefined;
    const folders = (0,plan_paths/* upwards */.Hy)(workingDirectory);
    const above = await Promise.all(folders.slice(1).map((folder) => readManifest(files, folder)));
    const manifests = [focus, ...above.filter((manifest) => manifest !== undefined)];
    for (const [index, manifest] of manifests.entries()) {
        const { directory } = manifest;
        const packageManager = packageManagerOf(files, (0,plan_paths/* upwards */.Hy)(directory), manifests.slice(index));
        const declared = await declaredWorkspaces(files, manifest, packageManager.name);
        if (declared === undefined)
            continue;
        const members = await memberFolders(files, declared, packageManager.name);
        if (manifest !== focus && !members.has(workingDirectory))
            continue;
        return workspaceOf(files, { root: manifest, focus, packageManager, declared, folders: members });
    }
    const packageManager = packageManagerOf(files, folders, manifests);
    const decisions = [managerDecision(files, focus, packageManager), ...ignoredWorkspaces(focus, packageManager.name)];
    return { root: focus, focus, members: [], packageManager, decisions, notChecked: [] };
}
async function memberFolders(files, declared, packageManager) {
    const candidates = files.paths.filter((path) => path.endsWith('/package.json')).map(plan_paths/* folderOf */.yS);
    const members = new Set(candidates.filter((folder) => declared.patterns.matches(folder)));
    members.delete(declared.directory);
    if (members.size > MOST_PACKAGES)
        throw tooManyPackages(members.size);
    if (packageManager !== 'yarn')
        return members;
    for (const folder of members) {
        const manifest = await readManifest(files, folder);
        const nested = manifest === undefined ? undefined : await declaredWorkspaces(files, manifest, packageManager);
        for (const below of candidates)
            if (nested?.patterns.matches(below) === true)
                members.add(below);
        if (members.size > MOST_PACKAGES)
            throw tooManyPackages(members.size);
    }
    members.delete(declared.directory);
    return members;
}
async function workspaceOf(files, found) {
    const { root, focus, packageManager, declared, folders } = found;
    const members = (await readAll(files, [...folders].sort())).map((member) => member.directory === focus.directory ? focus : member);
    refuseDuplicates([root, ...members]);
    const count = members.length === 1 ? '1 package' : `${members.length} packages`;
    const workspaces = {
        subject: 'workspaces',
        decision: `${count}: ${(0,plan_paths/* namedList */.wO)(members.map(({ directory }) => directory))}`,
        reason: declared.source,
    };
    const inFocus = {
        subject: 'working directory',
        decision: (0,plan_paths/* named */.KT)(focus.directory),
        reason: 'a package of the workspace',
    };
    return {
        root,
        focus,
        members,
        packageManager,
        decisions: [
            managerDecision(files, root, packageManager),
            workspaces,
            ...(focus.directory === root.directory ? [] : [inFocus]),
        ],
        notChecked: [...escapingPatterns(declared), ...nestedWorkspaces(members, packageManager.name)],
    };
}
async function readAll(files, folders) {
    const manifests = await inBatches(folders, (folder) => readManifest(files, folder));
    return manifests.filter((manifest) => manifest !== undefined);
}
function refuseDuplicates(manifests) {
    const folders = new Map();
    const faults = manifests.flatMap(({ name, directory }) => {
        const other = name === undefined ? undefined : folders.get(name);
        if (name !== undefined && other === undefined)
            folders.set(name, directory);
        if (name === undefined || other === undefined)
            return [];
        return [
            {
                code: 'PIPE-PLAN-007',
                what: `two packages of the workspace have the same name: ${(0,plan_paths/* named */.KT)(name)}`,
                given: `${(0,plan_paths/* named */.KT)(other)} and ${(0,plan_paths/* named */.KT)(directory)}`,
                accepted: 'a name of its own for each package',
                remedy: 'rename one of them, or take its folder out of the workspace patterns',
                state: 'nothing was planned',
            },
        ];
    });
    if (faults.length > 0)
        throw new errors/* ConfigurationError */.j1(faults.slice(0, 10));
}
function tooManyPackages(count) {
    return new errors/* ConfigurationError */.j1({
        code: 'PIPE-PLAN-008',
        what: 'the workspace has too many packages',
        given: `${count} packages`,
        accepted: `at most ${MOST_PACKAGES}`,
        remedy: 'narrow the workspace patterns, or check one package with `working-directory`',
        state: 'nothing was planned',
    });
}
function managerDecision(files, root, manager) {
    const version = manager.version === undefined ? '' : ` ${(0,plan_paths/* named */.KT)(manager.version)}`;
    const missing = manager.supported ? '' : ', recognised; this version checks projects of npm and pnpm';
    const lockfiles = lockfilesIn(files, root.directory);
    const several = lockfiles.length > 1 ? `; there are ${lockfiles.length} lockfiles: ${lockfiles.join(', ')}` : '';
    const reason = manager.source === 'default' ? 'the default: no packageManager field, no lockfile' : manager.source;
    return { subject: 'package manager', decision: `${manager.name}${version}${missing}`, reason: `${reason}${several}` };
}
function ignoredWorkspaces(manifest, packageManager) {
    if (packageManager !== 'pnpm' || manifest.workspaces === undefined)
        return [];
    const decision = 'none: pnpm does not read `workspaces` of package.json';
    return [{ subject: 'workspaces', decision, reason: 'no `packages` in pnpm-workspace.yaml' }];
}
function escapingPatterns({ source, patterns }) {
    if (patterns.escaping.length === 0)
        return [];
    const reason = 'workspace patterns that lead out of the repository match nothing here';
    return [{ subject: `${source}: ${(0,plan_paths/* namedList */.wO)(patterns.escaping)}`, reason }];
}
function nestedWorkspaces(members, packageManager) {
    if (packageManager === 'yarn')
        return [];
    const nested = members.filter(({ workspaces }) => workspaces !== undefined).map(({ directory }) => directory);
    if (nested.length === 0)
        return [];
    const reason = `${packageManager} does not read the \`workspaces\` of a package that is a member itself`;
    return [{ subject: `workspaces in ${(0,plan_paths/* namedList */.wO)(nested)}`, reason }];
}
function otherPackages(files, project, workingDirectory) {
    const own = new Set([project.root, ...project.members].map(({ directory }) => directory));
    return files
        .under(workingDirectory)
        .filter((path) => path.endsWith('/package.json'))
        .map(plan_paths/* folderOf */.yS)
        .filter((folder) => !own.has(folder) && (0,plan_paths/* isWithin */.UO)(workingDirectory, folder));
}

// EXTERNAL MODULE: ./src/runtime/process.js + 1 modules
var process = __webpack_require__(4400);
;// CONCATENATED MODULE: ./src/plan/repository-files.js





const LARGEST_LIST = 128 * 1024 * 1024;
const MOST_ENTRIES = 200_000;
const CONTROL = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]/;
const INSTALLED = /(^|\/)(node_modules|bower_components)\//;
async function listFiles(workspace, options) {
    const root = await (0,promises_.realpath)(workspace);
    const listed = await listedByGit(root, options);
    const paths = 'paths' in listed ? listed.paths : await listedByReading(root);
    return filesOf(root, paths, 'paths' in listed ? '' : listed.problem);
}
function filesOf(root, listed, withoutGit) {
    const own = [...new Set(listed)].filter((path) => !INSTALLED.test(path));
    const paths = own.filter((path) => !CONTROL.test(path)).sort();
    const known = new Set(paths);
    return {
        root,
        paths,
        unnameable: own.length - paths.length,
        withoutGit,
        has: (path) => known.has(path),
        under: (folder) => (folder === '.' ? paths : within(paths, `${folder}/`)),
        read: (path, limit) => (0,files/* readTextFile */.Gu)((0,external_node_path_.join)(root, path), limit, root),
    };
}
function within(paths, prefix) {
    return paths.slice(firstFrom(paths, prefix), firstFrom(paths, `${prefix}\uffff`));
}
function firstFrom(paths, bound) {
    let low = 0;
    let high = paths.length;
    while (low < high) {
        const middle = (low + high) >>> 1;
        if ((paths[middle] ?? '') < bound)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}
async function listedByGit(root, { environment, signal }) {
    const guard = ['-c', 'safe.directory=*', '-c', 'core.fsmonitor=false', '-c', 'core.untrackedCache=false'];
    const list = ['ls-files', '-z', '--cached', '--others', '--exclude-standard', '--deduplicate'];
    let listed;
    try {
        const env = { ...environment, GIT_OPTIONAL_LOCKS: '0', LC_ALL: 'C' };
        listed = await (0,process/* capture */.F)('git', [...guard, ...list], {
            cwd: root,
            env,
            limit: LARGEST_LIST,
            timeout: 60_000,
            ...(signal === undefined ? {} : { signal }),
        });
    }
    catch (error) {
        if (error instanceof errors/* ConfigurationError */.j1 && error.code === 'PIPE-PROCESS-001')
            return { problem: 'no git' };
        throw error;
    }
    if (listed.exitCode !== 0) {
        const [message = ''] = listed.stderr.trim().split('\n');
        return { problem: message === '' ? `git ended with ${listed.exitCode ?? listed.signal}` : (0,errors/* shown */.SP)(message, 120) };
    }
    const paths = listed.stdout.split('\0').filter((path) => path !== '');
    return paths.length === 0 ? { problem: 'git lists no files here' } : { paths };
}
async function listedByReading(root) {
    const paths = [];
    let folders = [''];
    let seen = 0;
    while (folders.length > 0) {
        const below = [];
        for (const folder of folders) {
            const entries = await (0,promises_.readdir)((0,external_node_path_.join)(root, folder), { withFileTypes: true });
            seen += entries.length;
            if (seen > MOST_ENTRIES)
                throw tooManyFiles();
            paths.push(...entries.filter((entry) => entry.isFile()).map(({ name }) => `${folder}${name}`));
            const inside = entries.filter((entry) => entry.isDirectory() && !NOT_READ.has(entry.name));
            below.push(...inside.map(({ name }) => `${folder}${name}/`));
        }
        folders = below;
    }
    return paths;
}
const NOT_READ = new Set(['node_modules', '.git']);
function tooManyFiles() {
    return new errors/* ConfigurationError */.j1({
        code: 'PIPE-PLAN-010',
        what: 'the folder is too large to be read without git',
        given: `more than ${MOST_ENTRIES} files and folders`,
        accepted: `a git repository, or a folder of at most ${MOST_ENTRIES} entries`,
        remedy: 'check the repository out with actions/checkout, which leaves its .git folder in place',
        state: 'nothing was planned',
    });
}

;// CONCATENATED MODULE: ./src/plan/plan.js











async function planRepository(options) {
    const workspace = await (0,promises_.realpath)(options.workspace);
    const workingDirectory = await folderInside(workspace, options.workingDirectory);
    const files = await listFiles(workspace, { environment: options.environment ?? {}, signal: options.signal });
    const found = findOthers(files, workingDirectory);
    const project = await findProject(files, workingDirectory);
    if (project === undefined)
        return planWithoutPackages(files, workingDirectory, found);
    const chosen = await chooseTasks(files, project, options.coverage ?? false);
    const { drafts, needs, told } = chosen.ordered;
    const ids = new Map(drafts.map((draft) => [draft, idOf(draft, project)]));
    const outside = otherPackages(files, project, workingDirectory);
    return {
        version: 1,
        workingDirectory,
        root: project.root.directory,
        packageManager: project.packageManager,
        packages: chosen.packages,
        tasks: drafts.map((draft) => taskOf(draft, ids, needs.get(draft) ?? new Set())),
        found,
        decisions: [
            ...filesDecision(files),
            ...project.decisions,
            ...chosen.decisions,
            ...(0,decisions/* decisionsOf */.bB)(drafts, chosen.remarks, told, {
                isWorkspace: project.members.length > 0,
                focus: project.focus.directory,
            }),
            ...foundDecisions(found),
        ].map(decisions/* plainDecision */.d2),
        notChecked: [
            ...project.notChecked,
            ...(0,decisions/* notCheckedOf */.Mw)(chosen.remarks),
            ...foundNotChecked(found),
            ...unnameable(files),
            ...(outside.length === 0 ? [] : [{ subject: outsideSubject(outside), reason: 'not packages of this project' }]),
        ].map(decisions/* plainEntry */.xY),
    };
}
async function folderInside(workspace, given) {
    const wanted = (0,external_node_path_.resolve)(workspace, given);
    let real;
    try {
        real = await (0,promises_.realpath)(wanted);
    }
    catch (error) {
        throw noPackage((0,external_node_path_.relative)(workspace, wanted), 'there is no such folder', [], error);
    }
    if (!(0,files/* contains */.gR)(workspace, real))
        throw noPackage(given, 'it is outside the repository', []);
    return (0,external_node_path_.relative)(workspace, real).split(external_node_path_.sep).join('/') || '.';
}
function planWithoutPackages(files, workingDirectory, found) {
    const folders = files
        .under(workingDirectory)
        .filter((path) => path.endsWith('/package.json'))
        .map(plan_paths/* folderOf */.yS);
    if (!hasOtherLanguage(found))
        throw noPackage(workingDirectory, 'it has no package.json', folders);
    const nothing = { subject: 'npm', decision: 'nothing to check', reason: 'no package.json in the working directory' };
    const outside = { subject: outsideSubject(folders), reason: 'not in the working directory itself' };
    return {
        version: 1,
        workingDirectory,
        root: workingDirectory,
        packageManager: null,
        packages: [],
        tasks: [],
        found,
        decisions: [...filesDecision(files), nothing, ...foundDecisions(found)].map(decisions/* plainDecision */.d2),
        notChecked: [...foundNotChecked(found), ...(folders.length === 0 ? [] : [outside])].map(decisions/* plainEntry */.xY),
    };
}
function noPackage(folder, given, others, cause) {
    const [first] = others;
    const remedy = first === undefined
        ? 'name the folder of the project in `working-directory`'
        : `name the folder in \`working-directory\`; package.json is in: ${(0,plan_paths/* namedList */.wO)(others)}`;
    return new errors/* ConfigurationError */.j1({
        code: 'PIPE-PLAN-002',
        what: `there is no project to plan in the folder ${(0,errors/* shown */.SP)(folder || '.', 200)}`,
        given,
        accepted: 'a folder of the repository with a package.json',
        example: `\`working-directory: ${first !== undefined && /^[\w@./-]+$/.test(first) ? first : 'apps/api'}\``,
        remedy,
        state: 'nothing was planned',
    }, { cause });
}
function unnameable({ unnameable: count }) {
    if (count === 0)
        return [];
    return [{ subject: count === 1 ? '1 file' : `${count} files`, reason: 'control characters in the path' }];
}
function filesDecision({ withoutGit }) {
    if (withoutGit === '')
        return [];
    return [{ subject: 'files', decision: 'read from the folder, ignored ones included', reason: withoutGit }];
}
function outsideSubject(folders) {
    return folders.length === 1
        ? `package in ${(0,plan_paths/* namedList */.wO)(folders)}`
        : `${folders.length} packages in ${(0,plan_paths/* namedList */.wO)(folders)}`;
}
function idOf({ label, directory }, { root, focus }) {
    return directory === focus.directory ? label : `${(0,plan_paths/* seenFrom */.ky)(root.directory, directory)}:${label}`;
}
function taskOf(draft, ids, needs) {
    const { kind, facts, directory, command, display, path, environment, script, source, reason } = draft;
    return {
        id: ids.get(draft) ?? '',
        kind,
        package: facts.manifest.name ?? directory,
        directory,
        command,
        display,
        path,
        environment,
        ...(script === undefined ? {} : { script }),
        source,
        reason,
        needs: [...needs].map((other) => ids.get(other) ?? '').sort(),
    };
}


/***/ }),

/***/ 3679:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   E: () => (/* binding */ TASK_KINDS)
/* harmony export */ });
const TASK_KINDS = ['generate', 'format', 'lint', 'typecheck', 'test', 'build'];


/***/ }),

/***/ 4400:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  F: () => (/* binding */ capture),
  g: () => (/* binding */ execute)
});

// EXTERNAL MODULE: external "node:child_process"
var external_node_child_process_ = __webpack_require__(1421);
// EXTERNAL MODULE: external "node:crypto"
var external_node_crypto_ = __webpack_require__(7598);
// EXTERNAL MODULE: external "node:fs"
var external_node_fs_ = __webpack_require__(3024);
// EXTERNAL MODULE: external "node:timers/promises"
var promises_ = __webpack_require__(8500);
// EXTERNAL MODULE: ./src/runtime/errors.js
var errors = __webpack_require__(5732);
;// CONCATENATED MODULE: ./src/runtime/leftovers.js


const TRACKING = 'PIPELINES_PROCESS';
const KILL_TIME = 2_000;
function familyOf(pid, tracking) {
    return { group: pid, tracking, since: statOf(pid)?.started ?? 0 };
}
function signalGroup(group, signal) {
    signalProcess(-group, signal);
}
async function endLeftovers(family, deadline, areTold) {
    const told = new Set(areTold ? livingOf(family) : []);
    for (let pause = 10;; pause = Math.min(100, pause * 2)) {
        const left = livingOf(family);
        const now = performance.now();
        if (left.length === 0 || now > deadline + KILL_TIME)
            return { found: told.size, remaining: left.length };
        for (const pid of left) {
            if (now >= deadline)
                signalProcess(pid, 'SIGKILL');
            else if (!told.has(pid))
                signalProcess(pid, 'SIGTERM');
            told.add(pid);
        }
        await (0,promises_.setTimeout)(pause);
    }
}
function terminateEscaped(family) {
    for (const pid of livingOf(family)) {
        if (statOf(pid)?.group !== family.group)
            signalProcess(pid, 'SIGTERM');
    }
}
function signalProcess(pid, signal) {
    try {
        process.kill(pid, signal);
    }
    catch (error) {
        const { code } = error;
        if (code !== 'ESRCH' && code !== 'EPERM')
            throw error;
    }
}
function livingOf(family) {
    if (process.platform !== 'linux')
        return groupLives(family.group) ? [-family.group] : [];
    const pids = (0,external_node_fs_.readdirSync)('/proc').filter((name) => /^\d+$/.test(name));
    return pids.map(Number).filter((pid) => pid !== process.pid && belongs(pid, family));
}
function groupLives(group) {
    try {
        return process.kill(-group, 0);
    }
    catch (error) {
        if (error.code === 'ESRCH')
            return false;
        throw error;
    }
}
function belongs(pid, { group, tracking, since }) {
    const stat = statOf(pid);
    if (stat === undefined || stat.state === 'Z' || stat.state === 'X' || stat.started < since)
        return false;
    if (stat.group === group || stat.session === group)
        return true;
    return readProc(`/proc/${pid}/environ`).includes(tracking);
}
function statOf(pid) {
    const text = readProc(`/proc/${pid}/stat`);
    if (text === '')
        return undefined;
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    const [state = '', , group, session] = fields;
    return { state, group: Number(group), session: Number(session), started: Number(fields[19]) };
}
function readProc(path) {
    try {
        return (0,external_node_fs_.readFileSync)(path, 'latin1');
    }
    catch (error) {
        const { code } = error;
        if (code === 'ENOENT' || code === 'ESRCH' || code === 'EACCES' || code === 'EPERM')
            return '';
        throw error;
    }
}

;// CONCATENATED MODULE: ./src/runtime/process.js






const DEFAULT_GRACE = 5_000;
const LAST_WORD = 250;
const LONGEST_TIMER = 2 ** 31 - 1;
async function execute(program, args, options) {
    const started = performance.now();
    if (options.signal?.aborted === true) {
        return { exitCode: null, signal: null, endedBy: 'cancellation', duration: 0, leftovers: 0 };
    }
    const tracking = (0,external_node_crypto_.randomUUID)();
    const child = start(program, args, options, tracking);
    const exited = new Promise((resolve, reject) => {
        child.once('error', (error) => reject(cannotStart(program, options.cwd, error)));
        child.once('exit', (exitCode, signal) => resolve({ exitCode, signal }));
    });
    const drained = drain(child);
    const supervision = supervise(child, familyOf(child.pid ?? 0, tracking), options);
    try {
        const outcome = await exited;
        const { endedBy, leftovers, remaining } = await supervision.settle();
        await Promise.race([drained, (0,promises_.setTimeout)(1_000, undefined, { ref: false })]);
        const { broken } = supervision;
        if (broken.length > 0)
            throw broken[0];
        const finished = { ...outcome, endedBy, duration: performance.now() - started, leftovers };
        return remaining === 0 ? finished : { ...finished, remaining };
    }
    finally {
        supervision.stop();
        child.stdout?.destroy();
        child.stderr?.destroy();
    }
}
function start(program, args, options, tracking) {
    const marks = [options.env[TRACKING], tracking].filter((mark) => mark !== undefined).join(' ');
    try {
        return (0,external_node_child_process_.spawn)(program, [...args], {
            cwd: options.cwd,
            env: { ...options.env, [TRACKING]: marks },
            detached: true,
            shell: false,
            stdio: [options.input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
        });
    }
    catch (error) {
        throw cannotStart(program, options.cwd, error);
    }
}
function cannotStart(program, cwd, error) {
    const remedy = !(0,external_node_fs_.existsSync)(cwd)
        ? 'name a folder that exists: the program was to start in this one'
        : error.code === 'E2BIG'
            ? 'pass long values in a file: one argument or variable holds 131,072 bytes'
            : 'install it in a step before, or name its path';
    return new errors/* ConfigurationError */.j1({
        code: 'PIPE-PROCESS-001',
        what: `the program ${(0,errors/* shown */.SP)(program)} could not be started in ${(0,errors/* shown */.SP)(cwd, 200)} (${error.code ?? error.message})`,
        accepted: 'a program on PATH or in node_modules/.bin that is executable',
        remedy,
        state: 'nothing of it ran',
    }, { cause: error });
}
function drain(child) {
    const streams = [child.stdout, child.stderr].filter((stream) => stream !== null);
    return Promise.all(streams.map((stream) => new Promise((resolve) => stream.once('close', resolve))));
}
function supervise(child, family, options) {
    const { signal, timeout, grace = DEFAULT_GRACE } = options;
    const broken = [];
    let endedBy = 'itself';
    let deadline;
    let killTimer;
    const end = (reason) => {
        if (deadline !== undefined || child.pid === undefined)
            return;
        endedBy = reason;
        deadline = performance.now() + grace;
        signalGroup(family.group, 'SIGTERM');
        terminateEscaped(family);
        killTimer = setTimeout(() => signalGroup(family.group, 'SIGKILL'), grace);
    };
    const fail = (error) => {
        broken.push(error);
        end('output');
    };
    for (const name of ['stdout', 'stderr']) {
        child[name]?.on('error', fail);
        child[name]?.on('data', (chunk) => {
            if (broken.length > 0)
                return;
            try {
                options.onOutput?.(chunk, name);
            }
            catch (error) {
                fail(error);
            }
        });
    }
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(options.input);
    const onAbort = () => end('cancellation');
    signal?.addEventListener('abort', onAbort, { once: true });
    const timer = timeout === undefined ? undefined : setTimeout(() => end('timeout'), Math.min(LONGEST_TIMER, timeout));
    return {
        broken,
        settle: async () => {
            const latest = Math.max(performance.now() + LAST_WORD, deadline ?? performance.now() + grace);
            const { found, remaining } = await endLeftovers(family, latest, deadline !== undefined);
            return { endedBy: endedBy === 'output' ? 'itself' : endedBy, leftovers: found, remaining };
        },
        stop: () => {
            clearTimeout(timer);
            clearTimeout(killTimer);
            signal?.removeEventListener('abort', onAbort);
        },
    };
}
async function capture(program, args, options) {
    const limit = options.limit ?? 16 * 1024 * 1024;
    const chunks = { stdout: [], stderr: [] };
    const sizes = { stdout: 0, stderr: 0 };
    const finished = await execute(program, args, {
        ...options,
        onOutput: (chunk, stream) => {
            sizes[stream] += chunk.length;
            if (sizes[stream] > limit)
                throw tooMuch(program, limit);
            chunks[stream].push(chunk);
        },
    });
    return {
        ...finished,
        stdout: Buffer.concat(chunks.stdout).toString('utf8'),
        stderr: Buffer.concat(chunks.stderr).toString('utf8'),
    };
}
function tooMuch(program, limit) {
    return new errors/* ConfigurationError */.j1({
        code: 'PIPE-PROCESS-002',
        what: `${(0,errors/* shown */.SP)(program)} printed more than ${limit} bytes`,
        accepted: `at most ${limit} bytes`,
        state: 'the program was ended; its output was not used',
    });
}


/***/ })

};

