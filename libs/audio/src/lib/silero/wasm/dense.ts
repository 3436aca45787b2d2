/** Rows whose sums are kept in registers together: eight vectors of four. */
const BLOCK_ROWS: usize = 32;

/**
 * `out = weights * x + bias` for a slice of the columns: `x` are `columns` numbers, `weights` points at the first column used of the first
 * block, and blocks are `blockColumns` columns long. `floor` is the least an output can be (0 makes it a ReLU).
 */
export function dense(
  x: usize,
  columns: usize,
  weights: usize,
  blockColumns: usize,
  bias: usize,
  out: usize,
  rows: usize,
  floor: f32,
): void {
  const least = f32x4.splat(floor);
  for (let row: usize = 0; row < rows; row += BLOCK_ROWS) {
    let a = v128.load(bias, 0);
    let b = v128.load(bias, 16);
    let c = v128.load(bias, 32);
    let d = v128.load(bias, 48);
    let e = v128.load(bias, 64);
    let f = v128.load(bias, 80);
    let g = v128.load(bias, 96);
    let h = v128.load(bias, 112);
    let weight = weights;
    const end = x + (columns << 2);
    for (let at = x; at < end; at += 4) {
      const value = v128.load32_splat(at);
      a = f32x4.add(a, f32x4.mul(value, v128.load(weight, 0)));
      b = f32x4.add(b, f32x4.mul(value, v128.load(weight, 16)));
      c = f32x4.add(c, f32x4.mul(value, v128.load(weight, 32)));
      d = f32x4.add(d, f32x4.mul(value, v128.load(weight, 48)));
      e = f32x4.add(e, f32x4.mul(value, v128.load(weight, 64)));
      f = f32x4.add(f, f32x4.mul(value, v128.load(weight, 80)));
      g = f32x4.add(g, f32x4.mul(value, v128.load(weight, 96)));
      h = f32x4.add(h, f32x4.mul(value, v128.load(weight, 112)));
      weight += BLOCK_ROWS << 2;
    }
    v128.store(out, f32x4.max(a, least), 0);
    v128.store(out, f32x4.max(b, least), 16);
    v128.store(out, f32x4.max(c, least), 32);
    v128.store(out, f32x4.max(d, least), 48);
    v128.store(out, f32x4.max(e, least), 64);
    v128.store(out, f32x4.max(f, least), 80);
    v128.store(out, f32x4.max(g, least), 96);
    v128.store(out, f32x4.max(h, least), 112);
    bias += BLOCK_ROWS << 2;
    out += BLOCK_ROWS << 2;
    weights += blockColumns * (BLOCK_ROWS << 2);
  }
}
