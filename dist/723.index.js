export const id = 723;
export const ids = [723];
export const modules = {

/***/ 6762:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   Ab: () => (/* binding */ STAND_IN_REPOSITORY),
/* harmony export */   DG: () => (/* binding */ BUNDLE_REF),
/* harmony export */   EY: () => (/* binding */ BUNDLE_REPOSITORY),
/* harmony export */   P7: () => (/* binding */ actAction),
/* harmony export */   Wj: () => (/* binding */ tokenInputsOf),
/* harmony export */   cE: () => (/* binding */ actJob),
/* harmony export */   d_: () => (/* binding */ LABEL),
/* harmony export */   sr: () => (/* binding */ STAND_INS)
/* harmony export */ });
/* unused harmony export actTarget */
/* harmony import */ var _expressions_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(4363);
/* harmony import */ var _output_files_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(6089);
/* harmony import */ var _usage_error_js__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(3040);
/* harmony import */ var _workflow_file_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(1694);




const BUNDLE_REPOSITORY = 'org/pipelines';
const BUNDLE_REF = 'v1';
const STAND_IN_REPOSITORY = 'org/stand-ins';
const STAND_INS = ['checkout', 'upload-artifact', 'download-artifact'];
const LABEL = 'ubuntu-latest';
const KEPT = ['needs', 'if', 'env', 'defaults', 'outputs', 'container', 'services'];
function actJob(job, key, surroundings) {
    const kept = Object.fromEntries(KEPT.filter((name) => job[name] !== undefined).map((name) => [name, job[name]]));
    const strategy = (0,_workflow_file_js__WEBPACK_IMPORTED_MODULE_0__/* .isMap */ .jh)(job['strategy']) ? { strategy: { ...job['strategy'], 'max-parallel': 1 } } : {};
    const work = Array.isArray(job['steps'])
        ? {
            'runs-on': LABEL,
            env: { ...(0,_workflow_file_js__WEBPACK_IMPORTED_MODULE_0__/* .mapOf */ .A7)(job['env']), RUNNER_NAME: `local ${key}` },
            steps: job['steps'].map((step) => actStep((0,_workflow_file_js__WEBPACK_IMPORTED_MODULE_0__/* .mapOf */ .A7)(step), surroundings)),
        }
        : Object.fromEntries(['with', 'secrets'].filter((n) => job[n] !== undefined).map((n) => [n, job[n]]));
    return (0,_workflow_file_js__WEBPACK_IMPORTED_MODULE_0__/* .mapOf */ .A7)(rewritten({ name: key, ...kept, ...strategy, ...work }, surroundings, ''));
}
function actStep(step, surroundings) {
    const { name: _name, ...rest } = step;
    const named = { name: stepName(step), ...rest };
    const uses = (0,_workflow_file_js__WEBPACK_IMPORTED_MODULE_0__/* .textOf */ .b6)(step['uses']);
    if (uses === '') {
        const command = (0,_output_files_js__WEBPACK_IMPORTED_MODULE_1__/* .shellCommand */ .q$)((0,_workflow_file_js__WEBPACK_IMPORTED_MODULE_0__/* .textOf */ .b6)(step['shell']) || surroundings.shell);
        return { ...named, shell: `${(0,_output_files_js__WEBPACK_IMPORTED_MODULE_1__/* .quoted */ .TL)(surroundings.wrapper)} ${command}` };
    }
    const target = actTarget(uses);
    const tokens = (surroundings.tokenInputs.get(target.action) ?? []).filter((n) => !(n in (0,_workflow_file_js__WEBPACK_IMPORTED_MODULE_0__/* .mapOf */ .A7)(step['with'])));
    const supplied = Object.fromEntries(tokens.map((input) => [input, surroundings.token]));
    return {
        ...named,
        uses: target.uses,
        with: { ...supplied, ...(0,_workflow_file_js__WEBPACK_IMPORTED_MODULE_0__/* .mapOf */ .A7)(step['with']) },
        env: { ...surroundings.actionEnvironment, ...(0,_workflow_file_js__WEBPACK_IMPORTED_MODULE_0__/* .mapOf */ .A7)(step['env']) },
    };
}
function stepName(step) {
    const given = (0,_workflow_file_js__WEBPACK_IMPORTED_MODULE_0__/* .textOf */ .b6)(step['name']);
    if (given !== '')
        return given;
    const uses = (0,_workflow_file_js__WEBPACK_IMPORTED_MODULE_0__/* .textOf */ .b6)(step['uses']);
    return `Run ${uses !== '' ? uses : ((0,_workflow_file_js__WEBPACK_IMPORTED_MODULE_0__/* .textOf */ .b6)(step['run']).split('\n', 1)[0] ?? '')}`;
}
function actTarget(uses) {
    const standIn = STAND_INS.find((name) => uses.startsWith(`actions/${name}@`));
    if (standIn !== undefined)
        return { uses: `${STAND_IN_REPOSITORY}/${standIn}@${BUNDLE_REF}`, action: '' };
    const own = /^\$\/(.*)$/.exec(uses) ?? /^[^/@\s]+\/pipelines(?:\/([^@]*))?@.+$/.exec(uses);
    if (own === null)
        return { uses, action: '' };
    const action = (own[1] ?? '').replace(/\/$/, '');
    const path = action === '' || action === '.' ? '' : `/${action}`;
    return { uses: `${BUNDLE_REPOSITORY}${path}@${BUNDLE_REF}`, action: path === '' ? '.' : action };
}
function rewritten(value, surroundings, key) {
    if (typeof value === 'string') {
        if ((0,_expressions_js__WEBPACK_IMPORTED_MODULE_2__/* .calls */ .Kr)(key === 'if' && !value.includes('${{') ? `\${{${value}}}` : value, 'case')) {
            throw new _usage_error_js__WEBPACK_IMPORTED_MODULE_3__/* .UsageError */ .eb(`${surroundings.label} uses case(), which act 0.2.89 does not know: write && and ||`);
        }
        return key === 'if' && !value.includes('${{')
            ? (0,_expressions_js__WEBPACK_IMPORTED_MODULE_2__/* .substituteBare */ .zF)(value, surroundings.substitutions)
            : (0,_expressions_js__WEBPACK_IMPORTED_MODULE_2__/* .substitute */ .V2)(value, surroundings.substitutions);
    }
    if (Array.isArray(value))
        return value.map((item) => rewritten(item, surroundings, ''));
    if (!(0,_workflow_file_js__WEBPACK_IMPORTED_MODULE_0__/* .isMap */ .jh)(value))
        return value;
    return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, rewritten(item, surroundings, name)]));
}
function actAction(action) {
    const runs = (0,_workflow_file_js__WEBPACK_IMPORTED_MODULE_0__/* .mapOf */ .A7)(action['runs']);
    if (!Array.isArray(runs['steps']))
        return action;
    const steps = runs['steps'].map((step) => {
        const map = (0,_workflow_file_js__WEBPACK_IMPORTED_MODULE_0__/* .mapOf */ .A7)(step);
        const uses = (0,_workflow_file_js__WEBPACK_IMPORTED_MODULE_0__/* .textOf */ .b6)(map['uses']);
        return uses === '' ? map : { ...map, uses: actTarget(uses).uses };
    });
    return { ...action, runs: { ...runs, steps } };
}
function tokenInputsOf(action) {
    return Object.entries((0,_workflow_file_js__WEBPACK_IMPORTED_MODULE_0__/* .mapOf */ .A7)(action['inputs']))
        .filter(([, input]) => /\$\{\{\s*github\.token\s*\}\}/.test((0,_workflow_file_js__WEBPACK_IMPORTED_MODULE_0__/* .textOf */ .b6)((0,_workflow_file_js__WEBPACK_IMPORTED_MODULE_0__/* .mapOf */ .A7)(input)['default'])))
        .map(([name]) => name);
}


/***/ }),

/***/ 6991:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   QJ: () => (/* binding */ copyBundle),
/* harmony export */   gd: () => (/* binding */ workflowNames),
/* harmony export */   tg: () => (/* binding */ openWorkflows)
/* harmony export */ });
/* harmony import */ var node_fs_promises__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(1455);
/* harmony import */ var node_path__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(6760);
/* harmony import */ var yaml__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(6637);
/* harmony import */ var _act_job_js__WEBPACK_IMPORTED_MODULE_5__ = __webpack_require__(6762);
/* harmony import */ var _usage_error_js__WEBPACK_IMPORTED_MODULE_4__ = __webpack_require__(3040);
/* harmony import */ var _workflow_file_js__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(1694);






async function copyBundle(bundle, target) {
    const code = (0,node_path__WEBPACK_IMPORTED_MODULE_1__.join)(target, 'code', 'dist');
    const folder = (0,node_path__WEBPACK_IMPORTED_MODULE_1__.join)(target, 'repository');
    await (0,node_fs_promises__WEBPACK_IMPORTED_MODULE_0__.mkdir)(folder, { recursive: true });
    if (await isFolder((0,node_path__WEBPACK_IMPORTED_MODULE_1__.join)(bundle, 'dist')))
        await (0,node_fs_promises__WEBPACK_IMPORTED_MODULE_0__.cp)((0,node_path__WEBPACK_IMPORTED_MODULE_1__.join)(bundle, 'dist'), code, { recursive: true });
    else
        await (0,node_fs_promises__WEBPACK_IMPORTED_MODULE_0__.mkdir)(code, { recursive: true });
    await (0,node_fs_promises__WEBPACK_IMPORTED_MODULE_0__.symlink)(code, (0,node_path__WEBPACK_IMPORTED_MODULE_1__.join)(folder, 'dist'));
    const tokenInputs = new Map();
    const names = (await isFolder((0,node_path__WEBPACK_IMPORTED_MODULE_1__.join)(bundle, 'actions'))) ? await (0,node_fs_promises__WEBPACK_IMPORTED_MODULE_0__.readdir)((0,node_path__WEBPACK_IMPORTED_MODULE_1__.join)(bundle, 'actions')) : [];
    for (const action of ['.', ...names.map((name) => `actions/${name}`)]) {
        const text = await (0,node_fs_promises__WEBPACK_IMPORTED_MODULE_0__.readFile)((0,node_path__WEBPACK_IMPORTED_MODULE_1__.join)(bundle, action, 'action.yml'), 'utf8').catch((error) => {
            if (error.code === 'ENOENT' || error.code === 'ENOTDIR')
                return undefined;
            throw error;
        });
        if (text === undefined)
            continue;
        const parsed = (0,yaml__WEBPACK_IMPORTED_MODULE_2__.parse)(text);
        if (!(0,_workflow_file_js__WEBPACK_IMPORTED_MODULE_3__/* .isMap */ .jh)(parsed))
            throw new _usage_error_js__WEBPACK_IMPORTED_MODULE_4__/* .UsageError */ .eb(`${(0,node_path__WEBPACK_IMPORTED_MODULE_1__.join)(action, 'action.yml')} is no action: it holds no mapping`);
        tokenInputs.set(action, (0,_act_job_js__WEBPACK_IMPORTED_MODULE_5__/* .tokenInputsOf */ .Wj)(parsed));
        await (0,node_fs_promises__WEBPACK_IMPORTED_MODULE_0__.mkdir)((0,node_path__WEBPACK_IMPORTED_MODULE_1__.join)(folder, action), { recursive: true });
        await (0,node_fs_promises__WEBPACK_IMPORTED_MODULE_0__.writeFile)((0,node_path__WEBPACK_IMPORTED_MODULE_1__.join)(folder, action, 'action.yml'), JSON.stringify((0,_act_job_js__WEBPACK_IMPORTED_MODULE_5__/* .actAction */ .P7)(parsed), undefined, 1));
    }
    return { folder, tokenInputs };
}
async function workflowNames(bundle) {
    const folder = (0,node_path__WEBPACK_IMPORTED_MODULE_1__.join)(bundle, '.github', 'workflows');
    if (!(await isFolder(folder)))
        throw new _usage_error_js__WEBPACK_IMPORTED_MODULE_4__/* .UsageError */ .eb(`${(0,node_path__WEBPACK_IMPORTED_MODULE_1__.resolve)(bundle)} is no bundle: it has no .github/workflows`);
    return (await (0,node_fs_promises__WEBPACK_IMPORTED_MODULE_0__.readdir)(folder)).filter((name) => /\.ya?ml$/.test(name)).sort();
}
async function openWorkflows(bundle) {
    const names = await workflowNames(bundle);
    const texts = new Map();
    for (const name of names)
        texts.set(name, await (0,node_fs_promises__WEBPACK_IMPORTED_MODULE_0__.readFile)((0,node_path__WEBPACK_IMPORTED_MODULE_1__.join)(bundle, '.github', 'workflows', name), 'utf8'));
    return (name) => {
        const text = texts.get(name);
        if (text === undefined)
            throw new _usage_error_js__WEBPACK_IMPORTED_MODULE_4__/* .UsageError */ .eb(missingWorkflow(name, names));
        return (0,_workflow_file_js__WEBPACK_IMPORTED_MODULE_3__/* .parseWorkflow */ .hM)(text, `.github/workflows/${name}`);
    };
}
function missingWorkflow(name, names) {
    const callable = names.filter((candidate) => !candidate.startsWith('ci-'));
    return `there is no workflow "${name}"${(0,_usage_error_js__WEBPACK_IMPORTED_MODULE_4__/* .suggestion */ .h)(name, callable)}: the bundle has ${callable.join(', ')}`;
}
async function isFolder(path) {
    return (await (0,node_fs_promises__WEBPACK_IMPORTED_MODULE_0__.stat)(path).catch(() => undefined))?.isDirectory() === true;
}


/***/ }),

/***/ 2722:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  X: () => (/* binding */ createDisplay)
});

