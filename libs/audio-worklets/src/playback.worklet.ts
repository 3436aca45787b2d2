/** Entry of the playback worklet's bundle: give its URL to `audioWorklet.addModule`. */
import { PLAYBACK_PROCESSOR } from './messages';
import { PlaybackProcessor } from './playback-processor';

registerProcessor(PLAYBACK_PROCESSOR, PlaybackProcessor);
