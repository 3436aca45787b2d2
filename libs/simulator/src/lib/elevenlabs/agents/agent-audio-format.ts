import { PcmDecoder } from '../../hearing/pcm-decoder';
import { parseOutputFormat, type OutputFormat } from '../output-format';

/** How audio travels, in either direction. */
export type AgentAudioFormat = 'pcm_8000' | 'pcm_16000' | 'pcm_22050' | 'pcm_24000' | 'pcm_44100' | 'pcm_48000' | 'ulaw_8000';

/** Turns the client's bytes into what the recogniser hears. */
export function decoderFor(format: AgentAudioFormat): PcmDecoder {
  const [codec, rate] = format.split('_');
  return new PcmDecoder(codec === 'ulaw' ? 'mulaw' : 'linear16', Number(rate));
}

/** Turns the agent's speech into the client's bytes. Unlike text to speech, agents have every rate on every plan. */
export function encoderFor(format: AgentAudioFormat): Pick<OutputFormat, 'rateHz' | 'encode'> {
  const rateHz = Number(format.split('_')[1]);
  // All raw PCM is written alike.
  const known = parseOutputFormat(format === 'ulaw_8000' ? format : 'pcm_16000');
  if (typeof known === 'string') throw new RangeError(`there is no encoder for ${format}`);
  return { rateHz, encode: known.encode };
}