;// CONCATENATED MODULE: ./src/local/terminal-text.js
const CODES = {
    plain: undefined,
    bold: [1, 22],
    dim: [2, 22],
    italic: [3, 23],
    strike: [9, 29],
    code: [36, 39],
    red: [31, 39],
    green: [32, 39],
    yellow: [33, 39],
    blue: [34, 39],
};
function styled(text, style, { hasColours }) {
    const codes = CODES[style];
    return codes === undefined || !hasColours || text === '' ? text : `\u001b[${codes[0]}m${text}\u001b[${codes[1]}m`;
}
function render(spans, terminal) {
    return spans.map(({ text, style }) => styled(text, style, terminal)).join('');
}
function plain(text) {
    return text === '' ? [] : [{ text, style: 'plain' }];
}
const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' });
const WIDE = /^(?:\p{Emoji_Presentation}|.\ufe0f|\p{Script=Han}|\p{Script=Hiragana}|\p{Script=Katakana}|\p{Script=Hangul}|[\u3000-\u303e\uff01-\uff60\uffe0-\uffe6])/u;
const NO_WIDTH = /^[\p{Mn}\p{Me}\p{Cf}\u0000-\u001f\u007f-\u009f]/u;
function widthOf(text) {
    if (/^[\u0020-\u007e]*$/.test(text))
        return text.length;
    let width = 0;
    for (const { segment } of segmenter.segment(text))
        width += WIDE.test(segment) ? 2 : NO_WIDTH.test(segment) ? 0 : 1;
    return width;
}
function spansWidth(spans) {
    return spans.reduce((total, { text }) => total + widthOf(text), 0);
}
function wrap(spans, width) {
    const lines = [[]];
    let used = 0;
    for (const word of spans.flatMap((span) => words(span, width))) {
        const size = widthOf(word.text);
        const isBreak = word.text === '\n';
        if (isBreak || (used > 0 && used + size > width)) {
            lines.push([]);
            used = 0;
            if (word.text.trim() === '')
                continue;
        }
        lines.at(-1)?.push(word);
        used += size;
    }
    return lines.map(trimEnd);
}
function words({ text, style }, width) {
    return text
        .split(/(\n|[^\S\n]+)/)
        .filter((part) => part !== '')
        .flatMap((part) => pieces(part, width))
        .map((piece) => ({ text: piece, style }));
}
function pieces(word, width) {
    if (widthOf(word) <= width)
        return [word];
    const result = [];
    let current = '';
    let used = 0;
    for (const { segment } of segmenter.segment(word)) {
        const size = widthOf(segment);
        if (current !== '' && used + size > width) {
            result.push(current);
            current = '';
            used = 0;
        }
        current += segment;
        used += size;
    }
    return [...result, current];
}
function trimEnd(line) {
    const last = line.at(-1);
    if (last === undefined || last.text.trimEnd() === last.text)
        return line;
    const text = last.text.trimEnd();
    return text === '' ? trimEnd(line.slice(0, -1)) : [...line.slice(0, -1), { ...last, text }];
}
function shorten(text, width) {
    if (widthOf(text) <= width)
        return text;
    let result = '';
    for (const { segment } of segmenter.segment(text)) {
        if (widthOf(result + segment) > width - 1)
            break;
        result += segment;
    }
    return `${result}…`;
}
function lastWritten(line) {
    const text = line.replace(/\r+$/, '');
    return text.slice(text.lastIndexOf('\r') + 1);
}
function safeText(text, { hasColours }) {
    const sequence = /\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)?|[ -/]*[0-~])/g;
    return text
        .replaceAll(sequence, (found) => (hasColours && /^\u001b\[[\d;]*m$/.test(found) ? found : ''))
        .split('\n')
        .map(lastWritten)
        .join('\n')
        .replaceAll(/[\u0000-\u0008\u000b-\u001a\u001c-\u001f\u007f-\u009f]/g, '')
        .replaceAll(hasColours ? /\u001b(?!\[[\d;]*m)/g : /\u001b/g, '');
}

;// CONCATENATED MODULE: ./src/local/gantt.js

function renderGantt(source, terminal) {
    const lines = source.split('\n').map((line) => line.trim());
    if (lines.find((line) => line !== '' && !line.startsWith('%%') && line !== '---') !== 'gantt')
        return undefined;
    const bars = lines.map(parseBar).filter((bar) => bar !== undefined);
    if (bars.length === 0)
        return undefined;
    const unit = /^dateFormat\s+X$/m.test(lines.join('\n')) ? 1 : 1_000;
    const first = Math.min(...bars.map(({ start }) => start));
    const last = Math.max(...bars.map(({ end }) => end), first + 1);
    const nameWidth = Math.min(30, Math.max(...bars.map(({ name }) => widthOf(name))));
    const space = Math.max(10, Math.min(60, terminal.width - nameWidth - 14));
    return bars.map(({ name, start, end, tags }) => {
        const from = Math.round(((start - first) / (last - first)) * space);
        const length = Math.max(1, Math.round(((end - start) / (last - first)) * space));
        const label = shorten(name, nameWidth);
        const bar = `${' '.repeat(Math.min(from, space - 1))}${'█'.repeat(Math.min(length, space - Math.min(from, space - 1)))}`;
        const seconds = `${((end - start) / unit).toFixed(1)} s`;
        const padding = ' '.repeat(nameWidth - widthOf(label));
        return `${label}${padding}  ${styled(bar.padEnd(space), styleOf(tags), terminal)} ${seconds.padStart(8)}`;
    });
}
function parseBar(line) {
    const match = /^(.+?)\s*:\s*([^:]*)$/.exec(line);
    if (match === null)
        return undefined;
    const fields = (match[2] ?? '').split(',').map((field) => field.trim());
    const start = Number(fields.at(-2));
    const finish = fields.at(-1) ?? '';
    const duration = /^([\d.]+)(ms|s|m)$/.exec(finish);
    const factor = { ms: 1, s: 1_000, m: 60_000 }[duration?.[2]] ?? 0;
    const end = duration === null ? Number(finish) : start + Number(duration[1]) * factor;
    if (fields.length < 2 || !Number.isFinite(start) || !Number.isFinite(end) || finish === '')
        return undefined;
    const name = (match[1] ?? '').replaceAll('#colon;', ':').replaceAll('#35;', '#');
    return { name, start, end: Math.max(start, end), tags: fields.slice(0, -2) };
}
function styleOf(tags) {
    if (tags.includes('crit'))
        return 'red';
    return tags.includes('done') ? 'green' : 'blue';
}

;// CONCATENATED MODULE: ./src/local/markdown-inline.js
const SHORTCODES = {
    white_check_mark: '✅',
    heavy_check_mark: '✔️',
    x: '❌',
    warning: '⚠️',
    rocket: '🚀',
    information_source: 'ℹ️',
    no_entry: '⛔',
    hourglass: '⌛',
    fast_forward: '⏩',
    grey_question: '❔',
};
const ENTITIES = {
    amp: '&',
    lt: '<',
    gt: '>',
    quot: '"',
    apos: "'",
    nbsp: ' ',
    mdash: '—',
    ndash: '–',
    hellip: '…',
    rarr: '→',
    check: '✓',
};
const MARKS = [
    [/^(\*\*|__)(?=\S)([\s\S]*?\S)\1/, 'bold'],
    [/^(~~)(?=\S)([\s\S]*?\S)\1/, 'strike'],
    [/^(\*)(?=[^\s*])([\s\S]*?[^\s*])\1(?!\*)/, 'italic'],
    [/^(_)(?=[^\s_])([\s\S]*?[^\s_])\1(?![\w_])/, 'italic'],
];
const TAG_STYLES = {
    b: 'bold',
    strong: 'bold',
    i: 'italic',
    em: 'italic',
    code: 'code',
    kbd: 'code',
    samp: 'code',
    del: 'strike',
    s: 'strike',
};
const LONGEST = 5_000;
function inline(source, style = 'plain') {
    if (source.length > LONGEST)
        return [{ text: source, style }];
    const spans = [];
    let text = '';
    const flush = () => {
        if (text !== '')
            spans.push({ text: entities(text), style });
        text = '';
    };
    for (let rest = source; rest !== '';) {
        const token = nextToken(rest, text, style);
        if (token === undefined) {
            text += rest[0];
            rest = rest.slice(1);
            continue;
        }
        flush();
        spans.push(...token.spans);
        rest = rest.slice(token.length);
    }
    flush();
    return spans;
}
function nextToken(rest, before, style) {
    const first = rest[0] ?? '';
    if (!'\\`*_~[!<:'.includes(first))
        return undefined;
    const escaped = /^\\([!-/:-@[-`{-~])/.exec(rest);
    if (escaped !== null)
        return { spans: [{ text: escaped[1] ?? '', style }], length: 2 };
    if (first === '`')
        return code(rest, style);
    return markdown_inline_link(rest, style) ?? html(rest, style) ?? shortcode(rest, style) ?? marked(rest, before);
}
function code(rest, style) {
    const mark = /^`+/.exec(rest)?.[0] ?? '`';
    for (const run of rest.slice(mark.length).matchAll(/`+/g)) {
        if (run[0].length !== mark.length)
            continue;
        const end = mark.length + run.index;
        return { spans: [{ text: codeText(rest.slice(mark.length, end)), style: 'code' }], length: end + mark.length };
    }
    return { spans: [{ text: mark, style }], length: mark.length };
}
function codeText(text) {
    return /^ .*[^ ].* $/s.test(text) ? text.slice(1, -1) : text;
}
function markdown_inline_link(rest, style) {
    const image = /^!\[([^\]]*)\]\([^)]*\)/.exec(rest);
    if (image !== null)
        return { spans: inline(image[1] ?? '', style), length: image[0].length };
    const match = /^\[((?:[^[\]\\]|\\.|\[[^\]]*\])*)\]\(\s*<?([^)\s>]*)>?(?:\s+"[^"]*")?\s*\)/.exec(rest);
    if (match !== null)
        return { spans: linked(inline(match[1] ?? '', style), match[2] ?? ''), length: match[0].length };
    const auto = /^<(https?:\/\/[^>\s]+)>/.exec(rest);
    if (auto !== null)
        return { spans: [{ text: auto[1] ?? '', style: 'blue' }], length: auto[0].length };
    return undefined;
}
function linked(label, target) {
    const text = label.map((span) => span.text).join('');
    if (target === '' || target.startsWith('#') || text === target)
        return label;
    return [...label, { text: ` (${target})`, style: 'dim' }];
}
function html(rest, style) {
    const comment = /^<!--[\s\S]*?-->/.exec(rest);
    if (comment !== null)
        return { spans: [], length: comment[0].length };
    const br = /^<br\s*\/?>/i.exec(rest);
    if (br !== null)
        return { spans: [{ text: '\n', style }], length: br[0].length };
    const anchor = /^<a\s[^>]*?href="([^"]*)"[^>]*>([\s\S]*?)<\/a>/i.exec(rest);
    if (anchor !== null)
        return { spans: linked(inline(anchor[2] ?? '', style), anchor[1] ?? ''), length: anchor[0].length };
    const paired = /^<(\w+)(?:\s[^>]*)?>([\s\S]*?)<\/\1>/.exec(rest);
    const tagStyle = TAG_STYLES[paired?.[1]?.toLowerCase() ?? ''];
    if (paired !== null && tagStyle !== undefined) {
        return { spans: inline(paired[2] ?? '', tagStyle), length: paired[0].length };
    }
    const tag = /^<\/?[A-Za-z][\w-]*(?:\s[^<>]*)?\/?>/.exec(rest);
    return tag === null ? undefined : { spans: [], length: tag[0].length };
}
function shortcode(rest, style) {
    const match = /^:(\w+):/.exec(rest);
    const emoji = SHORTCODES[match?.[1] ?? ''];
    return match === null || emoji === undefined
        ? undefined
        : { spans: [{ text: emoji, style }], length: match[0].length };
}
function marked(rest, before) {
    if (rest.startsWith('_') && /\w$/.test(before))
        return undefined;
    for (const [pattern, style] of MARKS) {
        const match = pattern.exec(rest);
        if (match !== null)
            return { spans: inline(match[2] ?? '', style), length: match[0].length };
    }
    return undefined;
}
function entities(text) {
    return text.replaceAll(/&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|(\w+));/gi, (whole, decimal, hex, name) => {
        const point = decimal !== undefined ? Number(decimal) : hex !== undefined ? Number.parseInt(hex, 16) : undefined;
        if (point !== undefined)
            return point >= 0x20 && point <= 0x10ffff ? String.fromCodePoint(point) : '';
        return ENTITIES[name] ?? whole;
    });
}

;// CONCATENATED MODULE: ./src/local/render-table.js

const NARROWEST = 6;
function renderTable(table, terminal) {
    const count = Math.max(table.header.length, ...table.rows.map((row) => row.length));
    const natural = Array.from({ length: count }, (_, column) => Math.max(1, ...[table.header, ...table.rows].map((row) => widestLine(row[column] ?? []))));
    const widths = fittingWidths(natural, terminal.width - 3 * count - 1);
    const border = (left, middle, right) => styled(`${left}${widths.map((width) => '─'.repeat(width + 2)).join(middle)}${right}`, 'dim', terminal);
    const header = table.header.map((cell) => cell.map((span) => ({ ...span, style: 'bold' })));
    const hasHeader = header.some((cell) => cell.length > 0);
    return [
        border('┌', '┬', '┐'),
        ...(hasHeader ? [...rowLines(header, widths, table.alignments, terminal), border('├', '┼', '┤')] : []),
        ...table.rows.flatMap((row) => rowLines(row, widths, table.alignments, terminal)),
        border('└', '┴', '┘'),
    ];
}
function widestLine(cell) {
    return Math.max(0, ...wrap(cell, Number.POSITIVE_INFINITY).map(spansWidth));
}
function fittingWidths(natural, available) {
    const widths = [...natural];
    for (let excess = sum(widths) - available; excess > 0; excess = sum(widths) - available) {
        const widest = Math.max(...widths);
        if (widest <= NARROWEST)
            break;
        const second = Math.max(NARROWEST, ...widths.filter((width) => width < widest));
        const tied = widths.filter((width) => width === widest).length;
        const step = Math.max(1, Math.min(widest - second || 1, Math.ceil(excess / tied)));
        for (const [index, width] of widths.entries())
            if (width === widest)
                widths[index] = Math.max(NARROWEST, width - step);
    }
    return widths;
}
function sum(numbers) {
    return numbers.reduce((total, number) => total + number, 0);
}
function rowLines(row, widths, alignments, terminal) {
    const cells = widths.map((width, column) => wrap(row[column] ?? [], width));
    const height = Math.max(1, ...cells.map((lines) => lines.length));
    const bar = styled('│', 'dim', terminal);
    return Array.from({ length: height }, (_, line) => {
        const parts = widths.map((width, column) => {
            const spans = cells[column]?.[line] ?? [];
            const space = Math.max(0, width - spansWidth(spans));
            const alignment = alignments[column] ?? 'left';
            const before = alignment === 'right' ? space : alignment === 'centre' ? Math.floor(space / 2) : 0;
            return ` ${' '.repeat(before)}${render(spans, terminal)}${' '.repeat(space - before)} `;
        });
        return `${bar}${parts.join(bar)}${bar}`;
    });
}

;// CONCATENATED MODULE: ./src/local/render-summary.js




const LONGEST_DETAILS = 40;
function renderSummary(markdown, terminal) {
    const source = safeText(markdown, { hasColours: false }).replaceAll(/<!--[\s\S]*?-->/g, '');
    const lines = blocks(source.split('\n'), terminal);
    const single = lines.filter((line, index) => line !== '' || (index > 0 && lines[index - 1] !== ''));
    return single.at(-1) === '' ? single.slice(0, -1) : single;
}
function blocks(lines, terminal) {
    const result = [];
    const readers = [fence, details, htmlTable, pipeTable, heading, rule, quote, listItem];
    for (let index = 0; index < lines.length;) {
        const rest = lines.slice(index);
        if ((rest[0] ?? '').trim() === '') {
            result.push('');
            index += 1;
            continue;
        }
        const block = readers.map((read) => read(rest, terminal)).find((read) => read !== undefined) ?? paragraph(rest, terminal);
        result.push(...block.lines);
        index += block.taken;
    }
    return result;
}
function fence(lines, terminal) {
    const open = /^\s{0,3}(`{3,}|~{3,})\s*(\w*)/.exec(lines[0] ?? '');
    if (open === null)
        return undefined;
    const mark = open[1] ?? '```';
    const end = lines.findIndex((line, index) => index > 0 && line.trim().startsWith(mark) && /^[`~]+$/.test(line.trim()));
    const body = lines.slice(1, end === -1 ? undefined : end);
    const taken = end === -1 ? lines.length : end + 1;
    if (open[2] === 'mermaid') {
        const chart = renderGantt(body.join('\n'), terminal) ?? [styled('(a diagram, drawn on GitHub)', 'dim', terminal)];
        return { lines: ['', ...chart, ''], taken };
    }
    return { lines: ['', ...body.map((line) => `    ${styled(line, 'code', terminal)}`), ''], taken };
}
function details(lines, terminal) {
    if (!/^\s*<details\b/i.test(lines[0] ?? ''))
        return undefined;
    let depth = 0;
    const end = lines.findIndex((line) => {
        depth += (line.match(/<details\b/gi) ?? []).length - (line.match(/<\/details>/gi) ?? []).length;
        return depth <= 0;
    });
    const taken = end === -1 ? lines.length : end + 1;
    const whole = lines
        .slice(0, taken)
        .join('\n')
        .replace(/^\s*<details[^>]*>/i, '')
        .replace(/<\/details>\s*$/i, '');
    const summary = /<summary[^>]*>([\s\S]*?)<\/summary>/i.exec(whole);
    const body = blocks(whole.replace(summary?.[0] ?? '', '').split('\n'), { ...terminal, width: terminal.width - 2 });
    const shown = body.filter((line, index) => line !== '' || (index > 0 && body[index - 1] !== ''));
    const cut = shown.length > LONGEST_DETAILS ? [styled(`… ${shown.length - LONGEST_DETAILS} more lines`, 'dim', terminal)] : [];
    const title = `▸ ${render(inline((summary?.[1] ?? 'Details').trim()), terminal)}`;
    return {
        lines: ['', title, ...[...shown.slice(0, LONGEST_DETAILS), ...cut].map((line) => `  ${line}`.trimEnd()), ''],
        taken,
    };
}
function htmlTable(lines, terminal) {
    if (!/^\s*<table\b/i.test(lines[0] ?? ''))
        return undefined;
    const end = lines.findIndex((line) => /<\/table>/i.test(line));
    const taken = end === -1 ? lines.length : end + 1;
    const source = lines.slice(0, taken).join('\n');
    const rows = [...source.matchAll(/<tr\b[^>]*>([\s\S]*?)(?:<\/tr>|(?=<tr\b)|<\/table>)/gi)].map((row) => [...(row[1] ?? '').matchAll(/<(t[hd])\b[^>]*>([\s\S]*?)(?=<t[hd]\b|<\/t[hd]>|<\/tr>|$)/gi)].map((cell) => ({
        isHeader: cell[1]?.toLowerCase() === 'th',
        content: inline((cell[2] ?? '').trim()),
    })));
    const first = rows[0] ?? [];
    const hasHeader = first.length > 0 && first.every(({ isHeader }) => isHeader);
    const contents = rows.map((row) => row.map(({ content }) => content));
    const table = {
        header: hasHeader ? (contents[0] ?? []) : [],
        rows: hasHeader ? contents.slice(1) : contents,
        alignments: [],
    };
    return { lines: ['', ...renderTable(table, terminal), ''], taken };
}
function pipeTable(lines, terminal) {
    const [header = '', delimiter = ''] = lines;
    if (!header.includes('|') || !/^\s*\|?\s*:?-+:?\s*(\|\s*:?-+:?\s*)*\|?\s*$/.test(delimiter))
        return undefined;
    const heads = cells(header);
    const alignments = splitRow(delimiter).map((cell) => {
        const mark = cell.trim();
        if (mark.endsWith(':'))
            return mark.startsWith(':') ? 'centre' : 'right';
        return 'left';
    });
    if (alignments.length !== heads.length)
        return undefined;
    const end = lines.findIndex((line, index) => index > 1 && (line.trim() === '' || !line.includes('|')));
    const taken = end === -1 ? lines.length : end;
    const rows = lines.slice(2, taken).map(cells);
    return { lines: ['', ...renderTable({ header: heads, rows, alignments }, terminal), ''], taken };
}
function cells(row) {
    return splitRow(row).map((cell) => inline(cell.trim().replaceAll('\\|', '|')));
}
function splitRow(row) {
    return row
        .trim()
        .replace(/^\|/, '')
        .replace(/(?<!\\)\|$/, '')
        .split(/(?<!\\)\|/);
}
function heading(lines, terminal) {
    const match = /^\s{0,3}(#{1,6})\s+(.*?)\s*#*\s*$/.exec(lines[0] ?? '') ??
        /^\s*<(h[1-6])\b[^>]*>(.*?)<\/h[1-6]>/i.exec(lines[0] ?? '');
    if (match === null)
        return undefined;
    const spans = inline(match[2] ?? '').map((span) => (span.style === 'plain' ? { ...span, style: 'bold' } : span));
    return { lines: ['', ...wrap(spans, terminal.width).map((line) => render(line, terminal)), ''], taken: 1 };
}
function rule(lines, terminal) {
    if (!/^\s{0,3}(?:(?:-\s*){3,}|(?:\*\s*){3,}|(?:_\s*){3,}|<hr\s*\/?>)\s*$/.test(lines[0] ?? ''))
        return undefined;
    return { lines: ['', styled('─'.repeat(Math.min(40, terminal.width)), 'dim', terminal), ''], taken: 1 };
}
function quote(lines, terminal) {
    if (!/^\s{0,3}>/.test(lines[0] ?? ''))
        return undefined;
    const end = lines.findIndex((line) => !/^\s{0,3}>/.test(line));
    const taken = end === -1 ? lines.length : end;
    const body = lines.slice(0, taken).map((line) => line.replace(/^\s{0,3}>\s?/, ''));
    const titled = body
        .map((line) => line.replace(/^\[!(\w+)\]\s*$/, (_whole, kind) => `**${kind}**\n`))
        .flatMap((line) => line.split('\n'));
    const bar = styled('┃', 'dim', terminal);
    const inner = blocks(titled, { ...terminal, width: terminal.width - 2 }).filter((line) => line !== '');
    return { lines: ['', ...inner.map((line) => `${bar} ${line}`), ''], taken };
}
function listItem(lines, terminal) {
    const match = /^(\s*)([-*+]|\d{1,9}[.)])\s+(?:\[([ xX])\]\s+)?(.*)$/.exec(lines[0] ?? '');
    if (match === null)
        return undefined;
    const [, indent = '', bullet = '', box, first = ''] = match;
    const end = lines.findIndex((line, index) => index > 0 && !/^\s{2,}[^\s\-*+\d|<>]/.test(line));
    const taken = end === -1 ? lines.length : end;
    const text = [first, ...lines.slice(1, taken).map((line) => line.trim())].join(' ');
    const mark = box === undefined ? (/^\d/.test(bullet) ? bullet : '•') : box === ' ' ? '☐' : '☑';
    const space = `${' '.repeat(Math.min(indent.length, 8))}`;
    const wrapped = wrap(inline(text), Math.max(20, terminal.width - space.length - mark.length - 1));
    const shown = wrapped.map((line, index) => `${space}${index === 0 ? mark : ' '.repeat(mark.length)} ${render(line, terminal)}`);
    return { lines: shown, taken };
}
function paragraph(lines, terminal) {
    const starts = /^\s{0,3}(?:#{1,6}\s|>|```|~~~|[-*+]\s|\d{1,9}[.)]\s)|^\s*<(?:details|table|h[1-6])\b/i;
    const end = lines.findIndex((line, index) => index > 0 && (line.trim() === '' || starts.test(line) || line.startsWith('|')));
    const taken = end === -1 ? lines.length : end;
    const source = lines
        .slice(0, taken)
        .map((line) => line.trimStart().replace(/(?: {2,}|\\)$/, '<br>'))
        .join(' ');
    const rendered = wrap(inline(source.trim()), terminal.width).map((line) => render(line, terminal));
    return { lines: rendered.every((line) => line.trim() === '') ? [] : rendered, taken };
}

;// CONCATENATED MODULE: ./src/local/display.js


const MARK = {
    success: ['✓', 'green'],
    failure: ['✗', 'red'],
    cancelled: ['⊘', 'yellow'],
    skipped: ['-', 'dim'],
};
const LEVEL = { error: 'red', warning: 'yellow', notice: 'blue' };
const LONGEST_LOG = 120;
const LONGEST_MESSAGE = 300;
function createDisplay(settings) {
    const { out, terminal, isLive, isVerbose, now } = settings;
    const summaries = [];
    let running;
    const names = new Map();
    let shownJob = '';
    const clear = () => {
        if (isLive && running !== undefined)
            out.write('\r\u001b[2K');
    };
    const draw = () => {
        if (!isLive || running === undefined)
            return;
        const time = seconds(now() - running.since);
        out.write(`\r\u001b[2K${styled(shorten(`  · ${running.name}  ${time}`, terminal.width - 1), 'dim', terminal)}`);
    };
    const line = (text) => {
        clear();
        out.write(`${text}\n`);
        draw();
    };
    const ticking = isLive ? setInterval(draw, 1_000) : undefined;
    ticking?.unref();
    const heading = (job) => {
        if (shownJob === job)
            return;
        shownJob = job;
        line(`\n${styled(safe(names.get(job) ?? job, terminal), 'bold', terminal)}`);
    };
    const stepEnd = (job, step) => {
        heading(job);
        clear();
        running = undefined;
        const [mark, style] = MARK[step.conclusion];
        const name = shorten(safe(step.name, terminal), Math.max(20, terminal.width - 16));
        const space = ' '.repeat(Math.max(1, Math.min(60, terminal.width - 14) - widthOf(name)));
        line(`  ${styled(mark, style, terminal)} ${name}${space}${styled(seconds(step.durationMs), 'dim', terminal)}`);
        if (step.conclusion === 'failure' && !isVerbose)
            for (const text of failedLog(step, terminal))
                line(text);
    };
    const annotate = (annotation) => {
        heading(annotation.job);
        line(annotationLine(annotation, terminal));
    };
    const stepStart = (job, name) => {
        heading(job);
        running = { name: safe(name, terminal), since: now() };
        if (isVerbose)
            line(`  ${styled(`> ${running.name}`, 'dim', terminal)}`);
        draw();
    };
    const end = (result) => {
        clear();
        running = undefined;
        for (const text of endLines(result, summaries, settings))
            line(text);
    };
    const show = (event) => {
        if (event.kind === 'progress' || event.kind === 'note')
            line(`${styled('·', 'dim', terminal)} ${safe(event.text, terminal)}`);
        else if (event.kind === 'job-start')
            names.set(event.job, event.name);
        else if (event.kind === 'step-start')
            stepStart(event.job, event.name);
        else if (event.kind === 'line' && isVerbose)
            line(`    ${safeText(event.text, terminal)}`);
        else if (event.kind === 'annotation')
            annotate(event.annotation);
        else if (event.kind === 'step-end')
            stepEnd(event.job, event.step);
        else if (event.kind === 'summary')
            summaries.push(event.summary);
        else if (event.kind === 'end')
            end(event.end);
    };
    const close = () => {
        clearInterval(ticking);
        clear();
        running = undefined;
    };
    return { show, close };
}
function safe(text, terminal) {
    return safeText(text, { hasColours: false })
        .replaceAll(/\s+/g, ' ')
        .slice(0, terminal.width * 10);
}
function seconds(milliseconds) {
    if (milliseconds < 60_000)
        return `${(milliseconds / 1_000).toFixed(1)} s`;
    const whole = Math.round(milliseconds / 1_000);
    return `${Math.floor(whole / 60)} min ${whole % 60} s`;
}
function annotationLine(annotation, terminal) {
    const { level, file, line, column, message, title } = annotation;
    const position = [file, line, column].filter((part) => part !== undefined).join(':');
    const lines = message.trim().split('\n');
    const shown = file === undefined ? lines.join(' ') : `${lines[0]}${lines.length > 1 ? ' …' : ''}`;
    const text = title === undefined || shown.startsWith(title) ? shown : `${title}: ${shown}`;
    const place = position === '' ? '' : `${styled(safe(position, terminal), 'bold', terminal)}  `;
    return `    ${styled(level, LEVEL[level], terminal)}  ${place}${shorten(safe(text, terminal), LONGEST_MESSAGE)}`;
}
function failedLog(step, terminal) {
    if (step.log.trim() === '')
        return [];
    const lines = step.log.split('\n').filter((text, index, all) => text.trim() !== '' || all[index - 1]?.trim() !== '');
    const left = lines.length - LONGEST_LOG;
    const first = left > 0 ? [styled(`    … ${left} lines before (--verbose shows all)`, 'dim', terminal)] : [];
    const bar = styled('│', 'dim', terminal);
    return [...first, ...lines.slice(-LONGEST_LOG).map((text) => `    ${bar} ${safeText(text, { hasColours: false })}`)];
}
function endLines(end, summaries, { terminal, title }) {
    const lines = [];
    for (const summary of summaries)
        lines.push('', ...renderSummary(summary.markdown, terminal));
    const skipped = end.jobs.filter(({ conclusion }) => conclusion === 'skipped').map(({ name }) => name);
    lines.push('');
    if (skipped.length > 0)
        lines.push(styled(`skipped: ${skipped.join(', ')}`, 'dim', terminal));
    if (end.orphans.length > 0)
        lines.push(styled(`left running and ended: ${end.orphans.join(', ')}`, 'dim', terminal));
    const written = end.comments.filter(({ updates, id }) => updates > 0 || id >= 2_000).length;
    if (written > 0)
        lines.push(styled(`comments written on the pull request: ${written}`, 'dim', terminal));
    const verdict = { success: 'passed', failure: 'failed', cancelled: 'was cancelled' }[end.conclusion];
    const [mark, style] = MARK[end.conclusion];
    lines.push(`${styled(mark, style, terminal)} ${styled(`${title} ${verdict}`, 'bold', terminal)} in ${seconds(end.durationMs)}`);
    return lines;
}


/***/ }),

/***/ 4363:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   Kr: () => (/* binding */ calls),
/* harmony export */   RL: () => (/* binding */ asExpression),
/* harmony export */   V2: () => (/* binding */ substitute),
/* harmony export */   tJ: () => (/* binding */ inert),
/* harmony export */   zF: () => (/* binding */ substituteBare)
/* harmony export */ });
/* unused harmony exports literal, mapExpressions */
const TOKEN = /'(?:[^']|'')*'|[A-Za-z_][\w-]*(?:\s*\.\s*[A-Za-z_*][\w-]*|\s*\[\s*'(?:[^']|'')*'\s*\])*|[\s\S]/g;
function literal(text) {
    return `'${text.replaceAll("'", "''")}'`;
}
function substitute(text, substitutions) {
    return mapExpressions(text, (expression) => substituteBare(expression, substitutions));
}
function substituteBare(expression, substitutions) {
    return expression.replace(TOKEN, (token) => {
        const known = substitutions.get(pathOf(token));
        return known === undefined ? token : literal(known);
    });
}
function pathOf(token) {
    if (token.startsWith("'"))
        return '';
    return token
        .replaceAll(/\s*\[\s*'((?:[^']|'')*)'\s*\]/g, '.$1')
        .replaceAll(/\s/g, '')
        .toLowerCase();
}
function calls(text, name) {
    let found = false;
    mapExpressions(text, (expression) => {
        if (new RegExp(`\\b${name}\\s*\\(`, 'i').test(expression.replaceAll(/'(?:[^']|'')*'/g, "''")))
            found = true;
        return expression;
    });
    return found;
}
function mapExpressions(text, transform) {
    let result = '';
    let position = 0;
    for (;;) {
        const start = text.indexOf('${{', position);
        const end = start === -1 ? -1 : closing(text, start + 3);
        if (end === -1)
            return result + text.slice(position);
        result += `${text.slice(position, start)}\${{${transform(text.slice(start + 3, end))}}}`;
        position = end + 2;
    }
}
function closing(text, from) {
    let quoted = false;
    for (let index = from; index < text.length; index++) {
        if (text[index] === "'")
            quoted = !quoted;
        else if (!quoted && text.startsWith('}}', index))
            return index;
    }
    return -1;
}
function asExpression(text) {
    const whole = /^\s*\$\{\{([\s\S]*)\}\}\s*$/.exec(text);
    if (whole?.[1] !== undefined && closing(text.trimStart(), 3) === text.trim().length - 2)
        return whole[1].trim();
    const expressions = [];
    const format = mapExpressions(text, (expression) => {
        expressions.push(expression.trim());
        return '';
    });
    if (expressions.length === 0)
        return literal(text);
    const pieces = format.split('${{}}').map((piece) => piece.replaceAll('{', '{{').replaceAll('}', '}}'));
    const template = pieces.map((piece, index) => (index < expressions.length ? `${piece}{${index}}` : piece)).join('');
    return `format(${[literal(template), ...expressions].join(', ')})`;
}
function inert(text) {
    return text.includes('${{') ? `\${{ ${literal(text)} }}` : text;
}


/***/ }),

/***/ 4615:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   B: () => (/* binding */ helpText),
/* harmony export */   b: () => (/* binding */ parseFlags)
/* harmony export */ });
/* harmony import */ var node_fs__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(3024);
/* harmony import */ var node_path__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(6760);
/* harmony import */ var node_util__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(7975);
/* harmony import */ var _usage_error_js__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(3040);




const EVENTS = ['push', 'pull_request', 'merge_group', 'workflow_dispatch', 'schedule', 'release'];
const FLAGS = [
    { name: 'project', value: 'DIR', help: 'the project to run on (default examples/node-service); it is not changed' },
    { name: 'workflow', value: 'FILE', help: 'a workflow of this bundle (default node-service.yml)' },
    { name: 'caller', value: 'FILE', help: "the project's own workflow file, instead of one made for this run" },
    { name: 'event', value: 'NAME', help: `${EVENTS.join(', ')} (default push)` },
    {
        name: 'action',
        value: 'NAME',
        help: 'pull_request: opened (default), synchronize, reopened, closed; release: published',
    },
    { name: 'fork', help: 'the pull request comes from a fork: read-only token, no secrets' },
    { name: 'dependabot', help: 'the pull request is one of Dependabot: read-only token, no secrets' },
    {
        name: 'branch',
        value: 'NAME',
        help: 'the branch pushed, or the head of the pull request (default: the current one)',
    },
    {
        name: 'base',
        value: 'REF',
        help: 'what the change is compared with (default: the default branch, or the commit before)',
    },
    { name: 'tag', value: 'NAME', help: 'the tag of a release, or a pushed tag' },
    { name: 'event-file', value: 'FILE', help: 'JSON laid over the generated event payload' },
    {
        name: 'input',
        value: 'KEY=VALUE',
        isRepeated: true,
        help: "an input of the workflow; KEY=@FILE takes a file's text",
    },
    {
        name: 'secret',
        value: 'NAME',
        isRepeated: true,
        help: 'a secret, its value from the environment (npm-token: NPM_TOKEN)',
    },
    { name: 'var', value: 'KEY=VALUE', isRepeated: true, help: 'a variable of the repository (vars.KEY)' },
    {
        name: 'repository',
        value: 'OWNER/NAME',
        help: 'the name on GitHub (default: from the origin, else octo-org/<folder>)',
    },
    { name: 'parallel', help: 'jobs side by side as on GitHub; act 0.2.89 can crash on it' },
    { name: 'verbose', short: 'v', help: 'every line that steps print' },
    { name: 'json', help: 'one JSON object a line: everything that happens, the result last' },
    { name: 'keep', help: 'keep the temporary folder and say where it is' },
    { name: 'help', short: 'h', help: 'this text' },
];
const LIST = FLAGS;
function helpText(workflows) {
    const left = ({ name, value, short, isRepeated }) => `${short === undefined ? '' : `-${short}, `}--${name}${value === undefined ? '' : ` ${value}`}${isRepeated === true ? ' …' : ''}`;
    const width = Math.max(...LIST.map((flag) => left(flag).length));
    return [
        'Runs a workflow of this bundle on a project, on this machine.',
        '',
        'npm start                                                    node-service.yml on examples/node-service',
        'npm start -- --project DIR --event pull_request              on your project, as on a pull request',
        'npm start -- --project DIR --input gate="{tasks: {e2e: off}}" --secret npm-token',
        '',
        ...LIST.map((flag) => `  ${left(flag).padEnd(width)}  ${flag.help}`),
        '',
        `Workflows: ${workflows.join(', ')}`,
        'Exit status: 0 green, 1 red, 2 the run could not start, 130 interrupted. NO_COLOR turns colours off.',
    ].join('\n');
}
function parseFlags(args, environment, place) {
    const given = readTokens(args);
    const last = (name) => given.get(name)?.at(-1);
    const has = (name) => given.has(name);
    return {
        project: last('project'),
        workflow: last('workflow') ?? 'node-service.yml',
        caller: last('caller'),
        event: eventOf(last, has, place),
        inputs: pairs('input', given.get('input') ?? [], (file) => fileText(file, place)),
        secrets: secretsOf(given.get('secret') ?? [], environment),
        variables: pairs('var', given.get('var') ?? []),
        repository: last('repository'),
        isJson: has('json'),
        isVerbose: has('verbose'),
        isParallel: has('parallel'),
        keeps: has('keep'),
        wantsHelp: has('help'),
    };
}
function readTokens(args) {
    const options = Object.fromEntries(LIST.map(({ name, value, short }) => [
        name,
        {
            type: value === undefined ? 'boolean' : 'string',
            ...(short === undefined ? {} : { short }),
        },
    ]));
    const { tokens } = (0,node_util__WEBPACK_IMPORTED_MODULE_2__.parseArgs)({ args: [...args], options, strict: false, tokens: true, allowPositionals: true });
    const given = new Map();
    for (const token of tokens) {
        if (token.kind === 'positional')
            throw new _usage_error_js__WEBPACK_IMPORTED_MODULE_3__/* .UsageError */ .eb(`unexpected argument "${shown(token.value)}": see --help`);
        if (token.kind !== 'option')
            continue;
        const flag = LIST.find(({ name }) => name === token.name);
        if (flag === undefined)
            throw new _usage_error_js__WEBPACK_IMPORTED_MODULE_3__/* .UsageError */ .eb(unknownFlag(token.rawName));
        if (flag.value === undefined && token.value !== undefined)
            throw new _usage_error_js__WEBPACK_IMPORTED_MODULE_3__/* .UsageError */ .eb(`--${flag.name} takes no value`);
        const isMissing = flag.value !== undefined && (token.value === undefined || isFlagLike(token.value, token.inlineValue));
        if (isMissing)
            throw new _usage_error_js__WEBPACK_IMPORTED_MODULE_3__/* .UsageError */ .eb(`--${flag.name} needs a value: --${flag.name} ${flag.value}`);
        given.set(flag.name, [...(given.get(flag.name) ?? []), token.value ?? '']);
    }
    return given;
}
function isFlagLike(value, isInline) {
    return isInline !== true && value.startsWith('--');
}
function unknownFlag(raw) {
    const names = LIST.map(({ name }) => `--${name}`);
    return `there is no flag ${shown(raw)}${(0,_usage_error_js__WEBPACK_IMPORTED_MODULE_3__/* .suggestion */ .h)(raw, names)}: see --help`;
}
function shown(text) {
    return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
function eventOf(last, has, place) {
    const name = last('event') ?? 'push';
    if (!isEvent(name)) {
        throw new _usage_error_js__WEBPACK_IMPORTED_MODULE_3__/* .UsageError */ .eb(`there is no event "${shown(name)}"${(0,_usage_error_js__WEBPACK_IMPORTED_MODULE_3__/* .suggestion */ .h)(name, EVENTS)}: there are ${EVENTS.join(', ')}`);
    }
    const isForeign = has('fork') || has('dependabot');
    if (isForeign && name !== 'pull_request')
        throw new _usage_error_js__WEBPACK_IMPORTED_MODULE_3__/* .UsageError */ .eb('--fork and --dependabot belong to --event pull_request');
    if (has('fork') && has('dependabot'))
        throw new _usage_error_js__WEBPACK_IMPORTED_MODULE_3__/* .UsageError */ .eb('--fork and --dependabot exclude each other');
    const fields = { action: last('action'), branch: last('branch'), base: last('base'), tag: last('tag') };
    const set = Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
    const file = last('event-file');
    return {
        name,
        ...set,
        ...(isForeign ? { from: has('fork') ? 'fork' : 'dependabot' } : {}),
        ...(file === undefined ? {} : { payload: payloadOf(file, place) }),
    };
}
function isEvent(name) {
    return EVENTS.some((event) => event === name);
}
function payloadOf(file, place) {
    let parsed;
    try {
        parsed = JSON.parse(fileText(file, place));
    }
    catch (error) {
        if (error instanceof _usage_error_js__WEBPACK_IMPORTED_MODULE_3__/* .UsageError */ .eb)
            throw error;
        throw new _usage_error_js__WEBPACK_IMPORTED_MODULE_3__/* .UsageError */ .eb(`--event-file ${file} is not JSON: ${error instanceof Error ? error.message : String(error)}`);
    }
    if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) {
        throw new _usage_error_js__WEBPACK_IMPORTED_MODULE_3__/* .UsageError */ .eb(`--event-file ${file} holds no JSON object`);
    }
    return parsed;
}
function fileText(file, place) {
    try {
        return (0,node_fs__WEBPACK_IMPORTED_MODULE_0__.readFileSync)((0,node_path__WEBPACK_IMPORTED_MODULE_1__.resolve)(place, file), 'utf8');
    }
    catch (error) {
        throw new _usage_error_js__WEBPACK_IMPORTED_MODULE_3__/* .UsageError */ .eb(`${file} cannot be read: ${error.code ?? String(error)}`);
    }
}
function pairs(flag, given, readText) {
    return Object.fromEntries(given.map((pair) => {
        const equals = pair.indexOf('=');
        if (equals < 1)
            throw new _usage_error_js__WEBPACK_IMPORTED_MODULE_3__/* .UsageError */ .eb(`--${flag} "${shown(pair)}" is no KEY=VALUE`);
        const value = pair.slice(equals + 1);
        if (readText === undefined || !value.startsWith('@'))
            return [pair.slice(0, equals), value];
        return [pair.slice(0, equals), value.startsWith('@@') ? value.slice(1) : readText(value.slice(1))];
    }));
}
function secretsOf(names, environment) {
    return Object.fromEntries(names.map((name) => {
        const variable = name.split('=', 1)[0]?.toUpperCase().replaceAll('-', '_') ?? '';
        if (name.includes('=')) {
            throw new _usage_error_js__WEBPACK_IMPORTED_MODULE_3__/* .UsageError */ .eb(`a secret's value never stands on a command line: set ${variable} in the environment and give --secret ${name.split('=', 1)[0]}`);
        }
        const value = environment[variable] ?? '';
        if (value === '')
            throw new _usage_error_js__WEBPACK_IMPORTED_MODULE_3__/* .UsageError */ .eb(`--secret ${name}: the environment has no ${variable}`);
        return [name, value];
    }));
}


/***/ }),

