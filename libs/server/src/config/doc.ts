/** The sections of the configuration's documentation, in their order there. */
export const DOC_SECTIONS = {
  agent: 'The agent engine',
  fallbacks: 'When a provider fails',
  server: 'Server',
  access: 'Access',
  limits: 'Limits',
  budgets: 'Budgets',
  telemetry: 'Metrics and traces',
  turns: 'Turn-taking',
  replies: 'Replies',
  records: 'Recordings and logs',
  episodes: 'Episodes',
  simulator: 'The built-in demo',
  rooms: 'Rooms',
} as const;

export type DocSection = keyof typeof DOC_SECTIONS;

/** The documentation of a variable, for whoever runs the server. */
export interface VariableDoc {
  section: DocSection;
  /** Plain sentences. */
  text: string;
  /** A value that could be set. */
  example?: string;
}

const DOCS = new Map<string, VariableDoc>();

/** Documents a property of `Environment`. `.env.example` and docs/configuration.md are generated from these texts. */
export const Doc =
  (section: DocSection, text: string, example?: string): PropertyDecorator =>
  (_target, property) =>
    void DOCS.set(String(property), { section, text, ...(example !== undefined && { example }) });

/** The documentation of each variable, in the order of their declaration. */
export const documentedVariables = (): ReadonlyMap<string, VariableDoc> => DOCS;
