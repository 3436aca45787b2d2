import { SILENT_LOGGER } from '@parley/engine';
import { OrderedSends } from './ordered-sends';
import { type RoomChannel, STATE_ATTRIBUTE } from './room-channel';
import { RoomEvents } from './room-events';
import { Transcripts } from './transcripts';

/** Events whose attributes the media server accepts when `accept` is called. */
function eventsOf() {
  const states: (string | undefined)[] = [];
  const waiting: (() => void)[] = [];
  const channel: RoomChannel = {
    publishData: async () => undefined,
    streamText: () => Promise.reject(new Error('there are no words in this spec')),
    publishTranscription: () => Promise.reject(new Error('there are no words in this spec')),
    setAttributes: (attributes) => {
      states.push(attributes[STATE_ATTRIBUTE]);
      return new Promise((resolve) => waiting.push(resolve));
    },
  };
  const sends = new OrderedSends(SILENT_LOGGER);
  const attributeSends = new OrderedSends(SILENT_LOGGER);
  const transcripts = new Transcripts({ channel, sends, segmentPrefix: 'job', assistantIdentity: 'agent', voiceTrackSid: () => undefined });
  const events = new RoomEvents({ channel, sends, transcripts, attributeSends, toMessage: () => undefined, authorOf: () => undefined });
  const accept = async (): Promise<void> => {
    await new Promise(setImmediate);
    waiting.shift()?.();
    await new Promise(setImmediate);
  };
  return { events, states, accept };
}

describe('the state that an assistant shows', () => {
  it.each([
    ['USER_SPEAKING', 'listening'],
    ['AI_PROCESSING', 'thinking'],
    ['AI_SPEAKING', 'speaking'],
  ] as const)('in the phase %s is %s', async (phase, state) => {
    const { events, states, accept } = eventsOf();
    events.tell({ type: 'state_changed', phase, turn: 1 });
    await accept();
    expect(states).toEqual([state]);
  });

  it('leaves out what is no longer true when the media server has accepted the state before', async () => {
    const { events, states, accept } = eventsOf();
    events.tell({ type: 'state_changed', phase: 'USER_SPEAKING', turn: 1 });
    await new Promise(setImmediate);
    events.tell({ type: 'state_changed', phase: 'AI_PROCESSING', turn: 1 });
    events.tell({ type: 'state_changed', phase: 'AI_SPEAKING', turn: 1 });
    await accept();
    await accept();
    expect(states).toEqual(['listening', 'speaking']);
  });
});
