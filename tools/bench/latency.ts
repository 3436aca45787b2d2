/**
 * `npm run bench:latency [-- --turns 20]`: how long a person waits for an answer. Real recordings in real time through a real socket to the
 * built server; the three vendors are simulated with fixed delays. Prints Markdown. Needs `nx build api` first.
 */
import { parseArgs } from 'node:util';
import { LATENCY_PROFILES } from '@parley/simulator';
import { measureTurns, type MeasuredTurn } from './latency-turns';
import { quantile } from './quantile';
import { machineFacts, printTable } from './report';

const { values } = parseArgs({ options: { turns: { type: 'string', default: '20' } } });
const turns = Number(values.turns);

type ProfileName = 'middle' | 'slow';
interface Scenario {
  name: string;
  profile: ProfileName;
  drafts: boolean;
  jitter?: number;
  adaptive?: boolean;
}

const SCENARIOS: readonly Scenario[] = [
  { name: 'middle, no drafts', profile: 'middle', drafts: false },
  { name: 'middle', profile: 'middle', drafts: true },
  { name: 'middle ±40 %', profile: 'middle', drafts: true, jitter: 0.4 },
  { name: 'slow', profile: 'slow', drafts: true },
  { name: 'middle, adaptive', profile: 'middle', drafts: true, adaptive: true },
];

const spread = (figures: readonly number[]): string =>
  [quantile(figures, 0.5), quantile(figures, 0.95), Math.max(...figures)].map((figure) => Math.round(figure)).join(' / ');
const medianOf = (measured: readonly MeasuredTurn[], pick: (marks: MeasuredTurn['marks']) => number): string =>
  quantile(
    measured.map(({ marks }) => pick(marks)),
    0.5,
  ).toFixed(0);
const mark = (figure: number | undefined): number => figure ?? Number.NaN;

console.log('# Latency\n');
console.log(
  `${machineFacts()}. Simulated: all three vendors. A silence of 900 ms ends the turn, unless adaptive. ${turns} turns each; median / 95 % / most, ms.`,
);
const results: { scenario: Scenario; measured: MeasuredTurn[] }[] = [];
for (const scenario of SCENARIOS) {
  const env = {
    SIMULATOR_LATENCY: scenario.profile,
    SIMULATOR_JITTER: String(scenario.jitter ?? 0),
    PREEMPTIVE_GENERATION: String(scenario.drafts),
    TURN_TAKING: scenario.adaptive ? 'adaptive' : 'fixed',
  };
  results.push({ scenario, measured: await measureTurns({ turns, env }) });
}

printTable(
  'What the client sees',
  ['vendors (STT + first token + first audio)', 'last voiced sample → first audio', "turn's end → first audio"],
  results.map(({ scenario, measured }) => {
    const { sttFinalMs, llmFirstTokenMs, ttsFirstChunkMs } = LATENCY_PROFILES[scenario.profile];
    return [
      `${scenario.name} (${sttFinalMs} + ${llmFirstTokenMs} + ${ttsFirstChunkMs})`,
      spread(measured.map(({ voicedToAudioMs }) => voicedToAudioMs)),
      spread(measured.map(({ turnEndToAudioMs }) => turnEndToAudioMs)),
    ];
  }),
);

printTable(
  "Where the time goes (medians of the server's marks, ms)",
  ['vendors', 'turn_end', 'stt_final', 'llm_request', 'first token after', 'first sentence after', 'first audio after', 'sent after'],
  results.map(({ scenario, measured }) => [
    scenario.name,
    medianOf(measured, ({ turn_end }) => mark(turn_end)),
    medianOf(measured, ({ stt_final }) => mark(stt_final)),
    medianOf(measured, ({ llm_request }) => mark(llm_request)),
    medianOf(measured, ({ llm_request, llm_first_token }) => mark(llm_first_token) - mark(llm_request)),
    medianOf(measured, ({ llm_first_token, tts_request }) => mark(tts_request) - mark(llm_first_token)),
    medianOf(measured, ({ tts_request, tts_first_audio }) => mark(tts_first_audio) - mark(tts_request)),
    medianOf(measured, ({ tts_first_audio, audio_sent }) => mark(audio_sent) - mark(tts_first_audio)),
  ]),
);

const [inSeries] = results;
const { sttFinalMs, llmFirstTokenMs, ttsFirstChunkMs } = LATENCY_PROFILES.middle;
const vendorsMs = inSeries.measured.map(
  ({ marks }) => sttFinalMs + llmFirstTokenMs + (mark(marks.tts_request) - mark(marks.llm_first_token)) + ttsFirstChunkMs,
);
const ownMs = inSeries.measured.map(({ turnEndToAudioMs }, i) => turnEndToAudioMs - vendorsMs[i]);
console.log(
  `\nWithout drafts the vendors' delays in series (the time their model takes to write the first sentence included) are ` +
    `${Math.round(quantile(vendorsMs, 0.5))} ms; everything else adds ${spread(ownMs)} ms (target: median ≤ 20).`,
);
