export const id = 131;
export const ids = [131];
export const modules = {

/***/ 4131:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

// ESM COMPAT FLAG
__webpack_require__.r(__webpack_exports__);

// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  post: () => (/* binding */ post),
  run: () => (/* binding */ run)
});

// EXTERNAL MODULE: external "node:os"
var external_node_os_ = __webpack_require__(8161);
// EXTERNAL MODULE: external "node:path"
var external_node_path_ = __webpack_require__(6760);
// EXTERNAL MODULE: ./src/plan/plan.js + 32 modules
var plan_plan = __webpack_require__(5781);
// EXTERNAL MODULE: ./src/runtime/environment.js
var runtime_environment = __webpack_require__(4690);
// EXTERNAL MODULE: external "node:timers/promises"
var promises_ = __webpack_require__(8500);
// EXTERNAL MODULE: ./src/runtime/errors.js
var errors = __webpack_require__(5732);
// EXTERNAL MODULE: ./src/runtime/yaml.js
var yaml = __webpack_require__(5860);
// EXTERNAL MODULE: external "node:string_decoder"
var external_node_string_decoder_ = __webpack_require__(6193);
// EXTERNAL MODULE: external "node:util"
var external_node_util_ = __webpack_require__(7975);
// EXTERNAL MODULE: ./src/runtime/process.js + 1 modules
var process = __webpack_require__(4400);
;// CONCATENATED MODULE: ./src/gate/compose-docker.js





const ANSWER_WITHIN = 30_000;
const NOTHING_STARTED = 'nothing was started';
const ANYWHERE = '/';
const LONGEST_LINE = 1_000;
const KEPT_LINES = 200;
async function ask(args, call) {
    const answer = await withClient(() => (0,process/* capture */.F)('docker', args, { ...processOf(call), cwd: ANYWHERE }));
    if (answer.endedBy === 'cancellation')
        throw cancelled(NOTHING_STARTED);
    return answer;
}
async function follow(args, call, onLine) {
    const lines = [];
    const keep = (line) => {
        lines.push(line);
        if (lines.length > KEPT_LINES)
            lines.shift();
        onLine(line);
    };
    const readers = { stdout: lineReader(keep), stderr: lineReader(keep) };
    const finished = await withClient(() => (0,process/* execute */.g)('docker', args, {
        ...processOf(call),
        cwd: ANYWHERE,
        onOutput: (chunk, stream) => readers[stream].write(chunk),
    }));
    readers.stdout.end();
    readers.stderr.end();
    return { ...finished, lines };
}
function processOf({ environment, signal, timeout }) {
    const env = (0,runtime_environment/* projectEnvironment */.I)(environment, { DOCKER_CLI_HINTS: 'false', BUILDKIT_PROGRESS: 'plain' });
    return { env, timeout, ...(signal === undefined ? {} : { signal }) };
}
async function withClient(call) {
    try {
        return await call();
    }
    catch (error) {
        if (!(error instanceof errors/* ConfigurationError */.j1) || error.code !== 'PIPE-PROCESS-001')
            throw error;
        throw new errors/* ConfigurationError */.j1({
            code: 'PIPE-COMPOSE-001',
            what: '`compose` needs Docker, and there is no program `docker` on PATH',
            accepted: 'a runner with Docker and its Compose plugin',
            example: 'runs-on: ubuntu-latest',
            remedy: 'choose a runner with Docker, or leave `compose` out and start the services in another way',
            state: NOTHING_STARTED,
        }, { cause: error });
    }
}
async function requireCompose(call) {
    const plugin = await ask(['compose', 'version'], call);
    if (plugin.exitCode !== 0)
        throw noPlugin(await standaloneVersion(call));
    const server = await ask(['version', '--format', '{{.Server.Version}}'], call);
    if (server.exitCode !== 0)
        throw daemonFault(server, NOTHING_STARTED);
}
function noPlugin(standalone) {
    const found = standalone === undefined ? '' : `; only the separate program docker-compose ${(0,errors/* shown */.SP)(standalone)} is there`;
    return new errors/* ConfigurationError */.j1({
        code: 'PIPE-COMPOSE-002',
        what: `\`docker compose\` is not there${found}`,
        accepted: 'Docker Compose 2 as a plugin of the Docker client',
        example: 'apt-get install docker-compose-plugin',
        remedy: 'install the plugin on the runner, or choose a runner that has it (GitHub-hosted Ubuntu ones do)',
        state: NOTHING_STARTED,
    });
}
async function standaloneVersion(call) {
    try {
        const answer = await (0,process/* capture */.F)('docker-compose', ['version', '--short'], { ...processOf(call), cwd: ANYWHERE });
        return answer.exitCode === 0 ? answer.stdout.trim() : undefined;
    }
    catch (error) {
        if (error instanceof errors/* ConfigurationError */.j1 && error.code === 'PIPE-PROCESS-001')
            return undefined;
        throw error;
    }
}
function daemonFault(answer, state) {
    const words = lastLine(readableLines(answer.stderr));
    const reason = answer.endedBy === 'timeout' ? `no answer within ${ANSWER_WITHIN / 1_000} s` : words;
    return new errors/* ConfigurationError */.j1({
        code: 'PIPE-COMPOSE-003',
        what: `the Docker daemon can't be used: ${(0,errors/* shown */.SP)(reason, 300)}`,
        accepted: 'a daemon that runs and that the user of this runner may reach',
        remedy: 'start Docker on the runner, put its user into the group `docker`, or correct DOCKER_HOST',
        state,
    });
}
function cancelled(state) {
    const what = 'the run was cancelled before the compose services were ready';
    return new errors/* ProjectFailure */.cV({ code: 'PIPE-COMPOSE-014', what, remedy: 'run it again', state });
}
function readableLines(text) {
    return text.split(/\r\n|\n|\r/).flatMap((line) => {
        const readable = readableLine(line);
        return readable === '' ? [] : [readable];
    });
}
function readableLine(line) {
    const plain = (0,external_node_util_.stripVTControlCharacters)(line).replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, '');
    return plain.length > LONGEST_LINE ? `${plain.slice(0, LONGEST_LINE)}…` : plain.trimEnd();
}
function lastLine(lines) {
    return lines.findLast((line) => line.trim() !== '')?.trim() ?? '';
}
function lineReader(onLine) {
    const decoder = new external_node_string_decoder_.StringDecoder('utf8');
    let rest = '';
    const write = (text) => {
        const lines = (rest + text).split(/\r\n|\n|\r/);
        rest = (lines.pop() ?? '').slice(0, LONGEST_LINE + 1);
        for (const line of lines.flatMap(readableLines))
            onLine(line);
    };
    return { write: (chunk) => write(decoder.write(chunk)), end: () => write(`${decoder.end()}\n`) };
}

;// CONCATENATED MODULE: ./src/gate/compose-containers.js


const PROJECT_LABEL = 'com.docker.compose.project';
const SERVICE_LABEL = 'com.docker.compose.service';
async function containersOf(project, call) {
    const ids = await idsOf(['ps', '--all', '--no-trunc'], project, call);
    if (ids.length === 0)
        return [];
    const described = JSON.parse((await ask(['inspect', '--type', 'container', ...ids], call)).stdout);
    const containers = Array.isArray(described) ? described.flatMap(containerOf) : [];
    return containers.sort((left, right) => (left.name < right.name ? -1 : 1));
}
async function idsOf(list, project, call) {
    const answer = await ask([...list, '--quiet', '--filter', `label=${PROJECT_LABEL}=${project}`], call);
    if (answer.exitCode !== 0)
        throw daemonFault(answer, 'what was started may still run');
    return answer.stdout.split('\n').filter((line) => line !== '');
}
function containerOf(value) {
    if (!(0,yaml/* isMap */.j)(value) || !(0,yaml/* isMap */.j)(value['State']) || !(0,yaml/* isMap */.j)(value['Config']))
        return [];
    const state = value['State'];
    const labels = (0,yaml/* isMap */.j)(value['Config']['Labels']) ? value['Config']['Labels'] : {};
    const health = (0,yaml/* isMap */.j)(state['Health']) ? state['Health'] : {};
    const probe = Array.isArray(health['Log']) ? health['Log'].at(-1) : undefined;
    const name = textOf(value['Name']).replace(/^\//, '');
    return [
        {
            id: textOf(value['Id']),
            name,
            service: textOf(labels[SERVICE_LABEL]) || name,
            status: textOf(state['Status']),
            exitCode: numberOf(state['ExitCode']),
            isOutOfMemory: state['OOMKilled'] === true,
            startError: textOf(state['Error']),
            restarts: numberOf(value['RestartCount']),
            health: textOf(health['Status']).replace(/^none$/, ''),
            lastProbe: (0,yaml/* isMap */.j)(probe) ? textOf(probe['Output']) : '',
        },
    ];
}
function textOf(value) {
    return typeof value === 'string' ? value : '';
}
function numberOf(value) {
    return typeof value === 'number' ? value : 0;
}
function readinessOf({ status, exitCode, startError, health }) {
    if (status === 'exited' || status === 'dead')
        return exitCode === 0 && startError === '' ? 'done' : 'failed';
    if (status === 'running' && health === 'unhealthy')
        return 'unhealthy';
    if (status === 'running')
        return health === 'starting' ? 'starting' : 'ready';
    return startError === '' ? 'starting' : 'failed';
}
function isWell(container) {
    const readiness = readinessOf(container);
    return readiness === 'ready' || readiness === 'done';
}
function describeContainer(container) {
    const { status, exitCode, startError, health, restarts, isOutOfMemory } = container;
    if (startError !== '')
        return `not started: ${startError}`;
    const memory = isOutOfMemory ? ', out of memory' : '';
    if (status === 'exited' || status === 'dead')
        return `exited with status ${exitCode}${memory}`;
    if (status === 'restarting' || restarts > 0) {
        return `${status}, started ${restarts + 1} times, its last exit status ${exitCode}${memory}`;
    }
    if (status !== 'running')
        return status;
    if (health === 'starting')
        return 'running, not healthy yet';
    return health === '' ? 'running' : health;
}
const LOG_LINES = 50;
const LOG_LENGTH = 16_384;
const TIME = /^\d{4}-\d\d-\d\dT[\d:.]+Z ?/;
async function logOf({ id }, call) {
    const { lines } = await follow(['logs', '--timestamps', '--tail', String(LOG_LINES), id], call, () => undefined);
    const kept = [];
    let length = 0;
    for (const line of lines.toSorted(byTime).toReversed()) {
        const text = line.replace(TIME, '');
        length += text.length + 1;
        if (length > LOG_LENGTH)
            break;
        kept.unshift(text);
    }
    return kept;
}
function byTime(left, right) {
    const [leftTime = '', rightTime = ''] = [left, right].map((line) => TIME.exec(line)?.[0] ?? '');
    if (leftTime === rightTime)
        return 0;
    return leftTime < rightTime ? -1 : 1;
}
async function logsOf(containers, call) {
    return new Map(await Promise.all(containers.map(async (one) => [one.id, await logOf(one, call)])));
}
function logsText(containers, logs) {
    const ordered = [...containers.filter((one) => !isWell(one)), ...containers.filter(isWell)];
    const parts = ordered.map((container) => {
        const lines = logs.get(container.id) ?? [];
        const log = lines.length === 0 ? ['  (it printed nothing)'] : lines.map((line) => `  ${line}`);
        return [`${container.service} (${describeContainer(container)}):`, ...log].join('\n');
    });
    return parts.join('\n');
}

;// CONCATENATED MODULE: ./src/gate/compose-down.js




const DOWN_WITHIN = 60_000;
const GOODBYE = '2';
const ROUNDS = 8;
const PAUSE = 500;
const QUIET_ROUNDS = 3;
async function takeDown(project, options) {
    const call = { environment: options.environment, timeout: ANSWER_WITHIN };
    const started = performance.now();
    try {
        let remains = await remainsOf(project, call);
        if (isEmpty(remains) && options.interrupted !== true)
            return;
        const words = [await down(project, options, call)];
        let quietRounds = 0;
        const quietEnough = options.interrupted === true ? QUIET_ROUNDS : 1;
        for (let round = 0; round < ROUNDS; round += 1) {
            remains = await remainsOf(project, call);
            quietRounds = isEmpty(remains) ? quietRounds + 1 : 0;
            if (quietRounds >= quietEnough)
                return;
            if (!isEmpty(remains))
                words.push(await removePieces(remains, call));
            await (0,promises_.setTimeout)(PAUSE);
        }
        if (isEmpty(remains))
            return;
        throw notRemoved(project, remains, lastLine(words), performance.now() - started);
    }
    catch (error) {
        if (error instanceof errors/* PipelineError */.zC && error.code === 'PIPE-COMPOSE-001')
            return;
        throw error;
    }
}
async function down(project, options, call) {
    const file = options.file === undefined ? [] : ['--file', options.file];
    const args = ['compose', '--project-name', project, ...file, 'down', '--volumes', '--remove-orphans'];
    const { exitCode, lines } = await follow([...args, '--timeout', GOODBYE], { ...call, timeout: DOWN_WITHIN }, () => undefined);
    if (exitCode === 0)
        return '';
    const words = lastLine(lines);
    options.say?.(`docker compose down did not end well (${words}); removing what is left piece by piece`);
    return words;
}
async function remainsOf(project, call) {
    const [containers, networks, volumes] = await Promise.all([
        idsOf(['ps', '--all'], project, call),
        idsOf(['network', 'ls'], project, call),
        idsOf(['volume', 'ls'], project, call),
    ]);
    return { containers, networks, volumes };
}
function isEmpty({ containers, networks, volumes }) {
    return containers.length + networks.length + volumes.length === 0;
}
async function removePieces({ containers, networks, volumes }, call) {
    const refusals = [];
    for (const [command, pieces] of [
        [['rm', '--force', '--volumes'], containers],
        [['network', 'rm'], networks],
        [['volume', 'rm', '--force'], volumes],
    ]) {
        if (pieces.length === 0)
            continue;
        const { exitCode, stderr } = await ask([...command, ...pieces], call);
        if (exitCode !== 0)
            refusals.push(...readableLines(stderr).slice(0, 1));
    }
    return lastLine(refusals);
}
function notRemoved(project, remains, words, elapsed) {
    const left = Object.entries(remains).flatMap(([kind, pieces]) => pieces.length === 0 ? [] : [`${kind} ${pieces.slice(0, 5).join(', ')}${pieces.length > 5 ? '…' : ''}`]);
    return new errors/* OutsideFault */.sD({
        code: 'PIPE-COMPOSE-015',
        what: `not everything of the compose project ${project} could be removed: ${(0,errors/* shown */.SP)(words, 300)}`,
        remedy: `end what still uses it, then remove it: docker ps --all --filter label=${PROJECT_LABEL}=${project}`,
        state: `still there: ${left.join('; ')}`,
    }, { service: 'Docker', tries: ROUNDS, elapsed });
}

// EXTERNAL MODULE: ./src/gate/command-line.js
var command_line = __webpack_require__(5790);
;// CONCATENATED MODULE: ./src/gate/problems/message.js
const longestMessage = 1_000;
const mostLines = 20;
function addLine(lines, text) {
    if (lines.length >= mostLines || (lines.length === 0 && text.trim() === ''))
        return;
    lines.push(text);
}
function toMessage(lines) {
    const clean = lines.slice(0, mostLines).map((line) => line.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, ''));
    const indents = clean.filter((line) => line.trim() !== '').map((line) => line.length - line.trimStart().length);
    const indent = Math.min(...indents, longestMessage);
    const text = clean
        .map((line) => line.slice(indent).trimEnd())
        .join('\n')
        .trim();
    return text.length <= longestMessage ? text : `${text.slice(0, longestMessage - 1)}…`;
}
function testMessage(name, error) {
    return toMessage([name, toMessage(error)].filter((part) => part !== '').flatMap((part) => part.split('\n')));
}

