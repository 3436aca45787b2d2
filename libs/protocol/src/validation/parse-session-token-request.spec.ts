import { SESSION_TOKEN_PURPOSES } from '../wire/session-tokens';
import { parseSessionTokenRequest } from './index';

describe('parseSessionTokenRequest', () => {
  it.each(SESSION_TOKEN_PURPOSES)('takes the purpose %s, and nothing else of the body', (purpose) => {
    expect(parseSessionTokenRequest({ purpose, ttl: 1e9 })).toEqual({ ok: true, body: { purpose } });
  });

  it.each([
    undefined,
    null,
    'conversation',
    [],
    {},
    { purpose: null },
    { purpose: '' },
    { purpose: 'Conversation' },
    { purpose: ['conversation'] },
    { purpose: { toString: 'conversation' } },
    JSON.parse('{"__proto__": {"purpose": "conversation"}}') as unknown,
  ])('refuses %j, and says why without repeating it', (body) => {
    const parsed = parseSessionTokenRequest(body);
    expect(parsed).toEqual({ ok: false, message: expect.stringMatching(/purpose|JSON object/) });
  });
});
