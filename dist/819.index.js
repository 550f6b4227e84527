export const id = 819;
export const ids = [819];
export const modules = {

/***/ 819:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

// ESM COMPAT FLAG
__webpack_require__.r(__webpack_exports__);

// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  createHttp: () => (/* binding */ createHttp),
  waitFor: () => (/* binding */ waitFor)
});

// EXTERNAL MODULE: external "node:timers/promises"
var promises_ = __webpack_require__(8500);
// EXTERNAL MODULE: external "node:crypto"
var external_node_crypto_ = __webpack_require__(7598);
// EXTERNAL MODULE: external "node:fs/promises"
var external_node_fs_promises_ = __webpack_require__(1455);
// EXTERNAL MODULE: ./src/runtime/errors.js
var errors = __webpack_require__(5732);
// EXTERNAL MODULE: external "node:http"
var external_node_http_ = __webpack_require__(7067);
// EXTERNAL MODULE: external "node:https"
var external_node_https_ = __webpack_require__(4708);
;// CONCATENATED MODULE: ./src/runtime/http-exchange.js



class LastFault extends Error {
}
const MOST_REDIRECTS = 5;
const OPEN_HEADERS = new Set(['accept', 'accept-encoding', 'accept-language', 'range', 'user-agent']);
async function exchange(request, agents, until, read) {
    const follows = (request.method ?? 'GET') === 'GET' || request.method === 'HEAD';
    let current = request;
    for (let hops = 0;; hops += 1) {
        const answer = await sendOnce(current, agents, until, async (incoming) => {
            const { location } = incoming.headers;
            const isRedirect = [301, 302, 303, 307, 308].includes(incoming.statusCode ?? 0);
            if (!follows || !isRedirect || location === undefined)
                return { value: await read(incoming) };
            await readBody(incoming, 1024 * 1024);
            return { location };
        });
        if ('value' in answer)
            return answer.value;
        if (hops >= MOST_REDIRECTS)
            throw new LastFault(`more than ${MOST_REDIRECTS} redirects`);
        current = redirected(current, answer.location);
    }
}
function redirected(request, location) {
    if (!URL.canParse(location, request.url)) {
        throw new LastFault(`a redirect to what is no address: ${(0,errors/* shown */.SP)(location.split('?', 1)[0])}`);
    }
    const from = new URL(request.url);
    const next = new URL(location, from);
    if (from.protocol === 'https:' && next.protocol !== 'https:')
        throw new LastFault('a redirect from https to http');
    if (next.origin === from.origin)
        return { ...request, url: next.href };
    const headers = Object.entries(request.headers ?? {}).filter(([name]) => OPEN_HEADERS.has(name.toLowerCase()));
    return { ...request, url: next.href, headers: Object.fromEntries(headers) };
}
async function sendOnce(request, agents, until, read) {
    const { signal, timeout = 30_000 } = request;
    if (!URL.canParse(request.url) || !/^https?:$/.test(new URL(request.url).protocol)) {
        throw new LastFault('its address is not one of http or https');
    }
    if (signal?.aborted === true)
        throw new LastFault('the request was cancelled');
    const url = new URL(request.url);
    const secure = url.protocol === 'https:';
    const body = request.body === undefined ? undefined : Buffer.from(request.body);
    const headers = { 'user-agent': 'pipelines', 'accept-encoding': 'identity', ...request.headers };
    const outgoing = (secure ? external_node_https_.request : external_node_http_.request)(url, {
        method: request.method ?? 'GET',
        agent: secure ? agents.https : agents.http,
        headers: body === undefined ? headers : { ...headers, 'content-length': String(body.length) },
        timeout,
    });
    let incoming;
    let giveUp = () => undefined;
    const onAbort = () => giveUp('the request was cancelled');
    const timer = setTimeout(() => giveUp('it did not end in time'), Math.max(1, until - performance.now()));
    signal?.addEventListener('abort', onAbort, { once: true });
    const answered = new Promise((resolve, reject) => {
        giveUp = (reason) => (incoming ?? outgoing).destroy(new Error(reason));
        const fail = (error) => {
            if (incoming === undefined)
                reject(error);
        };
        outgoing.on('timeout', () => giveUp(`nothing came for ${timeout / 1_000} s`));
        outgoing.on('error', fail);
        outgoing.on('response', (response) => {
            incoming = response;
            read(response).then(resolve, (error) => reject(broken(error)));
        });
        outgoing.on('close', () => fail(new Error('the connection closed without an answer')));
    });
    outgoing.end(body);
    try {
        return await answered;
    }
    finally {
        clearTimeout(timer);
        signal?.removeEventListener('abort', onAbort);
    }
}
function broken(error) {
    const isCut = error instanceof Error && 'code' in error && error.code === 'ECONNRESET';
    return isCut ? new Error('the connection closed before the whole answer came', { cause: error }) : error;
}
async function readBody(incoming, limit) {
    const chunks = [];
    let size = 0;
    for await (const chunk of incoming) {
        size += chunk.length;
        if (size > limit)
            throw new LastFault(`the answer is larger than ${limit} bytes`);
        chunks.push(chunk);
    }
    if (!incoming.complete)
        throw new Error('the connection closed before the whole answer came');
    const headers = Object.entries(incoming.headers).map(([name, value]) => [
        name,
        Array.isArray(value) ? value.join(', ') : (value ?? ''),
    ]);
    return { status: incoming.statusCode ?? 0, headers: Object.fromEntries(headers), body: Buffer.concat(chunks) };
}