;// CONCATENATED MODULE: ./src/gate/problems/position.js
const digits = '0123456789';
const longestNumber = 7;
function positiveInteger(text) {
    if (text === undefined || !/^\d{1,7}$/.test(text))
        return undefined;
    const value = Number(text);
    return value > 0 ? value : undefined;
}
function trailingPosition(text) {
    const last = trailingNumber(text);
    if (last === undefined)
        return undefined;
    const before = trailingNumber(last.rest);
    const place = before === undefined
        ? { path: last.rest, line: last.value, column: undefined }
        : { path: before.rest, line: before.value, column: last.value };
    return place.path === '' ? undefined : place;
}
function trailingNumber(text) {
    let start = text.length;
    while (start > 0 && text.length - start <= longestNumber && digits.includes(text.charAt(start - 1)))
        start -= 1;
    if (start === text.length || start < 2 || text.charAt(start - 1) !== ':')
        return undefined;
    const number = text.slice(start);
    return number.length > longestNumber ? undefined : { rest: text.slice(0, start - 1), value: positiveInteger(number) };
}
const leading = /:(\d{1,7})(?::(\d{1,7}))?(?::(\d{1,7}):(\d{1,7}))?:(?: |$)/;
function leadingPosition(text) {
    const found = leading.exec(text);
    if (found === null || found.index === 0)
        return undefined;
    const [whole, line, column, endLine, endColumn] = found;
    return {
        place: {
            path: text.slice(0, found.index),
            line: positiveInteger(line),
            column: positiveInteger(column),
            endLine: positiveInteger(endLine),
            endColumn: positiveInteger(endColumn),
        },
        rest: text.slice(found.index + whole.length),
    };
}

;// CONCATENATED MODULE: ./src/gate/problems/biome.js


const marks = new Map([
    ['×', 'error'],
    ['✖', 'error'],
    ['!', 'warning'],
    ['⚠', 'warning'],
]);
const rulePattern = /^(?:parse|format|(?:lint|assist|syntax|suppressions|plugin|configuration)(?:\/[\w/-]+)?)$/;
const tags = new Set(['FIXABLE', 'INTERNAL', 'FATAL', 'DEPRECATED', 'VERBOSE']);
const biome = {
    name: 'biome',
    begin(report) {
        let open;
        function flush() {
            const finding = open === undefined ? undefined : toFinding(open);
            if (finding !== undefined)
                report(finding);
            open = undefined;
        }
        function readMessage(text, diagnostic) {
            const trimmed = text.trim();
            if (diagnostic.message.length === 0) {
                if (trimmed === '')
                    return;
                diagnostic.severity = marks.get(trimmed.charAt(0));
                addLine(diagnostic.message, trimmed.slice(2));
            }
            else if (trimmed === '')
                flush();
            else
                addLine(diagnostic.message, trimmed);
        }
        return {
            line(text) {
                const header = text.endsWith('━━━━━') ? readHeader(text) : undefined;
                if (header !== undefined) {
                    flush();
                    open = header;
                }
                else if (open !== undefined)
                    readMessage(text, open);
                else {
                    const finding = marks.has(text.charAt(0)) ? readConcise(text) : undefined;
                    if (finding !== undefined)
                        report(finding);
                }
            },
            end: flush,
        };
    },
};
function readHeader(text) {
    let end = text.length;
    while (end > 0 && text.charAt(end - 1) === '━')
        end -= 1;
    const words = text.slice(0, end).trimEnd().split(' ');
    while (tags.has(words.at(-1) ?? '') || words.at(-1) === '')
        words.pop();
    const rule = words.pop() ?? '';
    const place = words.join(' ');
    if (place === '' || !rulePattern.test(rule))
        return undefined;
    return { place: trailingPosition(place) ?? { path: place }, rule, message: [] };
}
function readConcise(text) {
    const body = text.slice(2);
    const colon = body.indexOf(': ');
    const { place, rest } = leadingPosition(body) ?? {
        place: { path: body.slice(0, Math.max(colon, 0)) },
        rest: body.slice(colon + 2),
    };
    const [rule = ''] = rest.split(': ', 1);
    if (place.path === '' || !rulePattern.test(rule))
        return undefined;
    return toFinding({ place, rule, severity: marks.get(text.charAt(0)), message: [rest.slice(rule.length + 2)] });
}
function toFinding({ place, rule, severity, message }) {
    const text = toMessage(message);
    if (severity === undefined || text.startsWith('Code formatting aborted due to parsing errors'))
        return undefined;
    return biomeFinding(rule, severity, place, text);
}
function biomeFinding(rule, severity, place, message) {
    if (rule !== 'format')
        return { tool: 'biome', kind: kindOf(rule), severity, places: [place], rule, message };
    const text = 'Not formatted as biome would. Run biome with --write on it.';
    return { tool: 'biome', kind: 'format', severity, places: [{ path: place.path }], rule, message: text };
}
function kindOf(rule) {
    return rule === 'parse' || rule.startsWith('syntax') ? 'compile' : 'lint';
}
function isBiomeRule(text) {
    return rulePattern.test(text);
}

;// CONCATENATED MODULE: ./src/gate/problems/ruff.js


const ruff = {
    name: 'ruff',
    begin(report) {
        let header;
        return {
            line(text) {
                const arrow = header !== undefined && text.trimStart().startsWith('--> ') ? text.trimStart().slice(4) : undefined;
                const place = arrow === undefined ? undefined : trailingPosition(arrow);
                if (place !== undefined && header !== undefined)
                    report(ruff_toFinding(place, header));
                header = ruff_readHeader(text);
                const finding = header === undefined ? (ruff_readConcise(text) ?? readFormat(text)) : undefined;
                if (finding !== undefined)
                    report(finding);
            },
            end() { },
        };
    },
};
function ruff_readHeader(text) {
    const code = /^([A-Z]{1,6}\d{1,4}) (?:\[\*\] )?(\S.*)$/s.exec(text) ??
        /^(invalid-syntax|unformatted|io-error): (\S.*)$/s.exec(text);
    return code === null ? undefined : { rule: code[1] ?? '', message: code[2] ?? '' };
}
function ruff_readConcise(text) {
    const found = text.includes(': ') ? leadingPosition(text) : undefined;
    if (found?.place.column === undefined || found.place.path.startsWith(' '))
        return undefined;
    const header = ruff_readHeader(found.rest);
    return header === undefined ? undefined : ruff_toFinding(found.place, header);
}
function readFormat(text) {
    if (text.startsWith('Would reformat: ')) {
        return ruff_toFinding({ path: text.slice('Would reformat: '.length) }, { rule: 'unformatted', message: 'File would be reformatted' });
    }
    const start = 'error: Failed to parse ';
    const found = text.startsWith(start) ? leadingPosition(text.slice(start.length)) : undefined;
    return found === undefined ? undefined : ruff_toFinding(found.place, { rule: 'invalid-syntax', message: found.rest });
}
function ruff_toFinding(place, { rule, message }) {
    return { tool: 'ruff', kind: ruff_kindOf(rule), severity: 'error', places: [place], rule, message: toMessage([message]) };
}
function ruff_kindOf(rule) {
    if (rule === 'invalid-syntax' || rule === 'E999')
        return 'compile';
    return rule === 'unformatted' ? 'format' : 'lint';
}

;// CONCATENATED MODULE: ./src/gate/problems/stack.js

const mostPlaces = 40;
const frameMarks = ['at ', '❯ '];
function isFrame(text) {
    const trimmed = text.trimStart();
    return frameMarks.some((mark) => trimmed.startsWith(mark)) && /:\d+\)?(?: \{)?\s*$/.test(trimmed.slice(-20));
}
function framePlaces(text) {
    let frame = text.trim();
    if (frame.endsWith(' {'))
        frame = frame.slice(0, -2);
    for (const mark of [...frameMarks, 'async '])
        if (frame.startsWith(mark))
            frame = frame.slice(mark.length);
    if (frame.endsWith(')') && frame.includes(' ('))
        frame = frame.slice(frame.indexOf(' (') + 2, -1);
    return suffixes(frame).flatMap((candidate) => {
        const place = trailingPosition(candidate);
        return place === undefined || isForeign(place.path) ? [] : [place];
    });
}
function suffixes(text) {
    const found = [text];
    for (let from = text.indexOf(' '); from !== -1 && found.length < 5; from = text.indexOf(' ', from + 1)) {
        found.push(text.slice(from + 1));
    }
    return found;
}
function isForeign(path) {
    return (path.startsWith('node:') ||
        path.startsWith('<') ||
        /(?:^|[\\/])(?:node_modules|(?:site|dist)-packages)[\\/]/.test(path));
}
function addPlaces(places, more) {
    for (const place of more)
        if (places.length < mostPlaces)
            places.push(place);
}
function addFrame(places, text) {
    if (places.length < mostPlaces)
        addPlaces(places, framePlaces(text));
}

;// CONCATENATED MODULE: ./src/gate/problems/github-command.js





const unknownTool = 'github-command';
const commands = ['::error ', '::error::', '::warning ', '::warning::', '::notice ', '::notice::', '::debug::'];
function isAnnotationCommand(text) {
    const start = text.trimStart();
    return start.startsWith('::') && commands.some((command) => start.startsWith(command));
}
const githubCommand = {
    name: unknownTool,
    begin(report) {
        return {
            line(text) {
                const finding = isAnnotationCommand(text) ? readCommand(text.trimStart()) : undefined;
                if (finding !== undefined)
                    report(finding);
            },
            end() { },
        };
    },
};
function readCommand(text) {
    const level = /^::(error|warning) /.exec(text);
    const end = text.indexOf('::', 2);
    if (level === null || end === -1)
        return undefined;
    const properties = readProperties(text.slice(level[0].length, end));
    const path = properties.get('file') ?? '';
    if (path === '')
        return undefined;
    const place = {
        path,
        line: positiveInteger(properties.get('line')),
        column: positiveInteger(properties.get('col') ?? properties.get('column')),
        endLine: positiveInteger(properties.get('endLine')),
        endColumn: positiveInteger(properties.get('endColumn')),
    };
    return byTitle(properties.get('title') ?? '', level[1] === 'error' ? 'error' : 'warning', place, decoded(text.slice(end + 2)));
}
function readProperties(text) {
    const properties = new Map();
    let key = '';
    for (const part of text.split(',')) {
        const found = /^\s{0,20}(\w{1,40})=(.*)$/s.exec(part);
        if (found?.[1] !== undefined) {
            key = found[1];
            properties.set(key, decoded(found[2] ?? ''));
        }
        else if (key !== '')
            properties.set(key, `${properties.get(key)},${decoded(part)}`);
    }
    return properties;
}
function decoded(text) {
    const escapes = { '%0D': '\r', '%0A': '\n', '%3A': ':', '%2C': ',', '%25': '%' };
    return text.replace(/%(?:0D|0A|3A|2C|25)/gi, (code) => escapes[code.toUpperCase()] ?? code);
}
function byTitle(title, severity, place, message) {
    const ruffRule = /^ruff \(([\w-]{1,40})\)$/i.exec(title)?.[1];
    if (ruffRule !== undefined) {
        const text = withoutRule((leadingPosition(message)?.rest ?? message).split('\n', 1)[0] ?? '', ruffRule);
        return {
            tool: 'ruff',
            kind: ruff_kindOf(ruffRule),
            severity,
            places: [place],
            rule: ruffRule,
            message: toMessage([text]),
        };
    }
    if (isBiomeRule(title))
        return biomeFinding(title, severity, place, toMessage([message]));
    return testOrOther(title, severity, place, message.split('\n'));
}
function withoutRule(text, rule) {
    return text.startsWith(rule) ? text.slice(rule.length).replace(/^:? (?:\[\*\] )?/, '') : text;
}
function testOrOther(title, severity, place, lines) {
    const frame = lines.findIndex(isFrame);
    const error = frame === -1 ? lines : lines.slice(0, frame);
    const vitestTest = vitestName(title, place.path);
    if (lines[frame]?.trimStart().startsWith('❯ ') === true || (frame === -1 && vitestTest !== undefined)) {
        const message = testMessage(vitestTest ?? title, error);
        return { tool: 'vitest', kind: 'test', severity, places: [place], message };
    }
    const isTest = frame !== -1 || title.includes(' › ');
    const tool = isTest && title.includes(' › ') ? 'jest' : unknownTool;
    return { tool, kind: isTest ? 'test' : 'lint', severity, places: [place], message: testMessage(title, error) };
}
function vitestName(title, path) {
    const test = title.replace(/^\[[^\]]{1,200}\] /, '');
    if (test !== '' && path.endsWith(test))
        return '';
    const arrow = test.indexOf(' > ');
    return arrow > 0 && /\.[cm]?[jt]sx?$/.test(test.slice(0, arrow)) ? test.slice(arrow + 3) : undefined;
}

