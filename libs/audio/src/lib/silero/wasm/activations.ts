/** `e ** x` in each lane, to about one unit in the last place: a power of two times a polynomial for what is left (|r| <= ln 2 / 2). */
function exp4(x: v128): v128 {
  const limited = f32x4.min(f32x4.max(x, f32x4.splat(-87)), f32x4.splat(87));
  const power = f32x4.nearest(f32x4.mul(limited, f32x4.splat(1.44269504)));
  // ln 2 in two parts, the first exact in few bits.
  let rest = f32x4.sub(limited, f32x4.mul(power, f32x4.splat(0.693359375)));
  rest = f32x4.add(rest, f32x4.mul(power, f32x4.splat(2.1219444e-4)));
  let sum = f32x4.splat(1.98756915e-4);
  sum = f32x4.add(f32x4.mul(sum, rest), f32x4.splat(1.3981999507e-3));
  sum = f32x4.add(f32x4.mul(sum, rest), f32x4.splat(8.3334519073e-3));
  sum = f32x4.add(f32x4.mul(sum, rest), f32x4.splat(4.1665795894e-2));
  sum = f32x4.add(f32x4.mul(sum, rest), f32x4.splat(1.6666665459e-1));
  sum = f32x4.add(f32x4.mul(sum, rest), f32x4.splat(5.0000001201e-1));
  sum = f32x4.add(f32x4.mul(sum, f32x4.mul(rest, rest)), f32x4.add(rest, f32x4.splat(1)));
  const exponent = i32x4.shl(i32x4.add(i32x4.trunc_sat_f32x4_s(power), i32x4.splat(127)), 23);
  return f32x4.mul(sum, exponent);
}

/** The logistic function in each lane. */
export function sigmoid4(x: v128): v128 {
  const one = f32x4.splat(1);
  return f32x4.div(one, f32x4.add(one, exp4(f32x4.neg(x))));
}

export function tanh4(x: v128): v128 {
  const two = f32x4.splat(2);
  return f32x4.sub(f32x4.mul(two, sigmoid4(f32x4.mul(two, x))), f32x4.splat(1));
}
