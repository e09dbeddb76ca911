/** The import law of docs and design: which part may know which. */

const LIBS = '^libs/([^/]+)/';
const TESTS = '(?:\\.spec\\.ts$|^test/)';

/** What each library may import besides itself; a library that is not named here may import none. */
const ALLOWED = {
  contract: [],
  platform: [],
  features: ['contract', 'platform'],
  records: ['contract', 'platform'],
  traffic: ['contract', 'platform'],
  policy: ['contract'],
  model: ['platform'],
  drift: ['platform'],
  scoring: ['contract', 'platform', 'features', 'model', 'drift', 'policy', 'records'],
  service: ['contract', 'platform', 'model', 'drift', 'records', 'scoring'],
};

const alternatives = (names) => names.join('|');

const libraryRules = Object.entries(ALLOWED).map(([library, allowed]) => ({
  name: `${library}-knows-${allowed.length ? allowed.join('-') : 'no-library'}`,
  severity: 'error',
  comment: `libs/${library} may import ${allowed.length ? `only ${allowed.join(', ')}` : 'no other library'}.`,
  from: { path: `^libs/${library}/` },
  to: { path: '^libs/', pathNot: `^libs/(?:${alternatives([library, ...allowed])})/` },
}));

export default {
  forbidden: [
    ...libraryRules,
    {
      name: 'every-library-has-a-rule',
      severity: 'error',
      comment: 'A new library must be given its place in the import law.',
      from: { path: '^libs/', pathNot: `^libs/(?:${alternatives(Object.keys(ALLOWED))})/` },
      to: { path: '^libs/' },
    },
    {
      name: 'only-index-crosses-a-border',
      severity: 'error',
      comment: "From outside, a library is its index.ts: import '@fraud/<library>'.",
      from: { path: LIBS },
      to: { path: '^libs/[^/]+/', pathNot: ['^libs/$1/', '^libs/[^/]+/src/index\\.ts$'] },
    },
    {
      name: 'only-index-is-for-apps-tests-and-scripts',
      severity: 'error',
      comment: "From outside, a library is its index.ts: import '@fraud/<library>'.",
      from: { path: '^(?:apps|test|scripts|deploy)/' },
      to: { path: '^libs/', pathNot: '^libs/[^/]+/src/index\\.ts$' },
    },
    {
      name: 'no-relative-path-into-a-library',
      severity: 'error',
      comment: 'A border is crossed by its name, @fraud/<library>, never by a relative path.',
      from: { path: LIBS },
      to: {
        path: '^libs/',
        pathNot: '^libs/$1/',
        dependencyTypes: ['local'],
        dependencyTypesNot: ['aliased'],
      },
    },
    {
      name: 'no-relative-path-into-a-library-from-outside',
      severity: 'error',
      comment: 'A border is crossed by its name, @fraud/<library>, never by a relative path.',
      from: { path: '^(?:apps|test|scripts|deploy)/' },
      to: { path: '^libs/', dependencyTypesNot: ['aliased'] },
    },
    {
      name: 'a-library-does-not-import-itself-by-name',
      severity: 'error',
      comment: 'Inside a library, imports are relative; through its own index they would be cycles.',
      from: { path: LIBS },
      to: { path: '^libs/$1/', dependencyTypes: ['aliased'] },
    },
    {
      name: 'no-app-imports-an-app',
      severity: 'error',
      from: { path: '^apps/([^/]+)/' },
      to: { path: '^apps/', pathNot: '^apps/$1/' },
    },
    {
      name: 'libraries-do-not-know-apps-or-tests',
      severity: 'error',
      from: { path: '^libs/', pathNot: TESTS },
      to: { path: '^(?:apps|test|scripts|deploy)/' },
    },
    {
      name: 'apps-do-not-know-tests',
      severity: 'error',
      from: { path: '^apps/', pathNot: TESTS },
      to: { path: '^(?:test|scripts|deploy)/' },
    },
    {
      name: 'traffic-stays-out-of-the-server',
      severity: 'error',
      comment: 'Simulators are for the command line, tests and benchmarks, not for the serving image.',
      from: { path: '^apps/(?:api|consumer)/' },
      to: { path: '^libs/traffic/' },
    },
    {
      name: 'the-mended-kafka-client-alone',
      severity: 'error',
      comment:
        'libs/platform/src/kafka/kafkajs.ts mends faults of kafkajs before it is loaded; others import types of it.',
      from: { path: '^(?:apps|libs)/', pathNot: '^libs/platform/src/kafka/kafkajs\\.ts$' },
      to: { path: 'node_modules/kafkajs/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'no-cycles',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'everything-resolves',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: 'no-development-dependency-in-the-product',
      severity: 'error',
      from: { path: '^(?:apps|libs)/', pathNot: TESTS },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
    },
  ],
  options: {
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^dist/' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
      extensions: ['.ts', '.mts', '.mjs', '.js', '.json'],
    },
  },
};
