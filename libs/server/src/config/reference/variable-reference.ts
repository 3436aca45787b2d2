import { getMetadataStorage } from 'class-validator';
import { type Provider, type ProviderStage, providersOf, type ProviderVariable, STAGE_LABELS, variablesOf } from '@parley/providers';
import { DOC_SECTIONS, documentedVariables, type DocSection, type VariableDoc } from '../doc';
import { Environment } from '../environment';
import { FALLBACK_STAGES, fallbackUsage, fallbackVariable, SIMULATED } from '../fallback-list';

/** The complete documentation of a variable. */
export interface VariableReference {
  name: string;
  /** Plain sentences. */
  doc: string;
  /** The default as it would be written in `.env`; empty when there is none. */
  default: string;
  /** The accepted values, such as `0 to 65535`; empty when any text is accepted. */
  values: string;
  example: string | undefined;
  /** How the entries of a list of fallbacks are written; empty for other variables. */
  entries: readonly string[];
}

/** Variables that belong together. */
export interface ReferenceSection {
  title: string;
  /** The providers that the variables belong to, each with the website that offers accounts. */
  providers: readonly string[];
  variables: readonly VariableReference[];
}

const STAGES: readonly ProviderStage[] = ['stt', 'llm', 'tts', 'agent'];

/** All variables of the product and of these providers by section. A variable that several providers share appears once. */
export function variableReference(providers: readonly Provider[]): ReferenceSection[] {
  const seen = new Set<string>();
  const ofProviders = (stage: ProviderStage): VariableReference[] =>
    variablesOf(providersOf(stage, providers) as Provider[]).flatMap((variable) => {
      if (seen.has(variable.name)) return [];
      seen.add(variable.name);
      return providerVariable(variable);
    });
  const environment = new Environment();
  const ownVariables = (section: DocSection): VariableReference[] =>
    [...documentedVariables()].flatMap(([name, doc]) => (doc.section === section ? ownVariable(name, doc, environment, providers) : []));

  const stages = STAGES.map((stage) => ({
    title: stage === 'agent' ? DOC_SECTIONS.agent : STAGE_LABELS[stage],
    providers: [...new Set(providersOf(stage, providers).map(({ label, website }) => [label, website].filter(Boolean).join(', ')))],
    variables: [...ofProviders(stage), ...(stage === 'agent' ? ownVariables('agent') : [])],
  }));
  const sections = (Object.keys(DOC_SECTIONS) as DocSection[]).filter((section) => section !== 'agent' && ownVariables(section).length > 0);
  return [...stages, ...sections.map((section) => ({ title: DOC_SECTIONS[section], providers: [], variables: ownVariables(section) }))];
}

const providerVariable = (variable: ProviderVariable): VariableReference => ({
  name: variable.name,
  doc: variable.doc,
  default: variable.default ?? '',
  values: { key: 'a key', address: 'an address', text: '' }[variable.kind],
  example: variable.example,
  entries: [],
});

const ownVariable = (
  name: string,
  { text, example }: VariableDoc,
  environment: Environment,
  providers: readonly Provider[],
): VariableReference => ({
  name,
  doc: text,
  default: String(Reflect.get(environment, name) ?? ''),
  values: acceptedValues(name),
  example,
  entries: entriesOf(name, providers),
});

function entriesOf(variable: string, providers: readonly Provider[]): string[] {
  const stage = FALLBACK_STAGES.find((candidate) => fallbackVariable(candidate) === variable);
  return stage === undefined ? [] : [SIMULATED, ...providersOf(stage, providers)].map(fallbackUsage);
}

/** The accepted values, derived from the checks of the variable so that the documentation cannot differ from them. */
function acceptedValues(property: string): string {
  const checks = getMetadataStorage()
    .getTargetValidationMetadatas(Environment, '', false, false)
    .filter(({ propertyName }) => propertyName === property);
  const check = (name: string) => checks.find((candidate) => candidate.name === name);
  const [min, max, most] = ['min', 'max', 'maxLength'].map((name) => check(name)?.constraints[0] as number | undefined);
  if (min !== undefined && max !== undefined) return `${min} to ${max}${property.endsWith('_MS') ? ' ms' : ''}`;
  if (most !== undefined) return `at most ${most} characters`;
  const choice = check('isIn')?.constraints[0] as readonly string[] | undefined;
  if (choice) return choice.join(', ');
  const [, words = ''] = Object.entries(WORDS).find(([name]) => check(name)) ?? [];
  return words;
}

const WORDS: Readonly<Record<string, string>> = {
  isBoolean: 'true, false',
  isInt: 'a whole number',
  isKey: 'a key',
  isEndpoint: 'an address',
  isFolder: 'a folder',
  isTimeZone: 'a time zone',
};
