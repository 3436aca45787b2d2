import { BACK_CHANNELS, DEFAULT_TURN_POLICY, isBackChannel } from '@parley/conversation';
import { LANGUAGES } from './languages';

describe('the languages that are offered', () => {
  it.each(LANGUAGES.map(({ code }) => code))('%s has words that do not take the word from the assistant', (code) => {
    const own = BACK_CHANNELS[code.split('-')[0] ?? ''] ?? [];
    expect(own.length).toBeGreaterThan(5);
    expect(own.filter((phrase) => !isBackChannel(`${phrase}.`, DEFAULT_TURN_POLICY.backChannels))).toEqual([]);
  });
});
