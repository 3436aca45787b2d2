import { testSettings } from '@parley/server/testing';
import { StartFailure } from '../start-failure';
import { workerSettings } from './room-settings.token';

const ENVIRONMENT = {
  LIVEKIT_URL: 'ws://127.0.0.1:7880',
  LIVEKIT_API_KEY: 'a-key-for-tests',
  LIVEKIT_API_SECRET: 'secret-secret-secret-secret-secret',
};

describe('workerSettings', () => {
  it('gives the settings of rooms where there is a media server', () => {
    expect(workerSettings(testSettings(ENVIRONMENT))).toMatchObject({ url: 'ws://127.0.0.1:7880', workerSlots: 16 });
  });

  it.each([
    ['LIVEKIT_API_SECRET', 'LIVEKIT_API_SECRET is not set'],
    ['LIVEKIT_API_KEY', 'LIVEKIT_API_KEY is not set'],
  ])('says plainly that %s is missing', (variable, message) => {
    const settings = testSettings({ ...ENVIRONMENT, [variable]: '' });
    expect(() => workerSettings(settings)).toThrow(StartFailure);
    expect(() => workerSettings(settings)).toThrow(message);
  });

  it('names all variables that are missing', () => {
    expect(() => workerSettings(testSettings())).toThrow('LIVEKIT_URL, LIVEKIT_API_KEY, LIVEKIT_API_SECRET are not set');
  });
});
