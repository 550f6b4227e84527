export const id = 168;
export const ids = [168];
export const modules = {

/***/ 1168:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

// ESM COMPAT FLAG
__webpack_require__.r(__webpack_exports__);

// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  action: () => (/* binding */ action_action)
});

// EXTERNAL MODULE: ./src/runtime/action.js
var action = __webpack_require__(8717);
// EXTERNAL MODULE: ./src/runtime/kinds.js
var kinds = __webpack_require__(9832);
// EXTERNAL MODULE: ./src/plan/workflow-inputs.js
var workflow_inputs = __webpack_require__(5199);
;// CONCATENATED MODULE: ./src/plan/inputs.js


const inputs = {
    'working-directory': {
        kind: (0,kinds/* workspacePath */.X5)({ example: 'apps/api' }),
        description: 'Folder of the project. A package of a workspace is planned with the builds of the packages it depends on.',
        default: '.',
    },
    'changed-since': {
        kind: (0,kinds/* string */.Yj)({ example: 'origin/main' }),
        description: 'Commit to compare with, so that only affected packages are planned. Not available yet.',
    },
    'workflow-inputs': {
        kind: (0,workflow_inputs/* workflowInputsKind */.P)(),
        description: 'Inputs of the workflow that plans, as `toJSON(inputs)`: what it can not do is refused at once.',
    },
};
const outputs = {
    plan: {
        kind: 'json',
        description: 'The plan, as docs/plan.schema.json describes it; at most 120,000 bytes, `leftOut` says what did not fit.',
    },
    affected: { kind: 'json', description: 'Folders of the affected packages, relative to the repository.' },
    promised: { kind: 'json', description: 'What `report` needs of the plan, 8 KiB at most.' },
};

;// CONCATENATED MODULE: ./src/plan/action.js


const action_action = (0,action/* defineAction */.Q)({
    name: 'plan',
    description: 'Reads the repository and explains what the pipeline will do and why.',
    inputs: inputs,
    outputs: outputs,
    run: async (given, context) => (await Promise.all(/* import() */[__webpack_require__.e(781), __webpack_require__.e(229)]).then(__webpack_require__.bind(__webpack_require__, 8229))).run(given, context),
});


/***/ }),

/***/ 5199:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   D: () => (/* binding */ checkWorkflowInputs),
/* harmony export */   P: () => (/* binding */ workflowInputsKind)
/* harmony export */ });
/* harmony import */ var _runtime_errors_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(5732);
/* harmony import */ var _runtime_kinds_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(9832);
/* harmony import */ var _runtime_yaml_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(5860);



const EXAMPLE = '{"working-directory": ".", "deploy": "none"}';
const ACCEPTED = 'the inputs of the workflow as JSON, `toJSON(inputs)`';
function workflowInputsKind() {
    const read = (value, at) => {
        if ((0,_runtime_yaml_js__WEBPACK_IMPORTED_MODULE_0__/* .isMap */ .j)(value) && Object.values(value).every(isScalar))
            return value;
        throw new _runtime_kinds_js__WEBPACK_IMPORTED_MODULE_1__/* .Refused */ .Lw([{ at, given: (0,_runtime_errors_js__WEBPACK_IMPORTED_MODULE_2__/* .shown */ .SP)(value), accepted: ACCEPTED, example: EXAMPLE }]);
    };
    return {
        accepted: ACCEPTED,
        example: EXAMPLE,
        secret: false,
        fromText: (text) => {
            try {
                return read(JSON.parse(text), '');
            }
            catch (error) {
                if (!(error instanceof SyntaxError))
                    throw error;
                throw new _runtime_kinds_js__WEBPACK_IMPORTED_MODULE_1__/* .Refused */ .Lw([
                    { at: '', given: `${(0,_runtime_errors_js__WEBPACK_IMPORTED_MODULE_2__/* .shown */ .SP)(text)}; ${error.message.slice(0, 120)}`, accepted: ACCEPTED, example: EXAMPLE },
                ]);
            }
        },
        fromYaml: read,
    };
}
function isScalar(value) {
    return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' || value === null;
}
const TARGETS = ['none', 'cloud-run', 'firebase', 'vercel'];
const NOT_YET = ['registry', 'url', 'environment', 'environments', 'project', 'region', 'deploy-settings'];
const NOT_YET_OR_OFF = ['coverage', 'image', 'scan', 'migrate', 'smoke', 'health'];
function checkWorkflowInputs(inputs) {
    const given = (name) => String(inputs[name] ?? '').trim();
    const deploy = given('deploy');
    const faults = [];
    if (deploy !== '' && !TARGETS.includes(deploy))
        faults.push(unknownTarget(deploy));
    else if (deploy !== '' && deploy !== 'none')
        faults.push(notAvailable('deploy', deploy, '`none`'));
    for (const name of NOT_YET)
        if (given(name) !== '')
            faults.push(notAvailable(name, given(name), 'nothing'));
    for (const name of NOT_YET_OR_OFF) {
        if (given(name) !== '' && given(name) !== 'off')
            faults.push(notAvailable(name, given(name), 'nothing, or `off`'));
    }
    if (faults.length > 0)
        throw new _runtime_errors_js__WEBPACK_IMPORTED_MODULE_2__/* .ConfigurationError */ .j1(faults);
}
function unknownTarget(given) {
    const meant = (0,_runtime_errors_js__WEBPACK_IMPORTED_MODULE_2__/* .nearest */ .pA)(given, TARGETS);
    return {
        code: 'PIPE-PLAN-020',
        what: 'the input `deploy` names no target',
        given: (0,_runtime_errors_js__WEBPACK_IMPORTED_MODULE_2__/* .shown */ .SP)(given),
        accepted: `${meant === undefined ? '' : `\`${meant}\` (nearest), or another of: `}${TARGETS.join(', ')}`,
        example: '`deploy: none`',
        state: 'nothing was run',
    };
}
function notAvailable(name, given, accepted) {
    return {
        code: 'PIPE-PLAN-021',
        what: `the input \`${name}\` is declared but not available yet in this version`,
        given: (0,_runtime_errors_js__WEBPACK_IMPORTED_MODULE_2__/* .shown */ .SP)(given),
        accepted,
        remedy: 'leave it out; what is checked without it is in the table',
        state: 'nothing was deployed, pushed or migrated',
    };
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


/***/ })

};

