/** The import rules of the house: policy ← sweep ← {intercom, seal ← audit} ← {handlers, cli}; everything else stands apart. */

const rooms = {
  policy: '^functions/policy/',
  sweep: '^functions/sweep/',
  intercom: '^functions/intercom/',
  audit: '^functions/audit/',
  seal: '^functions/seal/',
  runtime: '^functions/runtime/',
};
const project = '^(functions|cli|simulator|infra|test|bench)/';

/** A room may import itself and the rooms named. */
const onlyImports = (name, from, allowed, comment) => ({
  name,
  comment,
  severity: 'error',
  from: { path: from },
  to: { path: project, pathNot: [from, ...allowed] },
});

export default {
  forbidden: [
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true } },
    { name: 'no-unresolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
    onlyImports(
      'policy-is-the-ground-floor',
      rooms.policy,
      [],
      'The policy is pure: it knows no other room.',
    ),
    onlyImports(
      'sweep-knows-policy',
      rooms.sweep,
      [rooms.policy],
      'The pipeline meets the outside only through its ports.',
    ),
    onlyImports(
      'intercom-is-an-adapter',
      rooms.intercom,
      [rooms.policy, rooms.sweep],
      'An adapter fulfils ports.',
    ),
    onlyImports(
      'seal-knows-policy-and-sweep',
      rooms.seal,
      [rooms.policy, rooms.sweep],
      'What proves the audit meets the outside only through its ports.',
    ),
    onlyImports(
      'audit-is-an-adapter',
      rooms.audit,
      [rooms.policy, rooms.sweep, rooms.seal],
      'An adapter fulfils ports.',
    ),
    onlyImports('runtime-is-glue', rooms.runtime, [], 'Platform glue has no business words.'),
    onlyImports(
      'functions-know-no-laptop',
      '^functions/',
      [],
      'Nothing in functions/ knows the command line or the simulator.',
    ),
    onlyImports(
      'simulator-shares-no-code',
      '^simulator/',
      [],
      'A look-alike that shares code with what it checks, checks nothing.',
    ),
    onlyImports(
      'infra-imports',
      '^infra/',
      [
        rooms.policy,
        '^functions/runtime/(env-names|metric-name|output-names)[.]ts$',
        '^functions/audit/table-definitions[.]ts$',
        '^functions/intercom/api-version[.]ts$',
      ],
      'The stack knows names, keys, versions and the policy, and none of the code that it deploys.',
    ),
    onlyImports(
      'cli-imports',
      '^cli/',
      ['^functions/', '^simulator/'],
      'The command line composes the rest.',
    ),
    {
      name: 'axios-has-one-room',
      severity: 'error',
      from: { path: '^(functions|cli)/', pathNot: rooms.intercom },
      to: { path: '^node_modules/axios/' },
    },
    {
      name: 'dynamodb-has-one-room',
      severity: 'error',
      from: { path: '^(functions|cli)/', pathNot: rooms.audit },
      to: { path: '^node_modules/@aws-sdk/(client-dynamodb|lib-dynamodb)/' },
    },
    {
      name: 'policy-sweep-and-seal-do-no-input-output',
      severity: 'error',
      from: { path: '^functions/(policy|sweep|seal)/' },
      to: {
        path: '^(node:)?(fs|http|https|net|child_process|process|timers|os)(/|$)',
        dependencyTypes: ['core'],
      },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default'] },
  },
};
