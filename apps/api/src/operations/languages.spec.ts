import { BACK_CHANNELS, DEFAULT_TURN_POLICY, isBackChannel } from '@parley/conversation';
import { LANGUAGES } from './languages';

describe('each language that is offered', () => {
  it.each(LANGUAGES.map(({ code }) => code))('has a list of backchannel words that do not interrupt the assistant (%s)', (code) => {
    const own = BACK_CHANNELS[code.split('-')[0] ?? ''] ?? [];
    expect(own.length).toBeGreaterThan(5);
    expect(own.filter((phrase) => !isBackChannel(`${phrase}.`, DEFAULT_TURN_POLICY.backChannels))).toEqual([]);
  });
});
