import base, { NOT_THE_PRODUCT, TEST_DOUBLES } from '../../eslint.config.mjs';

/** What each folder may not know: every folder that builds on it (docs/decisions/0001). */
const UNKNOWN_TO = {
  config: ['telemetry', 'providers', 'engines', 'transports', 'operations'],
  telemetry: ['providers', 'engines', 'transports', 'operations'],
  providers: ['engines', 'transports', 'operations'],
  engines: ['transports', 'operations'],
  transports: ['operations'],
  operations: [],
};

export default [
  ...base,
  ...Object.entries(UNKNOWN_TO).map(([folder, unknown]) => ({
    files: [`src/${folder}/**/*.ts`],
    ignores: NOT_THE_PRODUCT,
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            TEST_DOUBLES,
            {
              regex: `^\\.{1,2}/(.*/)?(${[...unknown, 'app\\.module', 'main'].join('|')})(/|$)`,
              message: `${folder}/ is below what this import leads to (docs/decisions/0001).`,
            },
          ],
        },
      ],
    },
  })),
];
