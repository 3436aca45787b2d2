import { ValidateBy, type ValidationOptions } from 'class-validator';

// RFC 5646 asks for buffers of at least 35 characters; longer tags exist only to be hostile.
const MAX_TAG_LENGTH = 35;

/** Whether `value` is a well-formed BCP-47 language tag such as `en`, `en-IN` or `zh-Hans-CN` (in any case, with hyphens). */
export function isLanguageTag(value: unknown): value is string {
  if (typeof value !== 'string' || value.length > MAX_TAG_LENGTH) return false;
  try {
    return Intl.getCanonicalLocales(value).length === 1;
  } catch {
    return false;
  }
}

/** Property decorator: the field is a BCP-47 language tag. Well-formed only; which languages are spoken is the engine's business. */
export function IsLanguageTag(options?: ValidationOptions): PropertyDecorator {
  return ValidateBy(
    { name: 'isLanguageTag', validator: { validate: isLanguageTag, defaultMessage: () => '$property must be a BCP-47 language tag' } },
    options,
  );
}
