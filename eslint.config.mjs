import tseslint from 'typescript-eslint';

/** The import law: who may know whom. A folder may import itself and what is named here. */
const forbid = (files, patterns, message) => ({
  files,
  rules: { 'no-restricted-imports': ['error', { patterns: [{ regex: patterns, message }] }] },
});
const sdks = '^@azure/(?!functions$)|^@opentelemetry/|^node:(https?|net|tls|http2)$';
const outside = '(^|/)(dev|test|bench|functions)/';
const clockRule = [
  {
    selector: "NewExpression[callee.name='Date'][arguments.length=0]",
    message: 'Take the time from a Clock.',
  },
  {
    selector: "CallExpression[callee.object.name='Date'][callee.property.name='now']",
    message: 'Take the time from a Clock.',
  },
  {
    selector: "MemberExpression[object.name='process'][property.name='env']",
    message: 'Only src/config.ts reads the environment.',
  },
];

export default tseslint.config(
  { ignores: ['dist/**', 'node_modules/**', 'test/data/**', 'coverage/**'] },
  ...tseslint.configs.strictTypeChecked.map((config) => ({ ...config, files: ['**/*.ts'] })),
  {
    files: ['**/*.ts'],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/only-throw-error': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowNullish: true },
      ],
      // A port's method may have nothing to await in one adapter and much in another.
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/no-confusing-void-expression': [
        'error',
        { ignoreArrowShorthand: true, ignoreVoidReturningFunctions: true },
      ],
      // `delete` is the field's word for an effect, and an index may be missing whatever the type says.
      '@typescript-eslint/no-unnecessary-condition': 'off',
      'no-restricted-syntax': 'off',
      eqeqeq: 'error',
    },
  },
  {
    files: ['src/**/*.ts', 'functions/**/*.ts'],
    rules: {
      'no-restricted-syntax': ['error', ...clockRule],
      'no-console': 'off',
      'max-lines': ['error', 250],
    },
  },
  {
    files: ['src/config.ts', 'src/config-schedule.ts', 'src/clock.ts', 'src/cli/main.ts'],
    rules: { 'no-restricted-syntax': 'off' },
  },
  forbid(
    ['functions/**/*.ts'],
    '^(?!@azure/functions$|\\./|\\.\\./src/(app|invocation)$)',
    'functions → src/app only.',
  ),
  forbid(
    ['src/*.ts'],
    `${sdks}|${outside}`,
    'Only src/azure knows SDKs; nothing here imports dev, test or bench.',
  ),
  forbid(
    ['src/connections/**/*.ts'],
    `${sdks}|${outside}|\\.\\./(?!errors$|clock$)`,
    'connections know nobody.',
  ),
  forbid(
    ['src/policy/**/*.ts'],
    `${sdks}|${outside}|\\.\\./(?!errors$|clock$|logger$|text-bytes$|connections/)`,
    'policy → connections.',
  ),
  forbid(
    ['src/audit/**/*.ts'],
    `${sdks}|${outside}|\\.\\./(?!errors$|clock$|logger$|connections/|policy/decision$)`,
    'audit → connections and the words of a decision.',
  ),
  forbid(
    ['src/operations/**/*.ts'],
    `${sdks}|${outside}|\\.\\./(?!errors$|clock$|logger$|connections/|policy/|audit/)`,
    'operations → policy, audit → connections.',
  ),
  forbid(
    ['src/outcomes/**/*.ts'],
    `${sdks}|${outside}|\\.\\./(?!errors$|clock$|logger$|audit/|operations/retry$)`,
    'outcomes → audit, and the back-off of operations.',
  ),
  forbid(
    ['src/review/**/*.ts', 'src/events/**/*.ts'],
    `${sdks}|${outside}|\\.\\./(azure|cli|app)`,
    'Only src/azure knows SDKs.',
  ),
  forbid(['src/azure/**/*.ts', 'src/cli/**/*.ts'], outside, 'Nothing in src imports dev, test or bench.'),
  {
    ...forbid(
      ['src/cli/**/*.ts'],
      `${sdks}|${outside}|\\.\\./azure/`,
      'The tools reach Azure through live-*.ts only.',
    ),
    ignores: ['src/cli/live-*.ts'],
  },
  {
    files: ['test/**/*.ts', 'dev/**/*.ts', 'bench/**/*.ts'],
    rules: {
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/unbound-method': 'off',
    },
  },
);
