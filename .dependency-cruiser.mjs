/**
 * Who may import whom. Read from the ground up: every arrow points down, and a folder's rule says what it may touch.
 * `test/architecture` plants one forbidden import per rule and sees it found.
 */
const CORE = '^src/core/';
const TEMPORAL = '^(node_modules/)?@temporalio/';

/** A rule that lets `from` import only `allowed` of our own code. */
const only = (name, from, allowed, why) => ({
  name,
  comment: why,
  severity: 'error',
  from: { path: from },
  to: { path: '^src/', pathNot: [from, ...allowed] },
});

export default {
  forbidden: [
    { name: 'no-circles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'core-is-pure',
      comment: 'core decides; it touches no machine, no clock, no service',
      severity: 'error',
      from: { path: CORE },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'core-knows-no-temporal',
      severity: 'error',
      from: {
        path: [CORE, '^src/engine/', '^src/ports/', '^src/adapters/', '^src/contracts/', '^src/threads/'],
      },
      to: { path: TEMPORAL },
    },
    only('core-stands-alone', CORE, [], 'core imports core'),
    only('graph-is-ground', '^src/core/graph/', [], 'the ground floor of core'),
    only('outcome-is-ground', '^src/core/outcome/', [], 'the ground floor of core'),
    only('files-is-ground', '^src/core/files/', [], 'the ground floor of core'),
    only('budget-on-ground', '^src/core/budget/', ['^src/core/outcome/'], 'what may be spent knows no plan'),
    only('govern-is-ground', '^src/core/govern/', [], 'it runs in the sandbox, and knows no plan'),
    only(
      'schedule-on-ground',
      '^src/core/schedule/',
      ['^src/core/(graph|outcome)/'],
      'it runs in the sandbox',
    ),
    only(
      'plan-on-ground',
      '^src/core/plan/',
      ['^src/core/(graph|outcome|files|budget)/'],
      'a plan knows no schedule',
    ),
    only(
      'integrate-below-nothing',
      '^src/core/integrate/',
      ['^src/core/(graph|outcome|files|budget|plan|schedule)/'],
      'the third floor of core',
    ),
    only(
      'explain-below-nothing',
      '^src/core/explain/',
      ['^src/core/(graph|outcome|budget|plan|schedule)/'],
      'the third floor of core',
    ),
    only('ports-speak-domain', '^src/ports/', [CORE], 'what effects need, in words of the domain'),
    only('contracts-are-types', '^src/contracts/', [CORE], 'what crosses the Temporal boundary'),
    only(
      'config-stands-alone',
      '^src/config\\.ts$',
      [CORE, '^src/ports/'],
      'the only reader of the environment',
    ),
    only(
      'engine-without-temporal',
      '^src/engine/',
      [CORE, '^src/ports/', '^src/contracts/'],
      'promises about crashes',
    ),
    only(
      'workflows-in-the-sandbox',
      '^src/workflows/',
      ['^src/contracts/', '^src/core/(schedule|graph|outcome|govern)/'],
      'deterministic shell',
    ),
    {
      name: 'workflows-only-workflow-sdk',
      severity: 'error',
      from: { path: '^src/workflows/' },
      to: { path: '^node_modules/', pathNot: '^node_modules/@temporalio/(workflow|common)/' },
    },
    only(
      'adapters-serve-ports',
      '^src/adapters/',
      ['^src/ports/', CORE, '^src/threads/pool\\.ts$'],
      'one factory per file',
    ),
    only(
      'threads-compose',
      '^src/threads/',
      ['^src/engine/', '^src/adapters/', '^src/ports/', '^src/contracts/', CORE],
      'each entry is a small composition root',
    ),
    only(
      'activities-at-the-edge',
      '^src/activities/',
      ['^src/engine/', '^src/ports/', '^src/contracts/', CORE],
      'effects at the Temporal edge',
    ),
    only(
      'temporal-from-outside',
      '^src/temporal/',
      ['^src/contracts/', '^src/(config|version)\\.ts$', '^src/ports/', CORE],
      'talks to the service',
    ),
    {
      name: 'faces-know-no-insides',
      comment:
        'faces know client, worker, temporal, config and core; never workflows, activities or the engine',
      severity: 'error',
      from: { path: '^src/cli/' },
      to: { path: '^src/(workflows|activities|engine|threads|ports)/' },
    },
    {
      name: 'nothing-knows-the-faces',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/cli/' },
      to: { path: '^src/cli/' },
    },
    {
      name: 'no-dev-dependencies',
      severity: 'error',
      from: { path: '^src/' },
      to: { dependencyTypes: ['npm-dev'] },
    },
    { name: 'nothing-unresolved', severity: 'error', from: {}, to: { couldNotResolve: true } },
  ],
  options: {
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: {
      extensions: ['.ts', '.js', '.mjs'],
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default'],
    },
  },
};
