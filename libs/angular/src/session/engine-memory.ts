import { ENGINES, type EngineName } from '@parley/protocol';

const KEY = 'parley.engine';
const isEngine = (name: string | null): name is EngineName => ENGINES.some((engine) => engine === name);

/** The engine chosen earlier in this visit; undefined where none was, or where the browser keeps nothing. */
export function rememberedEngine(): EngineName | undefined {
  try {
    const name = sessionStorage.getItem(KEY);
    return isEngine(name) ? name : undefined;
  } catch {
    return undefined;
  }
}

/** Remembers the choice until the tab is closed, where the browser lets it. */
export function rememberEngine(engine: EngineName): void {
  try {
    sessionStorage.setItem(KEY, engine);
  } catch {
    // Then it is known until the page is reloaded.
  }
}
