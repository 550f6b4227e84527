export const id = 848;
export const ids = [848,19];
export const modules = {

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


/***/ }),

/***/ 5400:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

__webpack_require__.r(__webpack_exports__);
/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   ANSWER: () => (/* binding */ ANSWER),
/* harmony export */   main: () => (/* binding */ main)
/* harmony export */ });
/* harmony import */ var node_process__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(1708);

const ANSWER = 'pipelines-cache-answer ';
async function main() {
    const job = readJob(await readInput());
    const { restoreCache, saveCache } = await Promise.all(/* import() */[__webpack_require__.e(978), __webpack_require__.e(554)]).then(__webpack_require__.bind(__webpack_require__, 5554));
    const paths = ['.'];
    const key = job.operation === 'restore'
        ? await restoreCache(paths, job.key, [...job.restoreKeys])
        : (await saveCache(paths, job.key)) < 0
            ? undefined
            : job.key;
    const answer = { key };
    node_process__WEBPACK_IMPORTED_MODULE_0__.stdout.write(`\n${ANSWER}${JSON.stringify(answer)}\n`);
}
async function readInput() {
    const chunks = [];
    for await (const chunk of node_process__WEBPACK_IMPORTED_MODULE_0__.stdin)
        chunks.push(chunk);
    return Buffer.concat(chunks).toString('utf8');
}
function readJob(text) {
    const job = JSON.parse(text);
    if (job.key === undefined ||
        job.restoreKeys === undefined ||
        (job.operation !== 'restore' && job.operation !== 'save')) {
        throw new TypeError('not a cache job');
    }
    return { operation: job.operation, key: job.key, restoreKeys: job.restoreKeys };
}


/***/ }),

/***/ 8848:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

// ESM COMPAT FLAG
__webpack_require__.r(__webpack_exports__);

// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  post: () => (/* binding */ post),
  run: () => (/* binding */ run)
});

// EXTERNAL MODULE: external "node:fs/promises"
var promises_ = __webpack_require__(1455);
// EXTERNAL MODULE: external "node:path"
var external_node_path_ = __webpack_require__(6760);
// EXTERNAL MODULE: ./src/runtime/environment.js
var runtime_environment = __webpack_require__(4690);
// EXTERNAL MODULE: ./src/runtime/errors.js
var errors = __webpack_require__(5732);
// EXTERNAL MODULE: external "node:crypto"
var external_node_crypto_ = __webpack_require__(7598);
// EXTERNAL MODULE: ./src/runtime/files.js
var files = __webpack_require__(6276);
// EXTERNAL MODULE: ./src/runtime/yaml.js
var yaml = __webpack_require__(5860);
;// CONCATENATED MODULE: ./src/setup/manifest.js




function placeOf(workspace, path) {
    return (0,external_node_path_.relative)(workspace, path) || '.';
}
async function readManifest(path, workspace) {
    const text = await (0,files/* readTextFile */.Gu)(path);
    if (text === undefined)
        return undefined;
    const file = placeOf(workspace, path);
    return { file, fields: parseFields(text, file) };
}
function parseFields(text, file) {
    let problem = 'it holds something else than an object';
    try {
        const value = JSON.parse(text);
        if ((0,yaml/* isMap */.j)(value))
            return value;
    }
    catch (error) {
        problem = (0,errors/* shown */.SP)(error instanceof Error ? error.message : String(error), 200);
    }
    throw new errors/* ConfigurationError */.j1({
        code: 'PIPE-SETUP-002',
        what: `${(0,errors/* shown */.SP)(file, 200)} is not a JSON object: ${problem}`,
        accepted: 'a JSON object, as npm writes it',
        remedy: 'correct the file; a merge often leaves conflict marks in it',
        state: 'nothing was installed',
    });
}
function mapAt(fields, key) {
    const value = Object.hasOwn(fields, key) ? fields[key] : undefined;
    return (0,yaml/* isMap */.j)(value) ? value : {};
}
function devEngines({ fields }, kind) {
    const value = mapAt(fields, 'devEngines')[kind];
    const entries = Array.isArray(value) ? value : [value];
    return entries.filter(yaml/* isMap */.j).map((entry) => ({ name: entry['name'], version: entry['version'] }));
}

;// CONCATENATED MODULE: ./src/setup/lockfiles.js





