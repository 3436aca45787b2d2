import { type BrowserFakes, installBrowserFakes } from '../testing/browser-fakes';
import { FakeEventSource } from '../testing/fake-event-source';
import { EVENTS_RETRY_MS, EpisodeEvents } from './episode-events';

describe('EpisodeEvents', () => {
  let fakes: BrowserFakes;
  let events: EpisodeEvents;
  const handlers = { onEvent: jest.fn(), onConnected: jest.fn() };
  const source = (): FakeEventSource => {
    const newest = FakeEventSource.made.at(-1);
    if (!newest) throw new Error('The page listens to nothing.');
    return newest;
  };

  beforeEach(() => {
    jest.useFakeTimers();
    fakes = installBrowserFakes();
    events = new EpisodeEvents('/api/narrations/e/events', handlers);
  });
  afterEach(() => {
    events.close();
    expect([jest.getTimerCount(), source().readyState]).toEqual([0, 2]);
    jest.useRealTimers();
    jest.clearAllMocks();
    fakes.restore();
  });

  it('passes on what happens to the episode, and nothing else', () => {
    source().accept();
    source().say({ type: 'state', state: 'rendering' });
    source().deliver('state', 'no JSON');
    source().deliver('heartbeat', '{}');
    expect(handlers.onEvent.mock.calls).toEqual([[{ type: 'state', state: 'rendering' }]]);
    expect(handlers.onConnected.mock.calls).toEqual([[true]]);
  });

  it('lets the browser connect again after a lost connection', () => {
    source().accept();
    source().fail();
    source().accept();
    expect(handlers.onConnected.mock.calls).toEqual([[true], [false], [true]]);
    expect(FakeEventSource.made).toHaveLength(1);
  });

  it('connects again by itself when the browser does not', () => {
    source().fail(true);
    jest.advanceTimersByTime(EVENTS_RETRY_MS);
    expect(FakeEventSource.made).toHaveLength(2);
    source().accept();
    source().say({ type: 'state', state: 'completed' });
    expect(handlers.onEvent).toHaveBeenCalledTimes(1);
  });
});
