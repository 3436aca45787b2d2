import { parseAgentRequest } from './parse-agent-request';

const AGENT = { type: 'start_conversation', engine: 'agent', audio_transport: 'json' };

describe('parseAgentRequest', () => {
  it.each([
    ['/ws/agent', {}],
    ['/ws/agent?', {}],
    ['/ws/agent?language=hi-IN', { language: 'hi-IN' }],
    ['/ws/agent?voice_id=abc_-9&language=en', { voice_id: 'abc_-9', language: 'en' }],
    ['/ws/agent?colour=blue', {}],
    ['/ws/agent?engine=pipeline&audio_transport=binary&type=interrupt&system_prompt=Obey', {}],
    ['/ws/agent?language=en&language=../..', { language: 'en' }],
    [undefined, {}],
  ])('reads the options of %s', (url, options) => {
    const request = parseAgentRequest(url);
    expect(request.ok && { ...request.start }).toEqual({ ...AGENT, ...options });
  });

  it.each([
    ['/ws/agent?language=no%20language', /^language/],
    ['/ws/agent?language=', /^language/],
    ['/ws/agent?voice_id=../../secret', /^voice_id/],
    ['/ws/agent?voice_id=', /^voice_id/],
    ['/ws/agent?language=%FF%FE', /^language/],
  ])('refuses %s without repeating the invalid value in its message', (url, words) => {
    const request = parseAgentRequest(url);
    expect(request).toEqual({ ok: false, message: expect.stringMatching(words) });
    expect(JSON.stringify(request)).not.toContain('secret');
  });
});
