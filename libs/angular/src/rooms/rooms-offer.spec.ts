import { publicConfig } from '@parley/client/testing';
import { roomsOffer } from './rooms-offer';

describe('roomsOffer', () => {
  it.each([
    ['nothing of rooms', undefined, { isAvailable: false, detail: '', assistantName: 'Assistant' }],
    ['nonsense', 'yes', { isAvailable: false, detail: '', assistantName: 'Assistant' }],
    [
      'why there are none',
      { available: false, detail: 'Set LIVEKIT_URL.' },
      { isAvailable: false, detail: 'Set LIVEKIT_URL.', assistantName: 'Assistant' },
    ],
    ['that there are', { available: true, assistant_name: 'Parley' }, { isAvailable: true, detail: '', assistantName: 'Parley' }],
  ])('reads from a configuration that says %s', (_what, rooms, offer) => {
    expect(roomsOffer(Object.assign(publicConfig(), { rooms }))).toEqual(offer);
  });

  it('is not known before the configuration is', () => {
    expect(roomsOffer(undefined)).toBeUndefined();
  });
});
