import { TestBed } from '@angular/core/testing';
import { RETRY_DELAYS_MS } from '@parley/client';
import { settled, startNarration } from '@parley/client/testing';
import { provideEndpoints } from '../endpoints';
import { FakeStudioServer } from '../testing/studio-server';
import { TEST_ENDPOINTS } from '../testing/test-endpoints';
import { LiveTyping, TYPING_PAUSE_MS } from './live-typing';
import { provideStudio } from './provide-studio';
import { StudioNotices } from './studio-notices';

const SCRIPT = 'HOST: Hi.\nGUEST: Hello.\n';
const check = () => ({ problems: [], speakers: ['HOST', 'GUEST'], chapters: [], segments: 2, characters: 9, durationMs: 1 });

describe('LiveTyping', () => {
  let server: FakeStudioServer;
  let live: LiveTyping;
  /** What the page sent, after the start. */
  const sent = (): unknown[] => server.fakes.socket().messages.slice(1);
  const begin = (): void => startNarration(server.fakes.socket());

  beforeEach(async () => {
    jest.useFakeTimers();
    server = new FakeStudioServer();
    TestBed.configureTestingModule({
      providers: [
        provideEndpoints(() => TEST_ENDPOINTS),
        provideStudio(() => ({ socketUrl: 'ws://localhost/ws/narration', apiUrl: '/api', sampleScript: SCRIPT, check })),
      ],
    });
    live = TestBed.inject(LiveTyping);
    await settled();
  });
  afterEach(() => {
    TestBed.resetTestingModule();
    jest.advanceTimersByTime(1_000);
    expect(jest.getTimerCount()).toBe(0);
    jest.useRealTimers();
    server.restore();
  });

  it('speaks what is typed behind the script, in the voice of the last speaker', () => {
    live.toggleTyping();
    begin();
    expect(server.fakes.socket().messages[0]).toEqual({
      type: 'start_narration',
      latency: 'balanced',
      voice_id: 'bo',
      model: 'm-live',
    });
    live.written(`${SCRIPT}How `);
    live.written(`${SCRIPT}How are you? `);
    expect(sent()).toEqual([{ type: 'text', text: 'How ' }, { type: 'text', text: 'are you? ' }, { type: 'flush' }]);
  });

  it('speaks an unfinished sentence when the writer pauses', () => {
    live.toggleTyping();
    begin();
    live.written(`${SCRIPT}Well, I `);
    live.written(`${SCRIPT}Well, I thi`);
    jest.advanceTimersByTime(TYPING_PAUSE_MS);
    expect(sent()).toEqual([{ type: 'text', text: 'Well, I ' }, { type: 'text', text: 'thi' }, { type: 'flush' }]);
  });

  it('changes the voice with the speaker', () => {
    live.toggleTyping();
    begin();
    live.written(`${SCRIPT}HOST: Yes. `);
    expect(sent()).toEqual([{ type: 'set_voice', voice_id: 'anna' }, { type: 'text', text: 'Yes. ' }, { type: 'flush' }]);
  });

  it('reads the whole script, and is over when it was heard', () => {
    live.toggleReading();
    begin();
    expect(sent()).toEqual([
      { type: 'set_voice', voice_id: 'anna' },
      { type: 'text', text: 'Hi.\n' },
      { type: 'flush' },
      { type: 'set_voice', voice_id: 'bo' },
      { type: 'text', text: 'Hello.\n' },
      { type: 'flush' },
      { type: 'end_text' },
    ]);
    server.fakes.socket().say({ type: 'narration_completed', narration_id: 'n-1', reason: 'completed' });
    expect(live.mode()).toBe('off');
  });

  it('shows the text that has become speech, and the figures', () => {
    live.toggleTyping();
    begin();
    server.fakes.socket().say({ type: 'alignment', segment: 1, chars: ['H', 'i'], start_ms: [0, 50], duration_ms: [50, 50] });
    const metrics = {
      type: 'narration_metrics' as const,
      chars: 2,
      audio_ms: 100,
      chunks_sent: 1,
      chunks_received: 1,
      efficiency: 1,
      reconnects: 0,
      cache_hits: 0,
      fallbacks: 0,
      billed_chars: 2,
    };
    server.fakes.socket().say(metrics);
    expect([live.spokenText(), live.metrics(), live.heardWord()]).toEqual(['Hi', metrics, { from: 0, to: 0 }]);
  });

  it('pauses, goes on, and stops', () => {
    live.toggleTyping();
    begin();
    const socket = server.fakes.socket();
    live.togglePause();
    live.togglePause();
    live.toggleTyping();
    expect(sent().map((message) => (message as { type: string }).type)).toEqual(['pause', 'resume', 'cancel']);
    expect([live.mode(), socket.closedWith]).toEqual(['off', 1000]);
  });

  it('says what went wrong', () => {
    live.toggleTyping();
    server.fakes.socket().accept();
    server.fakes.socket().say({ type: 'connection_established', message: '', protocol: 1 });
    server.fakes.socket().say({ type: 'error', code: 'unknown_voice', message: 'There is no such voice.', fatal: true });
    const texts = (): string[] =>
      TestBed.inject(StudioNotices)
        .notices()
        .map(({ text }) => text);
    expect([texts(), live.mode()]).toEqual([['There is no such voice.'], 'off']);
    live.toggleTyping();
    begin();
    server.fakes.socket().drop(1006);
    expect([texts(), live.mode()]).toEqual([['The connection is lost. It goes on as soon as there is one.'], 'typing']);
    jest.advanceTimersByTime(RETRY_DELAYS_MS[0] ?? 0);
    begin();
    expect(texts()).toEqual([]);
  });
});
