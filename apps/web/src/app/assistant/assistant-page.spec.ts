import { type ComponentFixture, TestBed } from '@angular/core/testing';
import { provideEndpoints } from '@parley/angular/server';
import { TEST_ENDPOINTS } from '@parley/angular/testing';
import {
  type BrowserFakes,
  CONVERSATION_STARTED,
  FakeAudioContext,
  installBrowserFakes,
  publicConfig,
  settled,
  startConversation,
} from '@parley/client/testing';
import type { ServerMessage } from '@parley/protocol';
import { AssistantPage } from './assistant-page';

describe('AssistantPage', () => {
  let fakes: BrowserFakes;
  let fixture: ComponentFixture<AssistantPage>;

  const all = (testId: string): HTMLElement[] => [
    ...(fixture.nativeElement as HTMLElement).querySelectorAll<HTMLElement>(`[data-testid="${testId}"]`),
  ];
  const get = (testId: string): HTMLElement => {
    const [element] = all(testId);
    if (!element) throw new Error(`no ${testId} on the page`);
    return element;
  };
  const text = (testId: string): string => (get(testId).textContent ?? '').replace(/\s+/g, ' ').trim();
  const stable = async (): Promise<void> => {
    await settled();
    await fixture.whenStable();
  };
  const click = async (testId: string): Promise<void> => {
    get(testId).click();
    await stable();
  };
  const say = async (...messages: ServerMessage[]): Promise<void> => {
    messages.forEach((message) => fakes.socket().say(message));
    await stable();
  };
  const live = async (): Promise<void> => {
    await click('start');
    startConversation(fakes.socket());
    await stable();
  };
  const isDisabled = (testId: string): boolean => (get(testId) as HTMLButtonElement).disabled;

  beforeEach(async () => {
    fakes = installBrowserFakes();
    TestBed.configureTestingModule({ providers: [provideEndpoints(() => TEST_ENDPOINTS)] });
    fixture = TestBed.createComponent(AssistantPage);
    document.body.append(fixture.nativeElement as HTMLElement);
    await stable();
  });
  afterEach(() => {
    TestBed.resetTestingModule();
    fakes.restore();
  });

  it('is ready to start and shows which services are only a demonstration', () => {
    expect([text('state'), get('state').dataset['state']]).toEqual(['Ready', 'IDLE']);
    expect(all('end')).toEqual([]);
    expect(text('providers')).toContain('Speech recognition: built-in demo');
    expect(text('providers')).toContain('Language model: openai');
    expect(text('providers')).toContain('built-in demo: speech recognition, voice');
  });

  it.each([
    ['USER_SPEAKING', 'Listening'],
    ['AI_PROCESSING', 'Thinking'],
    ['AI_SPEAKING', 'Speaking'],
  ] as const)('shows the state %s in plain words', async (state, words) => {
    await live();
    await say({ type: 'state', state, turn: 1 });
    expect([text('state'), get('state').dataset['state']]).toEqual([words, state]);
  });

  it('shows that it is connecting, and whose turn it is when there is no microphone', async () => {
    await click('start-typing');
    expect(text('state')).toBe('Connecting');
    fakes.socket().accept();
    await say({ type: 'connection_established', message: 'Connected.', protocol: 1 }, CONVERSATION_STARTED);
    expect([text('state'), isDisabled('text-input')]).toEqual(['Connecting', true]);
    await say({ type: 'state', state: 'USER_SPEAKING', turn: 1 });
    expect([text('state'), isDisabled('text-input')]).toEqual(['Your turn', false]);
    expect(all('level')).toEqual([]);
  });

  it('moves the keyboard focus from the Start button to the controls and back', async () => {
    get('start').focus();
    await live();
    expect(document.activeElement?.getAttribute('aria-label')).toBe('Conversation controls');
    await click('end');
    expect(document.activeElement).toBe(get('start'));
  });

  it('shows each line with its speaker and its turn, and marks lines that are unfinished or were interrupted', async () => {
    await live();
    await say({ type: 'transcript', turn: 1, text: 'Where is', is_final: false });
    const items = () =>
      [...get('transcript').children].map((item) => {
        const { role, turn, final, interrupted } = (item as HTMLElement).dataset;
        return [role, turn, final, interrupted, item.querySelector('p')?.textContent];
      });
    expect(items()).toEqual([['user', '1', 'false', 'false', 'Where is']]);
    await say(
      { type: 'transcript', turn: 1, text: 'Where is it?', is_final: true },
      { type: 'text_response', turn: 1, text: 'It is', is_final: false },
    );
    expect(items()).toEqual([
      ['user', '1', 'true', 'false', 'Where is it?'],
      ['assistant', '1', 'false', 'false', 'It is'],
    ]);
    await say({ type: 'interruption', turn: 1, reason: 'speech' });
    expect(items()[1]).toEqual(['assistant', '1', 'true', 'true', 'It is']);
    expect(text('transcript')).toContain('Interrupted');
  });

  it('sends typed text and clears the field, but does not send blank text', async () => {
    await live();
    const field = get('text-input') as HTMLInputElement;
    for (const typed of ['  Hello  ', '   ']) {
      field.value = typed;
      await click('send');
    }
    expect(fakes.socket().ofType('text_message')).toEqual([{ type: 'text_message', text: 'Hello' }]);
    expect(text('transcript')).toContain('Hello');
  });

  it('enables Stop only while there is a reply to stop', async () => {
    await live();
    expect(isDisabled('stop')).toBe(true);
    await say({ type: 'state', state: 'AI_SPEAKING', turn: 1 });
    expect(isDisabled('stop')).toBe(false);
    await click('stop');
    expect(fakes.socket().ofType('interrupt')).toHaveLength(1);
  });

  it('mutes and unmutes the microphone', async () => {
    await live();
    await click('mute');
    expect(text('mute')).toBe('Unmute');
    await click('mute');
    expect(text('mute')).toBe('Mute');
    expect(fakes.context().worklet('parley-capture')?.port.ofType('mute').slice(-2)).toEqual([
      { type: 'mute', muted: true },
      { type: 'mute', muted: false },
    ]);
  });

  it('lists the microphones and shows which one is in use', async () => {
    await live();
    const select = get('mic-select') as HTMLSelectElement;
    expect([...select.options].map((option) => option.text)).toEqual(['Built-in microphone', 'Headset']);
    expect(select.value).toBe('built-in');
    select.value = 'headset';
    select.dispatchEvent(new Event('change'));
    await stable();
    expect(fakes.devices.tracks.at(-1)?.deviceId).toBe('headset');
    expect(select.value).toBe('headset');
  });

  it('shows the previous microphone again when the chosen one cannot be opened', async () => {
    await live();
    fakes.devices.answer = () => new DOMException('', 'NotReadableError');
    const select = get('mic-select') as HTMLSelectElement;
    select.value = 'headset';
    select.dispatchEvent(new Event('change'));
    await stable();
    expect(select.value).toBe('built-in');
  });

  it('shows notices, performs their actions, and lets the visitor dismiss them', async () => {
    fakes.devices.answer = () => new DOMException('', 'NotAllowedError');
    await live();
    expect([get('notice').getAttribute('role'), text('notice')]).toEqual(['alert', expect.stringContaining('not allowed')]);
    fakes.devices.answer = () => undefined;
    await click('microphone');
    expect(all('notice')).toEqual([]);
    await say({ type: 'error', code: 'rate_limited', message: 'Too fast.', fatal: false });
    get('notice').querySelector<HTMLElement>('[aria-label^="Dismiss"]')?.click();
    await stable();
    expect(all('notice')).toEqual([]);
  });

  it('tries to reconnect when the server goes away, and lets the visitor stop the attempts', async () => {
    await live();
    await say({ type: 'transcript', turn: 1, text: 'Hi', is_final: true });
    fakes.socket().drop(1001);
    await stable();
    expect([text('state'), get('state').dataset['state']]).toEqual(['Reconnecting', 'IDLE']);
    expect(text('notice')).toContain('shutting down');
    expect([isDisabled('text-input'), isDisabled('end'), isDisabled('stop')]).toEqual([true, false, true]);
    await click('end');
    expect([text('state'), all('notice'), text('transcript')]).toEqual(['Ready', [], expect.stringContaining('Hi')]);
    expect(document.activeElement).toBe(get('start'));
  });

  it('shows that the sound is paused instead of a state that nobody can hear', async () => {
    await live();
    await say({ type: 'state', state: 'AI_SPEAKING', turn: 1 });
    fakes.context().moveTo('suspended');
    await stable();
    expect([text('state'), isDisabled('stop')]).toEqual(['Sound paused', false]);
    await click('sound');
    expect([text('state'), all('notice')]).toEqual(['Speaking', []]);
  });

  it('offers Reconnect as the only primary action when the connection is refused', async () => {
    await live();
    await say({ type: 'transcript', turn: 1, text: 'Hi', is_final: true });
    fakes.socket().drop(1008);
    await stable();
    expect([text('state'), get('state').dataset['state']]).toEqual(['Disconnected', 'IDLE']);
    expect(text('notice')).toContain('refused');
    const buttons = [...(fixture.nativeElement as HTMLElement).querySelectorAll<HTMLElement>('.button')];
    expect(buttons.filter((button) => button.matches('.primary'))).toEqual([get('reconnect')]);
    expect([all('start'), all('start-typing'), document.activeElement]).toEqual([[], [], get('reconnect')]);
    await click('reconnect');
    startConversation(fakes.socket());
    await stable();
    expect([all('notice'), text('state')]).toEqual([[], 'Listening']);
    expect(text('transcript')).toContain('Hi');
  });

  it('offers to clear the page when there is something on it and no conversation is running', async () => {
    expect(all('clear')).toEqual([]);
    await live();
    fakes.socket().drop(1008);
    await stable();
    expect(all('clear')).toEqual([]);
    await click('reconnect');
    startConversation(fakes.socket());
    await say({ type: 'transcript', turn: 1, text: 'Hi', is_final: true });
    expect(all('clear')).toEqual([]);
    fakes.socket().drop(1008);
    await stable();
    await click('clear');
    expect([text('state'), text('transcript'), all('notice'), all('clear')]).toEqual(['Ready', '', [], []]);
    await live();
    await say({ type: 'transcript', turn: 1, text: 'Hi', is_final: true });
    await click('end');
    await click('clear');
    expect(text('transcript')).toBe('');
  });

  it('lists the timings of the last turns', async () => {
    await live();
    await say({ type: 'turn_metrics', turn: 1, marks: { speech_end: 0, turn_end: 900.4, playback_started: 1_040 }, speculative: true });
    const marks = [...get('metrics').querySelectorAll<HTMLElement>('[data-mark]')].map((mark) => [
      mark.dataset['mark'],
      mark.querySelector('dd')?.textContent,
    ]);
    expect(marks).toEqual([
      ['speech_end', '0 ms'],
      ['turn_end', '900 ms'],
      ['playback_started', '1040 ms'],
    ]);
    expect(text('metrics')).toContain('last answer after 1040 ms');
    expect(text('metrics')).toContain('prepared early');
  });

  it('lists the timings of a turn in chronological order', async () => {
    await live();
    const marks = { speech_end: 0, turn_end: 900, stt_final: 610, llm_request: -120.2, llm_first_token: 300 };
    await say({ type: 'turn_metrics', turn: 1, marks, speculative: true });
    const listed = [...get('metrics').querySelectorAll<HTMLElement>('[data-mark]')].map((mark) => [
      mark.dataset['mark'],
      mark.querySelector('dd')?.textContent,
    ]);
    expect(listed).toEqual([
      ['llm_request', '120 ms before'],
      ['speech_end', '0 ms'],
      ['llm_first_token', '300 ms'],
      ['stt_final', '610 ms'],
      ['turn_end', '900 ms'],
    ]);
  });

  it('shows how many replies were drafted early, and what that cost', async () => {
    await live();
    const drafts = { started: 3, kept: 1, cancelled: 2, wasted_characters: 43, wasted_tokens: 11 };
    await say({ type: 'turn_metrics', turn: 1, marks: { speech_end: 0 }, speculative: true, drafts });
    expect(text('metrics')).toContain('Answers prepared early: 3, used 1, cancelled 2; 43 characters (about 11 tokens) wasted');
  });

  it('shows which words of an interrupted reply were not heard', async () => {
    await live();
    await say(
      { type: 'text_response', turn: 1, text: 'It is sunny, and warm.', is_final: true, full_text: 'It is sunny, and warm.' },
      { type: 'interruption', turn: 1, reason: 'speech' },
      { type: 'turn_metrics', turn: 1, marks: {}, speculative: false, heard_text: 'It is sunny' },
    );
    const line = get('transcript').querySelector('.line-text');
    expect([line?.textContent, line?.querySelector('.line-unheard')?.textContent]).toEqual(['It is sunny, and warm.', ', and warm.']);
    expect(text('transcript')).toContain('were not heard');
  });

  it('counts down to the end of a conversation that is about to exceed its time limit', async () => {
    await live();
    await say({ type: 'conversation_ending', in_ms: 30_000 });
    expect(text('notice')).toMatch(/It ends in 0:30/);
    await say({ type: 'conversation_ended', reason: 'server_shutdown' });
    expect([text('state'), all('start').length, text('notice')]).toEqual(['Ready', 1, expect.stringContaining('has ended')]);
  });

  describe('when the server offers two engines', () => {
    beforeEach(async () => {
      TestBed.resetTestingModule();
      TestBed.configureTestingModule({ providers: [provideEndpoints(() => TEST_ENDPOINTS)] });
      fakes.config = { ...publicConfig(), engines: ['pipeline', 'agent'] };
      fixture = TestBed.createComponent(AssistantPage);
      await stable();
    });
    afterEach(() => sessionStorage.clear());
    const radios = (): HTMLInputElement[] => [...get('engine').querySelectorAll('input')];
    const choose = async (engine: string): Promise<void> => {
      radios()
        .find((radio) => radio.value === engine)
        ?.click();
      await stable();
    };

    it('lets the visitor choose one until the conversation starts', async () => {
      expect(radios().map(({ value, checked }) => [value, checked])).toEqual([
        ['pipeline', true],
        ['agent', false],
      ]);
      expect(text('engine')).toContain('ElevenLabs agent');
      await choose('agent');
      await live();
      expect(fakes.socket().messages[0]).toMatchObject({ type: 'start_conversation', engine: 'agent' });
      expect([get('engine').matches(':disabled'), radios()[1]?.checked]).toEqual([true, true]);
      await click('end');
      expect(get('engine').matches(':disabled')).toBe(false);
    });

    it('shows which provider answers, and names the timings that this engine cannot measure', async () => {
      await choose('agent');
      await click('start');
      fakes.socket().accept();
      await say(
        { ...CONVERSATION_STARTED, engine: 'agent', providers: { agent: { name: 'elevenlabs-agents', simulated: false } } },
        { type: 'turn_metrics', turn: 1, marks: { speech_end: 0, audio_sent: 700 }, speculative: false },
      );
      expect(text('providers')).toContain('Voice agent: elevenlabs-agents');
      expect(text('providers')).not.toContain('Language model');
      const marks = [...get('metrics').querySelectorAll<HTMLElement>('[data-mark]')].map((mark) => mark.dataset['mark']);
      expect(marks).toEqual(['speech_end', 'audio_sent']);
      // This is a typed turn, so there was no speech to recognise. Steps that have not happened yet are not listed as unknown.
      expect(get('metrics').querySelector('[data-metric="unknown"]')?.textContent).toBe(
        'Not known in this engine: Turn ended, Question sent, First word, Voice asked',
      );
      expect(text('metrics')).not.toContain('Counted from');
    });

    it('explains where the timings of a turn start when the end of the speech is unknown', async () => {
      await choose('agent');
      await click('start');
      fakes.socket().accept();
      const marks = { stt_final: 0, tts_first_audio: 610, audio_sent: 612, playback_started: 790 };
      await say({ ...CONVERSATION_STARTED, engine: 'agent' }, { type: 'turn_metrics', turn: 2, marks, speculative: false });
      const row = get('metrics').querySelector('[data-turn="2"]');
      expect(row?.textContent).toContain('Counted from when your words were recognised');
      const listed = [...(row?.querySelectorAll<HTMLElement>('[data-mark]') ?? [])].map((mark) => [
        mark.dataset['mark'],
        mark.querySelector('dd')?.textContent,
      ]);
      expect(listed).toEqual([
        ['stt_final', '0 ms'],
        ['tts_first_audio', '610 ms'],
        ['audio_sent', '612 ms'],
        ['playback_started', '790 ms'],
      ]);
      expect(row?.querySelector('[data-metric="unknown"]')?.textContent).toBe(
        'Not known in this engine: You stopped, Turn ended, Question sent, First word, Voice asked',
      );
      expect(text('metrics')).toContain('last answer 790 ms after your words were recognised');
      expect(text('metrics')).not.toContain('last answer after');
    });
  });

  it('offers no choice of engine when there is only one', () => {
    expect(all('engine')).toEqual([]);
  });

  it('releases all resources when End is pressed', async () => {
    await live();
    await click('end');
    expect(text('state')).toBe('Ready');
    expect(fakes.devices.tracks.map((track) => track.stopped)).toEqual([true]);
    expect(FakeAudioContext.made.map((context) => context.state)).toEqual(['closed']);
    expect(fakes.socket().readyState).toBe(3);
  });
});
