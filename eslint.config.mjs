import nx from '@nx/eslint-plugin';
import prettier from 'eslint-config-prettier';

/** What each project may import of ours (docs/decisions/0001): the arrows of the picture in the README. */
const depConstraints = [
  { sourceTag: 'lib:protocol', onlyDependOnLibsWithTags: [], bannedExternalImports: ['@nestjs/*', '@angular/*', 'ws'] },
  { sourceTag: 'lib:conversation', onlyDependOnLibsWithTags: [], bannedExternalImports: ['@nestjs/*', '@angular/*', 'ws', 'rxjs'] },
  { sourceTag: 'lib:audio', onlyDependOnLibsWithTags: [], bannedExternalImports: ['@nestjs/*', '@angular/*', 'ws', 'rxjs'] },
  { sourceTag: 'lib:audio-worklets', onlyDependOnLibsWithTags: ['lib:audio'] },
  {
    sourceTag: 'lib:client',
    onlyDependOnLibsWithTags: ['lib:protocol', 'lib:audio', 'lib:audio-worklets'],
    bannedExternalImports: ['@nestjs/*', '@angular/*', 'ws', 'rxjs', '@livekit/*', 'livekit-server-sdk'],
  },
  {
    sourceTag: 'lib:angular',
    onlyDependOnLibsWithTags: ['lib:client', 'lib:protocol', 'lib:audio'],
    bannedExternalImports: ['@nestjs/*', 'ws'],
  },
  { sourceTag: 'lib:providers', onlyDependOnLibsWithTags: ['lib:audio'], bannedExternalImports: ['@nestjs/*', '@angular/*'] },
  {
    // Specs and `testing/` use the doubles; another rule keeps them out of the rest.
    sourceTag: 'lib:engine',
    onlyDependOnLibsWithTags: ['lib:conversation', 'lib:narration', 'lib:audio', 'lib:audio-cache', 'lib:providers', 'lib:testing'],
    bannedExternalImports: ['@nestjs/*', '@angular/*', 'ws', 'rxjs'],
  },
  {
    // The page checks scripts as they are written, so this runs in browsers too.
    sourceTag: 'lib:narration',
    onlyDependOnLibsWithTags: [],
    bannedExternalImports: ['@nestjs/*', '@angular/*', 'ws', 'rxjs'],
  },
  {
    sourceTag: 'lib:audio-cache',
    onlyDependOnLibsWithTags: [],
    bannedExternalImports: ['@nestjs/*', '@angular/*', 'ws', 'rxjs'],
  },
  {
    sourceTag: 'lib:episodes',
    onlyDependOnLibsWithTags: ['lib:narration', 'lib:audio', 'lib:audio-cache', 'lib:providers', 'lib:testing'],
    bannedExternalImports: ['@nestjs/*', '@angular/*', 'ws', 'rxjs'],
  },
  {
    sourceTag: 'lib:simulator',
    onlyDependOnLibsWithTags: ['lib:audio'],
    bannedExternalImports: ['@nestjs/*', '@angular/*', 'openai', '@elevenlabs/*'],
  },
  {
    sourceTag: 'lib:testing',
    onlyDependOnLibsWithTags: ['lib:protocol', 'lib:conversation', 'lib:audio', 'lib:providers', 'lib:simulator'],
  },
  {
    // The Nest modules that the server programs share. What faces the network stays in the programs.
    sourceTag: 'lib:server',
    onlyDependOnLibsWithTags: [
      'lib:protocol',
      'lib:conversation',
      'lib:audio',
      'lib:providers',
      'lib:engine',
      'lib:narration',
      'lib:audio-cache',
      'lib:simulator',
      'lib:testing',
    ],
    bannedExternalImports: ['@angular/*', '@nestjs/websockets', '@nestjs/platform-*', '@livekit/*', 'livekit-*'],
  },
  {
    // Plain classes over the media server's packages; Nest wires them in the programs.
    sourceTag: 'lib:rooms',
    onlyDependOnLibsWithTags: ['lib:protocol', 'lib:conversation', 'lib:audio', 'lib:engine', 'lib:testing'],
    bannedExternalImports: ['@nestjs/*', '@angular/*'],
  },
  {
    sourceTag: 'app:api',
    onlyDependOnLibsWithTags: [
      'lib:protocol',
      'lib:conversation',
      'lib:audio',
      'lib:providers',
      'lib:engine',
      'lib:narration',
      'lib:episodes',
      'lib:audio-cache',
      'lib:server',
      'lib:rooms',
      'lib:simulator',
      'lib:testing',
    ],
    // The API controls rooms. It never takes part in them, so the native participant stays out of its process.
    bannedExternalImports: ['@angular/*', '@livekit/rtc-node'],
  },
  {
    sourceTag: 'app:room-worker',
    onlyDependOnLibsWithTags: ['lib:protocol', 'lib:conversation', 'lib:audio', 'lib:engine', 'lib:server', 'lib:rooms', 'lib:testing'],
    bannedExternalImports: ['@angular/*', '@nestjs/websockets', '@nestjs/platform-*'],
  },
  {
    sourceTag: 'app:web',
    onlyDependOnLibsWithTags: ['lib:angular', 'lib:client', 'lib:protocol', 'lib:narration', 'lib:audio-worklets'],
    bannedExternalImports: ['@nestjs/*', 'ws'],
  },
  { sourceTag: 'app:simulator', onlyDependOnLibsWithTags: ['lib:simulator'] },
  {
    sourceTag: 'app:narrate',
    onlyDependOnLibsWithTags: ['lib:narration', 'lib:episodes', 'lib:audio-cache', 'lib:providers', 'lib:simulator', 'lib:testing'],
    bannedExternalImports: ['@nestjs/*', '@angular/*'],
  },
  {
    sourceTag: 'app:e2e',
    onlyDependOnLibsWithTags: ['lib:protocol', 'lib:audio', 'lib:testing', 'lib:simulator', 'lib:episodes', 'lib:rooms'],
  },
  {
    sourceTag: 'docs',
    onlyDependOnLibsWithTags: [
      'lib:protocol',
      'lib:conversation',
      'lib:audio',
      'lib:narration',
      'lib:providers',
      'lib:engine',
      'lib:testing',
    ],
    bannedExternalImports: ['@nestjs/*', '@angular/*'],
  },
  {
    sourceTag: 'tools',
    onlyDependOnLibsWithTags: [
      'lib:protocol',
      'lib:conversation',
      'lib:audio',
      'lib:narration',
      'lib:episodes',
      'lib:audio-cache',
      'lib:providers',
      'lib:server',
      'lib:rooms',
      'lib:simulator',
      'lib:testing',
    ],
  },
];

