import { isObject } from '../../server/json';

const PLACEHOLDER = /\{\{\s*(\w+)\s*\}\}/g;

/** The values for `{{name}}` in an agent's texts. */
export class DynamicVariables {
  private constructor(private readonly values: ReadonlyMap<string, string>) {}

  /** The client's values and the vendor's own; undefined if one of the client's values is not a string, number or boolean. */
  static from(given: unknown, builtIn: Readonly<Record<string, string>>): DynamicVariables | undefined {
    const own = given ?? {};
    if (!isObject(own)) return undefined;
    const values = new Map(Object.entries(builtIn));
    for (const [name, value] of Object.entries(own)) {
      if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean') return undefined;
      values.set(name, String(value));
    }
    return new DynamicVariables(values);
  }

  /** The names in a text that have no value. */
  missingIn(template: string): string[] {
    return namesIn(template).filter((name) => !this.values.has(name));
  }

  fill(template: string): string {
    return template.replace(PLACEHOLDER, (placeholder, name: string) => this.values.get(name) ?? placeholder);
  }
}

function namesIn(template: string): string[] {
  return [...new Set(Array.from(template.matchAll(PLACEHOLDER), (match) => match[1] ?? ''))];
}
