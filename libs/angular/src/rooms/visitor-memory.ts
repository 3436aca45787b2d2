const KEY = 'parley.rooms.name';

/** The visitor's name as they last joined; empty where that is not known. Browsers may forbid a page to remember anything. */
export function rememberedName(): string {
  try {
    return localStorage.getItem(KEY) ?? '';
  } catch {
    return '';
  }
}

/** Remembers it for the next visit, if the browser lets the page. */
export function rememberName(name: string): void {
  try {
    localStorage.setItem(KEY, name);
  } catch {
    // The next visit begins without it.
  }
}
