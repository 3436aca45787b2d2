import { TurnLatencies } from './turn-latencies';

describe('TurnLatencies', () => {
  it('combines the partial metrics of the server with the measurements of the page, newest turn first', () => {
    const latencies = new TurnLatencies();
    latencies.measured(1, { fromMs: 'speech', durationMs: 1_100 });
    latencies.marked({ type: 'turn_metrics', turn: 1, marks: { speech_end: 0, audio_sent: 950 }, speculative: true }, 'pipeline');
    latencies.marked({ type: 'turn_metrics', turn: 2, marks: { speech_end: 0 }, speculative: false }, 'pipeline');
    latencies.marked({ type: 'turn_metrics', turn: 1, marks: { playback_started: 1_020 }, speculative: false }, 'pipeline');
    expect(latencies.turns()).toEqual([
      { id: 2, turn: 2, engine: 'pipeline', marks: { speech_end: 0 }, speculative: false },
      {
        id: 1,
        turn: 1,
        engine: 'pipeline',
        marks: { speech_end: 0, audio_sent: 950, playback_started: 1_020 },
        speculative: true,
        firstSound: { fromMs: 'speech', durationMs: 1_100 },
      },
    ]);
  });

  it('keeps only the most recent turns', () => {
    const latencies = new TurnLatencies();
    for (let turn = 1; turn <= 20; turn++) latencies.marked({ type: 'turn_metrics', turn, marks: {}, speculative: false }, 'pipeline');
    expect(latencies.turns().map((row) => row.turn)).toEqual([20, 19, 18, 17, 16, 15, 14, 13]);
  });

  it('does not mix up two conversations with the same turn numbers', () => {
    const latencies = new TurnLatencies();
    latencies.marked({ type: 'turn_metrics', turn: 1, marks: { turn_end: 1 }, speculative: false }, 'pipeline');
    latencies.divide();
    latencies.marked({ type: 'turn_metrics', turn: 1, marks: { turn_end: 2 }, speculative: false }, 'pipeline');
    expect(latencies.turns().map((row) => row.marks)).toEqual([{ turn_end: 2 }, { turn_end: 1 }]);
  });

  it('adds up the counts of all drafts of a turn', () => {
    const latencies = new TurnLatencies();
    const drafts = { started: 2, kept: 0, cancelled: 1, wasted_characters: 40, wasted_tokens: 10 };
    latencies.marked({ type: 'turn_metrics', turn: 1, marks: {}, speculative: true, drafts }, 'pipeline');
    latencies.marked({ type: 'turn_metrics', turn: 1, marks: {}, speculative: true }, 'pipeline');
    latencies.marked({ type: 'turn_metrics', turn: 1, marks: {}, speculative: true, drafts: { ...drafts, kept: 1 } }, 'pipeline');
    latencies.marked({ type: 'turn_metrics', turn: 2, marks: {}, speculative: false }, 'pipeline');
    expect(latencies.turns().map((row) => row.drafts)).toEqual([
      undefined,
      { started: 4, kept: 1, cancelled: 2, wasted_characters: 80, wasted_tokens: 20 },
    ]);
  });
});
