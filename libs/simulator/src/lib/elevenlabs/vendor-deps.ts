import type { Tallies } from '../counters';
import type { ElevenLabsFault, Endpoint } from '../faults/fault';
import type { DrawDelay } from '../latency';
import type { Random } from '../random';
import type { AlignmentStyle, SimulatorLimits } from '../simulator';
import type { Synthesiser } from '../speech/ports';
import type { GenerationCounter } from './generation-counter';
import type { PronunciationDictionaries } from './pronunciation/pronunciation-dictionaries';
import type { SingleUseTokens } from './single-use-tokens';

/** What the parts of the simulated ElevenLabs share. Owned by the simulator. */
export interface ElevenLabsDeps {
  synthesiser: Synthesiser;
  delay: DrawDelay;
  random: Random;
  tally: Tallies['elevenLabs'];
  limits: Pick<
    SimulatorLimits,
    'elevenLabsConcurrency' | 'elevenLabsRetryAfterS' | 'elevenLabsInactivityMs' | 'elevenLabsContextReleaseMs' | 'elevenLabsSpeed'
  >;
  alignment: AlignmentStyle;
  tokens: SingleUseTokens;
  dictionaries: PronunciationDictionaries;
  gauge: GenerationCounter;
  /** The fault for the work that begins now on a socket of this endpoint. */
  drawFault(endpoint: Endpoint<'elevenlabs'>): ElevenLabsFault | undefined;
}
