import type { MeasuredTurn } from './latency-turns';
import { type Scenario, titleOf } from './latency-scenarios';
import { quantile } from './quantile';
import { printTable } from './report';

export interface ScenarioTurns {
  scenario: Scenario;
  measured: readonly MeasuredTurn[];
}

/** Median, 95th percentile and maximum. */
export const spread = (figures: readonly number[], digits = 0): string =>
  [quantile(figures, 0.5), quantile(figures, 0.95), figures.length === 0 ? Number.NaN : Math.max(...figures)]
    .map((figure) => figure.toFixed(digits))
    .join(' / ');

/** Prints the waiting times on both clocks and the cost of the drafts. */
export function printWaits(results: readonly ScenarioTurns[]): void {
  printTable(
    'To the first audio at the client (raw socket)',
    [
      'scenario (STT final + first token + first audio)',
      'from the last voiced sample',
      "from the turn's end",
      'drafts a turn',
      'wasted tokens a turn',
      'utterances finalised in vain a turn',
      'target',
    ],
    results.map(({ scenario, measured }) => [
      titleOf(scenario),
      spread(measured.map(({ voicedToAudioMs }) => voicedToAudioMs)),
      spread(measured.map(({ turnEndToAudioMs }) => turnEndToAudioMs)),
      mean(measured.map(({ drafts }) => drafts?.started ?? 0)).toFixed(1),
      mean(measured.map(({ drafts }) => drafts?.wasted_tokens ?? 0)).toFixed(0),
      mean(measured.map(({ drafts }) => drafts?.finals_in_vain ?? 0)).toFixed(1),
      scenario.target ?? '',
    ]),
  );
}

/** The time between the marks of an answer. The rest is the socket, and the delay with which the detector noticed the end of the voice. */
const STEPS: readonly (readonly [string, (turn: MeasuredTurn) => number])[] = [
  ['until the model is asked', ({ marks }) => mark(marks.llm_request)],
  ['first token', ({ marks }) => mark(marks.llm_first_token) - mark(marks.llm_request)],
  ['first sentence', ({ marks }) => mark(marks.tts_request) - mark(marks.llm_first_token)],
  ['first audio', ({ marks }) => mark(marks.tts_first_audio) - mark(marks.tts_request)],
  ["held for the turn's end", ({ marks }) => mark(marks.audio_sent) - mark(marks.tts_first_audio)],
  ['detector and socket', ({ marks, voicedToAudioMs }) => voicedToAudioMs - mark(marks.audio_sent)],
];

/** Prints how the waiting time is divided, as means over all turns, so that the shares add up. */
export function printShares(results: readonly ScenarioTurns[]): void {
  printTable(
    'The share of each stage (median ms, share of the mean)',
    ['scenario', ...STEPS.map(([name]) => name), 'final transcript, after the last voiced sample', "the turn's end, after it"],
    results.map(({ scenario, measured }) => {
      const totalMs = mean(measured.map(({ voicedToAudioMs }) => voicedToAudioMs));
      const steps = STEPS.map(([, stepMs]) => {
        const figures = measured.map(stepMs);
        return `${quantile(figures, 0.5).toFixed(0)} (${((100 * mean(figures)) / totalMs).toFixed(0)} %)`;
      });
      const median = (pick: (turn: MeasuredTurn) => number): string => quantile(measured.map(pick), 0.5).toFixed(0);
      return [scenario.name, ...steps, median(({ marks }) => mark(marks.stt_final)), median(({ marks }) => mark(marks.turn_end))];
    }),
  );
}

const mark = (figure: number | undefined): number => figure ?? Number.NaN;

const mean = (figures: readonly number[]): number => figures.reduce((sum, figure) => sum + figure, 0) / figures.length;
