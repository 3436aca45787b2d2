import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../setup/paths.mjs';
import { billOfMaterials } from './bill-of-materials.mjs';
import { ALLOWED_LICENCES, licenceList } from './licence-list.mjs';
import { shippedPackages } from './shipped-packages.mjs';

const manifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
const shipped = shippedPackages();
const names = shipped.map(({ name }) => name);

describe('what is shipped', () => {
  it('has the dependencies of the servers, the packages in the page, and no tool of the build', () => {
    expect(names).toEqual(expect.arrayContaining(Object.keys(manifest.dependencies)));
    expect(names).toEqual(expect.arrayContaining(['@angular/core', '@angular/router', '@codemirror/state', 'livekit-client']));
    for (const tool of ['nx', 'jest', 'typescript', '@angular/cli', 'eslint', '@playwright/test']) expect(names).not.toContain(tool);
  });

  it('may be passed on: each package has a licence of the list that is allowed', () => {
    expect(shipped.filter(({ licence }) => !ALLOWED_LICENCES.has(licence))).toEqual([]);
  });

  it('is in the bill of materials, each package with its version and once', () => {
    const { metadata, components } = billOfMaterials();
    const listed = components.map(
      ({ name, version, purl }) =>
        `${purl.split('/').length > 2 ? decodeURIComponent(purl.split('/')[1]) + '/' : ''}${name.split('/').at(-1)}@${version}`,
    );
    expect(metadata.component.name).toBe('parley');
    expect(shipped.map(({ name, version }) => `${name}@${version}`).filter((entry) => !listed.includes(entry))).toEqual([]);
    expect(new Set(listed).size).toBe(listed.length);
  }, 60_000);

  it('comes with the text of each licence that asks for it', () => {
    const list = licenceList();
    for (const { name, version, licence } of shipped) expect(list).toContain(`${name} ${version}: ${licence}`);
    expect(list).toMatch(/Permission is hereby granted, free of charge/);
    expect(list).toMatch(/Apache License/);
  });
});
