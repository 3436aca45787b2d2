import { legacyDialect } from './legacy-dialect';
import { realtimeDialect } from './realtime-dialect';

const realtime = realtimeDialect('saaras:v3-realtime');
const legacy = legacyDialect('saaras:v3');

describe('the realtime dialect', () => {
  it('asks for manual endpointing and fast partials', () => {
    const url = new URL(realtime.url('https://api.example.com', 'od-IN'));
    expect(url.origin + url.pathname).toBe('wss://api.example.com/speech-to-text-realtime/ws');
    expect(Object.fromEntries(url.searchParams)).toEqual({
      language_code: 'or-IN',
      model: 'saaras:v3-realtime',
      stream_type: 'fast',
      mode: 'transcribe',
      endpointing: 'manual',
      encoding: 'linear16',
      sample_rate: '16000',
    });
  });

  it('writes the messages of an utterance', () => {
    expect(realtime.beginUtterance()).toEqual({ event: 'speech_start' });
    expect(realtime.audio(Int16Array.of(1, -1))).toEqual({ event: 'audio_input', audio: Buffer.from([1, 0, 255, 255]).toString('base64') });
    expect(realtime.endUtterance()).toEqual({ event: 'speech_end' });
    expect(realtime.keepAlive()).toEqual({ event: 'ping' });
    expect(realtime.goodbye()).toEqual({ event: 'end' });
  });

  it.each([
    ['{"event":"session.begin","config":{}}', { type: 'ready' }],
    ['{"event":"transcript.partial","utterance_idx":2,"text":"hi"}', { type: 'partial', index: 2, text: 'hi' }],
    ['{"event":"transcript.final","utterance_idx":2,"text":"","language":"en-IN"}', { type: 'final', index: 2, text: '' }],
    ['{"event":"transcript.final","utterance_idx":2,"text":null}', { type: 'final', index: 2, text: '' }],
    ['{"event":"transcript.partial","utterance_idx":2,"text":null}', { type: 'partial', index: 2, text: '' }],
    ['{"event":"transcript.final","utterance_idx":2,"text":7}', { type: 'garbage' }],
    ['{"event":"vad.speech_end","utterance_idx":2,"confidence":0.9}', { type: 'ignored' }],
    ['{"event":"pong"}', { type: 'ignored' }],
    ['{"event":"something.new"}', { type: 'ignored' }],
    [
      '{"event":"error","code":"invalid_config","is_fatal":false,"message":"m"}',
      { type: 'fault', isFatal: false, fault: { status: undefined, code: 'invalid_config' } },
    ],
    [
      '{"event":"error","is_fatal":true,"status_code":403,"message":"m"}',
      { type: 'fault', isFatal: true, fault: { status: 403, code: undefined } },
    ],
    ['{"event":"transcript.final","text":"no index"}', { type: 'garbage' }],
    ['{"event":"transcript.partial","utter', { type: 'garbage' }],
    ['[1]', { type: 'garbage' }],
    ['{"type":"data"}', { type: 'garbage' }],
  ])('reads %s', (text, event) => {
    expect(realtime.decode(text)).toEqual(event);
  });
});

describe('the legacy dialect', () => {
  it('asks for raw PCM, flush signals and voice activity signals, with the hyphenated name of the language parameter', () => {
    const url = new URL(legacy.url('ws://127.0.0.1:1', 'or-IN'));
    expect(url.pathname).toBe('/speech-to-text/ws');
    expect(Object.fromEntries(url.searchParams)).toEqual({
      'language-code': 'od-IN',
      model: 'saaras:v3',
      mode: 'transcribe',
      input_audio_codec: 'pcm_s16le',
      sample_rate: '16000',
      vad_signals: 'true',
      flush_signal: 'true',
    });
  });

  it('writes audio, the flush, and the silence that keeps the socket alive', () => {
    expect(legacy.beginUtterance()).toBeUndefined();
    expect(legacy.audio(Int16Array.of(1))).toEqual({ audio: { data: 'AQA=', sample_rate: 16_000, encoding: 'audio/wav' } });
    expect(legacy.endUtterance()).toEqual({ type: 'flush' });
    expect(legacy.keepAlive()).toEqual({
      audio: { data: Buffer.alloc(3_200).toString('base64'), sample_rate: 16_000, encoding: 'audio/wav' },
    });
    expect(legacy.goodbye()).toBeUndefined();
  });

  it.each([
    ['{"type":"data","data":{"transcript":"hi","timestamps":null,"language_probability":null}}', { type: 'final', index: 0, text: 'hi' }],
    ['{"type":"data","data":{"request_id":"r","transcript":null}}', { type: 'final', index: 0, text: '' }],
    ['{"type":"data","data":null}', { type: 'final', index: 0, text: '' }],
    ['{"type":"data","data":{"transcript":["hi"]}}', { type: 'garbage' }],
    ['{"type":"events","data":{"signal_type":"START_SPEECH","occured_at":1}}', { type: 'speech', started: true }],
    ['{"type":"events","data":{"signal_type":"END_SPEECH"}}', { type: 'speech', started: false }],
    ['{"type":"events","data":{"signal_type":"OTHER"}}', { type: 'ignored' }],
    ['{"type":"later"}', { type: 'ignored' }],
    ['{"type":"error","data":{"error":"m","code":"rate_limit_exceeded_error"}}', fault(undefined, 'rate_limit_exceeded_error')],
    ['{"type":"error","data":{"message":"m","code":429}}', fault(429, undefined)],
    ['{"type":"error","code":"insufficient_quota_error"}', fault(undefined, 'insufficient_quota_error')],
    ['{"type":"data","data":{}}', { type: 'garbage' }],
    ['nonsense', { type: 'garbage' }],
  ])('reads %s', (text, event) => {
    expect(legacy.decode(text)).toEqual(event);
  });

  function fault(status: number | undefined, code: string | undefined) {
    return { type: 'fault', isFatal: true, fault: { status, code } };
  }
});