;// CONCATENATED MODULE: ./src/runtime/download.js




const LIMIT = 512 * 1024 * 1024;
async function saveBody(incoming, path, checks) {
    const part = `${path}.${(0,external_node_crypto_.randomUUID)()}.part`;
    const handle = await writing(path, () => (0,external_node_fs_promises_.open)(part, 'wx'));
    let isWhole = false;
    try {
        const saved = await saveTo(handle, incoming, path, checks);
        await writing(path, () => handle.close());
        await writing(path, () => (0,external_node_fs_promises_.rename)(part, path));
        isWhole = true;
        return saved;
    }
    finally {
        if (!isWhole) {
            incoming.destroy();
            await handle.close();
            await (0,external_node_fs_promises_.rm)(part, { force: true });
        }
    }
}
async function saveTo(handle, incoming, path, { sha256, sha512, limit = LIMIT }) {
    const hashes = { sha256: (0,external_node_crypto_.createHash)('sha256'), sha512: (0,external_node_crypto_.createHash)('sha512') };
    let bytes = 0;
    for await (const chunk of incoming) {
        bytes += chunk.length;
        if (bytes > limit)
            throw new LastFault(`the file is larger than ${limit} bytes`);
        hashes.sha256.update(chunk);
        if (sha512 !== undefined)
            hashes.sha512.update(chunk);
        await writing(path, () => handle.writeFile(chunk));
    }
    if (!incoming.complete)
        throw new Error('the connection closed before the whole file came');
    const found = hashes.sha256.digest();
    if (sha256 !== undefined)
        compare('sha256', sha256, found);
    if (sha512 !== undefined)
        compare('sha512', sha512, hashes.sha512.digest());
    return { bytes, sha256: found.toString('hex') };
}
function compare(name, expected, found) {
    const hex = found.toString('hex');
    if (expected.toLowerCase() === hex || expected === found.toString('base64'))
        return;
    throw new LastFault(`the file has the wrong checksum (${name} ${hex}, expected ${(0,errors/* shown */.SP)(expected, 128)})`);
}
async function writing(path, write) {
    try {
        return await write();
    }
    catch (error) {
        throw new errors/* ConfigurationError */.j1({
            code: 'PIPE-FILE-004',
            what: `${(0,errors/* shown */.SP)(path, 200)} could not be written: ${error.code ?? String(error)}`,
            accepted: 'a folder that exists and has room',
            state: 'nothing is left of the file',
        }, { cause: error });
    }
}

;// CONCATENATED MODULE: ./src/runtime/http-agents.js



const IDLE = 4_000;
const PROXIES = ['HTTPS_PROXY', 'https_proxy', 'HTTP_PROXY', 'http_proxy'];
function createAgents(environment) {
    const proxies = PROXIES.flatMap((name) => {
        const value = environment[name]?.trim() ?? '';
        return value === '' ? [] : [[name, proxyAddress(name, value)]];
    });
    const proxyEnv = { ...environment, ...Object.fromEntries(proxies) };
    const options = { keepAlive: true, timeout: IDLE, proxyEnv };
    return { http: new external_node_http_.Agent(options), https: new external_node_https_.Agent(options) };
}
function proxyAddress(name, value) {
    const address = value.includes('://') ? value : `http://${value}`;
    const isUsable = URL.canParse(address) && /^https?:$/.test(new URL(address).protocol);
    if (isUsable)
        return address;
    throw new errors/* ConfigurationError */.j1({
        code: 'PIPE-HTTP-001',
        what: `the environment variable ${name} names a proxy that can't be used`,
        given: 'another address (not shown)',
        accepted: 'an address with http:// or https://',
        example: `${name}=http://proxy.example.com:3128`,
        state: 'nothing was sent',
    });
}

;// CONCATENATED MODULE: ./src/runtime/http.js





