import { ValidateBy, type ValidationOptions } from 'class-validator';

const SHORTEST = 50;
const LONGEST = 500;
const MOST_ENTRIES = 10;

/** Whether `value` is a list of 1 to 10 whole numbers of characters from 50 to 500, the limits of the vendor. */
export function isChunkSchedule(value: unknown): value is number[] {
  return (
    Array.isArray(value) &&
    value.length >= 1 &&
    value.length <= MOST_ENTRIES &&
    value.every((entry) => Number.isInteger(entry) && entry >= SHORTEST && entry <= LONGEST)
  );
}

/** Property decorator: the field is a chunk schedule. */
export function IsChunkSchedule(options?: ValidationOptions): PropertyDecorator {
  const defaultMessage = (): string =>
    `$property must be a list of 1 to ${MOST_ENTRIES} whole numbers from ${SHORTEST} to ${LONGEST}, such as [120, 160, 250, 290]`;
  return ValidateBy({ name: 'isChunkSchedule', validator: { validate: isChunkSchedule, defaultMessage } }, options);
}
