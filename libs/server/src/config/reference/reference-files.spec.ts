import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { defineProvider, PROVIDERS, type Provider } from '@parley/providers';
import { getMetadataStorage } from 'class-validator';
import { documentedVariables } from '../doc';
import { Environment } from '../environment';
import { parseEnvironment } from '../parse-environment';
import { settingsFrom } from '../settings';
import { referenceFiles } from './reference-files';

const ROOT = join(__dirname, '../../../../..');
const files = referenceFiles();

const ACME: Provider = defineProvider({
  name: 'acme',
  stage: 'stt',
  label: 'Acme',
  website: 'https://acme.example',
  variables: { apiKey: { name: 'ACME_KEY', kind: 'key', doc: 'Key of Acme.' } },
  takesModel: false,
  takesAddress: false,
  standsAlone: true,
  without: 'nobody listens to Acme',
  isConfigured: ({ apiKey }) => apiKey !== undefined,
  make: () => {
    throw new Error('nobody makes it');
  },
});

describe('the generated files that document the configuration', () => {
  it.each(Object.keys(files))('include %s exactly as `npm run generate:configuration` writes it', (path) => {
    expect(readFileSync(join(ROOT, path), 'utf8')).toBe(files[path]);
  });

  it('document every variable that the server checks at its start', () => {
    const checked = getMetadataStorage().getTargetValidationMetadatas(Environment, '', false, false);
    expect(new Set(documentedVariables().keys())).toEqual(new Set(checked.map(({ propertyName }) => propertyName)));
    for (const name of documentedVariables().keys()) {
      expect(files['.env.example']).toMatch(new RegExp(`^${name}=`, 'm'));
      expect(files['docs/configuration.md']).toMatch(new RegExp(`^\\| \`${name}\` `, 'm'));
    }
  });

  it('describe each variable in whole sentences, in the section that it belongs to', () => {
    for (const { text } of documentedVariables().values()) expect(text).toMatch(/^\S.*\.$/);
  });

  it('form a configuration that changes nothing when it is used as it is', () => {
    const example = parseEnv(files['.env.example'] ?? '');
    expect(settingsFrom(parseEnvironment(example))).toEqual(settingsFrom(parseEnvironment({})));
  });

  it('state the same bounds that the server checks', () => {
    expect(files['docs/configuration.md']).toMatch(/^\| `PORT` +\| `3000` +\| 0 to 65535 +\|/m);
    expect(files['docs/configuration.md']).toMatch(/^\| `END_OF_TURN_SILENCE_MS` +\| `900` +\| 100 to 10000 ms +\|/m);
    expect(files['docs/configuration.md']).toMatch(/^\| `TURN_TAKING` +\| `fixed` +\| fixed, adaptive +\|/m);
  });

  it('document a provider that is added to the registry', () => {
    const {
      '.env.example': example,
      'docs/configuration.md': page,
      'tools/doctor/providers.json': doctor,
    } = referenceFiles([...PROVIDERS, ACME]);
    expect(example).toMatch(/^# ---- Speech recognition - Sarvam.* - Acme, https:\/\/acme\.example$/m);
    expect(example).toMatch(/^# Key of Acme\.\nACME_KEY=$/m);
    expect(page).toMatch(/^\| `ACME_KEY` +\| +\| a key +\| Key of Acme\. +\|$/m);
    expect(page).toMatch(/^\| `STT_FALLBACK` +\| `acme` +\| Acme +\|$/m);
    expect(JSON.parse(doctor ?? '')).toContainEqual({ stage: 'stt', name: 'acme', needs: ['ACME_KEY'], without: 'nobody listens to Acme' });
  });
});
