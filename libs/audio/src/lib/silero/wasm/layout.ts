/**
 * Where everything lies in the one memory of the module, in bytes. All numbers are f32. The host writes the tables and the weights once,
 * and around each window the state of one stream; the exported positions tell it where.
 */

const F32: usize = 4;

/** Context (64), window (512) and its end mirrored (64). */
export const SAMPLES: usize = 1024;
/** Half a turn of the circle in 128 steps, both ends included: cosines and sines of 2 pi k / 256. */
export const COSINES: usize = SAMPLES + 640 * F32;
export const SINES: usize = COSINES + 132 * F32;
export const HANN: usize = SINES + 132 * F32;

/** Four transforms side by side, one per lane: 128 complex values of four lanes, in two buffers that take turns. */
export const SPECTRUM_A: usize = HANN + 256 * F32;
export const SPECTRUM_B: usize = SPECTRUM_A + 2 * 128 * 4 * F32;

/** Activations, step after step. */
export const MAGNITUDES: usize = SPECTRUM_B + 2 * 128 * 4 * F32;
export const ENCODED_0: usize = MAGNITUDES + 4 * 129 * F32;
export const ENCODED_1: usize = ENCODED_0 + 4 * 128 * F32;
export const ENCODED_2: usize = ENCODED_1 + 2 * 64 * F32;
/** What the LSTM cell multiplies: its input, then (right behind) its hidden state; the cell state follows. */
export const ENCODED_3: usize = ENCODED_2 + 64 * F32;
export const HIDDEN: usize = ENCODED_3 + 128 * F32;
export const CELL: usize = HIDDEN + 128 * F32;
export const GATES: usize = CELL + 128 * F32;

/** Each layer: its bias, then its weights in blocks of 32 rows, column after column. Begins with a cache line, as all that follow. */
export const LAYER_0: usize = (GATES + 512 * F32 + 63) & ~63;
export const LAYER_1: usize = LAYER_0 + 128 * (1 + 3 * 129) * F32;
export const LAYER_2: usize = LAYER_1 + 64 * (1 + 3 * 128) * F32;
export const LAYER_3: usize = LAYER_2 + 64 * (1 + 3 * 64) * F32;
export const LSTM: usize = LAYER_3 + 128 * (1 + 3 * 64) * F32;
export const OUTPUT: usize = LSTM + 512 * (1 + 256) * F32;
