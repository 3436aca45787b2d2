import { NO_KEY } from '../registry/no-key';
import { defineProvider } from '../registry/provider-descriptor';
import { HTTP } from '../registry/protocols';
import { isVendorHost } from './chat-request';
import { endingOf } from './model-endings';
import { OpenAiLanguageModel } from './open-ai-language-model';

const BASE_URL = 'https://api.openai.com/v1';

const listed = (models: string): string[] => models.split(',').flatMap((model) => model.trim() || []);

export const OPENAI_PROVIDER = defineProvider({
  name: 'openai',
  stage: 'llm',
  label: 'OpenAI',
  website: 'https://platform.openai.com',
  variables: {
    apiKey: { name: 'OPENAI_API_KEY', kind: 'key', doc: 'Key of OpenAI. With it, or with an address, OpenAI replies.' },
    baseUrl: {
      name: 'OPENAI_BASE_URL',
      kind: 'address',
      protocols: HTTP,
      doc: `A server that speaks OpenAI's protocol (Ollama, vLLM, llama.cpp, LM Studio), in place of ${BASE_URL}. Ends in /v1.`,
      example: 'http://127.0.0.1:11434/v1',
    },
    model: {
      name: 'LLM_MODEL',
      kind: 'text',
      pattern: /[^\s,]/,
      message: 'must name at least one model',
      default: 'gpt-4o,gpt-6-luna',
      doc:
        'Comma list of models; the next one is used when one is retired. The server warns at its start of models whose announced end is ' +
        'near: gpt-4o is served until 2027-01-14.',
    },
  },
  takesModel: true,
  takesAddress: true,
  standsAlone: false,
  without: 'the simulator answers',
  isConfigured: ({ apiKey, baseUrl }) => (apiKey ?? baseUrl) !== undefined,
  make: ({ values, ...options }) =>
    new OpenAiLanguageModel({
      ...options,
      apiKey: values.apiKey ?? NO_KEY,
      baseURL: values.baseUrl ?? BASE_URL,
      models: listed(values.model),
    }),
  vendorModels: ({ apiKey, baseUrl, model }) => {
    const isVendor = baseUrl === undefined ? apiKey !== undefined : isVendorHost(baseUrl);
    return isVendor ? listed(model) : [];
  },
  modelEnding: endingOf,
});
