export const id = 19;
export const ids = [19];
export const modules = {

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


/***/ })

};

