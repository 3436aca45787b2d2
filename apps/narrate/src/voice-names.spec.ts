import { CommandLineError } from './command-line';
import { VoiceNames } from './voice-names';

const VOICES = [
  { id: 'a1', name: 'Anna' },
  { id: 'b1', name: 'Ben' },
  { id: 'b2', name: 'Ben' },
];

describe('the voices of the command line', () => {
  it('are found by id and by name, in upper or lower case', () => {
    const voices = new VoiceNames(VOICES);
    expect(voices.idOf('b2')).toBe('b2');
    expect(voices.idOf('anna')).toBe('a1');
  });

  it('are refused with the list of what there is', () => {
    expect(() => new VoiceNames(VOICES).idOf('Carl')).toThrow(CommandLineError);
    expect(() => new VoiceNames(VOICES).idOf('Carl')).toThrow('a1 (Anna), b1 (Ben), b2 (Ben)');
    expect(() => new VoiceNames(VOICES).idOf('Ben')).toThrow('2 voices are called "Ben"; give the id: b1 (Ben), b2 (Ben)');
  });

  it('are taken as they are where the vendor does not list them', () => {
    expect(new VoiceNames(undefined).idOf('Carl')).toBe('Carl');
  });
});
