/** `weights * x + bias`: one row of `columns` weights per output, row after row. */
export interface AffineLayer {
  readonly rows: number;
  readonly columns: number;
  readonly weights: ArrayLike<number>;
  readonly bias: ArrayLike<number>;
}

/**
 * Adds `weights * x + bias` to `out`, beginning at `outOffset`. Nearly all of the detector's time is spent here: four rows at a time, so
 * that each input is read once for four outputs and the four sums do not wait for each other.
 */
export function addAffine({ rows, columns, weights, bias }: AffineLayer, x: Float32Array, out: Float32Array, outOffset: number): void {
  let row = 0;
  for (; row + 4 <= rows; row += 4) {
    const first = row * columns;
    const second = first + columns;
    const third = second + columns;
    const fourth = third + columns;
    let a = bias[row];
    let b = bias[row + 1];
    let c = bias[row + 2];
    let d = bias[row + 3];
    for (let column = 0; column < columns; column++) {
      const value = x[column];
      a += value * weights[first + column];
      b += value * weights[second + column];
      c += value * weights[third + column];
      d += value * weights[fourth + column];
    }
    out[outOffset + row] += a;
    out[outOffset + row + 1] += b;
    out[outOffset + row + 2] += c;
    out[outOffset + row + 3] += d;
  }
  for (; row < rows; row++) {
    let sum = bias[row];
    for (let column = 0; column < columns; column++) sum += x[column] * weights[row * columns + column];
    out[outOffset + row] += sum;
  }
}
