import { type Provider, providersOf } from '@parley/providers';
import { FALLBACK_STAGES, fallbackUsage, fallbackVariable, SIMULATED } from '../fallback-list';
import { markdownTable } from './markdown-table';
import type { ReferenceSection, VariableReference } from './variable-reference';

/** The text of docs/configuration.md: a table of variables for each section, and the entries of fallback lists. */
export const configurationPage = (sections: readonly ReferenceSection[], providers: readonly Provider[]): string =>
  `${[INTRODUCTION, ...sections.map(section), fallbackEntries(providers)].join('\n\n')}\n`;

const INTRODUCTION = `# Configuration

All settings are environment variables, or lines in \`.env\` (start with a copy of \`.env.example\`). Everything is optional: a stage without a key
runs on the built-in demo. The environment wins over \`.env\`, and an empty variable counts as not set. All variables are checked at start, and each
mistake is told by the variable's name, never with its value. Keys are never logged.

This page is made by \`npm run generate:configuration\` from the providers' descriptors and \`apps/api/src/config/environment.ts\`.`;

const section = ({ title, providers, variables }: ReferenceSection): string =>
  [
    `## ${title}`,
    ...(providers.length > 0 ? [providers.map((provider) => `${provider}.`).join(' ')] : []),
    markdownTable(['variable', 'default', 'values', 'meaning'], variables.map(row)),
  ].join('\n\n');

const row = ({ name, default: value, values, doc, example }: VariableReference): string[] => [
  code(name),
  value === '' ? '' : code(value),
  values,
  `${withCode(doc)}${example === undefined ? '' : ` Example: ${code(example)}`}`,
];

function fallbackEntries(providers: readonly Provider[]): string {
  const rows = FALLBACK_STAGES.flatMap((stage) => [
    [code(fallbackVariable(stage)), code(fallbackUsage(SIMULATED)), 'The built-in demo'],
    ...providersOf(stage, providers).map((provider) => [
      code(fallbackVariable(stage)),
      code(fallbackUsage(provider)),
      [provider.label, provider.variant].filter(Boolean).join(' '),
    ]),
  ]);
  return `## Entries of the fallback lists

Entries are separated by commas and asked in their order. \`model\` is another model of the same account. \`address\` is any server with the same
protocol; it is sent the key of its list (such as \`LLM_FALLBACK_API_KEY\`), never the vendor's own. What is in brackets may be left out. What happens
when is in [failures.md](failures.md).

${markdownTable(['list', 'entry', 'who is asked'], rows)}`;
}

const code = (text: string): string => `\`${text}\``;

/** Names of variables and of values, and asterisks, as code, unless they are already. */
const withCode = (text: string): string =>
  text
    .split(/(`[^`]*`)/)
    .map((part) => (part.startsWith('`') ? part : part.replace(/[A-Z]\w*=[\w.]+\w|\w+(?:_\w+)+|\*/g, code)))
    .join('');
