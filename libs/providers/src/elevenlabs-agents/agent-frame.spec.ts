import { type AgentFrame, decodeAgentFrame } from './agent-frame';

const decode = (message: object) => decodeAgentFrame(JSON.stringify(message));

describe('decodeAgentFrame', () => {
  it.each<[object, AgentFrame]>([
    [
      {
        type: 'conversation_initiation_metadata',
        conversation_initiation_metadata_event: {
          conversation_id: 'conv_1',
          agent_output_audio_format: 'pcm_24000',
          user_input_audio_format: 'ulaw_8000',
        },
      },
      { type: 'metadata', conversationId: 'conv_1', outputFormat: 'pcm_24000', inputFormat: 'ulaw_8000' },
    ],
    [
      { type: 'conversation_initiation_metadata', conversation_initiation_metadata_event: {} },
      { type: 'metadata', conversationId: undefined, outputFormat: 'pcm_16000', inputFormat: 'pcm_16000' },
    ],
    [
      { type: 'ping', ping_event: { event_id: 1, ping_ms: null } },
      { type: 'ping', eventId: 1, pingMs: undefined },
    ],
    [
      { type: 'ping', ping_event: { event_id: 2, ping_ms: 31 } },
      { type: 'ping', eventId: 2, pingMs: 31 },
    ],
    [
      { type: 'tentative_user_transcript', tentative_user_transcription_event: { user_transcript: "what's the", event_id: 4 } },
      { type: 'transcript', text: "what's the", isFinal: false, eventId: 4 },
    ],
    [
      { type: 'user_transcript', user_transcription_event: { user_transcript: "What's the weather?", event_id: 4 } },
      { type: 'transcript', text: "What's the weather?", isFinal: true, eventId: 4 },
    ],
    [
      { type: 'agent_chat_response_part', text_response_part: { text: 'It ', type: 'delta', event_id: 5 } },
      { type: 'reply_part', text: 'It ', eventId: 5 },
    ],
    [{ type: 'agent_chat_response_part', text_response_part: { text: '', type: 'start', event_id: 5 } }, { type: 'ignored' }],
    [{ type: 'agent_chat_response_part', text_response_part: { text: '', type: 'stop', event_id: 5 } }, { type: 'ignored' }],
    [
      { type: 'agent_response', agent_response_event: { agent_response: 'It is sunny.', event_id: 5 } },
      { type: 'reply', text: 'It is sunny.', eventId: 5 },
    ],
    [
      {
        type: 'agent_response_correction',
        agent_response_correction_event: {
          original_agent_response: 'It is sunny.',
          corrected_agent_response: 'It is…',
          event_id: 5,
        },
      },
      { type: 'correction', original: 'It is sunny.', text: 'It is…' },
    ],
    [
      {
        type: 'audio',
        audio_event: {
          audio_base_64: 'AAA=',
          event_id: 6,
          alignment: { chars: ['H', 'i'], char_start_times_ms: [0, 90], char_durations_ms: [90, 110] },
        },
      },
      { type: 'audio', base64: 'AAA=', eventId: 6, alignment: { chars: ['H', 'i'], startMs: [0, 90], durationMs: [90, 110] } },
    ],
    [
      { type: 'audio', audio_event: { audio_base_64: 'AAA=', event_id: 6, alignment: { chars: ['H'], char_start_times_ms: [] } } },
      { type: 'audio', base64: 'AAA=', eventId: 6, alignment: undefined },
    ],
    [
      { type: 'audio', audio_event: { audio_base_64: 'AAA=', alignment: null } },
      { type: 'audio', base64: 'AAA=', eventId: undefined, alignment: undefined },
    ],
    [
      { type: 'interruption', interruption_event: { event_id: 9 } },
      { type: 'interruption', eventId: 9 },
    ],
    [
      { type: 'client_tool_call', client_tool_call: { tool_name: 'open', tool_call_id: 'tc1', parameters: { a: 1 }, event_id: 8 } },
      { type: 'tool_call', callId: 'tc1', name: 'open', parameters: { a: 1 } },
    ],
    [
      { type: 'agent_tool_response', agent_tool_response: { tool_name: 'end_call', tool_type: 'system', is_error: false } },
      { type: 'end_call' },
    ],
    [{ type: 'agent_tool_response', agent_tool_response: { tool_name: 'end_call', is_error: true } }, { type: 'ignored' }],
    [{ type: 'agent_tool_response', agent_tool_response: { tool_name: 'search', is_error: false } }, { type: 'ignored' }],
    [
      { type: 'error', error_event: { code: 1002, message: 'm', error_type: 'llm_timeout', details: {} } },
      { type: 'error', code: 1002, errorType: 'llm_timeout', message: 'm' },
    ],
    [
      { type: 'error', message: 'received 1002 exceeds your quota limit.' },
      { type: 'error', code: undefined, errorType: undefined, message: 'received 1002 exceeds your quota limit.' },
    ],
  ])('decodes %j', (message, frame) => {
    expect(decode(message)).toEqual(frame);
  });

  it.each([
    { type: 'vad_score', vad_score_event: { vad_score: 0.9 } },
    { type: 'agent_reasoning_response_part', reasoning_response_part: { event_id: 'a text' } },
    { type: 'context_usage', context_usage_event: {} },
    { type: 'guardrail_triggered' },
    { type: 'something_of_next_year', payload: [] },
    { type: 'audio' },
    { type: 'audio', audio_event: null },
    { type: 'user_transcript', user_transcription_event: { user_transcript: 7 } },
    { type: 'client_tool_call', client_tool_call: { tool_name: 'open' } },
    { type: 'ping', ping_event: { event_id: 'one' } },
  ])('ignores %j', (message) => {
    expect(decode(message)).toEqual({ type: 'ignored' });
  });

  it.each(['', 'no JSON', '[]', 'null', '7', '{}', '{"type":7}'])('reports %j as garbage', (text) => {
    expect(decodeAgentFrame(text)).toEqual({ type: 'garbage' });
  });
});
