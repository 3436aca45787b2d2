/** A voice of the embedded synthesiser, as a vendor's voice list shows it. */
export interface EmbeddedVoice {
  /** What `speak` takes. */
  id: string;
  name: string;
  description: string;
  /** flite's own name. */
  engineVoice: string;
}

const VOICES: readonly EmbeddedVoice[] = [
  { id: 'parley-clara', name: 'Clara', description: 'A clear American woman', engineVoice: 'slt' },
  { id: 'parley-ray', name: 'Ray', description: 'An American man', engineVoice: 'rms' },
  { id: 'parley-angus', name: 'Angus', description: 'A Scottish man', engineVoice: 'awb' },
  { id: 'parley-dot', name: 'Dot', description: 'A robot', engineVoice: 'kal16' },
];

/** The voices one can ask for, the default first. */
export function listVoices(): readonly EmbeddedVoice[] {
  return VOICES;
}

/** flite's voice for a voice id or one of flite's own names; the default for any other, as a vendor's id may come in. */
export function engineVoice(voice: string): string {
  return (VOICES.find(({ id, engineVoice: name }) => id === voice || name === voice) ?? VOICES[0]).engineVoice;
}
