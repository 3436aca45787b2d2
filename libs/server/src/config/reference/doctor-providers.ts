import { neededVariables, type Provider } from '@parley/providers';

/**
 * The text of tools/doctor/providers.json, which `npm run doctor` reads. The doctor runs before the dependencies are installed, so it cannot
 * read the registry itself.
 */
export function doctorProviders(providers: readonly Provider[]): string {
  const seen = new Set<string>();
  const rows = providers.flatMap((provider) => {
    const { stage, name, variables, without } = provider;
    const needs = neededVariables(provider).map((variable) => variable.name);
    const key = [stage, ...needs].join(' ');
    if (seen.has(key)) return [];
    seen.add(key);
    return [{ stage, name, needs, ...(variables.baseUrl && { address: variables.baseUrl.name }), without }];
  });
  // The formatter of this repository writes short lists on one line.
  const text = JSON.stringify(rows, null, 2).replace(/\[\s+("[^\]]*")\s+\]/g, (_, items: string) => `[${items.replace(/,\s+/g, ', ')}]`);
  return `${text}\n`;
}