;// CONCATENATED MODULE: ./src/gate/problems/distinct.js

const mostCompared = 60;
function distinct(problems) {
    const byPlace = new Map();
    const exact = new Map();
    const kept = [];
    function remember(place, problem) {
        const others = byPlace.get(place);
        if (others === undefined)
            byPlace.set(place, [problem]);
        else if (others.length < mostCompared)
            others.push(problem);
    }
    for (const problem of problems) {
        const key = JSON.stringify([problem.file, problem.line, problem.rule, problem.message]);
        const same = exact.get(key) ?? candidates(problem, byPlace).find((other) => isSame(other, problem));
        if (same !== undefined) {
            complete(same, problem);
            continue;
        }
        const own = { ...problem };
        exact.set(key, own);
        remember(placeOf(own), own);
        remember(own.file, own);
        kept.push(own);
    }
    return kept;
}
function placeOf(problem) {
    return `${problem.file}\n${problem.line ?? 0}`;
}
function candidates(problem, byPlace) {
    if (problem.line === undefined)
        return byPlace.get(problem.file) ?? [];
    return [...(byPlace.get(placeOf(problem)) ?? []), ...(byPlace.get(`${problem.file}\n0`) ?? [])];
}
function isSame(one, other) {
    const sameLine = one.line === other.line;
    if (!sameLine && one.line !== undefined && other.line !== undefined)
        return false;
    if (!isSameTool(one, other) || differ(one.rule, other.rule) || (sameLine && differ(one.column, other.column)))
        return false;
    if (sameLine && one.kind === 'test' && other.kind === 'test' && firstLine(one) !== firstLine(other))
        return false;
    return normal(one.message).includes(gist(other)) || normal(other.message).includes(gist(one));
}
function differ(one, other) {
    return one !== undefined && other !== undefined && one !== other;
}
function isSameTool(one, other) {
    if (one.tool === other.tool || one.tool === unknownTool || other.tool === unknownTool)
        return true;
    return one.kind === 'compile' && other.kind === 'compile';
}
function gist(problem) {
    const lines = problem.message.split('\n');
    return normal((problem.kind === 'test' ? lines[1] : undefined) ?? lines[0] ?? '');
}
function firstLine(problem) {
    return normal(problem.message.split('\n', 1)[0] ?? '');
}
function normal(text) {
    return text.replace(/\s+/g, ' ').trim();
}
function complete(kept, other) {
    if (kept.tool === unknownTool && other.tool !== unknownTool) {
        kept.tool = other.tool;
        kept.kind = other.kind;
        kept.message = other.message;
    }
    if (other.severity === 'error')
        kept.severity = 'error';
    if (kept.line === undefined && other.line !== undefined)
        kept.line = other.line;
    if (kept.line !== other.line)
        return;
    if (kept.column === undefined && other.column !== undefined)
        kept.column = other.column;
    if (kept.rule === undefined && other.rule !== undefined)
        kept.rule = other.rule;
    if (kept.endLine !== undefined || other.endLine === undefined)
        return;
    kept.endLine = other.endLine;
    if (other.endColumn !== undefined)
        kept.endColumn = other.endColumn;
}

;// CONCATENATED MODULE: ./src/gate/problems/importance.js

const ranks = { compile: 0, test: 1, lint: 2, format: 3 };
function mostImportant(problems, limit) {
    return distinct(problems).sort(compare).slice(0, Math.max(0, limit));
}
function compare(one, other) {
    return (levelOf(one) - levelOf(other) ||
        ranks[one.kind] - ranks[other.kind] ||
        compareText(one.file, other.file) ||
        (one.line ?? 0) - (other.line ?? 0) ||
        (one.column ?? 0) - (other.column ?? 0));
}
function levelOf(problem) {
    return problem.severity === 'error' ? 0 : 1;
}
function compareText(one, other) {
    if (one === other)
        return 0;
    return one < other ? -1 : 1;
}

;// CONCATENATED MODULE: ./src/gate/failure.js



const ERRORS = 9;
const WARNINGS = 10;
const NAMED = 5;
function annotateProblems(results, log) {
    const problems = results.flatMap((result) => result.problems.map((problem) => ({ ...problem, red: result.result !== 'passed' })));
    const errors = problems.filter(({ red, severity }) => red && severity === 'error');
    const warnings = problems.filter(({ red, severity }) => !red || severity === 'warning');
    for (const problem of mostImportant(errors, ERRORS))
        annotate(log, 'error', problem);
    for (const problem of mostImportant(warnings, WARNINGS))
        annotate(log, 'warning', problem);
}
function annotate(log, level, problem) {
    const { file, line, column, endLine, endColumn, tool, rule, message } = problem;
    const place = { file, line, column, endLine, endColumn, title: rule === undefined ? tool : `${tool} ${rule}` };
    const given = Object.fromEntries(Object.entries(place).filter(([, value]) => value !== undefined));
    log.annotate(level, message, given);
}
function gateFailure(results) {
    const red = results.filter(({ result }) => result === 'failed' || result === 'timed-out');
    const notRun = results.filter(({ result }) => result === 'skipped' || result === 'cancelled');
    const [first] = red;
    if (first === undefined) {
        if (notRun.length === 0)
            return undefined;
        return new errors/* ProjectFailure */.cV({
            code: 'PIPE-GATE-012',
            what: `cancelled: ${notRun.map(({ task }) => task.id).join(', ')} did not end`,
            remedy: 'run it again',
            state: 'what was running was ended with everything it had started',
        });
    }
    const more = red.length > NAMED ? `, and ${red.length - NAMED} more` : '';
    const rest = notRun.length === 0 ? '' : ` (${notRun.length} not run)`;
    const onlySlow = red.every(({ result }) => result === 'timed-out');
    return new errors/* ProjectFailure */.cV({
        code: onlySlow ? 'PIPE-GATE-011' : 'PIPE-GATE-010',
        what: `${red.length} of ${results.length} tasks failed: ${red.slice(0, NAMED).map(cause).join('; ')}${more}${rest}`,
        remedy: `run \`${(0,command_line/* displayCommand */.k)(first.task.command)}\`${first.task.directory === '.' ? '' : ` in ${first.task.directory}`}: it is the same command`,
    });
}
function cause({ task, result, problems, reason }) {
    const [first] = problems;
    if (first === undefined || result === 'timed-out')
        return `${task.id} (${reason ?? result})`;
    const place = first.line === undefined ? first.file : `${first.file}:${first.line}`;
    return `${task.id} (${place} ${first.message.split('\n', 1)[0]?.slice(0, 120) ?? ''})`;
}

// EXTERNAL MODULE: external "node:fs/promises"
var external_node_fs_promises_ = __webpack_require__(1455);
// EXTERNAL MODULE: ./src/runtime/kinds.js
var kinds = __webpack_require__(9832);
// EXTERNAL MODULE: external "node:crypto"
var external_node_crypto_ = __webpack_require__(7598);
// EXTERNAL MODULE: ./src/runtime/files.js
var files = __webpack_require__(6276);
;// CONCATENATED MODULE: ./src/gate/compose-file.js





async function readComposeFile(file, options) {
    const name = (0,external_node_path_.relative)(options.workspace, file);
    if ((await (0,files/* insideWorkspace */.CT)(options.workspace, file)) === undefined)
        throw notThere(name, 'leads out of the workspace');
    if ((await (0,files/* readTextFile */.Gu)(file)) === undefined)
        throw notThere(name, 'does not exist');
    const args = ['compose', '--project-name', options.project, '--file', file, 'config', '--format', 'json'];
    const answer = await ask(args, options.call);
    if (answer.exitCode !== 0)
        throw invalid(name, wordsAbout(file, readableLines(answer.stderr)));
    const services = servicesOf(JSON.parse(answer.stdout));
    if (services.length === 0)
        throw invalid(name, 'it has no service that starts (a service with a profile does not)');
    return { file, name, services };
}
function notThere(name, what) {
    return new errors/* ConfigurationError */.j1({
        code: 'PIPE-COMPOSE-004',
        what: `the compose file ${(0,errors/* shown */.SP)(name, 200)} ${what}`,
        accepted: 'the path of a compose file in the repository',
        example: 'compose: compose.test.yaml',
        state: NOTHING_STARTED,
    });
}
function invalid(name, words) {
    return new errors/* ConfigurationError */.j1({
        code: 'PIPE-COMPOSE-005',
        what: `Docker Compose does not accept ${(0,errors/* shown */.SP)(name, 200)}: ${(0,errors/* shown */.SP)(words, 400)}`,
        accepted: 'a file of the Compose Specification with at least one service',
        remedy: `correct it until \`docker compose --file ${name} config\` accepts it`,
        state: NOTHING_STARTED,
    });
}
function wordsAbout(file, lines) {
    const words = lines.find((line) => !/^time="[^"]*" level=/.test(line)) ?? 'it gives no reason';
    return words.trim().replaceAll(`${(0,external_node_path_.dirname)(file)}/`, '');
}
function servicesOf(config) {
    const services = (0,yaml/* isMap */.j)(config) && (0,yaml/* isMap */.j)(config['services']) ? Object.entries(config['services']) : [];
    return services.map(([name, service]) => {
        const { image, build } = (0,yaml/* isMap */.j)(service) ? service : {};
        return { name, image: typeof image === 'string' && !(0,yaml/* isMap */.j)(build) ? image : undefined };
    });
}

;// CONCATENATED MODULE: ./src/gate/compose-failures.js





const PORT_TAKEN = /port is already allocated|address already in use/i;
const NAME_TAKEN = /container name "?\/?([^"\s]+)"? is already in use/i;
const BAD_REFERENCE = /invalid reference format/i;
const BUILD = /failed to solve|returned a non-zero code|failed to build|failed to read dockerfile|unable to prepare context|dockerfile/i;
const PULL = new RegExp([
    'pull access denied|manifest unknown|manifest for \\S+ not found|no matching manifest|no such image',
    'failed to resolve|failed to pull|failed to copy|unable to get image|denied:|unauthorized|toomanyrequests|rate limit',
    'https?://\\S*/v2/|no such host|connection refused|i/o timeout|TLS handshake|context deadline exceeded',
].join('|'), 'i');
const STATUSES = [
    [/toomanyrequests|rate limit|\b429\b/i, 429],
    [/unauthorized/i, 401],
    [/denied/i, 403],
    [/manifest unknown|not found|no such image/i, 404],
];
function startFailure(start, state) {
    const unable = start.containers.find(({ startError }) => startError !== '');
    if (unable !== undefined)
        return notStarted(unable, start, state);
    const unhealthy = start.containers.find((container) => readinessOf(container) === 'unhealthy');
    if (unhealthy !== undefined)
        return notHealthy(unhealthy, start, state);
    const failed = start.containers.find((container) => readinessOf(container) === 'failed');
    if (failed !== undefined)
        return hasExited(failed, start, state);
    if (start.endedBy === 'timeout')
        return tooSlow(start, state);
    return inComposeWords(start, state);
}
function notStarted(container, start, state) {
    const { service, startError } = container;
    if (PORT_TAKEN.test(startError))
        return portTaken(service, startError, start, state);
    return new errors/* ProjectFailure */.cV({
        code: 'PIPE-COMPOSE-007',
        what: `the compose service ${(0,errors/* shown */.SP)(service)} could not be started: ${(0,errors/* shown */.SP)(startError, 300)}`,
        remedy: `correct its command, mounts or devices in ${start.file.name}`,
        state,
    });
}
function notHealthy(container, start, state) {
    const probe = container.lastProbe.trim();
    return new errors/* ProjectFailure */.cV({
        code: 'PIPE-COMPOSE-006',
        what: `the compose service ${(0,errors/* shown */.SP)(container.service)} is unhealthy: its healthcheck failed as often as it may` +
            (probe === '' ? '' : ` and said ${(0,errors/* shown */.SP)(lastLine(probe.split('\n')), 200)}`),
        ...lastWords(container, start),
        remedy: 'read its log above; where it only needs longer, give its healthcheck a `start_period` or more `retries`',
        state,
    });
}
function hasExited(container, start, state) {
    return new errors/* ProjectFailure */.cV({
        code: 'PIPE-COMPOSE-007',
        what: `the compose service ${(0,errors/* shown */.SP)(container.service)} ${describeContainer(container)} before the tests`,
        ...lastWords(container, start),
        remedy: `read its log above; \`docker compose --file ${start.file.name} up ${container.service}\` shows the same`,
        state,
    });
}
function lastWords({ id }, { logs }) {
    const lines = (logs.get(id) ?? []).filter((line) => line.trim() !== '').slice(-3);
    if (lines.length === 0)
        return { given: 'an empty log' };
    return { given: `its log ends with ${lines.map((line) => (0,errors/* shown */.SP)(line.trim(), 160)).join(', ')}` };
}
function tooSlow({ file, containers, timeout, lines }, state) {
    const waited = containers.filter((container) => !isWell(container));
    const each = waited.slice(0, 5).map((container) => {
        const probe = lastLine(container.lastProbe.split('\n'));
        return `${container.service} (${describeContainer(container)}${probe === '' ? '' : `: ${(0,errors/* shown */.SP)(probe, 120)}`})`;
    });
    const before = `images were still being pulled or built; compose said last ${(0,errors/* shown */.SP)(lastLine(lines), 200)}`;
    return new errors/* ProjectFailure */.cV({
        code: 'PIPE-COMPOSE-011',
        what: `the services of ${(0,errors/* shown */.SP)(file.name, 200)} were not ready within ${(0,kinds/* durationText */.S5)(timeout)}`,
        given: each.length === 0 ? before : `still waiting for ${each.join(', ')}`,
        accepted: `services that are healthy, or that have ended with status 0, within ${(0,kinds/* durationText */.S5)(timeout)}`,
        remedy: 'read the log above; a smaller image or a quicker healthcheck (`interval: 1s`) helps when it is only slow',
        state,
    });
}
function inComposeWords(start, state) {
    const words = lastLine(start.lines);
    const all = start.lines.join('\n');
    if (PORT_TAKEN.test(words))
        return portTaken(undefined, words, start, state);
    const name = NAME_TAKEN.exec(words)?.[1];
    if (name !== undefined)
        return nameTaken(name, start, state);
    if (BAD_REFERENCE.test(words))
        return invalid(start.file.name, words);
    if (start.containers.length === 0 && PULL.test(words))
        return notPulled(words, start, state);
    if (BUILD.test(words))
        return notBuilt(words, start, state);
    return new errors/* ProjectFailure */.cV({
        code: 'PIPE-COMPOSE-013',
        what: `Docker Compose could not start the services of ${(0,errors/* shown */.SP)(start.file.name, 200)}: ${(0,errors/* shown */.SP)(words === '' ? wordsAbout(start.file.file, all.split('\n')) : words, 400)}`,
        remedy: `\`docker compose --file ${start.file.name} up\` shows the same`,
        state,
    });
}
function portTaken(service, words, { file }, state) {
    const port = /(?:^|[\s\]])(?:[\d.]+|\[?[0-9a-f:]*\]?):(\d{1,5})\b/i.exec(words)?.[1];
    return new errors/* ConfigurationError */.j1({
        code: 'PIPE-COMPOSE-008',
        what: `${port === undefined ? 'a port' : `port ${port}`} that ` +
            `${service === undefined ? 'a compose service' : `the compose service ${(0,errors/* shown */.SP)(service)}`} publishes is already in use`,
        given: (0,errors/* shown */.SP)(words, 300),
        accepted: 'ports that nothing else on the runner listens on',
        example: 'ports: ["5432"] and a test that asks for the port, or another number before the colon',
        remedy: `publish another port in ${file.name}, or end what listens there (another compose file of the same job, a service of the runner)`,
        state,
    });
}
function nameTaken(name, { file }, state) {
    return new errors/* ConfigurationError */.j1({
        code: 'PIPE-COMPOSE-012',
        what: `there is a container named ${(0,errors/* shown */.SP)(name)} already`,
        accepted: 'services without `container_name`: two projects on one machine then never collide',
        remedy: `remove \`container_name\` from ${file.name}, or the other container from the machine`,
        state,
    });
}
function notPulled(words, start, state) {
    const named = start.missingImages.filter((image) => words.includes(image));
    const images = named.length > 0 ? named : start.missingImages;
    const status = STATUSES.find(([pattern]) => pattern.test(words))?.[1];
    const [image] = images;
    return new errors/* OutsideFault */.sD({
        code: 'PIPE-COMPOSE-009',
        what: `${images.length === 0 ? 'an image' : images.map((one) => (0,errors/* shown */.SP)(one, 200)).join(', ')} could not be pulled`,
        given: (0,errors/* shown */.SP)(words, 400),
        accepted: 'images that exist for this machine and that it may read',
        remedy: status === undefined
            ? 'run it again; if it stays so, the registry can not be reached from this runner'
            : `check the name and tag in ${start.file.name}; an image that is not public needs a \`docker login\` in a step before`,
        state,
    }, {
        service: image === undefined ? 'the image registry' : `the registry ${registryOf(image)}`,
        ...(status === undefined ? {} : { status }),
        tries: 1,
        elapsed: start.elapsed,
    });
}
function registryOf(image) {
    const [first = '', ...rest] = image.split('/');
    const isHost = rest.length > 0 && (/[.:]/.test(first) || first === 'localhost');
    return isHost ? first : 'docker.io';
}
function notBuilt(words, start, state) {
    return new errors/* ProjectFailure */.cV({
        code: 'PIPE-COMPOSE-010',
        what: `an image of ${(0,errors/* shown */.SP)(start.file.name, 200)} could not be built: ${(0,errors/* shown */.SP)(words, 400)}`,
        remedy: `read the build's lines above; \`docker compose --file ${start.file.name} build\` shows the same`,
        state,
    });
}

