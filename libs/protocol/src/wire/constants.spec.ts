import * as constants from './constants';

describe('the numbers of the protocol page', () => {
  it('describe 20 ms frames of 640 bytes, at most 2 s in a message', () => {
    expect(constants).toMatchObject({
      PROTOCOL_VERSION: 1,
      INPUT_SAMPLE_RATE_HZ: 16_000,
      FRAME_MS: 20,
      FRAME_SAMPLES: 320,
      FRAME_BYTES: 640,
      MAX_FRAMES_PER_MESSAGE: 100,
      MAX_AUDIO_MESSAGE_BYTES: 64_000,
      MAX_TEXT_LENGTH: 4_000,
      MAX_MESSAGE_BYTES: 1_048_576,
      MAX_CONTROL_MESSAGE_BYTES: 196_608,
      CloseCode: { normal: 1000, draining: 1001, refused: 1008, tooBig: 1009, internal: 1011 },
    });
  });
});
