import { validateSync, type ValidationError } from 'class-validator';
import { isRecord, ownValue, shapeOf } from './message-shapes';

/** A body that passed every rule, or plain words about what is wrong. */
export type ParsedBody<Body> = { ok: true; body: Body } | { ok: false; message: string };

export const NO_OBJECT: { ok: false; message: string } = {
  ok: false,
  message: 'The body must be a JSON object, with the type application/json.',
};

/** The decorated fields of the input; `null` counts as absent, and nothing else is copied. */
export function taken<Dto extends object>(dtoClass: new () => Dto, input: Record<string, unknown>): Dto {
  const shape = shapeOf<Dto>(dtoClass);
  const dto = shape.create();
  for (const field of shape.fields) {
    const value = ownValue(input, field);
    if (value !== undefined && value !== null) Object.assign(dto, { [field]: value });
  }
  return dto;
}

/** The same for a part of the body. */
export function takenIfRecord<Dto extends object>(dtoClass: new () => Dto, input: unknown): Dto {
  // What is no object fails the check as it is.
  return isRecord(input) ? taken(dtoClass, input) : (input as Dto);
}

/** The body, or every mistake in it. */
export function check<Body>(dto: Body & object): ParsedBody<Body> {
  const errors = validateSync(dto, { stopAtFirstError: true, validationError: { target: false, value: false } });
  return errors.length === 0 ? { ok: true, body: dto } : { ok: false, message: errors.flatMap((error) => wordsOf(error)).join('; ') };
}

/** The most mistakes that are told at once. */
const MOST_TOLD = 10;

function wordsOf({ property, constraints, children = [] }: ValidationError): string[] {
  const own = Object.values(constraints ?? {});
  const below = children.flatMap((child) => wordsOf(child)).map((words) => `${property}: ${words}`);
  return [...own, ...below].slice(0, MOST_TOLD);
}
