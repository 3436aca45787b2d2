/** This many pieces are passed on unchanged, so that speech begins at once. */
const AS_THEY_COME = 100;
const BYTES_PER_SAMPLE = 2;
/** Later pieces have at least this length, in seconds. */
const PIECE_S = 0.02;

/**
 * Combines 16-bit audio into larger pieces. A server may send it byte by byte, and every piece costs the same effort on its way to the
 * listener.
 */
export async function* joinedPieces(pieces: AsyncIterable<Uint8Array>, rateHz: number): AsyncGenerator<Uint8Array, void> {
  const enough = rateHz * PIECE_S * BYTES_PER_SAMPLE;
  let count = 0;
  let held: Uint8Array[] = [];
  let heldBytes = 0;
  for await (const piece of pieces) {
    count += 1;
    held.push(piece);
    heldBytes += piece.length;
    if (count > AS_THEY_COME && heldBytes < enough) continue;
    yield held.length === 1 ? piece : Buffer.concat(held);
    held = [];
    heldBytes = 0;
  }
  if (heldBytes > 0) yield Buffer.concat(held);
}
