/** A JSON object as a client sent it: nothing about its fields is known yet. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** The object in `text`, or undefined when it is not JSON or not an object. */
export function parseObject(text: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
