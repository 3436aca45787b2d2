/** The format in which one direction of an agent's socket carries speech. */
export interface AgentAudioFormat {
  encoding: 'pcm' | 'ulaw';
  sampleRateHz: number;
}

const FORMAT = /^(pcm|ulaw)_(8000|16000|22050|24000|44100|48000)$/;

/** Parses a format name such as `pcm_16000` or `ulaw_8000`. Returns undefined for an unknown format. */
export function parseAgentAudioFormat(name: string): AgentAudioFormat | undefined {
  const [, encoding, rate] = FORMAT.exec(name) ?? [];
  if (encoding === undefined || rate === undefined) return undefined;
  return { encoding: encoding === 'ulaw' ? 'ulaw' : 'pcm', sampleRateHz: Number(rate) };
}
