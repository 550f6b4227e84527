export const id = 175;
export const ids = [175,819];
export const modules = {

/***/ 6175:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  commentOn: () => (/* binding */ commentOn)
});

// EXTERNAL MODULE: ./src/runtime/errors.js
var errors = __webpack_require__(5732);
;// CONCATENATED MODULE: ./src/github/answers.js

const PERMISSION_MISSING = 'PIPE-GITHUB-002';
const NOT_FOUND = 'PIPE-GITHUB-003';
function failureOf(response, asked) {
    const said = `${whereOf(asked)} answered ${response.status}, ${(0,errors/* shown */.SP)(messageOf(response), 200)}`;
    switch (response.status) {
        case 401:
            return new errors/* ConfigurationError */.j1({
                code: 'PIPE-GITHUB-001',
                what: `GitHub does not know the token with which it was asked to ${asked.doing}: ${said}`,
                accepted: `a token that is valid now, with the permission \`${asked.permission}\``,
                example: '`github-token: ${{ github.token }}`, which is the default',
                remedy: 'leave `github-token` out, or renew the token: one of a job ends with its job, an app’s after an hour',
            });
        case 403:
            return new errors/* ConfigurationError */.j1(permissionFault(response, asked, said));
        case 404:
        case 410:
            return new errors/* ConfigurationError */.j1({
                code: NOT_FOUND,
                what: `GitHub found nothing when asked to ${asked.doing}: ${said}`,
                accepted: `something that exists and that the token may see (\`${asked.permission}\`)`,
                remedy: 'see whether it was deleted or renamed; GitHub also says 404 of what a token may not see',
            });
        default:
            return outsideFault(response, asked, said);
    }
}
function permissionFault(response, asked, said) {
    const header = response.headers['x-accepted-github-permissions'] ?? '';
    const named = header
        .split(/[;,]/)
        .map((pair) => /^\s*([a-z_]+)=(read|write|admin)\s*$/.exec(pair))
        .flatMap((match) => (match === null ? [] : [`${match[1]?.replaceAll('_', '-')}: ${match[2]}`]));
    const wanted = named.length === 0 || named.includes(asked.permission) ? asked.permission : (named[0] ?? '');
    return {
        code: PERMISSION_MISSING,
        what: `the token may not ${asked.doing}: ${said}`,
        accepted: `a token with the permission \`${wanted}\``,
        example: `\`permissions: {${wanted}}\``,
        remedy: 'grant it where the workflow is called: a called workflow gets no more than its caller, and on pull requests of ' +
            'forks and of Dependabot GitHub gives read only',
    };
}
function outsideFault(response, asked, said) {
    const { status } = response;
    const isBroken = status >= 500 || status === 408;
    return new errors/* OutsideFault */.sD({
        code: isBroken ? 'PIPE-GITHUB-005' : 'PIPE-GITHUB-006',
        what: isBroken ? `GitHub failed to ${asked.doing}: ${said}` : `GitHub refused to ${asked.doing}: ${said}`,
        remedy: isBroken
            ? 'run it again; githubstatus.com tells whether GitHub has trouble'
            : 'read what GitHub answered',
    }, { service: serviceOf(asked), status, tries: asked.tries, elapsed: asked.elapsed });
}
function rateLimitFault(limit, status, asked) {
    const wait = Math.ceil(limit.wait / 1_000);
    const name = limit.kind === 'primary' ? 'the rate limit of the token is used up' : 'a secondary rate limit was met';
    return new errors/* OutsideFault */.sD({
        code: 'PIPE-GITHUB-004',
        what: `GitHub would not ${asked.doing}: ${name}; it takes requests again in ${wait} s`,
        remedy: `run it again in ${Math.max(1, Math.ceil(wait / 60))} min; a token shared by many jobs is used up sooner`,
    }, { service: serviceOf(asked), status, tries: asked.tries, elapsed: asked.elapsed });
}
function unreadableAnswer(status, asked, found, cause) {
    return new errors/* OutsideFault */.sD({
        code: 'PIPE-GITHUB-005',
        what: `the answer to \`${asked.method} ${pathOf(asked.url)}\` is not GitHub’s: ${found}`,
        remedy: 'see whether a proxy answers in GitHub’s place',
    }, { service: serviceOf(asked), status, tries: asked.tries, elapsed: asked.elapsed }, { cause });
}
function whereOf({ method, url }) {
    return `${method} ${pathOf(url)}`;
}
function pathOf(url) {
    const { pathname } = new URL(url);
    return pathname;
}
function serviceOf({ url }) {
    return `GitHub at ${new URL(url).host}`;
}
function messageOf({ body }) {
    const text = body.toString('utf8', 0, 16_384);
    try {
        const parsed = JSON.parse(text);
        if (typeof parsed === 'object' && parsed !== null && 'message' in parsed && typeof parsed.message === 'string') {
            const errors = 'errors' in parsed && Array.isArray(parsed.errors) ? parsed.errors : [];
            return [parsed.message, ...errors.slice(0, 3).map((entry) => JSON.stringify(entry))].join('; ');
        }
    }
    catch {
    }
    return text === '' ? 'nothing' : text;
}

