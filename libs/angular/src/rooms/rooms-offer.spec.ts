import { publicConfig } from '@parley/client/testing';
import type { RoomsDescription } from '@parley/protocol';
import { roomsOffer } from './rooms-offer';

describe('roomsOffer', () => {
  const rooms: RoomsDescription = { available: true, assistant_name: 'Parley', recording: false, open: true };
  it.each([
    ['nothing of rooms', undefined, { isAvailable: false, detail: '', assistantName: 'The assistant' }],
    [
      'why there are none',
      { ...rooms, available: false, detail: 'Set LIVEKIT_URL.' },
      { isAvailable: false, detail: 'Set LIVEKIT_URL.', assistantName: 'Parley' },
    ],
    ['that there are', rooms, { isAvailable: true, detail: '', assistantName: 'Parley' }],
  ])('reads from a configuration that says %s', (_what, described, offer) => {
    expect(roomsOffer({ ...publicConfig(), rooms: described })).toEqual(offer);
  });

  it('is not known before the configuration is', () => {
    expect(roomsOffer(undefined)).toBeUndefined();
  });
});
