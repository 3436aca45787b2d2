/** A JSON object as it was received. The type of every field is unknown until it is checked. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** Returns the object in `text`, or undefined if it is not JSON or not an object. */
export function parseJsonObject(text: string): JsonObject | undefined {
  try {
    return asObject(JSON.parse(text));
  } catch {
    return undefined;
  }
}

export function asObject(value: unknown): JsonObject | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : undefined;
}

export function asString(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** Returns the text of a field in which `null` stands for empty text, or undefined for any other value that is not text. */
export function asText(value: unknown): string | undefined {
  return value === null ? '' : asString(value);
}

export function asNumber(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined;
}
