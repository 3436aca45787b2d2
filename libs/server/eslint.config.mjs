import base, { NOT_THE_PRODUCT, TEST_DOUBLES } from '../../eslint.config.mjs';

/** What each folder may not know: every folder that builds on it (docs/decisions/0001). */
const UNKNOWN_TO = {
  redis: ['config', 'telemetry', 'budgets', 'audio-cache', 'providers', 'engines'],
  config: ['redis', 'telemetry', 'budgets', 'audio-cache', 'providers', 'engines'],
  telemetry: ['budgets', 'audio-cache', 'providers', 'engines'],
  budgets: ['audio-cache', 'providers', 'engines'],
  'audio-cache': ['telemetry', 'budgets', 'providers', 'engines'],
  providers: ['engines'],
  engines: [],
};

/** Matches every use of the type of all settings, except in `Pick<Settings, ...>` and `Settings['...']`. */
const ALL_SETTINGS =
  "TSTypeReference[typeName.name='Settings']" +
  ":not(TSTypeReference[typeName.name='Pick'] > TSTypeParameterInstantiation > TSTypeReference, TSIndexedAccessType > TSTypeReference)";

export default [
  ...base,
  {
    // Only the folder that reads the settings knows all of them.
    files: ['src/**/*.ts'],
    ignores: [...NOT_THE_PRODUCT, 'src/config/**'],
    rules: {
      'no-restricted-syntax': [
        'error',
        { selector: ALL_SETTINGS, message: 'Take only the settings that are needed here, with Pick<Settings, ...>.' },
      ],
    },
  },
  ...Object.entries(UNKNOWN_TO).map(([folder, unknown]) => ({
    files: [`src/${folder}/**/*.ts`],
    ignores: NOT_THE_PRODUCT,
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            TEST_DOUBLES,
            ...(unknown.length === 0
              ? []
              : [
                  {
                    regex: `^\\.{1,2}/(.*/)?(${unknown.join('|')})(/|$)`,
                    message: `${folder}/ is below what this import leads to (docs/decisions/0001).`,
                  },
                ]),
          ],
        },
      ],
    },
  })),
];
