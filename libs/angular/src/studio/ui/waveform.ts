import type { Peaks } from '@parley/client/narration';

/** What a picture of a sound shows. */
export interface WaveformPicture {
  readonly peaks: Peaks | undefined;
  /** How much of the width the sound that has arrived takes, 0 to 1. */
  readonly arrived: number;
  /** How much of the width was heard, 0 to 1. */
  readonly heard: number;
  readonly heardColour: string;
  readonly restColour: string;
}

const BAR_PX = 3;
const FULL_SCALE = 32_768;

/** Draws the shape of a sound as bars. Costs as much as the canvas is wide, however long the sound is. */
export function drawWaveform(canvas: HTMLCanvasElement, { peaks, arrived, heard, heardColour, restColour }: WaveformPicture): void {
  const context = canvas.getContext('2d');
  if (!context) return;
  const { width, height } = fitted(canvas);
  context.clearRect(0, 0, width, height);
  const step = BAR_PX * (globalThis.devicePixelRatio || 1);
  const samples = peaks?.samples ?? 0;
  for (let x = 0; x < width; x += step) {
    const [from, to] = [x / width, (x + step) / width];
    context.fillStyle = from < heard ? heardColour : restColour;
    const bar =
      arrived > 0 && from < arrived ? peaks?.between((from / arrived) * samples, (Math.min(to, arrived) / arrived) * samples) : undefined;
    const size = bar ? Math.max(step / 2, ((bar.high - bar.low) / (2 * FULL_SCALE)) * height) : step / 3;
    context.fillRect(x, (height - Math.min(height, size)) / 2, step * 0.66, Math.min(height, size));
  }
}

/** Gives the canvas as many points as the screen has where it is shown. */
function fitted(canvas: HTMLCanvasElement): { width: number; height: number } {
  const ratio = globalThis.devicePixelRatio || 1;
  const width = Math.max(1, Math.round(canvas.clientWidth * ratio));
  const height = Math.max(1, Math.round(canvas.clientHeight * ratio));
  if (canvas.width !== width) canvas.width = width;
  if (canvas.height !== height) canvas.height = height;
  return { width, height };
}
