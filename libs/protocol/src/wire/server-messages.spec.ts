import { ERROR_CODES, TURN_MARKS, type ServerMessage } from './server-messages';

type Samples = { [Type in ServerMessage['type']]: { wire: string; message: Extract<ServerMessage, { type: Type }> } };

/** The JSON of the protocol page beside the type that stands for it: a field renamed in either no longer compiles or no longer matches. */
const SAMPLES = {
  connection_established: {
    wire: '{"type":"connection_established","message":"Ready.","protocol":1}',
    message: { type: 'connection_established', message: 'Ready.', protocol: 1 },
  },
  conversation_started: {
    wire:
      '{"type":"conversation_started","conversation_id":"c-1","engine":"pipeline",' +
      '"input_audio":{"encoding":"pcm_s16le","sample_rate":16000,"frame_ms":20},"output_audio":{"encoding":"pcm_s16le","sample_rate":24000},' +
      '"providers":{"stt":{"name":"Sarvam","simulated":true},"llm":{"name":"OpenAI","simulated":false},"tts":{"name":"ElevenLabs","simulated":true}},' +
      '"timing":{"end_of_turn_silence_ms":900,"inactivity_timeout_ms":60000}}',
    message: {
      type: 'conversation_started',
      conversation_id: 'c-1',
      engine: 'pipeline',
      input_audio: { encoding: 'pcm_s16le', sample_rate: 16_000, frame_ms: 20 },
      output_audio: { encoding: 'pcm_s16le', sample_rate: 24_000 },
      providers: {
        stt: { name: 'Sarvam', simulated: true },
        llm: { name: 'OpenAI', simulated: false },
        tts: { name: 'ElevenLabs', simulated: true },
      },
      timing: { end_of_turn_silence_ms: 900, inactivity_timeout_ms: 60_000 },
    },
  },
  state: { wire: '{"type":"state","state":"AI_SPEAKING","turn":3}', message: { type: 'state', state: 'AI_SPEAKING', turn: 3 } },
  transcript: {
    wire: '{"type":"transcript","turn":3,"text":"what time is it","is_final":true}',
    message: { type: 'transcript', turn: 3, text: 'what time is it', is_final: true },
  },
  text_response: {
    wire: '{"type":"text_response","turn":3,"text":" noon.","is_final":true,"full_text":"It is noon.","heard_text":"It is"}',
    message: { type: 'text_response', turn: 3, text: ' noon.', is_final: true, full_text: 'It is noon.', heard_text: 'It is' },
  },
  audio_response: {
    wire: '{"type":"audio_response","turn":3,"seq":0,"data":"AAA=","text":"It is","is_final":false}',
    message: { type: 'audio_response', turn: 3, seq: 0, data: 'AAA=', text: 'It is', is_final: false },
  },
  interruption: {
    wire: '{"type":"interruption","turn":3,"reason":"button"}',
    message: { type: 'interruption', turn: 3, reason: 'button' },
  },
  duck: { wire: '{"type":"duck","turn":3,"active":true}', message: { type: 'duck', turn: 3, active: true } },
  pause: { wire: '{"type":"pause","turn":3,"active":true}', message: { type: 'pause', turn: 3, active: true } },
  turn_metrics: {
    wire:
      '{"type":"turn_metrics","turn":3,"marks":{"speech_end":0,"turn_end":900,"stt_final":700,"llm_request":720,"llm_first_token":880,' +
      '"tts_request":890,"tts_first_audio":1100,"audio_sent":1101,"playback_started":1150},"speculative":true,' +
      '"drafts":{"started":2,"kept":1,"cancelled":1,"wasted_characters":40,"wasted_tokens":10},' +
      '"drafts_total":{"started":4,"kept":3,"cancelled":1,"wasted_characters":40,"wasted_tokens":10},"heard_text":"It is"}',
    message: {
      type: 'turn_metrics',
      turn: 3,
      marks: {
        speech_end: 0,
        turn_end: 900,
        stt_final: 700,
        llm_request: 720,
        llm_first_token: 880,
        tts_request: 890,
        tts_first_audio: 1100,
        audio_sent: 1101,
        playback_started: 1150,
      },
      speculative: true,
      drafts: { started: 2, kept: 1, cancelled: 1, wasted_characters: 40, wasted_tokens: 10 },
      drafts_total: { started: 4, kept: 3, cancelled: 1, wasted_characters: 40, wasted_tokens: 10 },
      heard_text: 'It is',
    },
  },
  error: {
    wire: '{"type":"error","code":"stt_failed","message":"I could not hear that.","fatal":false,"stage":"stt"}',
    message: { type: 'error', code: 'stt_failed', message: 'I could not hear that.', fatal: false, stage: 'stt' },
  },
  conversation_ending: { wire: '{"type":"conversation_ending","in_ms":30000}', message: { type: 'conversation_ending', in_ms: 30_000 } },
  notice: {
    wire: '{"type":"notice","code":"server_closing","message":"The server is about to restart."}',
    message: { type: 'notice', code: 'server_closing', message: 'The server is about to restart.' },
  },
  heartbeat: { wire: '{"type":"heartbeat"}', message: { type: 'heartbeat' } },
  conversation_ended: {
    wire: '{"type":"conversation_ended","reason":"inactivity_timeout"}',
    message: { type: 'conversation_ended', reason: 'inactivity_timeout' },
  },
} satisfies Samples;

describe('what the server sends', () => {
  it.each(Object.entries(SAMPLES))('%s is the JSON of the protocol page', (type, { wire, message }) => {
    expect(message satisfies ServerMessage).toStrictEqual(JSON.parse(wire));
    expect(JSON.stringify(message)).toBe(wire);
    expect(message.type).toBe(type);
  });

  it('knows the error codes of the protocol page', () => {
    const codes =
      'bad_message unknown_type not_started already_started invalid_audio unsupported_format rate_limited not_authorized not_allowed server_busy budget_spent stt_failed llm_failed tts_failed agent_failed internal';
    expect(ERROR_CODES.join(' ')).toBe(codes);
  });

  it('measures the moments of the protocol page', () => {
    expect(Object.keys(SAMPLES.turn_metrics.message.marks)).toEqual([...TURN_MARKS]);
  });
});