;// CONCATENATED MODULE: ./src/gate/compose.js









function projectName(hint) {
    const safe = hint
        .toLowerCase()
        .replace(/[^a-z0-9]+/g, '-')
        .replace(/^-+/, '')
        .slice(0, 40);
    return `${safe === '' ? 'services' : safe.replace(/-+$/, '')}-${(0,external_node_crypto_.randomUUID)().slice(0, 8)}`;
}
async function startServices(options) {
    const { project, environment, signal, say } = options;
    if (!/^[a-z0-9][a-z0-9_-]{0,62}$/.test(project))
        throw new TypeError(`not a compose project name: ${project}`);
    const call = { environment, timeout: ANSWER_WITHIN };
    const started = performance.now();
    await requireCompose({ ...call, signal });
    const file = await readComposeFile(options.file, { ...options, call: { ...call, signal } });
    const names = file.services.map(({ name }) => name).join(', ');
    say(`Starting the services of ${file.name} as ${project}: ${names} (${(0,kinds/* durationText */.S5)(options.timeout)} at most)`);
    let failure;
    let isInterrupted = true;
    try {
        const start = await bringUp(file, options, started);
        if (start.isReady) {
            say(`Ready after ${(0,kinds/* durationText */.S5)(performance.now() - started)}: ${readyLine(start.containers)}`);
            return { project, ...handlesOf(file, options) };
        }
        isInterrupted = start.up.endedBy !== 'itself';
        failure = await explain(start, file, options, started);
    }
    catch (error) {
        failure = () => error;
    }
    throw failure(await stateAfterTakeDown(file, options, isInterrupted));
}
async function bringUp(file, options, started) {
    const { project, environment, signal, say, timeout } = options;
    const common = ['compose', '--ansi', 'never', '--project-name', project, '--file', file.file];
    const args = [...common, 'up', '--detach', '--wait', '--quiet-pull'];
    let rest = [];
    let done = 0;
    for (;;) {
        const left = Math.max(1, timeout - (performance.now() - started));
        const up = await follow([...args, ...rest], { environment, signal, timeout: left }, (line) => say(`  ${line.trim()}`));
        if (up.endedBy === 'cancellation')
            return { isReady: false, up, containers: [] };
        const containers = await containersOf(project, { environment, timeout: ANSWER_WITHIN });
        const waiting = containers.filter((container) => !isWell(container));
        if (up.exitCode === 0 && waiting.length === 0)
            return { isReady: true, up, containers };
        const ended = containers.filter((one) => readinessOf(one) === 'done').length;
        const canBecomeReady = waiting.every((container) => readinessOf(container) === 'starting');
        const isProgress = up.exitCode === 0 || ended > done;
        if (up.endedBy !== 'itself' || !canBecomeReady || !isProgress)
            return { isReady: false, up, containers };
        done = ended;
        const unfinished = file.services.filter(({ name }) => !isDone(name, containers));
        if (unfinished.length === 0)
            return { isReady: true, up, containers };
        rest = ['--no-deps', '--no-recreate', ...unfinished.map(({ name }) => name)];
    }
}
function isDone(service, containers) {
    const own = containers.filter((container) => container.service === service);
    return own.length > 0 && own.every((container) => readinessOf(container) === 'done');
}
function readyLine(containers) {
    const each = containers.map((container) => {
        const isUnsure = container.status === 'running' && container.health === '';
        return `${container.service} (${describeContainer(container)}${isUnsure ? ', has no healthcheck' : ''})`;
    });
    return each.join(', ');
}
async function explain({ up, containers }, file, { environment, timeout, say }, started) {
    if (up.endedBy === 'cancellation')
        return cancelled;
    const call = { environment, timeout: ANSWER_WITHIN };
    const elapsed = performance.now() - started;
    const logs = await logsOf(containers, call);
    if (containers.length > 0) {
        say('What the services logged:');
        for (const line of logsText(containers, logs).split('\n'))
            say(`  ${line}`);
    }
    const missingImages = containers.length === 0 ? await missingOf(file, call) : [];
    const { lines, endedBy } = up;
    return (state) => startFailure({ file, containers, logs, lines, missingImages, endedBy, elapsed, timeout }, state);
}
async function missingOf({ services }, call) {
    const images = [...new Set(services.flatMap(({ image }) => (image === undefined ? [] : [image])))];
    const found = await Promise.all(images.map(async (image) => (await ask(['image', 'inspect', '--format', '{{.Id}}', image], call)).exitCode === 0));
    return images.filter((_, index) => found[index] === false);
}
async function stateAfterTakeDown({ file }, { project, environment, say }, interrupted) {
    try {
        await takeDown(project, { environment, file, interrupted, say });
        return 'everything that was started has been taken down';
    }
    catch (error) {
        if (!(error instanceof errors/* PipelineError */.zC))
            throw error;
        return `not everything that was started could be taken down (${error.message})`;
    }
}
function handlesOf({ file }, { project, environment, say }) {
    const call = { environment, timeout: ANSWER_WITHIN };
    let stopped;
    return {
        stop: () => {
            stopped ??= takeDown(project, { environment, file, say }).catch((error) => {
                stopped = undefined;
                throw error;
            });
            return stopped;
        },
        logs: async () => {
            const containers = await containersOf(project, call);
            return logsText(containers, await logsOf(containers, call));
        },
    };
}

// EXTERNAL MODULE: external "node:fs"
var external_node_fs_ = __webpack_require__(3024);
;// CONCATENATED MODULE: ./src/gate/problems/eslint.js


const eslint = {
    name: 'eslint',
    begin(report) {
        let file = '';
        return {
            line(text) {
                if (text.startsWith('  ')) {
                    const finding = file === '' ? undefined : readStylish(text, file);
                    if (finding !== undefined)
                        report(finding);
                    return;
                }
                if (text !== '')
                    file = text;
                const finding = readCompact(text) ?? readUnix(text);
                if (finding !== undefined)
                    report(finding);
            },
            end() { },
        };
    },
};
function readStylish(text, path) {
    const found = /^(\d{1,7}):(\d{1,7}) {2,}(error|warning) {2,}(\S.*)$/s.exec(text.trim());
    if (found === null)
        return undefined;
    const [, line, column, severity, rest = ''] = found;
    const gap = rest.lastIndexOf('  ');
    const rule = gap === -1 ? '' : rest.slice(gap + 2);
    const isRule = /^[\w@][\w@./-]*$/.test(rule);
    const place = { path, line: positiveInteger(line), column: positiveInteger(column) };
    return finding(place, severity === 'error' ? 'error' : 'warning', isRule ? rest.slice(0, gap) : rest, isRule ? rule : undefined);
}
function readCompact(text) {
    const start = text.indexOf(': line ');
    const found = start < 1 ? null : /^: line (\d{1,7}), col (\d{1,7}), (Error|Warning) - (.*)$/s.exec(text.slice(start));
    if (found === null)
        return undefined;
    const [, line, column, severity, rest = ''] = found;
    const bracket = rest.endsWith(')') ? rest.lastIndexOf(' (') : -1;
    const place = { path: text.slice(0, start), line: positiveInteger(line), column: positiveInteger(column) };
    return finding(place, severity === 'Error' ? 'error' : 'warning', bracket === -1 ? rest : rest.slice(0, bracket), bracket === -1 ? undefined : rest.slice(bracket + 2, -1));
}
function readUnix(text) {
    const bracket = text.endsWith(']') ? text.lastIndexOf(' [') : -1;
    const found = bracket === -1 ? null : /^(Error|Warning)(?:\/(.+))?$/s.exec(text.slice(bracket + 2, -1));
    const colon = text.indexOf(': ');
    const place = found === null || colon === -1 ? undefined : trailingPosition(text.slice(0, colon));
    if (place?.column === undefined || found === null)
        return undefined;
    return finding(place, found[1] === 'Error' ? 'error' : 'warning', text.slice(colon + 2, bracket), found[2]);
}
function finding(place, severity, text, rule) {
    const message = toMessage([text]);
    const kind = message.startsWith('Parsing error') ? 'compile' : 'lint';
    return { tool: 'eslint', kind, severity, places: [place], rule, message };
}

;// CONCATENATED MODULE: ./src/gate/problems/folders.js

function isFileOnDisk(path) {
    try {
        return (0,external_node_fs_.statSync)(path, { throwIfNoEntry: false })?.isFile() ?? false;
    }
    catch (error) {
        if (error instanceof Error && 'code' in error)
            return false;
        throw error;
    }
}
function formsOf(folder) {
    try {
        return [...new Set([folder, (0,external_node_fs_.realpathSync)(folder)])];
    }
    catch (error) {
        if (error instanceof Error && 'code' in error)
            return [folder];
        throw error;
    }
}

;// CONCATENATED MODULE: ./src/gate/problems/jest.js



const group = '::group::Errors thrown in ';
const ends = ['Test Suites: ', 'Snapshot Summary', 'Summary of all failing tests', '::endgroup::', group];
const result = /^ ?(?:FAIL|PASS) +/;
const notes = ['Console', 'Validation', 'Deprecation', 'Cannot log after tests are done'];
const jest = {
    name: 'jest',
    begin(report) {
        let files = [];
        let open;
        function flush() {
            if (open !== undefined && open.error.length > 0)
                report(jest_toFinding(open, files));
            open = undefined;
        }
        return {
            line(text) {
                if (text.startsWith('  ● ')) {
                    flush();
                    open = jest_readHeader(text.slice(4));
                }
                else if (result.test(text) || ends.some((end) => text.startsWith(end))) {
                    flush();
                    files = readFile(text);
                }
                else if (open !== undefined && (text === '' || text.startsWith(' ')))
                    readBody(text, open);
            },
            end: flush,
        };
    },
};
function readFile(text) {
    if (text.startsWith(group))
        return [{ path: text.slice(group.length) }];
    if (!text.trimStart().startsWith('FAIL '))
        return [];
    const file = text.replace(result, '').replace(/ \([\d.]{1,12} m?s\)$/, '');
    return suffixes(file).map((path) => ({ path }));
}
function jest_readHeader(name) {
    if (notes.some((note) => name.startsWith(note)))
        return undefined;
    return { name, error: [], syntax: [], places: [], part: 'error' };
}
function readBody(text, failure) {
    if (isFrame(text)) {
        failure.part = 'stack';
        addFrame(failure.places, text.replace(/\)(?:\.\.\/){1,40}/g, ')/'));
        return;
    }
    if (readSyntaxError(text, failure))
        return;
    if (/^ {4,8}>? {0,8}\d{0,7} \|/.test(text))
        failure.part = 'stack';
    if (failure.part === 'error')
        addLine(failure.error, text);
}
function readSyntaxError(text, failure) {
    const trimmed = text.trim();
    const absolute = trimmed.startsWith('/') && failure.syntax.length === 0 ? trailingPosition(trimmed) : undefined;
    if (absolute !== undefined) {
        failure.syntax.push(absolute);
        return true;
    }
    if (!trimmed.startsWith('SyntaxError: '))
        return false;
    const [, line, column] = /\((\d{1,7}):(\d{1,7})\)$/.exec(trimmed) ?? [];
    const colon = trimmed.indexOf(': ', 'SyntaxError: '.length);
    if (line !== undefined && colon !== -1) {
        const path = trimmed.slice('SyntaxError: '.length, colon);
        failure.syntax.push({ path, line: positiveInteger(line), column: positiveInteger(column) });
    }
    failure.error = [trimmed];
    failure.part = 'stack';
    return true;
}
function jest_toFinding({ name, error, syntax, places }, files) {
    const all = [...syntax, ...places, ...files];
    return { tool: 'jest', kind: 'test', severity: 'error', places: all, message: testMessage(name, error) };
}

