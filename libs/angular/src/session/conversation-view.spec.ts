import { signal } from '@angular/core';
import { CONVERSATION_STARTED, publicConfig } from '@parley/client/testing';
import type { EndReason, EngineName, PublicConfig, ServerMessage } from '@parley/protocol';
import { ConversationView } from './conversation-view';

describe('ConversationView', () => {
  let view: ConversationView;
  const config = signal<PublicConfig | undefined>(undefined);
  const engine = signal<EngineName>('pipeline');
  const apply = (...messages: ServerMessage[]): void => messages.forEach((message) => view.apply(message));
  const texts = (): string[] => view.transcript.entries().map((entry) => entry.text);
  const kinds = (): string[] => view.notices().map((notice) => notice.kind);

  beforeEach(() => {
    config.set(undefined);
    engine.set('pipeline');
    view = new ConversationView(config, engine);
  });

  it('connection_established: shows nothing unless the server uses another protocol version', () => {
    apply({ type: 'connection_established', message: '', protocol: 1 });
    expect(kinds()).toEqual([]);
    apply({ type: 'connection_established', message: '', protocol: 2 });
    expect(kinds()).toEqual(['version']);
  });

  it('conversation_started: shows the providers and removes the notices about the connection', () => {
    config.set(publicConfig());
    view.notify({ kind: 'connection', tone: 'warning', text: 'lost' });
    apply({ ...CONVERSATION_STARTED, providers: { llm: { name: 'gpt', simulated: true } } });
    expect(view.providers().map((row) => [row.stage, row.name, row.simulated])).toEqual([['Language model', 'gpt', true]]);
    expect(kinds()).toEqual([]);
  });

  it.each(['IDLE', 'USER_SPEAKING', 'AI_PROCESSING', 'AI_SPEAKING'] as const)('state: shows %s and its turn', (state) => {
    apply({ type: 'state', state, turn: 5 });
    expect([view.state(), view.turn()]).toEqual([state, 5]);
  });

  it('state: AI_PROCESSING assigns the waiting typed text to its turn', () => {
    view.transcript.typed('Hello');
    apply({ type: 'state', state: 'AI_PROCESSING', turn: 5 });
    expect(view.transcript.entries()).toEqual([expect.objectContaining({ text: 'Hello', turn: 5 })]);
  });

  it('transcript and text_response: appear in the transcript', () => {
    apply(
      { type: 'transcript', turn: 1, text: 'Where?', is_final: true },
      { type: 'text_response', turn: 1, text: 'He', is_final: false },
      { type: 'text_response', turn: 1, text: 're.', is_final: false },
    );
    expect(texts()).toEqual(['Where?', 'Here.']);
    apply({ type: 'text_response', turn: 1, text: '', is_final: true, full_text: 'Here it is.' });
    expect(texts()).toEqual(['Where?', 'Here it is.']);
  });

  it('text_response: corrects a reply that was interrupted', () => {
    apply(
      { type: 'text_response', turn: 1, text: 'It is sunny.', is_final: true, full_text: 'It is sunny.' },
      { type: 'interruption', turn: 1, reason: 'speech' },
      { type: 'turn_metrics', turn: 1, marks: { stt_final: 0 }, speculative: false, heard_text: 'It' },
      { type: 'text_response', turn: 1, text: '', is_final: true, full_text: 'It is…' },
    );
    expect(view.transcript.entries()).toEqual([expect.objectContaining({ text: 'It is…', interrupted: true, heardLength: undefined })]);
  });

  it('state: AI_PROCESSING of an agent that speaks by itself leaves typed text waiting until its transcript arrives', () => {
    apply({ ...CONVERSATION_STARTED, engine: 'agent' });
    view.transcript.typed('Hello');
    apply(
      { type: 'state', state: 'AI_PROCESSING', turn: 1 },
      { type: 'state', state: 'AI_SPEAKING', turn: 1 },
      { type: 'text_response', turn: 1, text: 'Good day.', is_final: true, full_text: 'Good day.' },
      { type: 'interruption', turn: 1, reason: 'text' },
      { type: 'state', state: 'USER_SPEAKING', turn: 2 },
      { type: 'transcript', turn: 2, text: 'And', is_final: false },
      { type: 'state', state: 'AI_PROCESSING', turn: 2 },
      { type: 'transcript', turn: 2, text: 'Hello', is_final: true },
    );
    expect(view.transcript.entries()).toEqual([
      expect.objectContaining({ role: 'user', turn: 2, text: 'Hello' }),
      expect.objectContaining({ role: 'assistant', turn: 1, text: 'Good day.' }),
    ]);
  });

  it('interruption: marks the reply as interrupted and ignores late parts of it', () => {
    apply(
      { type: 'text_response', turn: 1, text: 'Here', is_final: false },
      { type: 'interruption', turn: 1, reason: 'speech' },
      { type: 'text_response', turn: 1, text: ' it is', is_final: true, full_text: 'Here it is' },
    );
    expect(view.transcript.entries()).toEqual([expect.objectContaining({ text: 'Here', interrupted: true, final: true })]);
  });

  it.each(['speech', 'text', 'button'] as const)('interruption: closes or removes the partial transcript of the turn (%s)', (reason) => {
    apply({ type: 'transcript', turn: 1, text: 'What is', is_final: false }, { type: 'interruption', turn: 1, reason });
    // A user who continues to speak is transcribed again from the beginning in the next turn.
    expect(view.transcript.entries()).toEqual(reason === 'speech' ? [] : [expect.objectContaining({ text: 'What is', final: true })]);
  });

  it('marks a reply as cut off only when the conversation ends during the reply', () => {
    const reply = (turn: number): ServerMessage => ({ type: 'text_response', turn, text: 'All.', is_final: true, full_text: 'All.' });
    apply({ type: 'state', state: 'AI_SPEAKING', turn: 1 }, reply(1), { type: 'state', state: 'USER_SPEAKING', turn: 2 });
    apply({ type: 'state', state: 'AI_SPEAKING', turn: 2 }, reply(2), { type: 'state', state: 'IDLE', turn: 2 });
    view.settle();
    expect(view.transcript.entries()).toEqual([
      expect.objectContaining({ turn: 1, interrupted: false }),
      expect.objectContaining({ turn: 2, interrupted: true }),
    ]);
  });

  it('turn_metrics: appear in the list of latencies', () => {
    apply({ type: 'turn_metrics', turn: 1, marks: { speech_end: 0, audio_sent: 990 }, speculative: true });
    expect(view.latencies.turns()).toEqual([expect.objectContaining({ turn: 1, marks: { speech_end: 0, audio_sent: 990 } })]);
  });

  it('error: is shown with the server’s text, and replaces the previous error of the same stage', () => {
    apply(
      { type: 'error', code: 'tts_failed', message: 'No voice.', fatal: false, stage: 'tts' },
      { type: 'error', code: 'tts_failed', message: 'Still no voice.', fatal: false, stage: 'tts' },
      { type: 'error', code: 'internal', message: 'Broken.', fatal: true },
    );
    expect(view.notices().map(({ tone, text }) => [tone, text])).toEqual([
      ['warning', 'Still no voice.'],
      ['error', 'Broken.'],
    ]);
  });

  it('error: of the agent is removed when the agent works again', () => {
    const failure: ServerMessage = { type: 'error', code: 'agent_failed', message: 'The agent is gone.', fatal: false, stage: 'agent' };
    const services: ServerMessage[] = [
      { type: 'transcript', turn: 1, text: 'Hi', is_final: false },
      { type: 'text_response', turn: 1, text: 'Hi', is_final: false },
      { type: 'state', state: 'AI_SPEAKING', turn: 1 },
    ];
    for (const service of services) {
      apply(failure, { type: 'state', state: 'USER_SPEAKING', turn: 1 });
      expect(kinds()).toEqual(['error-agent']);
      apply(service);
      expect(kinds()).toEqual([]);
    }
  });

  it('text_response: a shorter final text of an interrupted turn is the part that was spoken', () => {
    apply(
      { type: 'text_response', turn: 1, text: 'It is sunny today.', is_final: true, full_text: 'It is sunny today.' },
      { type: 'interruption', turn: 1, reason: 'speech' },
      { type: 'text_response', turn: 1, text: '', is_final: true, full_text: 'It is' },
    );
    expect(view.transcript.entries()).toEqual([expect.objectContaining({ text: 'It is', interrupted: true, final: true })]);
  });

  it('turn_metrics: show how much of an interrupted reply was heard', () => {
    apply(
      { type: 'text_response', turn: 1, text: 'It is sunny, and warm.', is_final: true, full_text: 'It is sunny, and warm.' },
      { type: 'interruption', turn: 1, reason: 'speech' },
      { type: 'turn_metrics', turn: 1, marks: {}, speculative: false, heard_text: 'It is sunny' },
    );
    expect(view.transcript.entries()).toEqual([expect.objectContaining({ interrupted: true, heardLength: 11 })]);
  });

  it('conversation_ending: is announced and later explains the end', () => {
    apply(CONVERSATION_STARTED, { type: 'conversation_ending', in_ms: 30_000 });
    expect(view.notices()).toEqual([expect.objectContaining({ kind: 'ending', untilMs: expect.any(Number) })]);
    apply({ type: 'conversation_ended', reason: 'server_shutdown' });
    expect(view.notices()).toEqual([expect.objectContaining({ kind: 'ended', text: expect.stringContaining('as long as it may be') })]);
    view.clear();
    apply(CONVERSATION_STARTED, { type: 'conversation_ended', reason: 'server_shutdown' });
    expect(kinds()).toEqual([]);
  });

  it('notice: is shown with the server’s text, and a notice about a turn disappears with the next turn', () => {
    apply(
      { type: 'state', state: 'USER_SPEAKING', turn: 3 },
      { type: 'notice', code: 'turn_limit', message: 'That was long.' },
      { type: 'notice', code: 'audio_dropped', message: 'Some was lost.' },
      { type: 'notice', code: 'server_closing', message: 'Going soon.' },
      { type: 'state', state: 'AI_PROCESSING', turn: 3 },
      { type: 'state', state: 'USER_SPEAKING', turn: 4 },
    );
    expect(view.notices().map(({ tone, text }) => [tone, text])).toEqual([
      ['info', 'That was long.'],
      ['warning', 'Some was lost.'],
      ['info', 'Going soon.'],
    ]);
    apply({ type: 'state', state: 'AI_PROCESSING', turn: 4 });
    expect(kinds()).toEqual(['notice-server_closing']);
  });

  it('shows the expected providers before a conversation, and the actual ones during it', () => {
    config.set(publicConfig());
    engine.set('agent');
    expect(view.providers()).toEqual([]);
    apply({ ...CONVERSATION_STARTED, engine: 'agent', providers: { agent: { name: 'elevenlabs-agents', simulated: true } } });
    expect(view.providers().map((row) => [row.stage, row.name])).toEqual([['Voice agent', 'elevenlabs-agents']]);
  });

  it.each<[EndReason, string[]]>([
    // A page that ends the conversation itself does not wait for this message, so it was the agent that ended it.
    ['client', ['The assistant has ended the conversation. Start again whenever you like.']],
    ['server_shutdown', []],
    ['inactivity_timeout', ['The conversation ended after 60 seconds without speech. Start again whenever you like.']],
    ['error', []],
  ])('conversation_ended: returns to IDLE and explains the reason %s', (reason, expected) => {
    apply(
      CONVERSATION_STARTED,
      { type: 'state', state: 'AI_SPEAKING', turn: 2 },
      { type: 'text_response', turn: 2, text: 'Half', is_final: false },
      { type: 'conversation_ended', reason },
    );
    expect([view.state(), view.turn()]).toEqual(['IDLE', 0]);
    expect(view.transcript.entries()).toEqual([expect.objectContaining({ text: 'Half', final: true, interrupted: true })]);
    expect(view.notices().map((notice) => notice.text)).toEqual(expected);
  });

  it.each<[ServerMessage]>([
    [{ type: 'audio_response', turn: 1, seq: 0, data: '', is_final: false }],
    [{ type: 'duck', turn: 1, active: true }],
    [{ type: 'pause', turn: 1, active: true }],
    [{ type: 'heartbeat' }],
    [{ type: 'something_new' } as unknown as ServerMessage],
  ])('%j: changes nothing visible', (message) => {
    const seen = () => [view.state(), view.turn(), view.transcript.entries(), view.latencies.turns(), view.notices(), view.providers()];
    const before = seen();
    apply(message);
    expect(seen()).toEqual(before);
  });

  it('clear: empties the page', () => {
    apply(CONVERSATION_STARTED, { type: 'transcript', turn: 1, text: 'a', is_final: true });
    view.notify({ kind: 'x', tone: 'info', text: 'x' });
    view.clear();
    expect([texts(), kinds(), view.providers()]).toEqual([[], [], []]);
  });
});