const LOCKFILES = [
    ['npm-shrinkwrap.json', 'npm'],
    ['package-lock.json', 'npm'],
    ['pnpm-lock.yaml', 'pnpm'],
    ['yarn.lock', 'yarn'],
    ['bun.lock', 'bun'],
    ['bun.lockb', 'bun'],
];
const LARGEST = 128 * 1024 * 1024;
async function nearestLockfiles(workspace, folders) {
    for (const folder of folders) {
        const found = [];
        for (const [name, manager] of LOCKFILES) {
            const isFirst = found.every((other) => other.manager !== manager);
            if (!isFirst || !(await (0,files/* exists */.t2)((0,external_node_path_.join)(folder, name))))
                continue;
            found.push({ manager, folder, name, place: placeOf(workspace, (0,external_node_path_.join)(folder, name)) });
        }
        if (found.length > 0)
            return found;
    }
    return [];
}
async function readLockfile({ folder, name, place }) {
    const text = await (0,files/* readTextFile */.Gu)((0,external_node_path_.join)(folder, name), LARGEST);
    if (text !== undefined)
        return text;
    throw brokenLockfile(place, 'it is not there');
}
function lockfileHash(text) {
    return (0,external_node_crypto_.createHash)('sha256').update(text).digest('hex');
}
function brokenLockfile(place, problem, cause) {
    return new errors/* ConfigurationError */.j1({
        code: 'PIPE-SETUP-015',
        what: `the lockfile ${(0,errors/* shown */.SP)(place, 200)} can't be used: ${problem}`,
        accepted: 'a lockfile as its package manager wrote it',
        remedy: 'write it anew with the package manager (a merge often leaves conflict marks in it) and commit it',
        state: 'nothing was installed',
    }, { cause });
}
function pnpmLockfileVersion(text) {
    return /^lockfileVersion: *['"]?(\d{1,3}(?:\.\d{1,3})?)/m.exec(text.slice(0, 4_096))?.[1];
}

// EXTERNAL MODULE: ./src/runtime/process.js + 1 modules
var runtime_process = __webpack_require__(4400);
// EXTERNAL MODULE: ./src/setup/cache-worker.js
var cache_worker = __webpack_require__(5400);
;// CONCATENATED MODULE: ./src/setup/programs.js


async function findProgram(name, environment) {
    for (const folder of (environment['PATH'] ?? '').split(external_node_path_.delimiter)) {
        if ((0,external_node_path_.isAbsolute)(folder) && (await isExecutable((0,external_node_path_.join)(folder, name))))
            return (0,external_node_path_.join)(folder, name);
    }
    return undefined;
}
async function isExecutable(path) {
    try {
        await (0,promises_.access)(path, promises_.constants.X_OK);
        return (await (0,promises_.stat)(path)).isFile();
    }
    catch {
        return false;
    }
}
function withPath(environment, folders) {
    return {
        ...environment,
        PATH: [...folders, environment['PATH'] ?? ''].filter((part) => part !== '').join(external_node_path_.delimiter),
    };
}

;// CONCATENATED MODULE: ./src/setup/store-merge.js



async function mergeStore(from, store) {
    await removeSpecial(from);
    await move(from, store);
}
async function removeSpecial(folder) {
    for (const entry of await entriesOf(folder)) {
        const path = (0,external_node_path_.join)(folder, entry.name);
        if (entry.isDirectory())
            await removeSpecial(path);
        else if (!entry.isFile())
            await (0,promises_.rm)(path);
    }
}
async function move(from, to) {
    if (!(await (0,files/* exists */.t2)(to))) {
        await (0,promises_.mkdir)((0,external_node_path_.dirname)(to), { recursive: true });
        await (0,promises_.rename)(from, to);
        return;
    }
    for (const entry of await entriesOf(from)) {
        const source = (0,external_node_path_.join)(from, entry.name);
        const target = (0,external_node_path_.join)(to, entry.name);
        if (entry.isDirectory())
            await move(source, target);
        else if (!(await (0,files/* exists */.t2)(target)))
            await (0,promises_.rename)(source, target);
    }
}
function entriesOf(folder) {
    return (0,promises_.readdir)(folder, { withFileTypes: true });
}

;// CONCATENATED MODULE: ./src/setup/store-cache.js








function cacheKeys(parts) {
    const { platform, arch, image, manager, managerVersion, directory, lockfileHash } = parts;
    const major = managerVersion.slice(0, managerVersion.indexOf('.'));
    const place = (0,external_node_crypto_.createHash)('sha256').update(directory).digest('hex').slice(0, 12);
    const names = [
        'pipelines-setup',
        platform,
        arch,
        ...(image === undefined ? [] : [image]),
        `${manager}${major}`,
        place,
    ];
    const prefix = `${names.join('-').replace(/[^A-Za-z0-9._-]/g, '_')}-`;
    return { key: `${prefix}${lockfileHash}`, restoreKeys: [prefix] };
}
function hasCacheService(environment) {
    const address = environment['ACTIONS_RESULTS_URL'] ?? environment['ACTIONS_CACHE_URL'] ?? '';
    return address !== '' && (environment['ACTIONS_RUNTIME_TOKEN'] ?? '') !== '';
}
function whyOff(environment, operation) {
    if (!hasCacheService(environment))
        return 'this job has no cache service';
    const mode = (environment['ACTIONS_CACHE_MODE'] ?? '').trim().toLowerCase();
    const forbids = operation === 'restore' ? ['none', 'write-only'] : ['none', 'read'];
    return forbids.includes(mode) ? `\`cache-mode: ${mode}\`` : undefined;
}
async function restoreStore(cache, from) {
    const off = whyOff(from.environment, 'restore');
    if (off !== undefined)
        return { kind: 'off', reason: off };
    const staging = (0,external_node_path_.join)((0,external_node_path_.dirname)(cache.store), `.pipelines-restore-${(0,external_node_crypto_.randomUUID)()}`);
    try {
        await (0,promises_.mkdir)(staging, { recursive: true });
        const { key, restoreKeys } = cache;
        const outcome = await runWorker({ operation: 'restore', key, restoreKeys }, staging, from);
        if ('reason' in outcome)
            return { kind: 'fault', reason: outcome.reason };
        if (outcome.key === undefined)
            return { kind: 'miss' };
        await mergeStore(staging, cache.store);
        return { kind: 'hit', key: outcome.key, isExact: outcome.key === key, duration: outcome.duration };
    }
    catch (error) {
        return { kind: 'fault', reason: reasonOf(error) };
    }
    finally {
        await (0,promises_.rm)(staging, { recursive: true, force: true });
    }
}
async function saveStore(cache, to) {
    const off = whyOff(to.environment, 'save');
    if (off !== undefined)
        return { kind: 'off', reason: off };
    try {
        const { key } = cache;
        const outcome = await runWorker({ operation: 'save', key, restoreKeys: [] }, cache.store, to);
        if ('reason' in outcome)
            return { kind: 'fault', reason: outcome.reason };
        if (outcome.key === undefined)
            return { kind: 'off', reason: 'the service did not take it; another job may have saved it' };
        return { kind: 'saved', duration: outcome.duration };
    }
    catch (error) {
        return { kind: 'fault', reason: reasonOf(error) };
    }
}
function reasonOf(error) {
    return (0,errors/* shown */.SP)(error instanceof Error ? error.message : String(error), 200);
}
async function runWorker(job, folder, process) {
    const { worker, environment, temp, signal, timeout } = process;
    const [program, ...args] = worker;
    const own = (0,external_node_path_.join)(temp, `pipelines-cache-${(0,external_node_crypto_.randomUUID)()}`);
    const givenUp = new AbortController();
    let output = '';
    try {
        const env = await workerEnvironment(environment, folder, own);
        const { exitCode, endedBy, duration } = await (0,runtime_process/* execute */.g)(program, args, {
            cwd: folder,
            env,
            signal: AbortSignal.any([signal, givenUp.signal]),
            timeout,
            grace: 1_000,
            input: JSON.stringify(job),
            onOutput: (chunk) => {
                output = (output + chunk.toString('utf8')).slice(-256 * 1024);
                if (failedAttempt(output) !== undefined)
                    givenUp.abort();
            },
        });
        if (endedBy === 'timeout')
            return { reason: `the cache service took longer than ${timeout / 1_000} s` };
        if (signal.aborted)
            return { reason: 'the run was cancelled' };
        const trouble = failedAttempt(output) ?? troubleIn(output);
        if (trouble !== undefined)
            return { reason: trouble };
        if (exitCode !== 0)
            return { reason: `its process ended with status ${exitCode ?? 'none'}` };
        return { key: answerIn(output), duration };
    }
    finally {
        await (0,promises_.rm)(own, { recursive: true, force: true });
    }
}
async function workerEnvironment(environment, folder, own) {
    const tar = (await findProgram('tar', environment)) ?? 'tar';
    const programs = (0,external_node_path_.join)(own, 'bin');
    await (0,promises_.mkdir)(programs, { recursive: true });
    await (0,promises_.writeFile)((0,external_node_path_.join)(programs, 'tar'), CONTAINED_TAR, { mode: 0o755 });
    return {
        ...environment,
        PATH: [programs, environment['PATH'] ?? ''].join(external_node_path_.delimiter),
        PIPELINES_TAR: tar,
        RUNNER_TEMP: own,
        GITHUB_WORKSPACE: folder,
        SEGMENT_DOWNLOAD_TIMEOUT_MINS: '1',
    };
}
const CONTAINED_TAR = `#!/bin/sh
# Passes everything on but -P.
for argument; do
  shift
  [ "$argument" = -P ] || set -- "$@" "$argument"
done
exec "$PIPELINES_TAR" "$@"
`;
function failedAttempt(output) {
    const said = /^Attempt [2-9] of \d+ failed with error: (.*)$/m.exec(output)?.[1];
    return said === undefined ? undefined : (0,errors/* shown */.SP)(said, 200);
}
function troubleIn(output) {
    const said = /^::(?:warning|error)[^:]*::(Failed to .*|.*[Cc]ache.*)$/m.exec(output)?.[1];
    if (said === undefined || /^Failed to save: Unable to reserve cache/.test(said))
        return undefined;
    return (0,errors/* shown */.SP)(said.replaceAll('%0A', ' '), 200);
}
function answerIn(output) {
    const line = output.split('\n').findLast((text) => text.startsWith(cache_worker.ANSWER));
    const answer = line === undefined ? {} : JSON.parse(line.slice(cache_worker.ANSWER.length));
    return typeof answer.key === 'string' ? answer.key : undefined;
}

;// CONCATENATED MODULE: ./src/setup/cache-step.js




async function restoreFor(wish, from) {
    const { workspace, lockfile, manager, platform, arch, environment } = wish;
    const without = (reason) => ({ plan: undefined, isExact: false, message: info(`off, ${reason}`) });
    if (!hasCacheService(environment))
        return without('this job has no cache service');
    const store = await wish.store();
    if (store === undefined)
        return without('the package store is not known');
    const keys = cacheKeys({
        platform,
        arch,
        image: environment['ImageOS'],
        manager: manager.name,
        managerVersion: manager.version,
        directory: (0,external_node_path_.relative)(workspace, lockfile.folder),
        lockfileHash: lockfileHash(await readLockfile(lockfile)),
    });
    const plan = { ...keys, store };
    const restored = await restoreStore(plan, from);
    if (restored.kind === 'off')
        return { plan, isExact: false, message: info(`off, ${restored.reason}`) };
    if (restored.kind === 'miss')
        return { plan, isExact: false, message: info('no entry yet') };
    if (restored.kind === 'hit') {
        const { isExact, key, duration } = restored;
        const lockfileOf = isExact ? 'this lockfile' : 'an earlier lockfile';
        return { plan, isExact, message: info(`hit of ${lockfileOf}, ${(0,errors/* shown */.SP)(key, 200)}, in ${seconds(duration)}`) };
    }
    const text = `The package store was not restored: ${restored.reason}. The install goes on without it.`;
    return { plan, isExact: false, message: { level: 'notice', text } };
}
async function saveFor(plan, to) {
    const saved = await saveStore(plan, to);
    if (saved.kind === 'saved')
        return info(`saved in ${seconds(saved.duration)}`);
    if (saved.kind === 'off')
        return info(`not saved, ${saved.reason}`);
    return { level: 'notice', text: `The package store was not saved: ${saved.reason}. Nothing else is affected.` };
}
function info(text) {
    return { level: 'info', text: `cache: ${text}` };
}
function seconds(milliseconds) {
    return `${(milliseconds / 1_000).toFixed(1)} s`;
}

// EXTERNAL MODULE: ./src/runtime/markdown.js
var markdown = __webpack_require__(122);
;// CONCATENATED MODULE: ./src/setup/failure-summary.js


function failureSummary(error, lines) {
    const faults = error.faults.map((fault) => (0,markdown/* text */.Qq)((0,errors/* describeFault */.Qx)(fault)));
    const output = lines.length === 0 ? [] : [(0,markdown/* codeBlock */.DV)(lines.join('\n'), 'text')];
    return (0,markdown/* paragraphs */.qN)([(0,markdown/* markdown */.wD)('### Setup failed'), ...faults, ...output]);
}

;// CONCATENATED MODULE: ./src/setup/lazy-http.js
function lazyHttp(settings) {
    let loading;
    const client = () => {
        loading ??= __webpack_require__.e(/* import() */ 819).then(__webpack_require__.bind(__webpack_require__, 819)).then(({ createHttp }) => createHttp(settings));
        return loading;
    };
    return {
        send: async (request) => (await client()).send(request),
        download: async (...download) => (await client()).download(...download),
        close: () => {
            loading?.then((loaded) => loaded.close());
        },
    };
}

;// CONCATENATED MODULE: ./src/setup/archive.js



async function unpack({ archive, file, folder, environment, signal, code, name }) {
    try {
        await (0,promises_.writeFile)(file, archive, { mode: 0o600 });
        const args = ['-xf', file, '-C', folder, '--strip-components=1', '--no-same-owner'];
        const { exitCode, stderr } = await (0,runtime_process/* capture */.F)('tar', args, { cwd: folder, env: environment, signal });
        if (exitCode === 0)
            return;
        throw new errors/* ConfigurationError */.j1({
            code,
            what: `${name} can't be unpacked`,
            given: (0,errors/* shown */.SP)(stderr.trim().split('\n').at(-1) ?? '', 200),
            accepted: 'an archive as the publisher made it',
            remedy: 'run the job again; check that tar, gzip and xz work and that the disk has room',
            state: 'nothing was left in the tool cache',
        });
    }
    finally {
        await (0,promises_.rm)(file, { force: true });
    }
}

;// CONCATENATED MODULE: ./src/setup/answers.js

const TRIES = 4;
const ASKED_AGAIN = new Set([408, 429, 500, 502, 503, 504]);
async function fetchFrom(http, site, request) {
    const started = performance.now();
    const { status, body } = await http.send({ ...request, tries: TRIES });
    if (status === 200)
        return { body };
    const tries = ASKED_AGAIN.has(status) ? TRIES : 1;
    const elapsed = performance.now() - started;
    const what = `${(0,errors/* shown */.SP)(request.url, 200)} could not be fetched`;
    const fault = { code: site.code, what, remedy: site.remedy, state: 'nothing was installed' };
    return { status, fault: new errors/* OutsideFault */.sD(fault, { service: site.service, status, tries, elapsed }) };
}
function unexpectedAnswer(site, found, cause) {
    const fault = {
        code: site.code,
        what: `the answer was not what such a site sends: ${found}`,
        remedy: site.remedy,
        state: 'nothing was installed',
    };
    return new errors/* OutsideFault */.sD(fault, { service: site.service, status: 200, tries: 1, elapsed: 0 }, { cause });
}

;// CONCATENATED MODULE: ./src/setup/semver.js
async function loadSemver() {
    const { default: semver } = await __webpack_require__.e(/* import() */ 978).then(__webpack_require__.t.bind(__webpack_require__, 4978, 19));
    return semver;
}

;// CONCATENATED MODULE: ./src/setup/registry.js







const LARGEST_METADATA = 64 * 1024 * 1024;
const LARGEST_ARCHIVE = 192 * 1024 * 1024;
async function configuredRegistry(environment, cwd, signal) {
    const npm = await findProgram('npm', environment);
    const asked = npm === undefined
        ? undefined
        : await (0,runtime_process/* capture */.F)(npm, ['config', 'get', 'registry'], { cwd, env: environment, signal });
    const answer = asked?.stdout.trim() ?? '';
    const address = registryAddress(answer);
    if (address !== undefined)
        return address;
    throw new errors/* ConfigurationError */.j1({
        code: 'PIPE-SETUP-022',
        what: npm === undefined
            ? 'there is no npm to say which registry is set up'
            : 'npm does not say which registry is set up',
        given: (0,errors/* shown */.SP)(answer),
        accepted: 'a Node that comes with npm, and an address in its setting `registry`',
        example: 'npm config set registry https://npm.example.com/',
        state: 'nothing was installed',
    });
}
function registryAddress(text) {
    if (!URL.canParse(text))
        return undefined;
    const url = new URL(text);
    const isPlain = url.username === '' && url.password === '' && url.search === '' && url.hash === '';
    return isPlain && /^https?:$/.test(url.protocol) ? url.href.replace(/\/+$/, '') : undefined;
}
function siteOf(url) {
    return {
        service: `the npm registry at ${new URL(url).host}`,
        code: 'PIPE-SETUP-018',
        remedy: 'run the job again; if it stays, check the registry and whether `npm-token` is for it',
    };
}
async function findVersion(client, name, wanted) {
    const { valid, maxSatisfying, satisfies } = await loadSemver();
    const address = `${client.registry.url}/${name.replace('/', '%2f')}`;
    if (valid(wanted) !== null) {
        return published(await metadata(client, `${address}/${wanted}`, `${name}@${wanted}`), name, address);
    }
    const all = await metadata(client, address, name);
    const versions = (0,yaml/* isMap */.j)(all['versions']) ? all['versions'] : {};
    const tags = (0,yaml/* isMap */.j)(all['dist-tags']) ? all['dist-tags'] : {};
    const latest = typeof tags['latest'] === 'string' ? tags['latest'] : '';
    const isLatest = Object.hasOwn(versions, latest) && satisfies(latest, wanted);
    const chosen = isLatest ? latest : maxSatisfying(Object.keys(versions), wanted);
    if (chosen === null)
        throw noSuchVersion(`${name}@${wanted}`, client.registry.url);
    const manifest = versions[chosen];
    return published((0,yaml/* isMap */.j)(manifest) ? manifest : {}, name, address);
}
async function metadata(client, url, what) {
    const headers = {
        ...authorization(client.registry, url),
        accept: 'application/vnd.npm.install-v1+json, application/json',
    };
    const request = { url, headers, limit: LARGEST_METADATA, signal: client.signal };
    const fetched = await fetchFrom(client.http, siteOf(url), request);
    if ('fault' in fetched)
        throw fetched.status === 404 ? noSuchVersion(what, client.registry.url) : fetched.fault;
    try {
        const value = JSON.parse(fetched.body.toString('utf8'));
        if ((0,yaml/* isMap */.j)(value))
            return value;
    }
    catch (error) {
        throw unexpectedAnswer(siteOf(url), 'metadata that is not JSON', error);
    }
    throw unexpectedAnswer(siteOf(url), 'metadata that is not an object');
}
function authorization({ url, token }, target) {
    return token !== undefined && target.startsWith(`${url}/`) ? { authorization: `Bearer ${token}` } : {};
}
function published(manifest, name, address) {
    const dist = (0,yaml/* isMap */.j)(manifest['dist']) ? manifest['dist'] : {};
    const version = manifest['version'];
    const { integrity, tarball } = dist;
    const archive = typeof tarball === 'string' && URL.canParse(tarball) ? new URL(tarball) : undefined;
    const isFetchable = archive?.protocol === 'https:' || archive?.protocol === new URL(address).protocol;
    const hashes = typeof integrity === 'string' ? [...integrity.matchAll(/sha512-([A-Za-z0-9+/]{86}==)/g)] : [];
    if (typeof version !== 'string' || archive === undefined || !isFetchable || hashes.length === 0) {
        throw unexpectedAnswer(siteOf(address), `metadata of ${name} without a version, an archive or its SHA-512`);
    }
    return { version, archive: archive.href, integrity: hashes.map(([, hash]) => hash ?? '') };
}
function noSuchVersion(what, registry) {
    return new errors/* ConfigurationError */.j1({
        code: 'PIPE-SETUP-017',
        what: `the npm registry at ${new URL(registry).host} has no ${(0,errors/* shown */.SP)(what)}`,
        accepted: 'a version that is published there',
        remedy: 'correct the version in package.json or the input `package-manager`',
        state: 'nothing was installed',
    });
}
async function fetchArchive(client, name, { version, archive, integrity }, stated) {
    const headers = authorization(client.registry, archive);
    const fetched = await fetchFrom(client.http, siteOf(archive), {
        url: archive,
        headers,
        limit: LARGEST_ARCHIVE,
        signal: client.signal,
    });
    if ('fault' in fetched)
        throw fetched.fault;
    const promised = integrity.includes((0,external_node_crypto_.createHash)('sha512').update(fetched.body).digest('base64'));
    if (!promised)
        throw otherArchive(`${name}@${version}`, 'the registry itself promises', archive);
    const actual = stated === undefined ? undefined : (0,external_node_crypto_.createHash)(stated.algorithm).update(fetched.body).digest('hex');
    if (actual !== stated?.hex)
        throw otherArchive(`${name}@${version}`, 'the project states', archive, actual, stated?.hex);
    return fetched.body;
}
function otherArchive(what, by, url, given, accepted) {
    return new errors/* OutsideFault */.sD({
        code: 'PIPE-SETUP-019',
        what: `${what} was refused: its archive does not have the hash that ${by}`,
        ...(given === undefined ? {} : { given }),
        ...(accepted === undefined ? {} : { accepted }),
        remedy: 'correct the hash in `packageManager` if it was mistyped; otherwise do not use that registry',
        state: 'nothing was left in the tool cache',
    }, { service: siteOf(url).service, status: 200, tries: 1, elapsed: 0 });
}

;// CONCATENATED MODULE: ./src/setup/tool-cache.js





function toolFolder({ root, arch }, tool, version) {
    return (0,external_node_path_.join)(root, tool, version, arch);
}
async function cachedVersions(cache, tool) {
    const names = await namesIn((0,external_node_path_.join)(cache.root, tool));
    const versions = await Promise.all(names.map(async (name) => ((await isCached(cache, tool, name)) ? [name] : [])));
    return versions.flat();
}
async function isCached(cache, tool, version) {
    const folder = toolFolder(cache, tool, version);
    return (await (0,files/* exists */.t2)(folder)) && (await (0,files/* exists */.t2)(`${folder}.complete`));
}
async function addTool(cache, tool, version, fill) {
    const folder = toolFolder(cache, tool, version);
    const staging = (0,external_node_path_.join)(cache.root, `.pipelines-${(0,external_node_crypto_.randomUUID)()}`);
    const wasThere = await isCached(cache, tool, version);
    await makeStaging(staging, cache);
    try {
        await fill(staging);
        if (!wasThere && (await isCached(cache, tool, version)))
            return folder;
        await (0,promises_.rm)(`${folder}.complete`, { force: true });
        await (0,promises_.mkdir)((0,external_node_path_.dirname)(folder), { recursive: true });
        await (0,promises_.rm)(folder, { recursive: true, force: true });
        await (0,promises_.rename)(staging, folder);
        await (0,promises_.writeFile)(`${folder}.complete`, '');
        return folder;
    }
    finally {
        await (0,promises_.rm)(staging, { recursive: true, force: true });
        await removeEmpty([(0,external_node_path_.dirname)(folder), (0,external_node_path_.join)(cache.root, tool)]);
    }
}
async function makeStaging(staging, { root }) {
    try {
        await (0,promises_.mkdir)(staging, { recursive: true });
    }
    catch (error) {
        const { code } = error;
        throw new errors/* ConfigurationError */.j1({
            code: 'PIPE-SETUP-009',
            what: `the tool cache ${(0,errors/* shown */.SP)(root, 200)} can't be written (${code ?? String(error)})`,
            accepted: 'a folder that the job may write, in RUNNER_TOOL_CACHE',
            remedy: 'give the runner its folder back, or use a version that the runner has already',
            state: 'nothing was installed',
        }, { cause: error });
    }
}
async function removeEmpty(folders) {
    for (const folder of folders) {
        try {
            await (0,promises_.rmdir)(folder);
        }
        catch (error) {
            const { code } = error;
            if (code !== 'ENOTEMPTY' && code !== 'ENOENT' && code !== 'EEXIST')
                throw error;
        }
    }
}
async function namesIn(folder) {
    try {
        return await (0,promises_.readdir)(folder);
    }
    catch (error) {
        const { code } = error;
        if (code === 'ENOENT' || code === 'ENOTDIR')
            return [];
        throw error;
    }
}

;// CONCATENATED MODULE: ./src/setup/manager-download.js










const HASHES = 'hashes.json';
const ALGORITHMS = ['sha1', 'sha224', 'sha256', 'sha384', 'sha512'];
async function cachedManager(name, version, hash, cache) {
    const { maxSatisfying } = await loadSemver();
    const newest = maxSatisfying([...(await cachedVersions(cache, name))], version);
    if (newest === null)
        return undefined;
    const folder = toolFolder(cache, name, newest);
    if (!(await (0,files/* exists */.t2)((0,external_node_path_.join)(folder, 'bin', name))))
        return undefined;
    if (hash !== undefined && (await recordedHash(folder, hash.algorithm)) !== hash.hex)
        return undefined;
    return { name, version: newest, folder: (0,external_node_path_.join)(folder, 'bin'), origin: 'tool cache' };
}
async function recordedHash(folder, algorithm) {
    try {
        const recorded = JSON.parse(await (0,promises_.readFile)((0,external_node_path_.join)(folder, HASHES), 'utf8'));
        return (0,yaml/* isMap */.j)(recorded) ? recorded[algorithm] : undefined;
    }
    catch {
        return undefined;
    }
}
async function downloadManager(name, wanted, hash, source) {
    const { client, cache, environment } = source;
    const found = await findVersion(client, name, wanted);
    const { version } = found;
    const archive = await fetchArchive(client, name, found, hash);
    const { signal } = client;
    const folder = await addTool(cache, name, version, async (staging) => {
        const target = (0,external_node_path_.join)(staging, 'package');
        const file = `${staging}.tgz`;
        await (0,promises_.mkdir)(target);
        await unpack({
            archive,
            file,
            folder: target,
            environment,
            signal,
            code: 'PIPE-SETUP-021',
            name: `${name}@${version}`,
        });
        await completePackage(target, source);
        await linkPrograms(staging, target, `${name}@${version}`, name);
        const hashes = ALGORITHMS.map((algorithm) => [algorithm, (0,external_node_crypto_.createHash)(algorithm).update(archive).digest('hex')]);
        await (0,promises_.writeFile)((0,external_node_path_.join)(staging, HASHES), JSON.stringify(Object.fromEntries(hashes)));
    });
    return { name, version, folder: (0,external_node_path_.join)(folder, 'bin'), origin: 'download' };
}
async function completePackage(target, { client, cache, environment, platform }) {
    const manifest = await readPackage(target);
    const optional = (0,yaml/* isMap */.j)(manifest['optionalDependencies']) ? manifest['optionalDependencies'] : {};
    const name = `@pnpm/exe.${platform}-${cache.arch}${(await isMusl()) ? '-musl' : ''}`;
    const version = Object.hasOwn(optional, name) ? optional[name] : undefined;
    const { valid } = await loadSemver();
    if (manifest['name'] !== 'pnpm' || typeof version !== 'string' || valid(version) === null)
        return;
    const archive = await fetchArchive(client, name, await findVersion(client, name, version), undefined);
    const native = (0,external_node_path_.join)(target, 'node_modules', name);
    await (0,promises_.mkdir)(native, { recursive: true });
    const file = (0,external_node_path_.join)(target, 'native.tgz');
    const { signal } = client;
    await unpack({
        archive,
        file,
        folder: native,
        environment,
        signal,
        code: 'PIPE-SETUP-021',
        name: `${name}@${version}`,
    });
    for (const [, path] of programsOf(manifest)) {
        const place = (0,external_node_path_.resolve)(target, path);
        if (!(0,files/* contains */.gR)(target, place))
            continue;
        await (0,promises_.rm)(place, { force: true });
        await (0,promises_.link)((0,external_node_path_.join)(native, 'pnpm'), place);
    }
}
async function isMusl() {
    const names = (await (0,files/* exists */.t2)('/lib')) ? await (0,promises_.readdir)('/lib') : [];
    return names.some((name) => name.startsWith('ld-musl-'));
}
async function linkPrograms(staging, target, what, name) {
    const programs = programsOf(await readPackage(target));
    await (0,promises_.mkdir)((0,external_node_path_.join)(staging, 'bin'));
    for (const [program, path] of programs) {
        const file = (0,external_node_path_.resolve)(target, path);
        if (!/^[a-z][a-z0-9-]{0,40}$/.test(program) || !(0,files/* contains */.gR)(target, file) || !(await (0,files/* exists */.t2)(file)))
            continue;
        await (0,promises_.chmod)(file, 0o755);
        await (0,promises_.symlink)((0,external_node_path_.relative)((0,external_node_path_.join)(staging, 'bin'), file), (0,external_node_path_.join)(staging, 'bin', program));
    }
    if (await (0,files/* exists */.t2)((0,external_node_path_.join)(staging, 'bin', name)))
        return;
    throw new errors/* ConfigurationError */.j1({
        code: 'PIPE-SETUP-021',
        what: `the archive of ${what} has no program named ${name}`,
        accepted: 'a package as its publisher made it',
        remedy: 'use another version or another registry',
        state: 'nothing was left in the tool cache',
    });
}
function programsOf(manifest) {
    const bin = (0,yaml/* isMap */.j)(manifest['bin']) ? manifest['bin'] : {};
    return Object.entries(bin).filter((entry) => typeof entry[1] === 'string');
}
async function readPackage(folder) {
    try {
        const value = JSON.parse(await (0,promises_.readFile)((0,external_node_path_.join)(folder, 'package.json'), 'utf8'));
        if ((0,yaml/* isMap */.j)(value))
            return value;
    }
    catch (error) {
        throw unusable(folder, error);
    }
    throw unusable(folder);
}
function unusable(folder, cause) {
    return new errors/* ConfigurationError */.j1({
        code: 'PIPE-SETUP-021',
        what: `a downloaded package has no readable package.json (${(0,errors/* shown */.SP)(folder, 200)})`,
        accepted: 'a package as its publisher made it',
        remedy: 'use another version or another registry',
        state: 'nothing was left in the tool cache',
    }, { cause });
}

;// CONCATENATED MODULE: ./src/setup/manager.js









const PNPM_FOR_LOCKFILE = { '5.3': '6', '5.4': '7', '6.0': '8', '6.1': '8' };
const PNPM_FOR_OTHERS = '10';
function versionForLockfile(name, lockfile, own) {
    if (name === 'npm')
        return { name, version: '*', reason: 'no version is asked for' };
    const format = lockfile === undefined ? undefined : pnpmLockfileVersion(lockfile);
    const major = PNPM_FOR_LOCKFILE[format ?? ''];
    const because = `lockfile format ${format ?? 'unknown'}; \`packageManager\` in package.json would name the version`;
    if (major !== undefined)
        return { name, version: major, reason: because };
    const fits = own !== undefined && Number.parseInt(own, 10) >= 9;
    return { name, version: fits ? own : PNPM_FOR_OTHERS, reason: because };
}
async function provideManager(wish, hash, own, source, { cache, node }) {
    const { satisfies } = await loadSemver();
    const { name, version } = wish;
    if (hash === undefined && own !== undefined && satisfies(own.version, version))
        return own;
    const cached = await cachedManager(name, version, hash, cache);
    const found = cached ?? (await downloadManager(name, version, hash, await source()));
    await assertRuns(found, node);
    return found;
}
async function assertRuns({ name, version, folder }, node) {
    const manifest = await packageOf((0,external_node_path_.join)(folder, name));
    const engines = (0,yaml/* isMap */.j)(manifest?.['engines']) ? manifest['engines'] : {};
    const needed = engines['node'];
    const { satisfies } = await loadSemver();
    if (typeof needed !== 'string' || satisfies(node, needed))
        return;
    throw new errors/* ConfigurationError */.j1({
        code: 'PIPE-SETUP-020',
        what: `${name} ${version} does not run on Node ${node}`,
        given: `Node ${node}`,
        accepted: `Node ${(0,errors/* shown */.SP)(needed)}`,
        remedy: `ask for a newer Node (.nvmrc, the input \`node-version\`) or an older ${name} (\`packageManager\`)`,
        state: 'nothing was installed',
    });
}
async function managerOnPath(name, environment, cwd, signal) {
    const program = await findProgram(name, environment);
    if (program === undefined)
        return undefined;
    const folder = (0,external_node_path_.dirname)(program);
    const manifest = await packageOf(program);
    if (manifest?.['name'] === 'corepack')
        return undefined;
    const { version } = manifest ?? {};
    if (manifest?.['name'] === name && typeof version === 'string')
        return { name, version, folder, origin: 'runner' };
    const { stdout } = await (0,runtime_process/* capture */.F)(program, ['--version'], { cwd, env: environment, signal, timeout: 60_000 });
    const said = /^\d+\.\d+\.\d+(?:-[0-9A-Za-z.-]+)?$/.exec(stdout.trim())?.[0];
    return said === undefined ? undefined : { name, version: said, folder, origin: 'runner' };
}
async function packageOf(program) {
    const folder = (0,external_node_path_.dirname)(await (0,promises_.realpath)(program));
    const places = /^(bin|dist)$/.test((0,external_node_path_.basename)(folder)) ? [(0,external_node_path_.dirname)(folder)] : [folder];
    for (const place of places) {
        try {
            const value = JSON.parse(await (0,promises_.readFile)((0,external_node_path_.join)(place, 'package.json'), 'utf8'));
            if ((0,yaml/* isMap */.j)(value))
                return value;
        }
        catch {
        }
    }
    return undefined;
}

;// CONCATENATED MODULE: ./src/setup/package-manager.js





const ACCEPTED = '`npm` or `pnpm`, with a version where it matters';
const EXAMPLE = '"packageManager": "pnpm@10.34.9"';
async function findProject(search) {
    const { workspace, folders, input, installs } = search;
    const read = await Promise.all(folders.map((folder) => readManifest((0,external_node_path_.join)(folder, 'package.json'), workspace)));
    const manifests = read.filter((manifest) => manifest !== undefined);
    if (installs && manifests.length === 0)
        throw noManifest();
    const lockfiles = await nearestLockfiles(workspace, folders);
    const byInput = input === undefined ? undefined : await parseSpec(input, 'the input `package-manager`', true);
    const byManifest = await statedIn(manifests);
    const request = byInput === undefined ? byManifest : completed(byInput, byManifest);
    if (request !== undefined && installs)
        assertAvailable(request);
    const lockfile = chooseLockfile(lockfiles, request, byInput !== undefined, installs);
    const nearest = folders.find((_, index) => read[index] !== undefined) ?? folders[0] ?? workspace;
    const folder = lockfile?.folder ?? nearest;
    return { request: request ?? requestOfLockfile(lockfile, installs), lockfile, folder, manifests };
}
function completed(input, stated) {
    if (input.version !== undefined || stated?.name !== input.name)
        return input;
    return { ...stated, source: `${input.source} and ${stated.source}` };
}
function requestOfLockfile(lockfile, installs) {
    const request = {
        name: lockfile?.manager ?? 'npm',
        version: undefined,
        hash: undefined,
        source: lockfile?.place ?? 'nothing asks for another',
    };
    if (installs)
        assertAvailable(request);
    return request;
}
async function statedIn(manifests) {
    for (const manifest of manifests) {
        const field = manifest.fields['packageManager'];
        if (field !== undefined) {
            return parseSpec(typeof field === 'string' ? field : JSON.stringify(field), `${manifest.file} (packageManager)`, false);
        }
        const engines = devEngines(manifest, 'packageManager');
        const engine = engines.find(({ name }) => name === 'npm' || name === 'pnpm') ?? engines[0];
        if (engine === undefined)
            continue;
        const source = `${manifest.file} (devEngines.packageManager)`;
        const version = engine.version === undefined ? '' : `@${String(engine.version)}`;
        return parseSpec(`${String(engine.name)}${version}`, source, true);
    }
    return undefined;
}
const DIGITS = {
    sha1: 40,
    sha224: 56,
    sha256: 64,
    sha384: 96,
    sha512: 128,
};
async function parseSpec(text, source, mayRange) {
    const refuse = () => refusedSpec(text, source, mayRange);
    const parts = /^(npm|pnpm|yarn|bun)(?:@([^+]{1,200})(?:\+(sha\d{1,3})\.([0-9a-f]{40,128}))?)?$/.exec(text);
    const [, name, version, algorithm, hex] = parts ?? [];
    if (name === undefined || !isManager(name))
        throw refuse();
    const { valid, validRange } = await loadSemver();
    if (version === undefined) {
        if (!mayRange)
            throw refuse();
        return { name, version: undefined, hash: undefined, source };
    }
    const exact = valid(version);
    const range = mayRange && algorithm === undefined ? validRange(version) : null;
    if (exact === null && range === null)
        throw refuse();
    if (algorithm === undefined || hex === undefined)
        return { name, version: exact ?? range ?? '*', hash: undefined, source };
    if (!isAlgorithm(algorithm) || hex.length !== DIGITS[algorithm])
        throw refuse();
    return { name, version: exact ?? undefined, hash: { algorithm, hex }, source };
}
function isManager(name) {
    return ['npm', 'pnpm', 'yarn', 'bun'].includes(name);
}
function isAlgorithm(name) {
    return Object.hasOwn(DIGITS, name);
}
function refusedSpec(text, source, mayRange) {
    return new errors/* ConfigurationError */.j1({
        code: 'PIPE-SETUP-010',
        what: `${(0,errors/* shown */.SP)(source, 200)} does not name a package manager`,
        given: (0,errors/* shown */.SP)(text),
        accepted: mayRange ? ACCEPTED : '`npm` or `pnpm`, `@`, an exact version, and optionally `+sha512.` with its hash',
        example: EXAMPLE,
        state: 'nothing was installed',
    });
}
function assertAvailable({ name, source }) {
    if (name === 'npm' || name === 'pnpm')
        return;
    throw new errors/* ConfigurationError */.j1({
        code: 'PIPE-SETUP-011',
        what: `${name} is not available yet (${(0,errors/* shown */.SP)(source, 200)} asks for it)`,
        given: name,
        accepted: ACCEPTED,
        remedy: 'until it is: `install: false`, which provides Node, and a step of your own that installs',
        state: 'nothing was installed',
    });
}
function chooseLockfile(lockfiles, request, isChosenByInput, installs) {
    const [first, second] = lockfiles;
    if (first === undefined) {
        if (installs)
            throw noLockfile(request?.name ?? 'npm');
        return undefined;
    }
    const own = lockfiles.find(({ manager }) => manager === request?.name);
    if (second !== undefined && (!isChosenByInput || own === undefined))
        throw twoLockfiles(lockfiles);
    if (request === undefined)
        return first;
    if (own === undefined && installs)
        throw otherLockfile(first, request);
    return own;
}
function noManifest() {
    return new errors/* ConfigurationError */.j1({
        code: 'PIPE-SETUP-016',
        what: 'there is no package.json in the working directory or above it',
        accepted: 'a folder with a package.json, in the input `working-directory`',
        example: 'working-directory: apps/api',
        remedy: 'correct `working-directory`, or say `install: false`',
        state: 'nothing was installed',
    });
}
function noLockfile(name) {
    const command = name === 'pnpm' ? 'pnpm install --lockfile-only' : 'npm install --package-lock-only';
    return new errors/* ConfigurationError */.j1({
        code: 'PIPE-SETUP-013',
        what: 'the project has no lockfile, so every run could install something else',
        accepted: 'package-lock.json, npm-shrinkwrap.json or pnpm-lock.yaml in the working directory or above it',
        remedy: `run \`${command}\` and commit the lockfile (and look for it in .gitignore)`,
        state: 'nothing was installed',
    });
}
function twoLockfiles(lockfiles) {
    return new errors/* ConfigurationError */.j1({
        code: 'PIPE-SETUP-012',
        what: 'the project has lockfiles of several package managers',
        given: lockfiles.map(({ place }) => (0,errors/* shown */.SP)(place, 200)).join(' and '),
        accepted: 'one lockfile',
        remedy: 'delete the one that nobody updates; until then the input `package-manager` says which one counts',
        state: 'nothing was installed',
    });
}
function otherLockfile(lockfile, { name, source }) {
    return new errors/* ConfigurationError */.j1({
        code: 'PIPE-SETUP-014',
        what: `${(0,errors/* shown */.SP)(source, 200)} asks for ${name}, but the lockfile is ${lockfile.manager}'s`,
        given: (0,errors/* shown */.SP)(lockfile.place, 200),
        accepted: `a lockfile of ${name} in that folder`,
        remedy: `let ${name} write its lockfile and delete the other, or correct ${(0,errors/* shown */.SP)(source, 200)}`,
        state: 'nothing was installed',
    });
}
async function lesserRequest(name, manifests) {
    const { validRange } = await loadSemver();
    for (const field of ['volta', 'engines']) {
        for (const { file, fields } of manifests) {
            const value = mapAt(fields, field)[name];
            const range = typeof value === 'string' && value.length <= 256 ? validRange(value) : null;
            if (range !== null)
                return { version: range, source: `${file} (${field}.${name})` };
        }
    }
    return undefined;
}

;// CONCATENATED MODULE: ./src/setup/manager-step.js



async function chooseManager(search) {
    const { name, project, environment, temp, source, registry } = search;
    const { signal } = source.client;
    const own = await managerOnPath(name, environment, temp, signal);
    const wish = await wishOf(name, project, own?.version);
    const manager = await provideManager(wish, project.request.hash, own, async () => {
        return { ...source, client: { ...source.client, registry: await registry() } };
    }, source);
    return { manager, reason: `${name} ${manager.version}: ${wish.reason}, ${originOf(manager, search)}` };
}
async function wishOf(name, project, own) {
    const { version, source } = project.request;
    if (version !== undefined)
        return { name, version, reason: `${source} asks for ${version}` };
    const lesser = await lesserRequest(name, project.manifests);
    if (lesser !== undefined)
        return { name, version: lesser.version, reason: `${lesser.source} asks for ${lesser.version}` };
    const text = project.lockfile === undefined || name === 'npm' ? undefined : await readLockfile(project.lockfile);
    const wish = versionForLockfile(name, text, own);
    return { ...wish, reason: `${source} (${wish.reason})` };
}
function originOf({ origin, folder }, { project, nodeFolder }) {
    if (origin === 'runner')
        return folder === nodeFolder ? 'it comes with Node' : 'the runner has it';
    if (origin === 'tool cache')
        return 'it is in the tool cache';
    const stated = project.request.hash === undefined ? '' : ' and the hash in package.json';
    return `downloaded, checked by its SHA-512${stated}`;
}

;// CONCATENATED MODULE: ./src/setup/node-request.js

const NODE_REQUEST_ACCEPTED = 'a version (`24.1.0`), a line (`24`), a range (`>=22 <25`), `lts/*`, `lts/krypton`, `latest` or `system`';
const LONGEST = 256;
async function parseNodeRequest(text) {
    const asked = text.trim().toLowerCase();
    if (asked === '' || asked.length > LONGEST)
        return undefined;
    if (/^(node|latest|current|stable)$/.test(asked))
        return { kind: 'latest' };
    if (/^(system|path:system)$/.test(asked))
        return { kind: 'runner' };
    const back = /^lts(?:\/\*|\/-(\d{1,2}))?$/.exec(asked);
    if (back !== null)
        return { kind: 'lts', back: Number(back[1] ?? 0) };
    const codename = /^lts[/-]([a-z]{3,20})$/.exec(asked)?.[1];
    if (codename !== undefined)
        return { kind: 'lts', codename };
    const { validRange } = await loadSemver();
    const range = validRange(asked.replace(/^(?:latest|prefix):/, ''));
    return range === null ? undefined : { kind: 'range', range: range === '' ? '*' : range };
}
const CODENAMES = {
    argon: 4,
    boron: 6,
    carbon: 8,
    dubnium: 10,
    erbium: 12,
    fermium: 14,
    gallium: 16,
    hydrogen: 18,
    iron: 20,
    jod: 22,
    krypton: 24,
};
function rangeOfCodename(codename) {
    const major = Object.hasOwn(CODENAMES, codename) ? CODENAMES[codename] : undefined;
    return major === undefined ? undefined : `${major}.x`;
}

;// CONCATENATED MODULE: ./src/setup/node-releases.js





const LARGEST_INDEX = 16 * 1024 * 1024;
async function fetchReleases(http, mirror, signal) {
    const { rcompare } = await loadSemver();
    const body = await fetchFile(http, `${mirror}/index.json`, signal, LARGEST_INDEX);
    let parsed;
    try {
        parsed = JSON.parse(body.toString('utf8'));
    }
    catch (error) {
        throw unexpectedAnswer(node_releases_siteOf(mirror), 'its index.json is not JSON', error);
    }
    const releases = (Array.isArray(parsed) ? parsed : []).flatMap(readRelease);
    if (releases.length === 0)
        throw unexpectedAnswer(node_releases_siteOf(mirror), 'its index.json lists no releases');
    return releases.sort((a, b) => rcompare(a.version, b.version));
}
function readRelease(entry) {
    if (!(0,yaml/* isMap */.j)(entry))
        return [];
    const version = typeof entry['version'] === 'string' ? /^v(\d{1,4}\.\d{1,4}\.\d{1,4})$/.exec(entry['version']) : null;
    if (version?.[1] === undefined)
        return [];
    const codename = typeof entry['lts'] === 'string' ? entry['lts'].toLowerCase() : undefined;
    const files = Array.isArray(entry['files']) ? entry['files'] : [];
    return [{ version: version[1], codename, builds: files.filter((file) => typeof file === 'string') }];
}
async function fetchFile(http, url, signal, limit) {
    const fetched = await fetchFrom(http, node_releases_siteOf(url), { url, signal, limit });
    if ('fault' in fetched)
        throw fetched.fault;
    return fetched.body;
}
function node_releases_siteOf(url) {
    return {
        service: `Node's distribution site at ${new URL(url).host}`,
        code: 'PIPE-SETUP-004',
        remedy: 'run the job again; if it stays, check the version and the input `node-mirror`',
    };
}
async function rangeOf(request, releases) {
    if (request.kind === 'range')
        return request.range;
    const codename = 'codename' in request ? request.codename : undefined;
    const known = codename === undefined ? undefined : rangeOfCodename(codename);
    if (known !== undefined)
        return known;
    const all = await releases();
    if (request.kind === 'latest')
        return all[0]?.version ?? '*';
    const lines = [
        ...new Set(all.filter((release) => release.codename !== undefined).map((release) => majorOf(release))),
    ];
    const line = 'codename' in request
        ? all.filter((release) => release.codename === codename).map((release) => majorOf(release))[0]
        : lines[request.back];
    if (line !== undefined)
        return `${line}.x`;
    throw noSuch(`the line \`${codename === undefined ? `lts/-${'back' in request ? request.back : 0}` : `lts/${codename}`}\``);
}
function majorOf({ version }) {
    return version.slice(0, version.indexOf('.'));
}
async function chooseRelease(releases, range, build) {
    const { satisfies } = await loadSemver();
    const fitting = releases.filter(({ version }) => satisfies(version, range));
    const built = fitting.filter(({ builds }) => builds.includes(build));
    const chosen = built.find(({ codename }) => codename !== undefined) ?? built[0];
    if (chosen !== undefined)
        return chosen;
    throw noSuch(fitting.length === 0
        ? `a release of Node in the range ${(0,errors/* shown */.SP)(range)}`
        : `a build for ${build} of the releases in the range ${(0,errors/* shown */.SP)(range)}`);
}
function noSuch(what) {
    return new errors/* ConfigurationError */.j1({
        code: 'PIPE-SETUP-003',
        what: `Node's distribution site does not list ${what}`,
        accepted: 'a version, line or code name that nodejs.org/dist/index.json lists for this platform',
        example: '24',
        remedy: 'correct the file that the log names, or give the input `node-version`',
        state: 'nothing was installed',
    });
}

;// CONCATENATED MODULE: ./src/setup/openpgp-packets.js
class MalformedPacket extends Error {
}
function dearmor(text) {
    const block = /-----BEGIN PGP [A-Z ]+-----\r?\n(?:[^\r\n]+\r?\n)*\r?\n([A-Za-z0-9+/=\s]+)-----END PGP /.exec(text);
    if (block?.[1] === undefined)
        throw new MalformedPacket('no armored block');
    const lines = block[1].split(/\r?\n/).filter((line) => line !== '' && !line.startsWith('='));
    return Buffer.from(lines.join(''), 'base64');
}
function readPackets(bytes) {
    const packets = [];
    let rest = bytes;
    while (rest.length > 0) {
        const { tag, start, length } = readHeader(rest);
        if (start + length > rest.length)
            throw new MalformedPacket('a packet is longer than what is there');
        packets.push({ tag, body: rest.subarray(start, start + length) });
        rest = rest.subarray(start + length);
    }
    return packets;
}
function readHeader(bytes) {
    const first = byteAt(bytes, 0);
    if ((first & 0x80) === 0)
        throw new MalformedPacket('not a packet');
    if ((first & 0x40) !== 0) {
        const { start, length } = readLength(bytes.subarray(1));
        return { tag: first & 0x3f, start: start + 1, length };
    }
    const size = [1, 2, 4][first & 0x03];
    if (size === undefined || bytes.length < 1 + size)
        throw new MalformedPacket('a length that is not accepted');
    return { tag: (first >> 2) & 0x0f, start: 1 + size, length: bytes.readUIntBE(1, size) };
}
function readLength(bytes) {
    const first = byteAt(bytes, 0);
    if (first < 192)
        return { start: 1, length: first };
    if (first < 224)
        return { start: 2, length: ((first - 192) << 8) + byteAt(bytes, 1) + 192 };
    if (first !== 255 || bytes.length < 5)
        throw new MalformedPacket('a length that is not accepted');
    return { start: 5, length: bytes.readUInt32BE(1) };
}
function byteAt(bytes, index) {
    const byte = bytes[index];
    if (byte === undefined)
        throw new MalformedPacket('the bytes end too early');
    return byte;
}
function readSubpackets(bytes) {
    const found = [];
    let rest = bytes;
    while (rest.length > 0) {
        const first = byteAt(rest, 0);
        const { start, length } = first >= 192 && first < 255
            ? { start: 2, length: ((first - 192) << 8) + byteAt(rest, 1) + 192 }
            : readLength(rest);
        if (length < 1 || start + length > rest.length)
            throw new MalformedPacket('a subpacket of a wrong length');
        const type = byteAt(rest, start);
        found.push({
            type: type & 0x7f,
            isCritical: (type & 0x80) !== 0,
            body: rest.subarray(start + 1, start + length),
        });
        rest = rest.subarray(start + length);
    }
    return found;
}
function readIntegers(bytes, count) {
    const integers = [];
    let rest = bytes;
    for (let index = 0; index < count; index += 1) {
        if (rest.length < 2)
            throw new MalformedPacket('an integer is missing');
        const size = Math.ceil(rest.readUInt16BE(0) / 8);
        if (rest.length < 2 + size)
            throw new MalformedPacket('an integer is longer than what is there');
        integers.push(rest.subarray(2, 2 + size));
        rest = rest.subarray(2 + size);
    }
    return integers;
}

;// CONCATENATED MODULE: ./src/setup/openpgp-signature.js

const CREATED = 2;
const ISSUER = 16;
const ISSUER_FINGERPRINT = 33;
function readSignature(body) {
    if (byteAt(body, 0) !== 4)
        return undefined;
    if (body.length < 10)
        throw new MalformedPacket('a signature that is too short');
    const hashedEnd = 6 + body.readUInt16BE(4);
    if (body.length < hashedEnd + 4)
        throw new MalformedPacket('a signature that is too short');
    const unhashedEnd = hashedEnd + 2 + body.readUInt16BE(hashedEnd);
    if (body.length < unhashedEnd + 2)
        throw new MalformedPacket('a signature that is too short');
    const hashed = readSubpackets(body.subarray(6, hashedEnd));
    const unhashed = readSubpackets(body.subarray(hashedEnd + 2, unhashedEnd));
    return {
        type: byteAt(body, 1),
        publicKeyAlgorithm: byteAt(body, 2),
        hashAlgorithm: byteAt(body, 3),
        hashedPart: body.subarray(0, hashedEnd),
        hashed,
        issuer: issuerOf([...hashed, ...unhashed]),
        created: numberIn(hashed, CREATED) ?? 0,
        integers: body.subarray(unhashedEnd + 2),
    };
}
function issuerOf(subpackets) {
    const fingerprint = subpackets.find(({ type }) => type === ISSUER_FINGERPRINT)?.body;
    if (fingerprint?.length === 21 && fingerprint[0] === 4)
        return hexadecimal(fingerprint.subarray(-8));
    const id = subpackets.find(({ type }) => type === ISSUER)?.body;
    return id?.length === 8 ? hexadecimal(id) : '';
}
function hexadecimal(bytes) {
    return bytes.toString('hex').toUpperCase();
}
function numberIn(subpackets, type) {
    const body = subpackets.find((subpacket) => subpacket.type === type)?.body;
    return body?.length === 4 ? body.readUInt32BE(0) : undefined;
}

;// CONCATENATED MODULE: ./src/setup/openpgp.js



const openpgp_HASHES = new Map([
    [8, 'sha256'],
    [9, 'sha384'],
    [10, 'sha512'],
]);
const SIGNATURE = 2;
const DOCUMENT = 0x00;
const SIGNATURE_EXPIRES = 3;
const UNDERSTOOD = new Set([2, 3, 16, 28, 33, 35]);
function verifyDetached(document, signatureFile, keys, now) {
    const issuers = [];
    let problem = 'it holds no signature';
    try {
        for (const { tag, body } of readPackets(signatureFile)) {
            const signature = tag === SIGNATURE ? readSignature(body) : undefined;
            if (signature === undefined)
                continue;
            issuers.push(signature.issuer);
            const key = keys.find(({ fingerprint }) => fingerprint.endsWith(signature.issuer) && signature.issuer !== '');
            problem = key === undefined ? 'it is by a key that is not known' : (objection(signature, key, now) ?? '');
            if (key === undefined || problem !== '')
                continue;
            if (isMadeBy(key, signature, document))
                return { signer: key };
            problem = 'it does not match the file';
        }
    }
    catch (error) {
        if (!(error instanceof MalformedPacket))
            throw error;
        problem = `it is no OpenPGP signature: ${error.message}`;
    }
    return { problem, issuers };
}
function objection(signature, key, now) {
    const { created, hashed, type, hashAlgorithm } = signature;
    if (type !== DOCUMENT)
        return 'it is not a signature over a file';
    if (!openpgp_HASHES.has(hashAlgorithm))
        return 'it uses a hash that is not accepted';
    if (hashed.some((subpacket) => subpacket.isCritical && !UNDERSTOOD.has(subpacket.type))) {
        return 'it has conditions that are not known';
    }
    if (created < key.created)
        return 'it is older than its key';
    if (key.expires !== undefined && created >= key.expires)
        return 'its key had expired when it was made';
    const lifetime = numberIn(hashed, SIGNATURE_EXPIRES) ?? 0;
    return lifetime !== 0 && now > created + lifetime ? 'it has expired' : undefined;
}
function isMadeBy(key, signature, document) {
    const { hashedPart, integers, publicKeyAlgorithm } = signature;
    const hash = openpgp_HASHES.get(signature.hashAlgorithm);
    if (hash === undefined)
        return false;
    const trailer = Buffer.from([0x04, 0xff, 0, 0, 0, 0]);
    trailer.writeUInt32BE(hashedPart.length, 2);
    const signed = Buffer.concat([document, hashedPart, trailer]);
    if (key.kind === 'rsa' && (publicKeyAlgorithm === 1 || publicKeyAlgorithm === 3)) {
        const [value = Buffer.alloc(0)] = readIntegers(integers, 1);
        const size = Math.ceil((key.publicKey.asymmetricKeyDetails?.modulusLength ?? 0) / 8);
        const options = { key: key.publicKey, padding: external_node_crypto_.constants.RSA_PKCS1_PADDING };
        return (0,external_node_crypto_.verify)(hash, signed, options, padded(value, size));
    }
    if (key.kind !== 'ed25519' || publicKeyAlgorithm !== 22)
        return false;
    const parts = readIntegers(integers, 2).map((part) => padded(part, 32));
    return (0,external_node_crypto_.verify)(null, (0,external_node_crypto_.createHash)(hash).update(signed).digest(), key.publicKey, Buffer.concat(parts));
}
function padded(value, size) {
    return value.length >= size ? value : Buffer.concat([Buffer.alloc(size - value.length), value]);
}

;// CONCATENATED MODULE: ./src/setup/openpgp-keys.js



const PUBLIC_KEY = 6;
const PUBLIC_SUBKEY = 14;
const openpgp_keys_SIGNATURE = 2;
const KEY_EXPIRES = 9;
const KEY_FLAGS = 27;
const MAY_SIGN = 0x02;
const ED25519_CURVE = '2b06010401da470f01';
const SHORTEST_RSA = 2_048;
function signingKeys({ holder, fingerprint, armored }) {
    const groups = keyGroups(readPackets(dearmor(armored)));
    const [primary] = groups;
    if (primary === undefined || fingerprintOf(primary.body) !== fingerprint) {
        throw new MalformedPacket(`not the key ${fingerprint}`);
    }
    const own = fingerprint.slice(-16);
    return groups.flatMap((group) => {
        const statement = latestStatement(group.signatures, own);
        if (statement === undefined || isRevoked(group.signatures, own) || !maySign(statement))
            return [];
        const key = readKey(group.body);
        if (key === undefined)
            return [];
        const lifetime = numberIn(statement.hashed, KEY_EXPIRES) ?? 0;
        const expires = lifetime === 0 ? undefined : key.created + lifetime;
        return [{ ...key, holder, fingerprint: fingerprintOf(group.body), expires }];
    });
}
function keyGroups(packets) {
    const groups = [];
    for (const { tag, body } of packets) {
        if (tag === PUBLIC_KEY || tag === PUBLIC_SUBKEY)
            groups.push({ body, signatures: [] });
        const signature = tag === openpgp_keys_SIGNATURE ? readSignature(body) : undefined;
        if (signature !== undefined)
            groups.at(-1)?.signatures.push(signature);
    }
    return groups;
}
const STATEMENTS = new Set([0x10, 0x11, 0x12, 0x13, 0x18, 0x1f]);
function latestStatement(signatures, issuer) {
    const own = signatures.filter((signature) => STATEMENTS.has(signature.type) && signature.issuer === issuer);
    return own.toSorted((a, b) => b.created - a.created)[0];
}
function isRevoked(signatures, issuer) {
    return signatures.some(({ type, issuer: by }) => (type === 0x20 || type === 0x28) && by === issuer);
}
function maySign(statement) {
    const flags = statement.hashed.find(({ type }) => type === KEY_FLAGS)?.body[0] ?? 0;
    return (flags & MAY_SIGN) !== 0;
}
function fingerprintOf(body) {
    const lead = Buffer.from([0x99, body.length >> 8, body.length & 0xff]);
    return hexadecimal((0,external_node_crypto_.createHash)('sha1').update(lead).update(body).digest());
}
function readKey(body) {
    if (byteAt(body, 0) !== 4 || body.length < 6)
        return undefined;
    const created = body.readUInt32BE(1);
    const algorithm = byteAt(body, 5);
    const material = body.subarray(6);
    if (algorithm === 1 || algorithm === 3)
        return { kind: 'rsa', created, publicKey: rsaKey(material) };
    return algorithm === 22 ? { kind: 'ed25519', created, publicKey: ed25519Key(material) } : undefined;
}
function rsaKey(material) {
    const [modulus, exponent] = readIntegers(material, 2);
    if (modulus === undefined || exponent === undefined || modulus.length * 8 < SHORTEST_RSA) {
        throw new MalformedPacket('an RSA key that is too short');
    }
    const jwk = { kty: 'RSA', n: modulus.toString('base64url'), e: exponent.toString('base64url') };
    return (0,external_node_crypto_.createPublicKey)({ key: jwk, format: 'jwk' });
}
function ed25519Key(material) {
    const size = byteAt(material, 0);
    const [point] = readIntegers(material.subarray(1 + size), 1);
    const isEd25519 = material.subarray(1, 1 + size).toString('hex') === ED25519_CURVE;
    if (!isEd25519 || point?.length !== 33 || point[0] !== 0x40)
        throw new MalformedPacket('not an Ed25519 key');
    const jwk = { kty: 'OKP', crv: 'Ed25519', x: point.subarray(1).toString('base64url') };
    return (0,external_node_crypto_.createPublicKey)({ key: jwk, format: 'jwk' });
}

;// CONCATENATED MODULE: ./src/setup/node-download.js










const node_download_LARGEST_ARCHIVE = 192 * 1024 * 1024;
const LARGEST_LIST = 256 * 1024;
async function downloadNode(download) {
    const { http, mirror, version, build, cache, environment, signal } = download;
    const base = `${mirror}/v${version}`;
    const list = await fetchFile(http, `${base}/SHASUMS256.txt`, signal, LARGEST_LIST);
    const signature = await fetchFile(http, `${base}/SHASUMS256.txt.sig`, signal, LARGEST_LIST);
    const signer = signerOf(list, signature, download);
    const compression = (await findProgram('xz', environment)) === undefined ? 'gz' : 'xz';
    const name = `node-v${version}-${build}.tar.${compression}`;
    const expected = checksumOf(list.toString('utf8'), name);
    if (expected === undefined)
        throw refused('PIPE-SETUP-006', `SHASUMS256.txt does not list ${name}`, download);
    const archive = await fetchFile(http, `${base}/${name}`, signal, node_download_LARGEST_ARCHIVE);
    const actual = (0,external_node_crypto_.createHash)('sha256').update(archive).digest('hex');
    if (actual !== expected) {
        throw refused('PIPE-SETUP-006', `${name} is not the file that the signed list names`, download, {
            given: `SHA-256 ${actual}`,
            accepted: `SHA-256 ${expected}`,
        });
    }
    const folder = await addTool(cache, 'node', version, (staging) => fill(staging, archive, name, download));
    return { folder, signer };
}
function signerOf(list, signature, download) {
    const keys = download.keys.flatMap(signingKeys);
    const result = verifyDetached(list, signature, keys, Date.now() / 1_000);
    if ('signer' in result)
        return result.signer.holder;
    const by = result.issuers.length === 0 ? '' : `, made by the key ${result.issuers.join(', ')}`;
    throw refused('PIPE-SETUP-005', `the signature of SHASUMS256.txt is not accepted: ${result.problem}${(0,errors/* shown */.SP)(by).slice(1, -1)}`, download, {
        accepted: 'a signature by one of the release keys of Node that are kept in this bundle',
        remedy: 'another version, or a newer release of this bundle where a new releaser signed; releases of lines that have ended are signed by keys that are no longer kept',
    });
}
function checksumOf(list, name) {
    const lines = list.split('\n').map((line) => /^([0-9a-f]{64}) [ *](\S+)\s*$/.exec(line));
    return lines.find((line) => line?.[2] === name)?.[1];
}
async function fill(staging, archive, name, download) {
    const { version, environment, signal } = download;
    const file = `${staging}.tar`;
    await unpack({ archive, file, folder: staging, environment, signal, code: 'PIPE-SETUP-007', name });
    const program = (0,external_node_path_.join)(staging, 'bin/node');
    const { stdout, exitCode } = await startNode(program, staging, environment, signal);
    if (exitCode === 0 && stdout.trim() === `v${version}`)
        return;
    throw new errors/* ConfigurationError */.j1({
        code: 'PIPE-SETUP-007',
        what: `Node ${version} was downloaded and does not start on this runner`,
        given: (0,errors/* shown */.SP)(stdout.trim()),
        accepted: 'a Linux with the GNU C library in a version that this Node needs',
        remedy: 'use an image with Node in it, or one based on Debian, Ubuntu or Fedora',
        state: 'nothing was left in the tool cache',
    });
}
async function startNode(program, cwd, environment, signal) {
    try {
        return await (0,runtime_process/* capture */.F)(program, ['--version'], { cwd, env: environment, signal, timeout: 30_000 });
    }
    catch (error) {
        if (!(error instanceof errors/* ConfigurationError */.j1))
            throw error;
        return { stdout: error.message, exitCode: 127 };
    }
}
function refused(code, what, { version, mirror }, details = {}) {
    return new errors/* OutsideFault */.sD({
        code,
        what: `Node ${version} was refused: ${what}`,
        remedy: 'run the job again; if it stays, do not use that mirror',
        ...details,
        state: 'nothing was left in the tool cache',
    }, { service: `Node's distribution site at ${new URL(mirror).host}`, status: 200, tries: 1, elapsed: 0 });
}

;// CONCATENATED MODULE: ./src/setup/node.js








async function provideNode(request, search) {
    const own = await nodeOnPath(search);
    if (request.kind === 'runner') {
        if (own !== undefined)
            return own;
        throw new errors/* ConfigurationError */.j1({
            code: 'PIPE-SETUP-008',
            what: 'the version is `system`, and the runner has no Node on PATH',
            accepted: 'a runner with Node on PATH, or a version',
            example: '24',
            state: 'nothing was installed',
        });
    }
    const releases = once(() => fetchReleases(search.http, search.mirror, search.signal));
    const range = await rangeOf(request, releases);
    const { satisfies, maxSatisfying } = await loadSemver();
    if (own !== undefined && satisfies(own.version, range))
        return own;
    const cached = maxSatisfying([...(await cachedVersions(search.cache, 'node'))], range);
    if (cached !== null) {
        return { version: cached, folder: binOf(toolFolder(search.cache, 'node', cached)), origin: 'tool cache' };
    }
    const { version } = await chooseRelease(await releases(), range, buildOf(search));
    const downloaded = await downloadNode({
        ...search,
        keys: await search.keys(),
        version,
        build: archiveBuildOf(search),
    });
    return { version, folder: binOf(downloaded.folder), origin: 'download', signer: downloaded.signer };
}
function once(fetch) {
    let fetched;
    return () => {
        fetched ??= fetch();
        return fetched;
    };
}
function binOf(folder) {
    return `${folder}/bin`;
}
async function nodeOnPath({ environment, temp, signal, }) {
    const program = await findProgram('node', environment);
    if (program === undefined)
        return undefined;
    const { stdout } = await (0,runtime_process/* capture */.F)(program, ['--version'], { cwd: temp, env: environment, signal, timeout: 30_000 });
    const version = /^v(\d+\.\d+\.\d+(?:-[0-9A-Za-z.-]+)?)$/.exec(stdout.trim())?.[1];
    return version === undefined ? undefined : { version, folder: (0,external_node_path_.dirname)(program), origin: 'runner' };
}
function archiveBuildOf({ platform, cache }) {
    const archs = { arm: 'armv7l', ppc64: 'ppc64le' };
    return `${platform}-${archs[cache.arch] ?? cache.arch}`;
}
function buildOf(search) {
    const build = archiveBuildOf(search);
    return search.platform === 'darwin' ? `${build.replace('darwin', 'osx')}-tar` : build;
}
async function disagreements(version, others) {
    const { satisfies } = await loadSemver();
    return others.flatMap(({ source, text, request }) => {
        if (request?.kind !== 'range' || satisfies(version, request.range))
            return [];
        return [`${source} asks for ${(0,errors/* shown */.SP)(text)}, which Node ${version} is not`];
    });
}

;// CONCATENATED MODULE: ./src/setup/version-files.js





function foldersUp(workspace, directory) {
    const folders = [];
    for (let folder = directory; (0,files/* contains */.gR)(workspace, folder); folder = (0,external_node_path_.dirname)(folder)) {
        folders.push(folder);
        if (folder === (0,external_node_path_.dirname)(folder))
            break;
    }
    return folders;
}
async function nodeStatements(workspace, directory) {
    const found = [];
    for (const folder of foldersUp(workspace, directory))
        found.push(...(await statementsIn(folder, workspace)));
    return [...found.filter(({ chooses }) => chooses), ...found.filter(({ chooses }) => !chooses)];
}
async function statementsIn(folder, workspace) {
    const place = (name) => placeOf(workspace, (0,external_node_path_.join)(folder, name));
    const plain = async (name) => {
        const text = firstLine(await (0,files/* readTextFile */.Gu)((0,external_node_path_.join)(folder, name), 64 * 1024));
        return text === undefined ? [] : [{ source: place(name), text, chooses: true }];
    };
    const manifest = await readManifest((0,external_node_path_.join)(folder, 'package.json'), workspace);
    const tools = toolVersion(await (0,files/* readTextFile */.Gu)((0,external_node_path_.join)(folder, '.tool-versions'), 64 * 1024));
    return [
        ...(await plain('.nvmrc')),
        ...(await plain('.node-version')),
        ...(manifest === undefined ? [] : statementsOf(manifest)),
        ...(tools === undefined ? [] : [{ source: place('.tool-versions'), text: tools, chooses: false }]),
    ];
}
function firstLine(text) {
    if (text === undefined)
        return undefined;
    const lines = text.split(/\r?\n/).map((line) => line.replace(/#.*/, '').trim());
    return lines.find((line) => line !== '' && !/^[A-Za-z_][\w-]*=/.test(line)) ?? '';
}
function statementsOf(manifest) {
    const { file, fields } = manifest;
    const statement = (field, value, chooses) => {
        if (value === undefined || value === null)
            return [];
        const text = typeof value === 'string' ? value : JSON.stringify(value);
        return [{ source: `${file} (${field})`, text, chooses }];
    };
    const runtime = devEngines(manifest, 'runtime').find(({ name }) => name === 'node');
    return [
        ...statement('devEngines.runtime', runtime?.version, true),
        ...statement('volta.node', mapAt(fields, 'volta')['node'], true),
        ...statement('engines.node', mapAt(fields, 'engines')['node'], false),
    ];
}
function toolVersion(text) {
    for (const line of (text ?? '').split(/\r?\n/)) {
        const [name, version] = line.replace(/#.*/, '').trim().split(/\s+/);
        if (name === 'nodejs' || name === 'node')
            return version ?? '';
    }
    return undefined;
}
async function requestOf({ source, text }) {
    const request = await parseNodeRequest(text);
    if (request !== undefined)
        return request;
    throw new errors/* ConfigurationError */.j1({
        code: 'PIPE-SETUP-001',
        what: `${(0,errors/* shown */.SP)(source, 200)} does not name a version of Node`,
        given: (0,errors/* shown */.SP)(text),
        accepted: NODE_REQUEST_ACCEPTED,
        example: '24',
        remedy: `correct ${(0,errors/* shown */.SP)(source, 200)}, or give the input \`node-version\``,
        state: 'nothing was installed',
    });
}

;// CONCATENATED MODULE: ./src/setup/node-step.js




async function chooseNode(wish, search) {
    const stated = await nodeStatements(wish.workspace, wish.directory);
    const input = wish.input === undefined ? [] : [{ source: 'the input `node-version`', text: wish.input }];
    const [first, ...others] = [...input, ...stated];
    const request = first === undefined ? await unasked(search) : await requestOf(first);
    const node = await provideNode(request, search);
    const asked = first === undefined ? 'nothing asks for a version' : `${first.source} asks for ${(0,errors/* shown */.SP)(first.text)}`;
    const rest = await Promise.all(others.map(async ({ source, text }) => ({ source, text, request: await parseNodeRequest(text) })));
    return {
        node,
        reason: `Node ${node.version}: ${asked}, ${node_step_originOf(node, search.mirror)}`,
        warnings: await disagreements(node.version, rest),
    };
}
async function unasked(search) {
    return (await nodeOnPath(search)) === undefined ? { kind: 'lts', back: 0 } : { kind: 'runner' };
}
function node_step_originOf({ origin, signer }, mirror) {
    if (origin === 'runner')
        return 'the runner has it';
    if (origin === 'tool cache')
        return 'it is in the tool cache';
    return `downloaded from ${new URL(mirror).host}, checksums signed by ${signer ?? 'nobody'}`;
}

;// CONCATENATED MODULE: ./src/setup/npm-token.js





function registryToken(token, registry) {
    if (!/^[A-Za-z0-9+/=_.~:-]{1,8192}$/.test(token)) {
        throw new errors/* ConfigurationError */.j1({
            code: 'PIPE-SETUP-040',
            what: 'the input `npm-token` is not a token',
            given: `a text of ${token.length} characters with others than tokens have (not shown: it may hold a secret)`,
            accepted: 'letters, digits and `+/=_.~:-`, without spaces and line breaks',
            remedy: 'put the token alone into the secret, not the line of an .npmrc',
            state: 'nothing was installed',
        });
    }
    const address = registryAddress(registry);
    if (address !== undefined && (address.startsWith('https:') || isLoopback(new URL(address)))) {
        return { registry: address, token };
    }
    throw new errors/* ConfigurationError */.j1({
        code: 'PIPE-SETUP-041',
        what: 'the registry that `npm-token` is for is not an address that a token may be sent to',
        given: (0,errors/* shown */.SP)(registry),
        accepted: 'an https address',
        example: 'npm-registry: https://npm.example.com/',
        state: 'nothing was installed',
    });
}
function isLoopback({ hostname }) {
    return /^(127\.\d+\.\d+\.\d+|localhost|\[::1\])$/.test(hostname);
}
function tokenLine({ registry, token }) {
    return `${registry.replace(/^https?:/, '')}/:_authToken=${token}`;
}
async function writeTokenFile(folder, token, environment) {
    const own = userConfigOf(environment);
    const kept = own === undefined ? undefined : await (0,files/* readTextFile */.Gu)(own);
    await (0,promises_.mkdir)(folder, { recursive: true, mode: 0o700 });
    const file = (0,external_node_path_.join)(folder, 'npmrc');
    await (0,promises_.writeFile)(file, `${kept ?? ''}\n${tokenLine(token)}\n`, { mode: 0o600, flag: 'wx' });
    return file;
}
function userConfigOf(environment) {
    const named = Object.entries(environment).find(([name]) => /^npm_config_userconfig$/i.test(name))?.[1];
    const home = environment['HOME'];
    return named ?? (home === undefined || home === '' ? undefined : (0,external_node_path_.join)(home, '.npmrc'));
}
async function removeTokenFolder(folder) {
    await (0,promises_.rm)(folder, { recursive: true, force: true });
}

// EXTERNAL MODULE: external "node:string_decoder"
var external_node_string_decoder_ = __webpack_require__(6193);
;// CONCATENATED MODULE: ./src/setup/install-failures.js

const oneOf = (...codes) => {
    return ({ code }) => codes.includes(code);
};
const VERDICTS = [
    {
        is: oneOf('EUSAGE', 'ERR_PNPM_OUTDATED_LOCKFILE', 'ERR_PNPM_LOCKFILE_CONFIG_MISMATCH', 'ERR_PNPM_LOCKFILE_MISSING_DEPENDENCY'),
        kind: 'configuration',
        fault: {
            code: 'PIPE-SETUP-030',
            what: 'the lockfile does not agree with package.json',
            accepted: 'a lockfile that was written after the last change of package.json',
            remedy: 'run `npm install` (`pnpm install`) with the same version of the package manager and commit the lockfile',
        },
    },
    {
        is: oneOf('ERR_PNPM_BROKEN_LOCKFILE', 'ERR_PNPM_LOCKFILE_BREAKING_CHANGE', 'ERR_PNPM_NO_LOCKFILE', 'ERR_PNPM_FROZEN_LOCKFILE_WITH_OUTDATED_LOCKFILE'),
        kind: 'configuration',
        fault: {
            code: 'PIPE-SETUP-015',
            what: 'the lockfile can not be used by this version of the package manager',
            accepted: 'a lockfile as this version of the package manager writes it',
            remedy: 'name the version that wrote it in `packageManager` of package.json, or write the lockfile anew and commit it',
        },
    },
    {
        is: oneOf('EINTEGRITY', 'ERR_PNPM_TARBALL_INTEGRITY', 'ERR_PNPM_LOCKFILE_INTEGRITY'),
        kind: 'project',
        fault: {
            code: 'PIPE-SETUP-031',
            what: 'a package is not the one that the lockfile names: its hash is another',
            accepted: 'packages with the hashes of the lockfile',
            remedy: 'find out who changed it, the lockfile (look at its last change) or the registry, before anything else',
        },
    },
    {
        is: ({ code, status }) => /^E40[134]$/.test(code) || (status !== undefined && [401, 403, 404].includes(status)),
        kind: 'configuration',
        fault: {
            code: 'PIPE-SETUP-032',
            what: 'the npm registry does not hand out a package',
            accepted: 'packages that are published, and a token that may read the private ones',
            remedy: 'give `npm-token` (and `npm-registry`, the one registry that it is for), or check what the token may read',
        },
    },
    {
        is: ({ code, status }) => OUTSIDE.has(code) || /^E(429|5\d\d)$/.test(code) || (status ?? 0) >= 429,
        kind: 'outside',
        fault: {
            code: 'PIPE-SETUP-033',
            what: 'the install could not reach the npm registry',
            remedy: 'run the job again; see whether the registry reports an outage',
        },
    },
    {
        is: oneOf('EBADENGINE', 'EBADDEVENGINES', 'EBADPLATFORM', 'ERR_PNPM_UNSUPPORTED_ENGINE', 'ERR_PNPM_BAD_PM_VERSION', 'ERR_PNPM_UNSUPPORTED_PLATFORM'),
        kind: 'configuration',
        fault: {
            code: 'PIPE-SETUP-034',
            what: 'the project or a package of it does not accept this Node, package manager or platform',
            accepted: 'versions inside the ranges of `engines` and `devEngines`',
            remedy: 'ask for another Node (.nvmrc, the input `node-version`) or correct the range',
        },
    },
    {
        is: oneOf('ERR_PNPM_IGNORED_BUILDS'),
        kind: 'configuration',
        fault: {
            code: 'PIPE-SETUP-036',
            what: 'pnpm did not run build scripts of packages that nobody has approved',
            accepted: 'packages whose build scripts are allowed or refused by name in pnpm-workspace.yaml',
            remedy: 'run `pnpm approve-builds` and commit what it writes',
        },
    },
];
const OUTSIDE = new Set([
    'ECONNREFUSED',
    'ECONNRESET',
    'ECONNABORTED',
    'EPIPE',
    'ENOTFOUND',
    'EAI_AGAIN',
    'ENETUNREACH',
    'EHOSTUNREACH',
    'ETIMEDOUT',
    'ESOCKETTIMEDOUT',
    'ERR_SOCKET_TIMEOUT',
    'EIDLETIMEOUT',
    'ERR_PNPM_META_FETCH_FAIL',
    'ERR_PNPM_REQUEST_TIMEOUT',
    'ERR_PNPM_TARBALL_FETCH_FAIL',
    'ERR_PNPM_NETWORK_ERROR',
]);
function explainFailure(failed) {
    const plain = withoutColours(failed.output);
    const code = errorCode(failed.manager, plain) ?? '';
    const codes = { code, status: failed.manager === 'pnpm' ? httpStatus(code, plain) : undefined };
    const lines = errorLines(failed.manager, plain);
    const verdict = VERDICTS.find(({ is }) => is(codes));
    const state = 'the install did not finish; nothing of it was cached';
    if (verdict === undefined)
        return { error: otherFailure(failed, lines, code, state), lines };
    const fault = { ...verdict.fault, given: `${failed.command}: ${(0,errors/* shown */.SP)(firstTelling(lines), 200)}`, state };
    if (verdict.kind === 'configuration')
        return { error: new errors/* ConfigurationError */.j1(fault), lines };
    if (verdict.kind === 'project')
        return { error: new errors/* ProjectFailure */.cV(fault), lines };
    const service = { service: 'the npm registry', tries: 1, elapsed: failed.duration };
    const details = codes.status === undefined ? service : { ...service, status: codes.status };
    return { error: new errors/* OutsideFault */.sD(fault, details), lines };
}
function otherFailure(failed, lines, code, state) {
    const ended = failed.exitCode === null ? 'was ended by a signal' : `ended with status ${failed.exitCode}`;
    return new errors/* ProjectFailure */.cV({
        code: 'PIPE-SETUP-035',
        what: `\`${failed.command}\` ${ended}${code === '' ? '' : ` (${code})`}`,
        given: (0,errors/* shown */.SP)(firstTelling(lines), 200),
        remedy: 'read the group of the install in the log; the same command shows the same failure on your machine',
        state,
    });
}
function firstTelling(lines) {
    return lines[0] ?? 'it printed nothing that looks like an error';
}
function errorCode(manager, output) {
    const pattern = manager === 'npm'
        ? /^npm (?:error|ERR!) code (\S+)$/gm
        : /^[^\S\n]?(?:Error: |\[)?(ERR_[A-Z0-9_]+|E[A-Z]{4,20})\b/gm;
    return [...output.matchAll(pattern)].at(-1)?.[1];
}
function httpStatus(code, output) {
    const ownWords = code.includes('LIFECYCLE') ? '' : output.replace(/\n[\s│╰─▶├×]*/gu, ' ');
    const found = [...ownWords.matchAll(/(?:ERR_PNPM_FETCH_|returned HTTP |HTTP status \w+ error \()(\d{3})\b/g)].at(-1);
    const status = Number(found?.[1]);
    if (Number.isInteger(status))
        return status;
    return /error sending request|tcp connect error|dns error/.test(ownWords) ? 503 : undefined;
}
const MOST_LINES = 12;
function errorLines(manager, output) {
    const all = output.split(/\r?\n/).map((line) => line.trimEnd());
    if (manager === 'npm') {
        const said = all.flatMap((line) => /^npm (?:error|ERR!) ?(.*)$/.exec(line)?.[1] ?? []);
        const usage = said.findIndex((line) => /^(Clean install a project|Usage:)/.test(line));
        const reasons = (usage < 0 ? said : said.slice(0, usage)).filter((line) => {
            return line.trim() !== '' && !/^(code|errno|syscall|path) |^A complete log of this run/.test(line);
        });
        return reasons.slice(0, MOST_LINES);
    }
    const start = all.findLastIndex((line) => /ERR_PNPM_|^\s*(?:\[?ERROR\]?|ELIFECYCLE|E[A-Z]{4,})\b/.test(line));
    const from = start < 0 ? Math.max(0, all.length - MOST_LINES) : start;
    return all
        .slice(from)
        .map((line) => line.replace(/^[\s×│╰─▶]+/u, ''))
        .filter((line) => line !== '')
        .slice(0, MOST_LINES);
}
function withoutColours(text) {
    return text.replace(/\u001b\[[0-9;?]*[ -/]*[@-~]/g, '');
}

;// CONCATENATED MODULE: ./src/setup/install.js






const KEPT = 256 * 1024;
const QUIET = {
    npm_config_audit: 'false',
    npm_config_fund: 'false',
    npm_config_update_notifier: 'false',
};
const THIS_PNPM = {
    npm_config_manage_package_manager_versions: 'false',
    npm_config_package_manager_strict: 'false',
    pnpm_config_pm_on_fail: 'ignore',
};
function installEnvironment(base, manager, usesFetched) {
    const settings = manager === 'npm' ? QUIET : { ...QUIET, ...THIS_PNPM };
    return { ...base, ...settings, ...(usesFetched ? { npm_config_prefer_offline: 'true' } : {}) };
}
function frozenInstall(manager, args) {
    return manager === 'npm' ? ['ci', ...args] : ['install', '--frozen-lockfile', ...args];
}
async function runInstall(step) {
    const { manager, program, args, cwd, env, signal, write } = step;
    let output = '';
    const decoders = { stdout: new external_node_string_decoder_.StringDecoder('utf8'), stderr: new external_node_string_decoder_.StringDecoder('utf8') };
    const finished = await (0,runtime_process/* execute */.g)(program, args, {
        cwd,
        env,
        signal,
        onOutput: (chunk, stream) => {
            const text = decoders[stream].write(chunk);
            output = (output + text).slice(-KEPT);
            write(text);
        },
    });
    const { exitCode, duration, endedBy } = finished;
    const command = `${manager} ${args.join(' ')}`;
    if (endedBy === 'cancellation')
        throw signal.reason;
    if (exitCode === 0)
        return { command, duration, packages: packageCount(manager, output) };
    return explainFailure({ manager, command, output, exitCode, duration });
}
function packageCount(manager, output) {
    const pattern = manager === 'npm' ? /^(?:added|changed) (\d+) packages?/gm : /^Packages: \+(\d+)/gm;
    const counts = [...output.matchAll(pattern)].map(([, count]) => Number(count));
    return counts.length === 0 ? undefined : counts.reduce((sum, count) => sum + count, 0);
}
const AT_ONCE = 400;
async function fetchPrivate(fetch) {
    const { manager, program, folder, wanted, store, signal, write } = fetch;
    try {
        await (0,promises_.mkdir)(folder, { recursive: true, mode: 0o700 });
        const userconfig = await fetch.writeToken((0,external_node_path_.join)(folder, 'token'));
        const cwd = (0,external_node_path_.join)(folder, 'fetch');
        await (0,promises_.mkdir)(cwd);
        await (0,promises_.writeFile)((0,external_node_path_.join)(cwd, '.npmrc'), fetch.npmrc);
        await (0,promises_.writeFile)((0,external_node_path_.join)(cwd, 'package.json'), '{"private":true}\n');
        const env = { ...withoutUserConfig(fetch.env), NPM_CONFIG_USERCONFIG: userconfig };
        if ('lockfile' in wanted)
            await (0,promises_.writeFile)((0,external_node_path_.join)(cwd, 'pnpm-lock.yaml'), wanted.lockfile);
        for (const args of fetchCommands(wanted, store)) {
            const outcome = await runInstall({ manager, program, args, cwd, env, signal, write });
            if ('error' in outcome)
                return outcome;
        }
        return undefined;
    }
    finally {
        await removeTokenFolder((0,external_node_path_.join)(folder, 'token'));
        await (0,promises_.rm)(folder, { recursive: true, force: true });
    }
}
function fetchCommands(wanted, store) {
    if ('lockfile' in wanted) {
        return [['fetch', '--ignore-scripts', ...(store === undefined ? [] : ['--store-dir', store])]];
    }
    const cache = store === undefined ? [] : ['--cache', (0,external_node_path_.dirname)(store)];
    const count = Math.ceil(wanted.archives.length / AT_ONCE);
    return Array.from({ length: count }, (_, index) => [
        'cache',
        'add',
        '--prefer-offline',
        ...cache,
        ...wanted.archives.slice(index * AT_ONCE, (index + 1) * AT_ONCE),
    ]);
}
function withoutUserConfig(environment) {
    return Object.fromEntries(Object.entries(environment).filter(([name]) => !/^npm_config_userconfig$/i.test(name)));
}

;// CONCATENATED MODULE: ./src/setup/locked-packages.js



function packagesOfNpm(text, place, host) {
    const lockfile = parseNpm(text, place);
    if (!(0,yaml/* isMap */.j)(lockfile['packages']))
        return nested(mapAt(lockfile, 'dependencies'), host, 0);
    return Object.entries(lockfile['packages']).flatMap(([path, entry]) => {
        const installed = path.lastIndexOf('node_modules/');
        if (installed < 0 || !(0,yaml/* isMap */.j)(entry) || entry['link'] === true || !fits(entry, host))
            return [];
        const name = typeof entry['name'] === 'string' ? entry['name'] : path.slice(installed + 'node_modules/'.length);
        return locked(name, entry);
    });
}
function parseNpm(text, place) {
    try {
        const value = JSON.parse(text);
        if ((0,yaml/* isMap */.j)(value))
            return value;
    }
    catch (error) {
        throw brokenLockfile(place, 'it is not JSON', error);
    }
    throw brokenLockfile(place, 'it is not a JSON object');
}
function nested(dependencies, host, depth) {
    if (depth > 64)
        return [];
    return Object.entries(dependencies).flatMap(([name, entry]) => {
        return (0,yaml/* isMap */.j)(entry) ? [...locked(name, entry), ...nested(mapAt(entry, 'dependencies'), host, depth + 1)] : [];
    });
}
function locked(name, { version, resolved, integrity }) {
    if (typeof version !== 'string')
        return [];
    return [{ name, version, resolved: textOr(resolved), integrity: textOr(integrity) }];
}
function textOr(value) {
    return typeof value === 'string' ? value : undefined;
}
async function packagesOfPnpm(text, place, host) {
    const format = pnpmLockfileVersion(text);
    if (format === undefined || !/^[69]\./.test(format)) {
        throw brokenLockfile(place, '`npm-token` needs one that pnpm 8 or later wrote');
    }
    const parsed = await (0,yaml/* parseYaml */.h)(text);
    if ('problem' in parsed)
        throw brokenLockfile(place, parsed.problem);
    const packages = (0,yaml/* isMap */.j)(parsed.value) ? mapAt(parsed.value, 'packages') : {};
    return Object.entries(packages).flatMap(([key, entry]) => {
        const [, name, version] = /^\/?(@?[^@]+)@([^(]+)/.exec(key) ?? [];
        if (name === undefined || version === undefined || !(0,yaml/* isMap */.j)(entry) || !fits(entry, host))
            return [];
        const { tarball, integrity } = mapAt(entry, 'resolution');
        if (typeof integrity !== 'string')
            return [];
        return [{ name, version, resolved: textOr(tarball), integrity }];
    });
}
function fits(entry, { platform, arch }) {
    return accepts(entry['os'], platform) && accepts(entry['cpu'], arch);
}
function accepts(list, value) {
    const items = Array.isArray(list) ? list : [];
    if (items.includes(`!${value}`))
        return false;
    return items.includes(value) || items.every((item) => typeof item === 'string' && item.startsWith('!'));
}

;// CONCATENATED MODULE: ./src/setup/registry-settings.js





const SCOPE = /^@[a-z0-9~-][a-z0-9._~-]*$/i;
async function projectRegistries(folder) {
    const npmrc = await (0,files/* readTextFile */.Gu)((0,external_node_path_.join)(folder, '.npmrc'), 256 * 1024);
    const workspace = await (0,files/* readTextFile */.Gu)((0,external_node_path_.join)(folder, 'pnpm-workspace.yaml'), 1024 * 1024);
    const named = [...entriesOfNpmrc(npmrc ?? ''), ...(await entriesOfWorkspace(workspace))];
    const usable = named.flatMap(([name, value]) => {
        const address = /[${}]/.test(value) ? undefined : registryAddress(value);
        return address === undefined ? [] : [[name, address]];
    });
    const scopes = new Map(usable.filter(([name]) => SCOPE.test(name)));
    return { fallback: usable.findLast(([name]) => name === 'registry')?.[1], scopes };
}
function entriesOfNpmrc(text) {
    return text.split(/\r?\n/).flatMap((line) => {
        const [, name, value] = /^\s*(registry|@[^\s:=]{1,214}:registry)\s*=\s*"?([^\s"]+)"?\s*$/.exec(line) ?? [];
        return name === undefined || value === undefined ? [] : [[name.replace(/:registry$/, ''), value]];
    });
}
async function entriesOfWorkspace(text) {
    const parsed = text === undefined ? { problem: 'no file' } : await (0,yaml/* parseYaml */.h)(text);
    if ('problem' in parsed || !(0,yaml/* isMap */.j)(parsed.value))
        return [];
    const entries = Object.entries(mapAt(parsed.value, 'registries'));
    return entries.flatMap(([name, value]) => {
        return typeof value === 'string' ? [[name === 'default' ? 'registry' : name, value]] : [];
    });
}
function registryOf(name, { fallback, scopes }, outside) {
    const scope = name.startsWith('@') ? name.slice(0, name.indexOf('/')) : undefined;
    return (scope === undefined ? undefined : scopes.get(scope)) ?? fallback ?? outside;
}
function npmrcOf({ fallback, scopes }) {
    const lines = [...scopes].map(([scope, address]) => `${scope}:registry=${address}/`);
    return [...(fallback === undefined ? [] : [`registry=${fallback}/`]), ...lines, ''].join('\n');
}

;// CONCATENATED MODULE: ./src/setup/private-packages.js

const NAME = /^(?:@[a-z0-9~-][a-z0-9._~-]*\/)?[a-z0-9~-][a-z0-9._~-]*$/i;
const VERSION = /^\d+\.\d+\.\d+(?:-[0-9A-Za-z.-]+)?(?:\+[0-9A-Za-z.-]+)?$/;
const INTEGRITY = /^sha\d{1,3}-[A-Za-z0-9+/=]+$/;
function privatePackages(packages, { registry }, settings, outside) {
    return packages.filter(({ name, version, resolved }) => {
        if (!NAME.test(name) || !VERSION.test(version))
            return false;
        if (resolved !== undefined && isBelow(resolved, registry))
            return true;
        return isFromRegistry(resolved) && registryOf(name, settings, outside) === registry;
    });
}
function isBelow(address, registry) {
    return URL.canParse(address) && new URL(address).href.startsWith(`${registry}/`) && !/[\s"'`]/.test(address);
}
function isFromRegistry(resolved) {
    return resolved === undefined || /^https?:/.test(resolved);
}
function npmSpecs(packages, { registry }) {
    const specs = packages.map(({ name, version, resolved }) => {
        return resolved !== undefined && isBelow(resolved, registry) ? resolved : `${name}@${version}`;
    });
    return [...new Set(specs)];
}
function pnpmLockfile(packages, token, format) {
    const usable = packages.filter(({ integrity = '' }) => INTEGRITY.test(integrity));
    const keyOf = ({ name, version }) => `${format.startsWith('6') ? '/' : ''}${name}@${version}`;
    const dependencies = usable.map((item, index) => {
        const { name, version } = item;
        return [`private-${index}`, { specifier: `npm:${name}@${version}`, version: keyOf(item) }];
    });
    const entries = usable.map((item) => [keyOf(item), { resolution: resolutionOf(item, token) }]);
    const snapshots = usable.map((item) => [keyOf(item), {}]);
    const importer = { dependencies: Object.fromEntries(dependencies) };
    return JSON.stringify({
        lockfileVersion: format,
        ...(format.startsWith('6') ? importer : { importers: { '.': importer } }),
        packages: Object.fromEntries(entries),
        ...(format.startsWith('6') ? {} : { snapshots: Object.fromEntries(snapshots) }),
    }, undefined, 1);
}
function resolutionOf({ integrity, resolved }, { registry }) {
    return resolved !== undefined && isBelow(resolved, registry) ? { integrity, tarball: resolved } : { integrity };
}

;// CONCATENATED MODULE: ./src/setup/project-step.js








function tokenFolderIn(temp) {
    return (0,external_node_path_.join)(temp, `pipelines-npm-${(0,external_node_crypto_.randomUUID)()}`);
}
async function installProject(install) {
    const { manager, args, environment, token, openGroup } = install;
    const program = (0,external_node_path_.join)(manager.folder, manager.name);
    const env = installEnvironment(environment, manager.name, token !== undefined);
    if (token !== undefined) {
        const failure = await inGroup(openGroup, `fetch private packages from ${new URL(token.registry).host}`, (write) => {
            return fetchWithToken(install, program, env, token, write);
        });
        if (failure !== undefined)
            return failure;
    }
    const command = frozenInstall(manager.name, args);
    return inGroup(openGroup, `${manager.name} ${command.join(' ')}`, (write) => {
        const { signal, lockfile } = install;
        return runInstall({ manager: manager.name, program, args: command, cwd: lockfile.folder, env, signal, write });
    });
}
async function inGroup(openGroup, title, work) {
    const group = openGroup(title);
    try {
        return await work(group.write);
    }
    finally {
        group.close();
    }
}
async function fetchWithToken(install, program, env, token, write) {
    const { manager, lockfile, tokenFolder, host, signal } = install;
    const text = await readLockfile(lockfile);
    const settings = await projectRegistries(lockfile.folder);
    const isNpm = manager.name === 'npm';
    const locked = isNpm ? packagesOfNpm(text, lockfile.place, host) : await packagesOfPnpm(text, lockfile.place, host);
    const wanted = privatePackages(locked, token, settings, await install.outsideRegistry());
    if (wanted.length === 0)
        return undefined;
    return fetchPrivate({
        manager: manager.name,
        program,
        folder: tokenFolder,
        writeToken: (folder) => writeTokenFile(folder, token, env),
        npmrc: npmrcOf(settings),
        wanted: isNpm
            ? { archives: npmSpecs(wanted, token) }
            : { lockfile: pnpmLockfile(wanted, token, pnpmLockfileVersion(text) ?? '') },
        store: await install.store(),
        env,
        signal,
        write,
    });
}

;// CONCATENATED MODULE: ./src/setup/store.js




async function packageStore(search) {
    const { manager, program, cwd, env, signal, kept } = search;
    const args = manager === 'npm' ? ['config', 'get', 'cache'] : ['store', 'path'];
    const { stdout, exitCode } = await (0,runtime_process/* capture */.F)(program, args, {
        cwd,
        env: installEnvironment(env, manager, false),
        signal,
        timeout: 60_000,
    });
    const said = stdout.trim().split('\n').at(-1) ?? '';
    if (exitCode !== 0 || !(0,external_node_path_.isAbsolute)(said))
        return undefined;
    const store = manager === 'npm' ? (0,external_node_path_.join)(said, '_cacache') : said;
    const isStore = /[/\\](_cacache|v\d{1,3})$/.test(store);
    return isStore && kept.every((folder) => !(0,files/* contains */.gR)(store, folder)) ? store : undefined;
}

;// CONCATENATED MODULE: ./src/setup/run.js
















const TOKEN_FOLDER = 'token-folder';
const STORE = 'store';
const RESTORE_LIMIT = 120_000;
const SAVE_LIMIT = 300_000;
async function run(given, context) {
    try {
        return await setUp(given, { ...context, workspace: await (0,promises_.realpath)(context.workspace) });
    }
    catch (error) {
        context.signal.throwIfAborted();
        if (error instanceof errors/* PipelineError */.zC)
            context.summarize(failureSummary(error, []));
        throw error;
    }
}
async function post(context) {
    const folder = context.state(TOKEN_FOLDER);
    if (folder !== '')
        await removeTokenFolder(folder);
    const kept = context.state(STORE);
    if (kept !== '')
        say(await saveFor(JSON.parse(kept), cacheProcess(context, SAVE_LIMIT)), context);
}
async function setUp(given, context) {
    const base = (0,runtime_environment/* projectEnvironment */.I)(context.environment);
    const node = await run_provideNode(given, base, context);
    const withNode = withPath(base, node.origin === 'runner' ? [] : [node.folder]);
    const project = await findProject({
        workspace: context.workspace,
        folders: foldersUp(context.workspace, given.workingDirectory),
        input: given.packageManager,
        installs: given.install !== false,
    });
    const outside = run_once(() => configuredRegistry(withNode, context.temp, context.signal));
    const token = await tokenOf(given, outside);
    const { name, source } = project.request;
    if (name !== 'npm' && name !== 'pnpm') {
        context.log.info(`${name}: ${source} asks for it; it is not available yet, so a step of your own provides it`);
        return { outputs: { 'node-version': node.version, 'package-manager': name, 'cache-hit': false } };
    }
    const manager = await run_provideManager({ name, project, node, environment: withNode, token, outside }, context);
    const environment = withPath(withNode, manager.origin === 'runner' ? [] : [manager.folder]);
    const found = { 'node-version': node.version, 'package-manager': `${manager.name}@${manager.version}` };
    if (given.install !== false) {
        const { isExact, failure } = await install(given, { project, manager, environment, token, outside }, context);
        return { outputs: { ...found, 'cache-hit': isExact }, failure };
    }
    context.log.info('install: off');
    return { outputs: { ...found, 'cache-hit': false } };
}
async function run_provideNode(given, base, context) {
    const { log, workspace, signal } = context;
    const http = lazyHttp({ environment: base, service: "Node's distribution site", code: 'PIPE-SETUP-004' });
    const { node, reason, warnings } = await chooseNode({ workspace, directory: given.workingDirectory, input: given.nodeVersion }, {
        environment: base,
        cache: toolCacheOf(context),
        http,
        mirror: given.nodeMirror.replace(/\/+$/, ''),
        keys: async () => (await __webpack_require__.e(/* import() */ 589).then(__webpack_require__.bind(__webpack_require__, 589))).nodeReleaseKeys,
        platform: process.platform,
        temp: context.temp,
        signal,
    });
    http.close();
    log.info(reason);
    for (const warning of warnings)
        log.annotate('warning', warning);
    if (node.origin !== 'runner')
        context.addPath(node.folder);
    return node;
}
async function tokenOf(given, outside) {
    if (given.npmToken === undefined)
        return undefined;
    return registryToken(given.npmToken, given.npmRegistry ?? (await outside()));
}
async function run_provideManager(wanted, context) {
    const { name, project, node, environment, token, outside } = wanted;
    const http = lazyHttp({ environment, service: 'the npm registry', code: 'PIPE-SETUP-018' });
    const { manager, reason } = await chooseManager({
        name,
        project,
        environment,
        nodeFolder: node.folder,
        temp: context.temp,
        source: {
            cache: toolCacheOf(context),
            client: { http, signal: context.signal },
            environment,
            platform: process.platform,
            node: node.version,
        },
        registry: async () => {
            const url = await outside();
            return { url, token: token?.registry === url ? token.token : undefined };
        },
    });
    http.close();
    context.log.info(reason);
    if (manager.origin !== 'runner')
        context.addPath(manager.folder);
    return manager;
}
async function install(given, wanted, context) {
    const { project, manager, environment, token, outside } = wanted;
    const { lockfile } = project;
    const { log, workspace, signal } = context;
    if (lockfile === undefined)
        return { isExact: false };
    const program = (0,external_node_path_.join)(manager.folder, manager.name);
    const kept = [workspace, context.environment['HOME'] ?? workspace];
    const store = run_once(() => {
        return packageStore({ manager: manager.name, program, cwd: lockfile.folder, env: environment, signal, kept });
    });
    const { platform, arch } = process;
    const restored = given.cache
        ? await restoreFor({ workspace, lockfile, manager, store, platform, arch, environment: context.environment }, cacheProcess(context, RESTORE_LIMIT))
        : { plan: undefined, isExact: false, message: { level: 'info', text: 'cache: off' } };
    say(restored.message, context);
    const tokenFolder = tokenFolderIn(context.temp);
    if (token !== undefined)
        context.saveState(TOKEN_FOLDER, tokenFolder);
    const args = typeof given.install === 'boolean' ? [] : given.install;
    const installed = await installProject({
        manager,
        lockfile,
        args,
        environment,
        token,
        outsideRegistry: outside,
        store,
        tokenFolder,
        host: { platform, arch },
        signal,
        openGroup: log.openGroup,
    });
    const { isExact } = restored;
    if ('error' in installed) {
        context.summarize(failureSummary(installed.error, installed.lines));
        return { isExact, failure: installed.error };
    }
    const count = installed.packages === undefined ? '' : `${installed.packages} packages in `;
    log.info(`install: ${installed.command}, ${count}${seconds(installed.duration)}`);
    if (restored.plan !== undefined && !isExact)
        context.saveState(STORE, JSON.stringify(restored.plan));
    return { isExact };
}
function say({ level, text }, { log }) {
    if (level === 'info')
        log.info(text);
    else
        log.annotate(level, text);
}
function toolCacheOf(context) {
    const root = context.environment['RUNNER_TOOL_CACHE'] ?? '';
    return { root: root === '' ? (0,external_node_path_.join)(context.temp, 'tool-cache') : root, arch: process.arch };
}
function cacheProcess(context, timeout) {
    const { environment, signal } = context;
    return { worker: context.program('setup-cache'), environment, temp: context.temp, signal, timeout };
}
function run_once(ask) {
    let answer;
    return () => {
        answer ??= ask();
        return answer;
    };
}


/***/ })

};

