import { interactionEvents } from './interaction-metrics';
import type { AssistantSpan, Timeline, UserSpan } from './timeline';

const said = (startMs: number, endMs: number, kind: UserSpan['kind'] = 'turn'): UserSpan => ({
  kind,
  startMs,
  endMs,
  parts: [{ startMs, endMs }],
});
const played = (turn: number, startMs: number, endMs: number): AssistantSpan => ({ turn, startMs, endMs });
const timeline = (users: UserSpan[], assistant: AssistantSpan[]): Timeline => ({ users, assistant });

describe('responses (R_R, L_R)', () => {
  it('are from the end of the user’s turn to the start of the assistant’s speech', () => {
    const { responses, userTurns } = interactionEvents(
      timeline([said(0, 1_000), said(5_000, 6_000)], [played(1, 1_950, 3_000), played(2, 7_000, 8_000)]),
    );
    expect(responses).toEqual([{ latencyMs: 950 }, { latencyMs: 1_000 }]);
    expect(userTurns).toBe(2);
  });

  it('are missing if the user has to speak again first', () => {
    const { responses } = interactionEvents(timeline([said(0, 1_000), said(2_000, 3_000)], [played(1, 4_000, 5_000)]));
    expect(responses).toEqual([{ latencyMs: undefined }, { latencyMs: 1_000 }]);
  });

  it('are missing if the assistant never answers', () => {
    expect(interactionEvents(timeline([said(0, 1_000)], [])).responses).toEqual([{ latencyMs: undefined }]);
  });

  it('are not expected for a turn that ends while the assistant speaks, a back-channel or a noise', () => {
    const users = [said(500, 700), said(1_000, 1_200, 'back_channel'), said(6_000, 6_100, 'noise')];
    expect(interactionEvents(timeline(users, [played(1, 0, 5_000)])).responses).toEqual([]);
  });
});

describe('yields (R_Y, L_Y)', () => {
  it.each([
    ['that stops', [played(1, 0, 1_300)], 300],
    ['that stops at the window’s end', [played(1, 0, 3_000)], 2_000],
    ['that stops later', [played(1, 0, 3_001)], undefined],
    ['that pauses and then stops for good', [played(1, 0, 1_300), played(2, 5_000, 6_000)], 300],
    ['that only pauses', [played(1, 0, 1_300), played(1, 1_700, 9_000)], undefined],
  ])('are measured for an assistant %s', (_, assistant, latencyMs) => {
    expect(interactionEvents(timeline([said(1_000, 1_800)], assistant)).yields).toEqual([{ latencyMs }]);
  });

  it('are not measured in silence', () => {
    expect(interactionEvents(timeline([said(2_000, 2_800)], [played(1, 0, 1_000)])).yields).toEqual([]);
  });
});

describe('interruptions by the assistant (I_A)', () => {
  it.each([
    ['begins while the user speaks', [played(1, 500, 2_000)], 1],
    ['begins twice', [played(1, 200, 400), played(1, 600, 900)], 2],
    ['spoke before and after', [played(1, -500, 100), played(2, 1_900, 3_000)], 0],
  ])('are counted where the assistant %s', (_, assistant, count) => {
    expect(interactionEvents(timeline([said(0, 1_000)], assistant)).assistantInterruptions).toBe(count);
  });

  it('include an interruption in a pause within the turn', () => {
    const turn: UserSpan = {
      kind: 'turn',
      startMs: 0,
      endMs: 2_000,
      parts: [
        { startMs: 0, endMs: 700 },
        { startMs: 1_500, endMs: 2_000 },
      ],
    };
    expect(interactionEvents(timeline([turn], [played(1, 1_200, 1_700)])).assistantInterruptions).toBe(1);
  });
});

describe('selectivity (S_BC, S_VT)', () => {
  it.each([
    ['talks through it', [played(1, 0, 9_000)], { correct: true, silencesMs: [] }],
    ['pauses and goes on', [played(1, 0, 1_250), played(1, 1_700, 9_000)], { correct: true, silencesMs: [450] }],
    ['gives the word up', [played(1, 0, 1_250)], { correct: false, silencesMs: [] }],
    ['gives the word up after its window', [played(1, 0, 2_100)], { correct: true, silencesMs: [] }],
  ])('is right for a back-channel or a noise over an assistant that %s', (_, assistant, tolerance) => {
    expect(interactionEvents(timeline([said(1_000, 1_300, 'back_channel')], assistant)).backChannels).toEqual([tolerance]);
    expect(interactionEvents(timeline([said(1_000, 1_300, 'noise')], assistant)).noises).toEqual([tolerance]);
  });

  it('ignores a back-channel in silence', () => {
    expect(interactionEvents(timeline([said(1_000, 1_300, 'back_channel')], [])).backChannels).toEqual([]);
  });

  it.each([
    ['within two seconds', 2_900, false],
    ['later', 3_100, true],
  ])('is wrong for a noise in silence that is answered %s: %d', (_, startMs, correct) => {
    expect(interactionEvents(timeline([said(1_000, 1_100, 'noise')], [played(1, startMs, 9_000)])).noises).toEqual([
      { correct, silencesMs: [] },
    ]);
  });
});