;// CONCATENATED MODULE: ./src/github/ask.js


async function ask(github, method, path, call) {
    const { answer } = await askWithHeaders(github, method, addressOf(github, path, call), call);
    return answer;
}
async function askWithHeaders(github, method, url, call) {
    const { doing, permission, body, idempotent } = call;
    const response = await github.send({
        method,
        url,
        doing,
        permission,
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        ...(idempotent === undefined ? {} : { idempotent }),
    });
    const asked = { method, url, doing, permission, tries: 1, elapsed: 0 };
    return { answer: parsedAnswer(response, asked), headers: response.headers };
}
function parsedAnswer(response, asked) {
    const text = response.body.toString('utf8');
    if (text.trim() === '')
        return undefined;
    try {
        return JSON.parse(text);
    }
    catch (error) {
        throw unreadableAnswer(response.status, asked, `no JSON but ${(0,errors/* shown */.SP)(text, 60)}`, error);
    }
}
function addressOf(github, path, call) {
    const { owner, name } = github.repository;
    const parts = { ...call.path, owner, repo: name };
    const filled = path.replace(/\{(\w+)\}/g, (_, key) => encodeURIComponent(String(parts[key])));
    const query = new URLSearchParams();
    for (const [key, value] of Object.entries(call.query ?? {})) {
        if (value !== undefined && value !== null)
            query.set(key, String(value));
    }
    return `${github.api}${filled}${query.size === 0 ? '' : `?${query}`}`;
}
function hasCode(error, code) {
    return (error instanceof errors/* ConfigurationError */.j1 || error instanceof errors/* OutsideFault */.sD) && error.code === code;
}

// EXTERNAL MODULE: ./src/runtime/http.js + 3 modules
var runtime_http = __webpack_require__(819);
;// CONCATENATED MODULE: ./src/github/rate-limit.js
const UNSAID_WAIT = 60_000;
function rateLimitOf(response, now) {
    if (response.status !== 403 && response.status !== 429)
        return undefined;
    const { headers } = response;
    const seconds = headers['retry-after']?.trim() ?? '';
    if (/^\d{1,9}$/.test(seconds))
        return { kind: 'secondary', wait: Number(seconds) * 1_000 };
    const reset = headers['x-ratelimit-reset']?.trim() ?? '';
    if (headers['x-ratelimit-remaining']?.trim() === '0' && /^\d{1,12}$/.test(reset)) {
        return { kind: 'primary', wait: Math.max(0, Number(reset) * 1_000 - now) + 1_000 };
    }
    const named = /secondary rate limit|abuse detection/i.test(response.body.toString('utf8', 0, 4_096));
    return named || response.status === 429 ? { kind: 'secondary', wait: UNSAID_WAIT } : undefined;
}

