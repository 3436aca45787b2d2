import { Transform } from 'class-transformer';

/** Reads `true`, `1`, `false` and `0`. Other values stay as they are, so that the check reports them. */
export const ToBoolean = (): PropertyDecorator =>
  Transform(({ value }) => ({ true: true, '1': true, false: false, '0': false })[String(value).toLowerCase()] ?? value);

/** Reads a number; `NaN` if it is none, which the check reports. */
export const ToNumber = (): PropertyDecorator => Transform(({ value }) => (typeof value === 'string' ? Number(value) : value));
