/** The architecture as rules: each says why it stands. */
module.exports = {
  forbidden: [
    {
      name: 'no-circular',
      comment: 'Two modules that need each other are one module, or miss a third.',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'shared-is-the-bottom',
      comment:
        'shared is the language and the machine; workers, api and ui are built on it, never the other way.',
      severity: 'error',
      from: { path: '^shared/' },
      to: { path: '^(workers|api|ui|scripts)/' },
    },
    {
      name: 'shared-is-pure',
      comment:
        'shared runs in Node, the browser and the workflow isolate; what needs Node stands in shared/node.',
      severity: 'error',
      from: { path: '^shared/', pathNot: '^shared/node/|\\.test\\.ts$' },
      to: { path: '^shared/node/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'shared-needs-no-node',
      comment: 'No Node module in code that runs in the browser and the isolate.',
      severity: 'error',
      from: { path: '^shared/', pathNot: '^shared/node/|\\.test\\.ts$' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'parts-meet-in-temporal',
      comment:
        'api, workers and ui never import one another; they meet in Temporal, in the contract and in the catalogue.',
      severity: 'error',
      from: { path: '^(api|workers|ui)/', pathNot: '\\.test\\.ts$' },
      to: { path: '^(api|workers|ui)/', pathNot: '^$1/' },
    },
    {
      name: 'page-stays-small',
      comment:
        'The page holds no zod and no validation: checking runs in a worker of its own. Types may come along.',
      severity: 'error',
      from: { path: '^ui/', pathNot: '\\.test\\.ts$|\\.worker\\.ts$|^ui/vite' },
      to: {
        path: '^(node_modules/zod/|shared/(definition/(schema|load|issues|language)|contract|catalog|triggers)/?)',
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'documents-are-data',
      comment: 'ui/document edits definitions as data: it knows neither React nor the pages that use it.',
      severity: 'error',
      from: { path: '^ui/document/', pathNot: '\\.test\\.ts$' },
      to: { path: '^(node_modules/(react|@mantine|@xyflow)|ui/(?!document/))' },
    },
    {
      name: 'isolate-stays-small',
      comment: 'What runs in the workflow isolate holds no zod, no YAML, no SDK and no Node.',
      severity: 'error',
      from: {
        path: '^(workers/workflow|shared/(machine|steps|expression|execution))/',
        pathNot: '\\.test\\.ts$|/tests/',
      },
      to: {
        path: '^(node_modules/(zod|yaml|express|pino|@temporalio/(client|worker|activity|testing))/|shared/(definition/(schema|source|load|issues)|contract|catalog|node)|workers/(?!workflow/))',
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'product-needs-no-tests',
      comment: 'Nothing that ships imports a test or its helpers.',
      severity: 'error',
      from: { pathNot: '\\.test\\.ts$|^(test|bench|e2e)/|/tests/|\\.conformance\\.ts$|/fixtures?' },
      to: { path: '\\.test\\.ts$|^(test|e2e)/|/tests/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
};