;// CONCATENATED MODULE: ./src/github/client.js




const PATIENCE = 120_000;
const LIMIT_TRIES = 4;
const LARGEST_ANSWER = 64 * 1024 * 1024;
function createGitHub(settings) {
    const { environment, token, signal, patience = PATIENCE, now = Date.now } = settings;
    const api = apiUrlOf(environment);
    const repository = repositoryOf(environment);
    if (!/^[\u0021-\u007e]+$/.test(token)) {
        throw new errors/* ConfigurationError */.j1({
            code: 'PIPE-GITHUB-007',
            what: 'there is no usable token for GitHub’s API',
            given: token === '' ? 'an empty one' : 'one with spaces, line ends or characters beyond ASCII (not shown)',
            accepted: 'a token of GitHub',
            example: '`github-token: ${{ github.token }}`, which is the default',
            state: 'GitHub was not asked',
        });
    }
    const wait = settings.wait ?? runtime_http.waitFor;
    const http = (0,runtime_http.createHttp)({ environment, service: 'GitHub', code: 'PIPE-GITHUB-005', wait });
    const headers = {
        accept: 'application/vnd.github+json',
        authorization: `Bearer ${token}`,
        'x-github-api-version': '2022-11-28',
    };
    const exchange = ({ method, url, body, idempotent }) => http.send({
        method,
        url,
        headers: body === undefined ? headers : { ...headers, 'content-type': 'application/json; charset=utf-8' },
        limit: LARGEST_ANSWER,
        ...(body === undefined ? {} : { body }),
        ...(idempotent === undefined ? {} : { idempotent }),
        ...(signal === undefined ? {} : { signal }),
    });
    const pause = { patience, now, wait: (milliseconds) => wait(milliseconds, signal), signal };
    const send = (request) => sendWithinLimits(request, exchange, pause);
    return { repository, api, send, close: http.close };
}
async function sendWithinLimits(request, exchange, { patience, now, wait, signal }) {
    const started = performance.now();
    let patienceLeft = patience;
    for (let tries = 1;; tries += 1) {
        const response = await exchange(request);
        if (response.status < 300)
            return response;
        const asked = { ...request, tries, elapsed: performance.now() - started };
        const limit = rateLimitOf(response, now());
        if (limit === undefined)
            throw failureOf(response, asked);
        if (limit.wait > patienceLeft || tries >= LIMIT_TRIES || signal?.aborted === true) {
            throw rateLimitFault(limit, response.status, asked);
        }
        patienceLeft -= limit.wait;
        await wait(limit.wait);
    }
}
function apiUrlOf(environment) {
    const given = environment['GITHUB_API_URL'] ?? '';
    if (given === '')
        return 'https://api.github.com';
    const url = URL.canParse(given) ? new URL(given) : undefined;
    const isLoopback = url !== undefined && /^(localhost|127\.0\.0\.1|\[::1\])$/.test(url.hostname);
    const isSafe = url !== undefined && (url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback));
    if (isSafe && url.username === '' && url.search === '' && url.hash === '')
        return url.href.replace(/\/+$/, '');
    throw new errors/* ConfigurationError */.j1({
        code: 'PIPE-GITHUB-007',
        what: 'GITHUB_API_URL is not an address that a token may be sent to',
        given: (0,errors/* shown */.SP)(given),
        accepted: 'an https address',
        example: '`https://api.github.com`, which GitHub sets by itself',
        state: 'GitHub was not asked',
    });
}
function repositoryOf(environment) {
    const given = environment['GITHUB_REPOSITORY'] ?? '';
    const [, owner, name] = /^([A-Za-z0-9_-]{1,100})\/([A-Za-z0-9._-]{1,100})$/.exec(given) ?? [];
    if (owner !== undefined && name !== undefined && name !== '.' && name !== '..')
        return { owner, name };
    throw new errors/* ConfigurationError */.j1({
        code: 'PIPE-GITHUB-007',
        what: 'GITHUB_REPOSITORY does not name a repository',
        given: (0,errors/* shown */.SP)(given),
        accepted: 'owner and name with a slash between, as GitHub sets it',
        example: '`acme/shop`',
        state: 'GitHub was not asked',
    });
}