;// CONCATENATED MODULE: ./src/gate/problems/lines.js

const rawLength = 32_768;
const examinedLength = 4_096;
const systemCommand = /\u001b\](?:[^\u0007\u001b\u009c]*(?:\u0007|\u001b\\|\u009c))?/g;
function eachLine(output, visitLine) {
    let previous = '';
    function visit(line) {
        if (line !== '' || previous !== '')
            visitLine(line);
        previous = line;
    }
    for (let start = 0; start < output.length;) {
        const feed = output.indexOf('\n', start);
        const end = feed === -1 ? output.length : feed;
        const raw = output.slice(start, Math.min(end, start + rawLength));
        const line = raw.endsWith('\r') ? raw.slice(0, -1) : raw;
        if (line.includes('\r'))
            for (const part of line.split('\r'))
                visit(examined(part));
        else
            visit(examined(line));
        start = end + 1;
    }
}
function examined(raw) {
    const isPlain = !raw.includes('\u001b') && !raw.includes('\u009b');
    const line = isPlain ? raw : (0,external_node_util_.stripVTControlCharacters)(raw.replace(systemCommand, ''));
    return line.length > examinedLength ? line.slice(0, examinedLength) : line;
}

;// CONCATENATED MODULE: ./src/gate/problems/location.js


const mostLookups = 20_000;
function createLocator(ground) {
    const known = new Map();
    function isFile(path) {
        const answer = known.get(path);
        if (answer !== undefined)
            return answer;
        const found = known.size < mostLookups && ground.isFile(path);
        if (known.size < mostLookups)
            known.set(path, found);
        return found;
    }
    function inWorkspace(absolute) {
        const root = ground.workspace.find((folder) => absolute.startsWith(folder === '/' ? '/' : `${folder}/`));
        const file = root === undefined ? '' : external_node_path_.posix.relative(root, absolute);
        return file !== '' && !isForeign(file) && isFile(absolute) ? file : undefined;
    }
    function onlyMentioned(path) {
        const files = new Set();
        for (const folder of ground.mentioned) {
            const file = inWorkspace(external_node_path_.posix.join(folder, path));
            if (file !== undefined)
                files.add(file);
            if (files.size > 1)
                return undefined;
        }
        return files.values().next().value;
    }
    return (place, scope) => {
        const path = plainPath(place.path);
        if (path === undefined || path === '')
            return undefined;
        if (external_node_path_.posix.isAbsolute(path))
            return inWorkspace(external_node_path_.posix.normalize(path));
        const named = scope.packageName === undefined ? undefined : ground.folderOf(scope.packageName);
        for (const folder of [scope.folder, named, ground.directory, ...ground.workspace]) {
            if (folder === undefined)
                continue;
            const file = inWorkspace(external_node_path_.posix.resolve(ground.directory, folder, path));
            if (file !== undefined)
                return file;
        }
        return onlyMentioned(path);
    };
}
function plainPath(path) {
    if (path.includes('\0'))
        return undefined;
    if (!path.startsWith('file:'))
        return /^[a-z][a-z\d+.-]{1,40}:\/\//i.test(path) ? undefined : path;
    try {
        return decodeURIComponent(new URL(path).pathname);
    }
    catch (error) {
        if (error instanceof TypeError || error instanceof URIError)
            return undefined;
        throw error;
    }
}

;// CONCATENATED MODULE: ./src/gate/problems/mypy.js


const mostWrapped = 8;
const mypy = {
    name: 'mypy',
    begin(report) {
        let open;
        function flush(text) {
            if (open !== undefined)
                report(mypy_toFinding(open, text ?? open.text));
            open = undefined;
        }
        return {
            line(text) {
                const next = text.includes(': ') ? readDiagnostic(text) : undefined;
                if (next !== undefined) {
                    flush();
                    open = next;
                    if (codeOf(next.text) !== undefined)
                        flush();
                }
                else if (open !== undefined) {
                    if (text === '' || text.startsWith('    ') || isNote(text) || open.more.length >= mostWrapped)
                        return flush();
                    open.more.push(text);
                    const whole = [open.text.trimEnd(), ...open.more].join(' ');
                    if (codeOf(whole) !== undefined)
                        flush(whole);
                }
            },
            end: () => flush(),
        };
    },
};
function readDiagnostic(text) {
    const found = leadingPosition(text);
    if (found === undefined || !/\.(?:pyi?|ipynb)$/.test(found.place.path))
        return undefined;
    const level = /^(error|warning): /.exec(found.rest);
    if (level === null)
        return undefined;
    const severity = level[1] === 'error' ? 'error' : 'warning';
    return { place: found.place, severity, text: found.rest.slice(level[0].length), more: [] };
}
function isNote(text) {
    return leadingPosition(text)?.rest.startsWith('note: ') ?? false;
}
function codeOf(text) {
    const bracket = text.endsWith(']') ? text.lastIndexOf(' [') : -1;
    const code = bracket === -1 ? '' : text.slice(bracket + 2, -1);
    return /^[a-z][a-z0-9-]*$/.test(code) ? code : undefined;
}
function mypy_toFinding({ place, severity }, text) {
    const rule = codeOf(text);
    const message = rule === undefined ? text : text.slice(0, text.lastIndexOf(' ['));
    return { tool: 'mypy', kind: 'compile', severity, places: [place], rule, message: toMessage([message]) };
}

;// CONCATENATED MODULE: ./src/gate/problems/next.js


const next_mostLines = 8;
const next = {
    name: 'next',
    begin(report) {
        let open;
        let severity = 'error';
        let isNext = false;
        function flush() {
            if (open !== undefined && open.error.length > 0)
                report(next_toFinding(open, severity));
            open = undefined;
        }
        return {
            line(text) {
                isNext ||= saysNext(text);
                const outcome = isNext ? readOutcome(text) : undefined;
                if (outcome !== undefined) {
                    flush();
                    severity = outcome;
                }
                else if (text.startsWith('./')) {
                    flush();
                    open = { place: trailingPosition(text) ?? { path: text }, exact: [], error: [], lines: 0 };
                }
                else if (open !== undefined) {
                    const finding = readLint(text, open.place.path);
                    if (finding !== undefined)
                        report(finding);
                    else if (!isNext || !next_readBody(text, open))
                        flush();
                }
            },
            end: flush,
        };
    },
};
function saysNext(text) {
    return (text.includes('Next.js ') || ['Failed to compile', '> next ', '$ next '].some((start) => text.startsWith(start)));
}
function readOutcome(text) {
    if (/^(?:Failed to compile|> Build error occurred|Error: Turbopack build failed)/.test(text))
        return 'error';
    const isWarning = /^ ?(?:⚠ )?(?:Compiled with|Turbopack build encountered \d{1,6}) warnings?\b/.test(text);
    return isWarning ? 'warning' : undefined;
}
function next_readBody(text, block) {
    block.lines += 1;
    if (block.lines === 1) {
        if (text.trim() === '' || /^\d{1,7}:\d{1,7}\s/.test(text))
            return false;
        addLine(block.error, text.replace(/^(?:Error|Type error): +(?:[x×] )?/, ''));
    }
    const frame = text.indexOf('-[');
    if (frame !== -1 && text.endsWith(']')) {
        const exact = trailingPosition(text.slice(frame + 2, -1));
        if (exact !== undefined)
            block.exact.push({ path: exact.path, line: exact.line });
    }
    return block.lines < next_mostLines;
}
function readLint(text, path) {
    const found = /^(\d{1,7}):(\d{1,7}) {2}(Error|Warning): (\S.*)$/s.exec(text);
    if (found === null)
        return undefined;
    const [, line, column, level, rest = ''] = found;
    const gap = rest.lastIndexOf('  ');
    const place = { path, line: positiveInteger(line), column: positiveInteger(column) };
    const finding = toProblem('lint', level === 'Error' ? 'error' : 'warning', [place], gap === -1 ? rest : rest.slice(0, gap));
    return gap === -1 ? finding : { ...finding, rule: rest.slice(gap + 2) };
}
function next_toFinding({ place, exact, error }, severity) {
    return toProblem('compile', severity, place.line === undefined ? [...exact, place] : [place], toMessage(error));
}
function toProblem(kind, severity, places, message) {
    return { tool: 'next', kind, severity, places, message: toMessage([message]) };
}

;// CONCATENATED MODULE: ./src/gate/problems/crash.js



function createCrashReader() {
    let open;
    return {
        line(text) {
            const start = open === undefined || open.part === 'source' ? readStart(text) : undefined;
            if (start !== undefined)
                open = { places: [start], error: [], part: 'source', sourceLines: 0 };
            else if (open !== undefined && !crash_readBody(text, open))
                open = undefined;
        },
        take() {
            const crash = open;
            open = undefined;
            if (crash === undefined || crash.error.length === 0)
                return undefined;
            return { places: crash.places.filter((place) => !isForeign(place.path)), message: toMessage(crash.error) };
        },
    };
}
function readStart(text) {
    if (!text.startsWith('/') && !text.startsWith('file:///') && !text.startsWith('node:'))
        return undefined;
    const place = trailingPosition(text);
    return place?.column === undefined ? place : undefined;
}
function crash_readBody(text, reading) {
    if (reading.part === 'source') {
        reading.sourceLines += 1;
        if (/^\s{0,4095}\^+\s*$/.test(text))
            reading.part = 'error';
        return reading.part === 'error' || reading.sourceLines < 4;
    }
    if (isFrame(text)) {
        reading.part = 'stack';
        addFrame(reading.places, text);
        return true;
    }
    if (reading.part === 'stack' || text.startsWith('Node.js v'))
        return true;
    addLine(reading.error, text);
    const importer = text.lastIndexOf(' imported from ');
    if (importer !== -1)
        addPlaces(reading.places, [{ path: text.slice(importer + ' imported from '.length) }]);
    return true;
}

;// CONCATENATED MODULE: ./src/gate/problems/node-test.js




const mostCrashes = 100;
const mark = '✖ ';
const start = 'test at ';
const nodeTest = {
    name: 'node:test',
    begin(report) {
        const crashReader = createCrashReader();
        const crashes = new Map();
        let open;
        function flush() {
            if (open?.name !== undefined)
                report(node_test_toFinding(open.name, open, crashes.get(open.name)));
            open = undefined;
        }
        function readTree(text) {
            crashReader.line(text);
            const crash = text.startsWith(mark) ? crashReader.take() : undefined;
            if (crash !== undefined && crashes.size < mostCrashes)
                crashes.set(testName(text), crash);
        }
        return {
            line(text) {
                const at = text.startsWith(start) ? trailingPosition(text.slice(start.length)) : undefined;
                if (at !== undefined) {
                    flush();
                    open = { at, error: [], places: [], sawFrame: false };
                }
                else if (open === undefined)
                    readTree(text);
                else
                    node_test_readBody(text, open);
            },
            end() {
                flush();
                const crash = crashReader.take();
                if (crash !== undefined)
                    report({ tool: 'node', kind: 'test', severity: 'error', ...crash });
            },
        };
    },
};
function testName(text) {
    const name = text.slice(mark.length);
    const duration = name.lastIndexOf(' (');
    return duration === -1 || !name.includes('ms)', duration) ? name : name.slice(0, duration);
}
function node_test_readBody(text, failure) {
    if (failure.name === undefined) {
        if (text.startsWith(mark))
            failure.name = testName(text);
    }
    else if (isFrame(text)) {
        failure.sawFrame = true;
        addFrame(failure.places, text);
    }
    else if (!failure.sawFrame && text.startsWith('  '))
        addLine(failure.error, text);
}
function node_test_toFinding(name, failure, crash) {
    const error = failure.error.map((line) => line.replace(/^( {2})'(.*)'$/, '$1$2'));
    if (failure.error[0]?.trim() === "'test failed'")
        return fileFinding(failure.at, crash);
    return {
        tool: 'node:test',
        kind: 'test',
        severity: 'error',
        places: [...failure.places, failure.at],
        message: testMessage(name, error),
    };
}
function fileFinding(at, crash) {
    const places = [...(crash?.places ?? []), { path: at.path }];
    return {
        tool: 'node:test',
        kind: 'test',
        severity: 'error',
        places,
        message: crash?.message ?? 'The test file failed.',
    };
}

