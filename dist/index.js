import { createRequire as __WEBPACK_EXTERNAL_createRequire } from "module";
/******/ var __webpack_modules__ = ({

/***/ 2613:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("assert");

/***/ }),

/***/ 181:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("buffer");

/***/ }),

/***/ 5317:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("child_process");

/***/ }),

/***/ 6982:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("crypto");

/***/ }),

/***/ 4434:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("events");

/***/ }),

/***/ 9896:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("fs");

/***/ }),

/***/ 8611:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("http");

/***/ }),

/***/ 5692:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("https");

/***/ }),

/***/ 9278:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("net");

/***/ }),

/***/ 4589:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:assert");

/***/ }),

/***/ 6698:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:async_hooks");

/***/ }),

/***/ 4573:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:buffer");

/***/ }),

/***/ 1421:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:child_process");

/***/ }),

/***/ 7540:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:console");

/***/ }),

/***/ 7598:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:crypto");

/***/ }),

/***/ 3053:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:diagnostics_channel");

/***/ }),

/***/ 610:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:dns");

/***/ }),

/***/ 8474:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:events");

/***/ }),

/***/ 3024:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:fs");

/***/ }),

/***/ 1455:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:fs/promises");

/***/ }),

/***/ 7067:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:http");

/***/ }),

/***/ 2467:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:http2");

/***/ }),

/***/ 4708:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:https");

/***/ }),

/***/ 8995:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:module");

/***/ }),

/***/ 7030:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:net");

/***/ }),

/***/ 8161:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:os");

/***/ }),

/***/ 6760:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:path");

/***/ }),

/***/ 643:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:perf_hooks");

/***/ }),

/***/ 1708:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:process");

/***/ }),

/***/ 1792:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:querystring");

/***/ }),

/***/ 7075:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:stream");

/***/ }),

/***/ 6466:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:stream/promises");

/***/ }),

/***/ 6193:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:string_decoder");

/***/ }),

/***/ 8500:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:timers/promises");

/***/ }),

/***/ 1692:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:tls");

/***/ }),

/***/ 3136:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:url");

/***/ }),

/***/ 7975:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:util");

/***/ }),

/***/ 3429:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:util/types");

/***/ }),

/***/ 5919:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:worker_threads");

/***/ }),

/***/ 8522:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:zlib");

/***/ }),

/***/ 857:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("os");

/***/ }),

/***/ 6928:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("path");

/***/ }),

/***/ 932:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("process");

/***/ }),

/***/ 2203:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("stream");

/***/ }),

/***/ 3193:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("string_decoder");

/***/ }),

/***/ 3557:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("timers");

/***/ }),

/***/ 4756:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("tls");

/***/ }),

/***/ 2018:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("tty");

/***/ }),

/***/ 7016:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("url");

/***/ }),

/***/ 9023:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("util");

/***/ }),

/***/ 4690:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   I: () => (/* binding */ projectEnvironment),
/* harmony export */   p: () => (/* binding */ environmentOf)
/* harmony export */ });
/* harmony import */ var node_path__WEBPACK_IMPORTED_MODULE_0__ = __nccwpck_require__(6760);

const RUNNER_ONLY = [
    /^ACTIONS_/i,
    /^INPUT_/i,
    /^STATE_/i,
    /^GITHUB_(TOKEN|ENV|PATH|OUTPUT|STATE|STEP_SUMMARY|ARTIFACTS|ARTIFACTS_LIST)$/i,
    /^GH_TOKEN$/i,
    /^GH_ENTERPRISE_TOKEN$/i,
    /^GITHUB_ENTERPRISE_TOKEN$/i,
];
const STEP_FILES = ['GITHUB_OUTPUT', 'GITHUB_ENV', 'GITHUB_PATH', 'GITHUB_STATE', 'GITHUB_STEP_SUMMARY'];
function environmentOf(source) {
    const entries = Object.entries(source).filter((entry) => entry[1] !== undefined);
    return Object.fromEntries(entries);
}
function projectEnvironment(environment, additions = {}) {
    const folders = new Set(STEP_FILES.flatMap((name) => (environment[name] ? [(0,node_path__WEBPACK_IMPORTED_MODULE_0__.dirname)(environment[name])] : [])));
    const kept = Object.entries(environment).filter(([name, value]) => {
        if (RUNNER_ONLY.some((pattern) => pattern.test(name)))
            return false;
        return !(/^GITHUB_/i.test(name) && value.includes('/') && folders.has((0,node_path__WEBPACK_IMPORTED_MODULE_0__.dirname)(value)));
    });
    return { ...Object.fromEntries(kept), CI: 'true', ...additions };
}


/***/ }),