;// CONCATENATED MODULE: ./src/github/pages.js



async function askAll(github, path, call, pages) {
    const items = [];
    let url = addressOf(github, path, call);
    for (let page = 1; url !== undefined; page += 1) {
        if (page > pages)
            throw tooFar(github, call.doing, `it has more than ${pages} pages`, page);
        const { answer, headers } = await askWithHeaders(github, 'GET', url, call);
        if (!Array.isArray(answer)) {
            const asked = { method: 'GET', url, doing: call.doing, permission: call.permission, tries: 1, elapsed: 0 };
            throw unreadableAnswer(200, asked, `no list but ${(0,errors/* shown */.SP)(answer, 60)}`);
        }
        items.push(...answer);
        const next = nextPage(headers['link'] ?? '');
        if (next !== undefined && new URL(next, url).origin !== new URL(github.api).origin) {
            throw tooFar(github, call.doing, `the next page is said to be at ${(0,errors/* shown */.SP)(next, 120)}`, page);
        }
        url = next === undefined ? undefined : new URL(next, url).href;
    }
    return items;
}
function tooFar(github, doing, reason, tries) {
    return new errors/* OutsideFault */.sD({ code: 'PIPE-GITHUB-008', what: `the list could not be read to its end when asked to ${doing}: ${reason}` }, { service: `GitHub at ${new URL(github.api).host}`, status: 200, tries, elapsed: 0 });
}
const PARAMETER = /\s*;\s*([\w*-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^",;\s]+))/g;
const LINK = new RegExp(`<([^<>]*)>((?:${PARAMETER.source})*)`, 'g');
function nextPage(header) {
    for (const [, address, parameters = ''] of header.matchAll(LINK)) {
        const relations = [...parameters.matchAll(PARAMETER)]
            .filter(([, name]) => name?.toLowerCase() === 'rel')
            .flatMap(([, , quoted, bare]) => (quoted ?? bare ?? '').toLowerCase().split(/\s+/));
        if (relations.includes('next') && address !== undefined)
            return address;
    }
    return undefined;
}

;// CONCATENATED MODULE: ./src/github/comments.js



const LONGEST_COMMENT = 65_536;
const COMMENTS = '/repos/{owner}/{repo}/issues/{issue_number}/comments';
const COMMENT = '/repos/{owner}/{repo}/issues/comments/{comment_id}';
const READ = 'pull-requests: read';
const WRITE = 'pull-requests: write';
const PAGES = 30;
async function listComments(github, pullRequest) {
    const call = {
        doing: `list the comments of pull request ${pullRequest}`,
        permission: READ,
        path: { issue_number: pullRequest },
        query: { per_page: 100 },
    };
    const found = await askAll(github, COMMENTS, call, PAGES);
    return found.map(commentOf).sort((a, b) => a.id - b.id);
}
async function createComment(github, pullRequest, body) {
    const doing = `comment on pull request ${pullRequest}`;
    const call = { doing, permission: WRITE, path: { issue_number: pullRequest }, body: { body } };
    return commentOf(await ask(github, 'POST', COMMENTS, call));
}
async function updateComment(github, id, body) {
    const call = {
        doing: `change the comment ${id}`,
        permission: WRITE,
        path: { comment_id: id },
        body: { body },
        idempotent: true,
    };
    return commentOf(await ask(github, 'PATCH', COMMENT, call));
}
async function deleteComment(github, id) {
    await ask(github, 'DELETE', COMMENT, {
        doing: `delete the comment ${id}`,
        permission: WRITE,
        path: { comment_id: id },
    });
}
function commentOf(found) {
    return { id: Number(found.id), author: found.user?.login ?? '', body: found.body ?? '' };
}
async function headOf(github, pullRequest) {
    const found = await ask(github, 'GET', '/repos/{owner}/{repo}/pulls/{pull_number}', {
        doing: `read pull request ${pullRequest}`,
        permission: READ,
        path: { pull_number: pullRequest },
    });
    return found.head.sha;
}
async function loginOf(github) {
    const url = `${github.api.replace(/\/v3$/, '')}/graphql`;
    const call = {
        doing: 'say whose token this is',
        permission: 'metadata: read',
        body: { query: 'query { viewer { login } }' },
        idempotent: true,
    };
    const { answer } = await askWithHeaders(github, 'POST', url, call);
    const login = answer?.data?.viewer?.login;
    if (typeof login === 'string' && login !== '')
        return login;
    const asked = { method: 'POST', url, ...call, tries: 1, elapsed: 0 };
    throw unreadableAnswer(200, asked, 'it names nobody');
}

// EXTERNAL MODULE: ./src/github/run.js
var run = __webpack_require__(531);
;// CONCATENATED MODULE: ./src/report/marker.js
const START = '<!-- pipelines-report';
function markerLine(key, { id, attempt, sha }) {
    return `${START} ${fieldsOf(key)} run=${id} attempt=${attempt} sha=${sha} -->`;
}
function markerOf(body, key) {
    const [line = ''] = body.split(/\r?\n/, 1);
    const prefix = `${START} ${fieldsOf(key)} `;
    if (!line.startsWith(prefix))
        return undefined;
    const rest = /^run=(\d{1,15}) attempt=(\d{1,6}) sha=([0-9a-f]{0,64}) -->$/.exec(line.slice(prefix.length).trimEnd());
    if (rest === null)
        return undefined;
    return { id: Number(rest[1]), attempt: Number(rest[2]), sha: rest[3] ?? '' };
}
function fieldsOf(key) {
    const { caller, workflow, folder, service, environment } = key;
    return Object.entries({ caller, workflow, folder, service, environment })
        .map(([name, value]) => `${name}=${escaped(value)}`)
        .join(' ');
}
function escaped(value) {
    const wellFormed = Buffer.from(value, 'utf8').toString('utf8');
    return encodeURIComponent(wellFormed).replace(/[!'()*~]|-(?=-|$)/g, (character) => {
        return `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
    });
}

;// CONCATENATED MODULE: ./src/report/publish.js






const ROUNDS = 5;
async function publish(request) {
    const body = `${markerLine(request.key, request.writer)}\n${request.text}`;
    const own = { body, stored: body, identity: undefined, done: undefined };
    for (let round = 1; round <= ROUNDS; round += 1) {
        const [comments, head] = await look(request);
        const marked = markedComments(comments, request.key);
        if (marked.length > 0)
            own.identity ??= await loginOf(request.github);
        const [newest, ...older] = newestFirst(marked.filter(({ comment }) => comment.author === own.identity));
        await remove(older, request.github);
        const answer = answerTo(newest, head, request, own);
        if (answer !== undefined)
            return answer;
        const comment = await write(newest?.comment, body, request);
        if (comment === undefined)
            continue;
        own.identity ??= comment.author;
        own.stored = comment.body;
        own.done ??= newest === undefined ? 'created' : 'updated';
    }
    return { kind: 'contested' };
}
function answerTo(newest, head, request, own) {
    if (newest === undefined)
        return request.creates ? undefined : { kind: 'none' };
    const { comment, marker } = newest;
    if ((0,run/* isLater */.d)(marker, request.writer))
        return { kind: 'newer', run: marker.id };
    if (comment.body === own.body || comment.body === own.stored) {
        return { kind: own.done ?? 'unchanged', comment: comment.id };
    }
    return head === request.writer.sha ? undefined : { kind: 'outdated', sha: head };
}
function look({ github, pullRequest }) {
    return Promise.all([listComments(github, pullRequest), headOf(github, pullRequest)]);
}
function markedComments(comments, key) {
    return comments.flatMap((comment) => {
        const marker = markerOf(comment.body, key);
        return marker === undefined ? [] : [{ comment, marker }];
    });
}
function newestFirst(marked) {
    return [...marked].sort((a, b) => Number((0,run/* isLater */.d)(b.marker, a.marker)) - Number((0,run/* isLater */.d)(a.marker, b.marker)));
}
async function remove(older, github) {
    for (const { comment } of older) {
        try {
            await deleteComment(github, comment.id);
        }
        catch (error) {
            if (!hasCode(error, 'PIPE-GITHUB-003'))
                throw error;
        }
    }
}
async function write(existing, body, { github, pullRequest }) {
    try {
        return existing === undefined
            ? await createComment(github, pullRequest, body)
            : await updateComment(github, existing.id, body);
    }
    catch (error) {
        if (hasCode(error, PERMISSION_MISSING))
            throw error;
        const isGone = existing !== undefined && hasCode(error, 'PIPE-GITHUB-003');
        if (isGone || (error instanceof errors/* OutsideFault */.sD && hasCode(error, 'PIPE-GITHUB-005')))
            return undefined;
        throw error;
    }
}

;// CONCATENATED MODULE: ./src/report/comment.js






const MARKER_ROOM = 12_000;
async function commentOn(request, surroundings) {
    const { event } = request;
    const { log, secrets } = surroundings;
    if (event.action === 'closed')
        return log.info('No comment: the pull request is closed.');
    const reason = whyNot(event, request.token);
    if (reason !== undefined)
        return log.annotate('notice', `No comment on the pull request: ${reason}.`);
    try {
        log.info(sentenceOf(await publishComment(request, surroundings)));
    }
    catch (error) {
        if (!(error instanceof errors/* PipelineError */.zC))
            throw error;
        const level = hasCode(error, PERMISSION_MISSING) ? 'notice' : 'warning';
        const why = error.faults.map(errors/* describeFault */.Qx).join(' ');
        const message = `The comment on the pull request was not written; the verdict does not depend on it. ${why}`;
        log.annotate(level, secrets.redact(message));
    }
}
function whyNot(event, token) {
    if (event.isFork)
        return 'it comes from a fork, and GitHub gives such runs a token that only reads';
    if (event.isDependabot)
        return 'Dependabot started the run, and GitHub gives such runs a token that only reads';
    return token === '' ? 'the input `github-token` is empty' : undefined;
}
async function publishComment({ event, run, key, creates, token, render }, { environment, signal }) {
    const github = createGitHub({ environment, token, signal });
    try {
        return await publish({
            github,
            pullRequest: event.number,
            key,
            writer: { id: run.id, attempt: run.attempt, sha: event.head.sha },
            text: render(LONGEST_COMMENT - MARKER_ROOM),
            creates,
        });
    }
    finally {
        github.close();
    }
}
function sentenceOf(publication) {
    switch (publication.kind) {
        case 'created':
            return 'The comment on the pull request was written.';
        case 'updated':
            return 'The comment on the pull request was brought up to date.';
        case 'unchanged':
            return 'The comment on the pull request says this already.';
        case 'newer':
            return `The comment on the pull request stays as it is: the newer run ${publication.run} wrote it.`;
        case 'outdated':
            return `The comment on the pull request stays as it is: the newer commit ${publication.sha} is there.`;
        case 'none':
            return 'No comment: everything is done, and there was none to bring up to date.';
        case 'contested':
            return 'The comment on the pull request is left to the other runs that keep changing it.';
    }
}


/***/ }),

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

