/** Rules that the messages of several endpoints share. The texts reach the client: they name the field and the rule, never what was sent. */

/** What a voice id may be: it becomes part of a vendor's URL. */
export const VOICE_ID = /^[A-Za-z0-9_-]{1,64}$/;
export const VOICE_ID_RULE = { message: '$property must be a voice id: 1 to 64 letters, digits, hyphens or underscores' };

/** Greatest unsigned 32-bit integer. */
export const MAX_U32 = 0xffff_ffff;

export const LANGUAGE_RULE = { message: '$property must be a BCP-47 language tag, such as en-IN' };

export const oneOf = (values: readonly string[]) => ({ message: `$property must be one of: ${values.join(', ')}` });