;// CONCATENATED MODULE: ./src/gate/problems/announcement.js
function readScriptHeader(line) {
    if (!line.startsWith('> '))
        return undefined;
    const nx = /^> nx run ([^\s:]+):\S+/.exec(line);
    if (nx?.[1] !== undefined)
        return { packageName: nx[1], folder: undefined };
    const script = /^> (\S+) \S+(?: (\/.*))?$/.exec(line);
    const at = script?.[1]?.lastIndexOf('@') ?? -1;
    return at > 0 ? { packageName: script?.[1]?.slice(0, at) ?? '', folder: script?.[2] } : undefined;
}
function readTurboHeader(line, packages) {
    if (packages.size === 0)
        return undefined;
    const task = line.startsWith('::group::') ? line.slice('::group::'.length) : line;
    const name = task.slice(0, Math.max(task.indexOf(':'), 0));
    return task.includes(' ') || !packages.has(name) ? undefined : { packageName: name, folder: undefined };
}
function readTurboPackages(line) {
    const start = line.slice(0, 60).indexOf('Packages in scope: ');
    if (start === -1)
        return [];
    const list = line.slice(start + 'Packages in scope: '.length);
    return list.split(', ').map((name) => name.trim());
}
function readPnpmCommand(line) {
    const dollar = line.indexOf('$ ');
    const space = dollar < 3 ? -1 : line.lastIndexOf(' ', dollar);
    if (space < 1 || dollar - space < 2)
        return undefined;
    return { prefix: line.slice(0, dollar), folder: line.slice(0, space) };
}
function readYarnStart(line) {
    const end = ']: Process started';
    return line.startsWith('[') && line.endsWith(end) ? line.slice(1, -end.length) : undefined;
}
function isBracketRunner(line) {
    const start = line.startsWith('> ') || line.startsWith('$ ');
    return start && /\b(?:concurrently|npm-run-all|run-p)\b/.test(line.slice(0, 200));
}
function readFolder(line) {
    const vitest = line.startsWith(' RUN ') ? /^ RUN {2}v\S+ (\/.*)$/.exec(line) : null;
    if (vitest?.[1] !== undefined)
        return { path: vitest[1].trimEnd(), packageName: undefined };
    const npm = line.startsWith('npm ') ? /^npm (?:error|ERR!) (?:path|location) (\/.*)$/.exec(line) : null;
    if (npm?.[1] !== undefined)
        return { path: npm[1], packageName: undefined };
    const turbo = line.includes('ERROR') ? /^([^\s#]+)#\S+: {1,4}ERROR {1,4}command \((\/[^)]*)\)/.exec(line) : null;
    if (turbo?.[2] !== undefined)
        return { path: turbo[2], packageName: turbo[1] };
    if (!line.startsWith('/') || !line.endsWith(':') || line.includes(': '))
        return undefined;
    return { path: line.slice(0, -1), packageName: undefined };
}

;// CONCATENATED MODULE: ./src/gate/problems/prefix.js

const mostNames = 1_000;
const levels = new Set(['warn', 'error', 'info', 'debug']);
function createPrefixReader() {
    const known = {
        pnpmPrefixes: new Map(),
        turboPackages: new Set(),
        yarnPackages: new Set(),
        hasBrackets: false,
        byPackage: new Map(),
        mentioned: new Set(),
        scopes: new Map(),
        current: {},
        sections: 0,
    };
    return {
        folders: known,
        read(line) {
            const section = readScriptHeader(line) ?? readTurboHeader(line, known.turboPackages);
            if (section !== undefined)
                openSection(section, known);
            readPrefixes(line, known);
            const folder = readFolder(line);
            if (folder !== undefined)
                learnFolder(folder.packageName ?? known.current.packageName, folder.path, known);
            const own = prefixedLine(line, known);
            if (own === undefined)
                return { stream: `${known.sections}`, scope: known.current, text: line };
            const inner = readScriptHeader(own.text);
            if (inner?.folder !== undefined)
                learnFolder(inner.packageName, inner.folder, known);
            return own;
        },
    };
}
function openSection({ packageName, folder }, known) {
    known.current = folder === undefined ? scopeOf(packageName, known) : { packageName, folder };
    known.sections += 1;
    if (folder !== undefined)
        learnFolder(packageName, folder, known);
}
function readPrefixes(line, known) {
    const pnpm = readPnpmCommand(line);
    if (pnpm !== undefined && known.pnpmPrefixes.size < mostNames)
        known.pnpmPrefixes.set(pnpm.prefix, { folder: pnpm.folder });
    for (const name of readTurboPackages(line))
        if (known.turboPackages.size < mostNames)
            known.turboPackages.add(name);
    const yarn = readYarnStart(line);
    if (yarn !== undefined && known.yarnPackages.size < mostNames)
        known.yarnPackages.add(yarn);
    known.hasBrackets ||= isBracketRunner(line);
}
function learnFolder(packageName, folder, known) {
    if (packageName !== undefined && known.byPackage.size < mostNames)
        known.byPackage.set(packageName, folder);
    if (known.mentioned.size < mostNames)
        known.mentioned.add(folder);
}
function scopeOf(packageName, known) {
    const scope = known.scopes.get(packageName) ?? { packageName };
    if (known.scopes.size < mostNames)
        known.scopes.set(packageName, scope);
    return scope;
}
function prefixedLine(line, known) {
    if (line.startsWith('['))
        return bracketedLine(line, known);
    if (known.pnpmPrefixes.size === 0 && known.turboPackages.size === 0)
        return undefined;
    const colon = line.indexOf(': ');
    const prefix = colon === -1 && line.endsWith(':') ? line.slice(0, -1) : line.slice(0, Math.max(colon, 0));
    const text = line.slice(prefix.length + 2);
    const pnpm = known.pnpmPrefixes.get(prefix);
    if (pnpm !== undefined)
        return { stream: prefix, scope: pnpm, text };
    const name = prefix.slice(0, Math.max(prefix.indexOf(':'), 0));
    return known.turboPackages.has(name) ? { stream: prefix, scope: scopeOf(name, known), text } : undefined;
}
function bracketedLine(line, known) {
    const close = line.indexOf(']');
    const name = line.slice(1, Math.max(close, 1)).trim();
    if (line.startsWith(']: ', close) && known.yarnPackages.has(name)) {
        return { stream: `[${name}`, scope: scopeOf(name, known), text: line.slice(close + 3) };
    }
    const isPrefix = known.hasBrackets && line.startsWith('] ', close) && name.length < 80 && !levels.has(name);
    return isPrefix ? { stream: `[${name}`, scope: known.current, text: line.slice(close + 2) } : undefined;
}

;// CONCATENATED MODULE: ./src/gate/problems/prettier.js


const prettier = {
    name: 'prettier',
    begin(report) {
        return {
            line(text) {
                const finding = readWarning(text) ?? readError(text);
                if (finding !== undefined)
                    report(finding);
            },
            end() { },
        };
    },
};
function readWarning(text) {
    if (!text.startsWith('[warn] '))
        return undefined;
    return {
        tool: 'prettier',
        kind: 'format',
        severity: 'error',
        places: [{ path: text.slice('[warn] '.length) }],
        message: 'Not formatted as prettier would. Run prettier with --write on it.',
    };
}
function readError(text) {
    const start = text.startsWith('[error] ') ? text.search(/: \w{0,40}Error: /) : -1;
    if (start === -1)
        return undefined;
    const [, line, column] = /\((\d{1,7}):(\d{1,7})\)$/.exec(text) ?? [];
    return {
        tool: 'prettier',
        kind: 'compile',
        severity: 'error',
        places: [
            { path: text.slice('[error] '.length, start), line: positiveInteger(line), column: positiveInteger(column) },
        ],
        message: toMessage([text.slice(start + 2)]),
    };
}

;// CONCATENATED MODULE: ./src/gate/problems/pytest.js


const mostFrames = 200;
const pytest_mostNames = 5_000;
const chained = ['The above exception was the direct cause', 'During handling of the above exception'];
const pytest = {
    name: 'pytest',
    begin(report) {
        let section = 'none';
        let open;
        const located = new Set();
        let hasLineStyle = false;
        function flush() {
            if (open !== undefined && open.places.length > 0) {
                if (located.size < pytest_mostNames)
                    located.add(shortName(open.name));
                report(pytest_toFinding(open));
            }
            open = undefined;
        }
        function readFailures(text) {
            const name = readTitle(text);
            if (name !== undefined) {
                flush();
                open = { name, error: [], places: collectedFile(name) };
            }
            else if (open === undefined) {
                const finding = readLineStyle(text);
                if (finding === undefined)
                    return;
                hasLineStyle = true;
                report(finding);
            }
            else
                pytest_readBody(text, open);
        }
        return {
            line(text) {
                const next = text.startsWith('=') ? readSection(text) : undefined;
                if (next !== undefined) {
                    flush();
                    section = next;
                }
                else if (section === 'failures')
                    readFailures(text);
                else if (section === 'summary') {
                    const finding = hasLineStyle && text.startsWith('FAILED ') ? undefined : readSummary(text, located);
                    if (finding !== undefined)
                        report(finding);
                }
            },
            end: flush,
        };
    },
};
function readSection(text) {
    const title = /^=+ (.*?) =+$/s.exec(text.slice(0, 400))?.[1];
    if (title === undefined)
        return undefined;
    if (title === 'FAILURES' || title === 'ERRORS')
        return 'failures';
    return title === 'short test summary info' ? 'summary' : 'none';
}
function readTitle(text) {
    if (!text.startsWith('_') || !text.endsWith('_'))
        return undefined;
    const words = text.split(' ');
    if (words.length < 3 || words.every((word) => /^_+$/.test(word)))
        return undefined;
    return words.slice(1, -1).join(' ');
}
function collectedFile(name) {
    return name.startsWith('ERROR collecting ') ? [{ path: name.slice('ERROR collecting '.length) }] : [];
}
function pytest_readBody(text, failure) {
    if (text.startsWith('-') && / Captured .* -+$/.test(text.slice(0, 400)))
        failure.isOver = true;
    if (failure.isOver === true)
        return;
    if (text.startsWith('E  '))
        addLine(failure.error, text.slice(4));
    else if (chained.some((start) => text.startsWith(start)))
        failure.error = [];
    else if (/^[\w.]{0,200}(?:Error|Exception|Exit|Interrupt|Warning|Failed)\b(?:: |$)/.test(text))
        failure.error = [text];
    const place = readFrame(text);
    if (place === undefined)
        return;
    if (failure.places.length >= mostFrames)
        failure.places.splice(1, 1);
    failure.places.push(place);
}
function readFrame(text) {
    const native = /^(?:E )? {0,8}File "([^"]{1,2000})", line (\d{1,7})/.exec(text);
    if (native?.[1] !== undefined)
        return { path: native[1], line: positiveInteger(native[2]) };
    if (text.startsWith(' ') || text.startsWith('>') || text.startsWith('E '))
        return undefined;
    const found = leadingPosition(text);
    return found?.place.column === undefined ? found?.place : undefined;
}
function readLineStyle(text) {
    const found = text.startsWith('/') ? leadingPosition(text) : undefined;
    if (found?.place.line === undefined)
        return undefined;
    return pytest_toFinding({ name: '', error: [found.rest], places: [found.place] });
}
function readSummary(text, located) {
    const found = /^(?:FAILED|ERROR) (.+)$/s.exec(text)?.[1];
    if (found === undefined)
        return undefined;
    const dash = found.indexOf(' - ');
    const id = dash === -1 ? found : found.slice(0, dash);
    const [path = '', ...names] = id.split('::');
    const name = names.join('.');
    if (located.has(name === '' ? path : name))
        return undefined;
    const error = dash === -1 ? 'failed' : found.slice(dash + 3);
    return pytest_toFinding({ name, error: [error], places: [{ path }] });
}
function shortName(title) {
    return title.replace(/^ERROR (?:at (?:setup|teardown) of|collecting) /, '');
}
function pytest_toFinding({ name, error, places }) {
    return {
        tool: 'pytest',
        kind: 'test',
        severity: 'error',
        places: places.toReversed(),
        message: testMessage(name, error),
    };
}

;// CONCATENATED MODULE: ./src/gate/problems/tap.js





