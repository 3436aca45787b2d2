import { FakeProviders } from '@parley/engine/testing';
import { ProviderError, ProviderHealth } from '@parley/providers';
import { Registry } from 'prom-client';
import { ProviderSwitches } from '../providers/provider-switches';
import { withFallbacks } from '../providers/with-fallbacks';
import { VendorMetrics } from './vendor-metrics';

/** The lines that are not 0. */
const lines = async (registry: Registry): Promise<string[]> =>
  (await registry.metrics()).split('\n').filter((line) => /^[^#]/.test(line) && !line.endsWith(' 0'));

describe('VendorMetrics', () => {
  it('counts each request that fails, and the retries, by the provider, the stage and the reason', async () => {
    const registry = new Registry();
    const providers = new FakeProviders().asProviders();
    const generate = (): never => {
      throw new ProviderError('fake', 'unavailable', 'the vendor is away');
    };
    const port = { info: { name: 'fake', simulated: false }, generate, warm: async () => undefined };
    const failover = { health: new ProviderHealth(), switches: new ProviderSwitches(), vendors: new VendorMetrics(registry) };
    const { llm } = withFallbacks({ ...providers, llm: { port, available: true } }, { stt: [], llm: [], tts: [] }, 15_000, failover);
    const reply = async (): Promise<void> => {
      for await (const event of llm.port.generate({ messages: [] }, new AbortController().signal)) expect(event).toBeUndefined();
    };
    await expect(reply()).rejects.toThrow('the vendor is away');
    expect(await lines(registry)).toEqual([
      'parley_vendor_errors_total{stage="llm",provider="fake",code="unavailable"} 2',
      'parley_vendor_retries_total{stage="llm",provider="fake",code="unavailable"} 1',
    ]);
  });

  it('counts requests to the model and their tokens, reported and estimated apart', async () => {
    const registry = new Registry();
    const metrics = new VendorMetrics(registry);
    const use = { requestedAtMs: 0, firstChunkAtMs: 1, endedAtMs: 2, finishReason: undefined };
    metrics.countModelUse({ ...use, result: 'completed', inputTokens: 40, outputTokens: 12, isEstimated: false });
    metrics.countModelUse({ ...use, result: 'cancelled', inputTokens: 30, outputTokens: 3, isEstimated: true });
    metrics.countSpoken(80);
    expect(await lines(registry)).toEqual([
      'parley_model_requests_total{result="completed"} 1',
      'parley_model_requests_total{result="cancelled"} 1',
      'parley_model_tokens_total{direction="input",source="reported"} 40',
      'parley_model_tokens_total{direction="input",source="estimated"} 30',
      'parley_model_tokens_total{direction="output",source="reported"} 12',
      'parley_model_tokens_total{direction="output",source="estimated"} 3',
      'parley_spoken_characters_total 80',
    ]);
  });
});
