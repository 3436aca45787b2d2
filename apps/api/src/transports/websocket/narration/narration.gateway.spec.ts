import { rm } from 'node:fs/promises';
import { FakeNarrator, FakeProviders } from '@parley/engine/testing';
import type { NarrationServerMessage } from '@parley/protocol';
import type { NarrationProvider } from '@parley/providers';
import { eventually, FakeNarration } from '@parley/testing';
import { poll } from '@parley/testing/client';
import { RecordingLogger, testSettings } from '@parley/server/testing';
import { TestServer } from '../../../testing/test-server';

const TEXT = 'The quick brown fox jumps over the lazy dog and then it rests. It does so every day. ';

type Metrics = Extract<NarrationServerMessage, { type: 'narration_metrics' }>;

describe('the endpoint of live narrations', () => {
  const settings = testSettings();
  let logger: RecordingLogger;
  let server: TestServer;
  let narrator: FakeNarrator;

  beforeEach(async () => {
    logger = RecordingLogger.install();
    narrator = new FakeNarrator();
    const narrate: NarrationProvider['narrate'] = (...args) => narrator.narrate(...args);
    const narration = Object.assign(new FakeNarration(), { narrate });
    server = await TestServer.start(new FakeProviders().asProviders(), logger, settings, { narration });
  });
  afterEach(async () => {
    await server.close();
    logger.restore();
    await rm(settings.episodes.dataDir, { recursive: true, force: true });
  });

  async function narrate(): Promise<Metrics | undefined> {
    const client = await server.connect({}, '/ws/narration');
    for (const message of [{ type: 'start_narration' }, { type: 'text', text: TEXT }, { type: 'end_text' }]) {
      client.socket.send(JSON.stringify(message));
    }
    await eventually(() => client.closeCode === 1000, 'the end of the narration');
    const messages = client.messages as unknown as NarrationServerMessage[];
    return messages.findLast((message): message is Metrics => message.type === 'narration_metrics');
  }

  const metricsText = async (): Promise<string> => (await fetch(`${server.origin}/metrics`)).text();

  it('takes what another client has heard before from the audio cache, and shows that in the metrics', async () => {
    expect(await narrate()).toMatchObject({ cache_hits: 0, billed_chars: TEXT.length });
    await poll('an entry', metricsText, (text) => text.includes('parley_audio_cache_entries 1'), 30_000);
    expect(await narrate()).toMatchObject({ cache_hits: 1, chunks_sent: 0, billed_chars: 0 });
    const text = await metricsText();
    expect(text).toContain('parley_narration_cache_hits_total 1');
    expect(text).toContain('parley_audio_cache_hits_total 1');
    expect(narrator.calls.map(({ pieces }) => pieces.join(''))).toEqual([TEXT, '']);
  });
});