const tap = {
    name: 'tap',
    begin(report) {
        const crashReader = createCrashReader();
        let open;
        let file = [];
        function flush() {
            const finding = open?.fields === undefined ? undefined : tap_toFinding(open, open.fields, crashReader);
            if (finding !== undefined)
                report(finding);
            open = undefined;
        }
        function readYaml(text, failure) {
            const trimmed = text.trim();
            if (trimmed === '...')
                flush();
            else if (trimmed === '---') {
                flush();
                open = { ...failure, fields: new Map(), field: '', indent: text.length - text.trimStart().length };
            }
            else if (failure.fields !== undefined)
                readField(text, failure.fields, failure);
            else
                flush();
        }
        return {
            line(text) {
                if (text.startsWith('# '))
                    crashReader.line(unescaped(text.slice(2)));
                const name = readName(text);
                if (name !== undefined) {
                    flush();
                    if (text.startsWith('not ok '))
                        file = [{ path: name }];
                    open = { name, file, fields: undefined, field: '', indent: 0 };
                }
                else if (open !== undefined)
                    readYaml(text, open);
            },
            end: flush,
        };
    },
};
function readName(text) {
    const found = text.includes('not ok ') ? /^\s{0,400}not ok \d{1,9}(?: - )?(.*)$/s.exec(text) : null;
    if (found === null)
        return undefined;
    const [name = '', directive = ''] = (found[1] ?? '').split(/(?<!\\)# /, 2);
    return /^(?:todo|skip)\b/i.test(directive) ? undefined : unescaped(name.trim());
}
function unescaped(text) {
    return text.replace(/\\([#\\])/g, '$1');
}
function readField(text, fields, failure) {
    const indent = text.length - text.trimStart().length;
    const field = indent === failure.indent ? /^(\w{1,40}):(?: (.*))?$/s.exec(text.trim()) : null;
    if (field === null) {
        const lines = fields.get(failure.field);
        if (lines !== undefined && lines.length < 60)
            lines.push(text);
        return;
    }
    const [, name = '', value = ''] = field;
    failure.field = name;
    fields.set(name, /^(?:[|>]-?)?$/.test(value) ? [] : [unquoted(value)]);
}
function unquoted(value) {
    if (value.length > 1 && value.startsWith("'") && value.endsWith("'"))
        return value.slice(1, -1).replaceAll("''", "'");
    if (value.length > 1 && value.startsWith('"') && value.endsWith('"'))
        return value.slice(1, -1).replace(/\\(["\\])/g, '$1');
    return value;
}
function tap_toFinding({ name, file }, fields, crashes) {
    if (fields.get('failureType')?.[0] === 'subtestsFailed')
        return undefined;
    const at = [fields.get('location'), fields.get('at')].flatMap((lines) => trailingPosition(lines?.[0] ?? '') ?? []);
    const error = tap_readError(fields.get('error') ?? []);
    if (at[0] !== undefined && error[0] === 'test failed')
        return fileFinding(at[0], crashes.take());
    const places = [];
    for (const frame of fields.get('stack') ?? [])
        addFrame(places, frame);
    return {
        tool: toolOf(fields),
        kind: 'test',
        severity: 'error',
        places: [...places, ...at, ...file],
        message: testMessage(name, error),
    };
}
function tap_readError(lines) {
    const start = lines.findIndex((line) => line.trimStart().startsWith('message: "'));
    const message = start === -1 ? lines : unquoted(lines.slice(start).join('\n').trim().slice('message: '.length)).split('\n');
    const error = [];
    for (const line of message)
        addLine(error, line);
    return error;
}
function toolOf(fields) {
    return fields.has('location') ? 'node:test' : 'vitest';
}

;// CONCATENATED MODULE: ./src/gate/problems/tsc.js


const tsc = {
    name: 'tsc',
    begin(report) {
        let open;
        function flush() {
            if (open !== undefined)
                report(tsc_toFinding(open));
            open = undefined;
        }
        return {
            line(text) {
                const next = text.includes(' TS') ? tsc_readDiagnostic(text) : undefined;
                if (next === undefined && open !== undefined && text.startsWith('  ') && text.trim() !== '') {
                    addLine(open.message, text);
                    return;
                }
                flush();
                open = next;
            },
            end: flush,
        };
    },
};
function tsc_toFinding({ place, severity, rule, message }) {
    return { tool: 'tsc', kind: 'compile', severity, places: [place], rule, message: toMessage(message) };
}
function tsc_readDiagnostic(text) {
    for (const severity of ['error', 'warning']) {
        const plain = text.indexOf(`): ${severity} TS`);
        if (plain !== -1)
            return diagnostic(plainPlace(text.slice(0, plain)), severity, text.slice(plain + severity.length + 4));
        const pretty = text.indexOf(` - ${severity} TS`);
        if (pretty !== -1) {
            return diagnostic(trailingPosition(text.slice(0, pretty).trim()), severity, text.slice(pretty + severity.length + 4));
        }
    }
    return undefined;
}
function plainPlace(text) {
    const bracket = text.lastIndexOf('(');
    const [line, column, ...more] = text.slice(bracket + 1).split(',', 3);
    const path = text.slice(0, Math.max(bracket, 0)).trim();
    if (path === '' || more.length > 0 || positiveInteger(line) === undefined)
        return undefined;
    return { path, line: positiveInteger(line), column: positiveInteger(column) };
}
function diagnostic(place, severity, rest) {
    const found = /^(TS\d{1,6}): (.*)$/s.exec(rest);
    if (place?.line === undefined || found === null)
        return undefined;
    const [, rule = '', message = ''] = found;
    return { place, severity, rule, message: [message] };
}

;// CONCATENATED MODULE: ./src/gate/problems/vitest.js



const rule = '⎯⎯';
const jestMark = '  ● ';
const vitest = {
    name: 'vitest',
    begin(report) {
        let open;
        function flush() {
            if (open !== undefined && open.error.length > 0)
                report(vitest_toFinding(open));
            open = undefined;
        }
        return {
            line(text) {
                if (text.startsWith(' FAIL  ')) {
                    const next = vitest_readHeader(text.slice(' FAIL  '.length));
                    if (open !== undefined && open.error.length === 0)
                        next.name = `${open.name}\n${next.name}`;
                    else
                        flush();
                    open = next;
                }
                else if (text.startsWith(rule)) {
                    flush();
                    open = readDivider(text);
                }
                else if (text.startsWith(jestMark))
                    open = undefined;
                else if (open !== undefined)
                    vitest_readBody(text, open);
            },
            end: flush,
        };
    },
};
function vitest_readHeader(text) {
    const test = text.startsWith('|') ? text.slice(text.indexOf('| ') + 2) : text.trimStart();
    const end = [test.indexOf(' > '), test.indexOf(' [ ')].filter((index) => index !== -1);
    const file = end.length === 0 ? test : test.slice(0, Math.min(...end));
    const name = test.startsWith(' > ', file.length) ? test.slice(file.length + 3) : '';
    return { name, error: [], places: [], files: suffixes(file).map((path) => ({ path: path.trim() })), sawFrame: false };
}
function readDivider(text) {
    const name = text.replaceAll('⎯', '').trim();
    if (!/^(?:Uncaught|Unhandled|Typecheck)\b/.test(name) || name.endsWith('Errors'))
        return undefined;
    return { name: 'Unhandled error', error: [], places: [], files: [], sawFrame: false };
}
function vitest_readBody(text, failure) {
    if (isFrame(text)) {
        failure.sawFrame = true;
        addFrame(failure.places, text);
        return;
    }
    addPlaces(failure.places, readNamedPlaces(text));
    if (!failure.sawFrame)
        addLine(failure.error, text);
}
function readNamedPlaces(text) {
    const frame = text.indexOf('╭─[ ');
    if (frame !== -1 && text.endsWith(' ]'))
        return [trailingPosition(text.slice(frame + 4, -2)) ?? []].flat();
    const start = 'This error originated in "';
    const origin = text.startsWith(start) ? text.indexOf('" test file') : -1;
    if (origin !== -1)
        return [{ path: text.slice(start.length, origin) }];
    if (!text.startsWith('  File: '))
        return [];
    const place = trailingPosition(text.slice(8)) ?? { path: text.slice(8) };
    return [place, { ...place, path: `.${place.path}` }];
}
function vitest_toFinding({ name, error, places, files }) {
    return {
        tool: 'vitest',
        kind: 'test',
        severity: 'error',
        places: [...places, ...files],
        message: testMessage(name, error),
    };
}

;// CONCATENATED MODULE: ./src/gate/problems/problems.js



















const textParsers = [
    tsc,
    eslint,
    prettier,
    biome,
    vitest,
    jest,
    nodeTest,
    tap,
    next,
    ruff,
    mypy,
    pytest,
];
const mostFindings = 2_000;
const mostStreams = 1_000;
function findProblems(output, place) {
    const workspace = (0,external_node_path_.resolve)(place.workspace);
    const prefixes = createPrefixReader();
    const findings = readFindings(output, prefixes.read);
    const locate = createLocator({
        workspace: formsOf(workspace),
        directory: (0,external_node_path_.resolve)(place.directory),
        isFile: place.isFile ?? isFileOnDisk,
        mentioned: prefixes.folders.mentioned,
        folderOf: (name) => {
            const given = place.packages?.get(name);
            return given === undefined ? prefixes.folders.byPackage.get(name) : (0,external_node_path_.resolve)(workspace, given);
        },
    });
    return distinct(findings.flatMap(({ finding, scope }) => problems_toProblem(finding, scope, locate) ?? []));
}
function readFindings(output, read) {
    const findings = [];
    const counts = new Map();
    const streams = new Map();
    function open(stream, scope) {
        const known = streams.get(stream);
        if (known !== undefined)
            return known;
        if (streams.size >= mostStreams)
            return open('', scope);
        const report = (finding) => {
            const kind = `${finding.tool} ${finding.severity}`;
            const count = counts.get(kind) ?? 0;
            counts.set(kind, count + 1);
            if (count < mostFindings)
                findings.push({ finding, scope });
        };
        const readers = { text: textParsers.map((parser) => parser.begin(report)), commands: githubCommand.begin(report) };
        streams.set(stream, readers);
        return readers;
    }
    open('', {});
    eachLine(output, (line) => {
        const { stream, scope, text } = read(line);
        const readers = open(stream, scope);
        if (isAnnotationCommand(text))
            readers.commands.line(text);
        else
            for (const reader of readers.text)
                reader.line(text);
    });
    for (const { text } of streams.values())
        for (const reader of text)
            reader.end();
    return findings;
}
function problems_toProblem(finding, scope, locate) {
    for (const place of finding.places) {
        const file = locate(place, scope);
        if (file === undefined)
            continue;
        const { tool, kind, severity, rule, message } = finding;
        const { line, column, endLine, endColumn } = place;
        const problem = { tool, kind, severity, file: detached(file), message: detached(message) };
        if (rule !== undefined)
            problem.rule = detached(rule);
        if (line === undefined)
            return problem;
        problem.line = line;
        if (column !== undefined)
            problem.column = column;
        if (endLine === undefined || endLine < line)
            return problem;
        problem.endLine = endLine;
        if (endColumn !== undefined && (endLine > line || endColumn >= (column ?? 0)))
            problem.endColumn = endColumn;
        return problem;
    }
    return undefined;
}
function detached(text) {
    return Buffer.from(text, 'utf8').toString('utf8');
}

;// CONCATENATED MODULE: ./src/gate/run-task.js








const EXAMINED = 32 * 1024 * 1024;
const KEPT = 200;
const TAIL_LINES = 20;
async function runTask(task, index, signal, surroundings) {
    const { workspace, temp, environment, packages, started } = surroundings;
    const directory = (0,external_node_path_.resolve)(workspace, task.directory);
    const outputFile = (0,external_node_path_.join)(temp, `task-${index}.log`);
    const file = (0,external_node_fs_.openSync)(outputFile, 'w+');
    const start = performance.now() - started;
    let size = 0;
    try {
        const [program, ...args] = task.command;
        const finished = await (0,process/* execute */.g)(program, args, {
            cwd: directory,
            env: taskEnvironment(task, workspace, environment),
            signal,
            timeout: task.timeout,
            onOutput: (chunk) => {
                size += (0,external_node_fs_.writeSync)(file, chunk);
            },
        });
        const output = readEnd(file, size);
        const passed = finished.exitCode === 0 && finished.endedBy === 'itself';
        const problems = mostImportant(findProblems(output, { workspace, directory, packages }), KEPT);
        return {
            task,
            ...conclusion(finished, task),
            start,
            duration: finished.duration,
            problems,
            tail: passed || problems.length > 0 ? [] : tailOf(output),
            outputFile,
        };
    }
    catch (error) {
        if (!(error instanceof errors/* ConfigurationError */.j1))
            throw error;
        const duration = performance.now() - started - start;
        return { task, result: 'failed', reason: error.message, start, duration, problems: [], tail: [], outputFile };
    }
    finally {
        (0,external_node_fs_.closeSync)(file);
    }
}
function taskEnvironment({ path, environment: own }, workspace, environment) {
    const folders = [...path.map((folder) => (0,external_node_path_.resolve)(workspace, folder)), environment['PATH'] ?? ''];
    return { ...environment, ...own, PATH: folders.join(external_node_path_.delimiter) };
}
function conclusion(finished, task) {
    const { endedBy, exitCode, signal, leftovers } = finished;
    const children = leftovers === 0
        ? ''
        : `; ${leftovers} process${leftovers === 1 ? '' : 'es'} that it left running ${leftovers === 1 ? 'was' : 'were'} ended`;
    if (endedBy === 'timeout') {
        return {
            result: 'timed-out',
            reason: `ended with everything it had started after ${(0,kinds/* durationText */.S5)(task.timeout)}${children}`,
        };
    }
    if (endedBy === 'cancellation')
        return { result: 'cancelled', reason: `ended before it was done${children}` };
    if (exitCode === 0)
        return leftovers === 0 ? { result: 'passed' } : { result: 'passed', reason: children.slice(2) };
    const status = exitCode === null ? `ended by ${signal ?? 'a signal'}` : `exit status ${exitCode}`;
    return { result: 'failed', reason: `${status}${children}` };
}
function readEnd(file, size) {
    const buffer = Buffer.alloc(Math.min(size, EXAMINED));
    const from = size - buffer.length;
    let filled = 0;
    while (filled < buffer.length) {
        const count = (0,external_node_fs_.readSync)(file, buffer, filled, buffer.length - filled, from + filled);
        if (count === 0)
            break;
        filled += count;
    }
    return buffer.toString('utf8', 0, filled);
}
function tailOf(output) {
    const lines = (0,external_node_util_.stripVTControlCharacters)(output.slice(-16_384)).split(/\r?\n/);
    return lines
        .map((line) => line.trimEnd().slice(0, 400))
        .filter((line) => line !== '')
        .slice(-TAIL_LINES);
}
function* piecesOf(path) {
    const decoder = new TextDecoder();
    const file = (0,external_node_fs_.openSync)(path, 'r');
    try {
        const buffer = Buffer.alloc(65_536);
        for (;;) {
            const count = (0,external_node_fs_.readSync)(file, buffer);
            if (count === 0)
                break;
            yield decoder.decode(buffer.subarray(0, count), { stream: true });
        }
        yield decoder.decode();
    }
    finally {
        (0,external_node_fs_.closeSync)(file);
    }
}

;// CONCATENATED MODULE: ./src/gate/schedule.js

async function runInOrder(tasks, options) {
    const weights = weigh(tasks);
    const outcomes = new Map();
    const running = new Map();
    const stop = new AbortController();
    const signal = AbortSignal.any([options.signal, stop.signal]);
    const waiting = [...tasks].sort((a, b) => (weights.get(b.id) ?? 0) - (weights.get(a.id) ?? 0));
    const settle = (task, outcome) => {
        outcomes.set(task.id, outcome);
        if (outcome.result !== 'passed' && options.failFast)
            stop.abort();
    };
    while (waiting.length > 0 || running.size > 0) {
        for (const task of [...waiting]) {
            const verdict = readiness(task, outcomes, signal);
            if (verdict === 'waits')
                continue;
            if (verdict === 'ready' && running.size >= options.concurrency)
                continue;
            waiting.splice(waiting.indexOf(task), 1);
            if (verdict !== 'ready')
                settle(task, options.skip(task, verdict.result, verdict.reason));
            else {
                const ended = options.run(task, signal).then((outcome) => {
                    settle(task, outcome);
                    running.delete(task.id);
                });
                running.set(task.id, ended);
            }
        }
        if (running.size > 0)
            await Promise.race(running.values());
    }
    return tasks.map((task) => outcomes.get(task.id)).filter((outcome) => outcome !== undefined);
}
function readiness(task, outcomes, signal) {
    const needed = task.needs.map((id) => ({ id, outcome: outcomes.get(id) }));
    const failed = needed.find(({ outcome }) => outcome !== undefined && outcome.result !== 'passed');
    if (failed?.outcome !== undefined && failed.outcome.result !== 'cancelled') {
        return { result: 'skipped', reason: `needs \`${failed.id}\`, which did not pass` };
    }
    if (signal.aborted)
        return { result: 'cancelled', reason: 'the gate ended before it could start' };
    return needed.every(({ outcome }) => outcome !== undefined) ? 'ready' : 'waits';
}
function weigh(tasks) {
    const byId = new Map(tasks.map((task) => [task.id, task]));
    const dependents = new Map();
    for (const task of tasks) {
        for (const need of task.needs) {
            if (!byId.has(need))
                throw unknownNeed(task, need, [...byId.keys()]);
            dependents.set(need, [...(dependents.get(need) ?? []), task]);
        }
    }
    const weights = new Map();
    const open = [];
    const weightOf = (task) => {
        const known = weights.get(task.id);
        if (known !== undefined)
            return known;
        if (open.includes(task.id))
            throw circle([...open.slice(open.indexOf(task.id)), task.id]);
        open.push(task.id);
        const behind = (dependents.get(task.id) ?? []).map(weightOf);
        open.pop();
        const weight = 1 + Math.max(0, ...behind);
        weights.set(task.id, weight);
        return weight;
    };
    for (const task of tasks)
        weightOf(task);
    return weights;
}
function circle(ids) {
    return new errors/* ConfigurationError */.j1({
        code: 'PIPE-GATE-003',
        what: 'tasks wait for each other in a circle',
        given: ids.toReversed().join(' needs '),
        accepted: 'tasks whose `needs` lead to no circle',
        example: '`tasks: {e2e: {run: npm run e2e, needs: [build]}}`',
        state: 'no task was run',
    });
}
function unknownNeed(task, need, known) {
    return new errors/* ConfigurationError */.j1({
        code: 'PIPE-GATE-004',
        what: `the task \`${task.id}\` needs a task that is not there`,
        given: need,
        accepted: `one of ${known.join(', ')}`,
        example: '`tasks: {e2e: {run: npm run e2e, needs: [build]}}`',
        state: 'no task was run',
    });
}

;// CONCATENATED MODULE: ./src/gate/gate.js









const HEARTBEAT = 30_000;
const SERVICES_TIMEOUT = 300_000;
async function runGate(tasks, options) {
    if (options.compose === undefined)
        return runTasks(tasks, options);
    const project = projectName(`gate-${(0,external_node_path_.basename)(options.workspace)}`);
    options.saveState('compose-project', project);
    const services = await startServices({
        file: options.compose,
        workspace: options.workspace,
        project,
        environment: options.environment,
        timeout: SERVICES_TIMEOUT,
        signal: options.signal,
        say: options.log.info,
    });
    try {
        const results = await runTasks(tasks, options);
        if (results.some(({ result }) => result !== 'passed')) {
            await warnInstead(options.log, async () => options.log.group('compose services', [await services.logs()]));
        }
        return results;
    }
    finally {
        await warnInstead(options.log, async () => {
            await services.stop();
            options.saveState('compose-project', '');
        });
    }
}
async function warnInstead(log, work) {
    try {
        await work();
    }
    catch (error) {
        if (!(error instanceof errors/* PipelineError */.zC))
            throw error;
        log.annotate('warning', error.message);
    }
}
async function runTasks(tasks, options) {
    const { log, workspace, environment, packages } = options;
    const parent = options.temp === '' ? (0,external_node_os_.tmpdir)() : options.temp;
    await (0,external_node_fs_promises_.mkdir)(parent, { recursive: true });
    const temp = await (0,external_node_fs_promises_.mkdtemp)((0,external_node_path_.join)(parent, 'gate-'));
    const started = performance.now();
    const running = new Map();
    const heartbeat = setInterval(() => sayRunning(log, running), HEARTBEAT);
    try {
        return await runInOrder(tasks, {
            ...options,
            run: async (task, signal) => {
                running.set(task.id, performance.now());
                const ended = await runTask(task, tasks.indexOf(task), signal, {
                    workspace,
                    temp,
                    environment,
                    packages,
                    started,
                });
                running.delete(task.id);
                show(ended, log);
                return ended;
            },
            skip: (task, result, reason) => {
                const start = performance.now() - started;
                const skipped = { task, result, reason, start, duration: 0, problems: [], tail: [] };
                log.info(`${result === 'skipped' ? 'not run' : result}: ${task.id} (${reason})`);
                return skipped;
            },
        });
    }
    finally {
        clearInterval(heartbeat);
        await (0,external_node_fs_promises_.rm)(temp, { recursive: true, force: true });
    }
}
function show(ended, log) {
    const { task, result, duration, reason } = ended;
    const where = task.directory === '.' ? '' : ` in ${task.directory}`;
    const why = reason === undefined ? '' : `: ${reason}`;
    const title = `${result} ${task.id} (${(0,kinds/* durationText */.S5)(duration)}) ${(0,command_line/* displayCommand */.k)(task.command)}${where}${why}`;
    log.group(title, ended.outputFile === undefined ? [] : piecesOf(ended.outputFile));
}
function sayRunning(log, running) {
    const now = performance.now();
    const each = [...running].map(([id, since]) => `${id} (${(0,kinds/* durationText */.S5)(now - since)})`);
    if (each.length > 0)
        log.info(`running: ${each.join(', ')}`);
}

;// CONCATENATED MODULE: ./src/gate/preconditions.js




async function checkPreconditions(root, tasks) {
    if (tasks.length === 0) {
        throw new errors/* ConfigurationError */.j1({
            code: 'PIPE-GATE-013',
            what: 'there is nothing to run: the plan has no task and `tasks` adds none',
            accepted: 'a script such as `lint`, `typecheck`, `test` or `build` in package.json, or a task in `tasks`',
            example: '`tasks: {test: node --test}`',
            remedy: 'add one, or say `gate: off` where nothing is to be checked',
        });
    }
    const installed = await Promise.all(['node_modules', '.pnp.cjs'].map((name) => (0,files/* exists */.t2)((0,external_node_path_.join)(root, name))));
    if (installed.includes(true) || !(await hasDependencies((0,external_node_path_.join)(root, 'package.json'))))
        return;
    throw new errors/* ConfigurationError */.j1({
        code: 'PIPE-GATE-005',
        what: 'package.json names dependencies and none are installed',
        accepted: 'an installed project',
        example: '`- uses: org/pipelines/actions/setup@v1` in a step before',
        state: 'no task was run',
    });
}
async function hasDependencies(path) {
    const text = await (0,files/* readTextFile */.Gu)(path);
    const manifest = text === undefined ? {} : JSON.parse(text.replace(/^\uFEFF/, ''));
    if (!(0,yaml/* isMap */.j)(manifest))
        return false;
    return ['dependencies', 'devDependencies'].some((name) => (0,yaml/* isMap */.j)(manifest[name]) && Object.keys(manifest[name]).length > 0);
}

;// CONCATENATED MODULE: ./src/gate/results.js

const LIMIT = 32_768;
function reportedResults(results, off = []) {
    const common = off.length === 0 ? {} : { off: off.slice(0, 200).map((id) => id.slice(0, 100)) };
    for (const [most, withCommand] of [
        [3, true],
        [1, true],
        [1, false],
    ]) {
        const value = { tasks: results.map((result) => reported(result, most, withCommand)), ...common };
        if (sizeOf(value) <= LIMIT)
            return value;
    }
    return onlyRed(results, common);
}
function onlyRed(results, common) {
    const passed = {};
    for (const { task, result } of results)
        if (result === 'passed')
            passed[task.kind] = (passed[task.kind] ?? 0) + 1;
    const kinds = Object.entries(passed).slice(0, 250);
    const rest = { ...common, passed: Object.fromEntries(kinds) };
    const tasks = [];
    let room = LIMIT - sizeOf(rest) - 64;
    for (const result of results.filter((candidate) => candidate.result !== 'passed')) {
        const task = reported(result, 1, false);
        room -= sizeOf(task) + 1;
        if (room < 0)
            break;
        tasks.push(task);
    }
    return { tasks, omitted: results.length - tasks.length, ...rest };
}
function sizeOf(value) {
    return Buffer.byteLength(JSON.stringify(value));
}
function reported({ task, result, duration, reason, problems }, most, withCommand) {
    const { id, kind, directory } = task;
    return {
        id,
        kind,
        package: task.package,
        directory,
        ...(withCommand ? { command: (0,command_line/* displayCommand */.k)(task.command).slice(0, 300) } : {}),
        result,
        duration: Math.round(duration),
        ...(reason === undefined ? {} : { reason: reason.slice(0, 300) }),
        ...(problems.length === 0 ? {} : { problems: problems.slice(0, most).map(reportedProblem) }),
    };
}
function reportedProblem(problem) {
    const { file, line, message, tool, rule } = problem;
    return {
        file,
        ...(line === undefined ? {} : { line }),
        message: message.slice(0, 300),
        tool,
        ...(rule === undefined ? {} : { rule }),
    };
}

// EXTERNAL MODULE: ./src/runtime/markdown.js
var markdown = __webpack_require__(122);
;// CONCATENATED MODULE: ./src/gate/summary.js



const SIGNS = {
    passed: '✅ passed',
    failed: '❌ failed',
    'timed-out': '⏱️ timed out',
    cancelled: '🚫 cancelled',
    skipped: '⏭️ not run',
};
const FIRST = 10;
function gateSummary(results, verdict) {
    const rows = results.map((result) => [
        (0,markdown/* code */.aY)(result.task.id),
        (0,markdown/* markdown */.wD)(SIGNS[result.result]),
        (0,markdown/* text */.Qq)(result.result === 'skipped' ? '' : (0,kinds/* durationText */.S5)(result.duration)),
        (0,markdown/* code */.aY)((0,command_line/* displayCommand */.k)(result.task.command)),
        result.problems.length === 0 ? (0,markdown/* text */.Qq)(result.reason ?? '') : firstProblem(result),
    ]);
    const headers = ['task', 'result', 'time', 'command', 'first error'].map(markdown/* markdown */.wD);
    return (0,markdown/* paragraphs */.qN)([
        (0,markdown/* markdown */.wD)(`### ${(0,markdown/* text */.Qq)(verdict)}`),
        (0,markdown/* table */.tp)(headers, rows),
        ...results.filter(({ result }) => result === 'failed' || result === 'timed-out').map(failure),
        timeline(results),
    ]);
}
function firstProblem({ problems }) {
    const [first] = problems;
    if (first === undefined)
        return (0,markdown/* markdown */.wD)('');
    const more = problems.length === 1 ? '' : ` (and ${problems.length - 1} more)`;
    return (0,markdown/* markdown */.wD)(`${(0,markdown/* code */.aY)(summary_placeOf(first))} ${(0,markdown/* text */.Qq)(first.message.split('\n', 1)[0]?.slice(0, 160) ?? '')}${more}`);
}
function summary_placeOf({ file, line }) {
    return line === undefined ? file : `${file}:${line}`;
}
function failure({ task, problems, tail, reason }) {
    const lines = problems.slice(0, FIRST).map((problem) => `${summary_placeOf(problem)}: ${problem.message}`);
    const shownLines = lines.length > 0 ? lines : tail;
    const title = (0,markdown/* markdown */.wD)(`${(0,markdown/* code */.aY)(task.id)} ${(0,markdown/* text */.Qq)(reason ?? 'failed')}`);
    if (shownLines.length === 0)
        return (0,markdown/* paragraphs */.qN)([title, (0,markdown/* markdown */.wD)('It printed nothing that says why.')]);
    const rest = problems.length > FIRST ? ` The first ${FIRST} of ${problems.length}:` : '';
    return (0,markdown/* details */.zH)((0,markdown/* markdown */.wD)(`${title}.${rest}`), (0,markdown/* codeBlock */.DV)(shownLines.join('\n')));
}
function timeline(results) {
    const ran = results.filter(({ result, duration }) => result !== 'skipped' && duration > 0).slice(0, 60);
    if (ran.length === 0)
        return (0,markdown/* markdown */.wD)('');
    const bars = ran.map(({ task, result, start, duration }) => {
        const name = task.id.replace(/[^\w./@-]/g, ' ');
        const mark = result === 'passed' ? 'done' : 'crit';
        return `  ${name} (${(0,kinds/* durationText */.S5)(duration)}) :${mark}, ${Math.round(start)}, ${Math.max(1, Math.round(duration))}ms`;
    });
    const chart = ['gantt', '  dateFormat x', '  axisFormat %M:%S', '  title When each task ran', ...bars];
    return (0,markdown/* details */.zH)((0,markdown/* markdown */.wD)('Timeline'), (0,markdown/* markdown */.wD)(`\n\`\`\`mermaid\n${chart.join('\n')}\n\`\`\`\n`));
}

// EXTERNAL MODULE: ./src/gate/tasks.js
var gate_tasks = __webpack_require__(8104);
;// CONCATENATED MODULE: ./src/gate/run.js











async function run(inputs, context) {
    const { workspace, log } = context;
    const plan = await (0,plan_plan/* planRepository */._)({ workspace, workingDirectory: inputs.workingDirectory });
    const tasks = (0,gate_tasks/* selectTasks */.nR)(plan.tasks, inputs.tasks, { ...inputs, workspace });
    await checkPreconditions((0,external_node_path_.resolve)(workspace, plan.root), tasks);
    const results = await runGate(tasks, {
        ...context,
        environment: (0,runtime_environment/* projectEnvironment */.I)(context.environment, Object.fromEntries(inputs.env ?? [])),
        packages: new Map(plan.packages.map(({ name, directory }) => [name, directory])),
        concurrency: inputs.concurrency ?? Math.max(4, (0,external_node_os_.availableParallelism)()),
        failFast: inputs.failFast,
        compose: inputs.compose,
    });
    annotateProblems(results, log);
    const failure = gateFailure(results);
    if (failure !== undefined)
        context.summarize(gateSummary(results, failure.faults[0].what));
    return {
        outputs: { passed: failure === undefined, results: reportedResults(results, (0,gate_tasks/* switchedOff */.dw)(plan.tasks, tasks)) },
        failure,
    };
}
async function post({ state, environment, log }) {
    const project = state('compose-project');
    if (project !== '')
        await takeDown(project, { environment, interrupted: true, say: log.info });
}


/***/ })

};