/***/ 9723:
/***/ ((__webpack_module__, __webpack_exports__, __webpack_require__) => {

__webpack_require__.a(__webpack_module__, async (__webpack_handle_async_dependencies__, __webpack_async_result__) => { try {
__webpack_require__.r(__webpack_exports__);
/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   main: () => (/* binding */ main)
/* harmony export */ });
/* harmony import */ var node_fs__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(3024);
/* harmony import */ var node_path__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(6760);
/* harmony import */ var _copy_js__WEBPACK_IMPORTED_MODULE_4__ = __webpack_require__(6991);
/* harmony import */ var _display_js__WEBPACK_IMPORTED_MODULE_6__ = __webpack_require__(2722);
/* harmony import */ var _flags_js__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(4615);
/* harmony import */ var _run_js__WEBPACK_IMPORTED_MODULE_5__ = __webpack_require__(6622);
/* harmony import */ var _usage_error_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(3040);







async function main() {
    try {
        process.exitCode = await start(process.argv.slice(2));
    }
    catch (error) {
        const isUsage = error instanceof _usage_error_js__WEBPACK_IMPORTED_MODULE_2__/* .UsageError */ .eb;
        const text = isUsage ? error.message.replaceAll(/\s+/g, ' ') : error instanceof Error ? error.stack : String(error);
        process.stderr.write(`${isUsage ? 'error: ' : ''}${text}\n`);
        process.exitCode = isUsage ? 2 : 1;
    }
}
async function start(args) {
    const bundle = bundleFolder(process.argv[1] ?? '.');
    const place = process.env['INIT_CWD'] ?? process.cwd();
    const flags = (0,_flags_js__WEBPACK_IMPORTED_MODULE_3__/* .parseFlags */ .b)(args, process.env, place);
    if (flags.wantsHelp) {
        const names = (await (0,_copy_js__WEBPACK_IMPORTED_MODULE_4__/* .workflowNames */ .gd)(bundle)).filter((name) => !name.startsWith('ci-'));
        process.stdout.write(`${(0,_flags_js__WEBPACK_IMPORTED_MODULE_3__/* .helpText */ .B)(names)}\n`);
        return 0;
    }
    const options = optionsOf(flags, bundle, place);
    const interruption = new AbortController();
    const ending = new AbortController();
    const interrupt = () => {
        if (interruption.signal.aborted)
            ending.abort();
        else
            process.stderr.write('\nCancelling: steps that clean up still run. Once more ends everything.\n');
        interruption.abort();
    };
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'])
        process.on(signal, interrupt);
    const display = flags.isJson ? jsonDisplay() : terminalDisplay(flags, options);
    try {
        const result = await (0,_run_js__WEBPACK_IMPORTED_MODULE_5__/* .runWorkflow */ .F)({
            ...options,
            signal: interruption.signal,
            killSignal: ending.signal,
            onEvent: display.show,
        });
        display.close();
        if (result.folder !== undefined)
            process.stderr.write(`kept: ${result.folder}\n`);
        return result.exitCode;
    }
    catch (error) {
        display.close();
        if (interruption.signal.aborted)
            return 130;
        throw error;
    }
}
function bundleFolder(program) {
    let folder = (0,node_path__WEBPACK_IMPORTED_MODULE_1__.dirname)((0,node_fs__WEBPACK_IMPORTED_MODULE_0__.realpathSync)(program));
    while (!(0,node_fs__WEBPACK_IMPORTED_MODULE_0__.existsSync)((0,node_path__WEBPACK_IMPORTED_MODULE_1__.join)(folder, '.github', 'workflows'))) {
        if (folder === (0,node_path__WEBPACK_IMPORTED_MODULE_1__.dirname)(folder))
            throw new _usage_error_js__WEBPACK_IMPORTED_MODULE_2__/* .UsageError */ .eb(`${program} stands in no bundle: no folder above has .github/workflows`);
        folder = (0,node_path__WEBPACK_IMPORTED_MODULE_1__.dirname)(folder);
    }
    return folder;
}
function optionsOf(flags, bundle, place) {
    const given = flags.project;
    return {
        bundle,
        project: given === undefined ? (0,node_path__WEBPACK_IMPORTED_MODULE_1__.join)(bundle, 'examples', 'node-service') : (0,node_path__WEBPACK_IMPORTED_MODULE_1__.resolve)(place, given),
        workflow: flags.workflow,
        event: flags.event,
        inputs: flags.inputs,
        secrets: flags.secrets,
        variables: flags.variables,
        parallel: flags.isParallel,
        keep: flags.keeps,
        ...(flags.caller === undefined ? {} : { caller: flags.caller }),
        ...(flags.repository === undefined ? {} : { repository: flags.repository }),
    };
}
function jsonDisplay() {
    return { show: (event) => void process.stdout.write(`${JSON.stringify(event)}\n`), close: () => undefined };
}
function terminalDisplay(flags, options) {
    const { stdout, env } = process;
    const isTerminal = stdout.isTTY === true;
    const noColour = env['NO_COLOR'] !== undefined && env['NO_COLOR'] !== '';
    const project = (0,node_path__WEBPACK_IMPORTED_MODULE_1__.relative)(process.cwd(), options.project) || (0,node_path__WEBPACK_IMPORTED_MODULE_1__.basename)(options.project);
    const title = `${flags.caller ?? flags.workflow} on ${project}`;
    const hasColours = isTerminal && !noColour;
    return (0,_display_js__WEBPACK_IMPORTED_MODULE_6__/* .createDisplay */ .X)({
        out: stdout,
        terminal: { width: Math.max(60, stdout.columns ?? 100), hasColours },
        isLive: isTerminal && env['TERM'] !== 'dumb',
        isVerbose: flags.isVerbose,
        title,
        now: Date.now,
    });
}
if (/[\\/]src[\\/]local[\\/]main\.ts$/.test(process.argv[1] ?? ''))
    await main();

__webpack_async_result__();
} catch(e) { __webpack_async_result__(e); } }, 1);

/***/ }),

/***/ 6089:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   TL: () => (/* binding */ quoted),
/* harmony export */   V1: () => (/* binding */ openOutputFiles),
/* harmony export */   q$: () => (/* binding */ shellCommand),
/* harmony export */   wz: () => (/* binding */ writeWrappers)
/* harmony export */ });
/* harmony import */ var node_crypto__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(7598);
/* harmony import */ var node_fs__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(3024);
/* harmony import */ var node_path__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(6760);
/* harmony import */ var node_string_decoder__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(6193);




function writeWrappers(folder, outputFolder, node) {
    (0,node_fs__WEBPACK_IMPORTED_MODULE_1__.mkdirSync)(folder);
    (0,node_fs__WEBPACK_IMPORTED_MODULE_1__.mkdirSync)(outputFolder);
    const marker = `\u001e${(0,node_crypto__WEBPACK_IMPORTED_MODULE_0__.randomUUID)()} `;
    const write = (name, text) => {
        const path = (0,node_path__WEBPACK_IMPORTED_MODULE_2__.join)(folder, name);
        (0,node_fs__WEBPACK_IMPORTED_MODULE_1__.writeFileSync)(path, text);
        (0,node_fs__WEBPACK_IMPORTED_MODULE_1__.chmodSync)(path, 0o755);
        return path;
    };
    (0,node_fs__WEBPACK_IMPORTED_MODULE_1__.symlinkSync)(node, (0,node_path__WEBPACK_IMPORTED_MODULE_2__.join)(folder, 'runtime'));
    write('node', nodeWrapper((0,node_path__WEBPACK_IMPORTED_MODULE_2__.join)(folder, 'runtime'), outputFolder, marker));
    const file = `${quoted(outputFolder)}/"\${RUNNER_NAME##* }"`;
    const lines = [
        '#!/bin/sh',
        `printf '%s\\n' ${quoted(marker)}"$GITHUB_ACTION" >>${file}`,
        `exec "$@" </dev/null >>${file} 2>&1`,
    ];
    return { folder, marker, step: write('step', `${lines.join('\n')}\n`) };
}
function nodeWrapper(node, outputFolder, marker) {
    return `#!${node}
const { closeSync, openSync, writeSync } = require('node:fs');
const [, , program] = process.argv;
if (program === '--no-warnings') {
  // act asks once a job where node is: here.
  console.log(__filename);
} else {
  process.argv.splice(1, 1);
  // act reads itself what hashFiles() prints.
  if (!program.endsWith('/workflow/hashfiles/index.js')) {
    const file = ${JSON.stringify(`${outputFolder}/`)} + process.env.RUNNER_NAME.split(' ').at(-1);
    // A file that is opened takes the lowest number that is free.
    for (const [number, path, flags] of [[0, '/dev/null', 'r'], [1, file, 'a'], [2, file, 'a']]) {
      closeSync(number);
      openSync(path, flags);
    }
    writeSync(1, ${JSON.stringify(marker)} + process.env.GITHUB_ACTION + '\\n');
  }
  require('node:module').runMain();
}
`;
}
function quoted(text) {
    return `'${text.replaceAll("'", "'\\''")}'`;
}
function shellCommand(shell) {
    const known = {
        '': 'bash -e {0}',
        bash: 'bash --noprofile --norc -e -o pipefail {0}',
        sh: 'sh -e {0}',
        python: 'python {0}',
        pwsh: `pwsh -command ". '{0}'"`,
    };
    return known[shell] ?? shell;
}
const CHUNK = 64 * 1024;
function openOutputFiles(folder, marker) {
    const files = new Map();
    const buffer = Buffer.alloc(CHUNK);
    let watcher;
    const fileOf = (jobKey) => {
        const known = files.get(jobKey);
        if (known !== undefined)
            return known;
        try {
            const file = { descriptor: (0,node_fs__WEBPACK_IMPORTED_MODULE_1__.openSync)((0,node_path__WEBPACK_IMPORTED_MODULE_2__.join)(folder, jobKey), 'r'), decoder: new node_string_decoder__WEBPACK_IMPORTED_MODULE_3__.StringDecoder('utf8') };
            files.set(jobKey, file);
            return file;
        }
        catch (error) {
            if (error.code === 'ENOENT')
                return undefined;
            throw error;
        }
    };
    return {
        marker,
        read: (jobKey) => {
            const file = fileOf(jobKey);
            if (file === undefined)
                return '';
            const parts = [];
            for (let size = CHUNK; size === CHUNK;) {
                size = (0,node_fs__WEBPACK_IMPORTED_MODULE_1__.readSync)(file.descriptor, buffer);
                parts.push(file.decoder.write(buffer.subarray(0, size)));
            }
            return parts.join('');
        },
        watch: (onChange) => {
            watcher = (0,node_fs__WEBPACK_IMPORTED_MODULE_1__.watch)(folder, onChange);
        },
        close: () => {
            watcher?.close();
            for (const { descriptor } of files.values())
                (0,node_fs__WEBPACK_IMPORTED_MODULE_1__.closeSync)(descriptor);
            files.clear();
        },
    };
}


/***/ }),

/***/ 6622:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  F: () => (/* binding */ runWorkflow)
});

// EXTERNAL MODULE: external "node:crypto"
var external_node_crypto_ = __webpack_require__(7598);
// EXTERNAL MODULE: external "node:fs/promises"
var promises_ = __webpack_require__(1455);
// EXTERNAL MODULE: external "node:path"
var external_node_path_ = __webpack_require__(6760);
// EXTERNAL MODULE: ./src/local/act-job.js
var act_job = __webpack_require__(6762);
;// CONCATENATED MODULE: ./src/local/github/objects.js
const WEB = 'https://github.com';
const KNOWN_IDS = {
    octocat: 583_231,
    'github-actions[bot]': 41_898_282,
    'dependabot[bot]': 49_699_333,
};
function idOf(text) {
    let hash = 2_166_136_261;
    for (const character of text)
        hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 16_777_619);
    return (hash >>> 1) + 1;
}
function nodeId(kind, id) {
    return Buffer.from(`${kind}:${id}`).toString('base64url');
}
function user(addresses, login) {
    const id = KNOWN_IDS[login] ?? idOf(login);
    const url = `${addresses.api}/users/${encodeURIComponent(login)}`;
    return {
        login,
        id,
        node_id: nodeId('User', id),
        avatar_url: `https://avatars.githubusercontent.com/u/${id}?v=4`,
        gravatar_id: '',
        url,
        html_url: `${WEB}/${login.replace(/^(.*)\[bot\]$/, 'apps/$1')}`,
        followers_url: `${url}/followers`,
        following_url: `${url}/following{/other_user}`,
        gists_url: `${url}/gists{/gist_id}`,
        starred_url: `${url}/starred{/owner}{/repo}`,
        subscriptions_url: `${url}/subscriptions`,
        organizations_url: `${url}/orgs`,
        repos_url: `${url}/repos`,
        events_url: `${url}/events{/privacy}`,
        received_events_url: `${url}/received_events`,
        type: login.endsWith('[bot]') ? 'Bot' : 'User',
        site_admin: false,
    };
}
const RESOURCES = {
    archive_url: '/{archive_format}{/ref}',
    assignees_url: '/assignees{/user}',
    blobs_url: '/git/blobs{/sha}',
    branches_url: '/branches{/branch}',
    collaborators_url: '/collaborators{/collaborator}',
    comments_url: '/comments{/number}',
    commits_url: '/commits{/sha}',
    compare_url: '/compare/{base}...{head}',
    contents_url: '/contents/{+path}',
    contributors_url: '/contributors',
    deployments_url: '/deployments',
    downloads_url: '/downloads',
    events_url: '/events',
    forks_url: '/forks',
    git_commits_url: '/git/commits{/sha}',
    git_refs_url: '/git/refs{/sha}',
    git_tags_url: '/git/tags{/sha}',
    hooks_url: '/hooks',
    issue_comment_url: '/issues/comments{/number}',
    issue_events_url: '/issues/events{/number}',
    issues_url: '/issues{/number}',
    keys_url: '/keys{/key_id}',
    labels_url: '/labels{/name}',
    languages_url: '/languages',
    merges_url: '/merges',
    milestones_url: '/milestones{/number}',
    notifications_url: '/notifications{?since,all,participating}',
    pulls_url: '/pulls{/number}',
    releases_url: '/releases{/id}',
    stargazers_url: '/stargazers',
    statuses_url: '/statuses/{sha}',
    subscribers_url: '/subscribers',
    subscription_url: '/subscription',
    tags_url: '/tags',
    teams_url: '/teams',
    trees_url: '/git/trees{/sha}',
};
function repository(addresses, more) {
    const { owner, name } = addresses;
    const fullName = `${owner}/${name}`;
    const url = `${addresses.api}/repos/${fullName}`;
    const id = idOf(fullName);
    return {
        id,
        node_id: nodeId('Repository', id),
        name,
        full_name: fullName,
        private: true,
        visibility: 'private',
        owner: user(addresses, owner),
        html_url: `${WEB}/${fullName}`,
        description: null,
        fork: more.isFork === true,
        url,
        ...Object.fromEntries(Object.entries(RESOURCES).map(([field, path]) => [field, `${url}${path}`])),
        created_at: more.now,
        updated_at: more.now,
        pushed_at: more.now,
        git_url: `git://github.com/${fullName}.git`,
        ssh_url: `git@github.com:${fullName}.git`,
        clone_url: `${WEB}/${fullName}.git`,
        svn_url: `${WEB}/${fullName}`,
        homepage: null,
        size: 1,
        stargazers_count: 0,
        watchers_count: 0,
        language: null,
        has_issues: true,
        has_projects: true,
        has_downloads: true,
        has_wiki: true,
        has_pages: false,
        has_discussions: false,
        forks_count: 0,
        mirror_url: null,
        archived: false,
        disabled: false,
        open_issues_count: 1,
        license: null,
        allow_forking: true,
        is_template: false,
        topics: [],
        forks: 0,
        open_issues: 1,
        watchers: 0,
        default_branch: more.defaultBranch,
        network_count: 0,
        subscribers_count: 0,
    };
}
function pullRequest(addresses, facts) {
    const { api, owner, name } = addresses;
    const { number, now } = facts;
    const repo = `${api}/repos/${owner}/${name}`;
    const url = `${repo}/pulls/${number}`;
    const issue = `${repo}/issues/${number}`;
    const html = `${WEB}/${owner}/${name}/pull/${number}`;
    const links = {
        html: html,
        issue,
        comments: `${issue}/comments`,
        review_comments: `${url}/comments`,
        review_comment: `${repo}/pulls/comments{/number}`,
        commits: `${url}/commits`,
        statuses: `${repo}/statuses/${facts.headSha}`,
    };
    const side = (sideOwner, ref, sha) => ({
        label: `${sideOwner}:${ref}`,
        ref,
        sha,
        user: user(addresses, sideOwner),
        repo: repository({ api, owner: sideOwner, name }, { defaultBranch: facts.defaultBranch, isFork: sideOwner !== owner, now }),
    });
    return {
        id: idOf(`${owner}/${name}#${number}`),
        node_id: nodeId('PullRequest', number),
        number,
        state: facts.isClosed ? 'closed' : 'open',
        locked: false,
        title: facts.title,
        body: null,
        user: user(addresses, facts.author),
        labels: [],
        milestone: null,
        assignee: null,
        assignees: [],
        requested_reviewers: [],
        requested_teams: [],
        draft: false,
        url,
        html_url: html,
        diff_url: `${html}.diff`,
        patch_url: `${html}.patch`,
        issue_url: issue,
        commits_url: links.commits,
        review_comments_url: links.review_comments,
        review_comment_url: links.review_comment,
        comments_url: links.comments,
        statuses_url: links.statuses,
        created_at: now,
        updated_at: now,
        closed_at: facts.isClosed ? now : null,
        merged_at: facts.isMerged ? now : null,
        merge_commit_sha: facts.mergeSha,
        head: side(facts.headOwner, facts.headRef, facts.headSha),
        base: side(owner, facts.baseRef, facts.baseSha),
        _links: {
            self: { href: url },
            ...Object.fromEntries(Object.entries(links).map(([key, href]) => [key, { href }])),
        },
        author_association: facts.headOwner === owner ? 'MEMBER' : 'CONTRIBUTOR',
        auto_merge: null,
        merged: facts.isMerged,
        mergeable: facts.isClosed ? null : true,
        rebaseable: facts.isClosed ? null : true,
        mergeable_state: 'clean',
        merged_by: facts.isMerged ? user(addresses, owner) : null,
        comments: 0,
        review_comments: 0,
        maintainer_can_modify: false,
        commits: 1,
        additions: 0,
        deletions: 0,
        changed_files: 0,
    };
}

// EXTERNAL MODULE: external "node:fs"
var external_node_fs_ = __webpack_require__(3024);
// EXTERNAL MODULE: external "node:http"
var external_node_http_ = __webpack_require__(7067);
// EXTERNAL MODULE: external "node:stream/promises"
var external_node_stream_promises_ = __webpack_require__(6466);
// EXTERNAL MODULE: external "node:timers/promises"
var external_node_timers_promises_ = __webpack_require__(8500);
;// CONCATENATED MODULE: ./src/local/cache/uploads.js




async function openUpload(folder, id) {
    const blocks = (0,external_node_path_.join)(folder, `${id}.blocks`);
    const file = (0,external_node_path_.join)(folder, `${id}.upload`);
    await (0,promises_.mkdir)(blocks, { recursive: true });
    const blockFile = (blockId) => (0,external_node_path_.join)(blocks, Buffer.from(blockId).toString('base64url'));
    const put = async (request, query) => {
        if (query.get('comp') === 'block') {
            await (0,external_node_stream_promises_.pipeline)(request, (0,external_node_fs_.createWriteStream)(blockFile(query.get('blockid') ?? '')));
            return;
        }
        if (query.get('comp') !== 'blocklist') {
            await (0,external_node_stream_promises_.pipeline)(request, (0,external_node_fs_.createWriteStream)(file));
            return;
        }
        const chunks = [];
        for await (const chunk of request)
            chunks.push(chunk);
        const list = Buffer.concat(chunks).toString('utf8');
        const ids = [...list.matchAll(/<(?:Latest|Uncommitted|Committed)>([^<]*)</g)].map((match) => match[1] ?? '');
        await (0,promises_.rm)(file, { force: true });
        for (const blockId of ids)
            await (0,promises_.appendFile)(file, await (0,promises_.readFile)(blockFile(blockId)));
        await (0,promises_.rm)(blocks, { recursive: true, force: true });
    };
    const finished = async () => {
        try {
            const { size } = await (0,promises_.stat)(file);
            return { file, size };
        }
        catch (error) {
            if (error.code === 'ENOENT')
                return undefined;
            throw error;
        }
    };
    return { put, finished };
}

;// CONCATENATED MODULE: ./src/local/cache/server.js






const SERVICE = '/twirp/github.actions.results.api.v1.CacheService/';
const SLOW = 60_000;
async function startCache(settings) {
    const calls = [];
    const uploads = new Map();
    const downloads = new Map();
    const stopping = new AbortController();
    let base = '';
    const create = async (fields) => {
        const id = (0,external_node_crypto_.randomUUID)();
        const isTaken = [...uploads.values()].some(({ fields: { key, version } }) => key === fields.key && version === fields.version) ||
            (await settings.store.has({ scope: settings.scope, ...fields }));
        if (isTaken) {
            const message = 'cache entry with the same key, version, and scope already exists';
            return { status: 409, body: { code: 'already_exists', msg: message, ok: false, message } };
        }
        uploads.set(id, { fields, upload: await openUpload(settings.uploadFolder, id) });
        return { status: 200, body: { ok: true, signed_upload_url: `${base}blobs/cache/${id}?sig=${signature()}` } };
    };
    const finalize = async (fields) => {
        const found = [...uploads].find(([, { fields: f }]) => f.key === fields.key && f.version === fields.version);
        const finished = await found?.[1].upload.finished();
        if (found === undefined || finished === undefined)
            return { status: 200, body: { ok: false, message: 'no upload' } };
        uploads.delete(found[0]);
        const { key, version } = fields;
        const entry = await settings.store.add({ scope: settings.scope, key, version, size: finished.size }, finished.file);
        if (entry === undefined)
            return { status: 200, body: { ok: false, message: 'cache entry already exists' } };
        return { status: 200, body: { ok: true, entry_id: String(Number.parseInt(entry.id.slice(0, 8), 16)) } };
    };
    const lookUp = async (fields) => {
        const corrupt = settings.fault === 'corrupt';
        const entry = corrupt ? undefined : await settings.store.find({ scopes: settings.readableScopes, ...fields });
        if (entry === undefined && !corrupt)
            return { status: 200, body: { ok: false, signed_download_url: '' } };
        const id = (0,external_node_crypto_.randomUUID)();
        downloads.set(id, entry);
        const matched = entry?.key ?? fields.key;
        const url = `${base}archives/${id}?sig=${signature()}`;
        return { status: 200, body: { ok: true, signed_download_url: url, matched_key: matched }, hit: matched };
    };
    const twirp = async (method, request) => {
        const fields = await readFields(request);
        const token = /^bearer\s+(\S+)$/i.exec(request.headers.authorization ?? '')?.[1] ?? '';
        const job = settings.tokens.get(token);
        const reply = await permitted(method, job, fields);
        calls.push({
            job: job?.id ?? '(unknown token)',
            method,
            key: fields.key,
            status: reply.status,
            ...(reply.hit === undefined ? {} : { hit: reply.hit }),
        });
        return reply;
    };
    const permitted = async (method, job, fields) => {
        if (job === undefined)
            return { status: 401, body: { code: 'unauthenticated', msg: 'unknown token' } };
        if (method === 'GetCacheEntryDownloadURL') {
            if (job.mode === 'read' || job.mode === 'write')
                return lookUp(fields);
            const msg = `cache read denied: the job's cache-mode is ${job.mode}`;
            return { status: 403, body: { code: 'permission_denied', msg } };
        }
        if (method !== 'CreateCacheEntry' && method !== 'FinalizeCacheEntryUpload') {
            return { status: 404, body: { code: 'bad_route', msg: `no method ${method}` } };
        }
        if (job.mode === 'read' || job.mode === 'none') {
            const message = `cache write denied: the job's cache-mode is ${job.mode}`;
            return { status: 200, body: { ok: false, message } };
        }
        return method === 'CreateCacheEntry' ? create(fields) : finalize(fields);
    };
    const answer = async (request, response) => {
        if (settings.fault === 'slow')
            await (0,external_node_timers_promises_.setTimeout)(SLOW, undefined, { signal: stopping.signal });
        const url = new URL(request.url ?? '/', base);
        const [, area, folder, id] = url.pathname.split('/');
        if (settings.fault === 'garbage')
            return void response.writeHead(200).end('<html>\u0000not what you asked for');
        if (url.pathname.startsWith(SERVICE)) {
            const { status, body } = await twirp(url.pathname.slice(SERVICE.length), request);
            response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
        }
        else if (area === 'blobs' && request.method === 'PUT' && uploads.has(id ?? '')) {
            await uploads.get(id ?? '')?.upload.put(request, url.searchParams);
            response.writeHead(201, {
                etag: '"0x1"',
                'last-modified': new Date().toUTCString(),
                'x-ms-version': '2025-01-05',
            });
            response.end();
        }
        else if (area === 'archives' && downloads.has(folder ?? '')) {
            await sendArchive(response, downloads.get(folder ?? ''), settings.store);
        }
        else {
            request.resume();
            response.writeHead(404, { 'content-type': 'application/json' }).end('{"code":"bad_route","msg":"not found"}');
        }
    };
    const server = (0,external_node_http_.createServer)((request, response) => {
        answer(request, response).catch((error) => {
            if (!response.headersSent && !response.destroyed)
                response.writeHead(500).end(String(error));
            else
                response.destroy();
        });
    });
    await new Promise((resolve, reject) => {
        server.once('error', reject);
        server.listen(0, '127.0.0.1', resolve);
    });
    const bound = server.address();
    base = `http://127.0.0.1:${typeof bound === 'object' && bound !== null ? bound.port : 0}/`;
    const close = () => new Promise((resolve) => {
        stopping.abort();
        server.close(() => resolve());
        server.closeAllConnections();
    });
    if (settings.fault === 'down')
        await close();
    return { url: base, calls, close: settings.fault === 'down' ? async () => undefined : close };
}
async function readFields(request) {
    const chunks = [];
    for await (const chunk of request)
        chunks.push(chunk);
    const body = JSON.parse(Buffer.concat(chunks).toString('utf8') || '{}');
    const { key, version, restore_keys: snake, restoreKeys: camel } = body;
    const keys = snake ?? camel;
    return {
        key: typeof key === 'string' ? key : '',
        version: typeof version === 'string' ? version : '',
        restoreKeys: Array.isArray(keys) ? keys.map(String) : [],
    };
}
async function sendArchive(response, entry, store) {
    if (entry === undefined) {
        const noise = (0,external_node_crypto_.randomBytes)(4_096);
        response.writeHead(200, { 'content-length': noise.length }).end(noise);
        return;
    }
    response.writeHead(200, { 'content-type': 'application/octet-stream', 'content-length': entry.size });
    await (0,external_node_stream_promises_.pipeline)((0,external_node_fs_.createReadStream)(store.fileOf(entry)), response);
}
function signature() {
    return (0,external_node_crypto_.randomBytes)(12).toString('base64url');
}

;// CONCATENATED MODULE: ./src/local/cache/store.js