const RETRIED = new Set([408, 429, 500, 502, 503, 504]);
const LONGEST_WAIT = 60_000;
function createHttp(settings) {
    const agents = createAgents(settings.environment);
    return {
        send: (request) => send(request, agents, settings),
        download: (request, path, checks) => download(request, path, checks, agents, settings),
        close: () => {
            agents.http.destroy();
            agents.https.destroy();
        },
    };
}
function send(request, agents, settings) {
    return withRetry(request, settings, 600_000, (until) => {
        return exchange(request, agents, until, (incoming) => readBody(incoming, request.limit ?? 64 * 1024 * 1024));
    });
}
async function download(request, path, checks, agents, settings) {
    const started = performance.now();
    let tries = 0;
    const answer = await withRetry(request, settings, 1_800_000, (until) => {
        tries += 1;
        return exchange(request, agents, until, async (incoming) => {
            if (incoming.statusCode !== 200)
                return readBody(incoming, 1024 * 1024);
            return { status: 200, headers: {}, saved: await saveBody(incoming, path, checks) };
        });
    });
    if ('saved' in answer)
        return answer.saved;
    throw new errors/* OutsideFault */.sD({ code: settings.code, what: `${settings.service} did not send the file ${(0,errors/* shown */.SP)(placeOf(request.url), 200)}` }, {
        service: `${settings.service} at ${hostOf(request.url)}`,
        status: answer.status,
        tries,
        elapsed: performance.now() - started,
    });
}
async function withRetry(request, settings, deadline, attempt) {
    const tries = Math.min(10, Math.max(1, Math.floor(request.tries ?? 4) || 1));
    const started = performance.now();
    const until = started + (request.deadline ?? deadline);
    const isAborted = () => request.signal?.aborted === true;
    for (let count = 1;; count += 1) {
        const outcome = await outcomeOf(() => attempt(until));
        const pause = pauseBefore(outcome, count, isIdempotent(request), settings.random ?? Math.random);
        if (count < tries && pause !== undefined && performance.now() + pause < until && !isAborted()) {
            await (settings.wait ?? waitFor)(pause, request.signal);
            if (!isAborted())
                continue;
        }
        else if ('answer' in outcome)
            return outcome.answer;
        const fault = 'fault' in outcome && !isAborted() ? outcome.fault : new Error('the request was cancelled');
        throw new errors/* OutsideFault */.sD({ code: settings.code, what: `${settings.service} did not answer: ${reasonOf(fault)}` }, { service: `${settings.service} at ${hostOf(request.url)}`, tries: count, elapsed: performance.now() - started }, { cause: fault });
    }
}
function isIdempotent({ idempotent, method }) {
    return idempotent ?? (method !== 'POST' && method !== 'PATCH');
}
async function waitFor(milliseconds, signal) {
    try {
        await (0,promises_.setTimeout)(milliseconds, undefined, signal === undefined ? {} : { signal });
    }
    catch (error) {
        if (!(error instanceof Error && error.name === 'AbortError'))
            throw error;
    }
}
async function outcomeOf(attempt) {
    try {
        return { answer: await attempt() };
    }
    catch (error) {
        if (error instanceof errors/* PipelineError */.zC)
            throw error;
        return { fault: error instanceof Error ? error : new Error(String(error)) };
    }
}
const NOTHING_SENT = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN']);
const SAME_AGAIN = /^(ERR_(INVALID|UNESCAPED|HTTP_INVALID|TLS|SSL)|CERT_|SELF_SIGNED|DEPTH_ZERO|UNABLE_TO_|HOSTNAME_)/;
function pauseBefore(outcome, attempt, idempotent, random) {
    const growing = Math.min(LONGEST_WAIT, 500 * 2 ** (attempt - 1)) * (0.5 + random() / 2);
    if ('fault' in outcome) {
        const { code = '' } = outcome.fault;
        if (outcome.fault instanceof LastFault || SAME_AGAIN.test(code))
            return undefined;
        return idempotent || NOTHING_SENT.has(code) ? growing : undefined;
    }
    const { status, headers } = outcome.answer;
    if (!RETRIED.has(status))
        return undefined;
    const asked = retryAfter(headers['retry-after']);
    if (!idempotent && (asked === undefined || (status !== 429 && status !== 503)))
        return undefined;
    if (asked === undefined || asked === 0)
        return growing;
    return asked <= LONGEST_WAIT ? asked : undefined;
}
function retryAfter(header = '') {
    const value = header.trim();
    if (/^\d{1,9}$/.test(value))
        return Number(value) * 1_000;
    const date = /^[A-Za-z]{3,9},? .*GMT$/.test(value) ? Date.parse(value) : Number.NaN;
    return Number.isNaN(date) ? undefined : Math.max(0, date - Date.now());
}
function reasonOf(fault) {
    return fault.message === '' ? (fault.code ?? fault.name) : fault.message;
}
function hostOf(url) {
    return URL.canParse(url) ? new URL(url).host : (0,errors/* shown */.SP)(url);
}
function placeOf(url) {
    return URL.canParse(url) ? new URL(url).origin + new URL(url).pathname : url;
}


/***/ })

};

