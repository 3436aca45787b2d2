import { defineProvider, NO_KEY } from '@parley/providers';
import { AcmeLanguageModel } from './acme-language-model';

export const ACME_PROVIDER = defineProvider({
  name: 'acme',
  stage: 'llm',
  label: 'Acme',
  website: 'https://acme.example',
  variables: {
    apiKey: { name: 'ACME_API_KEY', kind: 'key', doc: 'Key of Acme. With it, or with an address, Acme replies.' },
    baseUrl: {
      name: 'ACME_BASE_URL',
      kind: 'address',
      protocols: ['http', 'https'],
      doc: "A server that speaks Acme's protocol, in place of https://api.acme.example.",
    },
    model: {
      name: 'ACME_MODEL',
      kind: 'text',
      pattern: /^[a-z\d-]{1,64}$/,
      message: 'must be the name of a model',
      default: 'acme-small',
      doc: "Acme's model.",
    },
  },
  takesModel: true,
  takesAddress: true,
  standsAlone: true,
  without: 'somebody else answers',
  isConfigured: ({ apiKey, baseUrl }) => (apiKey ?? baseUrl) !== undefined,
  make: ({ values, maxTokens, simulated }) =>
    new AcmeLanguageModel({
      apiKey: values.apiKey ?? NO_KEY,
      baseUrl: values.baseUrl ?? 'https://api.acme.example',
      model: values.model,
      maxTokens,
      simulated,
    }),
});
