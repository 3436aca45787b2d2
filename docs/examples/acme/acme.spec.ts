import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Provider, PROVIDERS, providersOf, SILENT_LOGGER, valuesOf } from '@parley/providers';
import { collect, describeLanguageModelContract } from '@parley/testing/contracts';
import { AcmeLanguageModel } from './acme-language-model';
import { ACME_PROVIDER } from './provider';
import { AcmeServer } from './testing/acme-server';

/** The example that docs/adding-a-provider.md shows does what every language model does. */
describeLanguageModelContract('the example of a provider', {
  makeHarness: async (failure) => {
    const server = new AcmeServer(failure);
    const baseUrl = await server.listen();
    const model = new AcmeLanguageModel({
      apiKey: 'key',
      baseUrl,
      model: 'acme-small',
      maxTokens: 100,
      simulated: true,
      stallTimeoutMs: failure === 'stall' ? 400 : 2_000,
    });
    return {
      model,
      say: (text) => void (server.reply = text),
      call: (...calls) => void (server.calls = calls),
      get openWork() {
        return server.openWork;
      },
      get wordsSaid() {
        return server.wordsSaid;
      },
      close: () => server.close(),
    };
  },
});

describe('the example of a provider', () => {
  /** With the line that the page shows. */
  const registry: readonly Provider[] = [...PROVIDERS, ACME_PROVIDER];
  const [, acme] = providersOf('llm', registry);

  it('is what docs/adding-a-provider.md shows', () => {
    const page = readFileSync(join(__dirname, '../../adding-a-provider.md'), 'utf8');
    expect(page).toContain(`\`\`\`ts\n${readFileSync(join(__dirname, 'provider.ts'), 'utf8')}\`\`\``);
  });

  it('is found in the registry, behind the providers before it', () => {
    expect(acme).toMatchObject({ name: 'acme', label: 'Acme' });
  });

  it.each([
    [{}, false],
    [{ ACME_MODEL: 'acme-large' }, false],
    [{ ACME_API_KEY: 'key' }, true],
    [{ ACME_BASE_URL: 'http://127.0.0.1:1' }, true],
  ])('with %j it is configured: %s', (environment, expected) => {
    expect(acme.isConfigured(valuesOf(acme.variables, environment))).toBe(expected);
  });

  it('asks with the key, the model and the bound that it was configured with', async () => {
    const server = new AcmeServer();
    const environment = { ACME_API_KEY: 'key', ACME_BASE_URL: await server.listen(), ACME_MODEL: 'acme-large' };
    const model = acme.make({ values: valuesOf(acme.variables, environment), maxTokens: 300, simulated: false, logger: SILENT_LOGGER });
    const messages = [{ role: 'user', content: 'What time is it?' }] as const;
    const events = await collect(model.generate({ messages }, new AbortController().signal));
    expect(events.at(-1)).toEqual({ type: 'end', finishReason: 'stop' });
    expect(server.requests).toEqual([{ key: 'Bearer key', body: { model: 'acme-large', messages, max_tokens: 300 } }]);
    await server.close();
  });
});