const UNUSED = 7 * 24 * 3_600_000;
const ABANDONED = 24 * 3_600_000;
async function openStore(folder, now = Date.now) {
    await (0,promises_.mkdir)(folder, { recursive: true });
    await removeOld(folder, now());
    const descriptionOf = ({ scope, key, version }) => (0,external_node_path_.join)(folder, `${(0,external_node_crypto_.createHash)('sha256')
        .update(JSON.stringify([scope, key, version]))
        .digest('hex')}.json`);
    const fileOf = (entry) => (0,external_node_path_.join)(folder, `${entry.id}.bin`);
    const entries = async () => {
        const names = (await (0,promises_.readdir)(folder)).filter((name) => name.endsWith('.json'));
        const read = await Promise.all(names.map((name) => readEntry((0,external_node_path_.join)(folder, name))));
        return read.filter((entry) => entry !== undefined).sort((a, b) => b.createdAt - a.createdAt);
    };
    return {
        fileOf,
        find: async (request) => {
            const found = choose(await entries(), request);
            if (found !== undefined)
                await (0,promises_.utimes)(descriptionOf(found), now() / 1_000, now() / 1_000);
            return found;
        },
        has: async (entry) => (await readEntry(descriptionOf(entry))) !== undefined,
        add: async (entry, file) => {
            const added = { ...entry, id: (0,external_node_crypto_.randomUUID)(), createdAt: now() };
            const draft = (0,external_node_path_.join)(folder, `${added.id}.tmp`);
            await (0,promises_.rename)(file, fileOf(added));
            await (0,promises_.writeFile)(draft, JSON.stringify(added));
            try {
                await (0,promises_.link)(draft, descriptionOf(entry));
                return added;
            }
            catch (error) {
                if (error.code !== 'EEXIST')
                    throw error;
                await (0,promises_.rm)(fileOf(added), { force: true });
                return undefined;
            }
            finally {
                await (0,promises_.rm)(draft, { force: true });
            }
        },
    };
}
async function removeOld(folder, now) {
    for (const name of await (0,promises_.readdir)(folder)) {
        const path = (0,external_node_path_.join)(folder, name);
        const limit = name.endsWith('.json') ? UNUSED : ABANDONED;
        const found = name.endsWith('.bin') ? undefined : await (0,promises_.stat)(path).catch(() => undefined);
        if (found === undefined || now - found.mtimeMs < limit)
            continue;
        const entry = name.endsWith('.json') ? await readEntry(path) : undefined;
        if (entry !== undefined)
            await (0,promises_.rm)((0,external_node_path_.join)(folder, `${entry.id}.bin`), { force: true });
        await (0,promises_.rm)(path, { recursive: true, force: true });
    }
}
async function readEntry(path) {
    try {
        return JSON.parse(await (0,promises_.readFile)(path, 'utf8'));
    }
    catch (error) {
        if (error.code === 'ENOENT')
            return undefined;
        throw error;
    }
}
function choose(newestFirst, { scopes, key, restoreKeys, version }) {
    for (const scope of scopes) {
        const candidates = newestFirst.filter((entry) => entry.scope === scope && entry.version === version);
        const exact = candidates.find((entry) => entry.key === key);
        if (exact !== undefined)
            return exact;
        for (const prefix of [key, ...restoreKeys]) {
            const partial = candidates.find((entry) => entry.key.startsWith(prefix));
            if (partial !== undefined)
                return partial;
        }
    }
    return undefined;
}

;// CONCATENATED MODULE: ./src/local/events.js

const NO_COMMIT = '0'.repeat(40);
const ACTOR = 'octocat';
const PULL_REQUEST = 1;
function describeEvent(request, facts) {
    const context = contextOf(request, facts);
    return { ...context, payload: overlay(context.payload, request.payload ?? {}) };
}
function contextOf(request, facts) {
    switch (request.name) {
        case 'push':
            return push(request, facts);
        case 'pull_request':
            return pullRequestEvent(request, facts);
        case 'merge_group':
            return mergeGroup(facts);
        case 'workflow_dispatch':
            return onBranch(facts.branch, facts, {
                inputs: Object.keys(facts.inputs).length === 0 ? null : facts.inputs,
                ref: `refs/heads/${facts.branch}`,
            });
        case 'schedule':
            return onBranch(facts.defaultBranch, facts, { schedule: '17 3 * * *' });
        case 'release':
            return release(request, facts);
    }
}
function sender(facts, login = ACTOR) {
    const { addresses, defaultBranch, now } = facts;
    return { repository: repository(addresses, { defaultBranch, now }), sender: user(addresses, login) };
}
function onBranch(branch, facts, payload) {
    return {
        payload: { ...payload, ...sender(facts) },
        ref: `refs/heads/${branch}`,
        refType: 'branch',
        sha: facts.head,
        actor: ACTOR,
        isReadOnly: false,
        readableScopes: unique([`refs/heads/${branch}`, `refs/heads/${facts.defaultBranch}`]),
        refs: { [`refs/heads/${branch}`]: facts.head },
    };
}
function push(request, facts) {
    const isTag = request.tag !== undefined;
    const ref = isTag ? `refs/tags/${request.tag}` : `refs/heads/${facts.branch}`;
    const before = isTag ? NO_COMMIT : (facts.base ?? NO_COMMIT);
    const commit = {
        id: facts.head,
        tree_id: facts.tree,
        distinct: true,
        message: facts.message,
        timestamp: facts.now,
        url: `https://github.com/${facts.addresses.owner}/${facts.addresses.name}/commit/${facts.head}`,
        author: { name: ACTOR, email: `${ACTOR}@users.noreply.github.com`, username: ACTOR },
        committer: { name: ACTOR, email: `${ACTOR}@users.noreply.github.com`, username: ACTOR },
    };
    const payload = {
        ref,
        before,
        after: facts.head,
        base_ref: null,
        created: before === NO_COMMIT,
        deleted: false,
        forced: false,
        compare: `https://github.com/${facts.addresses.owner}/${facts.addresses.name}/compare/${before.slice(0, 12)}...${facts.head.slice(0, 12)}`,
        commits: isTag ? [] : [commit],
        head_commit: commit,
        pusher: { name: ACTOR, email: `${ACTOR}@users.noreply.github.com` },
        ...sender(facts),
    };
    return {
        ...onBranch(facts.branch, facts, payload),
        ref,
        refType: isTag ? 'tag' : 'branch',
        readableScopes: unique([ref, `refs/heads/${facts.defaultBranch}`]),
        refs: { [ref]: facts.head },
    };
}
function pullRequestEvent(request, facts) {
    const { addresses, now } = facts;
    const from = request.from ?? 'branch';
    const action = request.action ?? 'opened';
    const author = from === 'dependabot' ? 'dependabot[bot]' : from === 'fork' ? 'contributor' : ACTOR;
    const ref = `refs/pull/${PULL_REQUEST}/merge`;
    const pull = pullRequest(addresses, {
        number: PULL_REQUEST,
        title: facts.message.split('\n', 1)[0] ?? '',
        author,
        headOwner: from === 'fork' ? 'contributor' : addresses.owner,
        headRef: facts.branch,
        headSha: facts.head,
        baseRef: facts.baseBranch,
        baseSha: facts.base ?? facts.head,
        mergeSha: facts.merge,
        isClosed: action === 'closed',
        isMerged: action === 'closed',
        defaultBranch: facts.defaultBranch,
        now,
    });
    const changed = action === 'synchronize' ? { before: facts.base ?? facts.head, after: facts.head } : {};
    return {
        payload: { action, number: PULL_REQUEST, pull_request: pull, ...changed, ...sender(facts, author) },
        ref,
        refType: 'branch',
        sha: facts.merge,
        actor: author,
        isReadOnly: from !== 'branch',
        readableScopes: unique([ref, `refs/heads/${facts.baseBranch}`, `refs/heads/${facts.defaultBranch}`]),
        refs: { [ref]: facts.merge, [`refs/pull/${PULL_REQUEST}/head`]: facts.head },
        pullRequest: pull,
    };
}
function mergeGroup(facts) {
    const baseSha = facts.base ?? facts.head;
    const queue = `refs/heads/gh-readonly-queue/${facts.baseBranch}/pr-${PULL_REQUEST}-${baseSha}`;
    const payload = {
        action: 'checks_requested',
        merge_group: {
            head_sha: facts.merge,
            head_ref: queue,
            base_sha: baseSha,
            base_ref: `refs/heads/${facts.baseBranch}`,
            head_commit: {
                id: facts.merge,
                tree_id: facts.tree,
                message: facts.message,
                timestamp: facts.now,
                author: { name: ACTOR, email: `${ACTOR}@users.noreply.github.com` },
                committer: { name: 'GitHub', email: 'noreply@github.com' },
            },
        },
        ...sender(facts, 'github-merge-queue[bot]'),
    };
    return {
        payload,
        ref: queue,
        refType: 'branch',
        sha: facts.merge,
        actor: 'github-merge-queue[bot]',
        isReadOnly: false,
        readableScopes: unique([queue, `refs/heads/${facts.baseBranch}`, `refs/heads/${facts.defaultBranch}`]),
        refs: { [queue]: facts.merge },
    };
}
function release(request, facts) {
    const tag = request.tag ?? 'v1.0.0';
    const { owner, name, api } = facts.addresses;
    const id = idOf(`${owner}/${name}@${tag}`);
    const payload = {
        action: request.action ?? 'published',
        release: {
            id,
            node_id: Buffer.from(`Release:${id}`).toString('base64url'),
            tag_name: tag,
            target_commitish: facts.branch,
            name: tag,
            body: null,
            draft: false,
            prerelease: false,
            immutable: false,
            created_at: facts.now,
            published_at: facts.now,
            author: user(facts.addresses, ACTOR),
            assets: [],
            url: `${api}/repos/${owner}/${name}/releases/${id}`,
            html_url: `https://github.com/${owner}/${name}/releases/tag/${tag}`,
        },
        ...sender(facts),
    };
    const ref = `refs/tags/${tag}`;
    return {
        ...onBranch(facts.branch, facts, payload),
        ref,
        refType: 'tag',
        readableScopes: unique([ref, `refs/heads/${facts.defaultBranch}`]),
        refs: { [ref]: facts.head },
    };
}
function unique(names) {
    return [...new Set(names)];
}
function overlay(under, over) {
    const result = { ...under };
    for (const [key, value] of Object.entries(over)) {
        const below = result[key];
        result[key] = isPlain(value) && isPlain(below) ? overlay(below, value) : value;
    }
    return result;
}
function isPlain(value) {
    return typeof value === 'object' && value !== null && !Array.isArray(value);
}

;// CONCATENATED MODULE: ./src/local/github/api.js
function notFound(page) {
    return { status: 404, body: problem('Not Found', page, 404) };
}
function problem(message, page, status, errors) {
    const body = { message, documentation_url: `https://docs.github.com/rest/${page}`, status: String(status) };
    return errors === undefined ? body : { ...body, errors };
}
function textField(body, name) {
    if (typeof body !== 'object' || body === null)
        return undefined;
    const value = body[name];
    return typeof value === 'string' ? value : undefined;
}

;// CONCATENATED MODULE: ./src/local/github/comments.js


const BOT = 'github-actions[bot]';
const LONGEST = 65_536;
const READS = [
    { scope: 'issues', level: 'read' },
    { scope: 'pull-requests', level: 'read' },
];
const WRITES = [
    { scope: 'issues', level: 'write' },
    { scope: 'pull-requests', level: 'write' },
];
const PAGE = 'issues/comments#';
function commentRoutes(prepared, issues, now) {
    const comments = prepared.map((comment, index) => {
        const createdAt = comment.createdAt ?? new Date(now().getTime() - 3_600_000).toISOString();
        const author = comment.author ?? BOT;
        const body = comment.body;
        return { id: 1_000 + index, issue: issues[0] ?? 0, author, createdAt, body, updatedAt: createdAt, updates: 0 };
    });
    const find = (call) => comments.find(({ id }) => id === Number(call.params['comment_id']));
    const list = (call) => {
        const number = Number(call.params['issue_number']);
        if (!issues.includes(number))
            return notFound(`${PAGE}list-issue-comments`);
        const since = call.query.get('since');
        const items = comments
            .filter(({ issue, updatedAt }) => issue === number && (since === null || updatedAt >= since))
            .map((comment) => rendered(comment, call.addresses));
        return { status: 200, list: { items } };
    };
    const create = (call) => {
        const issue = Number(call.params['issue_number']);
        if (!issues.includes(issue))
            return notFound(`${PAGE}create-an-issue-comment`);
        const body = textField(call.body, 'body');
        const refusal = refusalOf(body, `${PAGE}create-an-issue-comment`);
        if (refusal !== undefined || body === undefined)
            return refusal ?? notFound(PAGE);
        const createdAt = now().toISOString();
        const comment = {
            id: 2_000 + comments.length,
            issue,
            author: BOT,
            createdAt,
            body,
            updatedAt: createdAt,
            updates: 0,
        };
        comments.push(comment);
        return { status: 201, body: rendered(comment, call.addresses) };
    };
    const update = (call) => {
        const comment = find(call);
        if (comment === undefined)
            return notFound(`${PAGE}update-an-issue-comment`);
        const body = textField(call.body, 'body');
        const refusal = refusalOf(body, `${PAGE}update-an-issue-comment`);
        if (refusal !== undefined || body === undefined)
            return refusal ?? notFound(PAGE);
        comment.body = body;
        comment.updatedAt = now().toISOString();
        comment.updates += 1;
        return { status: 200, body: rendered(comment, call.addresses) };
    };
    const get = (call) => {
        const comment = find(call);
        if (comment === undefined)
            return notFound(`${PAGE}get-an-issue-comment`);
        return { status: 200, body: rendered(comment, call.addresses) };
    };
    const remove = (call) => {
        const comment = find(call);
        if (comment === undefined)
            return notFound(`${PAGE}delete-an-issue-comment`);
        comments.splice(comments.indexOf(comment), 1);
        return { status: 204 };
    };
    const ofIssue = '/repos/{owner}/{repo}/issues/{issue_number}/comments';
    const one = '/repos/{owner}/{repo}/issues/comments/{comment_id}';
    const routes = [
        { method: 'GET', path: ofIssue, needs: READS, page: `${PAGE}list-issue-comments`, handle: list },
        { method: 'POST', path: ofIssue, needs: WRITES, page: `${PAGE}create-an-issue-comment`, handle: create },
        { method: 'GET', path: one, needs: READS, page: `${PAGE}get-an-issue-comment`, handle: get },
        { method: 'PATCH', path: one, needs: WRITES, page: `${PAGE}update-an-issue-comment`, handle: update },
        { method: 'DELETE', path: one, needs: WRITES, page: `${PAGE}delete-an-issue-comment`, handle: remove },
    ];
    const recorded = () => comments.map(({ id, issue, author, body, updates }) => ({ id, issue, author, body, updates }));
    return { routes, recorded };
}
function refusalOf(body, page) {
    if (body === undefined) {
        return { status: 422, body: problem('Invalid request.\n\n"body" wasn\'t supplied.', page, 422) };
    }
    const custom = (message) => [{ resource: 'IssueComment', code: 'unprocessable', field: 'data', message }];
    if (body.trim() === '') {
        return { status: 422, body: problem('Validation Failed', page, 422, custom('Body cannot be blank')) };
    }
    if (body.length > LONGEST) {
        const errors = custom(`Body is too long (maximum is ${LONGEST} characters)`);
        return { status: 422, body: problem('Validation Failed', page, 422, errors) };
    }
    return undefined;
}
function rendered(comment, addresses) {
    const { api, owner, name } = addresses;
    const repo = `${api}/repos/${owner}/${name}`;
    const url = `${repo}/issues/comments/${comment.id}`;
    return {
        id: comment.id,
        node_id: Buffer.from(`IssueComment:${comment.id}`).toString('base64url'),
        url,
        html_url: `https://github.com/${owner}/${name}/pull/${comment.issue}#issuecomment-${comment.id}`,
        issue_url: `${repo}/issues/${comment.issue}`,
        user: user(addresses, comment.author),
        created_at: comment.createdAt,
        updated_at: comment.updatedAt,
        body: comment.body,
        author_association: comment.author === owner ? 'OWNER' : 'NONE',
        performed_via_github_app: comment.author === BOT ? actionsApp(addresses) : null,
        reactions: {
            url: `${url}/reactions`,
            total_count: 0,
            '+1': 0,
            '-1': 0,
            laugh: 0,
            hooray: 0,
            confused: 0,
            heart: 0,
            rocket: 0,
            eyes: 0,
        },
    };
}
function actionsApp(addresses) {
    return {
        id: 15_368,
        slug: 'github-actions',
        node_id: Buffer.from('App:15368').toString('base64url'),
        owner: user(addresses, 'github'),
        name: 'GitHub Actions',
        description: 'Automate your workflow from idea to production',
        external_url: 'https://help.github.com/en/actions',
        html_url: 'https://github.com/apps/github-actions',
        created_at: '2018-07-30T09:30:17Z',
        updated_at: '2025-01-01T00:00:00Z',
        permissions: {},
        events: [],
        client_id: `Iv1.${idOf('github-actions').toString(16)}`,
    };
}

// EXTERNAL MODULE: external "node:child_process"
var external_node_child_process_ = __webpack_require__(1421);
;// CONCATENATED MODULE: ./src/local/git.js

class GitError extends Error {
    name = 'GitError';
}
function gitIn(folder, environment) {
    const settings = ['-c', 'core.hooksPath=/dev/null', '-c', 'core.fsmonitor=false', '-c', 'commit.gpgSign=false'];
    return (args, more = {}) => new Promise((resolve, reject) => {
        const child = (0,external_node_child_process_.execFile)('git', [...settings, ...args], {
            cwd: folder,
            env: { ...environment, GIT_TERMINAL_PROMPT: '0', GIT_OPTIONAL_LOCKS: '0', LC_ALL: 'C', ...more.env },
            maxBuffer: 256 * 1024 * 1024,
        }, (error, stdout, stderr) => {
            if (error === null)
                resolve(stdout.replace(/\n$/, ''));
            else
                reject(new GitError(reason(stderr, error), { cause: error }));
        });
        child.stdin?.on('error', () => undefined);
        child.stdin?.end(more.input ?? '');
    });
}
function reason(stderr, error) {
    if (error.code === 'ENOENT')
        return 'git is not installed';
    const line = stderr.trim().split('\n').at(-1);
    return line === undefined || line === '' ? error.message : line;
}
async function gitOrNothing(git, args) {
    try {
        return await git(args);
    }
    catch (error) {
        if (error instanceof GitError)
            return undefined;
        throw error;
    }
}

;// CONCATENATED MODULE: ./src/local/github/commits.js



const CONTENTS = [{ scope: 'contents', level: 'read' }];
const PULLS = [{ scope: 'pull-requests', level: 'read' }];
const MOST_FILES = 300;
const MOST_COMMITS = 250;
function commitRoutes(git, pull) {
    const commit = async (call) => {
        const sha = await commitId(git, call.params['ref'] ?? '');
        if (sha === undefined)
            return notFound('commits/commits#get-a-commit');
        const body = await commitObject(git, sha, call.addresses);
        const parent = body.parents[0]?.sha;
        const files = parent === undefined ? [] : await changedFiles(git, parent, sha, call.addresses);
        const stats = {
            additions: sum(files.map(({ additions }) => additions)),
            deletions: sum(files.map(({ deletions }) => deletions)),
            total: sum(files.map(({ changes }) => changes)),
        };
        return { status: 200, body: { ...body, stats, files } };
    };
    const compare = async (call) => {
        const page = 'commits/commits#compare-two-commits';
        const [base, head] = (call.params['basehead'] ?? '').split('...');
        const from = await commitId(git, base ?? '');
        const to = await commitId(git, head ?? '');
        if (from === undefined || to === undefined)
            return notFound(page);
        const fork = await gitOrNothing(git, ['merge-base', from, to]);
        if (fork === undefined)
            return notFound(page);
        return { status: 200, body: await comparison(git, { from, to, fork }, call.addresses) };
    };
    const one = (call) => {
        if (pull === undefined || Number(call.params['pull_number']) !== pull.number) {
            return notFound('pulls/pulls#get-a-pull-request');
        }
        return { status: 200, body: pull };
    };
    const files = async (call) => {
        const page = 'pulls/pulls#list-pull-requests-files';
        if (pull === undefined || Number(call.params['pull_number']) !== pull.number)
            return notFound(page);
        const fork = (await gitOrNothing(git, ['merge-base', pull.base.sha, pull.head.sha])) ?? pull.base.sha;
        return { status: 200, list: { items: await changedFiles(git, fork, pull.head.sha, call.addresses) } };
    };
    const repo = '/repos/{owner}/{repo}';
    return [
        { method: 'GET', path: `${repo}/commits/{ref}`, needs: CONTENTS, page: 'commits/commits', handle: commit },
        { method: 'GET', path: `${repo}/compare/{basehead}`, needs: CONTENTS, page: 'commits/commits', handle: compare },
        { method: 'GET', path: `${repo}/pulls/{pull_number}/files`, needs: PULLS, page: 'pulls/pulls', handle: files },
        { method: 'GET', path: `${repo}/pulls/{pull_number}`, needs: PULLS, page: 'pulls/pulls', handle: one },
    ];
}
async function commitId(git, ref) {
    if (ref === '' || ref.startsWith('-'))
        return undefined;
    return gitOrNothing(git, ['rev-parse', '--verify', '--quiet', '--end-of-options', `${ref}^{commit}`]);
}
async function commitObject(git, sha, addresses) {
    const format = '%H%x00%T%x00%P%x00%an%x00%ae%x00%aI%x00%cn%x00%ce%x00%cI%x00%B';
    const fields = (await git(['show', '-s', `--format=${format}`, sha])).split('\0');
    const [id = '', tree = '', parents = '', an = '', ae = '', ad = '', cn = '', ce = '', cd = '', message = ''] = fields;
    const repo = `${addresses.api}/repos/${addresses.owner}/${addresses.name}`;
    const html = `https://github.com/${addresses.owner}/${addresses.name}/commit`;
    return {
        sha: id,
        node_id: Buffer.from(`Commit:${id}`).toString('base64url'),
        url: `${repo}/commits/${id}`,
        html_url: `${html}/${id}`,
        comments_url: `${repo}/commits/${id}/comments`,
        commit: {
            author: { name: an, email: ae, date: ad },
            committer: { name: cn, email: ce, date: cd },
            message: message.trimEnd(),
            tree: { sha: tree, url: `${repo}/git/trees/${tree}` },
            url: `${repo}/git/commits/${id}`,
            comment_count: 0,
            verification: { verified: false, reason: 'unsigned', signature: null, payload: null, verified_at: null },
        },
        author: user(addresses, 'octocat'),
        committer: user(addresses, 'octocat'),
        parents: parents
            .split(' ')
            .filter((parent) => parent !== '')
            .map((parent) => ({ sha: parent, url: `${repo}/commits/${parent}`, html_url: `${html}/${parent}` })),
    };
}
async function comparison(git, at, addresses) {
    const count = async (range) => Number(await git(['rev-list', '--count', range]));
    const ahead = await count(`${at.from}..${at.to}`);
    const behind = await count(`${at.to}..${at.from}`);
    const listed = await git(['rev-list', '--reverse', `--max-count=${MOST_COMMITS}`, `${at.from}..${at.to}`]);
    const commits = [];
    for (const sha of listed.split('\n').filter((line) => line !== '')) {
        commits.push(await commitObject(git, sha, addresses));
    }
    const path = `${addresses.owner}/${addresses.name}/compare/${at.from}...${at.to}`;
    const html = `https://github.com/${path}`;
    return {
        url: `${addresses.api}/repos/${path}`,
        html_url: html,
        permalink_url: html,
        diff_url: `${html}.diff`,
        patch_url: `${html}.patch`,
        base_commit: await commitObject(git, at.from, addresses),
        merge_base_commit: await commitObject(git, at.fork, addresses),
        status: ahead > 0 ? (behind > 0 ? 'diverged' : 'ahead') : behind > 0 ? 'behind' : 'identical',
        ahead_by: ahead,
        behind_by: behind,
        total_commits: ahead,
        commits,
        files: await changedFiles(git, at.fork, at.to, addresses),
    };
}
const STATUS = {
    A: 'added',
    D: 'removed',
    M: 'modified',
    R: 'renamed',
    C: 'copied',
    T: 'changed',
};
async function changedFiles(git, from, to, addresses) {
    const raw = (await git(['diff', '--raw', '-z', '--no-abbrev', '-M', from, to])).split('\0');
    const counts = await lineCounts(git, from, to);
    const repo = `${addresses.owner}/${addresses.name}`;
    const entries = [];
    for (let index = 0; index + 1 < raw.length && entries.length < MOST_FILES;) {
        const [, , oldBlob = '', newBlob = '', status = ''] = (raw[index] ?? '').split(' ');
        const isPair = status.startsWith('R') || status.startsWith('C');
        const before = raw[index + 1] ?? '';
        const filename = isPair ? (raw[index + 2] ?? '') : before;
        index += isPair ? 3 : 2;
        const { additions, deletions } = counts.get(filename) ?? { additions: 0, deletions: 0 };
        const path = filename.split('/').map(encodeURIComponent).join('/');
        entries.push({
            sha: status.startsWith('D') ? oldBlob : newBlob,
            filename,
            status: STATUS[status[0] ?? ''] ?? 'changed',
            additions,
            deletions,
            changes: additions + deletions,
            blob_url: `https://github.com/${repo}/blob/${to}/${path}`,
            raw_url: `https://github.com/${repo}/raw/${to}/${path}`,
            contents_url: `${addresses.api}/repos/${repo}/contents/${path}?ref=${to}`,
            ...(isPair ? { previous_filename: before } : {}),
        });
    }
    return entries;
}
async function lineCounts(git, from, to) {
    const parts = (await git(['diff', '--numstat', '-z', '-M', from, to])).split('\0');
    const counts = new Map();
    for (let index = 0; index < parts.length;) {
        const [added = '', deleted = '', path = ''] = (parts[index] ?? '').split('\t');
        const filename = path === '' ? (parts[index + 2] ?? '') : path;
        index += path === '' ? 3 : 1;
        counts.set(filename, { additions: Number(added) || 0, deletions: Number(deleted) || 0 });
    }
    return counts;
}
function sum(numbers) {
    return numbers.reduce((total, number) => total + number, 0);
}

;// CONCATENATED MODULE: ./src/local/github/identities.js



function identityRoutes(facts) {
    const repo = '/repos/{owner}/{repo}';
    return [
        {
            method: 'GET',
            path: '/user',
            needs: [{ scope: 'not-for-job-tokens', level: 'read' }],
            page: 'users/users#get-the-authenticated-user',
            handle: () => notFound('users/users'),
        },
        {
            method: 'GET',
            path: '/app',
            needs: [],
            page: 'apps/apps#get-the-authenticated-app',
            handle: () => ({
                status: 401,
                body: problem('A JSON web token could not be decoded', 'apps/apps#get-the-authenticated-app', 401),
            }),
        },
        { method: 'GET', path: '/users/{username}', needs: [], page: 'users/users#get-a-user', handle: account },
        { method: 'POST', path: '/graphql', needs: [], page: 'graphql', handle: viewer },
        {
            method: 'GET',
            path: repo,
            needs: [],
            page: 'repos/repos#get-a-repository',
            handle: (call) => ({ status: 200, body: repository(call.addresses, facts) }),
        },
        {
            method: 'GET',
            path: `${repo}/environments/{environment_name}`,
            needs: [{ scope: 'actions', level: 'read' }],
            page: 'deployments/environments#get-an-environment',
            handle: (call) => environment(call, facts),
        },
    ];
}
function account(call) {
    const login = call.params['username'] ?? '';
    return {
        status: 200,
        body: {
            ...user(call.addresses, login),
            user_view_type: 'public',
            name: null,
            company: null,
            blog: null,
            location: null,
            email: null,
            hireable: null,
            bio: null,
            public_repos: 0,
            public_gists: 0,
            followers: 0,
            following: 0,
            created_at: '2018-07-30T09:30:17Z',
            updated_at: '2025-01-01T00:00:00Z',
        },
    };
}
function viewer(call) {
    const { query } = (call.body ?? {});
    const fields = typeof query === 'string' ? /\{\s*viewer\s*\{([^{}]*)\}\s*\}\s*$/.exec(query)?.[1] : undefined;
    if (fields === undefined) {
        const message = 'the local stand-in answers the viewer only';
        return { status: 200, body: { errors: [{ type: 'NOT_IMPLEMENTED', message }] } };
    }
    const account = user(call.addresses, BOT);
    const known = {
        login: BOT,
        databaseId: account.id,
        id: account.node_id,
        url: account.html_url,
    };
    const asked = fields.split(/[\s,]+/).filter((name) => name in known);
    return { status: 200, body: { data: { viewer: Object.fromEntries(asked.map((name) => [name, known[name]])) } } };
}
function environment(call, facts) {
    const name = call.params['environment_name'] ?? '';
    if (!facts.environments.includes(name))
        return notFound('deployments/environments#get-an-environment');
    const { api, owner, name: repo } = call.addresses;
    const id = idOf(`${owner}/${repo}/${name}`);
    return {
        status: 200,
        body: {
            id,
            node_id: Buffer.from(`Environment:${id}`).toString('base64url'),
            name,
            url: `${api}/repos/${owner}/${repo}/environments/${encodeURIComponent(name)}`,
            html_url: `https://github.com/${owner}/${repo}/deployments/activity_log?environments_filter=${encodeURIComponent(name)}`,
            created_at: facts.now,
            updated_at: facts.now,
            protection_rules: [],
            deployment_branch_policy: null,
        },
    };
}

;// CONCATENATED MODULE: ./src/local/github/runs.js