/***/ 5732:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   Qx: () => (/* binding */ describeFault),
/* harmony export */   SP: () => (/* binding */ shown),
/* harmony export */   cV: () => (/* binding */ ProjectFailure),
/* harmony export */   g$: () => (/* binding */ printable),
/* harmony export */   j1: () => (/* binding */ ConfigurationError),
/* harmony export */   pA: () => (/* binding */ nearest),
/* harmony export */   sD: () => (/* binding */ OutsideFault),
/* harmony export */   zC: () => (/* binding */ PipelineError)
/* harmony export */ });
class PipelineError extends Error {
    faults;
    constructor(faults, options) {
        const [first, ...rest] = Array.isArray(faults) ? faults : [faults];
        if (first === undefined)
            throw new TypeError('a failure names at least one fault');
        super([first, ...rest].map(describeFault).join('\n'), options);
        this.faults = [first, ...rest];
        this.name = new.target.name;
    }
    get code() {
        return this.faults[0].code;
    }
}
class ConfigurationError extends PipelineError {
    kind = 'configuration';
}
class ProjectFailure extends PipelineError {
    kind = 'project';
}
class OutsideFault extends PipelineError {
    kind = 'outside';
    details;
    constructor(fault, details, options) {
        super({ ...fault, what: `${fault.what} (${describeOutside(details)})` }, options);
        this.details = details;
    }
}
function describeOutside({ service, status, tries, elapsed }) {
    const answer = status === undefined ? 'no answer' : `status ${status}`;
    const times = tries === 1 ? '1 try' : `${tries} tries`;
    return `${service}: ${answer}, ${times} over ${(elapsed / 1000).toFixed(1)} s`;
}
function describeFault(fault) {
    const parts = [`${fault.code}: ${sentence(fault.what)}`];
    if (fault.given !== undefined)
        parts.push(`Given: ${sentence(fault.given)}`);
    if (fault.accepted !== undefined)
        parts.push(`Accepted: ${sentence(fault.accepted)}`);
    if (fault.example !== undefined)
        parts.push(`Example: ${/[`)]$/.test(fault.example) ? `${fault.example}.` : fault.example}`);
    if (fault.remedy !== undefined)
        parts.push(`Remedy: ${sentence(fault.remedy)}`);
    if (fault.state !== undefined)
        parts.push(`State: ${sentence(fault.state)}`);
    return parts.join(' ');
}
function sentence(text) {
    return /[.!?]$/.test(text) ? text : `${text}.`;
}
function shown(value, limit = 80) {
    const text = typeof value === 'string' ? value : plain(value);
    const cut = text.length > limit ? text.slice(0, limit) : text;
    const safe = printable(typeof value === 'string' ? JSON.stringify(cut) : cut);
    return text.length > limit ? `${safe}… (${text.length} characters)` : safe;
}
function printable(text) {
    return text.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, (character) => {
        const hex = (character.codePointAt(0) ?? 0).toString(16);
        return hex.length > 4 ? `\\u{${hex}}` : `\\u${hex.padStart(4, '0')}`;
    });
}
function plain(value) {
    try {
        return JSON.stringify(value) ?? typeof value;
    }
    catch {
        return typeof value;
    }
}
function nearest(word, candidates) {
    const start = word.toLowerCase().slice(0, 64);
    let best;
    let bestDistance = Math.max(2, Math.floor(start.length / 3)) + 1;
    for (const candidate of candidates) {
        const distance = editDistance(start, candidate.toLowerCase().slice(0, 64));
        if (distance < bestDistance) {
            best = candidate;
            bestDistance = distance;
        }
    }
    return best;
}
function editDistance(left, right) {
    let previous = Array.from({ length: right.length + 1 }, (_, index) => index);
    for (let row = 1; row <= left.length; row += 1) {
        const current = [row];
        for (let column = 1; column <= right.length; column += 1) {
            const substitution = (previous[column - 1] ?? 0) + (left[row - 1] === right[column - 1] ? 0 : 1);
            current.push(Math.min(substitution, (previous[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1));
        }
        previous = current;
    }
    return previous[right.length] ?? 0;
}


/***/ }),

/***/ 6276:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   CT: () => (/* binding */ insideWorkspace),
/* harmony export */   Gu: () => (/* binding */ readTextFile),
/* harmony export */   gR: () => (/* binding */ contains),
/* harmony export */   t2: () => (/* binding */ exists)
/* harmony export */ });
/* harmony import */ var node_fs__WEBPACK_IMPORTED_MODULE_0__ = __nccwpck_require__(3024);
/* harmony import */ var node_fs_promises__WEBPACK_IMPORTED_MODULE_1__ = __nccwpck_require__(1455);
/* harmony import */ var node_path__WEBPACK_IMPORTED_MODULE_2__ = __nccwpck_require__(6760);
/* harmony import */ var _errors_js__WEBPACK_IMPORTED_MODULE_3__ = __nccwpck_require__(5732);




const DEFAULT_LIMIT = 4 * 1024 * 1024;
async function readTextFile(path, limit = DEFAULT_LIMIT, within) {
    const bytes = await readBytes(path, limit, within);
    if (bytes === undefined)
        return undefined;
    if (bytes.includes(0))
        throw notText(path, 'a NUL byte');
    try {
        return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    }
    catch (error) {
        throw notText(path, 'bytes that are not UTF-8', error);
    }
}
async function readBytes(path, limit, within) {
    try {
        const real = within === undefined ? path : await (0,node_fs_promises__WEBPACK_IMPORTED_MODULE_1__.realpath)(path);
        if (within !== undefined && !contains(await (0,node_fs_promises__WEBPACK_IMPORTED_MODULE_1__.realpath)(within), real)) {
            throw notReadable(path, 'it is a link that leads out of the project');
        }
        const found = await (0,node_fs_promises__WEBPACK_IMPORTED_MODULE_1__.stat)(real);
        if (!found.isFile())
            throw notReadable(path, found.isDirectory() ? 'it is a folder' : 'it is not a regular file');
        const handle = await (0,node_fs_promises__WEBPACK_IMPORTED_MODULE_1__.open)(real, node_fs__WEBPACK_IMPORTED_MODULE_0__.constants.O_RDONLY | node_fs__WEBPACK_IMPORTED_MODULE_0__.constants.O_NONBLOCK);
        try {
            return await readWhole(handle, path, limit);
        }
        finally {
            await handle.close();
        }
    }
    catch (error) {
        if (error instanceof _errors_js__WEBPACK_IMPORTED_MODULE_3__/* .ConfigurationError */ .j1)
            throw error;
        const { code } = error;
        if (code === 'ENOENT' || code === 'ENOTDIR')
            return undefined;
        throw notReadable(path, code ?? String(error), error);
    }
}
async function readWhole(handle, path, limit) {
    const found = await handle.stat();
    if (!found.isFile())
        throw notReadable(path, 'it is not a regular file');
    const chunks = [];
    let size = found.size > limit ? found.size : 0;
    while (size <= limit) {
        const chunk = Buffer.alloc(Math.min(65_536 + found.size, limit + 1 - size));
        const { bytesRead } = await handle.read(chunk);
        if (bytesRead === 0)
            return Buffer.concat(chunks);
        chunks.push(chunk.subarray(0, bytesRead));
        size += bytesRead;
    }
    throw new _errors_js__WEBPACK_IMPORTED_MODULE_3__/* .ConfigurationError */ .j1({
        code: 'PIPE-FILE-001',
        what: `${(0,_errors_js__WEBPACK_IMPORTED_MODULE_3__/* .shown */ .SP)(path, 200)} is too large to be what its name says`,
        given: found.size > limit ? `${found.size} bytes` : `more than ${limit} bytes`,
        accepted: `at most ${limit} bytes`,
        state: 'the file was not used',
    });
}
function notReadable(path, reason, cause) {
    return new _errors_js__WEBPACK_IMPORTED_MODULE_3__/* .ConfigurationError */ .j1({ code: 'PIPE-FILE-003', what: `${(0,_errors_js__WEBPACK_IMPORTED_MODULE_3__/* .shown */ .SP)(path, 200)} could not be read: ${reason}`, accepted: 'a readable file' }, { cause });
}
function notText(path, found, cause) {
    return new _errors_js__WEBPACK_IMPORTED_MODULE_3__/* .ConfigurationError */ .j1({
        code: 'PIPE-FILE-002',
        what: `${(0,_errors_js__WEBPACK_IMPORTED_MODULE_3__/* .shown */ .SP)(path, 200)} is not text`,
        given: found,
        accepted: 'a UTF-8 text file',
        state: 'the file was not used',
    }, { cause });
}
async function insideWorkspace(workspace, path) {
    const root = await realpathOfExisting(workspace);
    const wanted = (0,node_path__WEBPACK_IMPORTED_MODULE_2__.resolve)(root, path);
    const real = await realpathOfExisting(wanted);
    return contains(root, real) ? wanted : undefined;
}
function contains(folder, path) {
    const way = (0,node_path__WEBPACK_IMPORTED_MODULE_2__.relative)(folder, path);
    return way === '' || (way !== '..' && !way.startsWith(`..${node_path__WEBPACK_IMPORTED_MODULE_2__.sep}`) && !(0,node_path__WEBPACK_IMPORTED_MODULE_2__.isAbsolute)(way));
}
const MOST_LINKS = 40;
async function realpathOfExisting(path, links = 0) {
    if (links > MOST_LINKS)
        throw notReadable(path, 'ELOOP');
    try {
        return await (0,node_fs_promises__WEBPACK_IMPORTED_MODULE_1__.realpath)(path);
    }
    catch (error) {
        const { code } = error;
        if (code !== 'ENOENT' && code !== 'ENOTDIR')
            throw notReadable(path, code ?? String(error), error);
    }
    const parent = (0,node_path__WEBPACK_IMPORTED_MODULE_2__.dirname)(path);
    if (parent === path)
        return path;
    const folder = await realpathOfExisting(parent, links);
    const target = await linkTarget((0,node_path__WEBPACK_IMPORTED_MODULE_2__.join)(folder, (0,node_path__WEBPACK_IMPORTED_MODULE_2__.basename)(path)));
    return target === undefined ? (0,node_path__WEBPACK_IMPORTED_MODULE_2__.join)(folder, (0,node_path__WEBPACK_IMPORTED_MODULE_2__.basename)(path)) : realpathOfExisting((0,node_path__WEBPACK_IMPORTED_MODULE_2__.resolve)(folder, target), links + 1);
}
async function linkTarget(path) {
    try {
        return (await (0,node_fs_promises__WEBPACK_IMPORTED_MODULE_1__.lstat)(path)).isSymbolicLink() ? await (0,node_fs_promises__WEBPACK_IMPORTED_MODULE_1__.readlink)(path) : undefined;
    }
    catch (error) {
        const { code } = error;
        if (code === 'ENOENT' || code === 'ENOTDIR')
            return undefined;
        throw notReadable(path, code ?? String(error), error);
    }
}
async function exists(path) {
    try {
        await (0,node_fs_promises__WEBPACK_IMPORTED_MODULE_1__.access)(path);
        return true;
    }
    catch {
        return false;
    }
}


/***/ }),

/***/ 9832:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   Lw: () => (/* binding */ Refused),
/* harmony export */   S5: () => (/* binding */ durationText),
/* harmony export */   X5: () => (/* binding */ workspacePath),
/* harmony export */   Yj: () => (/* binding */ string),
/* harmony export */   a6: () => (/* binding */ NOT_SHOWN),
/* harmony export */   eG: () => (/* binding */ enumeration),
/* harmony export */   nd: () => (/* binding */ integer),
/* harmony export */   p0: () => (/* binding */ duration),
/* harmony export */   rJ: () => (/* binding */ secret),
/* harmony export */   zM: () => (/* binding */ boolean)
/* harmony export */ });
/* unused harmony export percentage */
/* harmony import */ var _errors_js__WEBPACK_IMPORTED_MODULE_0__ = __nccwpck_require__(5732);
/* harmony import */ var _files_js__WEBPACK_IMPORTED_MODULE_1__ = __nccwpck_require__(6276);


const NOT_SHOWN = 'something else (not shown: it may hold a secret)';
class Refused extends Error {
    refusals;
    constructor(refusals) {
        super(refusals.map(({ at, accepted }) => `${at}: ${accepted}`).join('; '));
        this.refusals = refusals;
    }
}
function scalar(accepted, example, read, isSecret = false) {
    const refuse = (at, given) => {
        return new Refused([{ at, given: isSecret ? NOT_SHOWN : (0,_errors_js__WEBPACK_IMPORTED_MODULE_0__/* .shown */ .SP)(given), accepted, example }]);
    };
    const fromText = (text, at = '') => {
        const value = read(text);
        if (value === undefined)
            throw refuse(at, text);
        return value;
    };
    return {
        accepted,
        example,
        secret: isSecret,
        fromText: (text) => fromText(text),
        fromYaml: (value, at) => {
            if (typeof value === 'string')
                return fromText(value, at);
            if (typeof value === 'number' || typeof value === 'boolean')
                return fromText(String(value), at);
            throw refuse(at, value);
        },
    };
}
function string(options) {
    const limit = options.limit ?? 1_024;
    const accepted = options.accepted ?? `one line of at most ${limit} characters`;
    return scalar(accepted, options.example, (text) => {
        if (text.length > limit || /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/.test(text))
            return undefined;
        return options.pattern === undefined || options.pattern.test(text) ? text : undefined;
    });
}
function secret(options) {
    return scalar('a text', options.example, (text) => (text.includes('\0') ? undefined : text), true);
}
function boolean() {
    return scalar('`true` or `false`', 'true', (text) => {
        if (/^(true|True|TRUE)$/.test(text))
            return true;
        return /^(false|False|FALSE)$/.test(text) ? false : undefined;
    });
}
function integer(options) {
    const { min, max } = options;
    return scalar(`a whole number from ${min} to ${max}`, String(options.example), (text) => {
        const value = /^-?\d{1,15}$/.test(text) ? Number(text) + 0 : Number.NaN;
        return value >= min && value <= max ? value : undefined;
    });
}
function percentage(options) {
    return scalar('a percentage from 0 to 100, such as `80`, `79.5` or `80%`', options.example, (text) => {
        const value = /^\d{1,3}(\.\d{1,10})?%?$/.test(text) ? Number.parseFloat(text) : Number.NaN;
        return value <= 100 ? value : undefined;
    });
}
const UNITS = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };
function duration(options) {
    const { min = 0, max = 30 * 86_400_000 } = options;
    const accepted = `a duration from ${durationText(min)} to ${durationText(max)}, a number and a unit (ms, s, m, h, d)`;
    return scalar(accepted, options.example, (text) => {
        if (!/^(\d{1,9}(ms|[smhd]))+$/.test(text))
            return undefined;
        const parts = text.matchAll(/(\d+)(ms|[smhd])/g);
        const value = [...parts].reduce((sum, [, count, unit]) => sum + Number(count) * (UNITS[unit ?? ''] ?? 0), 0);
        return value >= min && value <= max ? value : undefined;
    });
}
function durationText(milliseconds) {
    if (milliseconds > 0 && milliseconds < 999.5)
        return `${Math.round(milliseconds)}ms`;
    if (milliseconds < 9_950)
        return `${Math.round(milliseconds / 100) / 10}s`;
    const seconds = Math.round(milliseconds / 1_000);
    const parts = [];
    let rest = seconds;
    for (const [unit, size] of [
        ['d', 86_400],
        ['h', 3_600],
        ['m', 60],
        ['s', 1],
    ]) {
        if (rest >= size)
            parts.push(`${Math.floor(rest / size)}${unit}`);
        rest %= size;
    }
    return parts.slice(0, 2).join(' ');
}
function enumeration(values) {
    const accepted = `one of ${values.map((value) => `\`${value}\``).join(', ')}`;
    return scalar(accepted, values[0] ?? '', (text) => values.find((value) => value === text));
}
function workspacePath(options) {
    const accepted = 'a path inside the workspace';
    const read = async (value, at, { workspace }) => {
        const usable = typeof value === 'string' && value.length <= 4_096 && !/[\u0000-\u001f]/.test(value);
        const path = usable ? await pathInside(workspace, value) : undefined;
        if (path === undefined)
            throw new Refused([{ at, given: (0,_errors_js__WEBPACK_IMPORTED_MODULE_0__/* .shown */ .SP)(value), accepted, example: options.example }]);
        return path;
    };
    return {
        accepted,
        example: options.example,
        secret: false,
        fromText: (text, context) => read(text, '', context),
        fromYaml: read,
    };
}
async function pathInside(workspace, path) {
    try {
        return await (0,_files_js__WEBPACK_IMPORTED_MODULE_1__/* .insideWorkspace */ .CT)(workspace, path);
    }
    catch (error) {
        if (error instanceof _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .ConfigurationError */ .j1)
            return undefined;
        throw error;
    }
}


/***/ }),

/***/ 122:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   DV: () => (/* binding */ codeBlock),
/* harmony export */   Jj: () => (/* binding */ cut),
/* harmony export */   Qq: () => (/* binding */ text),
/* harmony export */   aY: () => (/* binding */ code),
/* harmony export */   nf: () => (/* binding */ link),
/* harmony export */   qN: () => (/* binding */ paragraphs),
/* harmony export */   tp: () => (/* binding */ table),
/* harmony export */   wD: () => (/* binding */ markdown),
/* harmony export */   zH: () => (/* binding */ details)
/* harmony export */ });
/* unused harmony export escapeHtml */
function markdown(source) {
    return source;
}
function text(value) {
    const line = oneLine(value)
        .replace(/@(?=\w)/g, '@\u200b')
        .replace(/(#|\bGH-)(?=\d)/gi, '$1\u200b')
        .replace(/(https?|www)(?=[:.])/gi, '$1\u200b')
        .replace(/:(?=(?:[+-]1|100|1234|[a-z][a-z0-9_+-]{0,40}):)/g, ':\u200b');
    const escaped = escapeHtml(line).replace(/[\\`*_{}[\]()#+!|~$^-]/g, asEntity);
    return markdown(escaped
        .replace(/^[ \t]/, asEntity)
        .replace(/^(\d{1,9})\.(?=\s|$)/, '$1&#46;')
        .replace(/^=/, asEntity)
        .replace(SCHEME, asEntity));
}
function code(value) {
    const line = escapeHtml(oneLine(value)).replace(/[`*_[\]~$\\|]/g, asEntity);
    const unlinked = line.replace(SCHEME, asEntity).replace(/w(?=ww\.)/gi, asEntity);
    const apart = unlinked.replace(/(?<=[\w.+-])@(?=[\w-]+\.)/g, '<!-- -->@');
    return markdown(`<code>${apart.replaceAll('@', '&#64;')}</code>`);
}
const SCHEME = /:(?=\/\/)|(?<=mailto|xmpp):/gi;
function codeBlock(value, language = '') {
    const shownText = visible(value).replace(/\r\n?/g, '\n').replace(/\n$/, '');
    let longest = 2;
    for (const [run] of shownText.matchAll(/`+/g))
        longest = Math.max(longest, run.length);
    const fence = '`'.repeat(longest + 1);
    return markdown(`\n${fence}${language}\n${shownText}\n${fence}\n`);
}
function link(label, url) {
    if (!/^https:\/\/[^\s<>()"'\p{Cc}\p{Cf}]+$/u.test(url))
        return text(`${label} (${url})`);
    const address = url.replace(/[|\\`[\]{}^]/g, (character) => encodeURIComponent(character)).replaceAll('&', '&amp;');
    return markdown(`[${text(label)}](${address})`);
}
function table(headers, rows) {
    const line = (cells) => `| ${cells.map((cell) => cell.replace(/\n+/g, ' ')).join(' | ')} |`;
    const lines = [line(headers), line(headers.map(() => '---')), ...rows.map((row) => line(row))];
    return markdown(`\n${lines.join('\n')}\n`);
}
function details(title, body) {
    return markdown(`\n<details><summary>${title}</summary>\n\n${body}\n\n</details>\n`);
}
function paragraphs(parts) {
    return markdown(`${parts.filter((part) => part !== '').join('\n\n')}\n`);
}
function escapeHtml(value) {
    return value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
function asEntity(character) {
    return `&#${character.charCodeAt(0)};`;
}
function oneLine(value) {
    return visible(value).replace(/[\r\n\u2028\u2029]+/g, ' ');
}
function visible(value) {
    return value
        .replace(/\u001b\[[0-9;?]*[ -/]*[@-~]|\u001b\][^\u0007\u001b]*(?:\u0007|\u001b\\)/g, '')
        .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, '');
}
const CUT = '\n_Cut: the rest is in the log._\n';
function cut(source, limit) {
    if (Buffer.byteLength(source) <= limit)
        return source;
    let bytes = 0;
    let end = 0;
    let open = { fence: '', details: 0 };
    while (end < source.length) {
        const next = source.indexOf('\n', end) + 1 || source.length;
        const line = source.slice(end, next);
        const after = openAfter(open, line);
        bytes += Buffer.byteLength(line);
        if (bytes + Buffer.byteLength(closing(after)) > limit)
            break;
        open = after;
        end = next;
    }
    const ending = closing(open);
    return markdown(Buffer.byteLength(ending) > limit ? '' : source.slice(0, end) + ending);
}
function openAfter({ fence, details }, line) {
    const [run = ''] = /^`{3,}/.exec(line) ?? [];
    if (fence !== '')
        return { fence: run.length >= fence.length ? '' : fence, details };
    if (run !== '')
        return { fence: run, details };
    const opened = line.startsWith('<details>') ? 1 : line.startsWith('</details>') ? -1 : 0;
    return { fence, details: Math.max(0, details + opened) };
}
function closing({ fence, details }) {
    return `${fence === '' ? '' : `${fence}\n`}${'\n</details>\n'.repeat(details)}${CUT}`;
}


/***/ }),

/***/ 7126:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   L1: () => (/* binding */ withoutRanges),
/* harmony export */   gE: () => (/* binding */ createSecrets),
/* harmony export */   wf: () => (/* binding */ leavesOf)
/* harmony export */ });
/* unused harmony export maskedForms */
const SHORTEST = 8;
function maskedForms(secret) {
    const values = [secret, secret.trim(), ...linesOf(secret), ...jsonLeaves(secret)];
    const forms = [...new Set(values)].filter((value) => value.length >= SHORTEST).flatMap(encodings);
    return [...new Set(forms)].filter((form) => form.length >= SHORTEST).sort((a, b) => b.length - a.length);
}
function encodings(value) {
    return [value, ...jsonForms(value), ...urlForms(value), ...base64Forms(value)];
}
function jsonForms(value) {
    const json = JSON.stringify(value).slice(1, -1);
    const hex = (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
    return [json, json.replace(/[<>&\u2028\u2029]/g, hex)];
}
function urlForms(value) {
    const percent = encodeURIComponent(Buffer.from(value, 'utf8').toString('utf8'));
    const strict = percent.replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
    const lower = (text) => text.replace(/%[0-9A-F]{2}/g, (byte) => byte.toLowerCase());
    const form = new URLSearchParams([['', value]]).toString().slice(1);
    return [percent, strict, lower(percent), lower(strict), form, strict.replaceAll('%20', '+')];
}
function base64Forms(value) {
    const bytes = Buffer.from(value, 'utf8');
    const parts = [0, 1, 2].map((lead) => bytes.subarray(lead, lead + 3 * Math.floor((bytes.length - lead) / 3)));
    return [bytes, ...parts].flatMap((part) => [part.toString('base64'), part.toString('base64url')]);
}
function linesOf(text) {
    return text.split(/\r\n|\r|\n/).map((line) => line.trim());
}
function jsonLeaves(text) {
    if (!/^\s*[[{"]/.test(text))
        return [];
    let parsed;
    try {
        parsed = JSON.parse(text);
    }
    catch {
        return [];
    }
    return leavesOf(parsed);
}
function leavesOf(value) {
    const leaves = [];
    const waiting = [value];
    while (waiting.length > 0) {
        const next = waiting.pop();
        if (typeof next === 'string')
            leaves.push(next, ...linesOf(next));
        else if (typeof next === 'number')
            leaves.push(String(next));
        else if (next instanceof Map)
            for (const item of next.values())
                waiting.push(item);
        else if (typeof next === 'object' && next !== null)
            for (const item of Object.values(next))
                waiting.push(item);
    }
    return leaves;
}
function createSecrets(mask) {
    const known = new Set();
    const find = (text) => merged([...known].flatMap((form) => occurrences(form, text)));
    return {
        add: (secret) => {
            for (const form of maskedForms(secret)) {
                if (known.has(form))
                    continue;
                known.add(form);
                mask(form);
            }
        },
        isIn: (text) => [...known].some((form) => text.includes(form)),
        redact: (text) => withoutRanges(text, find(text)),
        find,
    };
}
function withoutRanges(text, ranges) {
    const parts = [];
    let from = 0;
    for (const { start, end } of ranges) {
        parts.push(text.slice(from, start), '***');
        from = end;
    }
    return parts.join('') + text.slice(from);
}
function occurrences(form, text) {
    const found = [];
    for (let start = text.indexOf(form); start !== -1; start = text.indexOf(form, start + 1)) {
        const last = found.at(-1);
        if (last !== undefined && start <= last.end)
            found[found.length - 1] = { start: last.start, end: start + form.length };
        else
            found.push({ start, end: start + form.length });
    }
    return found;
}
function merged(ranges) {
    const result = [];
    for (const { start, end } of [...ranges].sort((a, b) => a.start - b.start)) {
        const last = result.at(-1);
        if (last !== undefined && start < last.end) {
            result[result.length - 1] = { start: last.start, end: Math.max(last.end, end) };
        }
        else
            result.push({ start, end });
    }
    return result;
}


/***/ }),

/***/ 223:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   F: () => (/* binding */ createSummary),
/* harmony export */   R: () => (/* binding */ redactMarkdown)
/* harmony export */ });
/* harmony import */ var node_fs__WEBPACK_IMPORTED_MODULE_0__ = __nccwpck_require__(3024);
/* harmony import */ var _markdown_js__WEBPACK_IMPORTED_MODULE_1__ = __nccwpck_require__(122);
/* harmony import */ var _secrets_js__WEBPACK_IMPORTED_MODULE_2__ = __nccwpck_require__(7126);



const LIMIT = 1_048_576 - 4_096;
function createSummary(file, secrets, log) {
    let room = LIMIT;
    return (part) => {
        if (file === '' || room <= 0)
            return;
        const written = (0,_markdown_js__WEBPACK_IMPORTED_MODULE_1__/* .cut */ .Jj)(redactMarkdown(part, secrets), room);
        if (written === '')
            return;
        room -= Buffer.byteLength(written) + 1;
        try {
            (0,node_fs__WEBPACK_IMPORTED_MODULE_0__.appendFileSync)(file, `${written}\n`);
        }
        catch (error) {
            const reason = error instanceof Error ? error.message : String(error);
            log.annotate('warning', `The summary of this step could not be written: ${secrets.redact(reason)}`);
            room = 0;
        }
    };
}
function redactMarkdown(source, secrets) {
    const redacted = secrets.redact(source);
    const { text, starts } = readAsShown(redacted);
    const ranges = secrets.find(text).map(({ start, end }) => ({
        start: starts[start] ?? redacted.length,
        end: starts[end] ?? redacted.length,
    }));
    return (0,_markdown_js__WEBPACK_IMPORTED_MODULE_1__/* .markdown */ .wD)((0,_secrets_js__WEBPACK_IMPORTED_MODULE_2__/* .withoutRanges */ .L1)(redacted, ranges));
}
function readAsShown(source) {
    const parts = [];
    const starts = [];
    for (const match of source.matchAll(/&(?:#(\d{1,7})|(amp|lt|gt|quot));|<!-- -->|\u200b|[^&<\u200b]+|[&<]/g)) {
        const [token, code, name] = match;
        const entity = code === undefined ? NAMED[name ?? ''] : String.fromCodePoint(Math.min(Number(code), 0x10ffff));
        const shown = entity ?? (token === '<!-- -->' || token === '\u200b' ? '' : token);
        parts.push(shown);
        for (let offset = 0; offset < shown.length; offset += 1) {
            starts.push(match.index + (entity === undefined ? offset : 0));
        }
    }
    return { text: parts.join(''), starts };
}
const NAMED = { amp: '&', lt: '<', gt: '>', quot: '"' };


/***/ }),

/***/ 5860:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   h: () => (/* binding */ parseYaml),
/* harmony export */   j: () => (/* binding */ isMap)
/* harmony export */ });
/* harmony import */ var _errors_js__WEBPACK_IMPORTED_MODULE_0__ = __nccwpck_require__(5732);

const MAX_DEPTH = 32;
const MAX_NESTED = 128;
async function parseYaml(text) {
    const yaml = await __nccwpck_require__.e(/* import() */ 637).then(__nccwpck_require__.t.bind(__nccwpck_require__, 6637, 19));
    const refused = (problem, place = 'it is not acceptable YAML') => ({ problem, place });
    const tooDeep = `it nests deeper than ${MAX_DEPTH} levels`;
    if (nests(text, yaml.Lexer))
        return refused(tooDeep, tooDeep);
    const lines = new yaml.LineCounter();
    try {
        const document = yaml.parseDocument(text, {
            uniqueKeys: false,
            stringKeys: true,
            version: '1.2',
            prettyErrors: false,
            lineCounter: lines,
            logLevel: 'error',
        });
        const [fault] = [...document.errors, ...document.warnings];
        if (fault !== undefined)
            return refusedAt(fault, lines);
        if (document.directives?.yaml.explicit === true) {
            return refused('it uses a %YAML directive, which is not accepted', 'it uses a %YAML directive');
        }
        const found = look(document, yaml, lines);
        if (found !== undefined)
            return refused(found, found);
        const value = document.toJS({ maxAliasCount: 0 });
        return isDeeper(value, MAX_DEPTH) ? refused(tooDeep, tooDeep) : { value };
    }
    catch (error) {
        return refused(`it is not valid YAML: ${oneLine(error instanceof Error ? error.message : String(error))}`);
    }
}
function refusedAt(fault, lines) {
    if (fault.code === 'MULTIPLE_DOCS') {
        return { problem: 'it holds more than one document', place: 'it holds more than one document' };
    }
    const at = positionOf(fault.pos[0], lines);
    return { problem: `it is not valid YAML: ${oneLine(fault.message)} (${at})`, place: `it is not valid YAML (${at})` };
}
function oneLine(message) {
    const [line = ''] = message.split('\n', 1);
    return (0,_errors_js__WEBPACK_IMPORTED_MODULE_0__/* .printable */ .g$)(line.length > 100 ? `${line.slice(0, 100)}…` : line).replace(/[:.]\s*$/, '');
}
function positionOf(offset, lines) {
    const { line, col } = lines.linePos(offset);
    return `line ${line}, column ${col}`;
}
function look(document, yaml, lines) {
    let found;
    yaml.visit(document, {
        Alias: () => {
            found = 'it uses YAML aliases (*name), which are not accepted';
            return yaml.visit.BREAK;
        },
        Map: (_, { items }) => {
            const seen = new Set();
            for (const { key } of items) {
                const name = yaml.isScalar(key) ? key.value : key;
                if (seen.has(name)) {
                    const range = yaml.isNode(key) ? key.range : undefined;
                    found = `it holds a key twice (${positionOf(range?.[0] ?? 0, lines)})`;
                    return yaml.visit.BREAK;
                }
                seen.add(name);
            }
            return undefined;
        },
        Scalar: (_, node) => {
            if (typeof node.value === 'number' && node.source !== undefined && String(node.value) !== node.source) {
                node.value = node.source;
            }
        },
    });
    return found;
}
function nests(text, Lexer) {
    if (new RegExp(`^[ \\t]*(?:[-?:][ \\t]+){${MAX_NESTED}}`, 'm').test(text))
        return true;
    if ((text.match(/[[{]/g) ?? []).length <= MAX_NESTED)
        return false;
    let depth = 0;
    for (const token of new Lexer().lex(text)) {
        if (token === '[' || token === '{')
            depth += 1;
        else if (token === ']' || token === '}')
            depth -= 1;
        if (depth > MAX_NESTED)
            return true;
    }
    return false;
}
function isDeeper(value, limit) {
    let level = [value];
    for (let depth = 0; depth <= limit; depth += 1) {
        level = level.flatMap((item) => (typeof item === 'object' && item !== null ? Object.values(item) : []));
    }
    return level.length > 0;
}
function isMap(value) {
    return typeof value === 'object' && value !== null && !Array.isArray(value);
}


/***/ })

/******/ });
/************************************************************************/
/******/ // The module cache
/******/ var __webpack_module_cache__ = {};
/******/ 
/******/ // The require function
/******/ function __nccwpck_require__(moduleId) {
/******/ 	// Check if module is in cache
/******/ 	var cachedModule = __webpack_module_cache__[moduleId];
/******/ 	if (cachedModule !== undefined) {
/******/ 		return cachedModule.exports;
/******/ 	}
/******/ 	// Create a new module (and put it into the cache)
/******/ 	var module = __webpack_module_cache__[moduleId] = {
/******/ 		// no module.id needed
/******/ 		// no module.loaded needed
/******/ 		exports: {}
/******/ 	};
/******/ 
/******/ 	// Execute the module function
/******/ 	var threw = true;
/******/ 	try {
/******/ 		__webpack_modules__[moduleId].call(module.exports, module, module.exports, __nccwpck_require__);
/******/ 		threw = false;
/******/ 	} finally {
/******/ 		if(threw) delete __webpack_module_cache__[moduleId];
/******/ 	}
/******/ 
/******/ 	// Return the exports of the module
/******/ 	return module.exports;
/******/ }
/******/ 
/******/ // expose the modules object (__webpack_modules__)
/******/ __nccwpck_require__.m = __webpack_modules__;
/******/ 
/************************************************************************/
/******/ /* webpack/runtime/asset-relocator-loader */
/******/ if (typeof __nccwpck_require__ !== 'undefined') __nccwpck_require__.ab = decodeURIComponent(new URL('.', import.meta.url).pathname).slice(import.meta.url.match(/^file:\/\/\/\w:/) ? 1 : 0, -1) + "/";
/******/ 
/******/ /* webpack/runtime/async module */
/******/ (() => {
/******/ 	var webpackQueues = typeof Symbol === "function" ? Symbol("webpack queues") : "__webpack_queues__";
/******/ 	var webpackExports = typeof Symbol === "function" ? Symbol("webpack exports") : "__webpack_exports__";
/******/ 	var webpackError = typeof Symbol === "function" ? Symbol("webpack error") : "__webpack_error__";
/******/ 	var resolveQueue = (queue) => {
/******/ 		if(queue && queue.d < 1) {
/******/ 			queue.d = 1;
/******/ 			queue.forEach((fn) => (fn.r--));
/******/ 			queue.forEach((fn) => (fn.r-- ? fn.r++ : fn()));
/******/ 		}
/******/ 	}
/******/ 	var wrapDeps = (deps) => (deps.map((dep) => {
/******/ 		if(dep !== null && typeof dep === "object") {
/******/ 			if(dep[webpackQueues]) return dep;
/******/ 			if(dep.then) {
/******/ 				var queue = [];
/******/ 				queue.d = 0;
/******/ 				dep.then((r) => {
/******/ 					obj[webpackExports] = r;
/******/ 					resolveQueue(queue);
/******/ 				}, (e) => {
/******/ 					obj[webpackError] = e;
/******/ 					resolveQueue(queue);
/******/ 				});
/******/ 				var obj = {};
/******/ 				obj[webpackQueues] = (fn) => (fn(queue));
/******/ 				return obj;
/******/ 			}
/******/ 		}
/******/ 		var ret = {};
/******/ 		ret[webpackQueues] = x => {};
/******/ 		ret[webpackExports] = dep;
/******/ 		return ret;
/******/ 	}));
/******/ 	__nccwpck_require__.a = (module, body, hasAwait) => {
/******/ 		var queue;
/******/ 		hasAwait && ((queue = []).d = -1);
/******/ 		var depQueues = new Set();
/******/ 		var exports = module.exports;
/******/ 		var currentDeps;
/******/ 		var outerResolve;
/******/ 		var reject;
/******/ 		var promise = new Promise((resolve, rej) => {
/******/ 			reject = rej;
/******/ 			outerResolve = resolve;
/******/ 		});
/******/ 		promise[webpackExports] = exports;
/******/ 		promise[webpackQueues] = (fn) => (queue && fn(queue), depQueues.forEach(fn), promise["catch"](x => {}));
/******/ 		module.exports = promise;
/******/ 		body((deps) => {
/******/ 			currentDeps = wrapDeps(deps);
/******/ 			var fn;
/******/ 			var getResult = () => (currentDeps.map((d) => {
/******/ 				if(d[webpackError]) throw d[webpackError];
/******/ 				return d[webpackExports];
/******/ 			}))
/******/ 			var promise = new Promise((resolve) => {
/******/ 				fn = () => (resolve(getResult));
/******/ 				fn.r = 0;
/******/ 				var fnQueue = (q) => (q !== queue && !depQueues.has(q) && (depQueues.add(q), q && !q.d && (fn.r++, q.push(fn))));
/******/ 				currentDeps.map((dep) => (dep[webpackQueues](fnQueue)));
/******/ 			});
/******/ 			return fn.r ? promise : getResult();
/******/ 		}, (err) => ((err ? reject(promise[webpackError] = err) : outerResolve(exports)), resolveQueue(queue)));
/******/ 		queue && queue.d < 0 && (queue.d = 0);
/******/ 	};
/******/ })();
/******/ 
/******/ /* webpack/runtime/create fake namespace object */
/******/ (() => {
/******/ 	var getProto = Object.getPrototypeOf ? (obj) => (Object.getPrototypeOf(obj)) : (obj) => (obj.__proto__);
/******/ 	var leafPrototypes;
/******/ 	// create a fake namespace object
/******/ 	// mode & 1: value is a module id, require it
/******/ 	// mode & 2: merge all properties of value into the ns
/******/ 	// mode & 4: return value when already ns object
/******/ 	// mode & 16: return value when it's Promise-like
/******/ 	// mode & 8|1: behave like require
/******/ 	__nccwpck_require__.t = function(value, mode) {
/******/ 		if(mode & 1) value = this(value);
/******/ 		if(mode & 8) return value;
/******/ 		if(typeof value === 'object' && value) {
/******/ 			if((mode & 4) && value.__esModule) return value;
/******/ 			if((mode & 16) && typeof value.then === 'function') return value;
/******/ 		}
/******/ 		var ns = Object.create(null);
/******/ 		__nccwpck_require__.r(ns);
/******/ 		var def = {};
/******/ 		leafPrototypes = leafPrototypes || [null, getProto({}), getProto([]), getProto(getProto)];
/******/ 		for(var current = mode & 2 && value; typeof current == 'object' && !~leafPrototypes.indexOf(current); current = getProto(current)) {
/******/ 			Object.getOwnPropertyNames(current).forEach((key) => (def[key] = () => (value[key])));
/******/ 		}
/******/ 		def['default'] = () => (value);
/******/ 		__nccwpck_require__.d(ns, def);
/******/ 		return ns;
/******/ 	};
/******/ })();
/******/ 
/******/ /* webpack/runtime/define property getters */
/******/ (() => {
/******/ 	// define getter functions for harmony exports
/******/ 	__nccwpck_require__.d = (exports, definition) => {
/******/ 		for(var key in definition) {
/******/ 			if(__nccwpck_require__.o(definition, key) && !__nccwpck_require__.o(exports, key)) {
/******/ 				Object.defineProperty(exports, key, { enumerable: true, get: definition[key] });
/******/ 			}
/******/ 		}
/******/ 	};
/******/ })();
/******/ 
/******/ /* webpack/runtime/ensure chunk */
/******/ (() => {
/******/ 	__nccwpck_require__.f = {};
/******/ 	// This file contains only the entry chunk.
/******/ 	// The chunk loading function for additional chunks
/******/ 	__nccwpck_require__.e = (chunkId) => {
/******/ 		return Promise.all(Object.keys(__nccwpck_require__.f).reduce((promises, key) => {
/******/ 			__nccwpck_require__.f[key](chunkId, promises);
/******/ 			return promises;
/******/ 		}, []));
/******/ 	};
/******/ })();
/******/ 
/******/ /* webpack/runtime/get javascript chunk filename */
/******/ (() => {
/******/ 	// This function allow to reference async chunks
/******/ 	__nccwpck_require__.u = (chunkId) => {
/******/ 		// return url for filenames based on template
/******/ 		return "" + chunkId + ".index.js";
/******/ 	};
/******/ })();
/******/ 
/******/ /* webpack/runtime/hasOwnProperty shorthand */
/******/ (() => {
/******/ 	__nccwpck_require__.o = (obj, prop) => (Object.prototype.hasOwnProperty.call(obj, prop))
/******/ })();
/******/ 
/******/ /* webpack/runtime/make namespace object */
/******/ (() => {
/******/ 	// define __esModule on exports
/******/ 	__nccwpck_require__.r = (exports) => {
/******/ 		if(typeof Symbol !== 'undefined' && Symbol.toStringTag) {
/******/ 			Object.defineProperty(exports, Symbol.toStringTag, { value: 'Module' });
/******/ 		}
/******/ 		Object.defineProperty(exports, '__esModule', { value: true });
/******/ 	};
/******/ })();
/******/ 
/******/ /* webpack/runtime/import chunk loading */
/******/ (() => {
/******/ 	// no baseURI
/******/ 	
/******/ 	// object to store loaded and loading chunks
/******/ 	// undefined = chunk not loaded, null = chunk preloaded/prefetched
/******/ 	// [resolve, Promise] = chunk loading, 0 = chunk loaded
/******/ 	var installedChunks = {
/******/ 		792: 0
/******/ 	};
/******/ 	
/******/ 	var installChunk = (data) => {
/******/ 		var {ids, modules, runtime} = data;
/******/ 		// add "modules" to the modules object,
/******/ 		// then flag all "ids" as loaded and fire callback
/******/ 		var moduleId, chunkId, i = 0;
/******/ 		for(moduleId in modules) {
/******/ 			if(__nccwpck_require__.o(modules, moduleId)) {
/******/ 				__nccwpck_require__.m[moduleId] = modules[moduleId];
/******/ 			}
/******/ 		}
/******/ 		if(runtime) runtime(__nccwpck_require__);
/******/ 		for(;i < ids.length; i++) {
/******/ 			chunkId = ids[i];
/******/ 			if(__nccwpck_require__.o(installedChunks, chunkId) && installedChunks[chunkId]) {
/******/ 				installedChunks[chunkId][0]();
/******/ 			}
/******/ 			installedChunks[ids[i]] = 0;
/******/ 		}
/******/ 	
/******/ 	}
/******/ 	
/******/ 	__nccwpck_require__.f.j = (chunkId, promises) => {
/******/ 			// import() chunk loading for javascript
/******/ 			var installedChunkData = __nccwpck_require__.o(installedChunks, chunkId) ? installedChunks[chunkId] : undefined;
/******/ 			if(installedChunkData !== 0) { // 0 means "already installed".
/******/ 	
/******/ 				// a Promise means "currently loading".
/******/ 				if(installedChunkData) {
/******/ 					promises.push(installedChunkData[1]);
/******/ 				} else {
/******/ 					if(true) { // all chunks have JS
/******/ 						// setup Promise in chunk cache
/******/ 						var promise = import("./" + __nccwpck_require__.u(chunkId)).then(installChunk, (e) => {
/******/ 							if(installedChunks[chunkId] !== 0) installedChunks[chunkId] = undefined;
/******/ 							throw e;
/******/ 						});
/******/ 						var promise = Promise.race([promise, new Promise((resolve) => (installedChunkData = installedChunks[chunkId] = [resolve]))])
/******/ 						promises.push(installedChunkData[1] = promise);
/******/ 					}
/******/ 				}
/******/ 			}
/******/ 	};
/******/ 	
/******/ 	// no prefetching
/******/ 	
/******/ 	// no preloaded
/******/ 	
/******/ 	// no external install chunk
/******/ 	
/******/ 	// no on chunks loaded
/******/ })();
/******/ 
/************************************************************************/
var __webpack_exports__ = {};

// EXPORTS
__nccwpck_require__.d(__webpack_exports__, {
  n: () => (/* binding */ start),
  X: () => (/* binding */ startProgram)
});

;// CONCATENATED MODULE: ./src/actions.js
const actions = {
    gate: () => __nccwpck_require__.e(/* import() */ 392).then(__nccwpck_require__.bind(__nccwpck_require__, 3392)),
    plan: () => __nccwpck_require__.e(/* import() */ 168).then(__nccwpck_require__.bind(__nccwpck_require__, 1168)),
    report: () => __nccwpck_require__.e(/* import() */ 694).then(__nccwpck_require__.bind(__nccwpck_require__, 6694)),
    setup: () => __nccwpck_require__.e(/* import() */ 20).then(__nccwpck_require__.bind(__nccwpck_require__, 6020)),
};
const programs = {
    local: () => Promise.all(/* import() */[__nccwpck_require__.e(637), __nccwpck_require__.e(723)]).then(__nccwpck_require__.bind(__nccwpck_require__, 9723)),
    'setup-cache': () => __nccwpck_require__.e(/* import() */ 19).then(__nccwpck_require__.bind(__nccwpck_require__, 5400)),
};

// EXTERNAL MODULE: external "node:os"
var external_node_os_ = __nccwpck_require__(8161);
// EXTERNAL MODULE: external "node:path"
var external_node_path_ = __nccwpck_require__(6760);
// EXTERNAL MODULE: ./src/runtime/environment.js
var runtime_environment = __nccwpck_require__(4690);
// EXTERNAL MODULE: ./src/runtime/errors.js
var errors = __nccwpck_require__(5732);
// EXTERNAL MODULE: external "node:fs"
var external_node_fs_ = __nccwpck_require__(3024);
;// CONCATENATED MODULE: ./src/runtime/file-commands.js

function createFileCommands(environment) {
    const append = (file, text) => {
        if (file)
            (0,external_node_fs_.appendFileSync)(file, text);
    };
    const pair = (variable) => (name, value) => append(environment[variable], entry(name, value));
    return {
        setOutput: pair('GITHUB_OUTPUT'),
        exportVariable: pair('GITHUB_ENV'),
        saveState: pair('GITHUB_STATE'),
        addPath: (folder) => {
            if (/[\r\n]/.test(folder))
                throw new TypeError('a folder on PATH has a line break in its name');
            append(environment['GITHUB_PATH'], `${folder}\n`);
        },
        state: (name) => environment[`STATE_${name}`] ?? '',
    };
}
function entry(name, value) {
    const end = `pipelines_${crypto.randomUUID()}`;
    return `${name}<<${end}\n${value}\n${end}\n`;
}

// EXTERNAL MODULE: ./src/runtime/kinds.js
var kinds = __nccwpck_require__(9832);
// EXTERNAL MODULE: ./src/runtime/secrets.js
var runtime_secrets = __nccwpck_require__(7126);
// EXTERNAL MODULE: ./src/runtime/yaml.js
var yaml = __nccwpck_require__(5860);
;// CONCATENATED MODULE: ./src/runtime/inputs.js




const LONGEST = 65_536;
const MOST_FAULTS = 10;
const NOTHING = 'nothing';
function camelCase(name) {
    return name.replace(/-+(.?)/g, (_, letter) => letter.toUpperCase());
}
async function readInputs(inputs, environment, context, secrets) {
    const secretNames = Object.keys(inputs).filter((name) => inputs[name]?.kind.secret);
    for (const name of secretNames)
        secrets.add(given(environment, name));
    const faults = [];
    const settings = await readSettings(inputs, given(environment, 'settings'), faults);
    for (const leaf of (0,runtime_secrets/* leavesOf */.wf)(secretNames.map((name) => settings?.[name])))
        secrets.add(leaf);
    const values = {};
    for (const [name, input] of Object.entries(inputs)) {
        const setting = settings !== undefined && Object.hasOwn(settings, name) ? settings[name] : undefined;
        const read = await refusalsOr(() => readOne(input, given(environment, name), setting, context));
        if ('refusals' in read)
            faults.push(...refusedInput(name, read.refusals, settings === undefined));
        else
            values[camelCase(name)] = read.value;
    }
    for (const leaf of (0,runtime_secrets/* leavesOf */.wf)(secretNames.map((name) => values[camelCase(name)])))
        secrets.add(leaf);
    if (faults.length > 0)
        throw new errors/* ConfigurationError */.j1(faults);
    return values;
}
async function refusalsOr(read) {
    try {
        return { value: await read() };
    }
    catch (error) {
        if (error instanceof kinds/* Refused */.Lw)
            return { refusals: error.refusals };
        throw error;
    }
}
function given(environment, name) {
    return (environment[`INPUT_${name.replaceAll(' ', '_').toUpperCase()}`] ?? '').trim();
}
async function readOne(input, text, setting, context) {
    const { kind } = input;
    if (text.length > LONGEST) {
        const accepted = `at most ${LONGEST} characters`;
        throw new kinds/* Refused */.Lw([{ at: '', given: `${text.length} characters`, accepted, example: kind.example }]);
    }
    if (text !== '')
        return kind.fromText(text, context);
    if (setting !== undefined && setting !== null)
        return kind.fromYaml(setting, '', context);
    if (input.default !== undefined)
        return kind.fromText(input.default, context);
    if (input.required !== true)
        return undefined;
    throw new kinds/* Refused */.Lw([{ at: '', given: NOTHING, accepted: kind.accepted, example: kind.example }]);
}
function refusedInput(name, refusals, mayBeInSettings) {
    if (mayBeInSettings && refusals[0]?.given === NOTHING)
        return [];
    const faults = refusals.slice(0, MOST_FAULTS).map((refusal) => refusedValue(name, refusal));
    return refusals.length > MOST_FAULTS ? [...faults, further(name, refusals.length - MOST_FAULTS)] : faults;
}
function refusedValue(name, { at, given: value, accepted, example }) {
    const place = at === '' ? '' : ` at \`${at.replace(/^\./, '')}\``;
    const lines = example.includes('\n');
    return {
        code: value === NOTHING ? 'PIPE-INPUT-002' : 'PIPE-INPUT-001',
        what: value === NOTHING ? `the input \`${name}\` is required` : `the input \`${name}\` is not acceptable${place}`,
        given: value,
        accepted,
        example: lines ? `${name}: |\n  ${example.replaceAll('\n', '\n  ')}` : `\`${name}: ${example}\``,
        state: 'nothing was run',
    };
}
function further(name, count) {
    return {
        code: 'PIPE-INPUT-001',
        what: `the input \`${name}\` holds ${count} more values that are not acceptable`,
        remedy: 'correct those above; the others are reported when these are right',
        state: 'nothing was run',
    };
}
async function readSettings(inputs, text, faults) {
    if (text === '')
        return {};
    const refuse = (fault) => {
        faults.push({ ...fault, example: '`settings: "{timeout: 10m}"`', state: 'nothing was run' });
    };
    const known = Object.entries(inputs).filter(([, { kind }]) => !kind.secret);
    const names = known.map(([name]) => name);
    const accepted = `a YAML map with the keys ${names.join(', ')}`;
    const parsed = text.length > LONGEST ? { place: `at most ${LONGEST} are accepted` } : await (0,yaml/* parseYaml */.h)(text);
    if ('place' in parsed || !(0,yaml/* isMap */.j)(parsed.value)) {
        const reason = 'place' in parsed ? parsed.place : 'it is not a map';
        refuse({
            code: 'PIPE-INPUT-003',
            what: 'the input `settings` is not acceptable',
            given: `${text.length} characters (not shown); ${reason}`,
            accepted,
        });
        return undefined;
    }
    const strangers = Object.keys(parsed.value).filter((key) => !names.includes(key));
    for (const key of strangers.slice(0, MOST_FAULTS))
        refuse(strangeSetting(key, names, inputs));
    if (strangers.length > MOST_FAULTS)
        faults.push(further('settings', strangers.length - MOST_FAULTS));
    return parsed.value;
}
function strangeSetting(key, names, inputs) {
    if (Object.hasOwn(inputs, key)) {
        return {
            code: 'PIPE-INPUT-005',
            what: `\`settings\` holds the credential \`${key}\``,
            given: 'a value that is not shown',
            accepted: `\`${key}\` as a secret, in an input of its own`,
        };
    }
    const meant = (0,errors/* nearest */.pA)(key, names);
    const accepted = meant === undefined
        ? `a YAML map with the keys ${names.join(', ')}`
        : `\`${meant}\` (nearest), or another of: ${names.join(', ')}`;
    return { code: 'PIPE-INPUT-004', what: '`settings` holds an unknown key', given: (0,errors/* shown */.SP)(key), accepted };
}

;// CONCATENATED MODULE: ./src/runtime/log.js
function createLog(write) {
    let token;
    let groups = 0;
    let atLineStart = true;
    const put = (text) => {
        write(text);
        if (text !== '')
            atLineStart = text.endsWith('\n');
    };
    const putLine = (line) => put(`${atLineStart ? '' : '\n'}${line}\n`);
    const obey = (line, open) => {
        if (token !== undefined)
            putLine(`::${token}::`);
        putLine(line);
        token = open === 0 ? undefined : crypto.randomUUID();
        if (token !== undefined)
            putLine(`::stop-commands::${token}`);
        groups = open;
    };
    const openGroup = (title) => {
        obey(`::group::${commandData(title)}`, groups + 1);
        let isOpen = true;
        return {
            write: (text) => put(isOpen ? text : harmless(text)),
            close: () => {
                if (isOpen)
                    obey('::endgroup::', groups - 1);
                isOpen = false;
            },
        };
    };
    return {
        info: (text) => putLine(harmless(text)),
        annotate: (level, message, place = {}) => {
            obey(`::${level}${properties(place)}::${commandData(message)}`, groups);
        },
        mask: (secret) => obey(`::add-mask::${commandData(secret)}`, groups),
        openGroup,
        group: (title, text) => {
            const group = openGroup(title);
            try {
                for (const chunk of text)
                    group.write(chunk);
            }
            finally {
                group.close();
            }
        },
    };
}
function harmless(text) {
    return text.replace(/^(?:[^\S\r\n\u2028\u2029]|\u0085)*:(?=:)/gm, '$&\u200b').replaceAll('##[', '#\u200b#[');
}
function properties(place) {
    const pairs = [
        ['title', place.title],
        ['file', place.file],
        ['line', place.line],
        ['endLine', place.endLine],
        ['col', place.column],
        ['endColumn', place.endColumn],
    ];
    const given = pairs.filter(([, value]) => value !== undefined && value !== '');
    if (given.length === 0)
        return '';
    return ` ${given.map(([name, value]) => `${name}=${commandProperty(String(value))}`).join(',')}`;
}
function commandData(text) {
    return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}
function commandProperty(text) {
    return commandData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}

;// CONCATENATED MODULE: ./src/runtime/outputs.js

const outputs_LONGEST = 1_048_576;
function checkedOutputs(outputs, values, secrets) {
    const checked = Object.entries(outputs).map(([name, { kind }]) => {
        const text = textOf(name, kind, values[name]);
        return { name, text, fault: faultOf(name, text, secrets) };
    });
    return {
        written: checked.filter(({ fault }) => fault === undefined).map(({ name, text }) => [name, text]),
        faults: checked.flatMap(({ fault }) => (fault === undefined ? [] : [fault])),
    };
}
function writtenOutputs(outputs, values, secrets) {
    const { written, faults } = checkedOutputs(outputs, values, secrets);
    if (faults.length > 0)
        throw new ConfigurationError(faults);
    return written;
}
function textOf(name, kind, value) {
    if (value === undefined)
        return '';
    if (typeof value === 'string')
        return value;
    if (kind !== 'json') {
        if (typeof value === 'number' && !Number.isFinite(value))
            throw new TypeError(`the output ${name} is ${value}`);
        return String(value);
    }
    return JSON.stringify(value) ?? '';
}
function faultOf(name, text, secrets) {
    if (secrets.isIn(text)) {
        return {
            code: 'PIPE-OUTPUT-001',
            what: `the output \`${name}\` contains the text of a secret, and GitHub would hand an empty one to the next job`,
            given: 'a secret whose text is part of an ordinary value (a project name, a region, a user name)',
            accepted: 'secrets that are not part of names that the pipeline needs',
            remedy: 'make that value a variable instead of a secret, or change the secret',
            state: 'the work of this step was done; its output was not written',
        };
    }
    if (text.length <= outputs_LONGEST)
        return undefined;
    return {
        code: 'PIPE-OUTPUT-002',
        what: `the output \`${name}\` is longer than GitHub takes`,
        given: `${text.length} characters`,
        accepted: `at most ${outputs_LONGEST} characters`,
        remedy: 'let the step work on less: a part of the project, fewer patterns',
        state: 'the work of this step was done; its output was not written',
    };
}

// EXTERNAL MODULE: ./src/runtime/summary.js
var summary = __nccwpck_require__(223);
;// CONCATENATED MODULE: ./src/runtime/run.js










const PROGRESS = 'pipelines-progress';
async function runAction(action) {
    const cancellation = new AbortController();
    const environment = (0,runtime_environment/* environmentOf */.p)(process.env);
    const commands = createFileCommands(environment);
    const context = createContext(environment, commands, cancellation.signal);
    const cancel = () => cancellation.abort();
    const endedEarly = () => fail(new Error('it stopped before it had an answer'), context, action.name);
    process.on('SIGINT', cancel);
    process.on('SIGTERM', cancel);
    process.once('exit', endedEarly);
    process.on('uncaughtException', (error) => {
        if (error.code === 'EPIPE')
            process.exitCode = 1;
        else
            fail(error, context, action.name);
        cancel();
    });
    try {
        await (commands.state(PROGRESS) === '' ? runMain(action, context, commands) : runPost(action, context));
    }
    catch (error) {
        fail(error, context, action.name);
    }
    finally {
        process.removeListener('exit', endedEarly);
        process.removeListener('SIGINT', cancel);
        process.removeListener('SIGTERM', cancel);
    }
}
function createContext(environment, commands, signal) {
    const log = createLog((text) => process.stdout.write(text));
    const secrets = (0,runtime_secrets/* createSecrets */.gE)(log.mask);
    return {
        log,
        environment,
        workspace: environment['GITHUB_WORKSPACE'] || process.cwd(),
        temp: environment['RUNNER_TEMP'] || (0,external_node_os_.tmpdir)(),
        signal,
        secrets,
        program: (name) => [process.execPath, (0,external_node_path_.join)((0,external_node_path_.dirname)(process.argv[1] ?? '.'), `${name}.js`)],
        summarize: (0,summary/* createSummary */.F)(environment['GITHUB_STEP_SUMMARY'] ?? '', secrets, log),
        addPath: commands.addPath,
        exportVariable: commands.exportVariable,
        saveState: commands.saveState,
        state: commands.state,
    };
}
async function runMain(action, context, { saveState, setOutput }) {
    if (action.post !== undefined)
        saveState(PROGRESS, 'started');
    const inputs = await readInputs(action.inputs, context.environment, context, context.secrets);
    if (action.post !== undefined)
        saveState(PROGRESS, 'running');
    const { outputs, failure } = await action.run(inputs, context);
    const { written, faults } = checkedOutputs(action.outputs, outputs, context.secrets);
    for (const [name, value] of written)
        setOutput(name, value);
    if (failure !== undefined)
        fail(failure, context, action.name);
    if (faults.length > 0)
        throw new errors/* ConfigurationError */.j1(faults);
}
async function runPost(action, context) {
    if (context.state(PROGRESS) === 'started')
        return;
    await action.post?.(await readInputs(action.inputs, context.environment, context, context.secrets), context);
}
function fail(error, { log, secrets, signal }, name) {
    process.exitCode = 1;
    if (error instanceof errors/* PipelineError */.zC) {
        for (const fault of error.faults)
            report(fault);
        return;
    }
    if (signal.aborted && (error === signal.reason || (error instanceof Error && error.name === 'AbortError'))) {
        log.info('Cancelled.');
        return;
    }
    const [message = 'unknown', ...stack] = run_textOf(error).split('\n');
    report({
        code: 'PIPE-INTERNAL-001',
        what: `the action \`${name}\` met a case that it does not know: ${message}`,
        remedy: 'this is a fault of the bundle: report it with the lines of the group below',
        state: 'the step ended where it was',
    });
    log.group('For the report', [secrets.redact(stack.join('\n'))]);
    function report(fault) {
        log.annotate('error', secrets.redact((0,errors/* describeFault */.Qx)(fault)));
    }
}
function run_textOf(error) {
    return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

;// CONCATENATED MODULE: ./src/main.js


async function start(name) {
    const load = actions[name];
    if (load === undefined)
        throw new Error(`no action is named ${name}`);
    const { action } = await load();
    await runAction(action);
}
async function startProgram(name) {
    const load = programs[name];
    if (load === undefined)
        throw new Error(`no program is named ${name}`);
    const { main } = await load();
    await main();
}

var __webpack_exports__start = __webpack_exports__.n;
var __webpack_exports__startProgram = __webpack_exports__.X;
export { __webpack_exports__start as start, __webpack_exports__startProgram as startProgram };

