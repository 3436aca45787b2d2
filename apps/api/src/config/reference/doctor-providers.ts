import { neededVariables, type Provider } from '@parley/providers';

/**
 * The text of tools/doctor/providers.json: what `npm run doctor` tells of each provider. It runs before the dependencies are installed and
 * cannot read the registry itself.
 */
export function doctorProviders(providers: readonly Provider[]): string {
  const told = new Set<string>();
  const rows = providers.flatMap((provider) => {
    const { stage, name, variables, without } = provider;
    const needs = neededVariables(provider).map((variable) => variable.name);
    const key = [stage, ...needs].join(' ');
    if (told.has(key)) return [];
    told.add(key);
    return [{ stage, name, needs, ...(variables.baseUrl && { address: variables.baseUrl.name }), without }];
  });
  // Short lists on one line, as the formatter has them.
  const text = JSON.stringify(rows, null, 2).replace(/\[\s+("[^\]]*")\s+\]/g, (_, items: string) => `[${items.replace(/,\s+/g, ', ')}]`);
  return `${text}\n`;
}