/** What is not shipped, in any project that is. Patterns count from the project's own folder, where its configuration lies. */
export const NOT_THE_PRODUCT = ['**/*.spec.ts', '**/*.e2e.ts', '**/testing/**'];

/** Modules that are for what is not shipped only: `@parley/testing` with its subpaths, and every project's own `testing/`. */
export const TEST_DOUBLES = {
  regex: '^@parley/testing(/|$)|^(@parley/|\\.{1,2}/)(.*/)?testing(/|$)',
  message: 'Test doubles are for specs only.',
};

/** For projects that are never shipped. */
export const allowTestDoubles = { files: ['**/*.ts'], rules: { 'no-restricted-imports': 'off' } };

export default [
  { ignores: ['**/dist', '**/tmp', '**/coverage', '**/.angular', '**/.nx', '**/node_modules'] },
  ...nx.configs['flat/base'],
  ...nx.configs['flat/typescript'],
  ...nx.configs['flat/javascript'],
  {
    files: ['**/*.ts', '**/*.js', '**/*.mjs', '**/*.cjs'],
    rules: {
      '@nx/enforce-module-boundaries': ['error', { allow: ['^.*/eslint\\.config\\.mjs$', '^.*/jest\\.preset\\.cjs$'], depConstraints }],
    },
  },
  {
    files: ['**/*.ts'],
    rules: {
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-non-null-assertion': 'error',
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      'no-console': 'error',
    },
  },
  {
    // Test doubles stay out of the product.
    files: ['src/**/*.ts'],
    ignores: NOT_THE_PRODUCT,
    rules: { 'no-restricted-imports': ['error', { patterns: [TEST_DOUBLES] }] },
  },
  { files: ['**/*.cjs'], rules: { '@typescript-eslint/no-require-imports': 'off' } },
  prettier,
];