const ACTIONS = [{ scope: 'actions', level: 'read' }];
function runRoutes(facts) {
    const known = [facts.own, ...facts.others];
    const list = (call, among) => {
        const { query } = call;
        const fits = (name, value) => query.get(name) === null || query.get(name) === value;
        const items = among
            .filter((run) => fits('branch', run.headBranch) && fits('event', run.event) && fits('head_sha', run.headSha))
            .filter((run) => query.get('status') === null || [run.status, run.conclusion].includes(query.get('status')))
            .sort((a, b) => b.id - a.id)
            .map((run) => workflowRun(run, facts, call.addresses));
        return { status: 200, list: { items, name: 'workflow_runs' } };
    };
    const ofWorkflow = (call) => {
        const asked = call.params['workflow_id'] ?? '';
        const among = known.filter(({ path }) => path.endsWith(`/${asked}`) || String(idOf(path)) === asked);
        return among.length === 0 ? notFound('actions/workflow-runs') : list(call, among);
    };
    const one = (call) => {
        const run = known.find(({ id }) => id === Number(call.params['run_id']));
        if (run === undefined)
            return notFound('actions/workflow-runs#get-a-workflow-run');
        return { status: 200, body: workflowRun(run, facts, call.addresses) };
    };
    const jobs = (call) => {
        if (Number(call.params['run_id']) !== facts.own.id)
            return notFound('actions/workflow-jobs');
        const items = facts.jobs().map((job) => jobObject(job, facts, call.addresses));
        return { status: 200, list: { items, name: 'jobs' } };
    };
    const base = '/repos/{owner}/{repo}/actions';
    const shared = { method: 'GET', needs: ACTIONS };
    return [
        { ...shared, path: `${base}/runs`, page: 'actions/workflow-runs', handle: (call) => list(call, known) },
        { ...shared, path: `${base}/workflows/{workflow_id}/runs`, page: 'actions/workflow-runs', handle: ofWorkflow },
        { ...shared, path: `${base}/runs/{run_id}`, page: 'actions/workflow-runs', handle: one },
        { ...shared, path: `${base}/runs/{run_id}/jobs`, page: 'actions/workflow-jobs', handle: jobs },
        {
            ...shared,
            path: `${base}/runs/{run_id}/attempts/{attempt_number}/jobs`,
            page: 'actions/workflow-jobs',
            handle: jobs,
        },
    ];
}
function workflowRun(run, facts, addresses) {
    const repo = `${addresses.api}/repos/${addresses.owner}/${addresses.name}`;
    const url = `${repo}/actions/runs/${run.id}`;
    const html = `https://github.com/${addresses.owner}/${addresses.name}/actions/runs/${run.id}`;
    const workflowId = idOf(run.path);
    const minimal = repository(addresses, { defaultBranch: facts.defaultBranch, now: facts.now });
    return {
        id: run.id,
        name: facts.workflowName,
        node_id: Buffer.from(`WorkflowRun:${run.id}`).toString('base64url'),
        check_suite_id: run.id,
        check_suite_node_id: Buffer.from(`CheckSuite:${run.id}`).toString('base64url'),
        head_branch: run.headBranch,
        head_sha: run.headSha,
        path: run.path,
        run_number: run.runNumber,
        run_attempt: run.id === facts.own.id ? facts.attempt : 1,
        event: run.event,
        status: run.status,
        conclusion: run.conclusion,
        display_title: facts.workflowName,
        workflow_id: workflowId,
        url,
        html_url: html,
        pull_requests: [],
        created_at: facts.now,
        updated_at: facts.now,
        run_started_at: facts.now,
        actor: user(addresses, 'octocat'),
        triggering_actor: user(addresses, 'octocat'),
        jobs_url: `${url}/jobs`,
        logs_url: `${url}/logs`,
        check_suite_url: `${repo}/check-suites/${run.id}`,
        artifacts_url: `${url}/artifacts`,
        cancel_url: `${url}/cancel`,
        rerun_url: `${url}/rerun`,
        previous_attempt_url: null,
        workflow_url: `${repo}/actions/workflows/${workflowId}`,
        head_commit: {
            id: run.headSha,
            tree_id: run.headSha,
            message: facts.workflowName,
            timestamp: facts.now,
            author: { name: 'octocat', email: 'octocat@users.noreply.github.com' },
            committer: { name: 'octocat', email: 'octocat@users.noreply.github.com' },
        },
        repository: minimal,
        head_repository: minimal,
    };
}
function jobObject(job, facts, addresses) {
    const repo = `${addresses.api}/repos/${addresses.owner}/${addresses.name}`;
    const run = `${repo}/actions/runs/${facts.own.id}`;
    const id = idOf(`${facts.own.id}/${job.key}`);
    return {
        id,
        run_id: facts.own.id,
        run_url: run,
        run_attempt: facts.attempt,
        node_id: Buffer.from(`CheckRun:${id}`).toString('base64url'),
        head_sha: facts.own.headSha,
        head_branch: facts.own.headBranch,
        workflow_name: facts.workflowName,
        name: job.name,
        url: `${repo}/actions/jobs/${id}`,
        html_url: `https://github.com/${addresses.owner}/${addresses.name}/actions/runs/${facts.own.id}/job/${id}`,
        status: job.status,
        conclusion: job.conclusion,
        created_at: job.startedAt,
        started_at: job.startedAt,
        completed_at: job.completedAt,
        check_run_url: `${repo}/check-runs/${id}`,
        labels: ['ubuntu-latest'],
        runner_id: 1,
        runner_name: 'local',
        runner_group_id: 1,
        runner_group_name: 'Default',
        steps: [],
    };
}

;// CONCATENATED MODULE: ./src/local/permissions.js
const RANK = { none: 0, read: 1, write: 2 };
const SCOPES = [
    'actions',
    'artifact-metadata',
    'attestations',
    'checks',
    'contents',
    'deployments',
    'discussions',
    'id-token',
    'issues',
    'models',
    'packages',
    'pages',
    'pull-requests',
    'security-events',
    'statuses',
    'vulnerability-alerts',
];
const RESTRICTED_DEFAULT = { contents: 'read', packages: 'read' };
function parsePermissions(value) {
    if (value === undefined || value === null)
        return undefined;
    if (value === 'read-all')
        return every('read');
    if (value === 'write-all')
        return every('write');
    if (typeof value !== 'object')
        return undefined;
    const entries = Object.entries(value).filter((entry) => isLevel(entry[1]));
    return Object.fromEntries(entries);
}
function every(level) {
    return Object.fromEntries(SCOPES.filter((scope) => scope !== 'id-token' || level === 'write').map((s) => [s, level]));
}
function isLevel(value) {
    return value === 'read' || value === 'write' || value === 'none';
}
function allows(permissions, scope, level) {
    return RANK[permissions[scope] ?? 'none'] >= RANK[level];
}
function beyond(requested, granted) {
    const scopes = Object.keys(requested)
        .filter((scope) => RANK[requested[scope] ?? 'none'] > RANK[granted[scope] ?? 'none'])
        .sort();
    if (scopes.length === 0)
        return undefined;
    return {
        asked: scopes.map((scope) => `${scope}: ${requested[scope] ?? 'none'}`).join(', '),
        allowed: scopes.map((scope) => `${scope}: ${granted[scope] ?? 'none'}`).join(', '),
    };
}
function readOnly(permissions) {
    const entries = Object.entries(permissions)
        .filter(([scope]) => scope !== 'id-token')
        .map(([scope, level]) => [scope, level === 'write' ? 'read' : level]);
    return Object.fromEntries(entries);
}
function union(blocks) {
    const result = {};
    for (const block of blocks) {
        for (const [scope, level] of Object.entries(block)) {
            if (RANK[level] > RANK[result[scope] ?? 'none'])
                result[scope] = level;
        }
    }
    return result;
}

;// CONCATENATED MODULE: ./src/local/github/server.js




const RATE_LIMIT = 1_000;
const LONGEST_BODY = 10 * 1024 * 1024;
async function startGitHub(settings) {
    const requests = [];
    let addresses = { api: '', owner: settings.owner, name: settings.name };
    const server = (0,external_node_http_.createServer)((request, response) => {
        const answering = answerTo(request).then((exchange) => {
            requests.push(exchange.record);
            send(response, exchange.answer, addresses, request.url ?? '/', requests.length);
        });
        answering.catch((error) => {
            response.writeHead(500, { 'content-type': 'application/json; charset=utf-8' });
            response.end(JSON.stringify(problem(`The stand-in failed: ${String(error)}`, '', 500)));
        });
    });
    const answerTo = async (request) => {
        const { method = 'GET', url = '/' } = request;
        const body = await readBody(request);
        const job = settings.tokens.get(tokenOf(request));
        const answer = await dispatch({
            method,
            url: new URL(url, addresses.api),
            body,
            job,
            addresses,
            routes: settings.routes(),
        });
        const responseBody = answer.list === undefined ? answer.body : paged(answer.list, new URL(url, addresses.api)).body;
        const record = {
            job: job?.id ?? '(unknown token)',
            method,
            path: url,
            requestBody: body.value,
            status: answer.status,
            responseBody,
        };
        return { answer, record };
    };
    await new Promise((resolve, reject) => {
        server.once('error', reject);
        server.listen(0, '127.0.0.1', resolve);
    });
    const bound = server.address();
    const port = typeof bound === 'object' && bound !== null ? bound.port : 0;
    addresses = { ...addresses, api: `http://127.0.0.1:${port}` };
    return {
        url: addresses.api,
        requests,
        comments: settings.comments,
        close: () => new Promise((resolve) => {
            server.close(() => resolve());
            server.closeAllConnections();
        }),
    };
}
async function readBody(request) {
    const chunks = [];
    let size = 0;
    for await (const chunk of request) {
        size += chunk.length;
        if (size > LONGEST_BODY)
            return { value: undefined, isBroken: true };
        chunks.push(chunk);
    }
    const text = Buffer.concat(chunks).toString('utf8');
    if (text === '')
        return { value: undefined, isBroken: false };
    try {
        return { value: JSON.parse(text), isBroken: false };
    }
    catch {
        return { value: text, isBroken: true };
    }
}
function tokenOf(request) {
    return /^(?:token|bearer)\s+(\S+)$/i.exec(request.headers.authorization ?? '')?.[1] ?? '';
}
async function dispatch({ method, url, body, job, addresses, routes }) {
    if (job === undefined)
        return { status: 401, body: problem('Bad credentials', '', 401) };
    const matches = routes.flatMap((route) => {
        const params = matchPath(route.path, url.pathname);
        return params === undefined ? [] : [{ route, params }];
    });
    const match = matches.find(({ route }) => route.method === method);
    if (match === undefined)
        return { status: 404, body: problem('Not Found', '', 404) };
    const { route, params } = match;
    const isOwn = params['owner'] === undefined || isRepository(params, addresses);
    if (!isOwn)
        return { status: 404, body: problem('Not Found', route.page, 404) };
    if (route.needs.length > 0 && !route.needs.some((need) => allows(job.permissions, need.scope, need.level))) {
        return { status: 403, body: problem('Resource not accessible by integration', route.page, 403) };
    }
    if (body.isBroken)
        return { status: 400, body: problem('Problems parsing JSON', route.page, 400) };
    const call = { params, query: url.searchParams, body: body.value, job, addresses };
    return route.handle(call);
}
function isRepository(params, { owner, name }) {
    return `${params['owner']}/${params['repo']}`.toLowerCase() === `${owner}/${name}`.toLowerCase();
}
function matchPath(template, path) {
    const names = [];
    const pattern = template.replaceAll(/\{(\w+)\}/g, (_whole, name) => {
        names.push(name);
        return name === 'ref' || name === 'basehead' || name === 'environment_name' ? '(.+)' : '([^/]+)';
    });
    const match = new RegExp(`^${pattern}$`).exec(path);
    if (match === null)
        return undefined;
    try {
        return Object.fromEntries(names.map((name, index) => [name, decodeURIComponent(match[index + 1] ?? '')]));
    }
    catch {
        return undefined;
    }
}
function paged(list, url) {
    const size = clamp(Number(url.searchParams.get('per_page') ?? 30), 1, 100);
    const last = Math.max(1, Math.ceil(list.items.length / size));
    const page = clamp(Number(url.searchParams.get('page') ?? 1), 1, Number.MAX_SAFE_INTEGER);
    const items = list.items.slice((page - 1) * size, page * size);
    const relation = (name, target) => {
        const address = new URL(url);
        address.searchParams.set('page', String(target));
        return `<${address.href}>; rel="${name}"`;
    };
    const links = [
        ...(page > 1 ? [relation('prev', page - 1)] : []),
        ...(page < last ? [relation('next', page + 1), relation('last', last)] : []),
        ...(page > 1 ? [relation('first', 1)] : []),
    ];
    const body = list.name === undefined ? items : { total_count: list.items.length, [list.name]: items };
    return { body, link: links.join(', ') };
}
function clamp(value, least, most) {
    return Number.isFinite(value) ? Math.min(most, Math.max(least, Math.trunc(value))) : least;
}
function send(response, answer, addresses, path, used) {
    const page = answer.list === undefined ? undefined : paged(answer.list, new URL(path, addresses.api));
    const body = page?.body ?? answer.body;
    response.writeHead(answer.status, {
        'content-type': 'application/json; charset=utf-8',
        'x-github-request-id': (0,external_node_crypto_.randomUUID)(),
        'x-ratelimit-limit': String(RATE_LIMIT),
        'x-ratelimit-remaining': String(Math.max(0, RATE_LIMIT - used)),
        'x-ratelimit-used': String(used),
        'x-ratelimit-reset': String(Math.ceil(Date.now() / 1_000) + 3_600),
        'x-ratelimit-resource': 'core',
        ...(page === undefined || page.link === '' ? {} : { link: page.link }),
    });
    response.end(body === undefined ? undefined : JSON.stringify(body));
}

;// CONCATENATED MODULE: ./src/local/stand-ins/glob.js


async function findFiles(lines, folder, includesHidden) {
    const patterns = lines
        .split('\n')
        .map((line) => line.trim())
        .filter((line) => line !== '' && !line.startsWith('#'))
        .map((line) => parsePattern(line, folder));
    const included = patterns.filter(({ isExclusion }) => !isExclusion);
    const files = new Set();
    for (const { start, matches } of included) {
        for await (const path of walk(start, includesHidden, new Set()))
            if (matches(path))
                files.add(path);
    }
    const excluded = patterns.filter(({ isExclusion }) => isExclusion);
    const kept = [...files].filter((path) => !excluded.some(({ matches }) => matches(path)));
    return { files: kept.sort(), starts: included.map(({ start }) => start) };
}
function parsePattern(line, folder) {
    const isExclusion = line.startsWith('!');
    const text = (0,external_node_path_.resolve)(folder, (isExclusion ? line.slice(1) : line).trim());
    const parts = text.split(external_node_path_.sep);
    const wild = parts.findIndex((part) => /[*?[]/.test(part));
    const start = wild === -1 ? text : parts.slice(0, wild).join(external_node_path_.sep) || external_node_path_.sep;
    const expression = new RegExp(`^${parts.map(partExpression).join('')}(?:/.*)?$`, 's');
    return { isExclusion, start, matches: (path) => expression.test(path) };
}
function partExpression(part, index) {
    const slash = index === 0 ? '' : '/';
    if (part === '**')
        return '(?:/.*)?';
    const body = part.replaceAll(/\*|\?|\[[^\]]*\]|[\\^$.|+(){}[\]]/g, (token) => {
        if (token === '*')
            return '[^/]*';
        if (token === '?')
            return '[^/]';
        return token.length > 1 && token.startsWith('[') ? token.replaceAll('\\', '\\\\') : `\\${token}`;
    });
    return `${slash}${body}`;
}
async function* walk(path, includesHidden, above) {
    const found = await (0,promises_.stat)(path).catch((error) => {
        if (error.code === 'ENOENT' || error.code === 'ELOOP' || error.code === 'ENOTDIR')
            return undefined;
        throw error;
    });
    if (found === undefined)
        return;
    if (!found.isDirectory()) {
        if (found.isFile())
            yield path;
        return;
    }
    const identity = `${found.dev}:${found.ino}`;
    if (above.has(identity))
        return;
    for (const name of await (0,promises_.readdir)(path)) {
        if (includesHidden || !name.startsWith('.'))
            yield* walk((0,external_node_path_.join)(path, name), includesHidden, new Set([...above, identity]));
    }
}
function commonFolder({ files, starts }) {
    const single = starts.length === 1 ? starts[0] : undefined;
    if (single !== undefined)
        return files.length === 1 && files[0] === single ? (0,external_node_path_.dirname)(single) : single;
    const split = starts.map((start) => (files.includes(start) ? (0,external_node_path_.dirname)(start) : start).split(external_node_path_.sep));
    const first = split[0] ?? [];
    const length = first.findIndex((part, index) => split.some((other) => other[index] !== part));
    return (length === -1 ? first : first.slice(0, length)).join(external_node_path_.sep) || external_node_path_.sep;
}

;// CONCATENATED MODULE: ./src/local/stand-ins/server.js

class StepFailure extends Error {
    name = 'StepFailure';
}
async function startStandIns(standIns, tokens) {
    const server = (0,external_node_http_.createServer)((request, response) => {
        answer(request, standIns, tokens).then(({ status, body }) => response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body)), (error) => {
            const body = { lines: [], outputs: {}, error: `the local stand-in failed: ${String(error)}` };
            response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
        });
    });
    await new Promise((resolve, reject) => {
        server.once('error', reject);
        server.listen(0, '127.0.0.1', resolve);
    });
    const bound = server.address();
    return {
        url: `http://127.0.0.1:${typeof bound === 'object' && bound !== null ? bound.port : 0}`,
        close: () => new Promise((resolve) => {
            server.close(() => resolve());
            server.closeAllConnections();
        }),
    };
}
async function answer(request, standIns, tokens) {
    const chunks = [];
    for await (const chunk of request)
        chunks.push(chunk);
    const token = tokens.get((request.headers.authorization ?? '').replace(/^bearer /i, ''));
    const standIn = standIns[(request.url ?? '/').slice(1)];
    if (token === undefined || standIn === undefined)
        return { status: 403, body: { lines: [], outputs: {}, error: 'refused' } };
    const { inputs, workspace } = JSON.parse(Buffer.concat(chunks).toString('utf8'));
    try {
        return { status: 200, body: await standIn({ inputs, workspace, token }) };
    }
    catch (error) {
        if (!(error instanceof StepFailure))
            throw error;
        return { status: 200, body: { lines: [], outputs: {}, error: error.message } };
    }
}

;// CONCATENATED MODULE: ./src/local/stand-ins/artifacts.js





