/** Entry of the capture worklet's bundle: give its URL to `audioWorklet.addModule`. */
import { CaptureProcessor } from './capture-processor';
import { CAPTURE_PROCESSOR } from './messages';

registerProcessor(CAPTURE_PROCESSOR, CaptureProcessor);
