import type { Score } from './score';

/** One line of the scorecard. */
export interface Measure {
  name: string;
  figure: string;
  events: number;
  /** Undefined if the figure has no target. */
  target?: { text: string; met: boolean };
}

/** The measures in the order in which they are printed. A target of which nothing happened is missed. */
export function measuresOf(score: Score): Measure[] {
  const { events, responseLatencyMs, yieldLatencyMs } = score;
  const pauses = events.backChannels.flatMap(({ silencesMs }) => silencesMs);
  const yielded = events.yields.filter(({ latencyMs }) => latencyMs !== undefined).length;
  const answered = events.responses.filter(({ latencyMs }) => latencyMs !== undefined).length;
  return [
    {
      name: 'response rate (R_R)',
      figure: rate(score.responseRate),
      events: events.responses.length,
      target: atLeast(score.responseRate, 0.99),
    },
    {
      name: 'response latency, last voiced sample → first sample played (L_R): mean / median / 95 %',
      figure: `${ms(responseLatencyMs.mean)} / ${ms(responseLatencyMs.median)} / ${ms(responseLatencyMs.p95)}`,
      events: answered,
    },
    { name: 'yield rate (R_Y)', figure: rate(score.yieldRate), events: events.yields.length, target: atLeast(score.yieldRate, 0.99) },
    {
      name: 'yield latency, first voiced sample → silence (L_Y): mean / median / 95 %',
      figure: `${ms(yieldLatencyMs.mean)} / ${ms(yieldLatencyMs.median)} / ${ms(yieldLatencyMs.p95)}`,
      events: yielded,
      target: { text: 'mean ≤ 400 ms', met: yieldLatencyMs.mean <= 400 },
    },
    {
      name: 'assistant interrupts user, per user turn (I_A)',
      figure: rate(score.assistantInterruptionRate),
      events: events.userTurns,
      target: { text: '≤ 0.05', met: score.assistantInterruptionRate <= 0.05 },
    },
    {
      name: 'back-channel selectivity, resumable (S_BC)',
      figure: rate(score.backChannelSelectivity),
      events: events.backChannels.length,
      target: atLeast(score.backChannelSelectivity, 0.9),
    },
    {
      name: '… of them paused, and silent for: longest',
      figure: `${pauses.length}, ${pauses.length === 0 ? '-' : ms(Math.max(...pauses))}`,
      events: events.backChannels.length,
    },
    { name: 'noise selectivity (S_VT)', figure: rate(score.noiseSelectivity), events: events.noises.length },
    { name: 'EVA turn_taking', figure: rate(score.eva), events: score.evaTurns, target: atLeast(score.eva, 0.88) },
  ];
}

const atLeast = (figure: number, least: number) => ({ text: `≥ ${least}`, met: figure >= least });
const rate = (figure: number): string => (Number.isNaN(figure) ? '-' : figure.toFixed(3));
const ms = (figure: number): string => (Number.isNaN(figure) ? '-' : `${Math.round(figure)} ms`);
