/** A JSON object as it came off the wire: every field is unknown until looked at. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** The object in `text`, or undefined when it is not JSON or not an object. */
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

/** Text of a field that may say `null` for none; undefined for what is no text. */
export function asText(value: unknown): string | undefined {
  return value === null ? '' : asString(value);
}

export function asNumber(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined;
}
