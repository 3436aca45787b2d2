import { type Provider, PROVIDERS } from '@parley/providers';
import { configurationPage } from './configuration-page';
import { doctorProviders } from './doctor-providers';
import { envExample } from './env-example';
import { variableReference } from './variable-reference';

/** The texts of the generated files that document the configuration, by their paths in the repository. */
export function referenceFiles(providers: readonly Provider[] = PROVIDERS): Readonly<Record<string, string>> {
  const sections = variableReference(providers);
  return {
    '.env.example': envExample(sections),
    'docs/configuration.md': configurationPage(sections, providers),
    'tools/doctor/providers.json': doctorProviders(providers),
  };
}
