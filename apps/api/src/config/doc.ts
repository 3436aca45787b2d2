/** The sections of the configuration's documentation, in their order there. */
export const DOC_SECTIONS = {
  agent: 'The agent engine',
  fallbacks: 'When a provider fails',
  server: 'Server',
  turns: 'Turn-taking',
  replies: 'Replies',
  records: 'Recordings and logs',
  simulator: 'The built-in demo',
  rooms: 'Rooms',
} as const;

export type DocSection = keyof typeof DOC_SECTIONS;

/** What is told of a variable to whoever runs the server. */
export interface VariableDoc {
  section: DocSection;
  /** Plain sentences. */
  text: string;
  /** A value that could be set, or what is taken where it is not set. */
  example?: string;
}

const DOCS = new Map<string, VariableDoc>();

/** Documents a property of `Environment`. `.env.example` and docs/configuration.md are made of these. */
export const Doc =
  (section: DocSection, text: string, example?: string): PropertyDecorator =>
  (_target, property) =>
    void DOCS.set(String(property), { section, text, ...(example !== undefined && { example }) });

/** What is told of each variable, in the order in which they are declared. */
export const documentedVariables = (): ReadonlyMap<string, VariableDoc> => DOCS;
