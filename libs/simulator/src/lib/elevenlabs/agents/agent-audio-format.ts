import { PcmDecoder } from '../../hearing/pcm-decoder';
import { parseOutputFormat, type OutputFormat } from '../output-format';

/** Encoding and sample rate (Hz) of a conversation's audio, in either direction. */
export type AgentAudioFormat = 'pcm_8000' | 'pcm_16000' | 'pcm_22050' | 'pcm_24000' | 'pcm_44100' | 'pcm_48000' | 'ulaw_8000';

/** Decodes the client's bytes to the recogniser's PCM. */
export function decoderFor(format: AgentAudioFormat): PcmDecoder {
  const [codec, rate] = format.split('_');
  return new PcmDecoder(codec === 'ulaw' ? 'mulaw' : 'linear16', Number(rate));
}

/** Encodes the agent's speech for the client. Unlike text to speech, agents support every rate on every plan. */
export function encoderFor(format: AgentAudioFormat): Pick<OutputFormat, 'rateHz' | 'encode'> {
  const rateHz = Number(format.split('_')[1]);
  // All raw PCM formats use the same encoding.
  const known = parseOutputFormat(format === 'ulaw_8000' ? format : 'pcm_16000');
  if (typeof known === 'string') throw new RangeError(`there is no encoder for ${format}`);
  return { rateHz, encode: known.encode };
}
