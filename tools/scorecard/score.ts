import { quantile } from '../bench/quantile';
import { evaTurnScores } from './eva-turn-taking';
import { interactionEvents, type InteractionEvents, type Tolerance } from './interaction-metrics';
import type { Timeline } from './timeline';

/** All figures of a set of conversations, each event counted alike. A figure without events is NaN. */
export interface Score {
  events: InteractionEvents;
  responseRate: number;
  responseLatencyMs: Spread;
  yieldRate: number;
  yieldLatencyMs: Spread;
  assistantInterruptionRate: number;
  backChannelSelectivity: number;
  noiseSelectivity: number;
  eva: number;
  evaTurns: number;
}

export interface Spread {
  mean: number;
  median: number;
  p95: number;
}

export function scoreOf(timelines: readonly Timeline[]): Score {
  const all = timelines.map(interactionEvents);
  const events: InteractionEvents = {
    responses: all.flatMap(({ responses }) => responses),
    yields: all.flatMap(({ yields }) => yields),
    assistantInterruptions: sum(all.map(({ assistantInterruptions }) => assistantInterruptions)),
    userTurns: sum(all.map(({ userTurns }) => userTurns)),
    backChannels: all.flatMap(({ backChannels }) => backChannels),
    noises: all.flatMap(({ noises }) => noises),
  };
  const eva = timelines.flatMap(evaTurnScores);
  return {
    events,
    responseRate: happenedRate(events.responses),
    responseLatencyMs: spread(events.responses),
    yieldRate: happenedRate(events.yields),
    yieldLatencyMs: spread(events.yields),
    assistantInterruptionRate: events.assistantInterruptions / events.userTurns,
    backChannelSelectivity: selectivity(events.backChannels),
    noiseSelectivity: selectivity(events.noises),
    eva: mean(eva),
    evaTurns: eva.length,
  };
}

type Timed = { latencyMs: number | undefined };

const happenedRate = (events: readonly Timed[]): number => mean(events.map(({ latencyMs }) => (latencyMs === undefined ? 0 : 1)));

function spread(events: readonly Timed[]): Spread {
  const latencies = events.flatMap(({ latencyMs }) => latencyMs ?? []);
  return { mean: mean(latencies), median: quantile(latencies, 0.5), p95: quantile(latencies, 0.95) };
}

const selectivity = (events: readonly Tolerance[]): number => mean(events.map(({ correct }) => (correct ? 1 : 0)));
const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
/** NaN of none. */
const mean = (values: readonly number[]): number => sum(values) / values.length;