const FORBIDDEN = /["<>|:*?\r\n\\/]/;
function uploadStandIn(folder, repository, runId) {
    return async ({ inputs, workspace }) => {
        const name = inputs['name'] ?? 'artifact';
        if (name === '' || FORBIDDEN.test(name))
            throw new StepFailure(`The artifact name is not valid: ${name}`);
        const found = await findFiles(inputs['path'] ?? '', workspace, inputs['include-hidden-files'] === 'true');
        if (found.files.length === 0)
            return nothingFound(inputs);
        const target = (0,external_node_path_.join)(folder, name);
        if (await exists(target)) {
            if (inputs['overwrite'] !== 'true') {
                throw new StepFailure('Failed to CreateArtifact: Received non-retryable error: Failed request: (409) Conflict: an artifact with ' +
                    'this name already exists on the workflow run');
            }
            await (0,promises_.rm)(target, { recursive: true });
        }
        const root = commonFolder(found);
        const hash = (0,external_node_crypto_.createHash)('sha256');
        for (const file of found.files) {
            const place = (0,external_node_path_.join)(target, (0,external_node_path_.relative)(root, file));
            await (0,promises_.mkdir)((0,external_node_path_.dirname)(place), { recursive: true });
            await (0,promises_.cp)(file, place, { dereference: true });
            await (0,promises_.chmod)(place, 0o644);
            hash.update((0,external_node_path_.relative)(root, file)).update(await (0,promises_.readFile)(place));
        }
        const id = String((await (0,promises_.readdir)(folder)).length);
        const url = `https://github.com/${repository}/actions/runs/${runId}/artifacts/${id}`;
        return {
            lines: [`Artifact ${name} with ${found.files.length} files has been uploaded`],
            outputs: { 'artifact-id': id, 'artifact-url': url, 'artifact-digest': hash.digest('hex') },
        };
    };
}
function nothingFound(inputs) {
    const message = `No files were found with the provided path: ${inputs['path'] ?? ''}. No artifacts will be uploaded.`;
    if (inputs['if-no-files-found'] === 'error')
        throw new StepFailure(message);
    const lines = [inputs['if-no-files-found'] === 'ignore' ? message : `::warning::${message.replaceAll('\n', '%0A')}`];
    return { lines, outputs: {} };
}
function downloadStandIn(folder) {
    return async ({ inputs, workspace }) => {
        if ((inputs['run-id'] ?? '') !== '')
            throw new StepFailure('a local run has its own artifacts only (run-id)');
        const target = (0,external_node_path_.resolve)(workspace, (inputs['path'] ?? '').replace(/^~/, workspace));
        const all = (await exists(folder)) ? (await (0,promises_.readdir)(folder)).sort() : [];
        const name = inputs['name'] ?? '';
        if (name !== '') {
            if (!all.includes(name)) {
                throw new StepFailure(`Unable to download artifact(s): Artifact not found for name: ${name}`);
            }
            await (0,promises_.cp)((0,external_node_path_.join)(folder, name), target, { recursive: true });
            return { lines: [`Artifact ${name} downloaded`], outputs: { 'download-path': target } };
        }
        const chosen = all.filter((artifact) => matchesName(artifact, inputs['pattern'] ?? ''));
        for (const artifact of chosen) {
            const place = inputs['merge-multiple'] === 'true' ? target : (0,external_node_path_.join)(target, artifact);
            await (0,promises_.cp)((0,external_node_path_.join)(folder, artifact), place, { recursive: true });
        }
        return { lines: [`Total of ${chosen.length} artifact(s) downloaded`], outputs: { 'download-path': target } };
    };
}
function matchesName(name, pattern) {
    if (pattern === '')
        return true;
    const expression = pattern.replaceAll(/[.*+?^${}()|[\]\\]/g, (character) => character === '*' ? '.*' : character === '?' ? '.' : `\\${character}`);
    return new RegExp(`^${expression}$`, 's').test(name);
}
async function exists(path) {
    return (await (0,promises_.stat)(path).catch(() => undefined)) !== undefined;
}

// EXTERNAL MODULE: external "node:url"
var external_node_url_ = __webpack_require__(3136);
;// CONCATENATED MODULE: ./src/local/stand-ins/checkout.js






function checkoutStandIn(facts) {
    return async ({ inputs, workspace, token }) => {
        const asked = inputs['repository'] ?? '';
        if (asked !== '' && asked.toLowerCase() !== facts.repository.toLowerCase()) {
            throw new StepFailure(`repository '${asked}' is not here: a local run has ${facts.repository} only`);
        }
        const folder = (0,external_node_path_.resolve)(workspace, inputs['path'] ?? '');
        if ((0,external_node_path_.relative)(workspace, folder).startsWith('..')) {
            throw new StepFailure(`Repository path '${folder}' is not under '${workspace}'`);
        }
        const origin = gitIn(facts.gitFolder, { ...facts.environment, GIT_DIR: facts.gitFolder });
        const wanted = await resolveRef(origin, inputs['ref'] ?? '', facts);
        const git = await openClone(folder, facts, inputs['persist-credentials'] === 'false' ? undefined : token);
        try {
            await fetchCommit(git, wanted, inputs);
            await git(['checkout', '--quiet', '--force', ...wanted.checkout]);
        }
        catch (error) {
            if (error instanceof GitError)
                throw new StepFailure(error.message);
            throw error;
        }
        return {
            lines: [`HEAD is now at ${wanted.sha} (${wanted.name})`],
            outputs: { ref: wanted.name, commit: wanted.sha },
        };
    };
}
async function resolveRef(origin, ref, facts) {
    if (ref === '' || ref === facts.ref)
        return wantedOf(facts.ref, facts.sha);
    for (const name of [ref, `refs/heads/${ref}`, `refs/tags/${ref}`]) {
        if (!/^refs\/|^[0-9a-f]{40}$/.test(name))
            continue;
        const sha = await gitOrNothing(origin, [
            'rev-parse',
            '--verify',
            '--quiet',
            '--end-of-options',
            `${name}^{commit}`,
        ]);
        if (sha !== undefined)
            return wantedOf(name, sha);
    }
    throw new StepFailure(`A branch or tag with the name '${ref}' could not be found`);
}
function wantedOf(name, sha) {
    const branch = /^refs\/heads\/(.+)$/.exec(name)?.[1];
    if (branch !== undefined) {
        const tracking = `refs/remotes/origin/${branch}`;
        return { name, sha, tracking, checkout: ['-B', branch, tracking] };
    }
    const tracking = name.startsWith('refs/pull/') ? name.replace(/^refs\//, 'refs/remotes/') : name;
    const isSha = !name.startsWith('refs/');
    return { name, sha, tracking: isSha ? '' : tracking, checkout: ['--detach', isSha ? sha : tracking] };
}
async function openClone(folder, facts, token) {
    await (0,promises_.mkdir)(folder, { recursive: true });
    const git = gitIn(folder, facts.environment);
    const address = `https://github.com/${facts.repository}`;
    if ((0,external_node_fs_.existsSync)((0,external_node_path_.join)(folder, '.git'))) {
        await git(['clean', '--quiet', '-ffdx']);
        return git;
    }
    await git(['init', '--quiet', '--initial-branch=main', folder]);
    await git(['remote', 'add', 'origin', address]);
    await git(['config', `url.${(0,external_node_url_.pathToFileURL)(facts.gitFolder).href}.insteadOf`, address]);
    await git(['config', 'gc.auto', '0']);
    if (token !== undefined) {
        const basic = Buffer.from(`x-access-token:${token}`).toString('base64');
        await git(['config', 'http.https://github.com/.extraheader', `AUTHORIZATION: basic ${basic}`]);
    }
    return git;
}
async function fetchCommit(git, wanted, inputs) {
    const depth = Number(inputs['fetch-depth'] ?? 1);
    if (!Number.isInteger(depth) || depth < 0)
        throw new StepFailure(`fetch-depth '${inputs['fetch-depth']}' is no number`);
    const own = wanted.tracking === '' ? wanted.sha : `+${wanted.sha}:${wanted.tracking}`;
    if (depth === 0) {
        const everything = ['+refs/heads/*:refs/remotes/origin/*', '+refs/tags/*:refs/tags/*'];
        const isNamed = /^refs\/(?:tags|remotes\/origin)\//.test(wanted.tracking);
        await git(['fetch', '--quiet', '--no-tags', 'origin', ...everything, ...(isNamed ? [] : [own])]);
        return;
    }
    const tags = inputs['fetch-tags'] === 'true' ? ['+refs/tags/*:refs/tags/*'] : [];
    const isTag = wanted.tracking.startsWith('refs/tags/') && tags.length > 0;
    await git(['fetch', '--quiet', '--no-tags', `--depth=${depth}`, 'origin', ...tags, ...(isTag ? [] : [own])]);
}

;// CONCATENATED MODULE: ./src/local/services.js













const FIRST_RUN = { id: 1_000_000_001, number: 1, attempt: 1 };
async function startServices(owner, name) {
    const identities = new Map();
    const cacheJobs = new Map();
    const standInTokens = new Map();
    let routes = [];
    let comments = () => [];
    let cache;
    let standIns;
    const github = await startGitHub({
        owner,
        name,
        tokens: identities,
        routes: () => routes,
        comments: () => comments(),
    });
    const open = async (facts) => {
        const { options, snapshot, context, git } = facts;
        const now = facts.now.toISOString().replace(/\.\d+Z$/, 'Z');
        const issues = context.pullRequest === undefined && options.comments === undefined ? [] : [PULL_REQUEST];
        const commented = commentRoutes(options.comments ?? [], issues, () => new Date());
        comments = commented.recorded;
        const own = {
            id: options.runId ?? FIRST_RUN.id,
            runNumber: options.runNumber ?? FIRST_RUN.number,
            path: facts.workflowPath,
            event: options.event?.name ?? 'push',
            headBranch: snapshot.branch,
            headSha: snapshot.head,
            status: 'in_progress',
            conclusion: null,
        };
        const { defaultBranch } = snapshot;
        routes = [
            ...commented.routes,
            ...commitRoutes(git, context.pullRequest),
            ...runRoutes({
                own,
                attempt: options.runAttempt ?? FIRST_RUN.attempt,
                others: options.runs ?? [],
                workflowName: facts.workflowName,
                defaultBranch,
                now,
                jobs: facts.jobs,
            }),
            ...identityRoutes({ environments: options.environments ?? [], defaultBranch, now }),
        ];
        cache = await startCache({
            store: await openStore(facts.cacheFolder),
            uploadFolder: facts.cacheFolder,
            tokens: cacheJobs,
            scope: context.ref,
            readableScopes: context.readableScopes,
            fault: options.cacheFault,
        });
        const artifacts = (0,external_node_path_.join)(facts.folder, 'artifacts');
        await (0,promises_.mkdir)(artifacts, { recursive: true });
        const repository = `${owner}/${name}`;
        standIns = await startStandIns({
            checkout: checkoutStandIn({
                gitFolder: snapshot.gitFolder,
                environment: facts.environment,
                repository,
                ref: context.ref,
                sha: context.sha,
            }),
            'upload-artifact': uploadStandIn(artifacts, repository, own.id),
            'download-artifact': downloadStandIn(artifacts),
        }, standInTokens);
        return { cacheUrl: cache.url, standInUrl: standIns.url };
    };
    return {
        apiUrl: github.url,
        open,
        admit: (jobs) => {
            for (const job of jobs.filter(({ isCall }) => !isCall)) {
                identities.set(job.token, { id: job.id, permissions: job.permissions });
                cacheJobs.set(job.runtimeToken, { id: job.id, mode: job.cacheMode });
                standInTokens.set(job.runtimeToken, job.token);
            }
        },
        requests: () => github.requests,
        comments: () => comments(),
        cacheCalls: () => cache?.calls ?? [],
        close: async () => {
            await Promise.all([github.close(), cache?.close(), standIns?.close()]);
        },
    };
}

;// CONCATENATED MODULE: ./src/local/act-arguments.js





async function actArguments(setting) {
    const { folder } = setting;
    const file = async (name, content) => {
        await (0,promises_.writeFile)((0,external_node_path_.join)(folder, name), JSON.stringify(content), { mode: 0o600 });
        return (0,external_node_path_.join)(folder, name);
    };
    return [
        setting.event,
        '--json',
        ...['--directory', (0,external_node_path_.join)(folder, 'caller')],
        ...['--workflows', (0,external_node_path_.join)(folder, 'workflows', setting.entry)],
        ...['--platform', `${act_job/* LABEL */.d_}=-self-hosted`],
        ...['--eventpath', await file('event.json', setting.context.payload)],
        ...['--env-file', await file('variables.yml', setting.jobVariables)],
        ...['--secret-file', await file('secrets.yml', setting.secrets)],
        ...['--var-file', await file('vars.yml', setting.variables)],
        ...['--input-file', await file('inputs.yml', {})],
        ...['--actor', setting.context.actor],
        ...['--defaultbranch', setting.defaultBranch],
        ...['--action-cache-path', (0,external_node_path_.join)(folder, 'act')],
        '--no-cache-server',
        ...['--container-daemon-socket', '-'],
        ...['--local-repository', `${act_job/* BUNDLE_REPOSITORY */.EY}@${act_job/* BUNDLE_REF */.DG}=${setting.bundleFolder}`],
        ...['--local-repository', `${act_job/* STAND_IN_REPOSITORY */.Ab}@${act_job/* BUNDLE_REF */.DG}=${setting.standInFolder}`],
        ...(setting.serial ? ['--concurrent-jobs', '1'] : []),
    ];
}
function githubVariables(options, run) {
    const { context, repository, apiUrl } = run;
    const owner = repository.split('/')[0] ?? '';
    return {
        GITHUB_API_URL: apiUrl,
        GITHUB_GRAPHQL_URL: `${apiUrl}/graphql`,
        GITHUB_SERVER_URL: 'https://github.com',
        GITHUB_REPOSITORY: repository,
        GITHUB_REPOSITORY_OWNER: owner,
        GITHUB_REPOSITORY_ID: String(idOf(repository)),
        GITHUB_REPOSITORY_OWNER_ID: String(idOf(owner)),
        GITHUB_REF: context.ref,
        GITHUB_REF_TYPE: context.refType,
        GITHUB_REF_PROTECTED: 'false',
        SHA_REF: context.sha,
        GITHUB_RUN_ID: String(options.runId ?? FIRST_RUN.id),
        GITHUB_RUN_NUMBER: String(options.runNumber ?? FIRST_RUN.number),
        GITHUB_RUN_ATTEMPT: String(options.runAttempt ?? FIRST_RUN.attempt),
        GITHUB_RETENTION_DAYS: '90',
        GITHUB_ACTOR_ID: String(idOf(context.actor)),
        GITHUB_TRIGGERING_ACTOR: context.actor,
        GITHUB_WORKFLOW_REF: run.workflowRef,
        GITHUB_WORKFLOW_SHA: context.sha,
        PATH: run.path,
        RUNNER_ENVIRONMENT: 'self-hosted',
        RUNNER_TRACKING_ID: run.trackingId,
        ...options.environment,
    };
}

// EXTERNAL MODULE: ./src/local/usage-error.js
var usage_error = __webpack_require__(3040);
;// CONCATENATED MODULE: ./src/local/act-install.js




const ACT_VERSION = '0.2.89';
const TIMEOUT = 15 * 60_000;
const act_install_ABANDONED = 60 * 60_000;
async function findOrInstallAct(request) {
    const onPath = await programOnPath('act', request.machine);
    if (onPath !== undefined && (await versionOf(onPath, request)) === ACT_VERSION)
        return onPath;
    const folder = (0,external_node_path_.join)(request.bundle, '.tools', `act-${ACT_VERSION}`);
    const program = (0,external_node_path_.join)(folder, 'act');
    if ((await versionOf(program, request)) === ACT_VERSION)
        return program;
    await install(request, folder);
    const installed = await versionOf(program, request);
    if (installed !== ACT_VERSION)
        throw new usage_error/* UsageError */.eb(`${program} was installed and does not run as act ${ACT_VERSION}`);
    return program;
}
async function install(request, folder) {
    const tools = (0,external_node_path_.join)(request.bundle, '.tools');
    await (0,promises_.mkdir)(tools, { recursive: true });
    await removeAbandoned(tools);
    const draft = await (0,promises_.mkdtemp)((0,external_node_path_.join)(tools, 'act-draft-'));
    try {
        const started = Date.now();
        await fill(draft, request);
        await (0,promises_.rename)(draft, folder).catch(async (error) => {
            if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST')
                throw error;
            if ((await versionOf((0,external_node_path_.join)(folder, 'act'), request)) === ACT_VERSION)
                return;
            await (0,promises_.rename)(folder, (0,external_node_path_.join)(draft, 'broken'));
            await (0,promises_.rename)(draft, folder);
        });
        request.onProgress(`act ${ACT_VERSION} is installed (${((Date.now() - started) / 1_000).toFixed(1)} s)`);
    }
    finally {
        await (0,promises_.rm)(draft, { recursive: true, force: true });
    }
}
async function removeAbandoned(tools) {
    for (const name of (await (0,promises_.readdir)(tools)).filter((entry) => entry.startsWith('act-draft-'))) {
        const found = await (0,promises_.stat)((0,external_node_path_.join)(tools, name)).catch(() => undefined);
        if (found !== undefined && Date.now() - found.mtimeMs > act_install_ABANDONED)
            await (0,promises_.rm)((0,external_node_path_.join)(tools, name), { recursive: true });
    }
}
async function fill(draft, request) {
    const problems = [];
    const ways = [
        { tool: 'python3', name: 'Python', run: installWithPython },
        { tool: 'go', name: 'Go', run: installWithGo },
    ];
    for (const { tool, name, run } of ways) {
        const program = await programOnPath(tool, request.machine);
        if (program === undefined)
            continue;
        request.onProgress(`Installing act ${ACT_VERSION} into .tools with ${name} (once)`);
        try {
            await run(program, draft, request);
            return;
        }
        catch (error) {
            if (request.signal?.aborted === true)
                throw error;
            problems.push(`with ${name}: ${error instanceof Error ? error.message : String(error)}`);
        }
    }
    const tried = problems.length === 0 ? 'there is neither Python nor Go on PATH' : problems.join('; ');
    throw new usage_error/* UsageError */.eb(`act ${ACT_VERSION} is needed and could not be installed (${tried}): install Python 3 with venv, or Go, or put ` +
        `act ${ACT_VERSION} on PATH (https://nektosact.com/installation)`);
}
async function installWithPython(python, draft, request) {
    const environment = (0,external_node_path_.join)(draft, 'venv');
    const requirements = (0,external_node_path_.join)(request.bundle, 'tools', 'act', 'requirements.txt');
    await execute(python, ['-m', 'venv', environment], draft, request);
    const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--no-deps', '--only-binary=:all:'];
    const inVenv = (0,external_node_path_.join)(environment, 'bin', 'python');
    await execute(inVenv, [...pip, '--require-hashes', '--requirement', requirements], draft, request);
    await (0,promises_.copyFile)((0,external_node_path_.join)(environment, 'bin', 'act'), (0,external_node_path_.join)(draft, 'act'));
    await (0,promises_.chmod)((0,external_node_path_.join)(draft, 'act'), 0o755);
    await (0,promises_.rm)(environment, { recursive: true });
}
async function installWithGo(go, draft, request) {
    const source = (0,external_node_path_.join)(draft, 'source');
    await (0,promises_.cp)((0,external_node_path_.join)(request.bundle, 'tools', 'act'), source, { recursive: true });
    const args = ['build', '-mod=readonly', '-trimpath', '-o', (0,external_node_path_.join)(draft, 'act'), 'github.com/nektos/act'];
    await execute(go, args, source, request);
    await (0,promises_.rm)(source, { recursive: true });
}
function execute(program, args, folder, request) {
    return new Promise((resolve, reject) => {
        const options = {
            cwd: folder,
            env: { ...request.machine },
            timeout: TIMEOUT,
            maxBuffer: 64 * 1024 * 1024,
            ...(request.signal === undefined ? {} : { signal: request.signal }),
        };
        (0,external_node_child_process_.execFile)(program, args, options, (error, stdout, stderr) => {
            if (error === null)
                resolve(stdout);
            else
                reject(new Error(`${stderr}\n${stdout}`.trim().split('\n').at(-1) || error.message, { cause: error }));
        });
    });
}
async function versionOf(program, request) {
    if (!(await isProgram(program)))
        return undefined;
    try {
        const output = await execute(program, ['--version'], request.bundle, request);
        return /act version (\S+)/.exec(output)?.[1];
    }
    catch {
        return undefined;
    }
}
async function programOnPath(name, machine) {
    for (const folder of (machine['PATH'] ?? '').split(external_node_path_.delimiter)) {
        if (folder !== '' && (await isProgram((0,external_node_path_.join)(folder, name))))
            return (0,external_node_path_.join)(folder, name);
    }
    return undefined;
}
async function isProgram(path) {
    try {
        await (0,promises_.access)(path, promises_.constants.X_OK);
        return (await (0,promises_.stat)(path)).isFile();
    }
    catch {
        return false;
    }
}

;// CONCATENATED MODULE: ./src/local/act-entry.js
function readActLine(line) {
    const entry = parseEntry(line);
    if (entry === undefined)
        return line.trim() === '' ? { kind: 'nothing' } : { kind: 'complaint', text: line.trim() };
    const key = /(?:^|\/)((j\d+)(?:-\d+)?)\s*$/.exec(entry.job ?? '');
    if (key === null) {
        return entry.job === undefined && isComplaint(entry)
            ? { kind: 'complaint', text: entry.msg ?? '' }
            : { kind: 'nothing' };
    }
    const place = placeOf(entry, key);
    if (entry.jobResult !== undefined)
        return { kind: 'job-end', place, result: entry.jobResult };
    const isNested = (entry.stepID?.length ?? 0) > 1;
    return (isNested || place.stepId === '' ? undefined : ofStep(entry, place)) ?? ofOutput(entry, place);
}
function placeOf(entry, key) {
    const stage = entry.stage?.toLowerCase();
    return {
        key: key[1] ?? '',
        jobKey: key[2] ?? '',
        leg: Object.values(entry.matrix ?? {})
            .map(String)
            .join(', '),
        stepId: entry.stepID?.[0] ?? '',
        stage: stage === 'pre' || stage === 'post' ? stage : 'main',
    };
}
function parseEntry(line) {
    if (!line.startsWith('{'))
        return undefined;
    try {
        return JSON.parse(line);
    }
    catch {
        return undefined;
    }
}
function isComplaint({ level, command }) {
    return command === undefined && (level === 'error' || level === 'fatal' || level === 'panic');
}
function ofStep(entry, place) {
    if (entry.msg?.startsWith('⭐ Run ') === true)
        return { kind: 'step-start', place, name: (entry.step ?? '').trim() };
    if (entry.command === 'set-output')
        return { kind: 'output', place, name: entry.name ?? '', value: entry.arg ?? '' };
    if (entry.stepResult !== undefined) {
        const durationMs = Math.round((entry.executionTime ?? 0) / 1e6);
        return { kind: 'step-end', place, result: entry.stepResult, durationMs };
    }
    return entry.msg === 'Failed but continue next step' ? { kind: 'tolerated', place } : undefined;
}
function ofOutput(entry, place) {
    const { command, msg: message = '' } = entry;
    if (entry.raw_output === true)
        return { kind: 'line', place, text: message };
    if (command === undefined) {
        const isNews = isComplaint(entry) && !/^exit(code| status)/.test(message);
        return isNews ? { kind: 'line', place, text: message } : { kind: 'nothing', place };
    }
    if (command === 'summary')
        return { kind: 'summary', place, markdown: entry.content ?? '' };
    if (command === 'add-mask')
        return { kind: 'line', place, text: `::add-mask::${encoded(entry.arg ?? '')}` };
    const printed = message.replace(/^\s*\P{ASCII}+\s*/u, '');
    return printed.startsWith('::') ? { kind: 'line', place, text: printed } : { kind: 'nothing', place };
}
function encoded(text) {
    return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

;// CONCATENATED MODULE: ./src/local/commands.js
function parseCommand(line) {
    const head = /^\s*::([\w-]+)(?: ([^\r\n]*?))?::/.exec(line);
    if (head === null)
        return undefined;
    const message = line.slice(head[0].length).replace(/[\r\n]+$/, '');
    const properties = (head[2] ?? '').split(',').flatMap((pair) => {
        const equals = pair.indexOf('=');
        return equals < 1 ? [] : [[pair.slice(0, equals).trim(), decodeProperty(pair.slice(equals + 1))]];
    });
    return {
        name: head[1]?.toLowerCase() ?? '',
        properties: Object.fromEntries(properties),
        message: decodeData(message),
    };
}
function decodeData(text) {
    return text.replaceAll('%0D', '\r').replaceAll('%0A', '\n').replaceAll('%25', '%');
}
function decodeProperty(text) {
    return decodeData(text.replaceAll('%3A', ':').replaceAll('%2C', ','));
}

;// CONCATENATED MODULE: ./src/local/job-output.js
function createJobOutput(marker, onLine) {
    const segments = [];
    const steps = [];
    const taken = new Set();
    let partial = '';
    const give = (segment, step) => {
        segment.step = step;
        taken.add(step);
        for (const line of segment.waiting.splice(0))
            onLine(step, line);
    };
    const takeText = (line) => {
        const segment = segments.at(-1);
        if (segment?.step === undefined)
            segment?.waiting.push(line);
        else
            onLine(segment.step, line);
    };
    const takeLine = (line) => {
        const marked = line.indexOf(marker);
        if (marked !== 0)
            takeText(marked === -1 ? line : line.slice(0, marked));
        if (marked === -1)
            return;
        const segment = { stepId: line.slice(marked + marker.length), step: undefined, waiting: [] };
        segments.push(segment);
        const step = steps.find((candidate) => candidate.id === segment.stepId && !taken.has(candidate));
        if (step !== undefined)
            give(segment, step);
    };
    const takePartial = () => {
        if (partial !== '')
            takeText(partial);
        partial = '';
    };
    return {
        push: (text) => {
            const lines = (partial + text).split('\n');
            partial = lines.pop() ?? '';
            for (const line of lines)
                takeLine(line);
        },
        started: (step) => {
            steps.push(step);
            const segment = segments.find((candidate) => candidate.step === undefined && candidate.stepId === step.id);
            if (segment !== undefined)
                give(segment, step);
        },
        ended: (step) => {
            if (segments.at(-1)?.step === step && !partial.includes(marker))
                takePartial();
        },
        close: () => {
            takePartial();
            const last = steps.at(-1);
            for (const segment of segments)
                if (segment.step === undefined && last !== undefined)
                    give(segment, last);
        },
    };
}

;// CONCATENATED MODULE: ./src/local/masking.js
const SHORTEST_LINE = 4;
function createMasker(secrets) {
    const known = new Set();
    let longestFirst = [];
    const add = (secret) => {
        if (secret === '' || known.has(secret))
            return;
        known.add(secret);
        const lines = secret.split(/\r?\n/);
        if (lines.length > 1)
            for (const line of lines)
                if (line.trim().length >= SHORTEST_LINE)
                    known.add(line);
        longestFirst = [...known].sort((a, b) => b.length - a.length);
    };
    for (const secret of secrets)
        add(secret);
    return {
        add,
        mask: (text) => longestFirst.reduce((masked, secret) => masked.replaceAll(secret, '***'), text),
        hides: (text) => longestFirst.some((secret) => text.includes(secret)),
    };
}
function withoutColours(text) {
    return text.replaceAll(/\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)|[@-Z\\-_])/g, '');
}

;// CONCATENATED MODULE: ./src/local/act-log.js




function createActLog(planned, masker, emit, output, now = Date.now) {
    const state = {
        ...{ planned, masker, emit, output, now, jobs: new Map() },
        ...{ annotations: [], summaries: [], complaints: [], text: [] },
    };
    return {
        line: (line) => take(readActLine(line), state),
        readOutput: () => {
            for (const job of state.jobs.values())
                if (job.endedAt === undefined)
                    job.output.push(state.output.read(job.planned.key));
        },
        annotations: state.annotations,
        summaries: state.summaries,
        complaints: state.complaints,
        jobs: () => [...state.jobs.values()].map((job) => ({ ...job, steps: [...job.steps.values()].map(act_log_closed) })),
        text: () => state.text.join('\n'),
    };
}
function take(item, state) {
    if (item.kind === 'complaint')
        state.complaints.push(state.masker.mask(item.text));
    if (item.kind === 'complaint' || item.place === undefined)
        return;
    const job = state.jobs.get(item.place.key) ?? openJob(item.place, state);
    if (job === undefined)
        return;
    job.output.push(state.output.read(job.planned.key));
    if (item.kind === 'job-end')
        endJob(job, item.result, state);
    else if (item.kind === 'step-start')
        startStep(job, item.place, item.name, state);
    else
        inStep(item, job, state);
}
function openJob(place, state) {
    const planned = state.planned.find(({ key }) => key === place.jobKey);
    if (planned === undefined)
        return undefined;
    const suffix = place.leg === '' ? '' : ` (${place.leg})`;
    const job = {
        planned,
        id: `${planned.id}${suffix}`,
        name: state.masker.mask(`${planned.name}${suffix}`),
        startedAt: state.now(),
        endedAt: undefined,
        conclusion: undefined,
        steps: new Map(),
        output: createJobOutput(state.output.marker, (step, line) => takeLine(job, step, line, state)),
        resumeToken: undefined,
    };
    state.jobs.set(place.key, job);
    if (!planned.isCall)
        state.emit({ kind: 'job-start', job: job.id, name: job.name });
    return job;
}
function endJob(job, result, state) {
    job.output.close();
    job.conclusion = result === 'success' || result === 'skipped' ? result : 'failure';
    job.endedAt = state.now();
    if (job.planned.isCall)
        return;
    const durationMs = job.endedAt - job.startedAt;
    state.emit({ kind: 'job-end', job: job.id, conclusion: job.conclusion, durationMs });
}
function startStep(job, { stage, stepId: id }, name, state) {
    const prefix = { pre: 'Pre ', main: '', post: 'Post ' }[stage];
    const shown = state.masker.mask(`${prefix}${name === '' ? id : name}`);
    const step = {
        ...{ id, name: shown, stage, outputs: {}, lines: [] },
        ...{ conclusion: 'cancelled', durationMs: 0, isTolerated: false },
    };
    job.steps.set(`${stage}/${id}`, step);
    state.text.push(`${job.id} > ${step.name}`);
    state.emit({ kind: 'step-start', job: job.id, step: id, name: step.name });
    job.resumeToken = undefined;
    job.output.started(step);
}
function inStep(item, job, state) {
    const step = item.place === undefined ? undefined : job.steps.get(`${item.place.stage}/${item.place.stepId}`);
    if (item.kind === 'line' && step === undefined)
        complain(job, item.text, state);
    else if (item.kind === 'line')
        takeLine(job, step, item.text.replace(/[\r\n]+$/, ''), state);
    else if (step === undefined)
        return;
    else if (item.kind === 'output')
        step.outputs[item.name] = item.value;
    else if (item.kind === 'tolerated')
        step.isTolerated = true;
    else if (item.kind === 'step-end')
        endStep(job, step, item, state);
    else if (item.kind === 'summary')
        summarise(job, step, item.markdown, state);
}
function complain(job, text, state) {
    const annotation = { level: 'error', job: job.id, step: '', message: state.masker.mask(text.trim()) };
    state.annotations.push(annotation);
    print(job, undefined, `error: ${text}`, state);
    state.emit({ kind: 'annotation', annotation });
}
function endStep(job, step, end, state) {
    job.output.ended(step);
    step.conclusion = end.result === 'success' || step.isTolerated ? 'success' : 'failure';
    step.durationMs = end.durationMs;
    state.emit({ kind: 'step-end', job: job.id, step: act_log_closed(step) });
}
function summarise(job, step, markdown, state) {
    const summary = { job: job.id, step: step.name, markdown: state.masker.mask(markdown) };
    state.summaries.push(summary);
    state.emit({ kind: 'summary', summary });
}
const SILENT = ['debug', 'endgroup', 'add-matcher', 'remove-matcher', 'echo', 'save-state', 'set-env', 'add-path'];
function takeLine(job, step, line, state) {
    const command = parseCommand(line);
    const isStopped = job.resumeToken !== undefined;
    if (isStopped && command?.name === job.resumeToken)
        job.resumeToken = undefined;
    else if (isStopped || command === undefined || step === undefined)
        print(job, step, line, state);
    else if (command.name === 'stop-commands')
        job.resumeToken = command.message.toLowerCase();
    else if (command.name === 'set-output')
        step.outputs[command.properties['name'] ?? ''] = command.message;
    else if (!SILENT.includes(command.name) && !obey(job, step, command, state))
        print(job, step, line, state);
}
function obey(job, step, command, state) {
    const { name, message } = command;
    if (name === 'error' || name === 'warning' || name === 'notice') {
        const annotation = annotationOf(name, command, { job: job.id, step: step.name }, state.masker);
        state.annotations.push(annotation);
        print(job, step, `${name}: ${message}`, state, false);
        state.emit({ kind: 'annotation', annotation });
    }
    else if (name === 'add-mask') {
        state.masker.add(message);
    }
    else if (name === 'group') {
        print(job, step, message, state);
    }
    else {
        return false;
    }
    return true;
}
function annotationOf(level, { message, properties }, place, masker) {
    const number = (key, name) => {
        const value = Number(properties[key]);
        return Number.isInteger(value) && value > 0 ? { [name]: value } : {};
    };
    const { file, title } = properties;
    return {
        level,
        ...place,
        message: masker.mask(withoutColours(message)),
        ...(title === undefined ? {} : { title: masker.mask(title) }),
        ...(file === undefined || file === '' ? {} : { file: masker.mask(file) }),
        ...number('line', 'line'),
        ...number('endLine', 'endLine'),
        ...number('col', 'column'),
    };
}
function print(job, step, message, state, isShown = true) {
    const shown = state.masker.mask(message.replace(/[\r\n]+$/, ''));
    state.text.push(withoutColours(shown));
    step?.lines.push(withoutColours(shown));
    if (isShown)
        state.emit({ kind: 'line', job: job.id, step: step?.id ?? '', text: shown });
}
function act_log_closed({ lines, isTolerated: _isTolerated, ...step }) {
    return { ...step, outputs: { ...step.outputs }, log: lines.join('\n') };
}

// EXTERNAL MODULE: external "node:string_decoder"
var external_node_string_decoder_ = __webpack_require__(6193);
;// CONCATENATED MODULE: ./src/local/orphans.js



const GRACE = 1_000;
async function endOrphans(trackingId, folder, keep) {
    const found = await findOrphans(trackingId, folder, keep);
    for (const { pid } of found)
        signal(pid, 'SIGTERM');
    const deadline = Date.now() + GRACE;
    let left = found;
    while (left.length > 0 && Date.now() < deadline) {
        await (0,external_node_timers_promises_.setTimeout)(25);
        left = await findOrphans(trackingId, folder, keep);
    }
    for (const { pid } of left)
        signal(pid, 'SIGKILL');
    return found;
}
function signal(pid, name) {
    try {
        process.kill(pid, name);
    }
    catch (error) {
        const { code } = error;
        if (code !== 'ESRCH' && code !== 'EPERM')
            throw error;
    }
}
async function findOrphans(trackingId, folder, keep) {
    const spared = [...keep, process.pid];
    const found = process.platform === 'linux' ? await fromProc(trackingId, folder) : await fromPs(trackingId);
    return found.filter(({ pid }) => !spared.includes(pid));
}
async function fromProc(trackingId, folder) {
    const pids = (await (0,promises_.readdir)('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
    const checked = await Promise.all(pids.map(async (pid) => {
        const [stat, environment, place] = await Promise.all([
            (0,promises_.readFile)(`/proc/${pid}/stat`, 'latin1').catch(() => ''),
            (0,promises_.readFile)(`/proc/${pid}/environ`, 'latin1').catch(() => ''),
            (0,promises_.readlink)(`/proc/${pid}/cwd`).catch(() => ''),
        ]);
        const name = stat.slice(stat.indexOf('(') + 1, stat.lastIndexOf(')'));
        const state = stat.slice(stat.lastIndexOf(')') + 2, stat.lastIndexOf(')') + 3);
        if (stat === '' || state === 'Z' || state === 'X')
            return [];
        const isTracked = environment.includes(`RUNNER_TRACKING_ID=${trackingId}`);
        return isTracked || place === folder || place.startsWith(`${folder}/`) ? [{ pid, name }] : [];
    }));
    return checked.flat();
}
async function descendantsOf(pid) {
    if (process.platform !== 'linux')
        return undefined;
    const found = [];
    const queue = [pid];
    for (let parent = queue.pop(); parent !== undefined; parent = queue.pop()) {
        const text = await (0,promises_.readFile)(`/proc/${parent}/task/${parent}/children`, 'utf8').catch(() => '');
        const children = text.split(' ').filter(Boolean).map(Number);
        found.push(...children);
        queue.push(...children);
    }
    return found;
}
function fromPs(trackingId) {
    return new Promise((resolve) => {
        (0,external_node_child_process_.execFile)('ps', ['axeww', '-o', 'pid=,command='], { maxBuffer: 64 * 1024 * 1024 }, (_error, output) => {
            const lines = output.split('\n').filter((line) => line.includes(`RUNNER_TRACKING_ID=${trackingId}`));
            resolve(lines.map((line) => {
                const [pid = '', name = ''] = line.trim().split(/\s+/);
                return { pid: Number(pid), name };
            }));
        });
    });
}

;// CONCATENATED MODULE: ./src/local/act-process.js




const CANCELLATION = 60_000;
async function runAct(call) {
    const child = (0,external_node_child_process_.spawn)(call.program, call.args, {
        cwd: call.folder,
        env: call.environment,
        detached: true,
        stdio: ['ignore', 'pipe', 'pipe'],
    });
    const pid = child.pid ?? -1;
    let stderr = '';
    child.stderr.setEncoding('utf8').on('data', (text) => {
        stderr = (stderr + text).slice(-64 * 1024);
    });
    const lines = lineSplitter(call.onLine);
    child.stdout.on('data', (chunk) => lines.push(chunk));
    const ended = new Promise((resolve, reject) => {
        child.once('error', reject);
        child.once('close', (code) => resolve(code));
    });
    let timer;
    let isInterrupted = false;
    let sweeping;
    const interrupt = () => {
        isInterrupted = true;
        child.kill('SIGINT');
        timer = setTimeout(() => kill(pid), CANCELLATION);
        sweeping = (0,external_node_timers_promises_.setTimeout)(200).then(() => endOrphansOf(call));
    };
    if (call.signal?.aborted === true)
        interrupt();
    call.signal?.addEventListener('abort', interrupt, { once: true });
    const onExit = () => kill(pid);
    call.killSignal?.addEventListener('abort', onExit, { once: true });
    process.once('exit', onExit);
    try {
        const exitCode = await ended;
        lines.end();
        await sweeping;
        const orphans = await endOrphans(call.trackingId, call.folder, []);
        return { exitCode, stderr, isInterrupted, orphans };
    }
    finally {
        clearTimeout(timer);
        process.off('exit', onExit);
        call.signal?.removeEventListener('abort', interrupt);
        call.killSignal?.removeEventListener('abort', onExit);
    }
}
async function endOrphansOf(call) {
    const ours = await descendantsOf(process.pid);
    if (ours !== undefined)
        await endOrphans(call.trackingId, call.folder, ours);
}
function kill(group) {
    if (group <= 0)
        return;
    try {
        process.kill(-group, 'SIGKILL');
    }
    catch (error) {
        if (error.code !== 'ESRCH')
            throw error;
    }
}
function lineSplitter(onLine) {
    const decoder = new external_node_string_decoder_.StringDecoder('utf8');
    let pieces = [];
    const push = (text) => {
        const parts = text.split('\n');
        pieces.push(parts[0] ?? '');
        for (const part of parts.slice(1)) {
            onLine(pieces.join(''));
            pieces = [part];
        }
    };
    return {
        push: (chunk) => push(decoder.write(chunk)),
        end: () => {
            push(decoder.end());
            const rest = pieces.join('');
            if (rest !== '')
                onLine(rest);
        },
    };
}

// EXTERNAL MODULE: ./src/local/expressions.js
var expressions = __webpack_require__(4363);
// EXTERNAL MODULE: ./src/local/workflow-file.js
var workflow_file = __webpack_require__(1694);
;// CONCATENATED MODULE: ./src/local/call-check.js



function typedInputs(given, contract, label) {
    const problems = [];
    const values = {};
    for (const [name, text] of Object.entries(given)) {
        const input = contract.inputs[name];
        if (input === undefined) {
            problems.push(undefinedName('input', name, Object.keys(contract.inputs)));
            continue;
        }
        const value = typed(text, input.type);
        if (value === undefined)
            problems.push(wrongType(name, text, input));
        else
            values[name] = typeof value === 'string' ? (0,expressions/* inert */.tJ)(value) : value;
    }
    problems.push(...missing('Input', contract.inputs, Object.keys(given)));
    refuse(problems, label);
    return values;
}
function typed(text, type) {
    if (type === 'string')
        return text;
    if (type === 'boolean')
        return text === 'true' ? true : text === 'false' ? false : undefined;
    return /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : undefined;
}
function wrongType(name, text, input) {
    const accepted = input.type === 'boolean' ? 'true or false' : 'a number';
    const shown = text.length > 60 ? `${text.slice(0, 60)}…` : text;
    return `Unexpected value '${shown.replaceAll(/\s+/g, ' ')}' for input ${name}: it takes ${accepted}`;
}
function undefinedName(kind, name, known) {
    const near = (0,usage_error/* nearest */.pA)(name, known);
    const hint = near === undefined ? `it has ${known.join(', ') || 'none'}` : `did you mean "${near}"?`;
    return `Invalid ${kind}, ${name} is not defined in the referenced workflow (${hint})`;
}
function missing(kind, declared, given) {
    return Object.entries(declared)
        .filter(([name, { required, default: fallback }]) => required && fallback === undefined && !given.includes(name))
        .map(([name]) => `${kind} ${name} is required, but not provided while calling`);
}
function refuse(problems, label) {
    if (problems.length > 0)
        throw new usage_error/* UsageError */.eb(`${label}: ${problems.join('; ')}`);
}
function checkSecrets(given, contract, label) {
    const known = Object.keys(contract.secrets);
    const unknown = given.filter((name) => !known.includes(name)).map((name) => undefinedName('secret', name, known));
    refuse([...unknown, ...missing('Secret', contract.secrets, given)], label);
}
function checkCall(job, contract, label) {
    const problems = [];
    const given = (0,workflow_file/* isMap */.jh)(job['with']) ? job['with'] : {};
    for (const [name, value] of Object.entries(given)) {
        const input = contract.inputs[name];
        if (input === undefined)
            problems.push(undefinedName('input', name, Object.keys(contract.inputs)));
        else if (!fits(value, input.type))
            problems.push(wrongType(name, String(value), input));
    }
    problems.push(...missing('Input', contract.inputs, Object.keys(given)));
    refuse(problems, label);
    if ((0,workflow_file/* isMap */.jh)(job['secrets']))
        checkSecrets(Object.keys(job['secrets']), contract, label);
}
function fits(value, type) {
    if (typeof value === 'string' && value.includes('${{'))
        return true;
    return type === 'string' || value === null || typeof value === type;
}

;// CONCATENATED MODULE: ./src/local/caller.js







async function callerOf(options, workflow, workflows) {
    const event = options.event?.name ?? 'push';
    if (options.caller !== undefined) {
        const label = options.caller;
        const document = (0,workflow_file/* parseWorkflow */.hM)(await readCaller(options.project, label), label);
        refuseOtherEvents(document, event, label);
        return { document, label, isGenerated: false, secrets: options.secrets ?? {} };
    }
    const document = workflows(workflow);
    const contract = (0,workflow_file/* contractOf */.Qu)(document);
    if (contract === undefined) {
        refuseOtherEvents(document, event, workflow);
        const label = `.github/workflows/${workflow}`;
        return { document, label, isGenerated: false, secrets: options.secrets ?? {} };
    }
    const inputs = typedInputs(options.inputs ?? {}, contract, workflow);
    checkSecrets(Object.keys(options.secrets ?? {}), contract, workflow);
    const names = Object.keys(contract.secrets);
    const call = {
        name: workflow.replace(/\.ya?ml$/, ''),
        uses: `${act_job/* BUNDLE_REPOSITORY */.EY}/.github/workflows/${workflow}@${act_job/* BUNDLE_REF */.DG}`,
        permissions: options.permissions ?? permissionsOf(document, workflows),
        with: inputs,
        secrets: Object.fromEntries(names.map((name) => [name, `\${{ secrets.${variableOf(name)} }}`])),
    };
    const on = event === 'schedule' ? { schedule: [{ cron: '17 3 * * *' }] } : { [event]: {} };
    return {
        document: { name: call.name, on, jobs: { pipeline: call } },
        label: '.github/workflows/ci.yml',
        isGenerated: true,
        secrets: Object.fromEntries(Object.entries(options.secrets ?? {}).map(([name, value]) => [variableOf(name), value])),
    };
}
function variableOf(secret) {
    return secret.toUpperCase().replaceAll('-', '_');
}
async function readCaller(project, file) {
    const path = (0,external_node_path_.resolve)(project, file);
    if ((0,external_node_path_.relative)(project, path).startsWith('..'))
        throw new usage_error/* UsageError */.eb(`--caller ${file} is not in the project`);
    try {
        return await (0,promises_.readFile)(path, 'utf8');
    }
    catch (error) {
        if (error.code !== 'ENOENT')
            throw error;
        throw new usage_error/* UsageError */.eb(`--caller ${file}: there is no such file in the project (looked at ${(0,external_node_path_.join)(project, file)})`);
    }
}
function refuseOtherEvents(document, event, label) {
    const known = Object.keys((0,workflow_file/* triggersOf */.XJ)(document));
    if (!known.includes(event))
        throw new usage_error/* UsageError */.eb(`${label} does not run on ${event}: it runs on ${known.join(', ')}`);
}
function permissionsOf(document, workflows) {
    const whole = parsePermissions(document['permissions']) ?? {};
    const blocks = (0,workflow_file/* jobsOf */.aG)(document).map(([, job]) => {
        const own = parsePermissions(job['permissions']) ?? whole;
        const called = /(?:^|\/)\.github\/workflows\/([^/@]+\.ya?ml)(?:@.*)?$/.exec((0,workflow_file/* textOf */.b6)(job['uses']))?.[1];
        return called === undefined ? own : union([own, permissionsOf(workflows(called), workflows)]);
    });
    return union(blocks);
}

// EXTERNAL MODULE: ./src/local/copy.js
var local_copy = __webpack_require__(6991);
;// CONCATENATED MODULE: ./src/local/environment.js

const PASSED = [
    /^(PATH|LANG|LANGUAGE|LC_\w+|TZ|SHELL|USER|LOGNAME)$/,
    /^(https?|all|no|ftp)_proxy$/i,
    /(_CA_CERTS|_CA_CERTS_FILE|_CA_BUNDLE|_CAINFO|_CERT|_CERT_FILE|_CERT_DIR|_CA_CERT|_CERTS)$/,
    /^npm_config_(registry|cafile|ca|proxy|https_proxy|noproxy|strict_ssl|fetch_\w+|maxsockets)$/i,
    /^(PIP|UV)_(INDEX_URL|EXTRA_INDEX_URL|DEFAULT_INDEX|INDEX|FIND_LINKS|NO_INDEX|TRUSTED_HOST|PROXY|TIMEOUT|DEFAULT_TIMEOUT|RETRIES)$/,
    /^(GOPROXY|GOSUMDB|GONOSUMDB|GOFLAGS|GOINSECURE)$/,
    /^(DOCKER_HOST|DOCKER_CERT_PATH|DOCKER_TLS_VERIFY|BUILDKIT_HOST|XDG_RUNTIME_DIR)$/,
];
const LOOPBACK = ['127.0.0.1', 'localhost', '::1'];
function cleanEnvironment(machine, home, nodeFolder) {
    const passed = {};
    for (const [name, value] of Object.entries(machine)) {
        if (value !== undefined && PASSED.some((pattern) => pattern.test(name)))
            passed[name] = value;
    }
    const path = (passed['PATH'] ?? '').split(external_node_path_.delimiter).filter((folder) => folder !== '' && !isOfPackage(folder));
    return {
        ...passed,
        ...withLoopback(passed),
        PATH: [nodeFolder, ...path.filter((folder) => folder !== nodeFolder)].join(external_node_path_.delimiter),
        HOME: home,
    };
}
function isOfPackage(folder) {
    return /[\\/]node_modules[\\/]\.bin$|[\\/]node-gyp-bin$/.test(folder);
}
function withLoopback(passed) {
    const isProxied = Object.keys(passed).some((name) => /^(https?|all)_proxy$/i.test(name));
    if (!isProxied)
        return {};
    const known = (passed['NO_PROXY'] ?? passed['no_proxy'] ?? '').split(',').filter((host) => host.trim() !== '');
    const value = [...new Set([...known, ...LOOPBACK])].join(',');
    return { NO_PROXY: value, no_proxy: value };
}

// EXTERNAL MODULE: external "node:events"
var external_node_events_ = __webpack_require__(8474);
;// CONCATENATED MODULE: ./src/local/snapshot-tree.js






async function copyIfThere(from, to) {
    try {
        await (0,promises_.copyFile)(from, to);
        return true;
    }
    catch (error) {
        if (error.code === 'ENOENT')
            return false;
        throw error;
    }
}
async function borrowObjects(source, gitFolder) {
    await (0,promises_.writeFile)((0,external_node_path_.join)(gitFolder, 'objects/info/alternates'), `${(0,external_node_path_.join)(source.commonFolder, 'objects')}\n`);
    await copyIfThere((0,external_node_path_.join)(source.commonFolder, 'shallow'), (0,external_node_path_.join)(gitFolder, 'shallow'));
}
async function treeOfWorkingFolder(source, target, request) {
    const index = (0,external_node_path_.join)(request.gitFolder, 'snapshot-index');
    const env = { GIT_WORK_TREE: source.top, GIT_INDEX_FILE: index };
    const settings = ['-c', 'core.bare=false', '-c', 'core.splitIndex=false', '-c', 'advice.addEmbeddedRepo=false'];
    const inTop = (args, more = {}) => target([...settings, ...args], { env: { ...env, ...more.env } });
    const add = ['-C', source.top, 'add', '--all', '--', source.prefix === '' ? '.' : source.prefix];
    const copied = await copyIfThere((0,external_node_path_.join)(source.gitFolder, 'index'), index);
    const isAdded = copied && (await gitOrNothing(inTop, add)) !== undefined;
    if (!isAdded) {
        await (0,promises_.rm)(index, { force: true });
        await (0,promises_.rm)(`${index}.lock`, { force: true });
        const borrowed = { GIT_ALTERNATE_OBJECT_DIRECTORIES: (0,external_node_path_.join)(source.commonFolder, 'objects') };
        if (source.head !== undefined)
            await inTop(['read-tree', source.head], { env: borrowed });
        await inTop(add).catch((error) => {
            throw new usage_error/* UsageError */.eb(`git cannot read the files of ${request.project}: ${error.message}`);
        });
    }
    const prefix = source.prefix === '' ? [] : [`--prefix=${source.prefix}`];
    const tree = await inTop(['write-tree', '--missing-ok', ...prefix]);
    await (0,promises_.rm)(index, { force: true });
    return tree;
}
async function treeIn(source, target, commitish) {
    const path = source.prefix === '' ? `${commitish}^{tree}` : `${commitish}:${source.prefix.replace(/\/$/, '')}`;
    const tree = await gitOrNothing(source.git, ['rev-parse', '--verify', '--quiet', path]);
    return tree ?? target(['hash-object', '-w', '-t', 'tree', '--stdin'], { input: '' });
}
async function commit(git, tree, parent) {
    const before = parent === undefined ? 1_750_000_000 : Number(await git(['show', '-s', '--format=%ct', parent]));
    const env = identity('Working tree', 'working-tree@localhost', before + 1);
    return git(['commit-tree', tree, ...(parent === undefined ? [] : ['-p', parent]), '-m', 'Working tree'], { env });
}
async function mergeCommit(git, tree, base, head) {
    const time = Number(await git(['show', '-s', '--format=%ct', head]));
    const env = identity('GitHub', 'noreply@github.com', time + 1);
    return git(['commit-tree', tree, '-p', base, '-p', head, '-m', `Merge ${head} into ${base}`], { env });
}
function identity(name, email, time) {
    const fields = { NAME: name, EMAIL: email, DATE: `${time} +0000` };
    return Object.fromEntries(Object.entries(fields).flatMap(([key, value]) => [
        [`GIT_AUTHOR_${key}`, value],
        [`GIT_COMMITTER_${key}`, value],
    ]));
}
async function mergedTree(source, target, at) {
    const { tree, base } = at;
    if (base === undefined || source.head === undefined || source.prefix !== '')
        return tree;
    const fork = await gitOrNothing(source.git, ['merge-base', base, source.head]);
    if (fork === base)
        return tree;
    if (fork === undefined)
        throw new usage_error/* UsageError */.eb('the head and the base of this pull request have no commit in common');
    const trees = await Promise.all([source.head, base, fork].map((id) => source.git(['rev-parse', `${id}^{tree}`])));
    await copyTrees(source, target, trees, at.gitFolder);
    const [, baseTree = '', forkTree = ''] = trees;
    const below = await commit(target, forkTree, undefined);
    try {
        const answer = await target([
            'merge-tree',
            '--write-tree',
            await commit(target, baseTree, below),
            await commit(target, tree, below),
        ]);
        return answer.split('\n', 1)[0] ?? answer;
    }
    catch (error) {
        if (!(error instanceof GitError))
            throw error;
        throw new usage_error/* UsageError */.eb('the head of this pull request does not merge into its base without conflicts, and GitHub starts no run then: ' +
            'merge by hand, or give another --base');
    }
}
async function copyTrees(source, target, trees, gitFolder) {
    await (0,promises_.mkdir)((0,external_node_path_.join)(gitFolder, 'objects/pack'), { recursive: true });
    const pack = (0,external_node_path_.join)(gitFolder, 'objects/pack/pack-merge.pack');
    const file = await (0,promises_.open)(pack, 'w');
    try {
        const child = (0,external_node_child_process_.spawn)('git', ['pack-objects', '--revs', '--quiet', '--stdout'], {
            cwd: source.top,
            env: { ...source.environment, GIT_OPTIONAL_LOCKS: '0' },
            stdio: ['pipe', file.fd, 'inherit'],
        });
        child.stdin?.end(trees.map((id) => `${id}\n`).join(''));
        const [code] = (await (0,external_node_events_.once)(child, 'close'));
        if (code !== 0)
            throw new GitError(`git pack-objects ended with status ${code}`);
    }
    finally {
        await file.close();
    }
    await target(['index-pack', pack]);
}

;// CONCATENATED MODULE: ./src/local/event-commits.js


const MERGED = ['pull_request', 'merge_group'];
async function prepareEvent(request, snapshot, { git, addresses, inputs, now, }) {
    const { head, base, branch, defaultBranch, baseBranch, mergeTree } = snapshot;
    const merge = MERGED.includes(request.name) ? await mergeCommit(git, mergeTree, base ?? head, head) : head;
    const message = await git(['show', '-s', '--format=%B', head]);
    const tree = await git(['rev-parse', `${head}^{tree}`]);
    const context = describeEvent(request, {
        addresses,
        branch,
        defaultBranch,
        baseBranch,
        head,
        base,
        merge,
        message: message.trim(),
        tree,
        inputs,
        now: now.toISOString().replace(/\.\d+Z$/, 'Z'),
    });
    const updates = Object.entries(context.refs).map(([name, commit]) => `update ${name} ${commit}\n`);
    await git(['update-ref', '--stdin'], { input: updates.join('') });
    return context;
}

;// CONCATENATED MODULE: ./src/local/listed-jobs.js
function listedJobs(planned, log, now) {
    const logged = log?.jobs() ?? [];
    const time = (milliseconds) => new Date(milliseconds).toISOString().replace(/\.\d+Z$/, 'Z');
    return planned
        .filter(({ isCall }) => !isCall)
        .flatMap((job) => {
        const legs = logged.filter(({ planned: of }) => of === job);
        if (legs.length === 0) {
            return [
                { key: job.key, name: job.name, status: 'queued', conclusion: null, startedAt: now, completedAt: null },
            ];
        }
        return legs.map((leg) => ({
            key: leg.id,
            name: leg.name,
            status: leg.endedAt === undefined ? 'in_progress' : 'completed',
            conclusion: leg.conclusion ?? null,
            startedAt: time(leg.startedAt),
            completedAt: leg.endedAt === undefined ? null : time(leg.endedAt),
        }));
    });
}

// EXTERNAL MODULE: ./src/local/output-files.js
var output_files = __webpack_require__(6089);
;// CONCATENATED MODULE: ./src/local/plan.js







const DEEPEST = 10;
function planRun(settings) {
    const jobs = [];
    const files = [];
    const records = [];
    const workflowName = (0,workflow_file/* textOf */.b6)(settings.caller['name']) || settings.callerLabel;
    const planFile = (document, level) => {
        const name = `w${files.length + 1}.yml`;
        const record = level.isCalled ? `r${files.length + 1}.json` : undefined;
        if (record !== undefined)
            records.push(record);
        files.push({ name, document: {} });
        const position = files.length - 1;
        const rewritten = (0,workflow_file/* jobsOf */.aG)(document).map(([id, job]) => [id, planJob(document, id, job, level, record)]);
        const recorder = record === undefined
            ? {}
            : {
                'local-record': recorderJob(document, rewritten.map(([id]) => id), settings, record),
            };
        files[position] = {
            name,
            document: {
                name: workflowName,
                on: callTriggers(document, level.isCalled),
                ...(document['env'] === undefined ? {} : { env: document['env'] }),
                ...(document['defaults'] === undefined ? {} : { defaults: document['defaults'] }),
                jobs: { ...Object.fromEntries(rewritten), ...recorder },
            },
        };
        return name;
    };
    const planJob = (document, id, job, level, record) => {
        const own = parsePermissions(job['permissions']) ?? parsePermissions(document['permissions']) ?? level.granted;
        if (level.isCalled)
            refuseBeyond(own, level, id);
        const uses = (0,workflow_file/* textOf */.b6)(job['uses']);
        const prefix = `${level.prefix}${id}/`;
        const planned = {
            key: `j${jobs.length + 1}`,
            id: `${level.prefix}${id}`,
            jobId: id,
            name: (0,workflow_file/* textOf */.b6)(job['name']) || id,
            needs: (0,workflow_file/* listOf */.c3)(job['needs']).map((need) => `${level.prefix}${need}`),
            condition: (0,workflow_file/* textOf */.b6)(job['if']),
            isCall: uses !== '',
            permissions: settings.isReadOnly ? readOnly(own) : own,
            token: `ghs_${(0,external_node_crypto_.randomBytes)(18).toString('hex')}`,
            runtimeToken: runtimeToken(settings.scopes),
            cacheMode: cacheModeOf(job, document),
            ...(record === undefined ? {} : { record }),
        };
        jobs.push(planned);
        const surroundings = surroundingsOf(planned, level, settings, shellOf(job) || shellOf(document));
        if (uses === '')
            return (0,act_job/* actJob */.cE)(job, planned.key, surroundings);
        const callee = calleeOf(uses, settings, level);
        checkCall(job, callee.contract, `${level.label}: Error calling workflow '${uses}'`);
        const file = planFile(callee.document, {
            label: callee.label,
            prefix: settings.isGenerated && !level.isCalled ? '' : prefix,
            granted: own,
            isCalled: true,
            depth: level.depth + 1,
        });
        return { ...(0,act_job/* actJob */.cE)(job, planned.key, surroundings), uses: `./${settings.filePrefix}${file}` };
    };
    const entry = planFile(settings.caller, {
        label: settings.callerLabel,
        prefix: '',
        granted: RESTRICTED_DEFAULT,
        isCalled: false,
        depth: 1,
    });
    return { jobs, files, entry, records };
}
function refuseBeyond(own, level, id) {
    const excess = beyond(own, level.granted);
    if (excess === undefined)
        return;
    throw new usage_error/* UsageError */.eb(`The workflow is not valid. Error calling workflow '${level.label}'. The nested job '${id}' is requesting ` +
        `'${excess.asked}', but is only allowed '${excess.allowed}'.`);
}
function calleeOf(uses, settings, level) {
    const file = /(?:^|\/)\.github\/workflows\/([^/@]+\.ya?ml)(?:@.*)?$/.exec(uses)?.[1];
    if (file === undefined)
        throw new usage_error/* UsageError */.eb(`${level.label}: '${uses}' is no workflow file`);
    if (level.depth >= DEEPEST) {
        throw new usage_error/* UsageError */.eb(`${level.label}: calling '${uses}' nests workflows deeper than GitHub's ${DEEPEST} levels`);
    }
    const document = settings.workflow(file);
    const contract = (0,workflow_file/* contractOf */.Qu)(document);
    if (contract === undefined) {
        throw new usage_error/* UsageError */.eb(`${level.label}: '${uses}' cannot be called: it has no workflow_call trigger`);
    }
    return { document, contract, label: `${act_job/* BUNDLE_REPOSITORY */.EY}/.github/workflows/${file}@${act_job/* BUNDLE_REF */.DG}` };
}
function callTriggers(document, isCalled) {
    const triggers = (0,workflow_file/* triggersOf */.XJ)(document);
    if (!isCalled) {
        const { workflow_dispatch: dispatch } = triggers;
        const names = Object.keys(triggers).filter((name) => name !== 'workflow_call');
        return Object.fromEntries(names.map((name) => [
            name,
            name === 'workflow_dispatch' ? (0,workflow_file/* mapOf */.A7)(dispatch) : name === 'schedule' ? triggers[name] : {},
        ]));
    }
    const contract = (0,workflow_file/* contractOf */.Qu)(document);
    const inputs = Object.entries(contract?.inputs ?? {}).map(([name, { type, required, default: fallback }]) => [
        name,
        { type, required, ...(fallback === undefined ? {} : { default: fallback }) },
    ]);
    const outputs = Object.entries(contract?.outputs ?? {}).map(([name, value]) => [name, { value }]);
    return {
        workflow_call: {
            inputs: Object.fromEntries(inputs),
            secrets: (0,workflow_file/* mapOf */.A7)((0,workflow_file/* mapOf */.A7)(triggers['workflow_call'])['secrets']),
            outputs: Object.fromEntries(outputs),
        },
    };
}
function recorderJob(document, jobIds, settings, record) {
    const outputs = Object.entries((0,workflow_file/* contractOf */.Qu)(document)?.outputs ?? {}).map(([name, value]) => {
        const expression = (0,expressions/* asExpression */.RL)(value).replaceAll(/(^|[^\w.'])jobs\./g, '$1needs.');
        return `${JSON.stringify(name)}: \${{ toJSON(${expression}) }}`;
    });
    return {
        needs: jobIds,
        if: 'always()',
        'runs-on': act_job/* LABEL */.d_,
        steps: [
            {
                run: `{"needs": \${{ toJSON(needs) }}, "outputs": {${outputs.join(', ')}}}`,
                shell: `cp {0} '${settings.recordFolder}/${record}'`,
            },
        ],
    };
}
function shellOf(carrier) {
    return (0,workflow_file/* textOf */.b6)((0,workflow_file/* mapOf */.A7)((0,workflow_file/* mapOf */.A7)(carrier['defaults'])['run'])['shell']);
}
function surroundingsOf(job, level, settings, shell) {
    const own = new Map(settings.substitutions);
    own.set('github.token', job.token);
    own.set('secrets.github_token', job.token);
    own.set('job.workflow_ref', level.isCalled ? level.label : (own.get('github.workflow_ref') ?? ''));
    own.set('job.workflow_repository', level.isCalled ? act_job/* BUNDLE_REPOSITORY */.EY : (own.get('github.repository') ?? ''));
    const { tokenInputs, wrapper } = settings;
    const actionEnvironment = settings.actionEnvironment(job);
    return { substitutions: own, actionEnvironment, tokenInputs, token: job.token, label: level.label, wrapper, shell };
}
function cacheModeOf(job, document) {
    const mode = (0,workflow_file/* textOf */.b6)(job['cache-mode']) || (0,workflow_file/* textOf */.b6)(document['cache-mode']);
    return mode === 'read' || mode === 'write-only' || mode === 'none' ? mode : 'write';
}
function runtimeToken(scopes) {
    const encode = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const access = [
        { Scope: scopes.own, Permission: 3 },
        ...scopes.readable.filter((scope) => scope !== scopes.own).map((Scope) => ({ Scope, Permission: 1 })),
    ];
    const id = (0,external_node_crypto_.randomBytes)(16).toString('hex');
    const claims = {
        ac: JSON.stringify(access),
        scp: `Actions.Results:${id}:${id} Actions.UploadArtifacts:1/1:1`,
        jti: id,
    };
    return `${encode({ alg: 'none', typ: 'JWT' })}.${encode(claims)}.${(0,external_node_crypto_.randomBytes)(16).toString('base64url')}`;
}

;// CONCATENATED MODULE: ./src/local/project.js





async function takeSnapshot(request) {
    const source = await openSource(request);
    const target = await createRepository(source, request);
    const tree = await treeOfWorkingFolder(source, target, request);
    const defaultBranch = await defaultBranchOf(source);
    const current = request.branch ?? source.current ?? defaultBranch;
    const headTree = source.head === undefined ? undefined : await treeIn(source, target, source.head);
    const isDirty = tree !== headTree;
    const base = await baseOf(source, request, { branch: current, defaultBranch, isDirty });
    const baseTree = base.commit === undefined ? undefined : await treeIn(source, target, base.commit);
    const mergeTree = request.againstDefaultBranch
        ? await mergedTree(source, target, { tree, base: base.commit, gitFolder: request.gitFolder })
        : tree;
    await borrowObjects(source, request.gitFolder);
    const commits = source.prefix === ''
        ? { head: isDirty ? await commit(target, tree, source.head) : source.head, base: base.commit }
        : await commitsOfFolder(target, tree, baseTree);
    const baseBranch = base.branch ?? defaultBranch;
    const branch = request.againstDefaultBranch && current === baseBranch ? 'local-change' : current;
    await copyRefs(source, target, branch, commits, baseBranch);
    const { owner, name } = await repositoryName(source, request);
    const isFolderOfRepository = source.prefix !== '';
    const { gitFolder } = request;
    return {
        gitFolder,
        ...commits,
        branch,
        defaultBranch,
        baseBranch,
        owner,
        name,
        mergeTree,
        isDirty,
        isFolderOfRepository,
    };
}
async function openSource(request) {
    const project = (0,external_node_path_.resolve)(request.project);
    const folder = await (0,promises_.stat)(project).catch(() => undefined);
    if (folder?.isDirectory() !== true)
        throw new usage_error/* UsageError */.eb(`${request.project} is not a folder`);
    const git = gitIn(project, request.environment);
    let answer;
    try {
        answer = await git(['rev-parse', '--show-toplevel', '--absolute-git-dir', '--git-common-dir', '--show-prefix']);
    }
    catch (error) {
        if (!(error instanceof GitError))
            throw error;
        if (/not a git repository/.test(error.message)) {
            throw new usage_error/* UsageError */.eb(`${request.project} is in no git work tree, and a run needs one as GitHub has it: run "git init" there first`);
        }
        throw new usage_error/* UsageError */.eb(`git cannot read ${request.project}: ${error.message}`);
    }
    const [top = project, gitFolder = '', common = '', prefix = ''] = answer.split('\n');
    const head = await gitOrNothing(git, ['rev-parse', '--verify', '--quiet', 'HEAD^{commit}']);
    const current = await gitOrNothing(git, ['symbolic-ref', '--short', '--quiet', 'HEAD']);
    const { environment } = request;
    return { git, top, prefix, gitFolder, commonFolder: (0,external_node_path_.resolve)(project, common), head, current, environment };
}
async function createRepository(source, request) {
    await (0,promises_.mkdir)(request.gitFolder, { recursive: true });
    const git = gitIn(request.gitFolder, { ...request.environment, GIT_DIR: request.gitFolder });
    await git(['init', '--quiet', '--bare', '--initial-branch=main', request.gitFolder]);
    await git(['config', 'uploadpack.allowAnySHA1InWant', 'true']);
    await (0,promises_.mkdir)((0,external_node_path_.join)(request.gitFolder, 'info'), { recursive: true });
    await copyIfThere((0,external_node_path_.join)(source.commonFolder, 'info/exclude'), (0,external_node_path_.join)(request.gitFolder, 'info/exclude'));
    return git;
}
async function commitsOfFolder(target, tree, baseTree) {
    if (baseTree === undefined)
        return { head: await commit(target, tree, undefined), base: undefined };
    const base = await commit(target, baseTree, undefined);
    return { head: baseTree === tree ? base : await commit(target, tree, base), base };
}
async function defaultBranchOf(source) {
    const remote = await gitOrNothing(source.git, ['symbolic-ref', '--short', '--quiet', 'refs/remotes/origin/HEAD']);
    if (remote !== undefined)
        return remote.replace(/^origin\//, '');
    for (const name of ['main', 'master']) {
        const ref = ['rev-parse', '--verify', '--quiet', `refs/heads/${name}`];
        if ((await gitOrNothing(source.git, ref)) !== undefined)
            return name;
    }
    return source.current ?? 'main';
}
async function baseOf(source, request, known) {
    const find = (ref) => gitOrNothing(source.git, ['rev-parse', '--verify', '--quiet', `${ref}^{commit}`]);
    if (request.base !== undefined) {
        const found = (await find(request.base)) ?? (await find(`origin/${request.base}`));
        if (found === undefined)
            throw new usage_error/* UsageError */.eb(`the project has no commit "${request.base}" to compare with`);
        const isBranch = await gitOrNothing(source.git, ['rev-parse', '--verify', '--quiet', `refs/heads/${request.base}`]);
        return { commit: found, ...(isBranch === undefined ? {} : { branch: request.base }) };
    }
    if (request.againstDefaultBranch && known.branch !== known.defaultBranch) {
        const { defaultBranch } = known;
        const found = (await find(`refs/heads/${defaultBranch}`)) ?? (await find(`refs/remotes/origin/${defaultBranch}`));
        if (found !== undefined)
            return { commit: found, branch: defaultBranch };
    }
    if (source.head === undefined)
        return { commit: undefined };
    return { commit: known.isDirty ? source.head : ((await find('HEAD^')) ?? undefined) };
}
async function copyRefs(source, target, branch, commits, baseBranch) {
    const refs = new Map();
    if (source.prefix === '') {
        const listed = await source.git([
            'for-each-ref',
            '--format=%(objectname) %(refname)',
            'refs/remotes/origin',
            'refs/heads',
            'refs/tags',
        ]);
        for (const line of listed.split('\n').filter((text) => text !== '')) {
            const [object = '', name = ''] = line.split(' ');
            if (name !== 'refs/remotes/origin/HEAD')
                refs.set(name.replace('refs/remotes/origin/', 'refs/heads/'), object);
        }
    }
    if (commits.base !== undefined)
        refs.set(`refs/heads/${baseBranch}`, commits.base);
    refs.set(`refs/heads/${branch}`, commits.head);
    const input = [...refs].map(([name, object]) => `update ${name} ${object}\n`).join('');
    await target(['update-ref', '--stdin'], { input });
    await target(['symbolic-ref', 'HEAD', `refs/heads/${branch}`]);
}
async function repositoryName(source, request) {
    const origin = source.prefix === '' ? await gitOrNothing(source.git, ['remote', 'get-url', 'origin']) : undefined;
    const fromOrigin = /github\.com[:/]([\w.-]+)\/([\w.-]+?)(?:\.git)?\/?$/.exec(origin ?? '');
    const given = request.repository?.split('/');
    if (given !== undefined && (given.length !== 2 || given.some((part) => !/^[\w.-]+$/.test(part)))) {
        throw new usage_error/* UsageError */.eb(`"${request.repository}" is no repository: write owner/name`);
    }
    const folder = (0,external_node_path_.basename)((0,external_node_path_.resolve)(request.project)).replaceAll(/[^\w.-]+/g, '-') || 'project';
    return { owner: given?.[0] ?? fromOrigin?.[1] ?? 'octo-org', name: given?.[1] ?? fromOrigin?.[2] ?? folder };
}

;// CONCATENATED MODULE: ./src/local/results.js


async function gatherJobs(plan, log, masker, folder) {
    const records = new Map();
    for (const name of plan.records) {
        const record = await readRecord((0,external_node_path_.join)(folder, name));
        if (record !== undefined)
            records.set(name, record);
    }
    const logged = log.jobs();
    const findings = [];
    const jobs = plan.jobs
        .filter(({ isCall }) => !isCall)
        .flatMap((job) => {
        const needs = records.get(job.record ?? '')?.needs[job.jobId];
        const outputs = needs?.outputs ?? {};
        findings.push(...droppedOutputs(job, outputs, masker));
        const legs = logged.filter(({ planned }) => planned === job);
        if (legs.length > 0)
            return legs.map((leg) => resultOf(leg, outputs));
        if (needs !== undefined && needs.result !== 'skipped')
            findings.push(notRun(job));
        return [{ id: job.id, name: job.name, conclusion: 'skipped', durationMs: 0, steps: [], outputs }];
    });
    return { jobs, outputs: records.get(plan.records[0] ?? '')?.outputs ?? {}, findings };
}
async function readRecord(path) {
    try {
        return JSON.parse(await (0,promises_.readFile)(path, 'utf8'));
    }
    catch (error) {
        if (error.code === 'ENOENT')
            return undefined;
        throw error;
    }
}
function resultOf(leg, outputs) {
    const conclusion = leg.conclusion ?? 'cancelled';
    const durationMs = (leg.endedAt ?? leg.startedAt) - leg.startedAt;
    return { id: leg.id, name: leg.name, conclusion, durationMs, steps: leg.steps, outputs };
}
function droppedOutputs(job, outputs, masker) {
    return Object.entries(outputs)
        .filter(([, value]) => typeof value === 'string' && masker.hides(value))
        .map(([name]) => ({
        level: 'error',
        job: job.id,
        step: '',
        message: `Output "${name}" holds a secret: GitHub drops it, and jobs that need it get an empty text.`,
    }));
}
function notRun(job) {
    return { level: 'error', job: job.id, step: '', message: 'act neither ran nor skipped this job.' };
}
function shownResult(result, { mask }) {
    const { exitCode, conclusion, durationMs, orphans, cacheCalls } = result;
    return {
        ...{ exitCode, conclusion, durationMs, orphans, cacheCalls },
        outputs: Object.fromEntries(Object.entries(result.outputs).map(([name, value]) => [name, mask(value)])),
        jobs: result.jobs.map(({ id, name, conclusion: end, durationMs: time }) => ({
            ...{ id, name: mask(name), conclusion: end, durationMs: time },
        })),
        requests: result.requests.map(({ job, method, path, status }) => ({ job, method, path: mask(path), status })),
        comments: result.comments.map((comment) => ({ ...comment, body: mask(comment.body) })),
    };
}

// EXTERNAL MODULE: external "node:os"
var external_node_os_ = __webpack_require__(8161);
;// CONCATENATED MODULE: ./src/local/run-folder.js





async function claimRunFolder(project, root = (0,external_node_os_.tmpdir)()) {
    const base = await privateFolder(root);
    await sweep(base);
    const name = (0,external_node_crypto_.createHash)('sha256').update(project).digest('hex').slice(0, 8);
    for (let slot = 1;; slot++) {
        const path = (0,external_node_path_.join)(base, `${name}-${slot}`);
        const lock = `${path}.lock`;
        if (!(await claim(lock)))
            continue;
        await (0,promises_.rm)(path, { recursive: true, force: true });
        await (0,promises_.mkdir)(path, { mode: 0o700 });
        const release = async (keep) => {
            const kept = keep ? (0,external_node_path_.join)(base, `kept-${Date.now()}-${name}`) : undefined;
            if (kept === undefined)
                await removeFolder(path);
            else
                await (0,promises_.rename)(path, kept);
            await (0,promises_.rm)(lock, { force: true });
            return kept;
        };
        return { path, release };
    }
}
async function privateFolder(root) {
    const { uid } = (0,external_node_os_.userInfo)();
    const base = (0,external_node_path_.join)(await (0,promises_.realpath)(root), `pipelines-${uid}`);
    await (0,promises_.mkdir)(base, { mode: 0o700 }).catch((error) => {
        if (error.code !== 'EEXIST')
            throw error;
    });
    const found = await (0,promises_.lstat)(base);
    const isOurs = found.isDirectory() && (uid === -1 || (found.uid === uid && (found.mode & 0o077) === 0));
    if (!isOurs)
        throw new usage_error/* UsageError */.eb(`${base} is not a folder of yours alone: remove it, or set TMPDIR to another place`);
    return base;
}
async function claim(lock) {
    try {
        const file = await (0,promises_.open)(lock, 'wx');
        await file.writeFile(String(process.pid));
        await file.close();
        return true;
    }
    catch (error) {
        if (error.code === 'EEXIST')
            return false;
        throw error;
    }
}
async function sweep(base) {
    const locks = (await (0,promises_.readdir)(base)).filter((name) => /^[0-9a-f]{8}-\d+\.lock$/.test(name));
    for (const name of locks) {
        const lock = (0,external_node_path_.join)(base, name);
        const pid = Number(await (0,promises_.readFile)(lock, 'utf8').catch(() => ''));
        if (pid === 0 || isAlive(pid))
            continue;
        const taken = `${lock}.${process.pid}`;
        const isTaken = await (0,promises_.rename)(lock, taken).then(() => true, () => false);
        if (!isTaken)
            continue;
        await removeFolder((0,external_node_path_.join)(base, name.replace('.lock', '')));
        await (0,promises_.rm)(taken, { force: true });
    }
}
function isAlive(pid) {
    try {
        process.kill(pid, 0);
        return true;
    }
    catch (error) {
        return error.code === 'EPERM';
    }
}
async function removeFolder(path) {
    await (0,promises_.rm)(path, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
}

;// CONCATENATED MODULE: ./src/local/stand-ins/actions.js



const INPUTS = {
    checkout: {
        repository: '',
        ref: '',
        path: '',
        'fetch-depth': '1',
        'fetch-tags': 'false',
        'persist-credentials': 'true',
    },
    'upload-artifact': {
        name: 'artifact',
        path: '',
        'if-no-files-found': 'warn',
        overwrite: 'false',
        'include-hidden-files': 'false',
    },
    'download-artifact': { name: '', pattern: '', path: '', 'merge-multiple': 'false', 'run-id': '' },
};
const OUTPUTS = {
    checkout: ['ref', 'commit'],
    'upload-artifact': ['artifact-id', 'artifact-url', 'artifact-digest'],
    'download-artifact': ['download-path'],
};
async function writeStandIns(folder, url) {
    for (const name of act_job/* STAND_INS */.sr) {
        const inputs = Object.entries(INPUTS[name]).map(([input, value]) => [
            input,
            { description: input, default: value },
        ]);
        const outputs = OUTPUTS[name].map((output) => [output, { description: output }]);
        const action = {
            name,
            description: `stands in for actions/${name}`,
            inputs: Object.fromEntries(inputs),
            outputs: Object.fromEntries(outputs),
            runs: { using: 'node24', main: 'main.mjs' },
        };
        await (0,promises_.mkdir)((0,external_node_path_.join)(folder, name), { recursive: true });
        await (0,promises_.writeFile)((0,external_node_path_.join)(folder, name, 'action.yml'), JSON.stringify(action, undefined, 2));
        await (0,promises_.writeFile)((0,external_node_path_.join)(folder, name, 'main.mjs'), program(`${url}/${name}`));
    }
}
function program(address) {
    return `import { appendFileSync } from 'node:fs';
const { env } = process;
const given = Object.entries(env).filter(([name]) => name.startsWith('INPUT_'));
const inputs = Object.fromEntries(given.map(([name, value]) => [name.slice(6).toLowerCase(), value]));
const response = await fetch(${JSON.stringify(address)}, {
  method: 'POST',
  headers: { authorization: 'Bearer ' + env.ACTIONS_RUNTIME_TOKEN },
  body: JSON.stringify({ inputs, workspace: env.GITHUB_WORKSPACE }),
});
const { lines, outputs, error } = await response.json();
for (const line of lines) console.log(line);
for (const [name, value] of Object.entries(outputs)) appendFileSync(env.GITHUB_OUTPUT, name + '=' + value + '\\n');
if (error !== undefined) {
  console.log('::error::' + error.replaceAll('%', '%25').replaceAll('\\n', '%0A'));
  process.exitCode = 1;
}
`;
}

;// CONCATENATED MODULE: ./src/local/run.js























async function runWorkflow(options) {
    const emit = options.onEvent ?? (() => undefined);
    const machine = options.machine ?? process.env;
    const workflows = await (0,local_copy/* openWorkflows */.tg)(options.bundle);
    const caller = await callerOf(options, options.workflow ?? 'node-service.yml', workflows);
    const onProgress = (text) => emit({ kind: 'progress', text });
    const { bundle, signal } = options;
    const folder = await claimRunFolder((0,external_node_path_.resolve)(options.project), options.tempFolder);
    let result;
    try {
        const environment = cleanEnvironment(machine, (0,external_node_path_.join)(folder.path, 'home'), (0,external_node_path_.dirname)(process.execPath));
        const setting = await setUp(options, { caller, workflows, folder: folder.path, environment, emit });
        const act = options.act ?? (await findOrInstallAct({ bundle, machine, onProgress, signal }));
        result = await runIn(setting, act);
    }
    finally {
        const kept = await folder.release(options.keep === true);
        if (result !== undefined && kept !== undefined)
            result = { ...result, folder: kept };
    }
    return result;
}
async function setUp(options, known) {
    for (const name of ['home', 'caller', 'workflows', 'records', 'act'])
        await (0,promises_.mkdir)((0,external_node_path_.join)(known.folder, name));
    const event = options.event ?? { name: 'push' };
    const gitFolder = (0,external_node_path_.join)(known.folder, 'repository.git');
    const snapshot = await takeSnapshot({
        project: options.project,
        gitFolder,
        environment: { ...known.environment, HOME: (options.machine ?? process.env)['HOME'] },
        base: event.base,
        againstDefaultBranch: event.name === 'pull_request' || event.name === 'merge_group',
        branch: event.branch,
        repository: options.repository,
    });
    if (snapshot.isFolderOfRepository) {
        const text = `${options.project} is a folder of a larger repository: it runs as a repository of its own`;
        known.emit({ kind: 'note', text });
    }
    const git = gitIn(gitFolder, { ...known.environment, GIT_DIR: gitFolder });
    const wrappers = (0,output_files/* writeWrappers */.wz)((0,external_node_path_.join)(known.folder, 'bin'), (0,external_node_path_.join)(known.folder, 'output'), process.execPath);
    return { options, ...known, snapshot, git, wrappers, repository: `${snapshot.owner}/${snapshot.name}` };
}
async function runIn(setting, act) {
    const startedAt = Date.now();
    const now = new Date(startedAt);
    const { options, snapshot, git, folder, caller } = setting;
    const services = await startServices(snapshot.owner, snapshot.name);
    const output = (0,output_files/* openOutputFiles */.V1)((0,external_node_path_.join)(folder, 'output'), setting.wrappers.marker);
    try {
        const addresses = { api: services.apiUrl, owner: snapshot.owner, name: snapshot.name };
        const request = options.event ?? { name: 'push' };
        const context = await prepareEvent(request, snapshot, { git, addresses, inputs: options.inputs ?? {}, now });
        if (context.isReadOnly && Object.keys(options.secrets ?? {}).length > 0) {
            setting.emit({ kind: 'note', text: 'GitHub gives this event no secrets: they are empty in this run' });
        }
        const secrets = context.isReadOnly ? {} : caller.secrets;
        const masker = createMasker(Object.values(secrets));
        let log;
        let planned = [];
        const { cacheUrl, standInUrl } = await services.open({
            options,
            snapshot,
            context,
            git,
            environment: setting.environment,
            folder,
            cacheFolder: options.cacheFolder ?? (0,external_node_path_.join)(options.bundle, '.tools', 'cache', setting.repository.replace('/', '+')),
            workflowName: (0,workflow_file/* textOf */.b6)(caller.document['name']) || caller.label,
            workflowPath: caller.label,
            now,
            jobs: () => listedJobs(planned, log, now.toISOString()),
        });
        const copy = await (0,local_copy/* copyBundle */.QJ)(options.bundle, (0,external_node_path_.join)(folder, 'bundle'));
        const plan = await planIn(setting, context, copy, cacheUrl);
        planned = plan.jobs;
        services.admit(planned);
        for (const job of planned)
            for (const token of [job.token, job.runtimeToken])
                masker.add(token);
        await writeFiles(setting, plan, standInUrl);
        log = createActLog(planned, masker, setting.emit, output);
        output.watch(log.readOutput);
        const end = await startAct(setting, act, { context, copy, plan, log, secrets, apiUrl: services.apiUrl });
        log.readOutput();
        return await run_resultOf({ setting, plan, log, masker, end, services, context, startedAt });
    }
    finally {
        output.close();
        await services.close();
    }
}
async function planIn(setting, context, copy, cacheUrl) {
    const { options, caller, workflows, folder, repository } = setting;
    const bundleSha = await gitOrNothing(gitIn(options.bundle, setting.environment), ['rev-parse', 'HEAD']);
    const workflowRef = `${repository}/${caller.label}@${context.ref}`;
    return planRun({
        caller: caller.document,
        callerLabel: caller.label,
        isGenerated: caller.isGenerated,
        workflow: workflows,
        isReadOnly: context.isReadOnly,
        wrapper: setting.wrappers.step,
        tokenInputs: copy.tokenInputs,
        recordFolder: (0,external_node_path_.join)(folder, 'records'),
        filePrefix: '../workflows/',
        substitutions: new Map([
            ['github.repository', repository],
            ['github.workflow_ref', workflowRef],
            ['github.workflow_sha', context.sha],
            ['github.triggering_actor', context.actor],
            ['job.workflow_sha', bundleSha ?? context.sha],
        ]),
        actionEnvironment: ({ runtimeToken, cacheMode }) => ({
            ACTIONS_RUNTIME_TOKEN: runtimeToken,
            ACTIONS_RUNTIME_URL: cacheUrl,
            ACTIONS_RESULTS_URL: cacheUrl,
            ACTIONS_CACHE_SERVICE_V2: 'true',
            ACTIONS_CACHE_MODE: cacheMode,
        }),
        scopes: { own: context.ref, readable: context.readableScopes },
    });
}
async function writeFiles(setting, plan, standInUrl) {
    const { folder, options } = setting;
    for (const { name, document } of plan.files) {
        await (0,promises_.writeFile)((0,external_node_path_.join)(folder, 'workflows', name), (0,workflow_file/* renderWorkflow */.cn)(document), { mode: 0o600 });
    }
    await writeStandIns((0,external_node_path_.join)(folder, 'stand-ins'), standInUrl);
    const toolCache = (0,external_node_path_.join)(options.bundle, '.tools', 'tool-cache');
    await (0,promises_.mkdir)(toolCache, { recursive: true });
    await (0,promises_.symlink)(toolCache, (0,external_node_path_.join)(folder, 'act', 'tool_cache'));
}
async function startAct(setting, program, run) {
    const { options, folder, repository, caller } = setting;
    const { context, copy, plan, log, secrets, apiUrl } = run;
    const trackingId = `github_${(0,external_node_crypto_.randomUUID)()}`;
    const workflowRef = `${repository}/${caller.label}@${context.ref}`;
    const args = await actArguments({
        folder,
        event: options.event?.name ?? 'push',
        context,
        entry: plan.entry,
        bundleFolder: copy.folder,
        standInFolder: (0,external_node_path_.join)(folder, 'stand-ins'),
        defaultBranch: setting.snapshot.defaultBranch,
        serial: options.parallel !== true,
        variables: options.variables ?? {},
        secrets: { ...secrets, GITHUB_TOKEN: `ghs_${'0'.repeat(36)}` },
        jobVariables: githubVariables(options, {
            ...{ context, repository, apiUrl, trackingId, workflowRef },
            path: setting.environment['PATH'] ?? '',
        }),
    });
    return runAct({
        program,
        args,
        environment: {
            ...setting.environment,
            PATH: [setting.wrappers.folder, setting.environment['PATH']].join(external_node_path_.delimiter),
            ACT_DISABLE_VERSION_CHECK: '1',
        },
        folder,
        trackingId,
        signal: options.signal,
        killSignal: options.killSignal,
        onLine: log.line,
    });
}
async function run_resultOf(run) {
    const { setting, plan, log, masker, end, services, context, startedAt } = run;
    const gathered = await gatherJobs(plan, log, masker, (0,external_node_path_.join)(setting.folder, 'records'));
    const hasFailed = gathered.jobs.some(({ conclusion }) => conclusion === 'failure');
    const findings = [...gathered.findings, ...actFindings(end, log, hasFailed)];
    for (const annotation of findings)
        setting.emit({ kind: 'annotation', annotation });
    const isRed = hasFailed || findings.length > 0;
    const conclusion = end.isInterrupted ? 'cancelled' : isRed ? 'failure' : 'success';
    const result = {
        exitCode: end.isInterrupted ? 130 : isRed ? 1 : 0,
        conclusion,
        durationMs: Date.now() - startedAt,
        jobs: gathered.jobs,
        outputs: gathered.outputs,
        annotations: [...log.annotations, ...findings],
        summaries: log.summaries,
        requests: services.requests(),
        comments: services.comments(),
        cacheCalls: services.cacheCalls(),
        orphans: end.orphans.map(({ pid, name }) => `${pid} ${name}`),
        log: log.text(),
        event: context.payload,
    };
    setting.emit({ kind: 'end', end: shownResult(result, masker) });
    return result;
}
const LONGEST_REASON = 600;
function actFindings(end, log, hasFailed) {
    if (end.exitCode === 0 || end.isInterrupted)
        return [];
    const said = [...log.complaints, ...end.stderr.split('\n')]
        .map((line) => line.trim())
        .filter((line) => line !== '' && !line.startsWith('{') && !line.startsWith('For more information'));
    const crash = said.find((line) => /^(fatal error|panic):/.test(line));
    const reason = crash ?? said.join(' ').slice(0, LONGEST_REASON);
    if (!log.jobs().some(({ planned }) => !planned.isCall)) {
        throw new usage_error/* UsageError */.eb(`the workflow cannot run here: act ended with status ${end.exitCode}: ${reason}`);
    }
    if (hasFailed && crash === undefined)
        return [];
    return [{ level: 'error', job: 'act', step: '', message: `act ended with status ${end.exitCode}: ${reason}` }];
}


/***/ }),

/***/ 3040:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   eb: () => (/* binding */ UsageError),
/* harmony export */   h: () => (/* binding */ suggestion),
/* harmony export */   pA: () => (/* binding */ nearest)
/* harmony export */ });
class UsageError extends Error {
    name = 'UsageError';
}
function nearest(word, candidates) {
    const limit = Math.max(2, Math.floor(word.length / 3));
    const ranked = candidates
        .map((candidate) => ({ candidate, distance: editDistance(word.toLowerCase(), candidate.toLowerCase()) }))
        .filter(({ distance }) => distance <= limit)
        .sort((a, b) => a.distance - b.distance);
    return ranked[0]?.candidate;
}
function suggestion(word, candidates) {
    const near = nearest(word, candidates);
    return near === undefined ? '' : ` (did you mean "${near}"?)`;
}
function editDistance(left, right) {
    const a = left.slice(0, 64);
    const b = right.slice(0, 64);
    let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
    for (let i = 1; i <= a.length; i++) {
        const current = [i];
        for (let j = 1; j <= b.length; j++) {
            const substitution = (previous[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
            current.push(Math.min((previous[j] ?? 0) + 1, (current[j - 1] ?? 0) + 1, substitution));
        }
        previous = current;
    }
    return previous[b.length] ?? 0;
}


/***/ }),

/***/ 1694:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   A7: () => (/* binding */ mapOf),
/* harmony export */   Qu: () => (/* binding */ contractOf),
/* harmony export */   XJ: () => (/* binding */ triggersOf),
/* harmony export */   aG: () => (/* binding */ jobsOf),
/* harmony export */   b6: () => (/* binding */ textOf),
/* harmony export */   c3: () => (/* binding */ listOf),
/* harmony export */   cn: () => (/* binding */ renderWorkflow),
/* harmony export */   hM: () => (/* binding */ parseWorkflow),
/* harmony export */   jh: () => (/* binding */ isMap)
/* harmony export */ });
/* harmony import */ var yaml__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(6637);
/* harmony import */ var _usage_error_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(3040);


function parseWorkflow(text, label) {
    let document;
    try {
        document = (0,yaml__WEBPACK_IMPORTED_MODULE_0__.parse)(text, { merge: true, maxAliasCount: 1_000 });
    }
    catch (error) {
        throw new _usage_error_js__WEBPACK_IMPORTED_MODULE_1__/* .UsageError */ .eb(`${label} is not valid YAML: ${firstLine(error)}`);
    }
    if (!isMap(document) || !isMap(document['jobs'])) {
        throw new _usage_error_js__WEBPACK_IMPORTED_MODULE_1__/* .UsageError */ .eb(`${label} is no workflow: it has no jobs`);
    }
    return document;
}
function firstLine(error) {
    const message = error instanceof Error ? error.message : String(error);
    return message.split('\n', 1)[0] ?? message;
}
function isMap(value) {
    return typeof value === 'object' && value !== null && !Array.isArray(value);
}
function mapOf(value) {
    return isMap(value) ? value : {};
}
function listOf(value) {
    if (value === undefined || value === null)
        return [];
    return Array.isArray(value) ? value.map(textOf) : [textOf(value)];
}
function textOf(value) {
    return value === undefined || value === null || typeof value === 'object' ? '' : String(value);
}
function jobsOf(document) {
    return Object.entries(mapOf(document['jobs'])).map(([id, job]) => [id, mapOf(job)]);
}
function triggersOf(document) {
    const on = document['on'];
    if (isMap(on))
        return on;
    return Object.fromEntries(listOf(on).map((name) => [name, {}]));
}
function contractOf(document) {
    const triggers = triggersOf(document);
    if (!('workflow_call' in triggers))
        return undefined;
    const call = mapOf(triggers['workflow_call']);
    return {
        inputs: mapValues(mapOf(call['inputs']), (input) => {
            const type = textOf(input['type']);
            return {
                type: type === 'boolean' || type === 'number' ? type : 'string',
                required: input['required'] === true,
                default: input['default'],
                description: textOf(input['description']),
            };
        }),
        secrets: mapValues(mapOf(call['secrets']), (secret) => ({ required: secret['required'] === true })),
        outputs: mapValues(mapOf(call['outputs']), (output) => textOf(output['value'])),
    };
}
function mapValues(map, convert) {
    return Object.fromEntries(Object.entries(map).map(([key, value]) => [key, convert(mapOf(value))]));
}
function renderWorkflow(document) {
    return JSON.stringify(document, undefined, 1).replace(/[\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}


/***/ })

};

